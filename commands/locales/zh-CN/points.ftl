# 爱心积分。

points-balance = 💰 您在{ $community }爱心银行有 **{ $balance }** 分。
    想看怎么来的，发 `积分 明细`。
points-history = 💰 **爱心积分明细（{ $community }）**，现有 { $balance } 分
points-history-line = • { $at }　{ $amount } 分　{ $rule ->
        [wish_fulfilled] 帮邻居实现心愿 { $number }
        [poll_answered] 参加投票 { $number }
       *[other] { $number } 号
    }
points-history-empty = 还没有记录。帮邻居实现一个心愿，就有第一笔。
points-ranking = 🏅 **爱心榜**（自己愿意上榜的邻居）
points-ranking-line = { $place }. { $name }
points-ranking-hint = 想上榜发 `上榜`，不想了发 `下榜`。榜上不写分数。
points-ranking-empty = 🏅 还没有邻居上榜。愿意让大家看到就发 `！上榜`，榜上不写分数。
points-place = 您现在排第 { $place } 名（共 { $of } 位有积分的邻居）。{ $named ->
        [yes] 您在榜上，不想了发 `下榜`。
       *[no] 您没上榜，别人看不到；愿意上榜就发 `上榜`。
    }
points-place-none = 您还没有积分，所以还没有名次。帮邻居实现一个心愿，或参加一次投票，就有了。
points-entered = 🏅 好的，记下了：有了积分，您的名字就在 `！排行` 里，不写分数。不想了发 `！下榜`。
points-left = 好的，您的名字不在榜上了。

points-undo-enter = 榜上不写名字了。
points-undo-leave = 榜上的名字还在。
