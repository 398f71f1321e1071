# 一件事的经过。

trail = 👣 **{ $number } 号的经过**
trail-hidden = ……更早的 { $hidden } 步没有列出
trail-step = • { $at }　{ $kind ->
        [wish-posted] { $who } 许愿
        [wish-claimed] { $who } 来帮忙
        [wish-stood_by] { $who } 做候补
        [wish-stepped_back] { $who } 不做候补了
        [wish-released] { $who } 来不了了
        [wish-finished] { $who } 说办好了
        [wish-unfinished] { $who } 说还没办好
        [wish-confirmed] { $who } 确认实现
        [wish-withdrawn] { $who } 撤回
       *[ledger-transfer] { $who } 得到积分 +{ $amount }
    }
trail-missing-number = 看哪一号的经过？这样发：`！轨迹 12`
