//! Computes the calendars that sentences speak of once, when the program is built: the lunar years, the solar terms, the
//! statutory days off and the workdays that make up for them, and the simplified form of every traditional character. The
//! bot then looks them up in a few nanoseconds and carries none of the crates that know them. And writes the traditional
//! locale: the simplified one, converted with OpenCC and a glossary of ours.

use std::{collections::BTreeMap, env, error::Error, fmt::Write as _, fs, path::Path};

use chrono::{Datelike, NaiveDate};
use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use fluent_syntax::ast::{Entry, Expression, Pattern, PatternElement};
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
    println!("cargo::rerun-if-changed=locales");
    let mut out = String::new();
    write_lunar_years(&mut out)?;
    write_solar_terms(&mut out)?;
    write_statutory_days(&mut out)?;
    write_simplified(&mut out)?;
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("calendars.rs"), out)?;
    fs::write(Path::new(&folder).join("zh-Hant.ftl"), traditional_locale()?)?;
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

/// The simplified locale, and how it is written by readers of the traditional one where conversion alone goes wrong.
const SIMPLIFIED_LOCALE: &str = "locales/zh-CN";
const GLOSSARY: &str = "locales/zh-Hant.glossary";

/// The whole traditional locale as one file.
fn traditional_locale() -> Result<String> {
    let writing = Writing::new(&fs::read_to_string(GLOSSARY)?)?;
    let mut files: Vec<_> = fs::read_dir(SIMPLIFIED_LOCALE)?.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    files.sort();
    let mut out = String::new();
    for file in files {
        let mut resource = fluent_syntax::parser::parse(fs::read_to_string(&file)?)
            .map_err(|(_, errors)| format!("{}: {errors:?}", file.display()))?;
        resource.body.retain(|entry| matches!(entry, Entry::Message(_)));
        for entry in &mut resource.body {
            if let Entry::Message(message) = entry {
                message.value.iter_mut().for_each(|pattern| writing.pattern(pattern));
                message.attributes.iter_mut().for_each(|attribute| writing.pattern(&mut attribute.value));
            }
        }
        out += &fluent_syntax::serializer::serialize(&resource);
        out.push('\n');
    }
    Ok(out)
}

/// How a text is written in traditional characters.
struct Writing {
    opencc: OpenCC,
    glossary: BTreeMap<String, String>,
}

impl Writing {
    /// The glossary has one line a phrase: as in the simplified locale, a blank, and as it is written instead.
    fn new(glossary: &str) -> Result<Self> {
        let mut phrases = BTreeMap::new();
        for line in glossary.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (from, to) = line.split_once(' ').ok_or_else(|| format!("{GLOSSARY}: no blank in {line:?}"))?;
            if phrases.insert(from.to_owned(), to.to_owned()).is_some() {
                return Err(format!("{GLOSSARY}: {from:?} stands there twice").into());
            }
        }
        Ok(Self { opencc: OpenCC::from_config(BuiltinConfig::S2tw)?, glossary: phrases })
    }

    /// Texts of a pattern, those of its choices too; neither names, keys nor anything that is put in.
    fn pattern(&self, pattern: &mut Pattern<String>) {
        for element in &mut pattern.elements {
            match element {
                PatternElement::TextElement { value } => *value = self.text(value),
                PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                    variants.iter_mut().for_each(|variant| self.pattern(&mut variant.value));
                }
                PatternElement::Placeable { .. } => {}
            }
        }
    }

    /// The glossary comes first, its longest phrase at each place; what is between its phrases is converted.
    fn text(&self, text: &str) -> String {
        let (mut out, mut between, mut rest) = (String::new(), String::new(), text);
        while let Some(next) = rest.chars().next() {
            let phrase =
                self.glossary.iter().filter(|(from, _)| rest.starts_with(*from)).max_by_key(|(from, _)| from.len());
            if let Some((from, to)) = phrase {
                out += &self.opencc.convert(&std::mem::take(&mut between));
                out += to;
                rest = rest.split_at(from.len()).1;
            } else {
                between.push(next);
                rest = rest.split_at(next.len_utf8()).1;
            }
        }
        out + &self.opencc.convert(&between)
    }
}
