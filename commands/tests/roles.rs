//! Who may do what where: every command word of every feature, for every role, in every kind of place. What is expected
//! stands in `roles.txt`, one line for each word, to be read by people; a word without a line there fails.
//!
//! After a change that is meant, `LAMPLIGHTER_BLESS=1 cargo test -p lamplighter-commands --test roles` writes down what
//! happens now. Then read the difference: blessing writes what the bot does, right or wrong.

mod conversation;

use std::{collections::BTreeMap, fmt::Write as _};

use conversation::{BUILDING_3, Conversation, LI, STEWARD, private_room};
use lamplighter_commands::{
    feature,
    house::Outcome,
    incoming::{Message, Place, What},
    scene::Content,
};
use lamplighter_config::Community;

const INTEREST: &str = "!interest";
const UNBOUND: &str = "!unbound";
/// A room of another community.
const ELSEWHERE: &str = "!elsewhere";
/// A captain who is none of those who act.
const AUTHOR: &str = "@author:example.org";
const FILE: &str = "tests/roles.txt";

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Resident,
    Captain,
    Appointed,
    Steward,
    Creator,
    OtherBot,
    Ignored,
}

const ALL: [Who; 7] =
    [Who::Resident, Who::Captain, Who::Appointed, Who::Steward, Who::Creator, Who::OtherBot, Who::Ignored];

impl Who {
    fn user_id(self) -> &'static str {
        match self {
            Self::Resident => "@resident:example.org",
            Self::Captain => "@captain:example.org",
            Self::Appointed => "@appointed:example.org",
            Self::Steward => STEWARD,
            Self::Creator => "@creator:example.org",
            Self::OtherBot => "@anybot:example.org",
            Self::Ignored => "@otherbot:example.org",
        }
    }

    /// In every room.
    fn power(self) -> i64 {
        match self {
            Self::Resident | Self::Appointed | Self::Steward => 0,
            Self::Captain => 50,
            Self::OtherBot | Self::Ignored => 100,
            // Of a room of version 12: above all numbers.
            Self::Creator => i64::MAX,
        }
    }
}

/// Where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spot {
    Building,
    Interest,
    Unbound,
    PrivateOneRoom,
    PrivateTwoRooms,
    PrivateTwoCommunities,
    PrivateNoRoom,
}

const SPOTS: [Spot; 7] = [
    Spot::Building,
    Spot::Interest,
    Spot::Unbound,
    Spot::PrivateOneRoom,
    Spot::PrivateTwoRooms,
    Spot::PrivateTwoCommunities,
    Spot::PrivateNoRoom,
];

impl Spot {
    fn room(self) -> Option<&'static str> {
        match self {
            Self::Building => Some(BUILDING_3),
            Self::Interest => Some(INTEREST),
            Self::Unbound => Some(UNBOUND),
            _ => None,
        }
    }

    fn shared(self) -> &'static [&'static str] {
        match self {
            Self::PrivateOneRoom => &[BUILDING_3],
            Self::PrivateTwoRooms => &[BUILDING_3, INTEREST],
            Self::PrivateTwoCommunities => &[BUILDING_3, ELSEWHERE],
            _ => &[],
        }
    }
}

/// Everything that a command could be about, by somebody who is none of those who act: wish 1, activity 2, poll 3 and
/// task 4 in building 3.
async fn neighbourhood() -> Conversation {
    let other = Community {
        id: "other".into(),
        name: "对门社区".into(),
        ..Community::console_default(vec!["@theirs:example.org".into()])
    };
    let mut talk = Conversation::unbound(vec![Community::console_default(vec![STEWARD.to_owned()]), other]).await;
    talk.empower(AUTHOR, BUILDING_3, 50);
    for (by, room_id, text) in [
        (STEWARD, BUILDING_3, "！这是 3号楼"),
        (STEWARD, INTEREST, "！这是 兴趣群 合唱"),
        ("@theirs:example.org", ELSEWHERE, "！这是 别处"),
        (LI, BUILDING_3, "！许愿 修灯"),
        (LI, BUILDING_3, "！活动 合唱 周六晚7点 活动室"),
        (LI, BUILDING_3, "！报到"),
        (AUTHOR, BUILDING_3, "！投票 装门禁吗？ 装 / 不装 截止周日晚8点"),
    ] {
        assert_eq!(talk.say(by, room_id, text).await.outcome, Some(Outcome::Handled), "{text}");
    }
    let request = request_to(&talk, STEWARD, 1).await;
    talk.tap_privately(STEWARD, &request, "✅").await;
    let heard = talk.say(AUTHOR, BUILDING_3, "！任务 党员 周六上午 清楼道").await;
    assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
    for who in ALL {
        for room_id in [BUILDING_3, INTEREST, UNBOUND, ELSEWHERE] {
            talk.empower(who.user_id(), room_id, who.power());
        }
    }
    for room_id in [BUILDING_3, INTEREST] {
        let mentions = vec![Conversation::named(Who::Appointed.user_id(), "appointed")];
        let message = Message { text: "！任命 @appointed".into(), mentions, ..Message::default() };
        assert_eq!(talk.say_message(STEWARD, room_id, message).await.outcome, Some(Outcome::Handled));
    }
    talk
}

/// The card by which somebody was asked about a check-in.
async fn request_to(talk: &Conversation, user_id: &str, check_in: i64) -> String {
    for (card, event_id) in talk.cards("check_in_request", check_in).await {
        if talk.person(card.person_id.expect("somebody")).await.user_id == user_id {
            return event_id;
        }
    }
    panic!("{user_id} wasn't asked");
}

/// What the answers look like that come before any feature has looked at the matter.
struct Gates(Vec<(char, String)>);

impl Gates {
    fn of(talk: &Conversation) -> Self {
        let say = talk.house.say(None);
        let mut gates = Vec::new();
        for (letter, id) in [('b', "not-bound"), ('n', "no-shared-room"), ('?', "which-room"), ('?', "which-community")]
        {
            gates.push((letter, say.card(id, &[]).expect("words").plain()));
        }
        for role in ["captain", "steward"] {
            let role = [("role", lamplighter_commands::speech::Value::Word(role.into()))];
            gates.push(('r', say.card("not-allowed", &role).expect("words").plain()));
        }
        Self(gates)
    }

    fn letter(&self, outcome: Outcome, said: &[Content]) -> char {
        for content in said {
            if let Content::Message { plain, .. } = content
                && let Some((letter, _)) = self.0.iter().find(|(_, gate)| plain.starts_with(gate.as_str()))
            {
                return *letter;
            }
        }
        match (outcome, said.is_empty()) {
            (Outcome::Handled, _) => '+',
            (Outcome::Refused, _) => '-',
            (Outcome::Ignored, true) => '.',
            (Outcome::Ignored, false) => '!',
        }
    }
}

/// The lines of the table: the word, what is typed after it, and the cells.
fn table(text: &str) -> BTreeMap<String, (String, String)> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let [word, typed, cells] = parts[..] else { panic!("not a line of the table: {line}") };
            (word.to_owned(), (typed.to_owned(), cells.to_owned()))
        })
        .collect()
}

/// One group of cells for each spot, one letter in it for each role.
async fn cells(talk: &mut Conversation, gates: &Gates, first: &str, typed: &str) -> String {
    let mut groups = Vec::new();
    for spot in SPOTS {
        let mut group = String::new();
        for who in ALL {
            let by = who.user_id();
            let mentions = typed
                .contains('@')
                .then(|| Conversation::named("@mentioned:example.org", "mentioned"))
                .into_iter()
                .collect();
            let message = Message {
                text: format!("！{first} {typed}").replace("\\n", "\n"),
                notice: who == Who::OtherBot,
                mentions,
                ..Message::default()
            };
            let (place, room_id): (Place, String) = match spot.room() {
                Some(room_id) => (talk.room_now(room_id), room_id.to_owned()),
                None => (talk.in_private(by, spot.shared()), private_room(by)),
            };
            let incoming = talk.incoming(by, place, &room_id, What::Message(message));
            let (outcome, said) = talk.try_out(&incoming).await;
            group.push(gates.letter(outcome, &said));
        }
        groups.push(group);
    }
    groups.join(" ")
}

#[tokio::test]
async fn every_command_is_for_whom_and_where_the_table_says() {
    let text = std::fs::read_to_string(FILE).expect("the table");
    let mut expected = table(&text);
    let bless = std::env::var_os("LAMPLIGHTER_BLESS").is_some();
    let mut talk = neighbourhood().await;
    let gates = Gates::of(&talk);
    let (mut problems, mut blessed) = (Vec::new(), String::new());
    for line in text.lines().take_while(|line| line.starts_with('#')) {
        let _ = writeln!(blessed, "{line}");
    }
    for (feature, word) in feature::words() {
        let key = format!("{}/{}", feature.name, word.key);
        let Some((typed, cells_expected)) = expected.remove(&key) else {
            problems.push(format!(
                "{key} has no line in {FILE}: decide who may use it where, and add `{key} | what is typed after it |` \
                 with its cells"
            ));
            continue;
        };
        let found = cells(&mut talk, &gates, word.zh.first().or(word.en.first()).expect("a word"), &typed).await;
        let _ = writeln!(blessed, "{key:<20} | {typed:<26} | {found}");
        if found != cells_expected {
            problems.push(format!("{key} {typed}\n  expected {cells_expected}\n  found    {found}"));
        }
    }
    problems.extend(expected.keys().map(|key| format!("{key} stands in {FILE}, but there is no such word")));
    if bless {
        std::fs::write(FILE, blessed).expect("the table is written");
        return;
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A word that nobody in the table gets anywhere with, since it is about one's own: who does, after what was said, and that a
/// captain whose it isn't doesn't.
struct Own {
    key: &'static str,
    /// In building 3, unless it is about the room that isn't bound.
    before: &'static [(&'static str, &'static str)],
    by: &'static str,
    typed: &'static str,
}

const RESIDENT: &str = "@resident:example.org";
const CAPTAIN: &str = "@captain:example.org";
/// One of two communities, which a captain has to name.
const BOUND: &[(&str, &str)] = &[(CAPTAIN, "！这是 console 8号楼")];
const CLAIMED: &[(&str, &str)] = &[(RESIDENT, "！认领 1")];

const OWN: &[Own] = &[
    Own { key: "wish/release", before: CLAIMED, by: RESIDENT, typed: "1" },
    Own { key: "wish/finish", before: CLAIMED, by: RESIDENT, typed: "1" },
    Own { key: "wish/confirm", before: CLAIMED, by: LI, typed: "1" },
    Own { key: "wish/withdraw", before: &[], by: LI, typed: "1" },
    Own {
        key: "wish/accept",
        before: &[(RESIDENT, "！认领 1"), (AUTHOR, "！认领 1"), (RESIDENT, "！放弃 1")],
        by: AUTHOR,
        typed: "1",
    },
    Own {
        key: "wish/decline",
        before: &[(RESIDENT, "！认领 1"), (AUTHOR, "！认领 1"), (RESIDENT, "！放弃 1")],
        by: AUTHOR,
        typed: "1",
    },
    Own { key: "activity/leave", before: &[(RESIDENT, "！报名 2")], by: RESIDENT, typed: "2" },
    Own { key: "reminder/cancel", before: &[(RESIDENT, "！提醒我 明晚8点 交费")], by: RESIDENT, typed: "1" },
    Own { key: "quiet/lift", before: &[(RESIDENT, "！免打扰")], by: RESIDENT, typed: "" },
    Own { key: "party/check_out", before: &[], by: LI, typed: "" },
    Own { key: "task/now", before: &[], by: AUTHOR, typed: "4" },
    Own { key: "task/cancel", before: &[], by: AUTHOR, typed: "4" },
    Own { key: "proxy/end_helper", before: &[(RESIDENT, "！帮手 appointed")], by: RESIDENT, typed: "@appointed" },
    Own {
        key: "proxy/undo",
        before: &[(RESIDENT, "！心愿列表"), (CAPTAIN, "！代resident 报名 2")],
        by: RESIDENT,
        typed: "",
    },
    Own { key: "room/yes", before: BOUND, by: STEWARD, typed: "" },
    Own { key: "room/no", before: BOUND, by: STEWARD, typed: "" },
    Own { key: "room/dismiss", before: &[], by: STEWARD, typed: "@appointed" },
];

#[tokio::test]
async fn what_is_about_ones_own_is_done_for_whose_it_is() {
    let table = table(&std::fs::read_to_string(FILE).expect("the table"));
    for (feature, word) in feature::words() {
        let key = format!("{}/{}", feature.name, word.key);
        let somebody_may = table.get(&key).is_some_and(|(_, cells)| cells.contains('+'));
        let own = OWN.iter().find(|own| own.key == key);
        // What isn't built yet gets nobody anywhere.
        if key.starts_with("planned/") {
            continue;
        }
        assert!(somebody_may || own.is_some(), "nobody gets anywhere with {key}: say in OWN who does");
        let Some(own) = own else { continue };
        let mut talk = neighbourhood().await;
        let room_id = if own.before == BOUND { UNBOUND } else { BUILDING_3 };
        if own.before == BOUND {
            let joined = talk.incoming(STEWARD, talk.room_now(UNBOUND), UNBOUND, What::OwnJoin { made_by_bot: false });
            talk.give(joined).await;
        }
        for (by, text) in own.before {
            talk.say(by, room_id, text).await;
        }
        let mut mentions = Vec::new();
        if own.typed.starts_with('@') {
            mentions.push(Conversation::named(Who::Appointed.user_id(), "appointed"));
        }
        let text = format!("！{} {}", word.zh.first().or(word.en.first()).expect("a word"), own.typed);
        let message = Message { text, mentions, ..Message::default() };
        for (by, expected) in [("@captain:example.org", false), (own.by, true)] {
            // Whoever is asked for a yes is asked privately.
            let (place, room_id) = if own.before == BOUND {
                (talk.in_private(by, &[BUILDING_3]), private_room(by))
            } else {
                (talk.room_now(BUILDING_3), BUILDING_3.to_owned())
            };
            let incoming = talk.incoming(by, place, &room_id, What::Message(message.clone()));
            let (outcome, said) = talk.try_out(&incoming).await;
            assert_eq!(outcome == Outcome::Handled, expected, "{key} by {by}: {outcome:?} {said:?}");
        }
    }
}

#[test]
fn a_word_without_a_line_is_noticed() {
    let lines = table("# head\nwish/post | 修灯 | +++++..\n");
    assert_eq!(lines.get("wish/post"), Some(&("修灯".to_owned(), "+++++..".to_owned())));
    assert!(!lines.contains_key("wish/list"));
}

/// What is asked of somebody is their power now, not what it was when the matter began.
#[tokio::test]
async fn a_captain_who_was_voted_out_closes_nothing() {
    const WANG: &str = "@wang:example.org";
    let mut talk = neighbourhood().await;
    talk.empower(WANG, BUILDING_3, 50);
    let asked = talk.incoming(
        WANG,
        talk.room_now(BUILDING_3),
        BUILDING_3,
        What::Message(Message { text: "！结束投票 3".into(), ..Message::default() }),
    );
    let (outcome, said) = talk.try_out(&asked).await;
    assert_eq!(outcome, Outcome::Handled, "a captain closes the poll of another: {said:?}");
    talk.empower(WANG, BUILDING_3, 0);
    for text in ["！结束投票 3", "！取消活动 2", "！取消任务 4", "！设置 投票 楼长", "！提醒大家 明晚8点 停水"]
    {
        let heard = talk.say(WANG, BUILDING_3, text).await;
        assert_eq!(heard.outcome, Some(Outcome::Refused), "{text}: {heard:?}");
        let heard = talk.whisper(WANG, text).await;
        assert_eq!(heard.outcome, Some(Outcome::Refused), "in private, {text}: {heard:?}");
    }
    // Named by a steward meanwhile, they may again; and no more once that is taken back.
    for (text, expected) in [("！任命 @wang", Outcome::Handled), ("！免去 @wang", Outcome::Refused)] {
        let mentions = vec![Conversation::named(WANG, "wang")];
        talk.say_message(STEWARD, BUILDING_3, Message { text: text.into(), mentions, ..Message::default() }).await;
        let heard = talk.say(WANG, BUILDING_3, "！设置 投票 楼长").await;
        assert_eq!(heard.outcome, Some(expected), "{text}: {heard:?}");
    }
}

/// A request is decided by whoever may decide now.
#[tokio::test]
async fn who_was_asked_and_is_no_captain_any_more_decides_nothing() {
    const WANG: &str = "@wang:example.org";
    let mut talk = neighbourhood().await;
    talk.empower(WANG, BUILDING_3, 50);
    // The room's powers are seen with the next command.
    talk.say(WANG, BUILDING_3, "！积分").await;
    talk.say("@new:example.org", BUILDING_3, "！报到").await;
    let asked = request_to(&talk, WANG, 2).await;
    talk.empower(WANG, BUILDING_3, 0);
    let heard = talk.tap_privately(WANG, &asked, "✅").await;
    assert_eq!(heard.outcome, Some(Outcome::Refused), "{heard:?}");
}

/// A whole room rings for whoever may ring it when it is time, not for whoever could when they asked.
#[tokio::test]
async fn the_whole_room_rings_only_for_who_may_ring_it_when_it_is_time() {
    const WANG: &str = "@wang:example.org";
    const EVENING: &str = "明晚8点";
    // Who asks, their power then, whether they have left then; whether it is said, and whether it rings.
    for (by, power, gone, said, rings) in [
        (WANG, 50, false, true, true),
        (WANG, 100, false, true, true),
        (WANG, 0, false, true, false),
        (WANG, 0, true, false, false),
        (Who::Creator.user_id(), i64::MAX, false, true, true),
        // Captain by name, and steward: they may ask, and have no power on the homeserver.
        (Who::Appointed.user_id(), 0, false, true, false),
        (STEWARD, 0, false, true, false),
    ] {
        let mut talk = neighbourhood().await;
        talk.empower(WANG, BUILDING_3, 50);
        let could = talk.incoming(by, talk.room_now(BUILDING_3), BUILDING_3, What::OwnJoin { made_by_bot: true });
        let heard = talk.say(by, BUILDING_3, &format!("！提醒大家 {EVENING} 停水 @room")).await;
        assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
        let noted = heard.only_post().plain();
        assert_eq!(noted.contains("大家的手机都会响"), could.sender.may_call_room, "{by}: {noted}");
        assert!(!heard.only_post().rings_room(), "asking rings nobody");
        talk.empower(by, BUILDING_3, power);
        talk.gone = if gone { vec![by.to_owned()] } else { vec![] };
        let then_ms = talk.now_ms + 26 * 3_600_000 + 60_000;
        let all = talk.due(then_ms).await;
        let found: Vec<_> = all
            .iter()
            .flat_map(|heard| &heard.said)
            .filter(|said| said.room_id.as_deref() == Some(BUILDING_3) && said.plain().contains("停水"))
            .collect();
        assert_eq!(found.len(), usize::from(said), "{by} {power} {gone}: {found:?}");
        for said in found {
            assert_eq!(said.rings_room(), rings, "{by} {power}: {said:?}");
            assert!(said.notifies() && said.mentions().is_empty() && !said.plain().contains("@room"), "{said:?}");
        }
        let told: Vec<&str> =
            all.iter().flat_map(|heard| heard.told(by)).filter(|text| text.contains("停水")).collect();
        assert_eq!(told.len(), usize::from(!rings), "who asked learns that it didn't ring: {told:?}");
    }
}
