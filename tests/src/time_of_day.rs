//! An instant as a captain says it, so that it is understood at whatever hour the tests run.

use chrono::{DateTime, Timelike as _, Utc};

/// 11月23日上午10:55: in Shanghai, with the half of the day where the hour alone would leave it open.
pub fn said(at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&chrono_tz::Asia::Shanghai);
    let half_day = match at.hour() {
        0..6 => "凌晨",
        6..12 => "上午",
        _ => "",
    };
    format!("{}{half_day}{}", at.format("%-m月%-d日"), at.format("%-H:%M"))
}
