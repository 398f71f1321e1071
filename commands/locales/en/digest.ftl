# One summary an evening.

digest = 🏮 **{ $day }: what is on**
digest-tonight = **Later today**
digest-tomorrow = **Tomorrow**
digest-see-you = See you tomorrow! If you can't come, send `leave` and the number
    .elder = See you tomorrow! If you can't come, tap ✅ on the card again.
digest-polls = **Polls that close soon: please vote if you haven't**
digest-poll = • { $number }: { $question } · closes { $closes }
digest-wishes = **Wishes nobody has taken: if you can help, tap ✋ 我来**
digest-wish = • { $number }: { $text }
