# How a matter went.

trail = 👣 **How number { $number } went**
    .elder = 👣 **How it went**
trail-hidden = … { $hidden ->
        [one] 1 earlier step
       *[other] { $hidden } earlier steps
    } not shown
trail-step = • { $at }: { $kind ->
        [wish-posted] { $who } made a wish
        [wish-claimed] { $who } came to help
        [wish-stood_by] { $who } is standing by
        [wish-overtaken] { $who } had said so earlier, read only now
        [wish-stepped_back] { $who } no longer stands by
        [wish-released] { $who } couldn't make it
        [wish-finished] { $who } said it was done
        [wish-unfinished] { $who } said it wasn't done yet
        [wish-confirmed] { $who } confirmed it
        [wish-withdrawn] { $who } took it back
        [activity-posted] { $who } announced it
        [activity-joined] { $who } signed up
        [activity-queued] { $who } joined the waiting list
        [activity-taken_over] { $who }, who was on the list already, signed up
        [activity-resized] { $who } changed how many come
        [activity-left] { $who } left
        [activity-moved_up] somebody moved up from the waiting list
        [activity-cancelled] { $who } called it off
        [activity-moved] { $who } changed the time
        [poll-posted] { $who } started the poll
        [poll-ended] { $who } closed the poll early
        [poll-closed] the deadline came
        [poll-announced] the result was announced
        [poll-withdrawn] { $who } took the poll back
        [task-posted] { $who } asked for help with a task
        [task-sent] party members were asked privately
        [task-cancelled] { $who } called the task off
       *[ledger-transfer] { $who } earned +{ $amount } { $amount ->
                [one] point
               *[other] points
            }
    }{ $how ->
        [proxy] {" "}({ $by } did it for them)
       *[self] {""}
    }
trail-missing-number = Which number? For example: `!trail 12`
