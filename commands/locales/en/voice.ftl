# Voice messages.

voice-cannot-hear = 🎤 I'm sorry, I can't understand voice messages yet.
    Please type, or tap the microphone on your keyboard: it turns speech into text.
    { $day ->
        [today] This evening
       *[tomorrow] Tomorrow evening
    } I'll tell a captain that you left one.
voice-cannot-hear-alone = 🎤 I'm sorry, I can't understand voice messages yet.
    Please type, or tap the microphone on your keyboard: it turns speech into text.
voice-left = 🎤 **Neighbours of { $room } left voice messages, which I can't understand**
voice-left-here = In the group:{" "}
voice-left-privately = In their chat with me:{" "}
voice-left-more = And { $more } more.
voice-name = { $person }
voice-left-hint = Please ask them what they need. You can do it for them, for example `for Mrs Wang: wish mend the lamp`
