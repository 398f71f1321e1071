# Teach me: practice.

practice-begin = 🎓 **Let's practise, in four steps. Nothing can go wrong here, and nobody else sees it.**
    These four are only practice here; anything else you send me still counts.
practice-praise = 👍 Well done, just like that!
practice-skipped = All right, we leave that one out.
practice-again = Almost. Let's try once more: just send it as it stands there.
    .elder = Almost. Let's try once more.
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
    .elder = { $step ->
        [wish] **Step 1: a wish.** Your lamp is broken and you'd like a neighbour's help: send **1**.
        [claim] **Step 2: helping.** Little Lamp needs a light bulb changed. To help her, send **1**.
        [join] **Step 3: coming along.** We make dumplings on Saturday. To come, send **1**.
       *[vote] **Step 4: voting.** Which flowers? For roses send **1**, for jasmine **2**.
    }
    To stop, send **0**.
practice-finished = 🎉 **All four steps done. You know how it works!**
    From now on it counts: in the group, begin with “!”, for example `!wish mend the stair light`.
    Should you forget, send `teach me` again, or `help`.
    .elder = 🎉 **All four steps done. You know how it works!**
    At any time send **0**, and I list what you can do; a number is enough.
practice-in-earnest = The practice ended a while ago, so this would be for real. Answer with the number, or tap it below:
    1 Yes, do it
    2 I'm practising, start again
practice-stopped = All right, that's it for today. To go on, send `teach me` at any time.
