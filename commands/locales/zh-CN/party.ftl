# 党员报到。全部走私信。

party-request = 🚩 **{ $by } 想以党员身份向社区报到**
party-request-note = 备注：{ $note }
party-request-hint = 认识、属实就点 ✅ 同意，否则点 ❌ 不同意。我不在群里提。
party-request-over = 🚩 { $asker } 的报到：{ $how ->
        [confirmed] ✅ { $by } 已同意
        [rejected] ❌ { $by } 没有同意
       *[closed] 本人撤回了
    }
party-asked = 🚩 收到您的报到。已私信请楼长和社区管理员确认，我不在群里提。确认了我告诉您。
party-already-asked = 您的报到正等楼长或管理员确认，不用再发。想撤回就发 `取消报到`。
party-already-in = 您已经报到过了。不想再接任务，就发 `取消报到`。
party-confirmed = 🚩 您的报到确认了，欢迎！有任务时我会在晚上私信问您，方便就接，不便也没关系，别人看不到。
party-rejected = 您的报到这次没有通过。请直接和楼长说一声，说清楚了可以再报一次。
party-closed = 好的，您的报到撤回了，不再私信您任务。想回来就再发 `报到`。
party-not-in = 您还没有报到。党员想报到就发 `报到`，可以带上单位、特长和空闲时间。
party-too-long = 备注最多 100 个字，请短一点再发一次。
party-too-often = 这一周已经报过两次了，请先和楼长当面说一声。
party-nobody-to-ask = 这个社区还没有楼长或管理员能确认报到。请找装我的人设一位管理员。
party-not-yours = 确认报到要由社区管理员或登记过的楼栋群的楼长来点。

party-undo-in = 报到撤回了。还想报到，发 `报到`
party-undo-confirmed = 可报到已经确认了。要退出，发 `取消报到`
party-undo-out = 可报到已经取消了。还想报到，发 `报到`
