//! Random evenings of one activity with few places and one without a limit: people sign up with company and for
//! neighbours, leave, tap, take taps back, move and call off, by word and by tap, in the room and privately, while time
//! passes; every event may arrive twice. Whatever they do, journal, seats, cards and agenda agree.

mod conversation;

use std::collections::BTreeSet;

use conversation::{BUILDING_3, COMMUNITY, Conversation, Heard, LI, LIU, ZHANG, private_room};
use lamplighter_commands::{
    activity::{
        rules::{self, Activity, Change},
        to_rules,
    },
    house::Outcome,
    incoming::{Incoming, Message, What},
};
use lamplighter_storage::{activity as store, journal};
use proptest::prelude::*;

/// The first organises; the last is captain.
const PEOPLE: [&str; 6] = [LI, ZHANG, LIU, "@zhao:example.org", "@chen:example.org", "@wang:example.org"];
const WORDS: [&str; 15] = [
    "！报名",
    "！报名 N",
    "！报名 N +1",
    "！报名 N 2大1小",
    "！报名 N 3人",
    "！代报名 N 王奶奶",
    "！代报名 N 李爷爷",
    "！退出 N",
    "！退出 N 王奶奶",
    "！退出",
    "+1",
    "退出",
    "！名单 N",
    "！join N 4 people",
    "！轨迹 N",
];
const CHANGES: [&str; 5] =
    ["！改到 周三晚8点 N", "！改到 周四晚7点半 N", "！改到 上午10点 N", "！改到 晚9点 N", "！取消活动 N"];
const KEYS: [&str; 5] = ["✅ 报名", "✅", "👍", "🌙", "❤️"];
const CAPACITY: i64 = 5;

#[derive(Clone, Debug)]
enum Step {
    Word { by: usize, word: usize, number: i64, privately: bool },
    Change { by: usize, change: usize, number: i64 },
    Tap { by: usize, number: i64, key: usize },
    TakeBack { tap: usize },
    Again { event: usize },
    Wait { minutes: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let by = 0..PEOPLE.len();
    let number = prop_oneof![4 => Just(1_i64), 1 => Just(2_i64)];
    prop_oneof![
        10 => (by.clone(), 0..WORDS.len(), number.clone(), any::<bool>())
            .prop_map(|(by, word, number, privately)| Step::Word { by, word, number, privately }),
        1 => (by.clone(), 0..CHANGES.len(), number.clone())
            .prop_map(|(by, change, number)| Step::Change { by, change, number }),
        6 => (by, number, 0..KEYS.len()).prop_map(|(by, number, key)| Step::Tap { by, number, key }),
        4 => any::<usize>().prop_map(|tap| Step::TakeBack { tap }),
        2 => any::<usize>().prop_map(|event| Step::Again { event }),
        1 => prop_oneof![3 => 1..90_i64, 1 => 90..900_i64].prop_map(|minutes| Step::Wait { minutes }),
    ]
}

fn pick<T: Clone>(from: &[T], place: usize) -> Option<T> {
    from.get(place.checked_rem(from.len())?).cloned()
}

struct Evening {
    talk: Conversation,
    taps: Vec<Incoming>,
    said: Vec<Incoming>,
}

impl Evening {
    async fn new() -> Self {
        let mut talk = Conversation::new().await;
        talk.empower(PEOPLE[5], BUILDING_3, 50);
        // Tomorrow in working time, so that the evening is offered; and one without a limit.
        for text in [format!("！活动 广场舞教学 明天下午3点到5点 活动室 {CAPACITY}人"), "！活动 合唱 周三晚8点".into()]
        {
            let heard = talk.say(LI, BUILDING_3, &text).await;
            assert_eq!(heard.outcome, Some(Outcome::Handled), "{heard:?}");
        }
        Self { talk, taps: vec![], said: vec![] }
    }

    async fn event(&mut self, step: &Step) -> Option<Incoming> {
        let talk = &mut self.talk;
        let said = |text: &str, number: i64| {
            What::Message(Message { text: text.replace('N', &number.to_string()), ..Message::default() })
        };
        let here = || Conversation::in_room(BUILDING_3);
        Some(match *step {
            Step::Word { by, word, number, privately } if privately => {
                let place = talk.in_private(PEOPLE[by], &[BUILDING_3]);
                talk.incoming(PEOPLE[by], place, &private_room(PEOPLE[by]), said(WORDS[word], number))
            }
            Step::Word { by, word, number, .. } => {
                talk.incoming(PEOPLE[by], here(), BUILDING_3, said(WORDS[word], number))
            }
            Step::Change { by, change, number } => {
                talk.incoming(PEOPLE[by], here(), BUILDING_3, said(CHANGES[change], number))
            }
            Step::Tap { by, number, key } => {
                let (_, on) = talk.cards("activity", number).await.pop()?;
                talk.incoming(PEOPLE[by], here(), BUILDING_3, What::Tap { on, key: KEYS[key].into() })
            }
            Step::TakeBack { tap } => {
                let tap = pick(&self.taps, tap)?;
                let what = What::Redaction { of: tap.event_id.clone() };
                talk.incoming(&tap.sender.user_id, tap.place.clone(), &tap.room_id, what)
            }
            Step::Again { event } => pick(&self.said, event)?,
            Step::Wait { .. } => return None,
        })
    }

    async fn state(&self, number: i64) -> Activity {
        let mut tx = self.talk.storage.begin().await.expect("a transaction");
        let stored = store::get(&mut tx, COMMUNITY, number).await.expect("activities").expect("the activity");
        tx.roll_back().await.expect("a rollback");
        to_rules(&stored)
    }

    /// The activity that the journal tells of.
    async fn folded(&self, number: i64) -> Activity {
        let links = journal::fold_input(&self.talk.storage, COMMUNITY, number).await.expect("the journal");
        let mut links = links.into_iter().map(|link| {
            let payload: serde_json::Value = serde_json::from_str(&link.payload.expect("a payload")).expect("JSON");
            (link.kind, payload)
        });
        let (kind, posted) = links.next().expect("a first link");
        assert_eq!(kind, "activity.posted");
        let mut activity = Activity {
            organiser: posted["organiser"].as_i64().expect("an organiser"),
            capacity: posted["capacity"].as_i64(),
            cancelled: false,
            starts_at_ms: posted["starts_at_ms"].as_i64().expect("a start"),
            ends_at_ms: posted["ends_at_ms"].as_i64(),
            seats: vec![],
        };
        for (kind, payload) in links {
            let change: Change = serde_json::from_value(payload).expect("a change");
            assert_eq!(change.kind(), kind);
            rules::apply(&mut activity, &change);
        }
        activity
    }

    async fn assert_sound(&self, number: i64) {
        let activity = self.state(number).await;
        assert_eq!(self.folded(number).await, activity, "the fold of the journal is the state of activity {number}");
        if let Some(left) = activity.left() {
            assert!(activity.going() <= CAPACITY, "{activity:?}");
            let waits_for_nothing = activity.seats.iter().any(|seat| !seat.going && seat.party.size() <= left);
            assert!(!waits_for_nothing, "somebody waits who would fit: {activity:?}");
        }
        let holders: BTreeSet<_> = activity.seats.iter().map(|seat| (seat.holder.person, &seat.holder.guest)).collect();
        assert_eq!(holders.len(), activity.seats.len(), "somebody stands on the list twice");
        let open = !activity.cancelled && activity.starts_at_ms > self.talk.now_ms;
        for (card, _) in self.talk.cards("activity", number).await {
            assert_eq!(card.open, open, "{activity:?} at {}", self.talk.now_ms);
            let chips = self.talk.chips(card.card_id).await;
            assert!(!open || chips.contains(&"✅ 报名".to_owned()), "{chips:?}");
            assert!(!activity.cancelled || chips.is_empty(), "{chips:?}");
            // Whoever has signed up keeps the time.
            assert!(activity.seats.is_empty() || chips.len() < 2, "{chips:?}: {activity:?}");
        }
    }
}

/// Who was rung by a reminder.
fn reminded(heard: &[Heard]) -> Vec<(i64, Vec<String>)> {
    let reminders = heard.iter().flat_map(|heard| &heard.said).filter(|said| said.plain().contains("今天有活动"));
    reminders.map(|said| (said.at_ms, said.mentions().to_vec())).collect()
}

async fn live(steps: Vec<Step>) {
    let mut evening = Evening::new().await;
    let mut times = BTreeSet::new();
    for step in steps {
        if let Step::Wait { minutes } = step {
            let until_ms = evening.talk.now_ms + minutes * 60_000;
            let heard = evening.talk.due(until_ms).await;
            for (at_ms, _) in reminded(&heard) {
                assert!(times.insert(at_ms), "two reminders at one time");
            }
        } else {
            let Some(incoming) = evening.event(&step).await else { continue };
            // What has fallen due by then comes first.
            let now_ms = evening.talk.now_ms;
            evening.talk.due(now_ms).await;
            let before = (evening.talk.stored().await, evening.state(1).await, evening.state(2).await);
            let heard = evening.talk.give(incoming.clone()).await;
            let after = (evening.talk.stored().await, evening.state(1).await, evening.state(2).await);
            match heard.outcome {
                None => {
                    assert!(matches!(step, Step::Again { .. }), "{step:?} was taken for a duplicate");
                    assert!(heard.said.is_empty(), "a duplicate was answered: {heard:?}");
                    assert_eq!(after, before, "a duplicate changed something");
                }
                Some(Outcome::Refused | Outcome::Ignored) => {
                    assert_eq!(after, before, "{step:?} was refused: {heard:?}");
                    let tap = matches!(incoming.what, What::Tap { .. } | What::Redaction { .. });
                    assert!(heard.said.len() <= 1, "one line: {heard:?}");
                    assert!(!tap || heard.posted_in(BUILDING_3).is_empty(), "a tap is refused privately: {heard:?}");
                }
                Some(Outcome::Handled) => {
                    // Whoever moves up is rung, in the room.
                    let up = |activity: &Activity| {
                        let going = activity.seats.iter().filter(|seat| seat.going);
                        going.map(|seat| seat.holder.clone()).collect::<Vec<_>>()
                    };
                    let waited = |activity: &Activity, holder: &rules::Holder| {
                        activity.seats.iter().any(|seat| seat.holder == *holder && !seat.going)
                    };
                    let moved = [(&before.1, &after.1), (&before.2, &after.2)]
                        .into_iter()
                        .flat_map(|(old, new)| up(new).into_iter().filter(|holder| waited(old, holder)))
                        .count();
                    let told = heard.posted_in(BUILDING_3).iter().filter(|said| said.starts_with("🎉")).count();
                    assert_eq!(told, moved, "{step:?}: {heard:?}");
                    if matches!(incoming.what, What::Tap { .. }) {
                        evening.taps.push(incoming.clone());
                    }
                }
            }
            if heard.outcome.is_some() {
                evening.said.push(incoming);
            }
        }
        let now_ms = evening.talk.now_ms;
        evening.talk.due(now_ms).await;
        for number in [1, 2] {
            evening.assert_sound(number).await;
        }
    }
    // Until everything is over: a reminder rings exactly those who go then.
    let heard = evening.talk.due(evening.talk.now_ms + 4 * 86_400_000).await;
    let mut going: Vec<BTreeSet<String>> = Vec::new();
    for number in [1, 2] {
        let activity = evening.state(number).await;
        let mut users = BTreeSet::new();
        for seat in activity.seats.iter().filter(|seat| seat.going && !activity.cancelled) {
            users.insert(evening.talk.person(seat.holder.person).await.user_id);
        }
        going.push(users);
        evening.assert_sound(number).await;
    }
    for (_, mentions) in reminded(&heard) {
        assert!(going.contains(&mentions.iter().cloned().collect()), "{mentions:?} of {going:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn journal_seats_cards_and_agenda_agree(steps in prop::collection::vec(step(), 1..45)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(live(steps));
    }
}
