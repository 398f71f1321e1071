# Words used everywhere. `Backticks` hold what can be typed as it stands, **stars** hold bold text.

moment = { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    } { $day } { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }, { $time }
date = { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    } { $day } { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
person = { $person }
name = { $name }
time-past = That time has passed; please choose one that is still to come.
time-past-day = That day (or that time of it) has passed; please choose one that is still to come.
time-no-such-day = There is no such day or hour; please check the date and send it again, such as `Sat 7:30pm`.
time-end-before-start = It would end before it begins; please change it and send it again, such as `7pm to 9pm`.
time-weekday-differs = The date isn't that day of the week; please check the calendar and send it again.
time-recurring = I can do it once only, not every day or week yet. Please give one day, such as `tomorrow 8pm`.
time-too-far = That is too far ahead, more than 400 days; please choose a nearer time.
list-separator = {", "}
erased = (account closed)

did-you-mean = Did you mean `!{ $word }`? Answer 1 for yes or 2 for no, or tap the number below.
unknown = Sorry, I didn't get that. Send `!help` to see what I can do.
    .elder = Sorry, I didn't get that. For what you can do, send `help`.
not-bound = This group isn't registered yet, so I can't help here. A captain can send `!this is Building 3` (with its real name).
no-shared-room = You and I aren't in a registered group together yet. Please join your building's group first.
missing-answer = { " " }Just send it within five minutes; if it was nothing, send `never mind`.
    .elder = { " " }Type it, or tap the microphone on your keyboard and speak. If it was nothing, send **0**.
left-off = All right, never mind.
which-room = Which group do you mean? Just answer with the number:
which-room-option = { $digit } { $name }
not-allowed = { $role ->
        [steward] Only a steward of the community can do that.
       *[captain] Only the building captain can do that. Please have a word with them.
    }
no-such-number = There is no number { $number }. The right one is on the card; please check and send it again.
    .elder = I couldn't find that.
number-elsewhere = Number { $number } belongs to another group. Please say it there.
    .elder = That belongs to another group. Please say it there.
too-fast = { $who ->
        [tapper] You are tapping faster than I can follow, so I am pausing for a minute or two. The last taps may not have counted: take them back and tap again.
        [room] You are all faster than I can follow, so I am pausing for a minute or two. Please send again later what I haven't answered; taps on the cards always count.
       *[person] You are writing faster than I can follow, so I am pausing for a minute or two. Please send again later what I haven't answered.
    }
faulted = Sorry, something went wrong (no. { $code }) and your message didn't count. Please try again in a while; if it still fails, give that number to the steward.
look-left = { $person }, I've sent you a private message: please accept the invitation on the left.
cannot-tell = { $person }, I couldn't send you a private message. Please tap my picture and say hello to me there, then I can answer.
cannot-tell-deed = { $person }, { $by } just did something for you. My private message didn't reach you, so I tell you here.
    If it isn't what you want, send `!undo` here. If nobody should act for you, send `!do not act for me`.
unreadable = 🔒 **I can't read a single message here**
    Messages here are encrypted, and your app keeps the keys from me, so I don't see what you type.
    Tapping the buttons below a card works all the same; for what must be typed, ask the captain to say it for you.
    If you know your way around settings: in the app's encryption (security) settings, turn off “only send to verified devices” and send it again; if that doesn't help, whoever runs me should look into my log.
compare-emoji = 🔐 **Verifying my device**
    Please compare the seven emoji you see with the seven in Lamplighter's log (on the machine that runs it, not just in a chat).
    All the same: tap “They match”. If one differs: tap “They don't match”, and tell whoever runs Lamplighter.
verify-not-steward = Only stewards of the community can verify Lamplighter's device. You needn't: talk and tap as usual.
verify-busy = It doesn't work just now. Please try again in a minute.
pick-one = Please answer with a number from 1 to { $count }.
which-half = Is that { $time } in the morning or in the evening? Answer with the number, or tap it below:
    1 morning
    2 evening
question-over = That question has run out. Please say again what you would like.

taken-back = ↩️ The message of { $who } was deleted:{" "}
taken-back-undone = ↩️ You asked to undo this:{" "}
taken-back-yours = ↩️ You deleted that message:{" "}
card-gone = ↩️ { $who } deleted the card:{" "}
edited = ✏️ I don't go by edits; what counts is your first version: “{ $text }”
    { $how ->
        [take-back] To change it, delete that message: I undo what can be undone. Then send it anew.
       *[ask-anew] To ask something else, please send a new message.
    }
edited-say-anew = ✏️ I don't go by edited messages. Please send that as a new message, and I'll see to it.
late-answer = ⏳ { $person }, you sent this on { $when }; only now can I answer:
card-moved = 👇 This card has changed so often that I posted it again below. What you tap here counts as well.
card-moved-link = Go to the new card
