# 党员任务。

task-half-day = { $date }{ $half ->
        [dawn] 清早
        [morning] 上午
        [noon] 中午
        [afternoon] 下午
       *[evening] 晚上
    }
task-ask = 🚩 **任务 { $number }：{ $text }**
    时间：{ $when }
    { $starter } 想请您搭把手
task-ask-places = 🚩 **任务 { $number }：{ $text }**
    时间：{ $when }
    { $starter } 想请 { $places } 位党员搭把手
task-ask-hint = 能来点 ✅ 接，来不了点 ❌ 不便（只有 { $starter } 知道）；也可以回 `接 { $number }`、`不便 { $number }`
task-ask-accepted = ✅ 您接下了，谢谢！来不了就点 ❌ 不便
task-ask-declined = 好的，这次不麻烦您，只有 { $starter } 知道。又能来了就点 ✅ 接
task-over = 🚩 任务 { $number }（{ $text }）取消了，不用去了
task-called-off = 任务 { $number }（{ $text }，{ $when }）取消了，您不用去了。谢谢您！
task-status = 🚩 **任务 { $number }：{ $text }**
    时间：{ $when }；接下的 { $accepted } 人
task-status-places = 🚩 **任务 { $number }：{ $text }**
    时间：{ $when }；接下的 { $accepted }/{ $places } 人
task-status-waiting = { $at } 私信 { $count } 位党员；谁接、谁不便，都显示在这里，只有您看得到
task-status-cancelled = ❌ 已取消
task-accepted = ✅ 接（{ $count }）：
task-declined = ❌ 不便（{ $count }）：
task-silent = … 还没回（{ $count }）：
task-cancelled-by = 任务 { $number }（{ $text }，{ $when }）由社区管理员 { $who } 取消了；接下的人，我都告诉了。
task-sent-by = 任务 { $number }（{ $text }，{ $when }）社区管理员 { $who } 让我现在就问大家，不等晚上了。
task-full = 🎉 任务 { $number }（{ $text }，{ $when }）人齐了
task-too-early = 任务 { $number }（{ $text }）{ $when } 就开始，等不到晚上（{ $at }）再问大家。
    要现在就私信党员，发 `立即 { $number }`；不办了发 `取消任务 { $number }`。
task-refused = { $why ->
        [full] 谢谢您！任务 { $number }（{ $text }）人已经够了，这次不用来，下次再请您。
        [begun] 任务 { $number }（{ $text }）已经开始了。要去就直接找 { $starter }。
        [cancelled] 任务 { $number }（{ $text }）已经取消了，不用去了。谢谢您！
        [not-asked] 任务 { $number } 没有问到您。想参加就直接找 { $starter }。
       *[not-starter] 任务 { $number } 是 { $starter } 发起的，要由 { $starter } 或社区管理员来取消。
    }
task-not-allowed = 党员任务要由社区管理员，或登记过的楼栋群的楼长来发。
task-no-members = 这个社区还没有党员报到。请党员先私信我 `报到`。
task-not-yours = 任务 { $number } 是 { $starter } 发起的，谁来谁不来只有 { $starter } 看得到。
task-not-waiting = 任务 { $number } 已经发出、取消或开始了。
task-other-kind = { $number } 号不是任务。号码在您的私信里，这样发：`任务 12`
    .elder = 没有找到这个任务。
task-missing-all = 还缺内容。这样发：`！任务 党员 周六上午清楼道 8人`
task-missing-members = 任务发给谁？现在能发给党员，这样发：`！任务 党员 周六上午清楼道 8人`
task-missing-time = 还缺时间。这样发：`！任务 党员 周六上午清楼道 8人`
task-missing-text = 要做什么？这样发：`！任务 党员 周六上午清楼道 8人`
task-too-long = 任务最多 200 个字，请短一点再发一次。
task-unreadable-number = 哪一个任务？号码在您的私信里，这样发：`立即 12`、`取消任务 12`

task-undo-post = 任务 { $number } 取消了，还没有人接。
task-undo-accepted = 可任务 { $number } 已经有人接了，或者已经开始。要取消，发 `取消任务 { $number }`
task-undo-sent = 可任务 { $number } 已经在问大家了。要取消，发 `取消任务 { $number }`
task-undo-cancelled = 可任务 { $number } 已经取消，收不回来。还需要，请重新发一条。
task-undo-answer = 任务 { $number } 的回答收回了。想好了再点 ✅ 接 或 ❌ 不便。
