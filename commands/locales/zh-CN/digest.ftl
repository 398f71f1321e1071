# 每晚一条的汇总。

digest = 🏮 **{ $day }，楼里的事**
digest-tonight = **今天接下来**
digest-tomorrow = **明天**
digest-see-you = 明天见！来不了的发 `退出` 加号码
    .elder = 明天见！来不了的，在活动卡片上再点一下 ✅。
digest-polls = **快截止的投票，还没投的请投**
digest-poll = • { $number }：{ $question } · 截止 { $closes }
digest-wishes = **还没人接的心愿，能帮就点 ✋ 我来**
digest-wish = • { $number }：{ $text }
