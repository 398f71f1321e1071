# Which language is spoken.

tongue-name = { $language ->
        [zh-CN] simplified Chinese
        [zh-Hant] traditional Chinese
       *[en] English
    }
tongue-which = 🌐 { $whose ->
        [room] This group gets { $name }. To change that, send one of these:
        [group] This group gets { $around }, and my private messages to you are in { $name }. To change those, send one of these:
       *[person] I'm writing to you in { $name }. To change that, send one of these:
    }
tongue-choice = • English: send `!language English`
tongue-room = 🌐 All right, { $how ->
        [follows] this group gets { $name } again, like the rest of the community.
       *[chosen] this group gets { $name } from now on. To go back, send `!language default`
    }
    For my private messages to you, choose in our private chat.
tongue-yours = 🌐 All right, { $how ->
        [follows] I'll write to you in { $name } again, as everywhere in the community.
       *[chosen] I'll write to you in { $name } from now on. To go back, send `!language default`
    }
tongue-yours-from-room = 🌐 All right, { $how ->
        [follows] my private messages to you are in { $name } again, as everywhere in the community.
       *[chosen] my private messages to you will be in { $name }. The group stays as it is; only a captain can change that. To go back, send `!language default`
    }
tongue-unknown = 🌐 I don't speak that one yet. These I do; send one of them:

tongue-undo = the language is as it was before.
