# Personal reminders.

reminder-noted = ⏰ Noted: I'll remind you { $at }: “{ $text }”.
    If you don't need it, send `!cancel reminder { $number }`.
reminder-now = ⏰ { $person }, it is time: { $text }
reminder-late = ⏰ { $person }, sorry, this is late; you asked for { $at }: { $text }
reminder-list = ⏰ **Your reminders**
reminder-entry = • { $number }: { $at }, { $text }
reminder-list-hint = If you don't need one, send `cancel reminder` and its number
reminder-list-empty = You have no reminders. Like this: `remind me tomorrow 8pm pay the management fee`
reminder-cancelled = Done, reminder { $number } is cancelled.
reminder-no-such = You have no reminder { $number }. Send `!reminders` to see them (I answer privately).
reminder-too-many = You can have at most { $most } reminders at once. Cancel some, then send it again.
reminder-missing-time = When shall I remind you? Like this: `!remind me tomorrow 8pm pay the management fee`
reminder-missing-text = Remind you of what? Like this: `!remind me tomorrow 8pm pay the management fee`
reminder-too-long = A reminder has at most 200 characters; please make it shorter.
reminder-missing-number = Which one? Send `!reminders` for the numbers, then `!cancel reminder 2`

reminder-undo-set = reminder { $number } is cancelled.
reminder-undo-sent = but reminder { $number } has gone out already.
reminder-undo-cancel = reminder { $number } isn't cancelled and will come.
reminder-undo-passed = but the time of reminder { $number } has passed. Please ask for a new one.
