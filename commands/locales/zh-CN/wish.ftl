# 心愿。

wish-card = ✨ **心愿 { $number }：{ $text }**
    { $state ->
        [open] { $wisher } 想请邻居搭把手
        [claimed] { $wisher } 的心愿，{ $helper } 来帮忙
        [done] { $helper } 说办好了，等 { $wisher } 确认
        [confirmed] 🎉 已实现：{ $helper } 帮 { $wisher } 办好了
       *[withdrawn] { $wisher } 已撤回，谢谢大家
    }
wish-card-proxy = 🤝 由别人代 { $wisher } 发的
wish-card-standbys = 另有 { $count } 位邻居愿意候补
wish-card-hint = { $state ->
        [open] 愿意帮忙：点 ✋ 我来，或发 `！认领 { $number }`
        [claimed] 帮好了：{ $helper } 点 ✅ 完成；满意了：{ $wisher } 点 🙏 确认
        [done] { $wisher } 请点 🙏 确认，或发 `！确认 { $number }`
        [confirmed] 经过：发 `！轨迹 { $number }`
       *[withdrawn] 经过：发 `！轨迹 { $number }`
    }
    .elder = { $state ->
        [open] 愿意帮忙：点一下 ✋
        [claimed] { $helper } 帮好了，点 ✅。{ $wisher } 满意了，点 🙏。
        [done] { $wisher } 满意了，请点一下 🙏
        [confirmed] 谢谢大家！
       *[withdrawn] 不用帮了
    }

wish-introduce = 🤝 **您接下了 { $wisher } 的心愿 { $number }：{ $text }**
    请直接和 { $wisher } 商量时间。
    办好了发 `完成 { $number }`；来不了也没关系，发 `放弃 { $number }`。
wish-introduced = 🤝 **{ $helper } 来帮您办心愿 { $number }：{ $text }**
    请直接和 { $helper } 商量时间。
    办好了发 `确认 { $number }`，谢谢就送到了。
wish-standing-by = 🤝 **您是心愿 { $number } 的候补：{ $text }**
    现在 { $helper } 在帮。{ $helper } 来不了的话，我再私信问您。
    不想等了，发 `放弃 { $number }`。
wish-overtaken = 🤝 **心愿 { $number }：{ $text }**
    { $helper } 说得比您早，只是消息刚刚才读到，所以这次由 { $helper } 来帮。
    您是第一候补：{ $helper } 来不了的话，我先私信问您。不想等了，发 `放弃 { $number }`。
wish-reopened = { $by } 来不了了，心愿 { $number }（{ $text }）又在等邻居帮忙。
    不需要了就发 `撤回 { $number }`。
wish-finished = { $helper } 说心愿 { $number }（{ $text }）办好了。
    满意的话发 `确认 { $number }`；还没办好，就和 { $helper } 说一声。
wish-taken-back = { $wisher } 撤回了心愿 { $number }（{ $text }），您不用去了。谢谢您！
wish-offer = 💡 **心愿 { $number } 又缺人了：{ $text }**
    您是候补。能帮 { $wisher } 吗？
    点 ✅ 接 或 ❌ 不便，也可以发 `接 { $number }`、`不便 { $number }`。
wish-offer-over = { $how ->
        [accepted] ✅ 心愿 { $number }（{ $text }）您接下了，谢谢！
        [declined] 好的，心愿 { $number }（{ $text }）不麻烦您了。别人看不到。
       *[lapsed] 心愿 { $number }（{ $text }）不用麻烦您了，谢谢您愿意帮忙。
    }

wish-thanks = 🎉 **谢谢 { $helper }！**帮 { $wisher } 实现了心愿 { $number }：{ $text }
wish-thanks-points = 🎉 **谢谢 { $helper }！**帮 { $wisher } 实现了心愿 { $number }：{ $text }
    爱心积分 +{ $points }。发 `！积分` 看您的积分（我私信告诉您）。

wish-entry = • { $number }：{ $text }{ $state ->
        [open] {""}
        [claimed] {" "}（有人来帮）
        [done] {" "}（等确认）
        [confirmed] {" "}（已实现）
       *[withdrawn] {" "}（已撤回）
    }
wish-list = ✨ **还没人接的心愿**
wish-list-more = ……还有 { $more } 个
wish-list-hint = 愿意帮忙：发 `！认领` 加号码
    .elder = 愿意帮忙：点一下卡片上的 ✋
wish-list-empty = 现在没有等人帮忙的心愿。有心愿就发 `！许愿 修灯` 这样一句。
    .elder = 现在没有等人帮忙的事。自己有事，发 `许愿`。
wish-mine-posted = ✨ **您的心愿**
wish-mine-helping = 🤝 **您在帮的忙**
wish-mine-empty = 您现在没有心愿，也没有在帮的忙。有心愿就发 `许愿 修灯` 这样一句。
    .elder = 您现在没有请人帮的事，也没有在帮的事。有事就发 `许愿`。

wish-missing-text = 想请邻居帮什么忙？比如 `换楼道的灯泡`。
    .elder = 想请邻居帮什么忙？说一句就行。
wish-too-long = 心愿最多 500 个字，请短一点再发一次。
wish-without-words = 心愿里要有几个字，邻居才看得懂。这样发：`！许愿 帮我换楼道的灯泡`
wish-unreadable-number = 号码没看懂。号码在卡片上，这样发：`！认领 12`
wish-other-kind = { $number } 号不是心愿。发 `！心愿列表` 看看有哪些心愿。
    .elder = 没有找到这件事。
wish-none-fits = 现在没有合适的心愿。发 `！心愿列表` 看看，或在刚才那句话后面带上卡片上的号码。
wish-several-fit = 有好几个，请带上号码，比如 `！{ $word } { $number }`：
    .elder = 有好几件事，请点您要的那张卡片：
wish-refused = { $why ->
        [own-wish] 心愿 { $number } 是您自己的，等邻居来帮吧。不需要了就发 `！撤回 { $number }`。
        [not-wisher] 心愿 { $number } 要由 { $wisher } 来说。
        [not-helper] 心愿 { $number } 是 { $helper } 在帮，要由 { $helper } 来说。
        [not-claimed] 心愿 { $number } 还没有邻居接。愿意帮忙的邻居可以发 `！认领 { $number }`。
        [already-done] { $helper } 说心愿 { $number } 已经办好了，等 { $wisher } 发 `！确认 { $number }`。
        [over] 心愿 { $number } 已经实现了，谢谢 { $helper }。
        [gone] 心愿 { $number } 已经由 { $wisher } 撤回了。
       *[not-offered] 心愿 { $number } 现在没有在问您。想帮忙就发 `！认领 { $number }`。
    }

wish-undo-post = 心愿 { $number } 撤回了。
wish-undo-claim = 心愿 { $number } 的帮忙也取消了。还想帮，发 `！认领 { $number }`
wish-undo-release = 心愿 { $number } 还算您的一份，没有放弃。
wish-undo-finish = 心愿 { $number } 又回到“帮忙中”。办好了再发 `！完成 { $number }`
wish-undo-confirmed = 心愿 { $number } 已经确认，谢谢和积分都送到了，撤不回来。有什么不对，请找楼长。
wish-undo-withdrawn = 心愿 { $number } 撤回了就不再开。还需要，请重新发 `！许愿` 加内容。
wish-undo-declined = 心愿 { $number } 已经去问下一位了，“不便”收不回来。还想帮，发 `认领 { $number }`
wish-undo-done = 心愿 { $number } 已经有人办好，撤不回来了。满意的话发 `！确认 { $number }`
wish-undo-taken = 心愿 { $number } 已经有别的邻居接了。想排队候补，发 `！认领 { $number }`
wish-undo-free = 心愿 { $number } 现在空着，候补不用排了。想帮忙，发 `！认领 { $number }`
