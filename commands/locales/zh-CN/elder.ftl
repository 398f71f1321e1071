# 长辈模式：大字、短话，回一个数字就行。`反引号`里的命令到了长辈那里会变成数字。

elder-on = ✅ **以后我跟您说话，字大、话短，回一个数字就行**
elder-off = 好的，恢复原来的样子了。想再要大字，发 `长辈模式`。
elder-menu = **您想做什么？回一个数字就行**
elder-ask = `许愿` 请邻居帮个忙
elder-post = `许愿 { $text }` 请邻居帮忙：{ $text }
elder-accept = `接 { $number }` 我能来：{ $text }
elder-decline = `不便 { $number }` 这次来不了：{ $text }
elder-confirm = `确认 { $number }` { $who } 帮我办好了：{ $text }
elder-finish = `完成 { $number }` 我帮 { $who } 办好了：{ $text }
elder-release = `放弃 { $number }` 帮不了 { $who } 了：{ $text }
elder-withdraw = `撤回 { $number }` 不用帮了：{ $text }
elder-claim = `认领 { $number }` 我来帮 { $who }：{ $text }
elder-join = `报名 { $number }` 报名：{ $text }，{ $at }
elder-leave = `退出 { $number }` 不去了：{ $text }
elder-one-more = `报名 { $number } +1` 多带一个人：{ $text }
elder-roster = `名单 { $number }` 看都有谁去：{ $text }
elder-remind = `提醒我 { $at } { $text }` 提前一小时提醒我：{ $text }
elder-vote = `长辈模式 { $number }` 投票：{ $text }
elder-points = `积分` 看我的积分
elder-check-in = `报到` 党员报到
elder-wait = `报名 { $number }` 排候补（已经满了）：{ $text }，{ $at }
elder-check-out = `取消报到` 党员报到点错了，取消
elder-leave-it = `长辈模式 不要了` 不要大字了，恢复原样
elder-ask-off = ❓ **不要大字了吗？回一个数字就行**
    `长辈模式 关` 不要了，恢复原样
    `长辈模式 菜单` 还是要大字
elder-waiting = 📝 **先排上候补了：{ $about }**
    位子满了。有人不去了，我马上告诉您。
elder-more = `长辈模式 菜单 { $page }` 看看别的
elder-poll = 📊 **{ $question }**
elder-poll-option = `投 { $number } { $choice }` { $option }
elder-poll-more = `长辈模式 { $number } { $page }` 看其余的
elder-no-poll = 这个投票已经结束了。还能做什么，发 `帮助`。
elder-done = ✅ **好了：{ $zh }**
elder-done-about = ✅ **好了：{ $zh }，{ $about }**
elder-later = 要办这件事，回 `帮助`，我列给您看。
elder-back = 还想做别的，回 `帮助`。

elder-room-on = ✅ 好的，从现在起，我在本群发的卡片字大、话短，点一下就行。
    想恢复原样，发 `！长辈模式 本群 关`。
elder-room-off = 好的，本群恢复原来的样子了。
elder-room-there = 要让整个群都用大字，请楼长在那个群里发 `！长辈模式 本群`。
elder-unreadable = 没看懂。要大字就发 `！长辈模式`，不要了发 `！长辈模式 关`。
elder-undo = 字的大小和原来一样。

help-elder-elder = • `长辈模式` 字大、话短，回数字就能办事；`长辈模式 关` 恢复；楼长发 `长辈模式 本群`，全群都用
