# 我记着您什么，怎么忘记您。

privacy-file-name = 我的数据.txt
privacy-here = 🗂 您要的都在下面这个文件里：我记着的、关于您的全部数据。只发给您一个人。
    想让我全部忘掉，发 `忘记我`（会先问您一遍）。
privacy-neighbour = 已注销的邻居
privacy-text = （内容已删除）
privacy-no-date = 没有日期
privacy-date = { $year }年{ $moment }
privacy-missing = 文件太长，后面还有 { $lines } 行没写进来。要全部的，请找负责运行我的人。
privacy-report = 掌灯记着的、关于您的全部数据（{ $at }）
    您在我这里叫：{ $name }
    您的 Matrix 账号：{ $user }
    没有记：电话、门牌号、身份证号，也没有记您和别人的聊天。
privacy-community = ==== { $community } ====
    您在账本和记录簿里的代号：{ $pseudonym ->
        [none] 还没有
       *[other] { $pseudonym }
    }
privacy-section = 【{ $section ->
        [rooms] 群和职务
        [wishes] 心愿
        [activities] 活动和报名
        [polls] 投票
        [tasks] 任务和报到
        [reminders] 提醒
        [taps] 在卡片上点过的
        [points] 爱心积分
        [journal] 记录簿：您做过的每一步（给懂行的人核对）
       *[messages] 别的：免打扰、语言、没答完的问题、您对我说的、发给您的私信
    }】
privacy-none = 没有。
privacy-balance = 现有 { $balance } 分。
privacy-standing = { $state ->
        [open] 还开着
        [claimed] 有人帮
        [done] 说办好了
        [confirmed] 已确认
        [withdrawn] 已撤回
        [cancelled] 已取消
        [going] 已报上
        [waiting] 等着
        [closed] 已结束
        [announced] 结果已公布
        [sent] 已发出
        [asked] 问过
        [accepted] 接了
        [declined] 不便
        [silent] 没回
        [submitted] 等确认
        [rejected] 没同意
        [approved] 同意了
        [lapsed] 不办了
        [standing] 算数
        [struck] 收回了
        [named] 管理员任命
        [power] 群里权限 50 以上
        [queued] 还没送到
        [parked] 送不出去
       *[other] 记着
    }
privacy-fact = • { $about ->
        [captain] { $room }的楼长（{ $standing }{ $dated ->
            [yes] ，{ $at }
           *[no] {""}
        }）
        [request] 申请登记群“{ $text }”（{ $standing }，{ $at }）
        [wish] { $number } 号，您的心愿：{ $text }（{ $room }，{ $standing }，{ $at }）
        [help] { $number } 号，您帮的心愿：{ $text }（{ $room }，{ $standing }，{ $at }）
        [standby] { $number } 号，您候补的心愿：{ $text }（{ $room }，{ $standing }）
        [activity] { $number } 号，您发起的活动：{ $text }{ $gap }{ $extra }（{ $room }，{ $standing }，{ $at }开始）
        [seat] { $number } 号，您的报名：{ $text }，{ $amount } 人{ $gap }{ $extra }（{ $room }，{ $standing }，{ $at }开始）
        [poll] { $number } 号，您发起的投票：{ $text }（{ $extra }；{ $room }，{ $standing }，{ $at }）
        [ballot] { $number } 号，您的一票：{ $text } 投的是“{ $extra }”（{ $standing }，{ $at }）
        [task] { $number } 号，您发起的任务：{ $text }（{ $room }，{ $standing }，{ $at }开始）
        [asked] { $number } 号，问到您的任务：{ $text }（{ $room }，{ $standing }{ $dated ->
            [yes] ，{ $at }
           *[no] {""}
        }）
        [check_in] 党员报到：{ $text }（{ $standing }，{ $at }）
        [reminder] 提醒 { $number }：{ $text }（{ $standing }，{ $at }）
        [tap] { $number } 号卡片上的 { $extra }（{ $standing }）
        [helper] 您的帮手：{ $text }（{ $at }）
        [helps] 您是帮手：帮 { $text }（{ $at }）
        [no_proxy] 不要别人代您办事（{ $at }）
        [voice] 您留过语音（{ $room }，{ $at }）
        [acted_for] { $at } { $text } 代您办过事（{ $standing }）
        [acted] { $at } 您代 { $text } 办过事（{ $standing }）
        [practice] { $at } 练习到一半
        [ranked] 愿意上爱心榜（{ $at }）
        [link] { $at }　{ $text }　{ $number } 号
        [quiet] 免打扰，{ $dated ->
            [yes] 到：{ $at }
           *[no] 直到您取消
        }
        [elder] 长辈模式
        [language] 您选的语言：{ $text }
        [question] { $at } 问过您：{ $text }
        [command] { $at } 您发过：{ $text }
        [decided] 您定过 { $amount } 次党员报到
       *[message] { $at } 发给您（{ $standing }）：{ $text }
    }
privacy-how-long = 【留多久】
    • 您发给我的话（删掉时好照着撤）、发给您的私信原文、已经过去的提醒写了什么、收到过哪些消息的编号：{ $days } 天
    • 其他的：一直留着，直到您发“忘记我”
    • 聊天记录本身存在 Matrix 服务器上，不归我管
privacy-ask = ⚠️ **忘记我：请先看清楚，删了就找不回来。**
    会删掉：您的名字和账号，您写的心愿、活动、投票、任务、提醒和备注，您的报名和还没出结果的投票。
    没办完的：您的心愿撤回，您接的事交还，报名退出（您替邻居报的也退），您发起的活动和任务取消，您发起的投票马上结束。
    会留下：爱心银行的账（不写名字），别人做过的事，已出结果的票数。
    群里发过的话存在 Matrix 服务器上，我只能把卡片上您的名字改成“已注销的邻居”；旧备份里的，要等旧备份删掉。
privacy-ask-balance = • { $community }的 { $balance } 分会作废，转不走。
privacy-ask-known = • 您是楼长或管理员：群的设置（或我的配置）里还写着您，之后我在群里还会认出您。
privacy-ask-question = 想先留一份，发 `我的数据`。想好了就在这里回复数字：
    1 忘记我
    2 先不
privacy-nothing-erased = 好的，什么都没删。
privacy-goodbye = 🏮 都忘掉了。谢谢您这些日子的照应，我这就离开这个私聊。
    哪天想再来，在群里叫我就行，我会当您是新邻居。
