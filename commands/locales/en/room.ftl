# Coming in, binding, naming captains.

room-greeting = 🏮 **Hello everybody, I'm Lamplighter, a helper for this building.**
    If you could use a hand, say so here; a neighbour helps with one tap.
    I only keep what is said to me and tapped on my cards: wishes, activities, polls, reminders, points. This group sees this group's matters, points are shown to their owner alone; the data lies on the machine I run on, and whoever runs it can see it.
    Next: a captain or steward please sends `!this is Building 3`, or `!this is interest group tai chi`.
room-greeting-person = 🏮 Hello, I'm Lamplighter, a helper for the building. Send `help` to see what I can do.
    I only keep what is said to me; neighbours don't see this chat, whoever runs my machine can see the data. What you tap isn't encrypted, so the chat server sees it too; type it instead if you'd rather not.
room-bound = 🏮 **Registered: this is { $name } ({ $community }).**
    Three things to try: send `!wish fix the stairwell lamp`; tap ✋ 我来 under a wish; send `!points` to see yours.
room-captains = Captains here: { $names }. A steward can add one: `!appoint @name`.
room-no-captains = There's no captain here yet; a steward can add one: `!appoint @name`.
room-right = { $right ->
        [send] sending messages
        [redact] removing messages
        [pin] pinning messages
       *[notify] notifying the whole group
    }
room-lacks = I may not do this here yet: { $rights }. The above works all the same; to allow it, raise my power level to 50 in the room settings.
room-already-bound = This group is registered already: { $name } ({ $community }). Send `!help` to see what works.
room-bind-not-allowed = Registering takes a captain (power level 50 or more) or a steward; please ask one to send `!this is Building 3`.
room-bind-in-room = Please send that in the group itself, not privately.
which-community = Which community does this group belong to? Just answer with the number:
room-name-community = I look after more than one community. Please put the name of yours first: `!this is COMMUNITY Building 3`. A steward can tell you its exact name.
room-asked = Thank you. I've asked the stewards privately; as soon as one agrees I'll say so here.
room-already-asked = The stewards have been asked already; we're waiting for one to agree.
room-no-stewards = This community has no stewards yet, so nobody can agree. Please ask whoever installed me to name one.
room-request = 🏠 **{ $by } would like to register a group as “{ $name }”**
    Is it one of yours? Tap ✅ 同意 or ❌ 不同意, or answer `approve` or `reject`.
room-request-over = { $asker } registering “{ $name }”: { $how ->
        [approved] ✅ done by { $by }
        [withdrawn] { $by } took it back, nothing to decide
       *[rejected] ❌ not agreed by { $by }
    }
room-request-gone = 🏠 Registering “{ $name }” is settled: the neighbour who asked has been forgotten.
room-rejected = The steward didn't agree to register that group as “{ $name }”. Please have a word with them.
room-nothing-asked = Nothing is waiting for your word right now.
room-several-asked = Several registrations are waiting for you; please tap ✅ or ❌ under the one you mean.
room-missing-name = What is it called? For example: `!this is Building 3`, or `!this is interest group tai chi`
room-long-name = A name can have 30 characters at most. For example: `!this is Building 3`
room-appoint-whom = Whom? Please mention one person: `!appoint @Wang`
room-dismiss-whom = Whom? Please mention one person: `!dismiss @Wang`
room-appoint-in-room = Please send that in the group itself, so that I know which group is meant.
room-appointed = 🏮 { $whom } is now captain of { $room }; you can turn to { $whom }.
room-already-captain = { $whom } has been named captain already.
room-dismissed = { $whom } is no longer a named captain of { $room }. Thank you for looking after us.
room-not-named = { $whom } isn't a named captain. Power levels of 50 or more are changed in the room settings.
invite-declined = I only accept invitations from people I've been told about; please ask the steward.
invite-enough-rooms = Thank you for the invitation! I am in so many rooms already that I couldn't look after another. Please ask the steward to raise the limit, then invite me again.
invite-enough-chats = We have a private chat already; please look for me in the list on the left.
room-back = 🏮 I'm back. This is still { $name }, with all its wishes and points. Send `!help` to see what works.
room-parked = 📭 Over the last day { $count ->
        [one] 1 answer or private message
       *[other] { $count } answers or private messages
    } couldn't be delivered (perhaps somebody refuses private chats).
    Please ask whoever runs me to look: lamplighter doctor says what is wrong and what to do.

room-moved = 🏠 **The room was upgraded, and I have moved along: this is still { $name }.**
    Registration, captains and points are all here. { $cards ->
        [0] No cards are open.
        [one] The one open card stands below anew; sign-ups, offers and votes count as before, and the old room's card isn't updated any more.
       *[other] The { $cards } open cards stand below anew; sign-ups, offers and votes count as before, and those in the old room aren't updated any more.
    }
room-undo-asked = the request to register is withdrawn.
room-undo-bound = but this room is registered, and that can't be taken back. If it is wrong, please ask whoever runs me.
room-undo-decided = but your answer has been carried out. If it was wrong, please ask whoever runs me.
room-undo-named = the appointment is taken back.
room-undo-unnamed = still an appointed captain.
room-restored = 🕯 On { $moment } I went back to my records of { $backup }. I have read again whatever was said and tapped since, and it all still counts.
    If a card looks wrong, please say it once more or tell your captain. New numbers start further on, so none means two things.
room-card-void = 🗒 This card no longer counts. If it's still needed, please send it again.
room-card-void-see = 🗒 This card no longer counts, please see number { $number }.
    .elder = 🗒 This card no longer counts; never mind it.
