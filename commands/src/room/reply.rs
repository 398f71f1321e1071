//! What is said about rooms. Greetings have at most six lines.

use lamplighter_storage::person::Person;

use crate::{
    card::Card,
    incoming::Right,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Everything that is said about rooms.
#[derive(Clone, Copy, Debug)]
pub enum RoomReply<'a> {
    /// To stewards: something can't be sent.
    Parked {
        /// How many messages.
        count: i64,
    },
    /// The bot has gone back to a backup.
    Restored {
        /// Of when that is.
        backup_at_ms: i64,
        /// When it was brought back.
        begun_at_ms: i64,
    },
    /// A card that isn't known any more.
    CardVoid {
        /// The number of the card that holds instead.
        replaced_by: Option<i64>,
    },
    /// The bot has come into a room.
    Greet,
    /// The bot has come back into a bound room.
    Back {
        /// Its name.
        name: &'a str,
    },
    /// The room was upgraded, and everything has come along.
    Moved {
        /// Its name.
        name: &'a str,
        /// How many items have open cards there.
        cards: i64,
    },
    /// The bot has come into a private chat.
    GreetPerson,
    /// The room is bound now.
    Bound {
        /// Its name.
        name: &'a str,
        /// The community's.
        community: &'a str,
        /// Who is captain.
        captains: &'a [String],
        /// What the bot may not do.
        lacks: &'a [Right],
    },
    /// It was bound before.
    AlreadyBound {
        /// Its name.
        name: &'a str,
        /// The community's.
        community: &'a str,
    },
    /// Neither captain nor steward.
    BindNotAllowed,
    /// Typed in a private chat.
    BindInRoom,
    /// Several of a steward's communities could be meant.
    WhichCommunity {
        /// In the order of the digits.
        names: &'a [String],
    },
    /// To a captain: which of several communities it is; they aren't listed, since none may see the others.
    NameCommunity,
    /// To the captain: stewards have been asked.
    Asked,
    /// To the captain: that was asked before.
    AlreadyAsked,
    /// Nobody could say yes.
    NoStewards,
    /// To a steward: may this room be bound?
    Request {
        /// What it is to be called.
        name: &'a str,
        /// Who asks.
        by: &'a Person,
    },
    /// The steward's card once it is decided.
    RequestOver {
        /// What it was to be called.
        name: &'a str,
        /// Who asked.
        asker: &'a Person,
        /// Who decided.
        by: &'a Person,
        /// `approved`, `rejected` or `withdrawn`.
        how: &'a str,
    },
    /// The steward's card once whoever asked was forgotten.
    RequestGone {
        /// What it was to be called.
        name: &'a str,
    },
    /// To the captain: no.
    Rejected {
        /// What it was to be called.
        name: &'a str,
    },
    /// There is nothing to say yes to.
    NothingAsked,
    /// There are several.
    SeveralAsked,
    /// Typed in a private chat.
    AppointInRoom,
    /// Somebody is captain now.
    Appointed {
        /// Who.
        whom: &'a Person,
        /// Of which room.
        room: &'a str,
    },
    /// And was before.
    AlreadyCaptain {
        /// Who.
        whom: &'a Person,
    },
    /// Somebody is captain no longer.
    Dismissed {
        /// Who.
        whom: &'a Person,
        /// Of which room.
        room: &'a str,
    },
    /// And hadn't been named.
    NotNamed {
        /// Who.
        whom: &'a Person,
    },
}

fn right_word(right: Right) -> &'static str {
    match right {
        Right::Send => "send",
        Right::Redact => "redact",
        Right::Pin => "pin",
        Right::Notify => "notify",
    }
}

impl Reply for RoomReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Parked { count } => Ok(say.card("room-parked", &[("count", Value::Number(*count))])?.loud()),
            Self::Restored { backup_at_ms, begun_at_ms } => say.card(
                "room-restored",
                &[
                    ("backup", Value::Word(say.moment(*backup_at_ms)?.into())),
                    ("moment", Value::Word(say.moment(*begun_at_ms)?.into())),
                ],
            ),
            Self::CardVoid { replaced_by: Some(number) } => {
                say.card("room-card-void-see", &[("number", Value::Number(*number))])
            }
            Self::CardVoid { replaced_by: None } => say.card("room-card-void", &[]),
            Self::Greet => say.card("room-greeting", &[]),
            Self::Back { name } => say.card("room-back", &[("name", Value::Text((*name).into()))]),
            Self::Moved { name, cards } => {
                let values = [("name", Value::Text((*name).into())), ("cards", Value::Number(*cards))];
                say.card("room-moved", &values)
            }
            Self::GreetPerson => say.card("room-greeting-person", &[]),
            Self::Bound { name, community, captains, lacks } => {
                let mut card = say.card(
                    "room-bound",
                    &[("name", Value::Text((*name).into())), ("community", Value::Text((*community).into()))],
                )?;
                card = card.with(if captains.is_empty() {
                    say.card("room-no-captains", &[])?
                } else {
                    let separator = say.word("list-separator", &[])?;
                    say.card("room-captains", &[("names", Value::Text(captains.join(&separator).into()))])?
                });
                if !lacks.is_empty() {
                    let rights: Result<Vec<String>, Unspeakable> = lacks
                        .iter()
                        .map(|right| say.word("room-right", &[("right", Value::Word(right_word(*right).into()))]))
                        .collect();
                    let rights = rights?.join(&say.word("list-separator", &[])?);
                    card = card.with(say.card("room-lacks", &[("rights", Value::Word(rights.into()))])?);
                }
                Ok(card)
            }
            Self::AlreadyBound { name, community } => say.card(
                "room-already-bound",
                &[("name", Value::Text((*name).into())), ("community", Value::Text((*community).into()))],
            ),
            Self::BindNotAllowed => say.card("room-bind-not-allowed", &[]),
            Self::BindInRoom => say.card("room-bind-in-room", &[]),
            Self::WhichCommunity { names } => {
                let mut card = say.card("which-community", &[])?;
                for (digit, name) in (1_i64..).zip(names.iter()) {
                    let option = [("digit", Value::Number(digit)), ("name", Value::Text(name.into()))];
                    card = card.with(say.card("which-room-option", &option)?);
                }
                Ok(card)
            }
            Self::NameCommunity => say.card("room-name-community", &[]),
            Self::Asked => say.card("room-asked", &[]),
            Self::AlreadyAsked => say.card("room-already-asked", &[]),
            Self::NoStewards => say.card("room-no-stewards", &[]),
            Self::Request { name, by } => Ok(say
                .card("room-request", &[("name", Value::Text((*name).into())), ("by", Value::Person(by))])?
                .loud()),
            Self::RequestOver { name, asker, by, how } => say.card(
                "room-request-over",
                &[
                    ("name", Value::Text((*name).into())),
                    ("asker", Value::Person(asker)),
                    ("by", Value::Person(by)),
                    ("how", Value::Word((*how).into())),
                ],
            ),
            Self::RequestGone { name } => say.card("room-request-gone", &[("name", Value::Text((*name).into()))]),
            Self::Rejected { name } => Ok(say.card("room-rejected", &[("name", Value::Text((*name).into()))])?.loud()),
            Self::NothingAsked => say.card("room-nothing-asked", &[]),
            Self::SeveralAsked => say.card("room-several-asked", &[]),
            Self::AppointInRoom => say.card("room-appoint-in-room", &[]),
            Self::Appointed { whom, room } => {
                let values = [("whom", Value::Person(whom)), ("room", Value::Text((*room).into()))];
                Ok(say.card("room-appointed", &values)?.ringing(&[whom]))
            }
            Self::AlreadyCaptain { whom } => say.card("room-already-captain", &[("whom", Value::Person(whom))]),
            Self::Dismissed { whom, room } => {
                say.card("room-dismissed", &[("whom", Value::Person(whom)), ("room", Value::Text((*room).into()))])
            }
            Self::NotNamed { whom } => say.card("room-not-named", &[("whom", Value::Person(whom))]),
        }
    }
}
