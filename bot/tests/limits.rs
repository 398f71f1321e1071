//! The sender against a homeserver that limits as Synapse does by default, in a time that only the test moves: what a
//! burst of sign-ups costs, in what order things go, and what becomes of answers that are late.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use lamplighter::{
    clock::{Clock as _, ManualClock},
    gateway::{Act, ChatState, Delivery, DeliveryError, DirectChat, Gateway, Limited},
    house,
    late::ANSWER_USEFUL_MS,
    sender::{Sender, Step},
    worker::{Seed, Worker},
};
use lamplighter_commands::{
    incoming::{self, Incoming, Message, NativeAnswer, Place, Wanted, What},
    scene::Content,
};
use lamplighter_config::Community;
use lamplighter_storage::{Location, Storage, outbox, room};
use proptest::prelude::*;
use tokio::sync::watch;

const BOT: &str = "@lamplighter:example.org";
const CAPTAIN: &str = "@captain:example.org";
const ROOM: &str = "!building3:example.org";
/// 2026-01-05 18:00 in Shanghai, a Monday.
const MONDAY_MS: i64 = 1_767_607_200_000;
/// Synapse's `rc_message`: a message in so long, ten at once.
const REFILL_MS: i64 = 5_000;
const BURST: i64 = 10;
/// What is promised.
const STATE_SEEN_MAX_MS: i64 = 60_000;
const RESIDENTS: usize = 30;
const RETENTION_DAYS: u32 = 14;

/// What went through, and when.
#[derive(Clone, Debug)]
struct Sent {
    at_ms: i64,
    act: Act,
    content: Content,
}

impl Sent {
    fn plain(&self) -> &str {
        match &self.content {
            Content::Message { plain, .. } => plain,
            Content::Tap { key } | Content::Untap { key } => key,
            Content::Poll { plain, .. } | Content::ClosePoll { plain } => plain,
            _ => "",
        }
    }
}

/// A homeserver with a bucket: what leaks out of it makes room for more.
#[derive(Debug)]
struct Bucket {
    clock: Arc<ManualClock>,
    /// None: no limit. Else how full it is, in milliseconds of refill, and when that was so.
    fill: Mutex<Option<(i64, i64)>>,
    sent: Mutex<Vec<Sent>>,
    refused: Mutex<usize>,
    new_chats_wait_ms: Mutex<Option<i64>>,
}

impl Bucket {
    fn sent(&self) -> Vec<Sent> {
        self.sent.lock().expect("a list").clone()
    }

    /// From now on limited, with so many messages to go at once.
    fn limit(&self, at_once: i64) {
        *self.fill.lock().expect("a bucket") = Some(((BURST - at_once) * REFILL_MS, self.clock.now_ms()));
    }
}

#[async_trait]
impl Gateway for Bucket {
    async fn open_chat(&self, user_id: &str, _: Option<&str>) -> Result<DirectChat, DeliveryError> {
        match *self.new_chats_wait_ms.lock().expect("a wait") {
            Some(wait_ms) => Err(DeliveryError::Limited { wait_ms: Some(wait_ms), what: Limited::NewChats }),
            None => Ok(DirectChat { room_id: format!("!chat-{user_id}"), state: ChatState::Open }),
        }
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<String, DeliveryError> {
        let now_ms = self.clock.now_ms();
        if let Some((fill_ms, at_ms)) = self.fill.lock().expect("a bucket").as_mut() {
            *fill_ms = (*fill_ms - (now_ms - *at_ms)).max(0);
            *at_ms = now_ms;
            let over_ms = *fill_ms + REFILL_MS - BURST * REFILL_MS;
            if over_ms > 0 {
                *self.refused.lock().expect("a count") += 1;
                // The header has whole seconds.
                let wait_ms = Some((over_ms + 999) / 1000 * 1000);
                return Err(DeliveryError::Limited { wait_ms, what: Limited::Sending });
            }
            *fill_ms += REFILL_MS;
        }
        let mut sent = self.sent.lock().expect("a list");
        sent.push(Sent { at_ms: now_ms, act: delivery.act.clone(), content: delivery.content.clone() });
        Ok(format!("$sent-{}", sent.len()))
    }

    async fn find_sent(&self, _: &str, _: &str) -> Result<Option<String>, DeliveryError> {
        Ok(None)
    }

    async fn standing(&self, _: &str, _: &str) -> Result<Option<incoming::Sender>, DeliveryError> {
        Ok(None)
    }

    async fn answers(&self, _: &str, _: &str, _: Wanted) -> Result<Option<Vec<NativeAnswer>>, DeliveryError> {
        Ok(None)
    }
}

/// The bot in a bound room of that homeserver.
struct Evening {
    storage: Storage,
    worker: Worker,
    sender: Sender,
    server: Arc<Bucket>,
    clock: Arc<ManualClock>,
    events: usize,
}

impl Evening {
    async fn new() -> Self {
        let storage = Storage::open(Location::Memory).await.expect("a database");
        let community = Community::console_default(vec![CAPTAIN.to_owned()]);
        let clock = Arc::new(ManualClock::at(MONDAY_MS));
        let mut tx = storage.begin().await.expect("a transaction");
        room::declare_communities(&mut tx, std::iter::once(community.id.as_str())).await.expect("a community");
        room::joined(&mut tx, ROOM, "3号楼", MONDAY_MS).await.expect("a room");
        room::bind(&mut tx, ROOM, &community.id, "building", "3号楼").await.expect("a bound room");
        tx.commit().await.expect("a commit");
        let house = Arc::new(house::build(vec![community], BOT, None, Vec::new(), RETENTION_DAYS).expect("a house"));
        let (progress, _) = watch::channel(0);
        let worker =
            Worker::new(storage.clone(), Arc::clone(&house), Arc::clone(&clock) as _, progress.clone(), Seed::Fixed);
        let server = Arc::new(Bucket {
            clock: Arc::clone(&clock),
            fill: Mutex::default(),
            sent: Mutex::default(),
            refused: Mutex::default(),
            new_chats_wait_ms: Mutex::default(),
        });
        let sender = Sender::new(storage.clone(), house, Arc::clone(&server) as _, Arc::clone(&clock) as _, progress);
        Self { storage, worker, sender, server, clock, events: 0 }
    }

    async fn handle(&mut self, user_id: &str, sent_at_ms: i64, what: What) -> String {
        self.events += 1;
        let event_id = format!("$event-{}", self.events);
        let incoming = Incoming {
            event_id: event_id.clone(),
            room_id: ROOM.to_owned(),
            sender: incoming::Sender {
                user_id: user_id.to_owned(),
                display_name: user_id.trim_start_matches('@').split(':').next().unwrap_or_default().to_owned(),
                power_level: 0,
                may_call_room: false,
            },
            sent_at_ms,
            place: Place::Room { name: String::new(), captains: Vec::new(), lacks: Vec::new() },
            what,
        };
        self.worker.handle(&incoming).await.expect("a database that is well");
        event_id
    }

    async fn say(&mut self, user_id: &str, text: &str) -> String {
        let what = What::Message(Message { text: text.to_owned(), ..Message::default() });
        let now_ms = self.clock.now_ms();
        self.handle(user_id, now_ms, what).await
    }

    /// Sends what can be sent until then, as the loop of the sender does.
    async fn run_until(&self, until_ms: i64) {
        loop {
            let next_ms = match self.sender.step().await.expect("the outbox") {
                Step::Moved => continue,
                Step::Until(at_ms) => at_ms.min(until_ms),
                Step::Idle => until_ms,
            };
            if self.clock.now_ms() >= until_ms {
                return;
            }
            self.clock.set(next_ms);
        }
    }

    async fn depth(&self) -> i64 {
        outbox::depth(&self.storage).await.expect("the outbox")
    }
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Word,
    Bare,
    PlusOne,
    Tap,
}

/// Thirty people sign up, each at their own time and in their own way; how long the last of them waits for their state.
async fn rush(ways: &[(Way, i64)], at_once: i64) -> (i64, usize) {
    let mut evening = Evening::new().await;
    evening.say(CAPTAIN, "！活动 包饺子 明晚7点半 活动室").await;
    evening.run_until(MONDAY_MS + 1_000).await;
    let card = evening.server.sent().first().cloned().expect("the card");
    assert!(card.plain().starts_with("📅 活动 1："), "{card:?}");
    evening.server.limit(at_once);
    let mut arrivals: Vec<(i64, usize, Way)> =
        ways.iter().enumerate().map(|(index, (way, after_ms))| (MONDAY_MS + 1_000 + after_ms, index, *way)).collect();
    arrivals.sort_by_key(|(at_ms, ..)| *at_ms);
    let mut asked = Vec::new();
    for (at_ms, index, way) in arrivals {
        evening.run_until(at_ms).await;
        let user_id = format!("@resident{index:02}:example.org");
        let event_id = match way {
            Way::Word => evening.say(&user_id, "！报名 1").await,
            Way::Bare => evening.say(&user_id, "报名").await,
            Way::PlusOne => evening.say(&user_id, "+1").await,
            Way::Tap => {
                let what = What::Tap { on: "$sent-1".into(), key: "✅ 报名".into() };
                evening.handle(&user_id, at_ms, what).await
            }
        };
        asked.push((at_ms, format!("resident{index:02}"), event_id));
    }
    evening.run_until(MONDAY_MS + 10 * 60_000).await;
    let sent = evening.server.sent();
    let mut longest_ms = 0;
    for (at_ms, name, event_id) in asked {
        let seen = sent.iter().find(|sent| match &sent.act {
            Act::Tap { on } => *on == event_id,
            Act::Edit { .. } => sent.plain().contains(&name),
            _ => false,
        });
        longest_ms = longest_ms.max(seen.expect("everybody sees their state").at_ms - at_ms);
    }
    assert_eq!(evening.depth().await, 0, "nothing waits for ever");
    let refused = *evening.server.refused.lock().expect("a count");
    assert!(refused <= sent.len() + 20, "{refused} refusals for {} messages: the waits are obeyed", sent.len());
    (longest_ms, sent.len())
}

#[tokio::test]
async fn thirty_words_at_once_on_an_empty_budget_are_shown_by_one_edit() {
    let ways: Vec<(Way, i64)> = (0..RESIDENTS).map(|_| (Way::Word, 0)).collect();
    let (longest_ms, sent) = rush(&ways, 0).await;
    assert!(longest_ms <= 6_000, "the first message that goes through shows all: {longest_ms} ms");
    // The card, its chip, the edit; then ✅s while they are worth something.
    assert!(sent < 3 + 15, "{sent} messages: ✅s that say nothing new are left out");
}

#[tokio::test]
async fn without_a_limit_everybody_gets_their_tick() {
    let mut evening = Evening::new().await;
    evening.say(CAPTAIN, "！活动 包饺子 明晚7点半 活动室").await;
    for index in 0..RESIDENTS {
        evening.say(&format!("@resident{index:02}:example.org"), "报名").await;
    }
    evening.run_until(MONDAY_MS + 10 * 60_000).await;
    let ticks = evening.server.sent().iter().filter(|sent| sent.plain() == "✅").count();
    assert_eq!(ticks, RESIDENTS);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everybody_sees_their_state_within_a_minute(
        ways in prop::collection::vec(
            (prop::sample::select(vec![Way::Word, Way::Bare, Way::PlusOne, Way::Tap]), 0..30_000_i64),
            RESIDENTS,
        ),
        at_once in 0..=BURST,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (longest_ms, _) = runtime.block_on(rush(&ways, at_once));
        prop_assert!(longest_ms <= STATE_SEEN_MAX_MS, "{longest_ms} ms");
    }
}

#[tokio::test]
async fn answers_after_an_outage_say_so_in_one_message() {
    let mut evening = Evening::new().await;
    // Said while the bot was away, handled when it came back.
    let asked_ms = evening.clock.now_ms();
    evening.clock.set(asked_ms + 3 * 60 * 60 * 1000);
    for index in 0..8 {
        let what = What::Message(Message { text: format!("！认领 {}", index + 40), ..Message::default() });
        evening.handle(&format!("@resident{index:02}:example.org"), asked_ms, what).await;
    }
    evening.say("@early:example.org", "！认领 99").await;
    evening.run_until(evening.clock.now_ms() + 1_000).await;
    let said: Vec<Sent> = evening.server.sent().into_iter().filter(|sent| matches!(sent.act, Act::Post)).collect();
    assert_eq!(said.len(), 2, "one for those of before, one for now: {said:#?}");
    let (now, before): (Vec<&Sent>, Vec<&Sent>) = said.iter().partition(|sent| sent.plain().contains("99"));
    assert_eq!(
        now[0].plain(),
        "没有 99 号。号码写在卡片上，请看看再发一次。",
        "what was asked now is answered as ever"
    );
    let before = before[0].plain();
    for index in 0..8 {
        let answer = format!(
            "⏳ resident{index:02}，您1月5日（周一）18:00发来的，现在才回上：\n没有 {} 号。号码写在卡片上，请看看再发一次。",
            index + 40
        );
        assert!(before.contains(&answer), "{answer} is not in {before}");
    }
    assert_eq!(evening.depth().await, 0);
}

#[tokio::test]
async fn an_answer_that_waited_too_long_says_so() {
    let mut evening = Evening::new().await;
    evening.say("@li:example.org", "！认领 40").await;
    evening.clock.set(MONDAY_MS + ANSWER_USEFUL_MS);
    evening.run_until(evening.clock.now_ms() + 1).await;
    let said = evening.server.sent();
    assert!(said[0].plain().starts_with("⏳ li，您1月5日（周一）18:00发来的，现在才回上：\n"), "{said:?}");
    let Content::Message { reply_to, .. } = &said[0].content else { panic!("{said:?}") };
    assert!(reply_to.is_some(), "one alone still replies to the question");
}

#[tokio::test]
async fn what_needs_a_new_chat_waits_without_holding_up_the_room() {
    let mut evening = Evening::new().await;
    *evening.server.new_chats_wait_ms.lock().expect("a wait") = Some(60_000);
    for index in 0..3 {
        evening.say(&format!("@resident{index}:example.org"), "！积分").await;
    }
    evening.say("@li:example.org", "！认领 40").await;
    evening.run_until(MONDAY_MS + 30_000).await;
    let said: Vec<String> = evening.server.sent().iter().map(|sent| sent.plain().to_owned()).collect();
    assert!(said.iter().any(|said| said.contains("没有 40 号")), "{said:?}");
    assert_eq!(evening.depth().await, 3, "the balances wait");
    *evening.server.new_chats_wait_ms.lock().expect("a wait") = None;
    evening.run_until(MONDAY_MS + 61_000).await;
    assert_eq!(evening.depth().await, 0);
}
