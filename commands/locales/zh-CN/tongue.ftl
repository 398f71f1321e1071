# 用哪种语言说话。

tongue-name = { $language ->
        [zh-CN] 简体中文
        [zh-Hant] 繁体中文
       *[en] 英文
    }
tongue-which = 🌐 { $whose ->
        [room] 这个群现在用{ $name }。想换，发下面的一句：
        [group] 这个群用{ $around }，我给您的私信用{ $name }。想换私信的，发下面的一句：
       *[person] 您这里现在用{ $name }。想换，发下面的一句：
    }
tongue-choice = • { $language ->
        [zh-Hant] 繁体中文：发 `！语言 繁体`
       *[zh-CN] 简体中文：发 `！语言 简体`
    }
tongue-room = 🌐 好的，这个群{ $how ->
        [follows] 又跟社区一样，用{ $name }了。
       *[chosen] 以后用{ $name }。换回去发 `！语言 跟随`
    }
    我给您的私信，请在私信里另选。
tongue-yours = 🌐 好的，{ $how ->
        [follows] 我又跟社区一样，用{ $name }和您说话了。
       *[chosen] 以后我用{ $name }和您说话。想换回去，发 `！语言 跟随`
    }
tongue-yours-from-room = 🌐 好的，{ $how ->
        [follows] 我给您的私信又跟社区一样，用{ $name }了。
       *[chosen] 以后我给您的私信用{ $name }。群里的话不变，要换请跟楼长说。想换回去，发 `！语言 跟随`
    }
tongue-unknown = 🌐 这种语言我还不会。我会这几种，照着发一句就行：

tongue-undo = 语言换回原来的了。
