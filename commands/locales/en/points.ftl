# Points of the love bank.

points-balance = 💰 You have **{ $balance }** points in { $community }'s love bank.
    To see where they came from, send `points history`.
points-history = 💰 **Your points ({ $community })**: { $balance } now
points-history-line = • { $at }: { $amount }, { $rule ->
        [wish_fulfilled] made wish { $number } come true
       *[other] number { $number }
    }
points-history-empty = Nothing yet. Help a neighbour with a wish and the first ones are yours.
