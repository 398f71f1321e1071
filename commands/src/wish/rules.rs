//! The life of a wish as pure functions (SPECS.md 2.1 without dispatch; docs/PROTOCOL.md, "Numbers and cards").
//!
//! [`decide`] turns (wish, actor, act) into changes or a refusal; [`apply`] makes one change. The journal holds the
//! changes, so that folding it gives the state.

use lamplighter_storage::person::PersonId;
use serde::{Deserialize, Serialize};

/// Where a wish stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has taken it.
    Open,
    /// Somebody has.
    Claimed,
    /// The helper says it is done.
    Done,
    /// The wisher says so too. The end.
    Confirmed,
    /// The wisher has taken it back. The end.
    Withdrawn,
}

/// Somebody who would step in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standby {
    /// Who.
    pub person: PersonId,
    /// How it stands with them.
    pub answer: Answer,
}

/// What a stand-by has been asked and has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Not asked.
    Waiting,
    /// Offered the wish, and may still answer.
    Asked,
    /// Said no. Kept, so that the number on the card doesn't tell the room.
    Declined,
}

/// A wish as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Who wishes.
    pub wisher: PersonId,
    /// Where it stands.
    pub state: State,
    /// Who helps; there is one exactly in claimed, done and confirmed.
    pub helper: Option<PersonId>,
    /// Those who would step in, first come first.
    pub standbys: Vec<Standby>,
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 认领, ✋.
    Claim,
    /// 放弃, ✋ taken back.
    Release,
    /// 完成, ✅.
    Finish,
    /// ✅ taken back.
    Unfinish,
    /// 确认, 🙏.
    Confirm,
    /// 撤回.
    Withdraw,
    /// 接 under an offer.
    Accept,
    /// 不便 under an offer.
    Decline,
}

/// One step of the life of a wish, as the journal keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change", content = "person")]
pub enum Change {
    /// This person helps.
    Claimed(PersonId),
    /// This person stands by.
    StoodBy(PersonId),
    /// This person stands by no longer.
    SteppedBack(PersonId),
    /// The helper gave it back.
    Released(PersonId),
    /// The helper says it is done.
    Finished(PersonId),
    /// The helper says it isn't after all.
    Unfinished(PersonId),
    /// The wisher confirms.
    Confirmed(PersonId),
    /// The wisher takes it back.
    Withdrawn(PersonId),
    /// This person was offered the wish.
    Offered(PersonId),
    /// This person's offer has lapsed, because somebody was first or the wish is gone.
    Lapsed(PersonId),
    /// This person said no to an offer; shown to nobody.
    Declined(PersonId),
    /// This person's claim came after one that could be read only now: they are the first stand-by.
    Overtaken(PersonId),
    /// This person said that they stand by before that one did, though it could be read only now.
    Placed {
        /// Who stands by.
        person: PersonId,
        /// Whom they stand before.
        before: PersonId,
    },
}

/// What came after an act but could be read before it (ARCHITECTURE.md, "What can't be read yet").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Later {
    /// The claim of who helps now.
    pub claim: bool,
    /// The first of the queue who said later that they stand by.
    pub standby: Option<PersonId>,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// One's own wish.
    OwnWish,
    /// Only the wisher may.
    NotWisher,
    /// Only the helper may.
    NotHelper,
    /// Nobody has taken it yet.
    NotClaimed,
    /// The helper says it is done; confirming is what is left.
    AlreadyDone,
    /// It came true.
    Over,
    /// It was taken back.
    Gone,
    /// There is no offer to answer.
    NotOffered,
}

/// What an act changes that could be read only after what came later; nothing if it is already so. Who claimed first
/// holds the wish as long as it isn't done, and the other is the first to stand by; the queue is as it would have been.
pub fn decide_late(wish: &Wish, actor: PersonId, act: Act, later: Later) -> Result<Vec<Change>, Refusal> {
    let is_helper = wish.helper == Some(actor);
    if let (Act::Claim, State::Claimed, true, Some(helper)) = (act, wish.state, later.claim, wish.helper)
        && !is_helper
        && actor != wish.wisher
    {
        return Ok(vec![Change::Overtaken(helper), Change::Claimed(actor)]);
    }
    let mut changes = decide(wish, actor, act)?;
    if let (Some(Change::StoodBy(person)), Some(before)) = (changes.last().copied(), later.standby)
        && person != before
    {
        changes.push(Change::Placed { person, before });
    }
    Ok(changes)
}

/// What an act changes; nothing if it is already so.
pub fn decide(wish: &Wish, actor: PersonId, act: Act) -> Result<Vec<Change>, Refusal> {
    use Act::{Accept, Claim, Confirm, Decline, Finish, Release, Unfinish, Withdraw};
    use State::{Claimed, Confirmed, Done, Open, Withdrawn};
    let is_wisher = actor == wish.wisher;
    let is_helper = wish.helper == Some(actor);
    let standby = wish.standbys.iter().find(|standby| standby.person == actor).map(|standby| standby.answer);
    match (act, wish.state) {
        // What is over stays; doing again what one has done changes nothing.
        (Confirm, Confirmed) if is_wisher => Ok(vec![]),
        (Withdraw, Withdrawn) if is_wisher => Ok(vec![]),
        (Claim | Finish, Confirmed) if is_helper => Ok(vec![]),
        (Unfinish, Confirmed | Withdrawn) => Ok(vec![]),
        (_, Confirmed) => Err(Refusal::Over),
        (_, Withdrawn) => Err(Refusal::Gone),

        (Claim | Accept, _) if is_wisher => Err(Refusal::OwnWish),
        (Claim | Accept, _) if is_helper => Ok(vec![]),
        (Accept, _) if standby != Some(Answer::Asked) => Err(Refusal::NotOffered),
        (Claim | Accept, Open) => Ok(claimed_by(wish, actor)),
        (Claim | Accept, Claimed | Done) if matches!(standby, Some(Answer::Waiting | Answer::Asked)) => Ok(vec![]),
        (Claim | Accept, Claimed | Done) => Ok(vec![Change::StoodBy(actor)]),

        (Decline, _) => match standby {
            Some(Answer::Asked) => {
                let mut changes = vec![Change::Declined(actor)];
                changes.extend(next_offer(wish, Some(actor)));
                Ok(changes)
            }
            _ => Err(Refusal::NotOffered),
        },

        // The place can be given back until one has said that it is done.
        (Release, Done) if is_helper => Err(Refusal::AlreadyDone),
        (Release, Claimed) if is_helper => {
            let mut changes = vec![Change::Released(actor)];
            changes.extend(next_offer(wish, None));
            Ok(changes)
        }
        (Release, _) => match standby {
            Some(answer) => {
                let mut changes = vec![Change::SteppedBack(actor)];
                if answer == Answer::Asked {
                    changes.extend(next_offer(wish, Some(actor)));
                }
                Ok(changes)
            }
            None if wish.state == Open => Err(Refusal::NotClaimed),
            None => Err(Refusal::NotHelper),
        },

        (Finish, Claimed) if is_helper => Ok(vec![Change::Finished(actor)]),
        (Finish, Done) if is_helper => Ok(vec![]),
        (Unfinish, Done) if is_helper => Ok(vec![Change::Unfinished(actor)]),
        (Unfinish, _) => Ok(vec![]),
        (Finish, Open) => Err(Refusal::NotClaimed),
        (Finish, _) => Err(Refusal::NotHelper),

        (Confirm | Withdraw, _) if !is_wisher => Err(Refusal::NotWisher),
        (Confirm, Open) => Err(Refusal::NotClaimed),
        (Confirm, Claimed | Done) => Ok(vec![Change::Confirmed(actor)]),
        (Withdraw, Done) => Err(Refusal::AlreadyDone),
        (Withdraw, Open | Claimed) => {
            let mut changes: Vec<Change> = lapsing(wish, None).collect();
            changes.push(Change::Withdrawn(actor));
            Ok(changes)
        }
    }
}

/// What changes when somebody leaves for good: their wish is gone, their help is given back, they stand by no longer.
pub fn leave(wish: &Wish, person: PersonId) -> Vec<Change> {
    if matches!(wish.state, State::Confirmed | State::Withdrawn) {
        return Vec::new();
    }
    if person == wish.wisher {
        let mut changes: Vec<Change> = lapsing(wish, None).collect();
        changes.push(Change::Withdrawn(person));
        return changes;
    }
    let mut changes = Vec::new();
    if wish.helper == Some(person) {
        if wish.state == State::Done {
            changes.push(Change::Unfinished(person));
        }
        changes.push(Change::Released(person));
        changes.extend(next_offer(wish, None));
    } else if let Some(standby) = wish.standbys.iter().find(|standby| standby.person == person) {
        changes.push(Change::SteppedBack(person));
        if standby.answer == Answer::Asked {
            changes.extend(next_offer(wish, Some(person)));
        }
    }
    changes
}

/// The first claim wins and the offers to the others lapse.
fn claimed_by(wish: &Wish, actor: PersonId) -> Vec<Change> {
    let mut changes: Vec<Change> = lapsing(wish, Some(actor)).collect();
    changes.push(Change::Claimed(actor));
    changes
}

fn lapsing(wish: &Wish, but: Option<PersonId>) -> impl Iterator<Item = Change> + '_ {
    wish.standbys
        .iter()
        .filter(move |standby| standby.answer == Answer::Asked && Some(standby.person) != but)
        .map(|standby| Change::Lapsed(standby.person))
}

/// The first of the queue is asked; on a no, the one after.
fn next_offer(wish: &Wish, but: Option<PersonId>) -> Option<Change> {
    wish.standbys
        .iter()
        .find(|standby| standby.answer == Answer::Waiting && Some(standby.person) != but)
        .map(|standby| Change::Offered(standby.person))
}

/// Makes one change.
pub fn apply(wish: &mut Wish, change: Change) {
    let leave = |wish: &mut Wish, person| wish.standbys.retain(|standby| standby.person != person);
    let mark = |wish: &mut Wish, person, answer| {
        wish.standbys.iter_mut().filter(|standby| standby.person == person).for_each(|standby| standby.answer = answer);
    };
    match change {
        Change::Claimed(person) => {
            leave(wish, person);
            wish.state = State::Claimed;
            wish.helper = Some(person);
        }
        Change::StoodBy(person) => {
            // Somebody who had said no stands by again, at the end of the queue.
            leave(wish, person);
            wish.standbys.push(Standby { person, answer: Answer::Waiting });
        }
        Change::SteppedBack(person) => leave(wish, person),
        Change::Declined(person) => mark(wish, person, Answer::Declined),
        Change::Released(_) => {
            wish.state = State::Open;
            wish.helper = None;
        }
        Change::Finished(_) => wish.state = State::Done,
        Change::Unfinished(_) => wish.state = State::Claimed,
        Change::Confirmed(_) => wish.state = State::Confirmed,
        Change::Withdrawn(_) => {
            wish.state = State::Withdrawn;
            wish.helper = None;
        }
        Change::Offered(person) => mark(wish, person, Answer::Asked),
        Change::Lapsed(person) => mark(wish, person, Answer::Waiting),
        Change::Overtaken(person) => {
            leave(wish, person);
            wish.standbys.insert(0, Standby { person, answer: Answer::Waiting });
            wish.state = State::Open;
            wish.helper = None;
        }
        Change::Placed { person, before } => {
            let from = wish.standbys.iter().position(|standby| standby.person == person);
            if let Some(standby) = from.map(|from| wish.standbys.remove(from)) {
                let to = wish.standbys.iter().position(|standby| standby.person == before);
                wish.standbys.insert(to.unwrap_or(wish.standbys.len()), standby);
            }
        }
    }
}

impl Change {
    /// Whether the room may notice. Asking the stand-bys, and what they say, is private: not even the card's mark of an
    /// edit may tell.
    pub fn is_seen(self) -> bool {
        !matches!(self, Self::Offered(_) | Self::Lapsed(_) | Self::Declined(_) | Self::Placed { .. })
    }

    /// The name in the journal.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Claimed(_) => "wish.claimed",
            Self::StoodBy(_) => "wish.stood_by",
            Self::SteppedBack(_) => "wish.stepped_back",
            Self::Released(_) => "wish.released",
            Self::Finished(_) => "wish.finished",
            Self::Unfinished(_) => "wish.unfinished",
            Self::Confirmed(_) => "wish.confirmed",
            Self::Withdrawn(_) => "wish.withdrawn",
            Self::Offered(_) => "wish.offered",
            Self::Lapsed(_) => "wish.lapsed",
            Self::Declined(_) => "wish.declined",
            Self::Overtaken(_) => "wish.overtaken",
            Self::Placed { .. } => "wish.placed",
        }
    }
}
