# 进群、登记、任命。

room-greeting = 🏮 **大家好，我是掌灯，楼里的小帮手。**
    谁家要搭把手，在群里说一句，邻居点一下就能帮。
    我只记跟我说的话和点在我卡片上的表情：心愿、活动、投票、提醒、积分这些。本群的事本群看得到，积分只私信本人；数据存在运行我的那台机器上，管理它的人看得到。
    下一步：请楼长或社区管理员发 `！这是 3号楼`，兴趣群发 `！这是 兴趣群 太极拳`。
room-greeting-person = 🏮 您好，我是掌灯，楼里的小帮手。发 `帮助`，看看我能做什么。
    我只记跟我说的话；这里的话别的邻居看不到，管理机器的人看得到数据。点的表情不加密，聊天服务器也看得到；不想让它看到，就打字告诉我。
room-bound = 🏮 **登记好了：这里是{ $name }（{ $community }）。**
    三件事可以试试：发 `！许愿 修楼道灯`；看到心愿点 ✋ 我来；发 `！积分` 看自己的积分。
room-captains = 本群楼长：{ $names }。管理员可以再添：`！任命 @某某 楼长`。
room-no-captains = 本群还没有楼长，管理员可以添一位：`！任命 @某某 楼长`。
room-right = { $right ->
        [send] 发消息
        [redact] 删消息
        [pin] 置顶消息
       *[notify] 提醒全群
    }
room-lacks = 我在这里还没有这些权限：{ $rights }。不影响上面的事；要开，请在群设置里把我的等级调到 50。
room-already-bound = 这个群已经登记过了：{ $name }（{ $community }）。发 `！帮助` 看看能做什么。
room-bind-not-allowed = 登记要楼长（群里权限 50 以上）或社区管理员来发，请他们发一句 `！这是 3号楼`。
room-bind-in-room = 这句话要在那个群里发，不能在私信里发。
which-community = 这个群属于哪个社区？回复数字就行：
room-name-community = 我照看不止一个社区，请把您社区的名字写在前面，这样发：`！这是 社区名 3号楼`。名字拿不准，问问社区管理员。
room-asked = 收到。已私信请社区管理员点头，同意了我就在这里说一声。
room-already-asked = 已经问过社区管理员了，等他们点头就好。
room-no-stewards = 这个社区还没设管理员，没人能点头。请找装我的人设一位。
room-request = 🏠 **{ $by } 想把一个群登记为“{ $name }”**
    是您社区的群吗？点 ✅ 同意 或 ❌ 不同意，也可以回复 `同意`、`不同意`。
room-request-over = { $asker } 登记“{ $name }”：{ $how ->
        [approved] ✅ { $by } 已办好
        [withdrawn] { $by } 自己撤回了，不用管了
       *[rejected] ❌ { $by } 没有同意
    }
room-request-gone = 🏠 登记“{ $name }”的事已经了结：提出的邻居注销了。
room-rejected = 社区管理员没有同意把那个群登记为“{ $name }”。请直接和管理员说一声。
room-nothing-asked = 现在没有等您点头的登记。
room-several-asked = 有好几个登记在等您，请在那条消息下面点 ✅ 或 ❌。
room-missing-name = 还缺名字。这样发：`！这是 3号楼`，兴趣群发 `！这是 兴趣群 太极拳`
room-long-name = 名字最多 30 个字。这样发：`！这是 3号楼`
room-appoint-whom = 任命谁？请 @ 一个人，这样发：`！任命 @王楼长 楼长`
room-dismiss-whom = 免去谁？请 @ 一个人，这样发：`！免去 @王楼长`
room-appoint-in-room = 这句话要在那个群里发，我才知道是哪个群的楼长。
room-appointed = 🏮 { $whom } 现在是{ $room }的楼长了，有事可以找 { $whom }。
room-already-captain = { $whom } 已经是任命过的楼长了。
room-dismissed = { $whom } 不再是{ $room }任命的楼长，谢谢一直以来的照应。
room-not-named = { $whom } 不是任命的楼长。群里权限 50 以上的人，要在群设置里改。
invite-declined = 我只接受登记过的人邀请，请找社区管理员。
invite-enough-rooms = 谢谢邀请！我已经在很多群里，照看不过来了。请找社区管理员把上限调高，再邀请我一次。
invite-enough-chats = 我们已经有私信了，请在左边的列表里找我。
room-back = 🏮 我回来了。这里还是{ $name }，心愿和积分都在。发 `！帮助` 看看能做什么。
room-parked = 📭 这一天有 { $count } 条私信或回答一直送不出去（比如对方不接私信）。
    请负责运行我的人看一下：lamplighter doctor 会说哪里不对、怎么办。

room-moved = 🏠 **群升级了，我跟着搬过来了：这里还是{ $name }。**
    登记、楼长、积分都在。{ $cards ->
        [0] 没有还开着的卡片。
       *[other] 还开着的 { $cards } 张卡片重新贴在下面，原来的报名、认领、投票都算数；旧群里的不再更新。
    }
room-undo-asked = 登记的请求撤回了。
room-undo-bound = 可这个群已经登记好了，撤不回来。登记错了，请找负责运行我的人。
room-undo-decided = 可您的回答已经照办了，收不回来。有什么不对，请找负责运行我的人。
room-undo-named = 任命收回了，不再是任命的楼长。
room-undo-unnamed = 还是任命的楼长，没有免去。
room-restored = 🕯 我在{ $moment }换回了{ $backup }的记录，之后大家说的、点的我都重新读过了，照样算数。
    要是哪张卡片不对，请再说一次，或者跟楼长说。新号码往后跳了一段，不会和以前的重。
room-card-void = 🗒 这张卡片作废了。还需要的话，请再发一次。
room-card-void-see = 🗒 这张卡片作废了，请看 { $number } 号。
    .elder = 🗒 这张卡片不算了，不用管它。
