//! What is said about acting for somebody.

use lamplighter_storage::person::Person;

use super::rules::Refusal;
use crate::{
    card::Card,
    scene::Reply,
    speech::{Say, Unspeakable, Value},
};

/// Everything that is said about it.
#[derive(Clone, Copy, Debug)]
pub enum ProxyReply<'a> {
    /// To whom something was done for: what, by whom, and how to take it back.
    Done {
        /// By whom.
        by: &'a Person,
        /// What was said.
        what: &'a str,
        /// What that is about; empty: nothing more is known.
        about: &'a str,
    },
    /// The same once it is over.
    Over {
        /// By whom.
        by: &'a Person,
    },
    /// To whoever did it: it was taken back.
    UndoneByThem {
        /// For whom it had been done.
        whom: &'a Person,
    },
    /// That has been taken back already.
    UndoneBefore,
    /// There is nothing to take back.
    NothingToUndo,
    /// Why not.
    Refused {
        /// The reason.
        refusal: Refusal,
        /// For whom.
        whom: &'a Person,
    },
    /// Nobody stands on both sides.
    OwnInterest,
    /// Nobody of this name is known.
    Unknown {
        /// The name.
        name: &'a str,
    },
    /// Several people have this name.
    Which {
        /// Their names, with what tells them apart.
        people: &'a [Person],
    },
    /// Somebody is a helper now.
    HelperNamed {
        /// Who.
        helper: &'a Person,
        /// Whose, if somebody else did it for them.
        of: Option<&'a Person>,
    },
    /// Somebody was a helper already.
    HelperAlready {
        /// Who.
        helper: &'a Person,
        /// Whose, if somebody else did it for them.
        of: Option<&'a Person>,
    },
    /// To the helper.
    YouHelp {
        /// Whom.
        whom: &'a Person,
    },
    /// Somebody isn't a helper any more.
    HelperEnded {
        /// Who.
        helper: &'a Person,
        /// Whose, if somebody else did it for them.
        of: Option<&'a Person>,
    },
    /// Somebody wasn't one.
    HelperNone {
        /// Who.
        helper: &'a Person,
        /// Whose, if somebody else did it for them.
        of: Option<&'a Person>,
    },
    /// Nobody of this name is one.
    HelperUnknown {
        /// The name.
        name: &'a str,
    },
    /// Nobody of this name is known who could be one.
    UnknownHelper {
        /// The name.
        name: &'a str,
    },
    /// One's own helpers.
    Helpers {
        /// Who.
        helpers: &'a [Person],
        /// Nobody may act for them all the same.
        forbidden: bool,
    },
    /// Nobody may.
    Forbidden,
    /// They may again.
    Allowed,
}

impl Reply for ProxyReply<'_> {
    fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        match self {
            Self::Done { by, what, about } => {
                let values = [
                    ("by", Value::Person(by)),
                    ("what", Value::Text((*what).into())),
                    ("about", Value::Text((*about).into())),
                    ("known", Value::Word(if about.is_empty() { "no" } else { "yes" }.into())),
                ];
                let mut card = say.card("proxy-done", &values)?;
                // Somebody else caused it: it rings.
                card.notify = true;
                Ok(card)
            }
            Self::Over { by } => say.card("proxy-over", &[("by", Value::Person(by))]),
            Self::UndoneByThem { whom } => say.card("proxy-undone-by-them", &[("whom", Value::Person(whom))]),
            Self::UndoneBefore => say.card("proxy-undone-before", &[]),
            Self::NothingToUndo => say.card("proxy-nothing-to-undo", &[]),
            Self::Refused { refusal, whom } => {
                let why = match refusal {
                    Refusal::Oneself => "oneself",
                    Refusal::Own => "own",
                    Refusal::Forbidden => "forbidden",
                    Refusal::NotHelper => "not-helper",
                };
                say.card("proxy-refused", &[("why", Value::Word(why.into())), ("whom", Value::Person(whom))])
            }
            Self::OwnInterest => say.card("proxy-own-interest", &[]),
            Self::Unknown { name } => say.card("proxy-unknown", &[("name", Value::Text((*name).into()))]),
            Self::Which { people } => {
                let mut card = say.card("proxy-which", &[])?;
                for (digit, person) in (1_i64..).zip(people.iter()) {
                    let values = [
                        ("digit", Value::Number(digit)),
                        ("name", Value::Text(person.display_name.as_str().into())),
                        ("user", Value::Text(person.user_id.as_str().into())),
                    ];
                    card = card.with(say.card("proxy-which-option", &values)?);
                }
                Ok(card)
            }
            Self::HelperNamed { helper, of } => helper_card(say, "proxy-helper-named", helper, *of),
            Self::HelperAlready { helper, of } => helper_card(say, "proxy-helper-already", helper, *of),
            Self::YouHelp { whom } => {
                let values = [("whom", Value::Person(whom)), ("name", Value::Text(whom.display_name.as_str().into()))];
                let mut card = say.card("proxy-you-help", &values)?;
                card.notify = true;
                Ok(card)
            }
            Self::HelperEnded { helper, of } => helper_card(say, "proxy-helper-ended", helper, *of),
            Self::HelperNone { helper, of } => helper_card(say, "proxy-helper-none", helper, *of),
            Self::HelperUnknown { name } => say.card("proxy-helper-unknown", &[("name", Value::Text((*name).into()))]),
            Self::UnknownHelper { name } => say.card("proxy-unknown-helper", &[("name", Value::Text((*name).into()))]),
            Self::Helpers { helpers, forbidden } => {
                let mut card =
                    say.card(if helpers.is_empty() { "proxy-helpers-none" } else { "proxy-helpers" }, &[])?;
                for helper in *helpers {
                    card = card.with(say.card(
                        "proxy-helpers-line",
                        &[
                            ("helper", Value::Person(helper)),
                            ("name", Value::Text(helper.display_name.as_str().into())),
                        ],
                    )?);
                }
                if *forbidden {
                    card = card.with(say.card("proxy-helpers-forbidden", &[])?);
                }
                Ok(card)
            }
            Self::Forbidden => say.card("proxy-forbidden", &[]),
            Self::Allowed => say.card("proxy-allowed", &[]),
        }
    }
}

/// What is said of a helper: to whom they help, or to whoever chose for them.
fn helper_card(say: Say<'_>, id: &str, helper: &Person, of: Option<&Person>) -> Result<Card, Unspeakable> {
    let whose = if of.is_some() { "theirs" } else { "yours" };
    let values = [
        ("helper", Value::Person(helper)),
        ("whose", Value::Word(whose.into())),
        ("whom", Value::Person(of.unwrap_or(helper))),
    ];
    say.card(id, &values)
}
