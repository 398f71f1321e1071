# 一件事的经过。

trail = 👣 **{ $number } 号的经过**
    .elder = 👣 **经过**
trail-hidden = ……更早的 { $hidden } 步没有列出
trail-step = • { $at }　{ $kind ->
        [wish-posted] { $who } 许愿
        [wish-claimed] { $who } 来帮忙
        [wish-stood_by] { $who } 做候补
        [wish-overtaken] { $who } 说得更早，消息刚刚才读到
        [wish-stepped_back] { $who } 不做候补了
        [wish-released] { $who } 来不了了
        [wish-finished] { $who } 说办好了
        [wish-unfinished] { $who } 说还没办好
        [wish-confirmed] { $who } 确认实现
        [wish-withdrawn] { $who } 撤回
        [activity-posted] { $who } 发起活动
        [activity-joined] { $who } 报名
        [activity-queued] { $who } 排上候补
        [activity-taken_over] { $who } 自己来报了名（名单上已有）
        [activity-resized] { $who } 改了人数
        [activity-left] { $who } 退出
        [activity-moved_up] 有人从候补转为正式
        [activity-cancelled] { $who } 取消活动
        [activity-moved] { $who } 改了时间
        [poll-posted] { $who } 发起投票
        [poll-ended] { $who } 提前结束投票
        [poll-closed] 到时间，投票结束
        [poll-announced] 公布结果
        [poll-withdrawn] { $who } 收回投票
        [task-posted] { $who } 发起党员任务
        [task-sent] 私信问党员
        [task-cancelled] { $who } 取消任务
       *[ledger-transfer] { $who } 得到积分 +{ $amount }
    }{ $how ->
        [proxy] （{ $by } 代）
       *[self] {""}
    }
trail-missing-number = 看哪一号的经过？这样发：`！轨迹 12`
