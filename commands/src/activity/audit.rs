//! The activity that its journal tells of.

use super::rules::{self, Activity, Change};
use crate::audit::Told;

/// Folds the journal; none if it doesn't tell of an activity.
pub(crate) fn folded(told: &[Told]) -> Option<Activity> {
    let ((kind, posted), changes) = told.split_first()?;
    let mut activity = Activity {
        organiser: posted.get("organiser")?.as_i64().filter(|_| kind == "activity.posted")?,
        capacity: posted.get("capacity").and_then(serde_json::Value::as_i64),
        cancelled: false,
        starts_at_ms: posted.get("starts_at_ms")?.as_i64()?,
        ends_at_ms: posted.get("ends_at_ms").and_then(serde_json::Value::as_i64),
        seats: vec![],
    };
    for (_, payload) in changes.iter().filter(|(kind, _)| kind != "ledger.transfer") {
        let change: Change = serde_json::from_value(payload.clone()).ok()?;
        rules::apply(&mut activity, &change);
    }
    Some(activity)
}
