//! Computes the calendars that sentences speak of once, when the program is built: the lunar years, the solar terms, the
//! statutory days off and the workdays that make up for them, and the simplified form of every traditional character. The
//! bot then looks them up in a few nanoseconds and carries none of the crates that know them.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use chrono::{Datelike, NaiveDate};
use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use tyme4rs::tyme::{
    Culture,
    lunar::{LunarDay, LunarMonth, LunarYear},
    solar::{SolarDay, SolarTerm},
};

/// The years that are covered, both included: nobody speaks of others.
const YEARS: std::ops::RangeInclusive<i32> = 1950..=2100;
/// The year of the first statutory days off that are written down.
const FIRST_STATUTORY_YEAR: i32 = 2020;
/// The ideographs that are looked up.
const IDEOGRAPHS: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{9FFF}';

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut out = String::new();
    write_lunar_years(&mut out)?;
    write_solar_terms(&mut out)?;
    write_statutory_days(&mut out)?;
    write_simplified(&mut out)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("calendars.rs"), out)?;
    Ok(())
}

fn date(day: &SolarDay) -> Result<NaiveDate> {
    let (year, month, day) = (day.get_year(), day.get_month(), day.get_day());
    let date = NaiveDate::from_ymd_opt(i32::try_from(year)?, u32::try_from(month)?, u32::try_from(day)?);
    Ok(date.ok_or("a date that isn't one")?)
}

/// The first day of each lunar year (days since 1 January of year 1, that day being 1), its leap month or 0, and one bit a
/// month from the first on, set if it has 30 days.
fn write_lunar_years(out: &mut String) -> Result<()> {
    writeln!(out, "pub const FIRST_YEAR: i32 = {};", YEARS.start())?;
    writeln!(out, "pub static LUNAR_YEARS: &[(i32, u32, u32)] = &[")?;
    for year in YEARS {
        let first = date(&LunarDay::from_ymd(year.try_into()?, 1, 1).get_solar_day())?;
        let leap = u32::try_from(LunarYear::from_year(year.try_into()?).get_leap_month())?;
        let mut long = 0_u32;
        let months = (1..=12).flat_map(|month: i32| {
            let leap_month = (u32::try_from(month) == Ok(leap)).then_some(-month);
            std::iter::once(month).chain(leap_month)
        });
        for (index, month) in months.enumerate() {
            if LunarMonth::from_ym(year.try_into()?, month.try_into()?).get_day_count() == 30 {
                long |= 1 << index;
            }
        }
        writeln!(out, "({}, {leap}, {long}),", first.num_days_from_ce())?;
    }
    writeln!(out, "];")?;
    Ok(())
}

/// For each year the day of the year (0 for 1 January) of its 24 terms, from 小寒 to 冬至.
fn write_solar_terms(out: &mut String) -> Result<()> {
    writeln!(out, "pub static SOLAR_TERMS: &[[u16; 24]] = &[")?;
    for year in YEARS {
        let mut days = Vec::new();
        for index in 1..=24 {
            let term = SolarTerm::from_index(year.try_into()?, index);
            days.push(date(&term.get_julian_day().get_solar_day())?.ordinal0());
        }
        writeln!(out, "{days:?},")?;
    }
    writeln!(out, "];")?;
    Ok(())
}

/// The days of which the State Council has said that they are free or worked, as far as the crate knows them: when (as above), the
/// holiday's name, and whether it is worked.
fn write_statutory_days(out: &mut String) -> Result<()> {
    writeln!(out, "pub static STATUTORY_DAYS: &[(i32, &str, bool)] = &[")?;
    let mut day = NaiveDate::from_ymd_opt(FIRST_STATUTORY_YEAR, 1, 1).ok_or("no such day")?;
    while day.year() <= FIRST_STATUTORY_YEAR + 15 {
        let solar = SolarDay::from_ymd(day.year().try_into()?, day.month().try_into()?, day.day().try_into()?);
        if let Some(holiday) = solar.get_legal_holiday() {
            writeln!(out, "({}, {:?}, {}),", day.num_days_from_ce(), holiday.get_name(), holiday.is_work())?;
        }
        day = day.succ_opt().ok_or("no next day")?;
    }
    writeln!(out, "];")?;
    Ok(())
}

/// The traditional characters that have a simplified form, ascending.
fn write_simplified(out: &mut String) -> Result<()> {
    let converter = OpenCC::from_config(BuiltinConfig::T2s)?;
    writeln!(out, "pub static SIMPLIFIED: &[(char, char)] = &[")?;
    for traditional in IDEOGRAPHS {
        let converted = converter.convert(&traditional.to_string());
        let mut converted = converted.chars();
        if let (Some(simplified), None) = (converted.next(), converted.next())
            && simplified != traditional
        {
            writeln!(out, "({traditional:?}, {simplified:?}),")?;
        }
    }
    writeln!(out, "];")?;
    Ok(())
}
