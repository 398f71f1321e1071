//! 代: a captain or a helper acts for somebody, who is told at once and can take it back (SPECS.md C2). What is done counts as
//! that one's own; the journal holds both.
//!
//! Not here yet: names without an account, apart from signing them up, which activities do.

pub(crate) mod command;
mod reply;
pub mod rules;
#[cfg(test)]
mod tests;
mod undo;

use lamplighter_storage::{
    activity, card, command as commands,
    outbox::Lane,
    person::{self, Person},
    proxy::{self as store, Acted},
    wish,
};

pub(crate) use self::reply::ProxyReply;
use crate::{
    card as cards, choice,
    fault::Fault,
    feature::{self, Feature, Found, Role, Work, nothing_due, nothing_to_show},
    house::{General, Outcome},
    incoming::Named,
    language::{Phrase, number},
    proxy::rules::{Known, Refusal},
    scene::Scene,
    taken_back,
};

/// The kind of the card that tells somebody what was done for them.
pub const KIND: &str = "acted_for";
const UNDO: &str = "↩️ 撤销";
/// Digits go to nine.
const PEOPLE_MAX: i64 = 9;
/// So much of a command is quoted to whom it was done for.
const QUOTED_CHARS_MAX: usize = 120;

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "proxy",
    words: command::WORDS,
    sayings: &[],
    cues: &[],
    read: command::read,
    cards: &[KIND],
    keys: &[UNDO],
    thumbs_up: None,
    run: |scene, key, rest| -> Work<'_> { Box::pin(run(scene, key, rest)) },
    tap: |scene, card, _, taken_back| -> Work<'_> { Box::pin(tap(scene, card, taken_back)) },
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: |scene, gone| -> Work<'_> { Box::pin(undo::undo(scene, gone)) },
    show: nothing_to_show,
};

async fn run(scene: &mut Scene<'_>, key: &'static str, rest: Phrase) -> Result<Outcome, Fault> {
    match key {
        "act" => act(scene, rest).await,
        "helper" => helper(scene, &rest, true).await,
        "end_helper" => helper(scene, &rest, false).await,
        "helpers" => helpers(scene).await,
        "undo" => undo_last(scene, command::deed(&rest)).await,
        forbid_or_allow => consent(scene, forbid_or_allow == "forbid").await,
    }
}

async fn refuse(scene: &mut Scene<'_>, reply: &impl crate::scene::Reply) -> Result<Outcome, Fault> {
    scene.answer(reply).await?;
    Ok(Outcome::Refused)
}

/// Answers privately: who helps whom is nobody else's business. In a room ✅ shows that it was heard.
async fn whisper(scene: &mut Scene<'_>, reply: &ProxyReply<'_>, outcome: Outcome) -> Result<Outcome, Fault> {
    let to = scene.speaker().person_id;
    if !scene.is_direct() && outcome == Outcome::Handled {
        scene.tick().await?;
    }
    scene.tell(to, Lane::Answer, reply).await?;
    Ok(outcome)
}

/// Whom a name means.
enum Whom {
    /// Somebody who is mentioned in this room, or known in it.
    Is(Person),
    /// Nobody with an account.
    Nobody,
    /// It was asked, or nobody could be meant.
    Asked(Outcome),
}

/// Everybody whom a name may mean here: the one who is mentioned by it, or those of this name who are in the room or have done
/// something there.
async fn called(scene: &mut Scene<'_>, name: &str) -> Result<Vec<Person>, Fault> {
    let folded = Phrase::new(name).folded();
    let shown = |named: &Named| cards::name_of(&named.user_id, &named.display_name);
    let of_this_name = |all: &[Named]| -> Vec<Named> {
        all.iter().filter(|named| Phrase::new(&shown(named)).folded() == folded).cloned().collect()
    };
    let message = scene.message().filter(|_| !scene.is_direct());
    // Others may be mentioned in what is done: only a name says for whom.
    if let Some([only]) = message.map(|message| of_this_name(&message.mentions)).as_deref() {
        return Ok(vec![person::seen(scene.tx, &only.user_id, &shown(only)).await?]);
    }
    let community_id = scene.community()?.id.clone();
    let room_id = scene.room.as_ref().map(|room| room.room_id.clone()).unwrap_or_default();
    let me = scene.speaker().person_id;
    let mut people = store::named(scene.tx, &community_id, &room_id, name, me, PEOPLE_MAX).await?;
    // Whoever never spoke to the bot is a neighbour all the same.
    for named in message.map(|message| of_this_name(&message.neighbours)).unwrap_or_default() {
        if people.len() < PEOPLE_MAX as usize && people.iter().all(|person| person.user_id != named.user_id) {
            people.push(person::known(scene.tx, &named.user_id, &shown(&named)).await?);
        }
    }
    Ok(people)
}

/// Who in the room is called like this, if that is one person only.
pub(crate) async fn neighbour(scene: &mut Scene<'_>, name: &str) -> Result<Option<Person>, Fault> {
    let mut people = called(scene, name).await?;
    Ok(people.pop().filter(|_| people.is_empty()))
}

/// Whether whoever speaks may act for a neighbour in all that may be done for others.
pub(crate) async fn may_act(scene: &mut Scene<'_>, whom: &Person) -> Result<bool, Fault> {
    Ok(rules::decide(Known { may_be_done: true, ..known(scene, whom).await? }).is_ok())
}

/// Tells whoever speaks that a neighbour wants nobody to act for them, if it is so.
pub(crate) async fn forbids(scene: &mut Scene<'_>, whom: &Person) -> Result<bool, Fault> {
    let community_id = scene.community()?.id.clone();
    let forbids = store::is_forbidden(scene.tx, &community_id, whom.person_id).await?;
    if forbids {
        whisper(scene, &ProxyReply::Refused { refusal: Refusal::Forbidden, whom }, Outcome::Refused).await?;
    }
    Ok(forbids)
}

/// Everybody who wants nobody to act for them.
pub(crate) async fn forbidding(scene: &mut Scene<'_>) -> Result<Vec<Person>, Fault> {
    let community_id = scene.community()?.id.clone();
    Ok(store::forbidding(scene.tx, &community_id).await?)
}

/// Whether somebody is in this room, as far as is known.
pub(crate) async fn is_here(scene: &mut Scene<'_>, whom: &Person) -> Result<bool, Fault> {
    Ok(called(scene, &whom.display_name).await?.iter().any(|person| person.person_id == whom.person_id))
}

/// Signs a neighbour up as themselves; no number: for what there is.
pub(crate) async fn sign_up(scene: &mut Scene<'_>, whom: &Person, number: Option<i64>) -> Result<Outcome, Fault> {
    let words = feature::words().find(|(feature, word)| (feature.name, word.key) == ("activity", "join"));
    let (feature, word) = words.ok_or(Fault::Broken("nobody can sign up"))?;
    let rest = Phrase::new(&number.map(|number| number.to_string()).unwrap_or_default());
    let said = scene.command.clone();
    act_as(scene, whom, &said, Found { feature, word, rest }).await
}

/// Tells a neighbour that somebody put them on a list by name, and how to take that back.
pub(crate) async fn tell_listed(scene: &mut Scene<'_>, whom: &Person) -> Result<(), Fault> {
    let (by, said) = (scene.speaker().clone(), scene.command.clone());
    tell_done(scene, whom, &by, &said).await
}

/// What is known of whoever speaks and of the one for whom.
async fn known(scene: &mut Scene<'_>, whom: &Person) -> Result<Known, Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.speaker().person_id;
    let helpers = store::helpers(scene.tx, &community_id, whom.person_id).await?;
    Ok(Known {
        same: whom.person_id == me,
        forbidden: store::is_forbidden(scene.tx, &community_id, whom.person_id).await?,
        captain: scene.role >= Role::Captain,
        helper: helpers.iter().any(|helper| helper.person_id == me),
        ..Known::default()
    })
}

/// Somebody who is mentioned, or is known here by this name. With several, it is asked by digits.
async fn whom(scene: &mut Scene<'_>, name: &str, again: &str) -> Result<Whom, Fault> {
    let chosen = scene.chosen.as_deref().and_then(|chosen| chosen.lines().nth(1)).and_then(|id| id.parse().ok());
    if let Some(chosen) = chosen {
        return Ok(Whom::Is(person::get(scene.tx, chosen).await?));
    }
    let people = called(scene, name).await?;
    match people.as_slice() {
        [] => Ok(Whom::Nobody),
        [only] => Ok(Whom::Is(only.clone())),
        several => {
            let room_id = scene.room.as_ref().map(|room| room.room_id.clone()).unwrap_or_default();
            let options: Vec<String> =
                several.iter().map(|person| format!("{room_id}\n{}", person.person_id)).collect();
            let which = ProxyReply::Which { people: several };
            Ok(Whom::Asked(choice::ask_about(scene, &which, &options, again).await?))
        }
    }
}

/// Does a command for somebody: as they would, with whoever speaks on record.
async fn act(scene: &mut Scene<'_>, rest: Phrase) -> Result<Outcome, Fault> {
    let Some((name, found, said)) = command::split(&rest) else {
        return refuse(scene, &General::Malformed { id: "proxy-unreadable" }).await;
    };
    let name = cards::shown(&name);
    let whom = match whom(scene, &name, &command::again(&rest)).await? {
        Whom::Is(whom) => whom,
        Whom::Asked(outcome) => return Ok(outcome),
        Whom::Nobody => return without_account(scene, &name, found).await,
    };
    let known = Known {
        may_be_done: command::may_be_done(&found),
        names_helper: found.feature.name == "proxy",
        ..known(scene, &whom).await?
    };
    match rules::decide(known) {
        Ok(()) => {}
        // What somebody wants for themselves isn't said before everybody.
        Err(refusal @ Refusal::Forbidden) => {
            return whisper(scene, &ProxyReply::Refused { refusal, whom: &whom }, Outcome::Refused).await;
        }
        Err(refusal) => return refuse(scene, &ProxyReply::Refused { refusal, whom: &whom }).await,
    }
    act_as(scene, &whom, &said, found).await
}

/// Does it as somebody else.
async fn act_as(scene: &mut Scene<'_>, whom: &Person, said: &str, found: Found) -> Result<Outcome, Fault> {
    let proxy = scene.actor.clone();
    let role = std::mem::replace(&mut scene.role, Role::Resident);
    scene.proxy = Some(std::mem::replace(&mut scene.actor, whom.clone()));
    let outcome = done_by(scene, &proxy, said, found).await;
    // Whatever comes after this is again about whoever spoke.
    (scene.actor, scene.proxy, scene.role) = (proxy, None, role);
    outcome
}

/// Runs the command with the actor set, and tells the actor.
async fn done_by(scene: &mut Scene<'_>, proxy: &Person, said: &str, found: Found) -> Result<Outcome, Fault> {
    let outcome = (found.feature.run)(scene, found.word.key, found.rest).await?;
    if outcome != Outcome::Handled || scene.deed.is_none() {
        return Ok(outcome);
    }
    let whom = scene.actor.clone();
    tell_done(scene, &whom, proxy, said).await?;
    taken_back::remember(scene, found.feature.name).await?;
    Ok(outcome)
}

/// Keeps that something was done for somebody, and tells them.
async fn tell_done(scene: &mut Scene<'_>, whom: &Person, proxy: &Person, said: &str) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let (whom, by, now_ms) = (whom.person_id, proxy.person_id, scene.now_ms);
    let event_id = scene.incoming.event_id.clone();
    let acted_id = store::acted(scene.tx, &community_id, &event_id, whom, by, now_ms).await?;
    let deed = scene.deed.as_ref().and_then(|deed| deed.get("number"));
    let number = deed.and_then(serde_json::Value::as_i64);
    let what = quoted(said);
    let mut about = about(scene, &community_id, number).await?;
    if what.contains(&about) {
        // Their words say it already.
        about.clear();
    }
    let reply = ProxyReply::Done { by: proxy, what: &what, about: &about };
    scene.tell_deed(whom, KIND, acted_id, &reply, &[UNDO]).await
}

/// What an item is called.
async fn about(scene: &mut Scene<'_>, community_id: &str, number: Option<i64>) -> Result<String, Fault> {
    let Some(number) = number else { return Ok(String::new()) };
    if let Some(stored) = activity::get(scene.tx, community_id, number).await? {
        return Ok(stored.row.title);
    }
    Ok(wish::get(scene.tx, community_id, number).await?.map(|stored| stored.row.text).unwrap_or_default())
}

fn quoted(text: &str) -> String {
    let shown = cards::shown(text);
    let mut quoted: String = shown.chars().take(QUOTED_CHARS_MAX).collect();
    if quoted.len() < shown.len() {
        quoted.push('…');
    }
    quoted
}

/// Somebody without an account, or whom nobody here knows by that name: they can be signed up, under the name of who does it.
async fn without_account(scene: &mut Scene<'_>, name: &str, found: Found) -> Result<Outcome, Fault> {
    let number = number::of_item(&found.rest);
    if (found.feature.name, found.word.key) != ("activity", "join") || number == number::Number::Unreadable {
        return refuse(scene, &ProxyReply::Unknown { name }).await;
    }
    let rest = Phrase::new(&format!("{} {name}", found.rest.written()));
    let outcome = (found.feature.run)(scene, "join_for", rest.trimmed()).await?;
    if outcome == Outcome::Handled {
        taken_back::remember(scene, found.feature.name).await?;
    }
    Ok(outcome)
}

/// What was done is over: its card says so.
pub(crate) async fn over(scene: &mut Scene<'_>, acted: &Acted) -> Result<(), Fault> {
    store::undone(scene.tx, acted.acted_id).await?;
    let by = person::get(scene.tx, acted.proxy_id).await?;
    for card in card::of_number(scene.tx, &acted.community_id, KIND, acted.acted_id).await? {
        if card.open {
            scene.refresh_card(&card, &ProxyReply::Over { by: &by }, &[], false).await?;
        }
    }
    Ok(())
}

async fn tap(scene: &mut Scene<'_>, card: card::Card, taken_back: bool) -> Result<Outcome, Fault> {
    let acted = store::get(scene.tx, card.number).await?;
    let Some(acted) = acted.filter(|acted| acted.person_id == scene.actor.person_id && !taken_back) else {
        return Ok(Outcome::Ignored);
    };
    if acted.undone {
        return Ok(Outcome::Ignored);
    }
    take_back(scene, &acted).await
}

/// 撤销: the deed that a digit stands for, what is replied to, or the last that was done for whoever says it.
async fn undo_last(scene: &mut Scene<'_>, deed: Option<i64>) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let replied = scene.replied_card.as_ref().filter(|card| card.kind == KIND).map(|card| card.number);
    let acted = match deed.or(replied) {
        Some(number) => store::get(scene.tx, number).await?.filter(|acted| !acted.undone && acted.person_id == me),
        None => store::latest(scene.tx, &community_id, me).await?,
    };
    match acted {
        Some(acted) => take_back(scene, &acted).await,
        None if deed.or(replied).is_some() => refuse(scene, &ProxyReply::UndoneBefore).await,
        None => refuse(scene, &ProxyReply::NothingToUndo).await,
    }
}

/// Whoever it was done for takes it back, as if they had said it themselves.
async fn take_back(scene: &mut Scene<'_>, acted: &Acted) -> Result<Outcome, Fault> {
    let Some(said) = commands::get(scene.tx, &acted.event_id).await? else {
        return refuse(scene, &ProxyReply::NothingToUndo).await;
    };
    scene.community = scene.house.community(&acted.community_id);
    let whom = scene.actor.clone();
    if said.person_id != whom.person_id {
        // It counts as a neighbour's, under whose name they stand on a list.
        scene.actor = person::get(scene.tx, said.person_id).await?;
        scene.proxy = Some(whom.clone());
    }
    let outcome = taken_back::undo(scene, &said).await;
    (scene.actor, scene.proxy) = (whom.clone(), None);
    let outcome = outcome?;
    // What stands can't have been taken back.
    if outcome != Outcome::Refused {
        over(scene, acted).await?;
    }
    if outcome == Outcome::Handled {
        scene.tell_quietly(acted.proxy_id, Lane::Answer, &ProxyReply::UndoneByThem { whom: &whom }).await?;
    }
    Ok(outcome)
}

/// 帮手 and 取消帮手.
async fn helper(scene: &mut Scene<'_>, rest: &Phrase, names: bool) -> Result<Outcome, Fault> {
    let name = cards::shown(&command::name(rest));
    if name.is_empty() {
        let id = if names { "proxy-helper-whom" } else { "proxy-end-helper-whom" };
        return refuse(scene, &General::Malformed { id }).await;
    }
    let word = if names { "helper" } else { "end_helper" };
    let typed = command::WORDS.iter().find(|of| of.key == word).and_then(|of| of.zh.first()).copied();
    let again = format!("{} {}", typed.unwrap_or_default(), rest.written());
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.clone();
    // Whoever ends it needn't know where the helper is.
    let known = store::helpers(scene.tx, &community_id, me.person_id).await?;
    let folded = Phrase::new(&name).folded();
    let mut mine = known.into_iter().filter(|helper| Phrase::new(&helper.display_name).folded() == folded);
    let (first, second) = (mine.next(), mine.next());
    let helper = match (names, first, second) {
        (false, Some(only), None) => only,
        _ => match whom(scene, &name, &again).await? {
            Whom::Is(helper) => helper,
            Whom::Asked(outcome) => return Ok(outcome),
            Whom::Nobody if names => return refuse(scene, &ProxyReply::UnknownHelper { name: &name }).await,
            Whom::Nobody => {
                return whisper(scene, &ProxyReply::HelperUnknown { name: &name }, Outcome::Refused).await;
            }
        },
    };
    if helper.person_id == me.person_id {
        return refuse(scene, &ProxyReply::Refused { refusal: Refusal::Oneself, whom: &me }).await;
    }
    // A captain reads whose helper it is.
    let of = scene.proxy.is_some().then_some(&me);
    let (by, now_ms) = (scene.speaker().person_id, scene.now_ms);
    let changed = if names {
        store::name_helper(scene.tx, &community_id, me.person_id, helper.person_id, by, now_ms).await?
    } else {
        store::end_helper(scene.tx, &community_id, me.person_id, helper.person_id).await?
    };
    if !changed {
        let reply = if names {
            ProxyReply::HelperAlready { helper: &helper, of }
        } else {
            ProxyReply::HelperNone { helper: &helper, of }
        };
        return whisper(scene, &reply, Outcome::Refused).await;
    }
    let kind = if names { "helper.named" } else { "helper.ended" };
    scene.record(kind, None, &serde_json::json!({ "helper": helper.person_id })).await?;
    let reply = if names {
        undo::note(scene, undo::Did::Named { helper: helper.person_id })?;
        scene.tell_quietly(helper.person_id, Lane::Answer, &ProxyReply::YouHelp { whom: &me }).await?;
        ProxyReply::HelperNamed { helper: &helper, of }
    } else {
        undo::note(scene, undo::Did::Ended { helper: helper.person_id })?;
        ProxyReply::HelperEnded { helper: &helper, of }
    };
    whisper(scene, &reply, Outcome::Handled).await
}

async fn helpers(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    let helpers = store::helpers(scene.tx, &community_id, me).await?;
    let forbidden = store::is_forbidden(scene.tx, &community_id, me).await?;
    whisper(scene, &ProxyReply::Helpers { helpers: &helpers, forbidden }, Outcome::Handled).await
}

/// Nobody may act for the actor, or they may again.
async fn consent(scene: &mut Scene<'_>, forbids: bool) -> Result<Outcome, Fault> {
    let community_id = scene.community()?.id.clone();
    let (me, now_ms) = (scene.actor.person_id, scene.now_ms);
    if store::forbid(scene.tx, &community_id, me, forbids, now_ms).await? {
        let kind = if forbids { "proxy.forbidden" } else { "proxy.allowed" };
        scene.record(kind, None, &serde_json::json!({})).await?;
        undo::note(scene, if forbids { undo::Did::Forbade } else { undo::Did::Allowed })?;
    }
    let reply = if forbids { ProxyReply::Forbidden } else { ProxyReply::Allowed };
    whisper(scene, &reply, Outcome::Handled).await
}
