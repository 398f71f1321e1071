//! 忘记我, once it is confirmed. All of it is one transaction: the name goes first, so that nothing that is still to be said
//! holds it; then what is open is given back and the neighbours concerned are told as ever; then everything is erased, and
//! the cards are shown anew.

use lamplighter_storage::{
    journal,
    outbox::{Destination, Kind, Lane, Target},
    person, privacy as store,
};

use crate::{
    activity, card as cards,
    fault::Fault,
    house::Outcome,
    party, poll,
    privacy::{pseudonyms, reply::PrivacyReply},
    room,
    scene::{Content, Late, Reply, Scene},
    task, wish,
};

/// So many cards of each kind are shown anew, the newest: each is a message, and older ones nobody looks at. What is older
/// shows the name where it was posted, but isn't kept here.
const CARDS_SHOWN_MAX: usize = 100;

/// The link of the chain that says that somebody was forgotten.
const FORGOTTEN: &str = "person.forgotten";

/// What the actor has a part in, in one community.
struct Part {
    wishes: Vec<i64>,
    activities: Vec<i64>,
    polls: Vec<i64>,
    tasks: Vec<i64>,
    asked: Vec<i64>,
    requests: Vec<i64>,
}

impl Part {
    async fn of(scene: &mut Scene<'_>) -> Result<Self, Fault> {
        let community_id = scene.community()?.id.clone();
        let me = scene.actor.person_id;
        let tx = &mut *scene.tx;
        Ok(Self {
            wishes: store::wishes_of(tx, &community_id, me).await?,
            activities: store::activities_of(tx, &community_id, me).await?,
            polls: store::polls_of(tx, &community_id, me).await?,
            tasks: store::tasks_of(tx, &community_id, me).await?,
            asked: store::tasks_answered_by(tx, &community_id, me).await?,
            requests: store::requests_of(tx, &community_id, me).await?,
        })
    }
}

/// Forgets the actor.
pub(super) async fn forget(scene: &mut Scene<'_>) -> Result<Outcome, Fault> {
    // What neighbours read in the place of the name; the farewell is in the language that goes with the rest.
    let (home, say) = (scene.community, scene.house.say(scene.community));
    let goodbye = Content::from(&PrivacyReply::Goodbye.card(scene.say().await?)?);
    let before = scene.actor.clone();
    let (neighbour, text) = (say.word("privacy-neighbour", &[])?, say.word("privacy-text", &[])?);
    store::rename(scene.tx, before.person_id, &neighbour).await?;
    scene.actor = person::get(scene.tx, before.person_id).await?;

    let mut parts = Vec::new();
    let house = scene.house;
    for community in &house.communities {
        scene.community = Some(community);
        let part = Part::of(scene).await?;
        give_back(scene, &part).await?;
        parts.push((community, part));
    }
    let erasure = store::Erasure {
        person_id: before.person_id,
        user_id: &before.user_id,
        display_name: &before.display_name,
        neighbour: &neighbour,
        text: &text,
    };
    store::erase(scene.tx, erasure).await?;
    for (community, part) in &parts {
        scene.community = Some(community);
        show_anew(scene, part).await?;
    }
    for (outbox_id, content) in store::queued_with(scene.tx, &before.user_id).await? {
        let content = serde_json::from_str::<Content>(&content)?.without(&before, &neighbour);
        store::rewrite(scene.tx, outbox_id, &serde_json::to_string(&content)?).await?;
    }
    leave_links(scene).await?;
    store::cut_pseudonyms(scene.tx, before.person_id).await?;

    scene.community = home;
    let chat = scene.incoming.room_id.clone();
    scene.write(Kind::Post, Destination::Room(&chat), Target::None, Lane::Answer, &goodbye).await?;
    scene.write(Kind::Post, Destination::Room(&chat), Target::None, Lane::Answer, &Content::Leave).await?;
    store::forget_cause(scene.tx, &scene.incoming.event_id).await?;
    scene.tx.scrub_after_commit();
    Ok(Outcome::Handled)
}

/// Ends what is open, as 撤回, 放弃, 退出, 取消 and 结束 do.
async fn give_back(scene: &mut Scene<'_>, part: &Part) -> Result<(), Fault> {
    let community_id = scene.community()?.id.clone();
    let me = scene.actor.person_id;
    // What still stands in the rooms must not be read back one day.
    for (number, event_id) in store::standing_taps(scene.tx, &community_id, me).await? {
        store::tombstone(scene.tx, &community_id, number, &event_id).await?;
    }
    let ballots = store::ballots_in_open_polls(scene.tx, &community_id, me).await?;
    for (number, event_id) in &ballots {
        poll::leave_unanswered(scene, *number, event_id).await?;
    }
    for (number, _) in &ballots {
        store::strike_out(scene.tx, &community_id, *number, me).await?;
    }
    for number in &part.polls {
        poll::leave(scene, *number).await?;
    }
    for number in &part.wishes {
        wish::leave(scene, *number).await?;
    }
    for number in &part.activities {
        activity::leave(scene, *number).await?;
    }
    for number in &part.tasks {
        task::leave(scene, *number).await?;
    }
    for number in &part.asked {
        task::leave_unanswered(scene, *number).await?;
    }
    for request_id in &part.requests {
        room::leave(scene, *request_id).await?;
    }
    party::leave(scene).await
}

/// Shows the cards on which the name or a text stood.
async fn show_anew(scene: &mut Scene<'_>, part: &Part) -> Result<(), Fault> {
    for number in part.wishes.iter().take(CARDS_SHOWN_MAX) {
        wish::show_anew(scene, *number).await?;
    }
    for number in part.activities.iter().take(CARDS_SHOWN_MAX) {
        activity::show_anew(scene, *number).await?;
    }
    for number in part.polls.iter().take(CARDS_SHOWN_MAX) {
        poll::show_anew(scene, *number).await?;
    }
    for number in part.tasks.iter().take(CARDS_SHOWN_MAX) {
        task::show_anew(scene, *number).await?;
    }
    let me = scene.actor.person_id;
    party::show_anew(scene, me).await
}

/// The erasure is itself a link of each chain in which the person acted; it says that, and nothing else.
async fn leave_links(scene: &mut Scene<'_>) -> Result<(), Fault> {
    for (community_id, pseudonym) in pseudonyms(scene).await? {
        let entry = journal::Entry {
            community_id: &community_id,
            kind: FORGOTTEN,
            number: None,
            pseudonym: Some(&pseudonym),
            proxy: None,
            at_ms: scene.now_ms,
            payload: "{}",
            cause: "",
            salt: scene.entropy.bytes(),
        };
        journal::append(scene.tx, entry).await?;
    }
    Ok(())
}

impl Content {
    /// What hasn't been said yet, without somebody's name and Matrix id.
    fn without(self, person: &person::Person, neighbour: &str) -> Self {
        let Self::Message { plain, html, notify, mut mentions, rings_room, reply_to, thread, open, late, pointer } =
            self
        else {
            return self;
        };
        let (link, name) = (cards::link(person), cards::name_of(&person.user_id, &person.display_name));
        mentions.retain(|user_id| *user_id != person.user_id);
        let cut = |plain: String, html: String| {
            let plain = if html.contains(&link) { plain.replace(&name, neighbour) } else { plain };
            (plain, html.replace(&link, neighbour))
        };
        let (plain, html) = cut(plain, html);
        let late = late.map(|late| {
            let (plain, html) = cut(late.plain, late.html);
            Late { plain, html, ..late }
        });
        Self::Message { plain, html, notify, mentions, rings_room, reply_to, thread, open, late, pointer }
    }
}
