# Signing up for activities.

activity-card = 📅 **Activity { $number }: { $title }**
    When: { $when }
activity-card-place = Where: { $place }
activity-card-organiser = Organiser: { $organiser }
activity-nobody = Nobody has signed up yet
activity-nobody-of = Nobody has signed up yet ({ $capacity ->
        [one] 1 place
       *[other] { $capacity } places
    })
activity-going = { $going } going:{" "}
activity-going-of = { $going } of { $capacity } going:{" "}
activity-waiting = { $over } waiting:{" "}
activity-place = { $place }.{" "}
activity-seat = { $company ->
        [alone] { $name }
        [adults] { $name } ({ $size })
        [children] { $name } ({ $adults } + { $children ->
                [one] 1 child
               *[other] { $children } children
            })
        [guest-adults] { $guest } ({ $size }, by { $name })
        [guest-children] { $guest } ({ $adults } + { $children ->
                [one] 1 child
               *[other] { $children } children
            }, by { $name })
       *[guest] { $guest } (by { $name })
    }
activity-note = {" "}– { $note }
activity-more = , and { $rest } more
activity-card-daytime = 🌙 That is in working hours, when most neighbours are at work. Organiser: tap 🌙 to move it to 19:30.
activity-card-hint = { $state ->
        [open] To come: tap ✅ 报名 or send `join { $number }`; not coming after all: `leave { $number }`
        [begun] It has begun; signing up is over
       *[cancelled] ❌ Called off
    }
    .elder = { $state ->
        [open] To come: tap ✅, and you are on the list. Not coming: tap it again.
        [begun] It has begun
       *[cancelled] ❌ It is called off
    }

activity-roster = 📋 **Activity { $number }: { $title }**
    When: { $when }
activity-roster-piece = 📋 **Activity { $number }: who is coming ({ $piece }/{ $pieces })**
activity-moved-up = 🎉 { $who }, there is a place for you now: activity { $number } ({ $title }), { $when }.
    If you can't come, send `leave { $number }`.
activity-moved-up-guest = 🎉 { $who }, there is a place for { $guest } now: activity { $number } ({ $title }), { $when }.
    If they can't come, send `leave { $number } { $guest }`.
activity-cancelled = ❌ **Activity { $number } is called off: { $title }**
    It was planned for { $when }. Everybody on the list, no need to come:
activity-moved = 🕖 **Activity { $number } has moved: { $title }**
    Now: { $when }. Your places are kept; if the new time doesn't suit you, send `leave { $number }`:
activity-reminder = ⏰ **Today, activity { $number }: { $title }**
    When: { $when }
activity-entry = • { $number }: { $title }, { $when }, { $going } going
activity-entry-of = • { $number }: { $title }, { $when }, { $going } of { $capacity } going
activity-list = { $which ->
        [mine] 📅 **What you signed up for**
        [days] 📅 **On { $when }**
       *[all] 📅 **Coming up**
    }
activity-list-hint = To come, send `join` and the number
    .elder = To come: tap ✅ on the card
activity-list-empty = { $which ->
        [mine] You haven't signed up for anything. Send `activities` to see what there is.
        [days] Nothing on { $when } yet. Send `activities` to see other days.
       *[all] Nothing is planned yet. To start something, send `!activity dumplings Sat 7pm activity room 20 people`.
    }
    .elder = Nothing is coming up yet.

activity-missing-all = What is it, when and where? For example `dumplings Sat 7pm activity room 20 people`.
activity-missing-time = Which day, at what time? For example `Sat 7pm`.
activity-missing-title = What is the activity called? For example `dumplings`.
activity-too-long = Name and place can have 60 characters each at most; please make it shorter.
activity-wrong-capacity = There can be 1 to 9999 places. If there is no limit, leave it out.
activity-unreadable-party = I couldn't read how many are coming. Like this: `!join 12`, `!join 12 +1`, `!join 12 2 adults 1 child`
activity-missing-name = Who would you like to sign up? Just the name, for example `Grandma Wang`.
activity-one-name = One neighbour at a time, please. Like this: `!join for Mrs Wang`, then the next one.
activity-unreadable-name = A name can have 12 characters at most, and needs some letters. Like this: `!join for Mrs Wang`
activity-unreadable-number = I couldn't read the number. It is on the card; like this: `!roster 12`
activity-missing-new-time = Which day, at what time instead? For example `Sun 7:30pm`.
activity-other-kind = Number { $number } isn't an activity. Send `!activities` to see what is planned.
    .elder = I couldn't find that activity.
activity-none-open = There is no activity to sign up for. Send `!activities`, or give the number: `!join 12`.
    .elder = There is nothing to sign up for now.
activity-several-fit = There are several; please add the number, such as `!join { $number }`:
    .elder = There are several; please tap the card you mean:
activity-refused = { $why ->
        [cancelled] Activity { $number } ({ $title }) was called off. Send `!activities` to see others.
        [begun] Activity { $number } ({ $title }) has begun; the list is closed. Just ask there.
        [already-in] You are on the list of activity { $number } already ({ $size }). To change how many come, send `!join { $number } +1`; to leave, `!leave { $number }`.
        [guest-already-in] { $guest } is on the list of activity { $number } already. To leave, send `!leave { $number } { $guest }`.
        [not-in] You aren't on the list of activity { $number } ({ $title }). To come, send `!join { $number }`.
        [guest-not-in] You haven't signed up { $guest } for activity { $number }. Send `!roster { $number }` to see the list.
        [not-organiser] Activity { $number } is { $organiser }'s: only { $organiser } or a captain can change it.
        [party-too-big] At most { $party } people at once. For more, please ask { $organiser }.
        [bigger-than-capacity] Activity { $number } has only { $capacity ->
                [one] 1 place
               *[other] { $capacity } places
            }; please bring fewer.
        [not-enough-left] Activity { $number } has only { $left ->
                [one] 1 place
               *[other] { $left } places
            } left, not enough for that. You keep the place you have.
        [too-many-guests] You can sign up at most { $guests } neighbours. For more, ask them to send `join` themselves.
        [same-time] Activity { $number } is at that time already: { $when }.
       *[time-passed] That time has passed. Like this: `!move to Sunday 7:30pm { $number }`
    }

activity-on-list = { $how ->
        [neighbour] { $guest } is on the list of activity { $number } already: { $by } signed them up.
       *[own] { $guest } is on the list of activity { $number } already.
    }
    If you mean somebody else of that name, add their building to it and try again.
activity-undo-post = activity { $number } is called off.
activity-undo-join = so is the sign-up for activity { $number }. To come after all, send `!join { $number }`
activity-undo-resize = the number of people for activity { $number } is as before.
activity-undo-leave = the place in activity { $number } is kept.
activity-undo-leave-waiting = nobody left, but activity { $number } has filled up meanwhile: first on the waiting list, and told when a place is free.
activity-undo-move = activity { $number } is back at its old time.
activity-undo-begun = but activity { $number } has begun, and nothing can be changed. Please talk to the organiser.
activity-undo-no-places = but activity { $number } has too few places left to change the number back. `!roster { $number }` shows the names.
activity-undo-time-passed = but the old time of activity { $number } has passed. For another, send `!move to 7:30 pm { $number }`
activity-undo-cancelled = but everybody has been told that activity { $number } is off. To hold it after all, please announce it anew.

activity-chain = #接龙
    { $title } { $when }
activity-chain-capacity = limit { $capacity } people
activity-chain-line = { $line }
activity-chain-file = sign-up-list.txt
activity-chain-difference = 📋 I compared the list with **activity { $number }: { $title }**.
activity-chain-new = To be added:{" "}
activity-chain-resized = Coming with more or fewer people:{" "}
activity-chain-noted = Something else behind their names:{" "}
activity-chain-missing = Not on the pasted list, but they stay signed up:{" "}
activity-chain-entry = { $before ->
        [0] { $size ->
            [1] { $name }
           *[other] { $name } ({ $size })
        }
       *[other] { $name } ({ $before } → { $size })
    }
activity-chain-ask = Shall I change it like that? Answer with the number, or tap it below:
    1 yes
    2 no
activity-chain-same = Everybody on that list is signed up already; nothing to change.
activity-chain-unread = { $count ->
        [1] I couldn't see who comes in one line of your list, so it wasn't counted:
       *[other] I couldn't see who comes in { $count } lines of your list, so they weren't counted:
    }
activity-chain-unread-here = { $count ->
        [1] I couldn't see who comes in one of the lines, so it wasn't counted.
       *[other] I couldn't see who comes in { $count } of the lines, so they weren't counted.
    }
activity-chain-head-stays = Time and places stay as they are. For another time, send `move to Sun 7pm { $number }`.
activity-chain-one-at-a-time = There are two lists in that message, and I might mix them up. Please paste them one at a time.
activity-chain-several = That list has { $count } people who aren't signed up. I only take your own line: paste it again with just yourself added, or send `join { $number }`.
activity-chain-nothing-new = I don't see a new line of yours. Add your name at the end and paste it again, or send `join { $number }`.
activity-chain-unreadable = I got your list, but not what it is for and when. Please write the first line in full and paste it again, such as `!sign-up list dumplings Sat 7pm activity room`, one person a line below.
activity-chain-when = I got your list. Which day and what time? Just tell me, such as: Sat 7pm.
activity-undo-enrol = The list of activity { $number } is as it was before: those added are off it, and changes are undone.
