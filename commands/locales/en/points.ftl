# Points of the love bank.

points-balance = 💰 You have **{ $balance }** { $balance ->
        [one] point
       *[other] points
    } in { $community }'s love bank.
    To see where they came from, send `points history`.
points-history = 💰 **Your points ({ $community })**: { $balance } now
points-history-line = • { $at }: { $amount }, { $rule ->
        [wish_fulfilled] made wish { $number } come true
        [poll_answered] took part in poll { $number }
       *[other] number { $number }
    }
points-history-empty = Nothing yet. Help a neighbour with a wish and the first ones are yours.
points-ranking = 🏅 **The ranking** (neighbours who chose to be named)
points-ranking-line = { $place }. { $name }
points-ranking-hint = To be named, send `enter ranking`; not any more, `leave ranking`. It shows no points.
points-ranking-empty = 🏅 Nobody has chosen to be named yet. If you like, send `!enter ranking`; it shows no points.
points-place = { $of ->
        [one] You are the only neighbour with points so far.
       *[other] You are number { $place } of { $of } neighbours with points.
    } { $named ->
        [yes] You are named in the ranking; to leave it, send `leave ranking`.
       *[no] You aren't named and nobody sees it; to be named, send `enter ranking`.
    }
points-place-none = You have no points yet, so no place. Help with a wish or answer a poll, and you will.
points-entered = 🏅 Done: once you have points, your name is in the `!ranking`, without points. To leave, send `!leave ranking`.
points-left = Done, your name isn't in the ranking any more.

points-undo-enter = the ranking doesn't show the name.
points-undo-leave = the ranking shows the name as before.
