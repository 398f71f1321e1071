//! No text keeps the bot busy for long: reading takes time in proportion to the length, whatever is in it. How long it
//! takes is measured by the bench `parse`; here only that twice as much doesn't take four times as long.

use std::{hint::black_box, time::Duration};

use chrono::{NaiveDate, NaiveDateTime};
use lamplighter_commands::{
    language::{addressed::Signs, phrase::CHARS_MAX},
    reading,
};
use lamplighter_tests::worst;

use super::Result;

fn now() -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(2026, 1, 5)?.and_hms_opt(18, 0, 0)
}

/// How often a text is read for one figure: the kernel counts a thread's time in steps of a few milliseconds.
const READINGS: u32 = 30;

/// The time that this thread has computed. What else the machine does meanwhile isn't ours, so the wall clock won't do.
fn computed() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split(' ').next().ok_or("no figure")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// What so many readings of a text take.
fn takes(text: &str, now: NaiveDateTime) -> Result<Duration> {
    let names = ["lamplighter".to_owned(), "掌灯".to_owned()];
    let signs = Signs { direct: true, mention: true, reply: true, names: &names };
    let begun = computed()?;
    for _ in 0..READINGS {
        black_box(reading::read(black_box(text), signs, now));
    }
    Ok(computed()?.saturating_sub(begun))
}

/// A quarter of the text may take a quarter of the time; linear is 4, quadratic is 16.
const RATIO_MAX: f64 = 9.0;
/// Below this the steps of the kernel count for more than the reading.
const FLOOR: Duration = Duration::from_millis(12);

#[test]
fn reading_is_linear_in_the_length() -> Result {
    let now = now().ok_or("a time")?;
    let mut violations = Vec::new();
    for shape in worst::SHAPES {
        let (short, long) = (takes(&shape.of(CHARS_MAX / 4), now)?, takes(&shape.of(CHARS_MAX), now)?);
        let ratio = long.as_secs_f64() / short.max(FLOOR).as_secs_f64();
        lamplighter_tests::process::say(&format!("{:<28} {short:>12?} {long:>12?} {ratio:>6.1}", shape.name));
        if ratio > RATIO_MAX {
            violations.push(format!("{}: {short:?} for a quarter, {long:?} for the whole", shape.name));
        }
    }
    assert!(violations.is_empty(), "not linear:\n  {}", violations.join("\n  "));
    Ok(())
}

/// Beyond what is read, more text is only carried.
#[test]
fn what_is_too_long_to_be_typed_is_not_read() -> Result {
    let now = now().ok_or("a time")?;
    for shape in worst::SHAPES {
        let (read, carried) =
            (takes(&shape.of(CHARS_MAX), now)?, takes(&shape.of_bytes(worst::EVENT_TEXT_BYTES), now)?);
        // Lines count apart, up to a hundred of them.
        let ratio = carried.as_secs_f64() / read.max(FLOOR).as_secs_f64();
        assert!(shape.has_lines || ratio < RATIO_MAX, "{}: {read:?}, but {carried:?} for 60 KB", shape.name);
    }
    Ok(())
}
