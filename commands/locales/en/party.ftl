# Check-in of party members; all of it by private message.

party-request = 🚩 **{ $by } would like to check in as a party member**
party-request-note = Note: { $note }
party-request-hint = If you know them and it is true, tap ✅ 同意, otherwise ❌ 不同意. I won't mention it in the group.
party-request-over = 🚩 { $asker }'s check-in: { $how ->
        [confirmed] ✅ { $by } said yes
        [rejected] ❌ { $by } said no
       *[closed] taken back
    }
party-asked = 🚩 Thank you. I've asked captains and stewards privately and won't mention it in the group. I'll tell you when it is confirmed.
party-already-asked = Your check-in waits for a captain or steward. To take it back, send `check out`.
party-already-in = You have checked in already. If you want no more tasks, send `check out`.
party-confirmed = 🚩 Your check-in is confirmed, welcome! When there is a task I'll ask you privately in the evening; take it if you can, and if you can't, nobody sees it.
party-rejected = Your check-in wasn't confirmed this time. Please talk to your captain; then you may try once more.
party-closed = Done, your check-in is taken back; I'll send you no more tasks. To come back, send `check in`.
party-not-in = You haven't checked in. Party members send `check in`, with unit, skills and free time if you like.
party-too-long = A note can have 100 characters at most; please make it shorter.
party-too-often = You have asked twice this week; please talk to your captain first.
party-nobody-to-ask = This community has no captain or steward who could confirm it. Please ask whoever runs me to add a steward.
party-not-yours = A check-in is confirmed by stewards or by captains of registered building groups.

party-undo-in = the check-in is withdrawn. To check in after all, send `check in`
party-undo-confirmed = but the check-in has been confirmed. To leave, send `check out`
party-undo-out = but you have been checked out. To check in again, send `check in`
