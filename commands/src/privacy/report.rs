//! 我的数据 as a file: gathered from the tables, and set in sections, so that an old person can read it and nothing is left
//! out.

use lamplighter_config::Language;
use lamplighter_storage::{
    ledger::{self, Line},
    person::Person,
    privacy::{self as store, Fact},
};

use crate::{
    card::Card,
    fault::Fault,
    points::CURRENCY,
    privacy::pseudonyms,
    scene::{Content, Scene},
    speech::{Say, Unspeakable, Value},
    tongue,
};

/// Points in one community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The name of the community.
    pub community: String,
    /// How many.
    pub points: i64,
}

/// What one community keeps.
#[derive(Clone, Debug)]
pub struct Part {
    /// What there is, points included.
    pub balance: Balance,
    /// The pseudonym in journal and ledger, in hexadecimal; empty: none yet.
    pub pseudonym: String,
    /// Everything but the points.
    pub facts: Vec<Fact>,
    /// The points, the newest first.
    pub points: Vec<Line>,
}

/// Everything that is kept of somebody.
#[derive(Clone, Debug)]
pub struct Report {
    /// When it was put together.
    pub at_ms: i64,
    /// Who.
    pub person: Person,
    /// One of each community that keeps anything.
    pub parts: Vec<Part>,
    /// What is kept whatever the community.
    pub facts: Vec<Fact>,
    /// For how long texts of messages are kept.
    pub keep_texts_days: u32,
}

/// The sections in their order, and which facts stand in each.
const SECTIONS: [(&str, &[&str]); 9] = [
    ("rooms", &["captain", "request", "helper", "helps", "no_proxy", "voice"]),
    ("wishes", &["wish", "help", "standby"]),
    ("activities", &["activity", "seat"]),
    ("polls", &["poll", "ballot"]),
    ("tasks", &["task", "asked", "check_in"]),
    ("reminders", &["reminder"]),
    ("taps", &["tap"]),
    ("points", &["ranked"]),
    ("journal", &["link"]),
];
/// The sections of what belongs to no community.
const PERSONAL: [(&str, &[&str]); 1] = [(
    "messages",
    &["quiet", "elder", "language", "question", "practice", "command", "acted_for", "acted", "decided", "message"],
)];

/// The balances of the actor in all communities that know them.
pub(super) async fn balances(scene: &mut Scene<'_>) -> Result<Vec<Balance>, Fault> {
    let mut balances = Vec::new();
    for (community_id, pseudonym) in pseudonyms(scene).await? {
        let Some(community) = scene.house.community(&community_id) else { continue };
        let points = ledger::balance(scene.tx, &community_id, CURRENCY, &pseudonym).await?;
        balances.push(Balance { community: community.name.clone(), points });
    }
    Ok(balances)
}

impl Report {
    /// Of the actor.
    pub(super) async fn of(scene: &mut Scene<'_>) -> Result<Self, Fault> {
        let house = scene.house;
        let me = scene.actor.person_id;
        let known = pseudonyms(scene).await?;
        let mut parts = Vec::new();
        for community in &house.communities {
            let facts = store::facts(scene.tx, &community.id, me).await?;
            let pseudonym = known.iter().find(|(id, _)| *id == community.id).map(|(_, pseudonym)| pseudonym);
            let (mut points, mut balance) = (Vec::new(), 0);
            if let Some(pseudonym) = pseudonym {
                points = ledger::history(scene.tx, &community.id, CURRENCY, pseudonym, i64::MAX).await?;
                balance = ledger::balance(scene.tx, &community.id, CURRENCY, pseudonym).await?;
            }
            if facts.is_empty() && pseudonym.is_none() {
                continue;
            }
            let hex = |pseudonym: &Vec<u8>| pseudonym.iter().map(|byte| format!("{byte:02x}")).collect();
            parts.push(Part {
                balance: Balance { community: community.name.clone(), points: balance },
                pseudonym: pseudonym.map(hex).unwrap_or_default(),
                facts,
                points,
            });
        }
        let mut facts = store::of_person(scene.tx, me).await?;
        for fact in facts.iter_mut().filter(|fact| fact.about == "message") {
            fact.text = said(&fact.text)?;
        }
        let person = scene.actor.clone();
        Ok(Self { at_ms: scene.now_ms, person, parts, facts, keep_texts_days: house.keep_texts_days })
    }

    /// The file as lines.
    pub fn card(&self, say: Say<'_>) -> Result<Card, Unspeakable> {
        let mut card = say.card(
            "privacy-report",
            &[
                ("at", Value::Word(when(say, Some(self.at_ms))?.into())),
                ("name", Value::Text(self.person.display_name.as_str().into())),
                ("user", Value::Text(self.person.user_id.as_str().into())),
            ],
        )?;
        for part in &self.parts {
            let head = [
                ("community", Value::Text(part.balance.community.as_str().into())),
                (
                    "pseudonym",
                    Value::Word(if part.pseudonym.is_empty() { "none" } else { part.pseudonym.as_str() }.into()),
                ),
            ];
            card = card.with(say.card("privacy-community", &head)?);
            for (section, abouts) in SECTIONS {
                let mut lines = lines(say, &part.facts, abouts)?;
                if section == "points" {
                    lines = lines.with(points(say, part)?);
                }
                card = with_section(card, say, section, lines)?;
            }
        }
        for (section, abouts) in PERSONAL {
            card = with_section(card, say, section, lines(say, &self.facts, abouts)?)?;
        }
        let days = [("days", Value::Number(self.keep_texts_days.into()))];
        Ok(card.with(say.card("privacy-how-long", &days)?))
    }
}

fn with_section(card: Card, say: Say<'_>, section: &'static str, lines: Card) -> Result<Card, Unspeakable> {
    let card = card.with(say.card("privacy-section", &[("section", Value::Word(section.into()))])?);
    Ok(card.with(if lines.lines.is_empty() { say.card("privacy-none", &[])? } else { lines }))
}

fn points(say: Say<'_>, part: &Part) -> Result<Card, Unspeakable> {
    let mut card = say.card("privacy-balance", &[("balance", Value::Number(part.balance.points))])?;
    for line in &part.points {
        card = card.with(say.card(
            "points-history-line",
            &[
                ("at", Value::Word(when(say, Some(line.at_ms))?.into())),
                ("amount", Value::Word(format!("{:+}", line.amount).into())),
                ("rule", Value::Word(line.rule.clone().into())),
                ("number", Value::Number(line.number)),
            ],
        )?);
    }
    Ok(card)
}

fn lines(say: Say<'_>, facts: &[Fact], abouts: &[&str]) -> Result<Card, Unspeakable> {
    let mut card = Card::default();
    // In the order of what they are about, not of the tables.
    for about in abouts {
        for fact in facts.iter().filter(|fact| fact.about == *about) {
            card = card.with(line(say, fact)?);
        }
    }
    Ok(card)
}

fn line(say: Say<'_>, fact: &Fact) -> Result<Card, Unspeakable> {
    let options: Vec<String> = match fact.about.as_str() {
        "poll" | "ballot" => serde_json::from_str(&fact.extra).unwrap_or_default(),
        _ => Vec::new(),
    };
    let text = match Language::of_tag(&fact.text).filter(|_| fact.about == "language") {
        Some(language) => tongue::reply::name(say, language)?,
        None => fact.text.clone(),
    };
    let extra = match fact.about.as_str() {
        "poll" => options.join(" / "),
        "ballot" => {
            let chosen = fact.amount.and_then(|choice| usize::try_from(choice - 1).ok());
            chosen.and_then(|index| options.get(index).cloned()).unwrap_or_default()
        }
        _ => fact.extra.clone(),
    };
    let extra = one_line(&extra);
    // A guest's name or a place stands apart from what it belongs to; without one there is no blank either.
    let gap = if extra.is_empty() { "" } else { " " };
    let standing = say.word("privacy-standing", &[("state", Value::Word(fact.state.clone().into()))])?;
    say.card(
        "privacy-fact",
        &[
            ("about", Value::Word(fact.about.clone().into())),
            ("number", Value::Number(fact.number.unwrap_or_default())),
            ("room", Value::Text(fact.room.clone().unwrap_or_default().into())),
            ("text", Value::Text(one_line(&text).into())),
            ("extra", Value::Text(extra.into())),
            ("gap", Value::Word(gap.into())),
            ("standing", Value::Word(standing.into())),
            ("amount", Value::Number(fact.amount.unwrap_or_default())),
            ("at", Value::Word(when(say, fact.at_ms)?.into())),
            ("dated", Value::Word(if fact.at_ms.is_some() { "yes" } else { "no" }.into())),
        ],
    )
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// An instant with its year: such a file is kept for long.
fn when(say: Say<'_>, at_ms: Option<i64>) -> Result<String, Unspeakable> {
    let Some(at_ms) = at_ms else { return say.word("privacy-no-date", &[]) };
    let (year, moment) = (say.year(at_ms), say.moment(at_ms)?);
    say.word("privacy-date", &[("year", Value::Word(year.into())), ("moment", Value::Word(moment.into()))])
}

/// What a row of the outbox says.
fn said(content: &str) -> Result<String, Fault> {
    Ok(match serde_json::from_str(content)? {
        Content::Message { plain, .. } | Content::Poll { plain, .. } | Content::ClosePoll { plain } => plain,
        Content::Tap { key } | Content::Untap { key } => key,
        Content::File { name, .. } => name,
        Content::Leave => String::new(),
    })
}
