# 语言：群里由楼长定，私信由本人定。
stewards: 赵主任
room 3号楼: 王楼长 50, 李阿姨, 张叔

李阿姨 @3号楼: ！许愿 修楼道灯
  [3号楼] 掌灯
    ✨ 心愿 1：修楼道灯
    李阿姨 想请邻居搭把手
    愿意帮忙：点 ✋ 我来，或发 ！认领 1
    ‹✋ 我来›
李阿姨 @3号楼: ！语言
  [3号楼] 掌灯
    🌐 这个群用简体中文，我给您的私信用简体中文。想换私信的，发下面的一句：
    • 简体中文：发 ！语言 简体
    • 繁體中文：發 ！語言 繁體
    • English: send !language English
张叔 @3号楼: ！language English
  [3号楼] 掌灯
    🌐 All right, my private messages to you will be in English. The group stays as it is; only a captain can change that. To go back, send !language default
张叔 @私信: 积分
  [私信 张叔] 掌灯
    💰 You have 0 points in 小街三队's love bank.
    To see where they came from, send points history.
李阿姨 @私信: 語言 繁體
  [私信 李阿姨] 掌灯
    🌐 好的，以後我用繁體中文和您說話。想換回去，發 ！語言 跟隨
李阿姨 @私信: 我的心愿
  [私信 李阿姨] 掌灯
    ✨ 您的心願
    • 1：修楼道灯
王楼长 @3号楼: ！语言
  [3号楼] 掌灯
    🌐 这个群现在用简体中文。想换，发下面的一句：
    • 简体中文：发 ！语言 简体
    • 繁體中文：發 ！語言 繁體
    • English: send !language English
李阿姨 @3号楼: ！语言
  [3号楼] 掌灯
    🌐 这个群用简体中文，我给您的私信用繁体中文。想换私信的，发下面的一句：
    • 简体中文：发 ！语言 简体
    • 繁體中文：發 ！語言 繁體
    • English: send !language English
王楼长 @3号楼: ！语言 英文
  [3号楼] 掌灯
    ✨ Wish 1: 修楼道灯
    李阿姨 would like a neighbour's hand
    To help: tap ✋ 我来, or send !claim 1
    ‹✋ 我来›
  [3号楼] 掌灯
    🌐 All right, this group gets English from now on. To go back, send !language default
    For my private messages to you, choose in our private chat.
张叔 @3号楼: ！认领 1
  [3号楼] 掌灯
    ✨ Wish 1: 修楼道灯
    李阿姨's wish, 张叔 is helping
    When it's done: 张叔 taps ✅ 完成; when happy: 李阿姨 taps 🙏 确认
    ‹✅ 完成› ‹🙏 确认›
  [3号楼] 张叔
    ！认领 1
    ‹✅›
  [私信 李阿姨] 掌灯
    🤝 张叔 來幫您辦心願 1：修楼道灯
    請直接和 张叔 商量時間。
    辦好了發 確認 1，謝謝就送到了。
  [私信 张叔] 掌灯
    🤝 You've taken 李阿姨's wish 1: 修楼道灯
    Please agree on a time with 李阿姨.
    When it's done send done 1; if you can't after all, that's fine: release 1.
王楼长 @3号楼: ！语言 法语
  [3号楼] 掌灯
    🌐 I don't speak that one yet. These I do; send one of them:
    • 简体中文：发 ！语言 简体
    • 繁體中文：發 ！語言 繁體
    • English: send !language English
王楼长 @3号楼: ！语言 跟随
  [3号楼] 掌灯
    ✨ 心愿 1：修楼道灯
    李阿姨 的心愿，张叔 来帮忙
    帮好了：张叔 点 ✅ 完成；满意了：李阿姨 点 🙏 确认
    ‹✅ 完成› ‹🙏 确认›
  [3号楼] 掌灯
    🌐 好的，这个群又跟社区一样，用简体中文了。
    我给您的私信，请在私信里另选。
李阿姨 @私信: please speak English
  [私信 李阿姨] 掌灯
    🌐 All right, I'll write to you in English from now on. To go back, send !language default
李阿姨 @私信: language default
  [私信 李阿姨] 掌灯
    🌐 好的，我又跟社区一样，用简体中文和您说话了。
