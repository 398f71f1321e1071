//! Whether what the database holds is what the rules made: the journal of each wish and activity, folded, gives its state,
//! and each card shows what its item is. Part of `verify`; the bot may be running beside it.

use lamplighter_storage::{
    item, journal,
    verify::{self, Bad, Books, ShownCard, Verdict},
};

use crate::{activity, fault::Fault, scene::Content, wish};

/// Cards are read this many at a time.
const CARDS_AT_ONCE: i64 = 500;

/// A link of the journal whose payload is still there, read.
pub(crate) type Told = (String, serde_json::Value);

/// Looks at everything; the books say what was looked at.
pub async fn look(books: &mut Books) -> Result<Verdict, Fault> {
    if books.schema < lamplighter_storage::health::newest_schema() {
        // An older program's tables are read by an older program's rules; what is generic has been looked at.
        return Ok(Ok(()));
    }
    if let Err(bad) = wishes(books).await? {
        return Ok(Err(bad));
    }
    if let Err(bad) = activities(books).await? {
        return Ok(Err(bad));
    }
    cards(books).await
}

/// What the journal tells of an item; none if some of it was erased.
async fn told(books: &mut Books, community_id: &str, number: i64) -> Result<Option<Vec<Told>>, Fault> {
    let mut all = Vec::new();
    for link in journal::of_number(&mut books.tx, community_id, number, i64::MAX).await? {
        let Some(payload) = link.payload else { return Ok(None) };
        // What was erased may have left a payload that isn't one.
        let Ok(payload) = serde_json::from_str(&payload) else { return Ok(None) };
        all.push((link.kind, payload));
    }
    Ok(Some(all))
}

async fn wishes(books: &mut Books) -> Result<Verdict, Fault> {
    let mut count = 0;
    for (community_id, number) in verify::items_of_kind(&mut books.tx, wish::KIND).await? {
        let row = format!("{number} of {community_id}");
        let Some(stored) = lamplighter_storage::wish::get(&mut books.tx, &community_id, number).await? else {
            return Ok(Err(Bad::new("wish", row, "isn't there")));
        };
        let Some(told) = told(books, &community_id, number).await? else { continue };
        if wish::audit::folded(&told) != Some(wish::to_rules(&stored)?) {
            return Ok(Err(Bad::new("wish", row, "is in another state than its journal tells")));
        }
        count += 1;
    }
    books.note("wishes, each as its journal tells", count);
    Ok(Ok(()))
}

async fn activities(books: &mut Books) -> Result<Verdict, Fault> {
    let mut count = 0;
    for (community_id, number) in verify::items_of_kind(&mut books.tx, activity::KIND).await? {
        let row = format!("{number} of {community_id}");
        let Some(stored) = lamplighter_storage::activity::get(&mut books.tx, &community_id, number).await? else {
            return Ok(Err(Bad::new("activity", row, "isn't there")));
        };
        let Some(told) = told(books, &community_id, number).await? else { continue };
        if activity::audit::folded(&told) != Some(activity::to_rules(&stored)) {
            return Ok(Err(Bad::new("activity", row, "is in another state than its journal tells")));
        }
        count += 1;
    }
    books.note("activities, each as its journal tells", count);
    Ok(Ok(()))
}

/// The kind of the item that a card of this kind shows; none for what is no item.
fn item_kind(card_kind: &str) -> Option<&str> {
    let kind = card_kind.split('_').next().unwrap_or(card_kind);
    crate::feature::FEATURES.iter().flat_map(|feature| feature.cards).copied().find(|item| *item == kind)
}

async fn cards(books: &mut Books) -> Result<Verdict, Fault> {
    let (mut after, mut count) = (0, 0);
    loop {
        let some = verify::cards_after(&mut books.tx, after, CARDS_AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        after = last.card_id;
        for card in &some {
            if let Err(what) = fits(books, card).await? {
                return Ok(Err(Bad::new("card", card.card_id.to_string(), what)));
            }
            count += 1;
        }
    }
    books.note("cards, each as what it shows", count);
    Ok(Ok(()))
}

async fn fits(books: &mut Books, card: &ShownCard) -> Result<Result<(), String>, Fault> {
    let (community_id, number) = (card.community_id.as_str(), card.number);
    let Some(kind) = item_kind(&card.kind) else {
        let there = verify::has_request(&mut books.tx, &card.kind, number).await?;
        return Ok(if there { Ok(()) } else { Err(format!("{} {number} isn't there", card.kind)) });
    };
    match item::get(&mut books.tx, community_id, number).await? {
        Some(item) if item.kind == kind => {}
        Some(item) => return Ok(Err(format!("number {number} is of kind {}, not {kind}", item.kind))),
        None => return Ok(Err(format!("there is no number {number}"))),
    }
    let open = match card.kind.as_str() {
        wish::KIND => {
            let Some(stored) = lamplighter_storage::wish::get(&mut books.tx, community_id, number).await? else {
                return Ok(Err(format!("there is no wish {number}")));
            };
            let state = wish::to_rules(&stored)?.state;
            let chips = lamplighter_storage::card::chips(&mut books.tx, card.card_id).await?;
            let mut shown: Vec<&str> = chips.iter().map(|chip| chip.key.as_str()).collect();
            let mut expected = wish::chips(state).to_vec();
            // In any order: a chip that goes and comes again stands behind those that stayed.
            shown.sort_unstable();
            expected.sort_unstable();
            if card.in_room && shown != expected {
                return Ok(Err(format!("the chips under wish {number} are those of another state")));
            }
            Some(wish::is_open(state))
        }
        activity::KIND => {
            let stored = lamplighter_storage::activity::get(&mut books.tx, community_id, number).await?;
            // One that has begun is closed by the clock; one that was called off is closed at once.
            stored.filter(|stored| stored.row.state == "cancelled").map(|_| false)
        }
        crate::poll::KIND => {
            let stored = lamplighter_storage::poll::get(&mut books.tx, community_id, number).await?;
            stored.map(|stored| stored.state == "open")
        }
        _ => None,
    };
    if open.is_some_and(|open| open != card.open) {
        return Ok(Err(format!("{kind} {number} is {}", if card.open { "over" } else { "still open" })));
    }
    // Words are dropped after the retention; what is kept must be of this item.
    let numbered = [wish::KIND, activity::KIND, crate::poll::KIND].contains(&card.kind.as_str());
    if let (true, Some(content)) = (numbered, &card.content) {
        let Ok(Content::Message { plain, html, .. }) = serde_json::from_str(content) else {
            return Ok(Err("its last version isn't a message".to_owned()));
        };
        // In large letters nobody has to remember a number.
        if !html.starts_with(crate::card::LARGE_BEGINS) && !plain.contains(&number.to_string()) {
            return Ok(Err(format!("its last version isn't about number {number}")));
        }
    }
    Ok(Ok(()))
}
