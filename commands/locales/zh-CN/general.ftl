# 各处共用的话。`反引号`里的是可以照着打的字，**星号**里的是粗体。

moment = { $month }月{ $day }日（{ $weekday ->
        [1] 周一
        [2] 周二
        [3] 周三
        [4] 周四
        [5] 周五
        [6] 周六
       *[7] 周日
    }）{ $time }
date = { $month }月{ $day }日（{ $weekday ->
        [1] 周一
        [2] 周二
        [3] 周三
        [4] 周四
        [5] 周五
        [6] 周六
       *[7] 周日
    }）
person = { $person }
name = { $name }
time-past = 这个时间已经过去了，请换一个还没到的时间再发一次。
time-past-day = 这一天（或这个时间）已经过去了，请换一个还没到的时间再发一次。
time-no-such-day = 没有这一天或这个钟点，请看看日期再发一次，比如 `周六晚7点半`。
time-end-before-start = 结束时间在开始时间前面了，请改一下再发一次，比如 `晚7点到9点`。
time-weekday-differs = 日期和星期对不上，请看看日历再发一次。
time-recurring = 我现在只会记一次，还不会每天、每周重复。请说一个日子，比如 `明晚8点`。
time-too-far = 这个时间太远了，最多提前 400 天，请换一个近一点的。
list-separator = 、
erased = 已注销

did-you-mean = 您是想发 `！{ $word }` 吗？照这样再发一遍就行。
unknown = 我没看懂。发 `！帮助`，看看我能做什么。
not-bound = 这个群还没登记，我先帮不上忙。请楼长发 `！这是 3号楼`（换成本楼的名字）。
no-shared-room = 我还没和您在同一个登记过的群里。请先进楼里的群，再来找我。
which-room = 您说的是哪个群？回复数字就行：
which-room-option = { $digit } { $name }
not-allowed = { $role ->
        [steward] 这件事要社区管理员来做。
       *[captain] 这件事要楼长来做，请跟楼长说一声。
    }
no-such-number = 没有 { $number } 号。号码写在卡片上，请看看再发一次。
number-elsewhere = { $number } 号是别的群的事，请到那个群里说。
too-fast = { $who ->
        [tapper] 您点得太快了，我先歇一两分钟。最后几下可能没算上：取消了再点一次就好。
        [room] 大家说得太快了，我先歇一两分钟。没等到回答的请过会儿再发一次；直接点卡片的一直都算数。
       *[person] 您发得太快了，我先歇一两分钟。没等到回答的，请过会儿再发一次。
    }
faulted = 抱歉，出错了（编号 { $code }），刚才的话没有算数。请过一会儿再发一次；还不行，就把编号告诉管理员。
look-left = { $person }，私信已发，请在左边接受邀请。
cannot-tell = { $person }，我给您发私信没发成。请在左边点我的头像，给我发一句“你好”，我就能回您了。
pick-one = 请回复 1 到 { $count } 中的一个数字。

taken-back = ↩️ { $who } 的那句话删掉了：
taken-back-yours = ↩️ 那句话您删掉了：
card-gone = ↩️ { $who } 删掉了卡片：
edited = ✏️ 改过的消息我不重算，算数的还是原来那句：“{ $text }”
    { $how ->
        [take-back] 要改：把那条消息删掉，能撤的我照着撤，再重新发一条。
       *[ask-anew] 想问别的，请重新发一条。
    }
edited-say-anew = ✏️ 改过的消息我不当真。请把这句话重新发一条，我马上办。
late-answer = ⏳ { $person }，您{ $when }发来的，现在才回上：
card-moved = 👇 这张卡片改了很多次，我在下面重新发了一张。点这里的也算数。
card-moved-link = 去看新的卡片
