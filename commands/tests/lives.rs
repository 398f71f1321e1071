//! Random evenings: five people post, claim, tap, take back and repeat themselves, by word and by tap, in the room and
//! privately; every event may arrive twice. Whatever they do, journal, ledger, cards and state agree.

mod conversation;

use conversation::{BUILDING_3, COMMUNITY, Conversation, LI, LIU, ZHANG, private_room};
use lamplighter_commands::{
    house::Outcome,
    incoming::{Incoming, Message, What},
    wish::{
        rules::{self, Answer, Change, State, Wish},
        to_rules,
    },
};
use lamplighter_storage::{journal, wish};
use proptest::prelude::*;

const PEOPLE: [&str; 5] = [LI, ZHANG, LIU, "@zhao:example.org", "@chen:example.org"];
const WORDS: [&str; 10] = ["认领", "放弃", "完成", "确认", "撤回", "接", "不便", "claim", "give up", "轨迹"];
const KEYS: [&str; 8] = ["✋ 我来", "✋", "✅ 完成", "✅", "🙏 确认", "✅ 接", "❌ 不便", "❤️"];
const POINTS: i64 = 10;

#[derive(Clone, Debug)]
enum Step {
    Post { by: usize },
    Word { by: usize, word: usize, number: Option<i64>, privately: bool },
    Tap { by: usize, card: usize, key: usize },
    TapOffer { card: usize, key: usize },
    TakeBack { tap: usize },
    Again { event: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let by = 0..PEOPLE.len();
    prop_oneof![
        1 => by.clone().prop_map(|by| Step::Post { by }),
        6 => (by.clone(), 0..WORDS.len(), prop::option::weighted(0.8, 1..4_i64), any::<bool>())
            .prop_map(|(by, word, number, privately)| Step::Word { by, word, number, privately }),
        6 => (by, any::<usize>(), 0..KEYS.len()).prop_map(|(by, card, key)| Step::Tap { by, card, key }),
        3 => (any::<usize>(), 0..KEYS.len()).prop_map(|(card, key)| Step::TapOffer { card, key }),
        3 => any::<usize>().prop_map(|tap| Step::TakeBack { tap }),
        2 => any::<usize>().prop_map(|event| Step::Again { event }),
    ]
}

fn pick<T: Clone>(from: &[T], place: usize) -> Option<T> {
    from.get(place.checked_rem(from.len())?).cloned()
}

struct Evening {
    talk: Conversation,
    wishes: i64,
    taps: Vec<Incoming>,
}

impl Evening {
    async fn event(&mut self, step: &Step) -> Option<Incoming> {
        let talk = &mut self.talk;
        Some(match *step {
            Step::Post { by } => {
                let message = Message { text: "！许愿 修楼道灯".into(), ..Message::default() };
                talk.incoming(PEOPLE[by], Conversation::in_room(BUILDING_3), BUILDING_3, What::Message(message))
            }
            Step::Word { by, word, number, privately } => {
                let number = number.map(|number| number.to_string()).unwrap_or_default();
                let text = format!("！{} {number}", WORDS[word]);
                let what = What::Message(Message { text, ..Message::default() });
                if privately {
                    let place = talk.in_private(PEOPLE[by], &[BUILDING_3]);
                    talk.incoming(PEOPLE[by], place, &private_room(PEOPLE[by]), what)
                } else {
                    talk.incoming(PEOPLE[by], Conversation::in_room(BUILDING_3), BUILDING_3, what)
                }
            }
            Step::Tap { by, card, key } => {
                let (_, on) = pick(&self.cards("wish").await, card)?;
                let what = What::Tap { on, key: KEYS[key].into() };
                self.talk.incoming(PEOPLE[by], Conversation::in_room(BUILDING_3), BUILDING_3, what)
            }
            Step::TapOffer { card, key } => {
                let (to, on) = pick(&self.cards("wish_offer").await, card)?;
                let by = self.talk.person(to?).await.user_id;
                let what = What::Tap { on, key: KEYS[key].into() };
                let place = self.talk.in_private(&by, &[BUILDING_3]);
                self.talk.incoming(&by, place, &private_room(&by), what)
            }
            Step::TakeBack { tap } => {
                let tap = pick(&self.taps, tap)?;
                let what = What::Redaction { of: tap.event_id.clone() };
                talk.incoming(&tap.sender.user_id, tap.place.clone(), &tap.room_id, what)
            }
            Step::Again { event } => pick(&talk.came_in, event)?,
        })
    }

    async fn cards(&self, kind: &str) -> Vec<(Option<i64>, String)> {
        let mut found = Vec::new();
        for number in 1..=self.wishes {
            let cards = self.talk.cards(kind, number).await;
            found.extend(cards.into_iter().map(|(card, event_id)| (card.person_id, event_id)));
        }
        found
    }

    async fn state(&self, number: i64) -> Wish {
        let mut tx = self.talk.storage.begin().await.expect("a transaction");
        let wish = wish::get(&mut tx, COMMUNITY, number).await.expect("wishes").expect("the wish");
        tx.roll_back().await.expect("a rollback");
        to_rules(&wish).expect("a state that is known")
    }

    /// The wish that the journal tells of.
    async fn folded(&self, number: i64) -> Wish {
        let links = journal::fold_input(&self.talk.storage, COMMUNITY, number).await.expect("the journal");
        let mut links = links.into_iter().map(|link| {
            let payload: serde_json::Value = serde_json::from_str(&link.payload.expect("a payload")).expect("JSON");
            (link.kind, payload)
        });
        let (kind, posted) = links.next().expect("a first link");
        assert_eq!(kind, "wish.posted");
        let wisher = posted["wisher"].as_i64().expect("a wisher");
        let mut wish = Wish { wisher, state: State::Open, helper: None, standbys: vec![] };
        for (kind, payload) in links.filter(|(kind, _)| kind != "ledger.transfer") {
            let change: Change = serde_json::from_value(payload).expect("a change");
            assert_eq!(change.kind(), kind);
            rules::apply(&mut wish, change);
        }
        wish
    }

    /// The cards show what the wish allows (docs/PROTOCOL.md, "Numbers and cards").
    async fn assert_cards(&self, number: i64, wish: &Wish) {
        let (chips, open): (&[&str], bool) = match wish.state {
            State::Open => (&["✋ 我来"], true),
            State::Claimed => (&["✅ 完成", "🙏 确认"], true),
            State::Done => (&["🙏 确认"], true),
            State::Confirmed | State::Withdrawn => (&[], false),
        };
        for (card, _) in self.talk.cards("wish", number).await {
            // In any order: a chip that goes and comes again stands behind those that stayed.
            let mut shown = self.talk.chips(card.card_id).await;
            shown.sort();
            let mut expected = chips.to_vec();
            expected.sort_unstable();
            assert_eq!((card.open, shown), (open, expected.into_iter().map(str::to_owned).collect()), "{wish:?}");
        }
        let asked: Vec<i64> = wish
            .standbys
            .iter()
            .filter(|standby| standby.answer == Answer::Asked)
            .map(|standby| standby.person)
            .collect();
        let mut offered = Vec::new();
        for (card, _) in self.talk.cards("wish_offer", number).await {
            let chips = self.talk.chips(card.card_id).await;
            assert_eq!(chips.len(), if card.open { 2 } else { 0 }, "{card:?}");
            offered.extend(card.person_id.filter(|_| card.open));
        }
        assert_eq!(offered, asked, "the open offers are those that stand: {wish:?}");
    }
}

async fn live(steps: Vec<Step>) {
    let mut evening = Evening { talk: Conversation::new().await, wishes: 0, taps: vec![] };
    for step in steps {
        let Some(incoming) = evening.event(&step).await else { continue };
        let before = evening.talk.stored().await;
        let heard = evening.talk.give(incoming.clone()).await;
        let after = evening.talk.stored().await;
        match heard.outcome {
            None => {
                assert!(matches!(step, Step::Again { .. }), "{step:?} was taken for a duplicate");
                assert!(heard.said.is_empty(), "a duplicate was answered: {heard:?}");
                assert_eq!(after, before, "a duplicate changed something");
            }
            Some(Outcome::Refused | Outcome::Ignored) => assert_eq!(after, before, "{step:?} was refused: {heard:?}"),
            Some(Outcome::Handled) => {
                evening.wishes = after.items;
                if matches!(incoming.what, What::Tap { .. }) {
                    evening.taps.push(incoming);
                }
            }
        }
        assert!(!matches!(step, Step::Again { .. }) || heard.outcome.is_none(), "{step:?} was handled twice");
    }
    let mut confirmed = 0;
    let mut earned = std::collections::BTreeMap::new();
    for number in 1..=evening.wishes {
        let wish = evening.state(number).await;
        assert_eq!(evening.folded(number).await, wish, "the fold of the journal is the state of wish {number}");
        evening.assert_cards(number, &wish).await;
        if wish.state == State::Confirmed {
            confirmed += 1;
            *earned.entry(wish.helper.expect("a helper")).or_insert(0) += POINTS;
        }
    }
    assert_eq!(evening.talk.stored().await.transfers, confirmed, "one payment for each wish that was confirmed");
    for (helper, points) in earned {
        let user_id = evening.talk.person(helper).await.user_id;
        assert_eq!(evening.talk.balance(&user_id).await, points);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn journal_ledger_cards_and_state_agree(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        // Without a wish there is little to do.
        let steps = [Step::Post { by: 0 }].into_iter().chain(steps).collect();
        runtime.block_on(live(steps));
    }
}
