//! Wishes (微心愿): post, list, claim, stand by, give up, done, confirm, withdraw, by word and by tap; the card edited
//! in place; helper and wisher introduced privately; public thanks with the points at once (FEATURES.md rows 1–3, 77).
//!
//! Not here yet: verification, pair caps, dispatch, timers.

pub(crate) mod audit;
pub(crate) mod command;
mod reply;
pub mod rules;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_storage::{
    card, item,
    outbox::Lane,
    person::{self, Person, PersonId},
    wish::{self as store, StandbyRow, WishRow},
};

use crate::{
    fault::Fault,
    feature::{Feature, Parsed, Work, nothing_due},
    house::{General, Outcome},
    language::Phrase,
    scene::Scene,
    wish::{
        command::Command,
        reply::{Entry, Face, OfferEnd, WishReply},
        rules::{Act, Answer, Change, Later, Refusal, Standby, State, Wish},
    },
};

/// The kind of the item and of its card in the room.
pub(crate) const KIND: &str = "wish";
/// The kind of the card by which a stand-by is asked.
const OFFER: &str = "wish_offer";

const CARDS: &[&str] = &[KIND, OFFER];

const CLAIM: &str = "✋ 我来";
const FINISH: &str = "✅ 完成";
const CONFIRM: &str = "🙏 确认";
const ACCEPT: &str = "✅ 接";
const DECLINE: &str = "❌ 不便";

/// The rule of the config by which the helper is paid.
pub const RULE: &str = "wish_fulfilled";

/// A list shows at most this many wishes, so that it fits on a telephone.
const LIST_MAX: usize = 10;
/// Among this many open wishes the one that is meant is looked for when no number was typed.
const CANDIDATES_MAX: i64 = 50;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "wish",
    words: command::WORDS,
    sayings: command::SAYINGS,
    cues: command::CUES,
    read: command::read,
    cards: CARDS,
    keys: &[CLAIM, FINISH, CONFIRM, ACCEPT, DECLINE],
    thumbs_up: None,
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: |scene, card, key, taken_back| -> Work<'_> { Box::pin(tap(scene, card, key, taken_back)) },
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: |scene, number| -> Work<'_> { Box::pin(show_number(scene, number)) },
};

/// How something was done, which decides how it is answered (docs/PROTOCOL.md, "Numbers and cards").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Word,
    Tap {
        card_id: i64,
        taken_back: bool,
    },
    /// By leaving for good.
    Leaving,
    /// What the actor had done is undone.
    Undo,
}

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    match command::parse(key, &rest) {
        Parsed::Malformed(id) => refuse(scene, &General::Malformed { id }).await,
        Parsed::Mine(Command::Post(text)) => post(scene, text).await,
        Parsed::Mine(Command::ListOpen) => list_open(scene).await,
        Parsed::Mine(Command::ListMine) => list_mine(scene).await,
        Parsed::Mine(Command::Act(act @ (Act::Accept | Act::Decline), number))
            if let Some(outcome) = crate::task::answer_by_word(scene, number, act == Act::Accept).await? =>
        {
            // A task asks in the same words.
            Ok(outcome)
        }
        Parsed::Mine(Command::Act(act, number)) => {
            let number = match number.or_else(|| replied_number(scene)) {
                Some(number) => number,
                None => match only_candidate(scene, act, key).await? {
                    Ok(number) => number,
                    Err(outcome) => return Ok(outcome),
                },
            };
            perform(scene, number, act, Way::Word).await
        }
    }
}

async fn refuse(scene: &mut Scene<'_>, reply: &impl crate::scene::Reply) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

fn replied_number(scene: &Scene<'_>) -> Option<i64> {
    let replied = scene.replied_card.as_ref()?;
    CARDS.contains(&replied.kind.as_str()).then_some(replied.number)
}

async fn tap(scene: &mut Scene<'_>, card: card::Card, key: &'static str, taken_back: bool) -> Result<Outcome, Fault> {
    // Under an offer, ✅ alone means 接; under the card in the room, 完成.
    let act = match (card.kind.as_str(), key, taken_back) {
        (KIND, CLAIM, false) => Act::Claim,
        (KIND, CLAIM, true) => Act::Release,
        (KIND, FINISH | ACCEPT, false) => Act::Finish,
        (KIND, FINISH | ACCEPT, true) => Act::Unfinish,
        (KIND, CONFIRM, false) => Act::Confirm,
        (OFFER, ACCEPT | FINISH, false) => Act::Accept,
        (OFFER, ACCEPT | FINISH, true) => Act::Release,
        (OFFER, DECLINE, false) => Act::Decline,
        _ => return Ok(Outcome::Ignored),
    };
    perform(scene, card.number, act, Way::Tap { card_id: card.card_id, taken_back }).await
}

async fn post(scene: &mut Scene<'_>, text: String) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let room_id = scene.room()?.room_id.clone();
    let number = item::create(scene.tx, &community_id, KIND, &room_id, &scene.incoming.event_id).await?;
    let row = WishRow {
        number,
        room_id: room_id.clone(),
        wisher_id: scene.actor.person_id,
        text,
        state: state_name(State::Open).into(),
        helper_id: None,
        claim_place: 0,
        by_proxy: scene.proxy.is_some(),
    };
    store::create(scene.tx, &community_id, &row, scene.now_ms).await?;
    let payload = serde_json::json!({ "wisher": row.wisher_id, "text": row.text });
    scene.record("wish.posted", Some(number), &payload).await?;
    let wisher = scene.actor.clone();
    let face = Face {
        number,
        text: &row.text,
        state: State::Open,
        wisher: &wisher,
        helper: None,
        standbys: 0,
        by_proxy: row.by_proxy,
    };
    scene.post_card(&room_id, KIND, number, &WishReply::Card(face), chips(State::Open)).await?;
    undo::note(scene, number, undo::Did::Posted)?;
    if scene.is_direct() {
        scene.tick().await?;
    }
    Ok(Outcome::Handled)
}

/// The chips of a wish's card, in the order of the table in docs/PROTOCOL.md.
pub(crate) fn chips(state: State) -> &'static [&'static str] {
    match state {
        State::Open => &[CLAIM],
        State::Claimed => &[FINISH, CONFIRM],
        State::Done => &[CONFIRM],
        State::Confirmed | State::Withdrawn => &[],
    }
}

/// Whether something can still be done about it.
pub(crate) fn is_open(state: State) -> bool {
    matches!(state, State::Open | State::Claimed | State::Done)
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Claimed => "claimed",
        State::Done => "done",
        State::Confirmed => "confirmed",
        State::Withdrawn => "withdrawn",
    }
}

fn state_of(name: &str) -> Result<State, Fault> {
    [State::Open, State::Claimed, State::Done, State::Confirmed, State::Withdrawn]
        .into_iter()
        .find(|state| state_name(*state) == name)
        .ok_or(Fault::Broken("a wish in an unknown state"))
}

fn answer_name(answer: Answer) -> &'static str {
    match answer {
        Answer::Waiting => "waiting",
        Answer::Asked => "asked",
        Answer::Declined => "declined",
    }
}

fn answer_of(name: &str) -> Result<Answer, Fault> {
    [Answer::Waiting, Answer::Asked, Answer::Declined]
        .into_iter()
        .find(|answer| answer_name(*answer) == name)
        .ok_or(Fault::Broken("a stand-by with an unknown answer"))
}

/// The wish as the rules see it.
pub fn to_rules(wish: &store::Wish) -> Result<Wish, Fault> {
    Ok(Wish {
        wisher: wish.row.wisher_id,
        state: state_of(&wish.row.state)?,
        helper: wish.row.helper_id,
        standbys: wish
            .standbys
            .iter()
            .map(|standby| Ok(Standby { person: standby.person_id, answer: answer_of(&standby.answer)? }))
            .collect::<Result<_, Fault>>()?,
    })
}

/// The people of a wish, so that a face can borrow them.
struct People {
    wisher: Person,
    helper: Option<Person>,
    standbys: i64,
}

impl People {
    async fn of(scene: &mut Scene<'_>, wish: &Wish) -> Result<Self, Fault> {
        let wisher = person::get(scene.tx, wish.wisher).await?;
        let helper = match wish.helper {
            Some(helper) => Some(person::get(scene.tx, helper).await?),
            None => None,
        };
        Ok(Self { wisher, helper, standbys: wish.standbys.len() as i64 })
    }

    fn face<'a>(&'a self, number: i64, text: &'a str, state: State) -> Face<'a> {
        Face {
            number,
            text,
            state,
            wisher: &self.wisher,
            helper: self.helper.as_ref(),
            standbys: self.standbys,
            by_proxy: false,
        }
    }
}

async fn perform(scene: &mut Scene<'_>, number: i64, act: Act, way: Way) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else {
        let reply = match item::get(scene.tx, &community_id, number).await? {
            Some(_) => WishReply::OtherKind { number },
            None => WishReply::NoSuch { number },
        };
        return refuse(scene, &reply).await;
    };
    // Under an offer somebody who has left the room may still say no, so that the next one is asked.
    let declines = act == Act::Decline && way != Way::Word;
    if !declines && !scene.may_see(&stored.row.room_id) {
        return refuse(scene, &WishReply::Elsewhere { number }).await;
    }
    let before = to_rules(&stored)?;
    if let Some(proxy) = scene.proxy.as_ref().filter(|_| way == Way::Word)
        && (before.wisher == proxy.person_id || before.helper == Some(proxy.person_id))
    {
        // Nobody stands on both sides of a wish.
        return refuse(scene, &crate::proxy::ProxyReply::OwnInterest).await;
    }
    let changes = match rules::decide_late(&before, scene.actor.person_id, act, later(&stored, scene.place)) {
        Ok(changes) => changes,
        Err(refusal) => return refused(scene, number, &stored, &before, refusal, act, way).await,
    };
    if changes.is_empty() {
        if way == Way::Word {
            scene.tick().await?;
        }
        return Ok(Outcome::Handled);
    }
    make(scene, stored, before, changes, way).await?;
    Ok(Outcome::Handled)
}

/// Makes changes: journal, rows, card, and what the people concerned are told.
async fn make(
    scene: &mut Scene<'_>,
    mut stored: store::Wish,
    before: Wish,
    changes: Vec<Change>,
    way: Way,
) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let number = stored.row.number;
    let mut after = before.clone();
    for change in &changes {
        rules::apply(&mut after, *change);
        scene.record(change.kind(), Some(number), &serde_json::to_value(change)?).await?;
    }
    stored.row.state = state_name(after.state).into();
    stored.standbys = after
        .standbys
        .iter()
        .map(|standby| {
            let known = stored.standbys.iter().find(|row| row.person_id == standby.person);
            // Who claimed stands by with the place of that claim.
            let claimed = Some(stored.row.claim_place).filter(|_| before.helper == Some(standby.person));
            StandbyRow {
                person_id: standby.person,
                answer: answer_name(standby.answer).into(),
                arrival_place: known.map(|row| row.arrival_place).or(claimed).unwrap_or(scene.place),
            }
        })
        .collect();
    if after.helper != before.helper {
        stored.row.claim_place = scene.place;
    }
    stored.row.helper_id = after.helper;
    store::save(scene.tx, &community_id, &stored, scene.now_ms).await?;
    if way == Way::Word {
        scene.tick().await?;
        if let Some(did) = undo::of_changes(&changes) {
            undo::note(scene, number, did)?;
        }
    }
    if changes.iter().any(|change| change.is_seen()) {
        show(scene, number, &stored.row.text, &after).await?;
    }
    for change in changes {
        follow_up(scene, number, &stored, &before, &after, change).await?;
    }
    Ok(())
}

/// The actor leaves for good: what is open is given back, and the people concerned are told as ever.
pub(crate) async fn leave(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else { return Ok(()) };
    let before = to_rules(&stored)?;
    let changes = rules::leave(&before, scene.actor.person_id);
    if changes.is_empty() {
        return Ok(());
    }
    make(scene, stored, before, changes, Way::Leaving).await
}

/// Shows the card anew, since names or texts on it have changed.
pub(crate) async fn show_anew(scene: &mut Scene<'_>, number: i64) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else { return Ok(()) };
    let wish = to_rules(&stored)?;
    show(scene, number, &stored.row.text, &wish).await
}

/// What of a wish came after this place, though it could be read before.
fn later(stored: &store::Wish, place: i64) -> Later {
    Later {
        claim: stored.row.helper_id.is_some() && stored.row.claim_place > place,
        standby: stored.standbys.iter().find(|row| row.arrival_place > place).map(|row| row.person_id),
    }
}

/// Brings the card in the room up to date.
async fn show(scene: &mut Scene<'_>, number: i64, text: &str, wish: &Wish) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let people = People::of(scene, wish).await?;
    let by_proxy = store::get(scene.tx, &community_id, number).await?.is_some_and(|stored| stored.row.by_proxy);
    let open = is_open(wish.state);
    for card in card::of_number(scene.tx, &community_id, KIND, number).await? {
        let face = Face { by_proxy, ..people.face(number, text, wish.state) };
        scene.refresh_card(&card, &WishReply::Card(face), chips(wish.state), open).await?;
    }
    Ok(())
}

/// Brings the card of a number up to date, or posts it anew.
async fn show_number(scene: &mut Scene<'_>, number: i64) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let Some(stored) = store::get(scene.tx, &community_id, number).await? else { return Ok(Outcome::Ignored) };
    show(scene, number, &stored.row.text, &to_rules(&stored)?).await?;
    Ok(Outcome::Handled)
}

/// What the people concerned are told beyond the card.
async fn follow_up(
    scene: &mut Scene<'_>,
    number: i64,
    stored: &store::Wish,
    before: &Wish,
    after: &Wish,
    change: Change,
) -> Result<(), Fault> {
    let text = &stored.row.text;
    // What happened to the room's wish is told to its people with that room as the fallback.
    scene.room = lamplighter_storage::room::get(scene.tx, &stored.row.room_id).await?;
    let people = People::of(scene, after).await?;
    let face = people.face(number, text, after.state);
    match change {
        Change::Claimed(helper) => {
            end_offer(scene, number, text, after, helper, OfferEnd::Accepted).await?;
            scene.tell(helper, Lane::Answer, &WishReply::Introduce(face.clone())).await?;
            scene.tell(after.wisher, Lane::Answer, &WishReply::Introduced(face)).await?;
        }
        Change::Released(by) => {
            let by = person::get(scene.tx, by).await?;
            scene.tell(after.wisher, Lane::Answer, &WishReply::Reopened { face, by: &by }).await?;
        }
        Change::Finished(_) => {
            scene.tell(after.wisher, Lane::Answer, &WishReply::Finished(face)).await?;
        }
        Change::Confirmed(_) => {
            let helper = after.helper.ok_or(Fault::Broken("a confirmed wish without a helper"))?;
            let rule = scene.community()?.points.wish_fulfilled;
            let now_ms = scene.now_ms;
            let points = scene.pay(RULE, rule, number, helper, now_ms).await?;
            scene.post(&stored.row.room_id, &WishReply::Thanks { face, points }).await?;
        }
        Change::Withdrawn(_) => {
            if let Some(helper) = before.helper {
                scene.tell(helper, Lane::Answer, &WishReply::TakenBack(face)).await?;
            }
        }
        Change::Offered(to) => {
            scene.tell_card(to, OFFER, number, &WishReply::Offer(face), &[ACCEPT, DECLINE], true).await?;
        }
        Change::Lapsed(person) => end_offer(scene, number, text, after, person, OfferEnd::Lapsed).await?,
        Change::Declined(person) => end_offer(scene, number, text, after, person, OfferEnd::Declined).await?,
        Change::SteppedBack(person) => end_offer(scene, number, text, after, person, OfferEnd::Lapsed).await?,
        Change::StoodBy(person) => {
            scene.tell(person, Lane::Answer, &WishReply::StandingBy(face)).await?;
        }
        Change::Overtaken(person) => {
            scene.tell(person, Lane::Answer, &WishReply::Overtaken(face)).await?;
        }
        Change::Unfinished(_) | Change::Placed { .. } => {}
    }
    Ok(())
}

/// Closes the open offer card of a stand-by, if there is one.
async fn end_offer(
    scene: &mut Scene<'_>,
    number: i64,
    text: &str,
    wish: &Wish,
    to: PersonId,
    how: OfferEnd,
) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let people = People::of(scene, wish).await?;
    let cards = card::of_number(scene.tx, &community_id, OFFER, number).await?;
    for card in cards.iter().filter(|card| card.open && card.person_id == Some(to)) {
        let face = people.face(number, text, wish.state);
        scene.refresh_card(card, &WishReply::OfferOver { face, how }, &[], false).await?;
    }
    Ok(())
}

/// A no: one line where it was typed; for a tap one line privately, once a card; for a tap taken back nothing. What
/// concerns an offer is private in any case.
async fn refused(
    scene: &mut Scene<'_>,
    number: i64,
    stored: &store::Wish,
    wish: &Wish,
    refusal: Refusal,
    act: Act,
    way: Way,
) -> Result<Outcome, Fault> {
    let people = People::of(scene, wish).await?;
    let reply = WishReply::Refused { refusal, face: people.face(number, &stored.row.text, wish.state) };
    let actor = scene.actor.person_id;
    match way {
        Way::Word if act == Act::Decline => {
            scene.tell(actor, Lane::Answer, &reply).await?;
        }
        Way::Word => {
            scene.answer(&reply).await?;
        }
        Way::Tap { taken_back: true, .. } | Way::Leaving | Way::Undo => return Ok(Outcome::Ignored),
        Way::Tap { card_id, .. } => {
            if card::give_tap_notice(scene.tx, card_id, actor).await? {
                scene.room = lamplighter_storage::room::get(scene.tx, &stored.row.room_id).await?;
                scene.tell(actor, Lane::Answer, &reply).await?;
            }
        }
    }
    Ok(Outcome::Refused)
}

/// Without a number: the one wish with which this act would change something.
async fn only_candidate(scene: &mut Scene<'_>, act: Act, key: &str) -> Result<Result<i64, Outcome>, Fault> {
    let community_id = scene.community()?.id.clone();
    let actor = scene.actor.person_id;
    let numbers = scene.open_numbers(KIND, CANDIDATES_MAX).await?;
    let mut fitting = Vec::new();
    for number in numbers {
        let Some(stored) = store::get(scene.tx, &community_id, number).await? else { continue };
        let wish = to_rules(&stored)?;
        if rules::decide_late(&wish, actor, act, later(&stored, scene.place)).is_ok_and(|changes| !changes.is_empty()) {
            fitting.push((stored.row, wish.state));
        }
    }
    match fitting.as_slice() {
        [(row, _)] => Ok(Ok(row.number)),
        [] => Ok(Err(refuse(scene, &WishReply::NoneFits).await?)),
        several => {
            let entries: Vec<Entry<'_>> =
                several.iter().take(LIST_MAX).map(|(row, state)| entry(row, *state)).collect();
            let word = command::WORDS.iter().find(|word| word.key == key).and_then(|word| word.zh.first().copied());
            let reply = WishReply::SeveralFit { entries: &entries, word: word.unwrap_or_default() };
            Ok(Err(refuse(scene, &reply).await?))
        }
    }
}

fn entry(row: &WishRow, state: State) -> Entry<'_> {
    Entry { number: row.number, text: &row.text, state }
}

async fn list_open(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let room_id = scene.room()?.room_id.clone();
    let (rows, count) = store::open_in_room(scene.tx, &room_id, LIST_MAX as i64).await?;
    let entries: Vec<Entry<'_>> = rows.iter().map(|row| entry(row, State::Open)).collect();
    let more = count - entries.len() as i64;
    scene.answer(&WishReply::OpenList { entries: &entries, more }).await?;
    Ok(Outcome::Handled)
}

/// One's own wishes go by private message: in the room everybody would read what somebody is busy with.
async fn list_mine(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let rows = store::of_person(scene.tx, &community_id, me, LIST_MAX as i64).await?;
    let (mut posted, mut helping) = (Vec::new(), Vec::new());
    for row in &rows {
        let list = if row.wisher_id == me { &mut posted } else { &mut helping };
        list.push(entry(row, state_of(&row.state)?));
    }
    if !scene.is_direct() {
        scene.tick().await?;
    }
    scene.tell(me, Lane::Answer, &WishReply::MyList { posted: &posted, helping: &helping }).await?;
    Ok(Outcome::Handled)
}
