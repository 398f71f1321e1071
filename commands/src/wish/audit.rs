//! The wish that its journal tells of.

use super::rules::{self, Change, State, Wish};
use crate::audit::Told;

/// Folds the journal; none if it doesn't tell of a wish.
pub(crate) fn folded(told: &[Told]) -> Option<Wish> {
    let ((kind, posted), changes) = told.split_first()?;
    let wisher = posted.get("wisher")?.as_i64().filter(|_| kind == "wish.posted")?;
    let mut wish = Wish { wisher, state: State::Open, helper: None, standbys: vec![] };
    for (_, payload) in changes.iter().filter(|(kind, _)| kind != "ledger.transfer") {
        let change: Change = serde_json::from_value(payload.clone()).ok()?;
        rules::apply(&mut wish, change);
    }
    Some(wish)
}
