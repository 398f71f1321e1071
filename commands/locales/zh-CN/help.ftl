# 帮助：每个命令一行，help-<功能>-<命令>。

help-head = 🏮 **我是掌灯，这些话我听得懂**（群里前面加 ！，私信里不用加）
help-foot = 号码写在卡片上。还有不清楚的，问问楼长。
help-wish-post = • `许愿 修楼道灯` 请邻居帮个忙
help-wish-list = • `心愿列表` 看还没人接的心愿
help-wish-mine = • `我的心愿` 看自己的（私信）
help-wish-claim = • `认领 12` 我来帮；卡片上点 ✋ 也行
help-wish-release = • `放弃 12` 帮不了了，没关系
help-wish-finish = • `完成 12` 我帮好了
help-wish-confirm = • `确认 12` 心愿实现了，谢谢邻居
help-wish-withdraw = • `撤回 12` 心愿不要了
help-wish-accept = • `接 12` 私信问到您时，表示愿意来帮
help-wish-decline = • `不便 12` 私信问到您时，表示来不了；别人看不到
help-points-balance = • `积分` 看自己的爱心积分（私信）
help-points-history = • `积分 明细` 看积分怎么来的（私信）
help-trail-trail = • `轨迹 12` 看 12 号的经过
help-room-bind = • `这是 3号楼` 登记本群（兴趣群发 `这是 兴趣群 太极拳`）；楼长或管理员可用
help-room-yes = • `同意` 管理员在私信里同意登记
help-room-no = • `不同意` 管理员在私信里不同意登记
help-room-appoint = • `任命 @王楼长 楼长` 给本群添一位楼长
help-room-dismiss = • `免去 @王楼长` 取消任命的楼长
help-help-help = • `帮助` 看我能做什么
