# 爱心积分。

points-balance = 💰 您在{ $community }爱心银行有 **{ $balance }** 分。
    想看怎么来的，发 `积分 明细`。
points-history = 💰 **爱心积分明细（{ $community }）**，现有 { $balance } 分
points-history-line = • { $at }　{ $amount } 分　{ $rule ->
        [wish_fulfilled] 帮邻居实现心愿 { $number }
       *[other] { $number } 号
    }
points-history-empty = 还没有记录。帮邻居实现一个心愿，就有第一笔。
