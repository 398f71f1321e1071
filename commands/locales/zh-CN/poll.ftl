# 快速投票。

poll-card = 📊 **投票 { $number }：{ $question }**
poll-option = { $digit }. { $option }
poll-card-hint = 点上面的选项，或发 `！投 { $number } 1`；可以改，以最后一次为准
    { $starter } 发起，截止：{ $closes }；已投 { $turnout } 人
    .elder = 点一下上面的选项，就投好了。想改，再点别的。
    { $starter } 发起，截止：{ $closes }；已投 { $turnout } 人
poll-card-closed = 投票结束了，共 { $turnout } 人投票
poll-end = 投票 { $number } 结束了
poll-result = 📊 **投票 { $number } 结果：{ $question }**
    共 { $total } 人投票
poll-result-nobody = 没有人投票。还想问，就再发起一次。
poll-result-option = { $option }　{ $bar } { $count } 票（{ $share }%）
poll-result-tie = 票数最多的打平了，没有定论。
poll-result-room = • { $room }：{ $count } 人投票
poll-result-foot = 这是听听大家的意见，不是业主大会表决。经过：发 `！轨迹 { $number }`
poll-result-corrected = 有晚到的票，结果已更正。经过：发 `！轨迹 { $number }`
poll-voted = 记下了：投票 { $number }，您投“{ $option }. { $text }”。截止前可以改。
    .elder = ✅ 投好了：{ $text }
poll-allowed = { $who ->
        [everyone] 好的，本群所有人都能发起投票了。
       *[captains] 好的，本群只有楼长能发起投票了。
    }
poll-only-captains = 这里的投票由楼长发起。请跟楼长说一声，或请楼长发 `！设置 投票 所有人`。
poll-only-from-building = 全部楼栋的投票，要由楼长在登记过的楼栋群里发起。
poll-not-yours = 投票 { $number } 要由发起人或楼长来结束。
poll-closed = 投票 { $number } 已经结束了。经过：发 `！轨迹 { $number }`
poll-no-such-option = 投票 { $number } 没有第 { $option } 项，请投 1 到 { $count }，比如 `！投 { $number } 1`
poll-other-kind = { $number } 号不是投票。号码在投票卡片上，请照着再发一次。
    .elder = 没有找到这个投票。
poll-none-open = 现在没有正在进行的投票。
poll-several-open = 有好几个投票，请带上号码，比如 `！投 { $number } 2`

poll-missing-question = 想问大家什么，有哪几项可选？比如 `要不要装门禁？ 要 / 不要`。
poll-too-few-options = 至少要两个选项。这样发：`！投票 要不要装门禁？ 要 / 不要 / 再议`
poll-too-many-options = 最多 20 个选项，请少几个再发一次。
poll-same-option-twice = 有两个选项是一样的，请改一个再发一次。
poll-too-long = 问题最多 200 个字，每个选项最多 60 个字，请短一点再发一次。
poll-unreadable-deadline = 截止时间没看懂。这样发：`！投票 要不要装门禁？ 要 / 不要 截止明晚8点`
poll-too-long-open = 投票最长开 60 天，请把截止时间提前一些。
poll-missing-options = 有哪几项可选？至少两项，中间用 / 隔开，比如 `要 / 不要`。
poll-not-yet-anonymous = 还不会匿名投票：卡片上只有票数，可投票的记录还留在群里，不能说没人看得到。请改成普通投票，或者用纸条。
poll-not-yet-several = 还不会多选，一人只能投一项。请改成单选，或者分成几个投票。
poll-missing-vote = 投几号投票的第几项？比如 `12 2`（12 号投票，投第 2 项）。
poll-unreadable-number = 号码没看懂。号码在投票卡片上，这样发：`！结束投票 12`
poll-allow-whom = 让谁发起投票？这样发：`！设置 投票 所有人`，或 `！设置 投票 楼长`

poll-card-withdrawn = 发起人收回了，不用投了
poll-undo-start = 投票 { $number } 收回了，还没有人投。
poll-undo-answered = 可投票 { $number } 已经有人投了，收不回来。要提前结束，发 `！结束投票 { $number }`
poll-undo-ended = 可投票 { $number } 已经结束，改不了了。还想问，就再发起一次。
poll-undo-vote = 投票 { $number } 里的这一票也收回了。还想投，发 `！投 { $number } 1`
poll-undo-late = 可投票 { $number } 已经截止，这一票收不回来了。
poll-undo-allowed = 谁能发起投票，改回原来的了。
