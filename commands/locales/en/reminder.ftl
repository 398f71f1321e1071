# Reminders: of one person, and of everybody.

reminder-noted = ⏰ Noted: I'll remind you on { $at }: “{ $text }”.
    If you don't need it, send `!cancel reminder { $number }`.
reminder-now = ⏰ { $person }, it is time: { $text }
reminder-late = ⏰ { $person }, sorry, this is late; you asked for { $at }: { $text }
reminder-all-noted = 📢 Noted: I'll remind everybody in { $room } on { $at }: “{ $text }”.
    { $reach ->
        [everybody] Every phone in the room will ring then.
        [asker] You can't mention the whole room here, so I'll only write it; not every phone will ring.
        [bot] I can't mention the whole room here yet, so not every phone will ring. Please let me notify everyone in the room's settings.
       *[unknown] Every phone will ring if you may mention the whole room then.
    }
    If you don't need it, send `!cancel reminder { $number }`.
reminder-all-now = 📢 **To everybody**: { $text }
    { $asker } asked me to say so.
reminder-all-late = 📢 **To everybody**: { $text }
    { $asker } asked me to say so on { $at }; sorry, this is late.
reminder-all-quiet = I have said “{ $text }” in { $room }, but not every phone rang: you can't mention the whole room there now. If it is urgent, please say it in the room as well.
reminder-all-gone = I haven't said “{ $text }”: you are not in { $room } any more.
reminder-all-missing = Remind everybody of what, and when? For example `tomorrow 7pm water is off`.
reminder-list = ⏰ **Your reminders**
reminder-entry = • { $number }: { $at }, { $text }
    .elder = `cancel reminder { $number }` No need to remind me: { $at }, { $text }
reminder-entry-all = • { $number }: { $at }, everybody: { $text }
    .elder = `cancel reminder { $number }` No need to remind everybody: { $at }, { $text }
reminder-list-hint = If you don't need one, send `cancel reminder` and its number
    .elder = To cancel one, send its number.
reminder-list-empty = You have no reminders. Like this: `remind me tomorrow 8pm pay the management fee`
reminder-cancelled = Done, reminder { $number } is cancelled.
reminder-no-such = You have no reminder { $number }. Send `!reminders` to see them (I answer privately).
reminder-too-many = You can have at most { $most } reminders at once. Cancel some, then send it again.
reminder-missing-time = When shall I remind you? For example `tomorrow 8pm`.
reminder-missing-text = What shall I remind you of? For example `pay the management fee`.
reminder-too-long = A reminder can have 200 characters at most; please make it shorter.
reminder-missing-number = Which one? Just the number; `my reminders` shows them.

reminder-undo-set = reminder { $number } is cancelled.
reminder-undo-sent = but reminder { $number } has gone out already.
reminder-undo-cancel = reminder { $number } isn't cancelled and will come.
reminder-undo-passed = but the time of reminder { $number } has passed. Please ask for a new one.
