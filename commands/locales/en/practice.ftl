# Teach me: practice.

practice-begin = 🎓 **Let's practise, in four steps. Nothing can go wrong here, and nobody else sees it.**
    Until we're done, whatever you send me here is only practice.
practice-praise = 👍 Well done, just like that!
practice-skipped = All right, we leave that one out.
practice-again = Almost. Let's try once more: just send it as it stands there.
practice-step = { $step ->
        [wish] **Step 1: a wish.** For when you'd like a neighbour to help.
        [claim] **Step 2: claim.** Little Lamp made wish 1: change a light bulb. You help her.
        [join] **Step 3: sign up.** Little Lamp holds activity 2: making dumplings. You go too.
       *[vote] **Step 4: vote.** Little Lamp asks in poll 3: which flowers? 1. Roses, 2. Jasmine
    }
    { $step ->
        [wish] Please send: `wish mend the stair light`
        [claim] Please send: `claim 1` (in the group you can also tap ✋ below the card)
        [join] Please send: `join 2` (in the group you can also tap ✅)
       *[vote] Please send: `vote 3 1` (in the group you can also tap the option)
    }
    To pass over this step, send `skip`; to stop, send `never mind`.
practice-finished = 🎉 **All four steps done. You know how it works!**
    From now on it counts: in the group, begin with “!”, for example `!wish mend the stair light`.
    Should you forget, send `teach me` again, or `help`.
practice-stopped = All right, that's it for today. To go on, send `teach me` at any time.
