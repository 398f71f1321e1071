# Elder mode: large letters, few words, a digit is enough. To whoever has it on, the commands in `backticks` become digits.

elder-on = ✅ **From now on: large letters, few words, and a digit is enough**
elder-off = All right, everything is as it was. For large letters again, send `elder mode`.
elder-menu = **What would you like to do? Just send a number**
elder-ask = `wish` Ask the neighbours for help
elder-post = `wish { $text }` Ask the neighbours for help: { $text }
elder-accept = `accept { $number }` I can come: { $text }
elder-decline = `decline { $number }` I can't this time: { $text }
elder-confirm = `confirm { $number }` { $who } has helped me: { $text }
elder-finish = `done { $number }` I have helped { $who }: { $text }
elder-release = `release { $number }` I can't help { $who } after all: { $text }
elder-withdraw = `withdraw { $number }` I don't need help any more: { $text }
elder-claim = `claim { $number }` I'll help { $who }: { $text }
elder-join = `join { $number }` Come along: { $text }, { $at }
elder-leave = `leave { $number }` I'm not coming: { $text }
elder-one-more = `join { $number } +1` I'll bring one more: { $text }
elder-roster = `roster { $number }` Who is coming: { $text }
elder-remind = `remind me { $at } { $text }` Remind me an hour before: { $text }
elder-vote = `elder mode { $number }` Vote: { $text }
elder-points = `points` My points
elder-check-in = `check in` Check in as a party member
elder-wait = `join { $number }` Wait for a place (it is full): { $text }, { $at }
elder-check-out = `check out` Take back my check-in as a party member
elder-leave-it = `elder mode end` No more large letters
elder-ask-off = ❓ **No more large letters? Just send a number**
    `elder mode off` No, as it was before
    `elder mode menu` Keep them
elder-waiting = 📝 **You are on the waiting list: { $about }**
    It is full. As soon as somebody drops out, I'll tell you.
elder-more = `elder mode menu { $page }` Something else
elder-poll = 📊 **{ $question }**
elder-poll-option = `vote { $number } { $choice }` { $option }
elder-poll-more = `elder mode { $number } { $page }` The others
elder-no-poll = That poll has ended. For what else there is, send `help`.
elder-done = ✅ **Done: { $en }**
elder-done-about = ✅ **Done: { $en }, { $about }**
elder-later = To do something about it, send `help`.
elder-back = For anything else, send `help`.

elder-room-on = ✅ All right: from now on my cards in this group have large letters and few words, and a tap is enough.
    To go back, send `!elder mode this room off`.
elder-room-off = All right, this group is as it was.
elder-room-there = To have large letters for a whole group, its captain sends `!elder mode this room` there.
elder-unreadable = I didn't get that. For large letters send `!elder mode`, and for normal ones `!elder mode off`.
elder-undo = the letters are as they were.

help-elder-elder = • `elder mode` large letters, and a digit is enough; `elder mode off` ends it; a captain turns it on for all with `elder mode this room`
