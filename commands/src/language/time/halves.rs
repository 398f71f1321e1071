//! Seven to eleven o'clock without a half-day: the two ways in which it may be meant, written out.

use chrono::{NaiveDateTime, NaiveTime};

use super::{HalfDay, Reading, read};
use crate::language::{Phrase, number};

/// What is put before the clock time, for the morning and for the evening.
const BEFORE: [&str; 2] = ["早上", "晚上"];
/// What is put behind it where it is said in English.
const BEHIND: [&str; 2] = ["am", "pm"];

/// The words are put in at so many places at most: a time has few numerals.
const PLACES_MAX: usize = 16;

/// The clock time as in the morning, and the text with the morning and with the evening said. None: nobody needs to be asked.
/// A clock time without a day is the next such time, unless the day is known from elsewhere.
pub fn halves(phrase: &Phrase, now: NaiveDateTime, day_known: bool) -> Option<(NaiveTime, [Phrase; 2])> {
    let open = read(phrase, now, None).ok()??;
    if !open.needs_half_day || !(open.day_said || day_known) {
        return None;
    }
    let morning = read(phrase, now, Some(HalfDay::Morning)).ok()??;
    let evening = read(phrase, now, Some(HalfDay::Evening)).ok()??;
    let time = morning.start.at()?.time();
    let chars = phrase.chars();
    let is_numeral = |at: usize| chars.get(at).is_some_and(|c| c.is_ascii_digit() || number::is_chinese_numeral(*c));
    let put = |at: usize, word: &str, wanted: &Reading| {
        let text = format!("{}{word}{}", phrase.part(0..at).written(), phrase.after(at).written());
        let said = Phrase::new(&text);
        let reading = read(&said, now, None).ok()??;
        (!reading.needs_half_day && (reading.start, reading.end) == (wanted.start, wanted.end)).then_some(said)
    };
    let both = |at: usize, [first, second]: [&str; 2]| Some([put(at, first, &morning)?, put(at, second, &evening)?]);
    let places = open.parts.iter().flat_map(Clone::clone).filter(|at| is_numeral(*at)).take(PLACES_MAX);
    let is_english = chars.iter().all(char::is_ascii);
    let way = |at: usize| if is_english { both(at + 1, BEHIND) } else { both(at, BEFORE) };
    places.into_iter().find_map(way).map(|both| (time, both))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn written(text: &str, day_known: bool) -> Option<(String, [String; 2])> {
        let monday = NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|day| day.and_hms_opt(18, 0, 0)).expect("a time");
        let (time, both) = halves(&Phrase::new(text), monday, day_known)?;
        Some((time.format("%H:%M").to_string(), both.map(|text| text.written())))
    }

    #[test]
    fn both_ways_are_written_out() {
        for (text, time, morning, evening) in [
            ("周六8点 包饺子", "08:00", "周六早上8点 包饺子", "周六晚上8点 包饺子"),
            ("包饺子 1月10号七点半到九点", "07:30", "包饺子 1月10号早上七点半到九点", "包饺子 1月10号晚上七点半到九点"),
            (
                "Dumplings on 10 January 8:30",
                "08:30",
                "Dumplings on 10 January 8:30am",
                "Dumplings on 10 January 8:30pm",
            ),
            ("3号楼 打牌 明天9:30", "09:30", "3号楼 打牌 明天早上9:30", "3号楼 打牌 明天晚上9:30"),
            ("choir Saturday at 8", "08:00", "choir Saturday at 8am", "choir Saturday at 8pm"),
        ] {
            let both = [morning.to_owned(), evening.to_owned()];
            assert_eq!(written(text, false), Some((time.to_owned(), both)), "{text}");
        }
    }

    #[test]
    fn nobody_is_asked_without_need() {
        for text in ["周六晚上8点 包饺子", "8点 打牌", "周六3点 下棋", "周六 下棋", "周六20点 下棋", "今天8点 打牌"]
        {
            assert_eq!(written(text, false), None, "{text}");
        }
        assert!(written("8点", true).is_some(), "the day is known already");
    }
}
