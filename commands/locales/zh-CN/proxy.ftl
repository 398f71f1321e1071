# 代办和帮手。

proxy-mark = （代）
proxy-done = 🤝 **{ $by } 代您办了一件事**
    { $known ->
        [yes] { $what }（{ $about }）
       *[no] { $what }
    }
    不对的话，点下面的 ↩️ 撤销，或回 `撤销`。
    以后都想自己来，发 `不要代我`。
proxy-over = 🤝 { $by } 代您办的那件事收回了。
proxy-undone-by-them = { $whom } 把您刚才代办的事撤销了。要不要再办，请先问一声。
proxy-nothing-to-undo = 没有别人代您办过、还能撤销的事。您自己发的，把那条消息删掉就撤回了。
proxy-undone-before = 这件事已经撤销了。
proxy-refused = { $why ->
        [oneself] 给自己办不用“代”，直接发就行，例如 `！报名 5`
        [own] 这件事要 { $whom } 本人来。能代的有：许愿、认领、放弃、完成、撤回、报名、退出、长辈模式。
        [forbidden] { $whom } 想自己来，不用代。您可以过去搭把手，一起点。
       *[not-helper] 要先是 { $whom } 的帮手才能代。请 { $whom } 在群里发 `！帮手 @您的名字`，或请楼长帮忙。
    }
proxy-own-interest = 这个心愿您自己是一方，不能再代另一方。请本人来说，或请楼长帮忙。
proxy-unknown = 我在这里还没见过“{ $name }”。请在群里 @ 一下本人再发一次。
    没有账号的邻居，现在可以代报名：`！代报名 { $name }`；别的以后会学。
proxy-which = 叫这个名字的不止一位，是哪位？请回数字：
proxy-which-option = { $digit } { $name }（{ $user }）
proxy-unreadable = 要代谁办什么？这样发：`！代王奶奶 报名 5`
proxy-helper-whom = 请谁做帮手？在群里这样发：`！帮手 @小李`
proxy-end-helper-whom = 不用谁做帮手了？这样发：`！取消帮手 @小李`
proxy-helper-named = { $whose ->
        [theirs] 🤝 好的，{ $helper } 是 { $whom } 的帮手了，可以代 { $whom } 许愿、报名。我已经告诉 { $whom }，不愿意随时能撤销。
       *[yours] 🤝 好的，{ $helper } 是您的帮手了，可以代您许愿、报名。每办一件我都马上告诉您，您都能撤销。
    不要了就发 `取消帮手 @名字`。
    }
proxy-helper-already = { $whose ->
        [theirs] { $helper } 已经是 { $whom } 的帮手了。
       *[yours] { $helper } 已经是您的帮手了。
    }
proxy-helper-unknown = 您的帮手里没有“{ $name }”。都有谁，发 `谁是我的帮手` 看看。
proxy-unknown-helper = 我在这里还没见过“{ $name }”。请在群里 @ 一下本人再发一次。
proxy-you-help = 🤝 您是 { $whom } 的帮手了，谢谢您。
    这样代办：`！代{ $name } 报名 5`。每办一件，本人都会收到私信。
proxy-helper-ended = { $whose ->
        [theirs] 好的，{ $helper } 不再是 { $whom } 的帮手了。
       *[yours] 好的，{ $helper } 不再是您的帮手了。
    }
proxy-helper-none = { $whose ->
        [theirs] { $helper } 不是 { $whom } 的帮手。
       *[yours] { $helper } 不是您的帮手。
    }
proxy-helpers = 🤝 **您的帮手**
proxy-helpers-line = • { $helper }（不用了就发 `取消帮手 { $name }`）
proxy-helpers-none = 您还没有帮手。想请一位，在群里发 `！帮手 @小李`
proxy-helpers-forbidden = 您说过不要别人代办，所以现在谁也不能代。想恢复发 `可以代`。
proxy-forbidden = 好的，谁也不能代您办事了，楼长和帮手也不行。
    想恢复就发 `可以代`。
proxy-allowed = 好的，楼长和您的帮手又可以代您办事了。每办一件我都马上告诉您。
proxy-undo-named = 帮手没请。
proxy-undo-ended = 还是您的帮手，和原来一样。
proxy-undo-forbade = 楼长和您的帮手还可以代您。
proxy-undo-allowed = 还是谁也不能代您。
