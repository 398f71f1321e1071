# Quick polls.

poll-card = 📊 **Poll { $number }: { $question }**
poll-option = { $digit }. { $option }
poll-card-hint = Tap an option above, or send `!vote { $number } 1`; you may change your mind, the last one counts
    Asked by { $starter }, closes { $closes }; { $turnout } voted so far
    .elder = Tap an answer above, and you have voted. To change it, tap another.
    Started by { $starter }, open until { $closes }; { $turnout } have voted
poll-card-closed = The poll is closed; { $turnout } voted
poll-end = Poll { $number } is closed
poll-result = 📊 **Result of poll { $number }: { $question }**
    { $total } voted
poll-result-nobody = Nobody voted. You can always ask again.
poll-result-option = { $option } { $bar } { $count } ({ $share }%)
poll-result-tie = The top options are tied: nothing is decided.
poll-result-room = • { $room }: { $count } voted
poll-result-foot = This asks for opinions; it isn't an owners' vote. What happened: `!trail { $number }`
poll-result-corrected = A late vote came in; the result is corrected. What happened: `!trail { $number }`
poll-voted = Noted: poll { $number }, you chose “{ $option }. { $text }”. You can change it until it closes.
    .elder = ✅ You have voted: { $text }
poll-allowed = { $who ->
        [everyone] Done: everybody in this group can start polls now.
       *[captains] Done: only captains can start polls here now.
    }
poll-only-captains = Polls here are started by captains. Please tell one, or ask them to send `!set poll everyone`.
poll-only-from-building = A poll in all buildings is started by a captain in a registered building group.
poll-not-yours = Only the one who started poll { $number } or a captain can close it.
poll-closed = Poll { $number } is closed. What happened: `!trail { $number }`
poll-no-such-option = Poll { $number } has no option { $option }; vote 1 to { $count }, such as `!vote { $number } 1`
poll-other-kind = Number { $number } isn't a poll. The number is on the poll's card: please send it again with that one.
    .elder = I couldn't find that poll.
poll-none-open = There is no open poll now.
poll-several-open = There are several polls; please add the number, such as `!vote { $number } 2`

poll-missing-question = What do you want to ask, and what can be chosen? For example `Install an access gate? yes / no`.
poll-too-few-options = A poll needs two options at least. Like this: `!poll A new door lock? yes / no / later`
poll-too-many-options = A poll can have 20 options at most; please take some away.
poll-same-option-twice = Two options are the same; please change one.
poll-too-long = A question can have 200 characters at most, an option 60; please make it shorter.
poll-unreadable-deadline = I couldn't read the deadline. Like this: `!poll A new door lock? yes / no until tomorrow 8pm`
poll-too-long-open = A poll is open for 60 days at most; please choose an earlier deadline.
poll-missing-options = What can be chosen? At least two things with / between them, for example `yes / no`.
poll-not-yet-anonymous = I can't do anonymous polls yet: the card shows only counts, but the answers stay in the group, so I can't promise that nobody sees them. Please ask an ordinary poll, or use slips of paper.
poll-not-yet-several = I can't let people choose several yet. Please let them choose one, or make several polls.
poll-missing-vote = Which poll, and which option? For example `12 2` (poll 12, option 2).
poll-unreadable-number = I couldn't read the number. It is on the poll's card, like this: `!close poll 12`
poll-allow-whom = Who may start polls? Like this: `!set poll everyone`, or `!set poll captains`

poll-card-withdrawn = Taken back by whoever asked; no need to answer
poll-undo-start = poll { $number } is taken back; nobody had answered.
poll-undo-answered = but poll { $number } has answers already. To end it early, send `!close poll { $number }`
poll-undo-ended = but poll { $number } is over. To ask again, start a new one.
poll-undo-vote = so is this vote in poll { $number }. To vote after all, send `!vote { $number } 1`
poll-undo-late = but poll { $number } has closed, and this vote stays.
poll-undo-allowed = who may start polls is as before.
