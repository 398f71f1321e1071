//! 我的数据 and 忘记我: everything that is kept of a person, as a file for that person alone; and the end of it (ARCHITECTURE.md,
//! "The journal can forget"). What is erased from which table is said in `storage/src/privacy/erase.rs`.

mod command;
mod farewell;
mod reply;
mod report;
#[cfg(test)]
mod tests;

use lamplighter_storage::{outbox::Lane, privacy as store, room};

use crate::{
    choice,
    fault::Fault,
    feature::{Feature, Role, Work, no_taps, nothing_due, nothing_to_show, nothing_to_undo},
    file::File,
    house::Outcome,
    privacy::{
        reply::PrivacyReply,
        report::{Report, balances},
    },
    scene::{Reply, Scene},
};

/// The choices of the question, in the order of their digits.
const FORGET: &str = "forget";
const KEEP: &str = "keep";

/// The feature.
pub const FEATURE: Feature = Feature {
    name: "privacy",
    words: command::WORDS,
    sayings: &[],
    cues: &[],
    read: crate::feature::read_number,
    cards: &[],
    keys: &[],
    thumbs_up: None,
    run: |scene, key, _| -> Work<'_> { Box::pin(run(scene, key)) },
    tap: no_taps,
    due_kinds: &[],
    read_back: &[],
    due: nothing_due,
    due_together: None,
    undo: nothing_to_undo,
    show: nothing_to_show,
};

async fn run(scene: &mut Scene<'_>, key: &'static str) -> Result<Outcome, Fault> {
    if scene.community.is_none() {
        speak_as_at_home(scene).await?;
    }
    match (key, scene.chosen.as_deref()) {
        ("data", _) => data(scene).await,
        // The answer to the question counts in the private chat alone, where it was asked.
        (_, Some(FORGET)) if scene.is_direct() => farewell::forget(scene).await,
        (_, Some(_)) => {
            scene.answer(&PrivacyReply::Kept).await?;
            Ok(Outcome::Handled)
        }
        _ => ask(scene).await,
    }
}

/// In a private chat that no room was chosen for: the language is that of a community in which both are.
async fn speak_as_at_home(scene: &mut Scene<'_>) -> Result<(), Fault> {
    for shared in scene.shared_rooms() {
        let room = room::get(scene.tx, &shared.room_id).await?;
        if let Some(community) = room.and_then(|room| room.community_id).and_then(|id| scene.house.community(&id)) {
            scene.community = Some(community);
            return Ok(());
        }
    }
    Ok(())
}

/// All of it in one file, by private message.
async fn data(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let me = scene.actor.person_id;
    let say = scene.say_to(me).await?;
    let report = Report::of(scene).await?;
    let text = PrivacyReply::Report(&report).card(say)?.plain();
    let file = File::plain_text(say.word("privacy-file-name", &[])?, &text, |missing| {
        Ok::<_, Fault>(PrivacyReply::Missing { lines: missing }.card(say)?.plain())
    })?;
    if !scene.is_direct() {
        scene.tick().await?;
    }
    scene.tell(me, Lane::Answer, &PrivacyReply::HereItIs).await?;
    scene.tell_file(me, file).await?;
    Ok(Outcome::Handled)
}

/// Says what would go and what would stay, and asks.
async fn ask(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    let balances = balances(scene).await?;
    // Whoever decides for others is known by the config or by the room, and will be met again.
    let known_otherwise = scene.role >= Role::Captain;
    if !scene.is_direct() {
        scene.tick().await?;
    }
    let question = PrivacyReply::Ask { balances: &balances, known_otherwise };
    choice::ask_privately(scene, &question, &[FORGET.to_owned(), KEEP.to_owned()], command::FORGET_ME).await?;
    Ok(Outcome::Handled)
}

/// The pseudonyms of the actor: (community, pseudonym).
async fn pseudonyms(scene: &mut Scene<'_>) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    Ok(store::pseudonyms(scene.tx, scene.actor.person_id).await?)
}
