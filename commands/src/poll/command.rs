//! What residents type about polls.

use std::ops::Range;

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

use crate::{
    activity::problem_id,
    feature::{After, Bare, Cue, Halves, InHelp, Parsed, Read, Role, Said, Saying, Scope, Slots, Takes, Word},
    language::{
        Phrase, number, parts,
        time::{self, HalfDay, Moment},
    },
};

/// Two options at least, and no more than a native poll may have (MSC3381).
pub const OPTIONS_MAX: usize = 20;
/// A question has at most this many characters: it must fit on a card.
pub const QUESTION_CHARS_MAX: usize = 200;
/// So has an option.
pub const OPTION_CHARS_MAX: usize = 60;
/// A poll is open for at most this many days: longer ones are forgotten.
const OPEN_DAYS_MAX: i64 = 60;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Start a poll.
    Start(Question),
    /// Answer the poll of this number, or the only one.
    Vote(Option<i64>, Choice),
    /// End it before its deadline.
    Close(Option<i64>),
    /// Who may start polls in this room: everybody, or captains.
    Allow(bool),
}

/// What somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// By its number: 1 for the first option.
    Number(i64),
    /// By its letter, or in words.
    Words(String),
}

impl Choice {
    fn new(text: &str) -> Self {
        match number::of_item(&Phrase::new(text)) {
            number::Number::Is(number) => Self::Number(number),
            _ => Self::Words(text.trim().to_owned()),
        }
    }

    /// The number of the option that is meant: that of its letter, of its words, or of the only option that holds them.
    pub fn among(&self, options: &[String]) -> Option<i64> {
        let text = match self {
            Self::Number(number) => return Some(*number),
            Self::Words(text) => Phrase::new(text).folded(),
        };
        let letter = match text.as_bytes() {
            [letter @ b'a'..=b't'] => Some(i64::from(letter - b'a') + 1),
            _ => None,
        };
        let folded: Vec<String> = options.iter().map(|option| Phrase::new(option).folded()).collect();
        let holding: Vec<usize> =
            (0..folded.len()).filter(|index| folded.get(*index).is_some_and(|option| option.contains(&text))).collect();
        let in_words = folded.iter().position(|option| *option == text).or(match holding.as_slice() {
            [only] => Some(*only),
            _ => None,
        });
        let in_words = in_words.and_then(|index| i64::try_from(index + 1).ok());
        in_words
            .or_else(|| letter.filter(|letter| usize::try_from(*letter).is_ok_and(|letter| letter <= options.len())))
    }
}

/// A poll as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// In every building room of the community.
    pub wide: bool,
    /// What is asked.
    pub text: String,
    /// What can be answered.
    pub options: Vec<String>,
    /// When it closes, local time.
    pub closes_at: NaiveDateTime,
}

const fn word(key: &'static str, zh: &'static [&'static str], en: &'static [&'static str], after: After) -> Word {
    Word { key, zh, en, after, role: Role::Resident, scope: Scope::Community, bare: Bare::No, in_help: InHelp::No }
}

/// All words.
pub const WORDS: &[Word] = &[
    Word {
        scope: Scope::Room,
        in_help: InHelp::Captains,
        ..word("start", &["投票", "发起投票"], &["poll"], After::Text)
    },
    Word { in_help: InHelp::Residents, ..word("vote", &["投"], &["vote"], After::Number) },
    word("close", &["结束投票"], &["close poll"], After::Number),
    Word {
        scope: Scope::Room,
        role: Role::Captain,
        ..word("allow", &["设置 投票", "设置投票"], &["set poll"], After::Text)
    },
];

const fn saying(key: &'static str, sentences: &'static [&'static str]) -> Saying {
    Saying { key, rest: "", bare: false, sentences }
}

/// What else is said about polls.
pub const SAYINGS: &[Saying] = &[
    saying(
        "close",
        &[
            "[把](结束|关闭|截止|提前结束|停止|终止|关掉|关了|停)[一下|掉][{ref}][号][的]投票[{ref}][号]",
            "[把]{ref}[号][的]投票[到此为止|可以][给](结束|关|截止|到此为止|停|停止|关闭|关掉|终止|结束掉|提前结束)[了|掉]",
            "{ref}[号][的]投票(可以|就|该|提前)(结束|关|截止|停)了",
            "把投票{ref}(结束|关|截止|停|关掉)[了|掉]",
            "投票{ref}(结束|关闭|截止|到此为止|收工)[了]",
            "投票(结束|关闭|关|截止|停|到此为止)[了|吧] {ref}",
            "投票{ref}(可以|就|该)[提前](结束|关|截止|停)了",
            "投票(结束|截止|到此为止|可以结束)了",
            "(close|end|finish|stop) [the] [poll|vote|voting] [number] {ref}",
            "(close|end|finish|stop) [the] (poll|vote|voting)",
            "[poll] {ref} (is over|can be closed)",
        ],
    ),
    saying(
        "vote",
        &[
            "(投票|投|选|投给|投个)[给]{ref}[号][的][那个][投票][,][我][就](选|投|投给|选择) {choices}",
            "[我][的|就|要|想]{ref}[号]投票[我][就|要|想](选择|选|投给|投|拣) {choices}",
            "[我][就|要|想](选|投)[给]{ref}[号][投票]的{choices}",
            "(投票|投|选)[给]{ref}[号]_{choices}",
            "(投票|投|选)[给]{ref}{letter}",
            "[我][就|要|想](选|投|投给|选择)[第]{letter}[个|项|号]",
            "[我](选|投|投给|选择)_{choices}",
            "[我](选|选择){choice}",
            "[我]投[了]{stand}[票]",
            "我[选|选择|觉得][还是]{stand}",
            "{ref}[号](投给|选择|选|投){choices}",
            "{ref}[号][的][投票]我[就](选|投|要){choices}",
            "[我][就](选|投|拣){letters}",
            "my (vote|choice|answer) (for|in|on) [poll] {ref} is {choices}",
            "{ref} {letter}",
            "[option] {letter} (for|in|on) [poll] {ref}",
            "给{ref}[号][投票](投|选|投给) {choices}",
            "{ref}[号]投票[我](选|投|揀|拣){choices}",
            "(vote|choose|pick) [for] {choices} (in|on) [poll] {ref}",
            "(vote|choose|pick) [for] [poll] {ref}_{choices}",
            "(vote|choose|pick) [for] [option] {letter}",
            "i (vote|choose|pick) [for] option {letter}",
            "i (vote|choose|pick) [for] [option] {choices} [in|on] [poll] {ref}",
        ],
    ),
    Saying {
        rest: "匿名",
        ..saying(
            "start",
            &[
                "[我][来|想|要][发起|发|开|搞|建|来|弄|做|创建|新建][一个|个](匿名|不记名|无记名)[的]投票 {text}",
                "[create|start|new|make|post] [a|an] anonymous (poll|vote) {text}",
            ],
        )
    },
    Saying {
        rest: "多选",
        ..saying(
            "start",
            &[
                "[我][来|想|要][发起|发|开|搞|建|来|弄|做|创建|新建][一个|个][可]多选[的]投票 {text}",
                "[create|start|new|make|post] [a|an] (multiple choice|multiple-choice) (poll|vote) {text}",
                "(多选|可多选) {text}",
            ],
        )
    },
    Saying {
        rest: "",
        ..saying(
            "start",
            &[
                "[我][来|想|要](发起|发|开|搞|建|来|弄|做|创建|新建)[一个|个]投票 {text}",
                "[请]大家[来]投票 {text}",
                "[请|让]大家[来|都|一起](选一下|选一选|选个|选) {several}",
                "[请|让]大家[来|都|一起](表决|投票|投个票|投)[一下] {text}",
                "(征集|征求)[大家|一下][的]意见 {text}",
                "(问问|问一下|征求|征集)大家[的意见|意见] {text}",
                "{text} [请|让|就](大家|咱们|我们|一起|大家一起)[来|都|一起](投票|投个票|投一票|表决|投票决定|投票选)",
                "大家投[个]票 {text}",
                "投[个|一下]票[吧] {text}",
                "(create|start|new|make|post) [a|an] [anonymous] (poll|vote) [on|about] {text}",
                "(vote|poll) on {text}",
                "(let's|let us) (vote|poll|decide) [on] {text}",
                "(vote|poll) {question}",
            ],
        )
    },
];

/// What means something about polls wherever it stands.
pub const CUES: &[Cue] = &[Cue {
    key: "close",
    rest: "",
    words: &[
        &["投票", "poll"],
        &["关闭", "关掉", "关了", "结束", "截止", "停止", "到此为止", "不投了", "close", "end"],
    ],
    without: &[
        "怎么",
        "咋",
        "如何",
        "什么时候",
        "几点",
        "哪天",
        "吗",
        "?",
        "没",
        "不要",
        "别",
        "截止到",
        "截止时间",
        "when",
        "how",
        "not",
    ],
    takes: Takes::ANumber,
}];

/// The parts of a longer text aren't told: nobody writes such a poll.
const SLOTS_CHARS_MAX: usize = 1_000;
/// Words that mean that nobody sees who answered what.
const ANONYMOUS: [&str; 4] = ["匿名", "不记名", "anonymous ", "无记名"];
/// Words that mean that several options may be chosen.
const SEVERAL: [&str; 6] = ["多选", "可多选", "可以多选", "multiple choice", "multi ", "选多个"];

/// The parts of what followed a word.
pub fn read(said: Said<'_>) -> Read {
    let problem = match parse(said.key, &parts::first_line(said.rest, said.further_lines), said.further_lines, said.now)
    {
        // 投票 9 选 1 answers a poll.
        Parsed::Mine(Command::Start(question)) if question.text.chars().all(|c| c.is_ascii_digit()) => {
            Some("poll-missing-question")
        }
        // Words without a number may be a sentence of another kind: vote for 1 in poll 6.
        Parsed::Mine(Command::Vote(None, Choice::Words(words))) if words.contains(' ') => Some("poll-missing-vote"),
        Parsed::Mine(_) => None,
        Parsed::Malformed(id) => Some(id),
    };
    let mut slots = Slots::new();
    match said.key {
        "start" if said.rest.chars().len() <= SLOTS_CHARS_MAX => {
            let how = |words: &[&str]| words.iter().any(|word| said.rest.find(word).is_some());
            let first_line = parts::first_line(said.rest, said.further_lines);
            let (text, options) = worded(&first_line, said.further_lines, said.now);
            let text = text.trim_matches(|c: char| c.is_whitespace() || "?？:：,，".contains(c)).to_owned();
            if text.chars().any(char::is_alphanumeric) {
                slots.insert("question".into(), text.into());
            }
            if options.len() > 1 {
                slots.insert("options".into(), options.into());
            }
            if how(&ANONYMOUS) {
                slots.insert("anonymous".into(), true.into());
            }
            if how(&SEVERAL) {
                slots.insert("multi".into(), true.into());
            }
        }
        "vote" => {
            let (number, choices): (Option<String>, Vec<String>) = match said.captures {
                [] => numbered_choices(said.rest),
                captures => {
                    let get =
                        |names: &[&str]| captures.iter().find(|(name, _)| names.contains(name)).map(|(_, text)| text);
                    (
                        get(&["ref"]).and_then(|number| parts::reference(&Phrase::new(number))),
                        get(&["choices", "choice", "letter", "letters", "stand"])
                            .map(|text| choices(text))
                            .unwrap_or_default(),
                    )
                }
            };
            if let Some(number) = number {
                slots.insert("poll".into(), number.into());
            }
            if !choices.is_empty() {
                slots.insert("choices".into(), choices.into());
            }
        }
        "close" => _ = parts::reference(said.rest).map(|number| slots.insert("poll".into(), number.into())),
        _ => {}
    }
    let halves = (said.key == "start" && problem.is_none()).then(|| halves(said)).flatten();
    Read { problem, halves, slots }
}

/// What was chosen, one by one: A、C, 1和3.
fn choices(text: &str) -> Vec<String> {
    let text = text.trim_start_matches(['选', '投', '第']);
    text.split(['、', ',', '，', '和', '跟', '/', ' ', '＆', '&', '+'])
        .map(|choice| {
            choice.trim().trim_start_matches('第').trim_end_matches(['个', '项', '号', '。', '！']).to_owned()
        })
        .filter(|choice| !choice.is_empty() && choice != "选")
        .collect()
}

/// 12 2: the number of a poll, and what was chosen.
fn numbered_choices(rest: &Phrase) -> (Option<String>, Vec<String>) {
    let folded = rest.folded();
    let (first, others) =
        folded.split_once(|c: char| c.is_whitespace() || matches!(c, '号' | '选' | '投')).unwrap_or((&folded, ""));
    match (number::of_item(&Phrase::new(first)), others.trim()) {
        (number::Number::Is(_), "") | (number::Number::Unreadable, _) => (None, choices(&rest.written())),
        (number::Number::Is(number), others) => (Some(number.to_string()), choices(others)),
        (number::Number::Absent, others) => (None, choices(others)),
    }
}

/// Question and options as far as they can be made out.
fn worded(rest: &Phrase, further_lines: &[String], now: NaiveDateTime) -> (String, Vec<String>) {
    let wide = WIDE.iter().find_map(|word| rest.find(word).map(|at| at..at + word.chars().count()));
    let rest = wide.map_or_else(|| rest.clone(), |part| rest.without_parts(&[part]).trimmed());
    let lines = std::iter::once(rest).chain(further_lines.iter().map(|line| Phrase::new(line)));
    let mut lines: Vec<Phrase> = lines
        .map(|line| {
            take_deadline(&without_modes(&line), now)
                .ok()
                .flatten()
                .map_or_else(|| without_modes(&line), |(line, _)| line)
        })
        .collect();
    lines.retain(|line| !line.is_empty());
    let (text, options) = match lines.split_first() {
        None => return Default::default(),
        Some((line, [])) => in_one_line(line),
        Some((line, options)) => {
            (line.written(), options.iter().map(|option| without_enumerator(option).written()).collect())
        }
    };
    (text, options.into_iter().filter(|option: &String| !option.is_empty()).collect())
}

/// Without the words that say how is voted.
fn without_modes(line: &Phrase) -> Phrase {
    let words = ANONYMOUS.iter().chain(&SEVERAL);
    match words.filter_map(|word| line.strip_prefix(word)).min_by_key(|rest| rest.chars().len()) {
        Some(rest) => without_modes(&rest.trimmed()),
        None => line.clone(),
    }
}

/// Reads what followed a word, and the lines below. `now` is the local time at which it was said.
pub fn parse(key: &str, rest: &Phrase, further_lines: &[String], now: NaiveDateTime) -> Parsed<Command> {
    match key {
        "start" => question(rest, further_lines, now),
        "vote" => {
            let written = rest.written();
            let (first, others) = written.split_once(char::is_whitespace).unwrap_or((&written, ""));
            match (number::of_item(&Phrase::new(first)), others.trim()) {
                _ if !written.chars().any(char::is_alphanumeric) => Parsed::Malformed("poll-missing-vote"),
                (number::Number::Is(number), others) if !others.is_empty() => {
                    Parsed::Mine(Command::Vote(Some(number), Choice::new(others)))
                }
                _ => Parsed::Mine(Command::Vote(None, Choice::new(&written))),
            }
        }
        "close" => match number::of_item(rest) {
            number::Number::Absent => Parsed::Mine(Command::Close(None)),
            number::Number::Is(number) => Parsed::Mine(Command::Close(Some(number))),
            number::Number::Unreadable => Parsed::Malformed("poll-unreadable-number"),
        },
        _ => match rest.folded().as_str() {
            "所有人" | "全体" | "everyone" | "all" => Parsed::Mine(Command::Allow(true)),
            "楼长" | "captains" | "captain" => Parsed::Mine(Command::Allow(false)),
            _ => Parsed::Malformed("poll-allow-whom"),
        },
    }
}

/// Words that stand before a deadline.
const DEADLINE: [&str; 6] = ["截止", "截至", "closes", "until", "deadline", "ends"];
/// Words that mean every building room.
const WIDE: [&str; 3] = ["@全部楼栋", "@所有楼栋", "@all buildings"];

fn question(rest: &Phrase, further_lines: &[String], now: NaiveDateTime) -> Parsed<Command> {
    let wide = WIDE.iter().find_map(|word| rest.find(word).map(|at| at..at + word.chars().count()));
    let (wide, rest) = match wide {
        Some(part) => (true, rest.without_parts(&[part]).trimmed()),
        None => (false, rest.clone()),
    };
    // Nobody is promised what can't be kept.
    if ANONYMOUS.iter().any(|word| rest.strip_prefix(word).is_some()) {
        return Parsed::Malformed("poll-not-yet-anonymous");
    }
    if SEVERAL.iter().any(|word| rest.strip_prefix(word).is_some()) {
        return Parsed::Malformed("poll-not-yet-several");
    }
    let mut lines = vec![rest];
    lines.extend(further_lines.iter().map(|line| Phrase::new(line)));
    // The deadline stands at the end of some line.
    let mut closes_at = None;
    for line in &mut lines {
        match take_deadline(line, now) {
            Ok(Some((without, found))) => {
                *line = without;
                closes_at = Some(found);
            }
            Ok(None) => {}
            Err(id) => return Parsed::Malformed(id),
        }
    }
    let closes_at = closes_at.unwrap_or_else(|| default_deadline(now));
    if closes_at <= now {
        return Parsed::Malformed("time-past");
    }
    if closes_at > now + TimeDelta::days(OPEN_DAYS_MAX) {
        return Parsed::Malformed("poll-too-long-open");
    }
    lines.retain(|line| !line.is_empty());
    let (text, options) = match lines.split_first() {
        None => return Parsed::Malformed("poll-missing-question"),
        Some((line, [])) => in_one_line(line),
        Some((line, options)) => {
            (line.written(), options.iter().map(|option| without_enumerator(option).written()).collect())
        }
    };
    let options: Vec<String> = options.into_iter().filter(|option| !option.is_empty()).collect();
    check(&text, &options)
        .map_or_else(|| Parsed::Mine(Command::Start(Question { wide, text, options, closes_at })), Parsed::Malformed)
}

/// What is wrong with a question and its options.
fn check(text: &str, options: &[String]) -> Option<&'static str> {
    if !text.chars().any(char::is_alphanumeric) {
        return Some("poll-missing-question");
    }
    if text.chars().count() > QUESTION_CHARS_MAX {
        return Some("poll-too-long");
    }
    if options.is_empty() {
        return Some("poll-missing-options");
    }
    if options.len() < 2 {
        return Some("poll-too-few-options");
    }
    if options.len() > OPTIONS_MAX {
        return Some("poll-too-many-options");
    }
    if options.iter().any(|option| option.chars().count() > OPTION_CHARS_MAX) {
        return Some("poll-too-long");
    }
    let mut folded: Vec<String> = options.iter().map(|option| Phrase::new(option).folded()).collect();
    folded.sort();
    let count = folded.len();
    folded.dedup();
    (folded.len() < count).then_some("poll-same-option-twice")
}

/// Tomorrow at nine in the evening.
fn default_deadline(now: NaiveDateTime) -> NaiveDateTime {
    let nine = NaiveTime::from_hms_opt(21, 0, 0).unwrap_or_default();
    (now.date() + TimeDelta::days(1)).and_time(nine)
}

/// Takes 截止明晚8点 (or 明晚8点截止) off a line.
fn take_deadline(line: &Phrase, now: NaiveDateTime) -> Result<Option<(Phrase, NaiveDateTime)>, &'static str> {
    let Some(found) = find_deadline(line, now) else { return Ok(None) };
    match deadline(&line.part(found.time.clone()), now) {
        Ok(Some(closes_at)) => Ok(Some((trim_end(&line.part(0..found.begin)), closes_at))),
        // "until" may be part of the question; 截止 hardly.
        Ok(None) if found.is_english => Ok(None),
        Ok(None) => Err("poll-unreadable-deadline"),
        Err(id) => Err(id),
    }
}

/// Where a deadline stands in a line, in folded characters.
struct Deadline {
    /// All of it begins there.
    begin: usize,
    /// What says when.
    time: Range<usize>,
    is_english: bool,
}

fn find_deadline(line: &Phrase, now: NaiveDateTime) -> Option<Deadline> {
    let chars = line.chars();
    // An English word is one only by itself: not the end of "friends".
    let alone = |at: usize, length: usize| {
        let joined = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_alphanumeric);
        !chars.get(at).is_some_and(char::is_ascii) || !joined(at.checked_sub(1)) && !joined(Some(at + length))
    };
    let found = DEADLINE.iter().filter_map(|word| line.find(word).map(|at| (at, word.chars().count())));
    let (at, length) = found.into_iter().find(|(at, length)| alone(*at, *length))?;
    let behind = at + length;
    let is_english = line.part(at..at + 1).folded().is_ascii();
    if line.after(behind).chars().iter().any(|c| c.is_alphanumeric()) {
        return Some(Deadline { begin: at, time: behind..chars.len(), is_english });
    }
    // 明晚8点截止: the time is what is nothing but a time before the word.
    let before = line.part(0..at);
    let end = before.chars().len();
    let mut starts = end.saturating_sub(TIME_CHARS_MAX)..end;
    let from = starts.find(|from| is_all_time(&before.after(*from), now)).unwrap_or(end);
    Some(Deadline { begin: from, time: from..end, is_english })
}

/// The poll with the half-day of its deadline said, both ways, if it lacks that.
fn halves(said: Said<'_>) -> Option<Halves> {
    let lines: Vec<Phrase> =
        std::iter::once(said.rest.clone()).chain(said.further_lines.iter().map(|line| Phrase::new(line))).collect();
    lines.iter().enumerate().find_map(|(index, line)| {
        let found = find_deadline(line, said.now)?;
        let (time, both) = time::halves(&line.part(found.time.clone()), said.now, false)?;
        let (before, behind) = (line.part(0..found.time.start).written(), line.after(found.time.end).written());
        let rests = both.map(|text| {
            let mut written: Vec<String> = lines.iter().map(Phrase::written).collect();
            if let Some(line) = written.get_mut(index) {
                *line = format!("{before}{}{behind}", text.written());
            }
            written.join("\n")
        });
        Some(Halves { time, rests })
    })
}

/// A time before 截止 has at most this many characters.
const TIME_CHARS_MAX: usize = 24;

/// Whether a text says a time and nothing else.
fn is_all_time(text: &Phrase, now: NaiveDateTime) -> bool {
    let begins = text.chars().first().is_some_and(|c| c.is_alphanumeric());
    begins
        && match time::read(text, now, None) {
            Ok(Some(reading)) => text.without_parts(&reading.parts).is_empty(),
            Ok(None) => false,
            // A day that has passed is a time too, and is refused with its reason.
            Err(_) => true,
        }
}

/// A deadline: a clock time, or nine in the evening of a day.
fn deadline(text: &Phrase, now: NaiveDateTime) -> Result<Option<NaiveDateTime>, &'static str> {
    let read = |half_day| time::read(text, now, half_day).map_err(problem_id);
    let Some(mut reading) = read(None)? else { return Ok(None) };
    if reading.needs_half_day
        && reading.day_said
        && let Some(later) = read(Some(HalfDay::Evening))?
    {
        reading = later;
    }
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    Ok(Some(match reading.start {
        Moment::At(at) => at,
        Moment::Day(day, Some(HalfDay::Dawn | HalfDay::Morning | HalfDay::Noon)) => day.and_time(hour(12)),
        Moment::Day(day, Some(HalfDay::Afternoon)) => day.and_time(hour(18)),
        Moment::Day(day, _) => day.and_time(hour(21)),
    }))
}

fn trim_end(phrase: &Phrase) -> Phrase {
    let chars = phrase.chars();
    let end = chars
        .iter()
        .rposition(|c| {
            !c.is_whitespace() && !matches!(c, ',' | ';' | '/' | '|' | '、' | '(' | '。' | '.' | '-' | '\u{FF08}')
        })
        .map_or(0, |at| at + 1);
    phrase.part(0..end)
}

/// 要不要装门禁？ 要 / 不要 / 再议: question and options in one line.
fn in_one_line(line: &Phrase) -> (String, Vec<String>) {
    let chars = line.chars();
    let end = chars.iter().position(|c| *c == '?');
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    // 18:30 is an hour.
    let colon = || {
        (0..chars.len())
            .find(|at| chars.get(*at) == Some(&':') && !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))))
    };
    let numbered = || enumerators(line).first().copied();
    let blank = || chars.iter().position(|c| c.is_whitespace());
    let (question, options) =
        match end.map(|at| at + 1).or_else(numbered).or_else(|| colon().map(|at| at + 1)).or_else(blank) {
            Some(at) => (line.part(0..at), line.after(at).trimmed()),
            None => (line.clone(), Phrase::new("")),
        };
    let written = |question: &Phrase| {
        let written = question.written();
        let question = written.trim_end_matches([':', '：', ' ']);
        // 装不装，选项：装 不装
        let labels = ["选项有", "选项是", "选项", "options"];
        let unlabelled = labels.iter().find_map(|label| question.strip_suffix(label));
        unlabelled.unwrap_or(question).trim_end_matches([',', '，', '。', ';', '；', ' ']).to_owned()
    };
    let split = split_options(&options);
    // 周六还是周日: the question names its options. Words of English are no options for standing behind a blank.
    let is_one =
        options.is_empty() || end.is_none() && EITHER.iter().any(|or| options.strip_prefix(or.trim()).is_some());
    let whole = if options.is_empty() { &question } else { line };
    let either = either(whole);
    if either.len() > 1
        && (is_one || split.len() < 2 || end.is_none() && is_english(line) && numbered().is_none() && colon().is_none())
    {
        return (written(whole), either);
    }
    (written(&question), split)
}

/// Nobody says one or the other of as many options as a poll may have and as long as they may be: words that stand between
/// options are looked for in so many characters.
const OPTIONS_CHARS_MAX: usize = 500;

/// What stands between two options in a question.
const EITHER: [&str; 3] = ["还是", "或者", " or "];

fn is_english(line: &Phrase) -> bool {
    line.chars().iter().all(char::is_ascii) && !line.chars().iter().any(|c| matches!(c, '/' | '|' | ';'))
}

/// The options of a question that names them: 周六聚餐吃火锅还是烤鱼. None if it doesn't.
fn either(question: &Phrase) -> Vec<String> {
    if question.chars().len() > OPTIONS_CHARS_MAX {
        return Vec::new();
    }
    let chars = question.chars();
    let end = chars.iter().rposition(|c| c.is_alphanumeric()).map_or(0, |last| last + 1);
    let question = question.part(0..end);
    let Some(or) = EITHER.iter().find(|or| question.find(or).is_some()) else { return Vec::new() };
    let mut options = Vec::new();
    let mut rest = question;
    while let Some(at) = rest.find(or) {
        options.extend(pieces(&rest.part(0..at), &['、']).iter().map(|option| Phrase::new(option).trimmed()));
        rest = rest.after(at + or.chars().count()).trimmed();
    }
    options.push(rest);
    let last = options.last().map_or(0, |last| last.chars().len());
    // What stands before the first of them belongs to the question.
    if let Some(first) = options.first_mut() {
        *first = if *or == " or " { last_words(first, last) } else { what_is_done(first, last) };
    }
    // 周六还是周日团建: what stands behind the last one belongs to the question too.
    if let [first, .., last] = options.as_mut_slice() {
        let length = first.chars().len();
        if length > 1 && last.chars().len() > length && first.chars().first() == last.chars().first() {
            *last = last.part(0..length);
        }
    }
    let bare = |option: &Phrase| {
        let written = option.written();
        let bare = ["比较好", "好呢", "好", "呢", "吗"].iter().find_map(|end| written.strip_suffix(end));
        bare.filter(|bare| !bare.is_empty()).unwrap_or(&written).to_owned()
    };
    let options: Vec<String> = options.iter().map(bare).collect();
    if options.iter().all(|option| !option.is_empty()) { options } else { Vec::new() }
}

/// 周六聚餐吃火锅 → 火锅, beside an option of so many characters.
fn what_is_done(option: &Phrase, beside: usize) -> Phrase {
    const DONE: [char; 15] = ['吃', '去', '用', '选', '是', '要', '在', '喝', '看', '办', '成', '到', '买', '换', '叫'];
    let begin = option.chars().iter().rposition(|c| DONE.contains(c)).map_or(0, |at| at + 1);
    let left = option.chars().len() - begin;
    if (1..=beside + 1).contains(&left) { option.after(begin) } else { option.clone() }
}

/// As many words at the end as an option of so many characters may have.
fn last_words(option: &Phrase, beside: usize) -> Phrase {
    let chars = option.chars();
    let from = chars.len().saturating_sub(beside + 2);
    let blank = chars.iter().enumerate().skip(from).find(|(_, c)| c.is_whitespace()).map(|(at, _)| at + 1);
    if from == 0 { option.clone() } else { option.after(blank.unwrap_or(0)) }
}

fn split_options(options: &Phrase) -> Vec<String> {
    let marks = enumerators(options);
    if marks.len() >= 2 && marks.first() == Some(&0) {
        let ends = marks.iter().skip(1).copied().chain([options.chars().len()]);
        return marks
            .iter()
            .zip(ends)
            .map(|(from, to)| trim_end(&without_enumerator(&options.part(*from..to))).written())
            .collect();
    }
    if options.chars().len() <= OPTIONS_CHARS_MAX
        && !options.chars().iter().any(|c| matches!(c, '/' | '|' | ';'))
        && let Some(or) = EITHER.iter().find(|or| options.find(or).is_some())
    {
        let mut marks = Vec::new();
        let (mut rest, mut gone) = (options.clone(), 0);
        while let Some(at) = rest.find(or) {
            let behind = at + or.chars().count();
            marks.push((gone + at, gone + behind));
            rest = rest.after(behind);
            gone += behind;
        }
        let ends = marks.iter().map(|(at, _)| *at).chain([options.chars().len()]);
        let begins = std::iter::once(0).chain(marks.iter().map(|(_, behind)| *behind));
        let between = begins.zip(ends).flat_map(|(from, to)| pieces(&options.part(from..to), &['、', ',']));
        return between
            .map(|option| option.trim().trim_end_matches(['?', '？', '呢', '。']).trim().to_owned())
            .collect();
    }
    for separators in [&['/', '|', ';'][..], &['、'], &[','], &[' ']] {
        if options.chars().iter().any(|c| separators.contains(c)) {
            return without_letters(pieces(options, separators));
        }
    }
    if options.is_empty() { Vec::new() } else { vec![options.written()] }
}

/// A 七点 B 八点: letters that stand before the options with nothing but a blank.
fn without_letters(options: Vec<String>) -> Vec<String> {
    let letter = |(at, pair): (usize, &[String])| {
        let letter = u32::try_from(at).ok().and_then(|at| char::from_u32(u32::from('a') + at));
        matches!(pair, [mark, _] if letter.is_some_and(|letter| mark.to_lowercase() == letter.to_string()))
    };
    if options.len() > 3 && options.chunks(2).enumerate().all(letter) {
        return options.into_iter().skip(1).step_by(2).collect();
    }
    options
}

fn pieces(options: &Phrase, separators: &[char]) -> Vec<String> {
    let mut out = Vec::new();
    let mut from = 0;
    for (at, c) in options.chars().iter().enumerate() {
        if separators.contains(c) {
            out.push(options.part(from..at).written());
            from = at + 1;
        }
    }
    out.push(options.after(from).written());
    out
}

/// The length of 1. or A、 at a place, if it is the mark with this index.
fn enumerator_at(phrase: &Phrase, at: usize, index: usize) -> Option<usize> {
    let chars = phrase.chars();
    let begins = at == 0 || chars.get(at - 1).is_some_and(|c| !c.is_alphanumeric());
    let digits = (index + 1).to_string();
    let letter = u32::try_from(index).ok().and_then(|index| char::from_u32(u32::from('a') + index));
    let is_digits = digits.chars().eq(chars.iter().skip(at).take(digits.len()).copied());
    let is_letter = chars.get(at).copied() == letter && index < 26;
    let length = if is_digits { digits.len() } else { usize::from(is_letter) };
    let next = chars.get(at + length).copied();
    let marked = next.is_some_and(|c| matches!(c, '.' | '、' | ')' | ':'));
    // ①大米②油: no mark is needed, nor a blank.
    if is_digits && phrase.written_at(at).is_some_and(|c| matches!(c, '①'..='⑳' | '⑴'..='⒇' | '❶'..='❿')) {
        return Some(length + usize::from(marked));
    }
    // 1要 2不要: a digit directly before a Chinese word.
    let glued = is_digits
        && next.is_some_and(|c| {
            !c.is_ascii() && c.is_alphabetic() && !matches!(c, '点' | '月' | '号' | '日' | '人' | '楼' | '个')
        });
    (begins && length > 0 && (marked || glued)).then_some(length + usize::from(marked))
}

/// Where 1. 2. 3. or A. B. C. stand, in that order.
fn enumerators(phrase: &Phrase) -> Vec<usize> {
    let mut found = Vec::new();
    for at in 0..phrase.chars().len() {
        if enumerator_at(phrase, at, found.len()).is_some() {
            found.push(at);
        }
    }
    if found.len() >= 2 { found } else { Vec::new() }
}

/// An option without what numbers it.
fn without_enumerator(option: &Phrase) -> Phrase {
    let option = option.trimmed();
    let length = (0..OPTIONS_MAX).find_map(|index| enumerator_at(&option, 0, index));
    let bullet = usize::from(option.chars().first().is_some_and(|c| matches!(c, '-' | '•' | '·' | '*')));
    option.after(length.unwrap_or(bullet)).trimmed()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 1, day).and_then(|day| day.and_hms_opt(hour, minute, 0)).expect("a time")
    }

    #[test]
    fn options_however_they_are_written() {
        let yes_no = ["要", "不要", "再议"];
        for (text, further, closes_at) in [
            ("要不要装门禁？ 要 / 不要 / 再议 截止明晚8点", "", at(6, 20, 0)),
            ("要不要装门禁？要/不要/再议", "", at(6, 21, 0)),
            ("要不要装门禁？要、不要、再议，截止周六", "", at(10, 21, 0)),
            ("要不要装门禁? 要；不要；再议 明晚8点截止", "", at(6, 20, 0)),
            ("要不要装门禁? 要 不要 再议", "", at(6, 21, 0)),
            ("要不要装门禁？ 1要 2不要 3再议 截止明晚20:00", "", at(6, 20, 0)),
            ("要不要装门禁？ 1. 要 2. 不要 3. 再议", "", at(6, 21, 0)),
            ("要不要装门禁？A.要 B.不要 C.再议", "", at(6, 21, 0)),
            ("要不要装门禁？", "要\n不要\n再议", at(6, 21, 0)),
            ("要不要装门禁？", "1、要\n2、不要\n3、再议\n截止：1月7日晚8点", at(7, 20, 0)),
            ("要不要装门禁？", "A. 要\nB. 不要\nC. 再议", at(6, 21, 0)),
            ("要不要装门禁？要 | 不要 | 再议 until tomorrow 8pm", "", at(6, 20, 0)),
            ("要不要装门禁？要/不要/再议（明晚8点截止）", "", at(6, 20, 0)),
            ("要不要装门禁？要/不要/再议 明晚 8点截止", "", at(6, 20, 0)),
            ("要不要装门禁？要/不要/再议明晚8点截止", "", at(6, 20, 0)),
            ("", "要不要装门禁？\n要\n不要\n再议", at(6, 21, 0)),
        ] {
            let further: Vec<String> = further.lines().map(ToOwned::to_owned).collect();
            match parse("start", &Phrase::new(text), &further, at(5, 18, 0)) {
                Parsed::Mine(Command::Start(read)) => {
                    let question = read.text.replace('?', "？");
                    assert_eq!(
                        (question.as_str(), read.options.as_slice()),
                        ("要不要装门禁？", &yes_no.map(String::from)[..]),
                        "{text}"
                    );
                    assert_eq!(read.closes_at, closes_at, "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let many: String = (1..=50).map(|n| format!("选{n}/")).collect();
        for (text, id) in [
            ("", "poll-missing-question"),
            ("要不要装门禁？", "poll-missing-options"),
            ("要不要装门禁？要", "poll-too-few-options"),
            ("要不要装门禁？要/要", "poll-same-option-twice"),
            ("要不要装门禁？要/不要 截止昨天", "time-past-day"),
            ("要不要装门禁？要/不要 截止什么时候", "poll-unreadable-deadline"),
        ] {
            let parsed = parse("start", &Phrase::new(text), &[], at(5, 18, 0));
            assert!(matches!(parsed, Parsed::Malformed(said) if said == id), "{text}: {parsed:?}");
        }
        let parsed = parse("start", &Phrase::new(&format!("选哪个？{many}")), &[], at(5, 18, 0));
        assert!(matches!(parsed, Parsed::Malformed("poll-too-many-options")), "{parsed:?}");
    }

    #[test]
    fn everywhere() {
        let parsed = parse("start", &Phrase::new("@全部楼栋 要不要装门禁？要/不要"), &[], at(5, 18, 0));
        assert!(matches!(parsed, Parsed::Mine(Command::Start(Question { wide: true, .. }))), "{parsed:?}");
    }
}
