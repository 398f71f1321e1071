# Help: one line a command, help-<feature>-<key>.

help-head = 🏮 **I'm Lamplighter, and this is what I understand** (put a ! before it in a group, nothing in private)
help-foot = The numbers stand on the cards. For anything else, ask your captain.
help-wish-post = • `wish fix the stairwell lamp` ask neighbours for a hand
help-wish-list = • `wishes` what nobody has taken yet
help-wish-mine = • `my wishes` your own (privately)
help-wish-claim = • `claim 12` I'll help; tapping ✋ on the card does the same
help-wish-release = • `release 12` I can't after all, no harm done
help-wish-finish = • `done 12` I've done it
help-wish-confirm = • `confirm 12` it came true, thank you
help-wish-withdraw = • `withdraw 12` I don't need it any more
help-wish-accept = • `accept 12` when you're asked privately: I'll come
help-wish-decline = • `decline 12` when you're asked privately: I can't; nobody else sees it
help-points-balance = • `points` your points (privately)
help-points-history = • `points history` where they came from (privately)
help-trail-trail = • `trail 12` how number 12 went
help-room-bind = • `this is Building 3` register this group (or `this is interest group tai chi`); captains and stewards
help-room-yes = • `approve` a steward agrees to a registration, privately
help-room-no = • `reject` a steward doesn't, privately
help-room-appoint = • `appoint @Wang` makes somebody captain of this group
help-room-dismiss = • `dismiss @Wang` takes that back
help-help-help = • `help` what I can do
