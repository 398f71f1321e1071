# 活动报名。

activity-card = 📅 **活动 { $number }：{ $title }**
    时间：{ $when }
activity-card-place = 地点：{ $place }
activity-card-organiser = 发起：{ $organiser }
activity-nobody = 还没有人报名
activity-nobody-of = 还没有人报名（共 { $capacity } 个名额）
activity-going = 已报 { $going } 人：
activity-going-of = 已报 { $going }/{ $capacity } 人：
activity-waiting = 候补 { $over } 人：
activity-place = { $place }.
activity-seat = { $company ->
        [alone] { $name }
        [adults] { $name }（{ $size }人）
        [children] { $name }（{ $adults }大{ $children }小）
        [guest-adults] { $guest }（{ $size }人，{ $name }代报）
        [guest-children] { $guest }（{ $adults }大{ $children }小，{ $name }代报）
       *[guest] { $guest }（{ $name }代报）
    }
activity-note = （{ $note }）
activity-more = ，还有 { $rest } 人
activity-card-daytime = 🌙 这天是工作日白天，多数邻居在上班。发起人点 🌙 就改到晚上 19:30。
activity-card-hint = { $state ->
        [open] 想来：点 ✅ 报名，或发 `报名 { $number }`；不来了发 `退出 { $number }`
        [begun] 已经开始了，报名到此为止
       *[cancelled] ❌ 活动取消了
    }
    .elder = { $state ->
        [open] 想来：点一下 ✅，就报上名了。不来了：再点一下。
        [begun] 已经开始了
       *[cancelled] ❌ 活动取消了
    }

activity-roster = 📋 **活动 { $number }：{ $title }**
    时间：{ $when }
activity-roster-piece = 📋 **活动 { $number } 的名单（{ $piece }/{ $pieces }）**
activity-moved-up = 🎉 { $who }，有空位了，您从候补转为正式：活动 { $number }（{ $title }），{ $when }。
    来不了的话发 `退出 { $number }`。
activity-moved-up-guest = 🎉 { $who }，有空位了，{ $guest } 从候补转为正式：活动 { $number }（{ $title }），{ $when }。
    来不了的话发 `退出 { $number } { $guest }`。
activity-cancelled = ❌ **活动 { $number } 取消了：{ $title }**
    原定 { $when }。已报名和候补的邻居，请不用来了：
activity-moved = 🕖 **活动 { $number } 改时间了：{ $title }**
    新时间：{ $when }。名额都替您留着；新时间来不了的，发 `退出 { $number }`：
activity-reminder = ⏰ **今天有活动 { $number }：{ $title }**
    时间：{ $when }
activity-entry = • { $number }：{ $title }，{ $when }，已报 { $going } 人
activity-entry-of = • { $number }：{ $title }，{ $when }，已报 { $going }/{ $capacity } 人
activity-list = { $which ->
        [mine] 📅 **您报了名的活动**
        [days] 📅 **{ $when }的活动**
       *[all] 📅 **接下来的活动**
    }
activity-list-hint = 想来就发 `报名` 加号码
    .elder = 想去：点一下卡片上的 ✅
activity-list-empty = { $which ->
        [mine] 您还没有报名的活动。发 `活动列表` 看看有什么。
        [days] { $when }还没有活动。发 `活动列表` 看看别的日子。
       *[all] 接下来还没有活动。想发起就发 `！活动 包饺子 周六晚7点 活动室 20人` 这样一句。
    }
    .elder = 接下来还没有活动。

activity-missing-all = 想办什么活动，什么时候，在哪儿？比如 `包饺子 周六晚7点 活动室 20人`。
activity-missing-time = 哪天几点开始？比如 `周六晚7点`。
activity-missing-title = 活动叫什么？比如 `包饺子`。
activity-too-long = 名字和地点各自最多 60 个字，请短一点再发一次。
activity-wrong-capacity = 名额要在 1 到 9999 之间。不限人数就不用写。
activity-unreadable-party = 没看懂是几个人。这样发：`！报名 12`、`！报名 12 +1`、`！报名 12 2大1小`
activity-missing-name = 替谁报名？说个名字，比如 `王奶奶`。
activity-one-name = 一次替一位邻居报名。这样发：`！代报名 王奶奶`，再发下一位。
activity-unreadable-name = 名字最多 12 个字，要有文字。这样发：`！代报名 王奶奶`
activity-unreadable-number = 号码没看懂。号码在卡片上，这样发：`！名单 12`
activity-missing-new-time = 改到哪天几点？比如 `周日晚7点半`。
activity-other-kind = { $number } 号不是活动。发 `！活动列表` 看看有哪些活动。
    .elder = 没有找到这个活动。
activity-none-open = 现在没有可以报名的活动。发 `！活动列表` 看看，或带上号码，比如 `！报名 12`。
    .elder = 现在没有可以报名的活动。
activity-several-fit = 有好几个活动，请带上号码，比如 `！报名 { $number }`：
    .elder = 有好几个活动，请点您要的那张卡片：
activity-refused = { $why ->
        [cancelled] 活动 { $number }（{ $title }）已经取消了。发 `！活动列表` 看看别的。
        [begun] 活动 { $number }（{ $title }）已经开始了，名单不能再改。直接去现场问问吧。
        [already-in] 您已经报上活动 { $number } 了（{ $size } 人）。要改人数发 `！报名 { $number } +1`，不来了发 `！退出 { $number }`。
        [guest-already-in] { $guest } 已经报上活动 { $number } 了。不来了发 `！退出 { $number } { $guest }`。
        [not-in] 您还没报活动 { $number }（{ $title }）。想来就发 `！报名 { $number }`。
        [guest-not-in] 您没有替 { $guest } 报过活动 { $number }。发 `！名单 { $number }` 看看。
        [not-organiser] 活动 { $number } 是 { $organiser } 发起的，要由 { $organiser } 或楼长来改。
        [party-too-big] 一次最多报 { $party } 人。人更多，请和发起人 { $organiser } 商量。
        [bigger-than-capacity] 活动 { $number } 一共只有 { $capacity } 个名额，请少报几位。
        [not-enough-left] 活动 { $number } 只剩 { $left } 个名额，加不了这么多人。您原来的名额还在。
        [too-many-guests] 一个人最多替 { $guests } 位邻居报名。再多，请他们自己发一句 `报名`。
        [same-time] 活动 { $number } 本来就是 { $when }。
       *[time-passed] 这个时间已经过去了。这样发：`！改到 周日晚7点半 { $number }`
    }

activity-on-list = { $how ->
        [neighbour] { $guest } 已经在活动 { $number } 的名单上了，是 { $by } 代报的。
       *[own] { $guest } 已经在活动 { $number } 的名单上了。
    }
    要是同名的另一位，名字后面加上楼号再报一次。
activity-undo-post = 活动 { $number } 取消了。
activity-undo-join = 活动 { $number } 的报名也取消了。还想来，发 `！报名 { $number }`
activity-undo-resize = 活动 { $number } 的人数改回原来的了。
activity-undo-leave = 活动 { $number } 的名额还在，不算退出。
activity-undo-leave-waiting = 不算退出，可活动 { $number } 的名额已经满了，先排在候补里，有空位就通知您。
activity-undo-move = 活动 { $number } 改回原来的时间了。
activity-undo-begun = 可活动 { $number } 已经开始，改不了了。请直接和组织的邻居说一声。
activity-undo-no-places = 可活动 { $number } 剩的名额不够，人数改不回去了。名单发 `！名单 { $number }` 看。
activity-undo-time-passed = 可活动 { $number } 原来的时间已经过了，改不回去。换个时间发 `！改到 晚上7点半 { $number }`
activity-undo-cancelled = 可活动 { $number } 取消的消息已经告诉大家了，收不回来。还想办，请重新发 `！活动`

activity-chain = #接龙
    { $title } { $when }
activity-chain-capacity = 限{ $capacity }人
activity-chain-line = { $line }
activity-chain-file = 接龙.txt
activity-chain-difference = 📋 接龙和**活动 { $number }：{ $title }**的名单对过了。
activity-chain-new = 要加上：
activity-chain-resized = 人数要改：
activity-chain-noted = 名字后面的话要改：
activity-chain-missing = 接龙里没写，名单上照旧留着：
activity-chain-entry = { $before ->
        [0] { $size ->
            [1] { $name }
           *[other] { $name }（{ $size }人）
        }
       *[other] { $name }（{ $before }人改为{ $size }人）
    }
activity-chain-ask = 照这样改名单吗？回复数字，或点下面的数字：
    1 照改
    2 不改
activity-chain-same = 接龙里的人，名单上都有了，不用改。
activity-chain-unread = 接龙里有 { $count } 行我没看出谁要来，没算上：
activity-chain-unread-here = 有 { $count } 行我没看出谁要来，没算上。
activity-chain-head-stays = 时间和名额没有跟着接龙改。要改时间，发 `改到 周日晚7点 { $number }`。
activity-chain-one-at-a-time = 一条消息里有两个接龙，我怕弄混。请分开贴，一次一个。
activity-chain-several = 这条接龙比名单多出 { $count } 个人。我只认您自己那一行：只加上自己再贴一遍，或者直接发 `报名 { $number }`。
activity-chain-nothing-new = 没看到您新加的一行。在最后写上自己的名字再贴一遍，或者直接发 `报名 { $number }`。
activity-chain-unreadable = 接龙收到了，可我没看出是什么活动、哪天几点。请把第一行写全再贴一遍，比如 `！接龙 包饺子 周六晚7点 活动室`，下面照旧一人一行。
activity-chain-when = 接龙收到了。哪天几点呢？直接告诉我就行，比如：周六晚7点。
activity-undo-enrol = 活动 { $number } 的名单改回来了：照接龙加上的都拿掉了，改过人数的也改回去了。
