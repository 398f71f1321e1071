# 语音。

voice-cannot-hear = 🎤 对不起，我还听不懂语音。
    请打字告诉我，或点键盘上的话筒，说的话会变成字。
    { $day ->
        [today] 今天晚上
       *[tomorrow] 明天晚上
    }我会告诉楼长您留了语音。
voice-cannot-hear-alone = 🎤 对不起，我还听不懂语音。
    请打字告诉我，或点键盘上的话筒，说的话会变成字。
voice-left = 🎤 **{ $room } 有邻居留了语音，我听不懂**
voice-left-here = 在群里：
voice-left-privately = 在和我的私聊里：
voice-left-more = 还有 { $more } 位。
voice-name = { $person }
voice-left-hint = 麻烦您问一声要办什么。您可以代办，例如 `代王奶奶 许愿 修灯`
