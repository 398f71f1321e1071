# What is kept of you, and how to be forgotten.

privacy-file-name = my-data.txt
privacy-here = 🗂 It's all in the file below: everything I keep about you. It goes to you alone.
    To have all of it forgotten, send `forget me` (I'll ask once more).
privacy-neighbour = a neighbour who left
privacy-text = (text erased)
privacy-no-date = no date
privacy-date = { $moment } ({ $year })
privacy-missing = The file is too long: { $lines ->
        [one] 1 more line is missing.
       *[other] { $lines } more lines are missing.
    } For all of it, ask whoever runs me.
privacy-report = Everything that Lamplighter keeps about you ({ $at })
    You are known to me as: { $name }
    Your Matrix account: { $user }
    Not kept: telephone, flat, identity card, or what you say to others.
privacy-community = ==== { $community } ====
    Your code in ledger and journal: { $pseudonym ->
        [none] none yet
       *[other] { $pseudonym }
    }
privacy-section = [{ $section ->
        [rooms] Groups and offices
        [wishes] Wishes
        [activities] Activities and sign-ups
        [polls] Polls
        [tasks] Tasks and checking in
        [reminders] Reminders
        [taps] Taps on cards
        [points] Points
        [journal] Journal: every step of yours (for those who want to check)
       *[messages] Other: quiet, language, open questions, what you sent me, messages to you
    }]
privacy-none = Nothing.
privacy-balance = { $balance ->
        [one] 1 point now.
       *[other] { $balance } points now.
    }
privacy-standing = { $state ->
        [open] open
        [claimed] somebody helps
        [done] said to be done
        [confirmed] confirmed
        [withdrawn] taken back
        [cancelled] called off
        [going] going
        [waiting] waiting
        [closed] over
        [announced] result announced
        [sent] sent
        [asked] asked
        [accepted] accepted
        [declined] declined
        [silent] no answer
        [submitted] waits for a yes
        [rejected] not agreed
        [approved] agreed
        [lapsed] dropped
        [standing] counts
        [struck] taken back
        [named] named by a steward
        [power] power level 50 or more
        [queued] not delivered yet
        [parked] can't be delivered
       *[other] kept
    }
privacy-fact = • { $about ->
        [captain] captain of { $room } ({ $standing }{ $dated ->
            [yes] , { $at }
           *[no] {""}
        })
        [request] asked to register the group “{ $text }” ({ $standing }, { $at })
        [wish] { $number }, your wish: { $text } ({ $room }, { $standing }, { $at })
        [help] { $number }, a wish you help with: { $text } ({ $room }, { $standing }, { $at })
        [standby] { $number }, a wish you stand by for: { $text } ({ $room }, { $standing })
        [activity] { $number }, your activity: { $text }{ $gap }{ $extra } ({ $room }, { $standing }, begins { $at })
        [seat] { $number }, your sign-up: { $text }, { $amount ->
                [one] 1 person
               *[other] { $amount } people
            }{ $gap }{ $extra } ({ $room }, { $standing }, begins { $at })
        [poll] { $number }, your poll: { $text } ({ $extra }; { $room }, { $standing }, { $at })
        [ballot] { $number }, your vote: { $text } for “{ $extra }” ({ $standing }, { $at })
        [task] { $number }, your task: { $text } ({ $room }, { $standing }, begins { $at })
        [asked] { $number }, a task you were asked about: { $text } ({ $room }, { $standing }{ $dated ->
            [yes] , { $at }
           *[no] {""}
        })
        [check_in] checked in as party member: { $text } ({ $standing }, { $at })
        [reminder] reminder { $number }: { $text } ({ $standing }, { $at })
        [tap] { $extra } on card { $number } ({ $standing })
        [helper] your helper: { $text } ({ $at })
        [helps] you are a helper of { $text } ({ $at })
        [no_proxy] nobody may act for you ({ $at })
        [voice] a voice message of yours ({ $room }, { $at })
        [acted_for] { $at } { $text } acted for you ({ $standing })
        [acted] { $at } you acted for { $text } ({ $standing })
        [practice] { $at } in the middle of a practice round
        [ranked] chose to be named in the ranking ({ $at })
        [link] { $at }: { $text }, number { $number }
        [quiet] quiet, { $dated ->
            [yes] until { $at }
           *[no] until you take it back
        }
        [elder] large letters and digits
        [language] the language you chose: { $text }
        [question] { $at } you were asked: { $text }
        [command] { $at } you sent: { $text }
        [decided] you decided { $amount ->
                [one] 1 check-in
               *[other] { $amount } check-ins
            }
       *[message] { $at } to you ({ $standing }): { $text }
    }
privacy-how-long = [How long]
    • Your messages to me (to undo them when you delete them), texts of messages to you, of reminders that are over, and the ids of messages received: { $days ->
            [one] 1 day
           *[other] { $days } days
        }
    • Everything else: until you send “forget me”
    • The chat itself is kept by the Matrix server, which isn't mine
privacy-ask = ⚠️ **Forget me: please read this first, it can't be undone.**
    Erased: your name and account; the wishes, activities, polls, tasks, reminders and notes you wrote; your sign-ups, and your votes where no result is out.
    Still open: your wishes are withdrawn, what you took on is given back, your sign-ups (and those you made for neighbours) end, your activities and tasks are called off, your polls close at once.
    Kept: the ledger of points (without a name), what others did, votes already counted.
    What was said in the group is kept by the Matrix server: I can only change your name on my cards to “a neighbour who left”. Old backups keep it until they are deleted.
privacy-ask-balance = • { $balance ->
        [one] Your 1 point in { $community } is
       *[other] Your { $balance } points in { $community } are
    } lost and can't be passed on.
privacy-ask-known = • You are a captain or steward: the group's settings (or my config) still name you, so I'll know you again.
privacy-ask-question = For a copy first, send `my data`. If you are sure, answer here with a digit:
    1 Forget me
    2 Not now
privacy-nothing-erased = All right, nothing was erased.
privacy-goodbye = 🏮 It's all forgotten. Thank you for these days; I'm leaving this chat now.
    If you want to come back, just call me in the group: you'll be a new neighbour to me.
