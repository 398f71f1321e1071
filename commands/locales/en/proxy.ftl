# Acting for somebody, and helpers.

proxy-mark = {" "}(by a helper)
proxy-done = 🤝 **{ $by } did something for you**
    { $known ->
        [yes] { $what } ({ $about })
       *[no] { $what }
    }
    Not what you want? Tap ↩️ 撤销 below, or answer `undo`.
    If nobody should do this for you, send `do not act for me`.
proxy-over = 🤝 What { $by } did for you was taken back.
proxy-undone-by-them = { $whom } took back what you just did for them. Please ask before trying again.
proxy-nothing-to-undo = Nobody has done anything for you that can still be undone. To take back something of your own, delete your message.
proxy-undone-before = That is undone already.
proxy-refused = { $why ->
        [oneself] You needn't act for yourself: just send it, for example `!join 5`
        [own] { $whom } has to do this personally. You can do these for them: wish, claim, give up, done, withdraw, join, leave, elder mode.
        [forbidden] { $whom } prefers to do things personally. You could lend a hand and do it together.
       *[not-helper] Only a helper of { $whom } can do that. Ask { $whom } to send `!helper @your name` in the group, or ask a captain.
    }
proxy-own-interest = You are on one side of this wish yourself, so you can't act for the other. Please let them say it, or ask a captain.
proxy-unknown = I haven't met “{ $name }” here yet. Please mention them in the group with @ and send it again.
    Neighbours without an account can be signed up: `!join for { $name }`. I'll learn the rest later.
proxy-which = Several people have that name. Which one? Answer with a digit:
proxy-which-option = { $digit } { $name } ({ $user })
proxy-unreadable = For whom, and what? For example: `!for @Grandma Wang: join 5`
proxy-helper-whom = Who should be your helper? In the group, for example: `!helper @Li`
proxy-end-helper-whom = Who should stop being your helper? For example: `!remove helper @Li`
proxy-helper-named = { $whose ->
        [theirs] 🤝 Done: { $helper } is a helper of { $whom } and can post wishes and sign up for them. I have told { $whom }, who can undo it at any time.
       *[yours] 🤝 Done: { $helper } is your helper and can post wishes and sign up for you. I'll tell you each time at once, and you can undo it.
    To end it, send `remove helper @name`.
    }
proxy-helper-already = { $whose ->
        [theirs] { $helper } is a helper of { $whom } already.
       *[yours] { $helper } is your helper already.
    }
proxy-helper-unknown = You have no helper called “{ $name }”. To see who helps you, send `my helpers`.
proxy-unknown-helper = I haven't met “{ $name }” here yet. Please mention them in the group with @ and send it again.
proxy-you-help = 🤝 You are a helper of { $whom } now. Thank you!
    Like this: `!for { $name }: join 5`. They get a private message each time.
proxy-helper-ended = { $whose ->
        [theirs] Done: { $helper } isn't a helper of { $whom } any more.
       *[yours] Done: { $helper } isn't your helper any more.
    }
proxy-helper-none = { $whose ->
        [theirs] { $helper } isn't a helper of { $whom }.
       *[yours] { $helper } isn't your helper.
    }
proxy-helpers = 🤝 **Your helpers**
proxy-helpers-line = • { $helper } (to end it, send `remove helper { $name }`)
proxy-helpers-none = You have no helper yet. To name one, send `!helper @Li` in the group.
proxy-helpers-forbidden = You said that nobody may act for you, so nobody can now. To change that, send `you may act for me`.
proxy-forbidden = Done: nobody may act for you any more, not even captains and helpers.
    To change that, send `you may act for me`.
proxy-allowed = Done: captains and your helpers may act for you again. I'll tell you each time at once.
proxy-undo-named = no helper was named.
proxy-undo-ended = they are still your helper, as before.
proxy-undo-forbade = captains and your helpers may still act for you.
proxy-undo-allowed = still nobody may act for you.
