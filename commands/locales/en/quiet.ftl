# Do not disturb.

quiet-on = 🔕 I won't disturb you: no mention in reminders, no private message about tasks. What you asked for yourself still comes.
    To hear from me again, send `!quiet off`.
quiet-until = 🔕 I won't disturb you up to and including { $day }. What you asked for yourself still comes.
    To hear from me earlier, send `!quiet off`.
quiet-off = 🔔 Done, you'll hear from me again.
quiet-not-on = Quiet isn't on; reminders come as usual.
quiet-unreadable = Until which day? Like this: `!quiet until Sunday`, or `!quiet`, `!quiet off`

quiet-undo-ringing = quiet is off, and you are told as usual.
quiet-undo-quiet = it stays quiet, as before.
