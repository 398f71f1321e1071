# 提醒：提醒我，提醒大家。

reminder-noted = ⏰ 记下了：{ $at } 提醒您“{ $text }”。
    不用了就发 `！取消提醒 { $number }`。
reminder-now = ⏰ { $person }，到时间了：{ $text }
reminder-late = ⏰ { $person }，抱歉提醒晚了，您要我 { $at } 提醒：{ $text }
reminder-all-noted = 📢 记下了：{ $at } 在{ $room }提醒大家“{ $text }”。
    { $reach ->
        [everybody] 到时候群里大家的手机都会响。
        [asker] 您在这个群不能 @全体，所以到时候只发消息，不让大家的手机都响。
        [bot] 我在这个群还不能 @全体，所以到时候大家的手机不一定响。请群主在群设置里给我“通知所有人”的权限。
       *[unknown] 您到时候要是能在群里 @全体，大家的手机就都会响。
    }
    不用了就发 `！取消提醒 { $number }`。
reminder-all-now = 📢 **提醒大家**：{ $text }
    { $asker } 托我说的。
reminder-all-late = 📢 **提醒大家**：{ $text }
    { $asker } 托我 { $at } 说的，抱歉晚了。
reminder-all-quiet = “{ $text }”已经在{ $room }说了，但没有让大家的手机都响：您现在在那个群不能 @全体。急的话请在群里再说一声。
reminder-all-gone = “{ $text }”没有说：您已经不在{ $room }了。
reminder-all-missing = 什么时候提醒大家什么事？比如 `明晚7点 停水`。
reminder-list = ⏰ **您的提醒**
reminder-entry = • { $number }：{ $at }，{ $text }
    .elder = `取消提醒 { $number }` 不用提醒了：{ $at }，{ $text }
reminder-entry-all = • { $number }：{ $at }，提醒大家：{ $text }
    .elder = `取消提醒 { $number }` 不用提醒大家了：{ $at }，{ $text }
reminder-list-hint = 不用了就发 `取消提醒` 加号码
    .elder = 不用哪一条，回它的数字。
reminder-list-empty = 您现在没有提醒。这样发：`提醒我 明晚8点 交物业费`
reminder-cancelled = 好的，{ $number } 号提醒取消了。
reminder-no-such = 您没有 { $number } 号提醒。发 `！我的提醒` 看看（我私信告诉您）。
reminder-too-many = 一个人最多同时记 { $most } 条提醒。先取消几条，再发一次。
reminder-missing-time = 什么时候提醒您？比如 `明晚8点`。
reminder-missing-text = 提醒您什么事？比如 `交物业费`。
reminder-too-long = 提醒最多 200 个字，请短一点再发一次。
reminder-missing-number = 取消哪一条？说号码就行；号码发 `我的提醒` 看。

reminder-undo-set = 提醒 { $number } 取消了。
reminder-undo-sent = 可提醒 { $number } 已经发出去了。
reminder-undo-cancel = 提醒 { $number } 没有取消，到时候还会叫您。
reminder-undo-passed = 可提醒 { $number } 的时间已经过了。要再提醒，请重新发一条。
