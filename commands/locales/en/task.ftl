# Tasks for party members.

task-half-day = { $date }, { $half ->
        [dawn] early morning
        [morning] morning
        [noon] noon
        [afternoon] afternoon
       *[evening] evening
    }
task-ask = 🚩 **Task { $number }: { $text }**
    When: { $when }
    { $starter } would be glad of your help
task-ask-places = 🚩 **Task { $number }: { $text }**
    When: { $when }
    { $starter } is looking for { $places ->
        [one] 1 party member
       *[other] { $places } party members
    }
task-ask-hint = Tap ✅ 接 if you can come, ❌ 不便 if you can't (only { $starter } will know); or send `accept { $number }`, `decline { $number }`
task-ask-accepted = ✅ You're in, thank you! If you can't after all, tap ❌ 不便
task-ask-declined = All right, not this time; only { $starter } knows. If you can after all, tap ✅ 接
task-over = 🚩 Task { $number } ({ $text }) is called off, nobody needs to go
task-called-off = Task { $number } ({ $text }, { $when }) is called off; you needn't go. Thank you!
task-status = 🚩 **Task { $number }: { $text }**
    When: { $when }; { $accepted } accepted
task-status-places = 🚩 **Task { $number }: { $text }**
    When: { $when }; { $accepted } of { $places } accepted
task-status-waiting = { $at } I'll ask { $count ->
        [one] 1 party member
       *[other] { $count } party members
    } privately; who comes and who can't is shown here, to you alone
task-status-cancelled = ❌ Called off
task-accepted = ✅ Coming ({ $count }):{" "}
task-declined = ❌ Can't ({ $count }):{" "}
task-silent = … No answer yet ({ $count }):{" "}
task-cancelled-by = Task { $number } ({ $text }, { $when }) was called off by a steward, { $who }; those who would have come have been told.
task-sent-by = Task { $number } ({ $text }, { $when }): a steward, { $who }, had me ask everybody now instead of in the evening.
task-full = 🎉 Task { $number } ({ $text }, { $when }) has enough people
task-too-early = Task { $number } ({ $text }) begins on { $when }, before I'd ask everybody in the evening ({ $at }).
    To ask them right now, send `send now { $number }`; to drop it, `cancel task { $number }`.
task-refused = { $why ->
        [full] Thank you! Task { $number } ({ $text }) has enough people now; we'll ask you again another time.
        [begun] Task { $number } ({ $text }) has begun. To join, just find { $starter }.
        [cancelled] Task { $number } ({ $text }) is called off; you needn't go. Thank you!
        [not-asked] You weren't asked about task { $number }. To take part, just find { $starter }.
       *[not-starter] Task { $number } is { $starter }'s; only { $starter } or a steward can call it off.
    }
task-not-allowed = Tasks for party members are sent by stewards or by captains of registered building groups.
task-no-members = No party member has checked in yet. Ask them to send me `check in` privately.
task-not-yours = Task { $number } is { $starter }'s; who comes and who doesn't is for { $starter } alone.
task-not-waiting = Task { $number } was sent already, called off, or has begun.
task-other-kind = Number { $number } isn't a task. The number is in your private chat, like this: `task 12`
    .elder = I couldn't find that task.
task-missing-all = What is to be done, and when? Like this: `!task members Sat morning clear the stairs 8 people`
task-missing-members = For whom? For now tasks go to party members, like this: `!task members Sat morning clear the stairs 8 people`
task-missing-time = When? Like this: `!task members Sat morning clear the stairs 8 people`
task-missing-text = What is to be done? Like this: `!task members Sat morning clear the stairs 8 people`
task-too-long = A task can have 200 characters at most; please make it shorter.
task-unreadable-number = Which task? The number is in your private chat, like this: `send now 12`, `cancel task 12`

task-undo-post = task { $number } is called off; nobody had accepted.
task-undo-accepted = but somebody has accepted task { $number }, or it has begun. To call it off, send `cancel task { $number }`
task-undo-sent = but people are being asked about task { $number }. To call it off, send `cancel task { $number }`
task-undo-cancelled = but task { $number } is called off for good. If you still need it, please send it anew.
task-undo-answer = so is your answer to task { $number }. When you know, tap ✅ 接 or ❌ 不便.
