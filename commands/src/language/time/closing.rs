//! Words by which something is over: what stands behind a time that is an end, and before one.

use super::text::Text;

/// What may stand between the time and the word: 六点前完工, 九点准时散场.
const BETWEEN: [&str; 22] = [
    "之前",
    "以前",
    "前",
    "左右",
    "准时",
    "正式",
    "统一",
    "全部",
    "基本",
    "大概",
    "应该",
    "估计",
    "预计",
    "必须",
    "可以",
    "就能",
    "就可以",
    "能",
    "就",
    "再",
    "才",
    "会",
];
/// So many of them.
const BETWEEN_MAX: usize = 3;

/// Longer words first.
const ENDS: [&str; 69] = [
    "结束",
    "散伙",
    "散场",
    "散会",
    "散席",
    "收摊",
    "收工",
    "收场",
    "收官",
    "收尾",
    "收队",
    "收车",
    "打烊",
    "关门",
    "关店",
    "闭馆",
    "闭店",
    "闭幕",
    "闭园",
    "撤展",
    "撤场",
    "撤摊",
    "解散",
    "撤",
    "完事",
    "完工",
    "完成",
    "恢复",
    "来水",
    "通水",
    "通电",
    "返程",
    "返回",
    "回程",
    "回来",
    "离场",
    "清场",
    "下课",
    "ends",
    "下山",
    "下班",
    "放学",
    "回家",
    "回城",
    "到家",
    "离开",
    "走人",
    "回到",
    "停止",
    "重新",
    "截止登记",
    "封门",
    "弄完",
    "做完",
    "干完",
    "忙完",
    "搞完",
    "下播",
    "下线",
    "退场",
    "散团",
    "谢幕",
    "落幕",
    "结业",
    "结课",
    "解封",
    "放行",
    "收班",
    "关",
];
/// Words that say so only at the end of a clause: 六点收, but 六点收废品.
const ENDS_ALONE: [&str; 8] = ["收", "散", "完", "停", "来电", "走", "回", "返"];

/// Words before an end.
const LEADS: [&str; 14] = [
    "结束时间",
    "结束于",
    "结束",
    "散场",
    "不超过",
    "不晚于",
    "不会超过",
    "为止",
    "到",
    "至",
    "until",
    "till",
    "ends at",
    "wraps up at",
];
/// Characters before 到 and 至 with which they lead to no end: 迟到, 收到.
const OTHER_TO: [char; 26] = [
    '迟', '报', '签', '来', '改', '推', '延', '前', '挪', '换', '调', '移', '早', '收', '送', '等', '约', '拿', '提',
    '刚', '乃', '后', '期', '整', '更', '拖',
];

/// A word follows that says that something begins, and goes on: 下周一起, from Monday on.
pub fn begins(text: Text<'_>, at: usize) -> bool {
    text.after_any(text.skip_blank(at), &["开始", "起", "onwards", "on"]).is_some()
}

/// A word follows that says that something is over.
pub fn follows(text: Text<'_>, at: usize) -> bool {
    let mut at = text.skip_blank(at);
    for _ in 0..BETWEEN_MAX {
        let Some(end) = text.after_any(at, &BETWEEN) else { break };
        at = end;
    }
    text.after_any(at, &ENDS).is_some()
        || text.after_any(at, &ENDS_ALONE).is_some_and(|end| text.is_border(end) || text.is_at(end, &['了', '掉']))
}

/// A word stands before that leads to an end.
pub fn leads(text: Text<'_>, at: usize) -> bool {
    let before = text.skip_blank_back(at);
    let before = if text.previous(before).is_some_and(|c| matches!(c, ':' | '是')) { before - 1 } else { before };
    text.before_any(before, &LEADS)
        .is_some_and(|at| !text.is_at(at, &['到', '至']) || !text.previous(at).is_some_and(|c| OTHER_TO.contains(&c)))
}
