# Wishes.

wish-card = ✨ **Wish { $number }: { $text }**
    { $state ->
        [open] { $wisher } would like a neighbour's hand
        [claimed] { $wisher }'s wish, { $helper } is helping
        [done] { $helper } says it is done; waiting for { $wisher } to confirm
        [confirmed] 🎉 Came true: { $helper } helped { $wisher }
       *[withdrawn] Taken back by { $wisher }, thanks everybody
    }
wish-card-proxy = 🤝 posted for { $wisher } by somebody else
wish-card-standbys = { $count ->
        [one] One more neighbour is standing by
       *[other] { $count } more neighbours are standing by
    }
wish-card-hint = { $state ->
        [open] To help: tap ✋ 我来, or send `!claim { $number }`
        [claimed] When it's done: { $helper } taps ✅ 完成; when happy: { $wisher } taps 🙏 确认
        [done] { $wisher }, please tap 🙏 确认, or send `!confirm { $number }`
        [confirmed] How it went: send `!trail { $number }`
       *[withdrawn] How it went: send `!trail { $number }`
    }
    .elder = { $state ->
        [open] To help: tap ✋
        [claimed] { $helper }, tap ✅ when it is done. { $wisher }, tap 🙏 when you are happy.
        [done] { $wisher }, please tap 🙏 if you are happy
        [confirmed] Thank you, everybody!
       *[withdrawn] No help needed any more
    }

wish-introduce = 🤝 **You've taken { $wisher }'s wish { $number }: { $text }**
    Please agree on a time with { $wisher }.
    When it's done send `done { $number }`; if you can't after all, that's fine: `release { $number }`.
wish-introduced = 🤝 **{ $helper } will help with your wish { $number }: { $text }**
    Please agree on a time with { $helper }.
    When it's done send `confirm { $number }`, and your thanks are delivered.
wish-standing-by = 🤝 **You're standing by for wish { $number }: { $text }**
    { $helper } is helping now. If { $helper } can't make it, I'll ask you privately.
    If you'd rather not wait, send `release { $number }`.
wish-overtaken = 🤝 **Wish { $number }: { $text }**
    { $helper } had said so before you, but the message could be read only now, so { $helper } helps this time.
    You're first in line: if { $helper } can't make it, I'll ask you privately. If you'd rather not wait, send `release { $number }`.
wish-reopened = { $by } can't make it after all, so wish { $number } ({ $text }) is waiting for a neighbour again.
    If you don't need it any more, send `withdraw { $number }`.
wish-finished = { $helper } says wish { $number } ({ $text }) is done.
    If you're happy send `confirm { $number }`; if not, have a word with { $helper }.
wish-taken-back = { $wisher } has taken back wish { $number } ({ $text }), so no need to go. Thank you!
wish-offer = 💡 **Wish { $number } needs somebody again: { $text }**
    You're standing by. Could you help { $wisher }?
    Tap ✅ 接 or ❌ 不便, or send `accept { $number }` or `decline { $number }`.
wish-offer-over = { $how ->
        [accepted] ✅ You've taken wish { $number } ({ $text }), thank you!
        [declined] All right, not wish { $number } ({ $text }) then. Nobody else sees this.
       *[lapsed] Wish { $number } ({ $text }) no longer needs you. Thanks for being willing.
    }

wish-thanks = 🎉 **Thank you, { $helper }!** You made { $wisher }'s wish { $number } come true: { $text }
wish-thanks-points = 🎉 **Thank you, { $helper }!** You made { $wisher }'s wish { $number } come true: { $text }
    Love bank points: +{ $points }. Send `!points` to see yours (I'll tell you privately).

wish-entry = • { $number }: { $text }{ $state ->
        [open] {""}
        [claimed] {" "}(being helped)
        [done] {" "}(waiting to be confirmed)
        [confirmed] {" "}(came true)
       *[withdrawn] {" "}(taken back)
    }
wish-list = ✨ **Wishes nobody has taken yet**
wish-list-more = … and { $more } more
wish-list-hint = To help: send `!claim` and the number
    .elder = To help: tap ✋ on the card
wish-list-empty = No wish is waiting for help right now. If you have one, send something like `!wish fix the lamp`.
    .elder = Nobody is waiting for help now. If you need some, send `wish`.
wish-mine-posted = ✨ **Your wishes**
wish-mine-helping = 🤝 **What you're helping with**
wish-mine-empty = You have no wishes and nothing you're helping with. If you have a wish, send something like `wish fix the lamp`.
    .elder = You have asked for nothing now, and you help with nothing. If you need help, send `wish`.

wish-missing-text = What would you like help with? For example `change the bulb on the stairs`.
    .elder = What would you like help with? Just say it.
wish-too-long = A wish can have 500 characters at most. Please make it a bit shorter.
wish-without-words = A wish needs a few words so that neighbours understand it. For example: `!wish change the bulb in our stairwell`
wish-unreadable-number = I couldn't read the number. It's on the card; send it like this: `!claim 12`
wish-other-kind = Number { $number } isn't a wish. Send `!wishes` to see the wishes.
    .elder = I couldn't find that.
wish-none-fits = No wish fits right now. Send `!wishes` to look, or add the number on its card to what you sent.
wish-several-fit = There are several. Please add the number, like `!{ $word } { $number }`:
    .elder = There are several; please tap the card you mean:
wish-refused = { $why ->
        [own-wish] Wish { $number } is your own; let a neighbour help. If you don't need it any more, send `!withdraw { $number }`.
        [not-wisher] Only { $wisher } can say that about wish { $number }.
        [not-helper] { $helper } is helping with wish { $number }, so { $helper } has to say that.
        [not-claimed] Nobody has taken wish { $number } yet. A neighbour who can help sends `!claim { $number }`.
        [already-done] { $helper } says wish { $number } is done; it waits for { $wisher } to send `!confirm { $number }`.
        [over] Wish { $number } has come true already, thanks to { $helper }.
        [gone] Wish { $number } was taken back by { $wisher }.
       *[not-offered] Nobody is asking you about wish { $number } right now. To help, send `!claim { $number }`.
    }

wish-undo-post = wish { $number } is withdrawn.
wish-undo-claim = so is the offer to help with wish { $number }. To help after all, send `!claim { $number }`
wish-undo-release = nobody gave wish { $number } back; your place stands.
wish-undo-finish = wish { $number } is under way again. When it is done, send `!done { $number }`
wish-undo-confirmed = but wish { $number } is confirmed, thanks and points are given, and that can't be undone. If something is wrong, please talk to the captain.
wish-undo-withdrawn = but a withdrawn wish stays withdrawn ({ $number }). If you still need it, send a new `!wish` with the text.
wish-undo-declined = but the next neighbour is being asked about wish { $number }. To help after all, send `claim { $number }`
wish-undo-done = but wish { $number } has been done by somebody. If all is well, send `!confirm { $number }`
wish-undo-taken = but another neighbour has taken wish { $number }. To stand by, send `!claim { $number }`
wish-undo-free = but wish { $number } is open now, nobody needs to stand by. To help, send `!claim { $number }`
