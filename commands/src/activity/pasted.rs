//! What becomes of a pasted 接龙: a new activity with its roster; for the organiser of a running one what it would change,
//! shown before it is done; for a resident their own line alone. And a roster as a 接龙. How one is read stands in `chain`.

use lamplighter_storage::{activity as store, outbox::Lane, person::Person};

use crate::{
    activity::{
        CANDIDATES_MAX, KIND, actor,
        chain::{self, Chain, Difference, Entry},
        command::{self, Announcement},
        find, number_meant, perform_on, post, refuse, replied,
        reply::{ActivityReply, Face},
        rules::{self, Act, Holder, Listed, Party},
        to_rules,
    },
    choice, dialogue, evening,
    fault::Fault,
    feature::Parsed,
    file::File,
    house::{General, Outcome},
    language::{
        Phrase,
        addressed::How,
        time::{self, Moment},
    },
    proxy,
    scene::{Reply, Scene},
};

/// Does what was typed after 接龙; none: it is no 接龙 and means the same as 报名.
pub(super) async fn run(scene: &mut Scene<'_>, rest: &Phrase) -> Result<Option<Outcome>, Fault> {
    let typed = command::chain(rest, &scene.further_lines);
    let Some(chain) = chain::read(&typed.first_line, &scene.further_lines) else {
        return Ok(match typed.number {
            Some(number) if typed.first_line.is_empty() => Some(text(scene, Some(number)).await?),
            _ => None,
        });
    };
    let bare = scene.addressed == How::Bare;
    if chain.is_several {
        return refuse(scene, &ActivityReply::ChainOneAtATime).await.map(Some);
    }
    let number = match typed.number.or_else(|| replied(scene, KIND)) {
        Some(number) => Some(number),
        None => meant(scene, &chain).await?,
    };
    let Some(number) = number else { return create(scene, &typed.first_line, &chain).await.map(Some) };
    let stored = match find(scene, number).await? {
        Ok(stored) => stored,
        Err(outcome) => return Ok(Some(outcome)),
    };
    // Nobody spoke to the bot: it must be this activity's 接龙.
    if bare && !is_of(&chain, &stored.row.title) {
        return Ok(Some(Outcome::Ignored));
    }
    let roster = roster(&stored);
    let mut difference = chain::difference(&chain, &roster);
    let may = may_be_listed(scene, &chain, &difference.new, !typed.confirmed).await?;
    difference.new = may;
    let actor = actor(scene, &stored).await?;
    if !(actor.captain || actor.person == stored.row.organiser_id) {
        return own_line(scene, &stored, &chain, &difference).await.map(Some);
    }
    let head_differs = head_differs(scene, &stored, &chain)?;
    if difference.is_empty() {
        if bare && !head_differs && chain.unread.is_empty() {
            scene.tick().await?;
            return Ok(Some(Outcome::Handled));
        }
        let reply = ActivityReply::ChainSame { unread: &chain.unread, head_differs, number };
        return refuse(scene, &reply).await.map(Some);
    }
    if typed.confirmed {
        let act = Act::Enrol(seats(scene, &to_rules(&stored).seats, &chain, &difference));
        return perform_on(scene, Some(number), act).await.map(Some);
    }
    let face = Face::of(scene, &stored).await?;
    let reply =
        ActivityReply::ChainDifference { face, chain: &chain, roster: &roster, difference: &difference, head_differs };
    let confirmed = command::confirmed_chain(number, &typed.first_line, &scene.further_lines);
    choice::ask_which(scene, &reply, &[confirmed, String::new()]).await.map(Some)
}

/// The open activity that a 接龙 is of: its title stands above the names, and no other day.
async fn meant(scene: &mut Scene<'_>, chain: &Chain) -> Result<Option<i64>, Fault> {
    let community = scene.community()?;
    let now = evening::local(community, scene.said_at_ms);
    let headline = Phrase::new(&chain.headline());
    let reading = time::read_any(&headline, now, None).ok().flatten().filter(|reading| reading.day_said);
    let day = reading.map(|reading| match reading.start {
        Moment::At(start) => start.date(),
        Moment::Day(day, _) => day,
    });
    let mut found = None;
    for number in scene.open_numbers(KIND, CANDIDATES_MAX).await? {
        let Some(stored) = store::get(scene.tx, &community.id, number).await? else { continue };
        let is_that_day = day.is_none_or(|day| evening::day(community, stored.row.starts_at_ms) == day);
        if is_of(chain, &stored.row.title) && is_that_day {
            found = found.or(Some(number));
        }
    }
    Ok(found)
}

/// Whether a 接龙 says another time, or another number of places, than the activity has: names are all it changes.
fn head_differs(scene: &Scene<'_>, stored: &store::Activity, chain: &Chain) -> Result<bool, Fault> {
    let community = scene.community()?;
    let now = evening::local(community, scene.said_at_ms);
    let headline = Phrase::new(&chain.headline());
    let starts_at = command::when(&headline, now).ok().flatten().map(|((start, _), ..)| start);
    let capacity = command::capacity_said(&headline);
    Ok(starts_at.is_some_and(|start| evening::instant_ms(community, start) != stored.row.starts_at_ms)
        || capacity.is_some() && capacity != stored.row.capacity)
}

/// Whether the title of an activity stands above the names.
fn is_of(chain: &Chain, title: &str) -> bool {
    let letters =
        |text: &str| -> String { Phrase::new(text).folded().chars().filter(|c| c.is_alphanumeric()).collect() };
    let title = letters(title);
    !title.is_empty() && letters(&chain.headline()).contains(&title)
}

/// Everybody on a roster, by the names that neighbours read.
fn roster(stored: &store::Activity) -> Vec<Entry> {
    let entry = |seat: &store::SeatRow| {
        let name = if seat.guest.is_empty() { &seat.name } else { &seat.guest };
        Entry::new(name, Party { adults: seat.adults, children: seat.children }).with_note(&seat.note)
    };
    stored.seats.iter().map(entry).collect()
}

/// What a 接龙 changes, as seats: whoever is new is a neighbour of who pasted it.
fn seats(scene: &Scene<'_>, roster: &[rules::Seat], chain: &Chain, difference: &Difference) -> Vec<Listed> {
    let person = scene.actor.person_id;
    let new = difference.new.iter().filter_map(|place| chain.entries.get(*place)).map(|entry| {
        let own = entry.is(&scene.actor.display_name);
        line(Holder { person, guest: if own { String::new() } else { entry.name.clone() } }, entry)
    });
    let changed = difference.resized.iter().chain(&difference.noted).filter_map(|(known, place)| {
        let seat = roster.get(*known)?;
        let listed = line(seat.holder.clone(), chain.entries.get(*place)?);
        // What somebody said stays unless something else is said.
        Some(if listed.note.is_empty() { Listed { note: seat.note.clone(), ..listed } } else { listed })
    });
    new.chain(changed).collect()
}

/// Those of these entries whom nobody keeps from being written down by others: whoever said 不要代我 isn't, which whoever pasted
/// the list is told privately, if `tells`.
async fn may_be_listed(
    scene: &mut Scene<'_>,
    chain: &Chain,
    places: &[usize],
    tells: bool,
) -> Result<Vec<usize>, Fault> {
    let forbidding = proxy::forbidding(scene).await?;
    let mut may = Vec::new();
    for place in places {
        let Some(entry) = chain.entries.get(*place) else { continue };
        let of_this_name =
            |person: &&Person| entry.is(&person.display_name) && person.person_id != scene.actor.person_id;
        let named = forbidding.iter().find(of_this_name).cloned();
        let forbids = match &named {
            Some(named) => {
                let is_here = proxy::is_here(scene, named).await?;
                // Said once, before it is asked whether to go on.
                is_here && (!tells || proxy::forbids(scene, named).await?)
            }
            None => false,
        };
        if !forbids {
            may.push(*place);
        }
    }
    Ok(may)
}

/// What an entry says of whoever holds the seat.
fn line(holder: Holder, entry: &Entry) -> Listed {
    Listed { holder, party: entry.party, note: entry.note.clone() }
}

/// A resident's 接龙: their own line signs them up, and nothing else counts.
async fn own_line(
    scene: &mut Scene<'_>,
    stored: &store::Activity,
    chain: &Chain,
    difference: &Difference,
) -> Result<Outcome, Fault> {
    let (number, me) = (stored.row.number, scene.actor.clone());
    let unchanged = |entry: &Entry| {
        let place = chain.entries.iter().position(|listed| std::ptr::eq(listed, entry));
        let changed = |pairs: &[(usize, usize)]| pairs.iter().any(|(_, changed)| Some(*changed) == place);
        !changed(&difference.resized) && !changed(&difference.noted)
    };
    let new: Vec<&Entry> = difference.new.iter().filter_map(|place| chain.entries.get(*place)).collect();
    let signed_up = stored.seats.iter().any(|seat| seat.person_id == me.person_id && seat.guest.is_empty());
    let own = new.iter().find(|entry| entry.is(&me.display_name));
    let mine = |guest: String, entry: &Entry| line(Holder { person: me.person_id, guest }, entry);
    // Their own line stands there as it was: the others on it are none of theirs.
    let as_before = chain.entries.iter().find(|entry| entry.is(&me.display_name) && own.is_none());
    if signed_up && as_before.is_some_and(unchanged) {
        if scene.addressed == How::Bare {
            scene.tick().await?;
            return Ok(Outcome::Handled);
        }
        return refuse(scene, &ActivityReply::ChainNothingNew { number }).await;
    }
    let listed = match (own, new.as_slice()) {
        (Some(own), _) => mine(String::new(), own),
        // Under another name than in this group.
        (None, [only]) if !signed_up => mine(String::new(), only),
        (None, [only]) => mine(only.name.clone(), only),
        (None, []) => match chain.entries.iter().find(|entry| entry.is(&me.display_name)) {
            Some(own) => mine(String::new(), own),
            None if scene.addressed == How::Bare => return Ok(Outcome::Ignored),
            None => return refuse(scene, &ActivityReply::ChainNothingNew { number }).await,
        },
        (None, several) => {
            let count = several.len() as i64;
            return refuse(scene, &ActivityReply::ChainSeveral { number, count }).await;
        }
    };
    perform_on(scene, Some(number), Act::Line { listed, from: None }).await
}

/// A new activity with its roster.
async fn create(scene: &mut Scene<'_>, first_line: &str, chain: &Chain) -> Result<Outcome, Fault> {
    if scene.addressed == How::Bare {
        return Ok(Outcome::Ignored);
    }
    let now = evening::local(scene.community()?, scene.said_at_ms);
    let announcement: Announcement = match command::parse("post", &Phrase::new(&chain.announcement()), now) {
        Parsed::Mine(command::Command::Post(announcement)) => announcement,
        Parsed::Malformed("activity-missing-time") => {
            let command = command::chain_without_time(first_line, &scene.further_lines);
            dialogue::listen(scene, &command).await?;
            return refuse(scene, &ActivityReply::ChainWhen).await;
        }
        Parsed::Malformed(id) if !dialogue::is_missing(id) => {
            return refuse(scene, &General::Malformed { id }).await;
        }
        _ => return refuse(scene, &ActivityReply::ChainUnreadable).await,
    };
    let all: Vec<usize> = (0..chain.entries.len()).collect();
    let everybody = Difference { new: may_be_listed(scene, chain, &all, true).await?, ..Difference::default() };
    let seats = seats(scene, &[], chain, &everybody);
    let outcome = post(scene, announcement, seats).await?;
    if outcome == Outcome::Handled && !chain.unread.is_empty() {
        let me = scene.actor.person_id;
        scene.tell(me, Lane::Answer, &ActivityReply::ChainUnread { unread: &chain.unread }).await?;
    }
    Ok(outcome)
}

/// The roster of an activity as a 接龙, to be pasted into WeChat.
async fn text(scene: &mut Scene<'_>, number: Option<i64>) -> Result<Outcome, Fault> {
    let number = match number_meant(scene, number, None).await? {
        Ok(number) => number,
        Err(outcome) => return Ok(outcome),
    };
    let stored = match find(scene, number).await? {
        Ok(stored) => stored,
        Err(outcome) => return Ok(outcome),
    };
    let waits = |entry: Entry, seat: &store::SeatRow| if seat.state == "waiting" { entry.waiting() } else { entry };
    let roster: Vec<Entry> =
        roster(&stored).into_iter().zip(&stored.seats).map(|(entry, seat)| waits(entry, seat)).collect();
    let lines = chain::lines(&roster, 0..roster.len());
    let face = Face::of(scene, &stored).await?;
    let reply = ActivityReply::Chain { face, lines: &lines };
    let say = scene.say().await?;
    let card = reply.card(say)?;
    if card.fits() {
        scene.answer(&reply).await?;
        return Ok(Outcome::Handled);
    }
    // What doesn't fit into a message can't be copied out of one: it goes to who asked, as a file.
    let file =
        File::plain_text(say.word("activity-chain-file", &[])?, &card.plain(), |_| Ok::<_, Fault>(String::new()))?;
    if !scene.is_direct() {
        scene.tick().await?;
    }
    let me = scene.actor.person_id;
    scene.tell_file(me, file).await?;
    Ok(Outcome::Handled)
}
