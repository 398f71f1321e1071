//! A walker over the spanned TOML tree that collects every error and goes on, where serde would stop at the first.
//! A read gives the value or [`Reported`], which says that the error lies in the report already.
//! Not here: which keys exist and what they mean (`schema`).

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{ConfigError, ConfigErrors};

/// Most edits between an unknown key and the known one that is suggested for it.
const MAX_EDITS: usize = 2;

/// Stands for an error that has been collected.
#[derive(Debug)]
pub(crate) struct Reported;

/// A value, or an error that has been collected.
pub(crate) type Checked<T> = Result<T, Reported>;

/// Line of a byte offset, from 1.
pub(crate) fn line_at(text: &[u8], offset: usize) -> usize {
    1 + text.iter().take(offset).filter(|&&byte| byte == b'\n').count()
}

/// The errors found so far.
pub(crate) struct Report<'d> {
    file: &'d Path,
    text: &'d str,
    // Tables and nodes share the report while several of them are alive.
    errors: RefCell<Vec<ConfigError>>,
}

impl<'d> Report<'d> {
    pub(crate) fn new(file: &'d Path, text: &'d str) -> Self {
        Self { file, text, errors: RefCell::default() }
    }

    pub(crate) fn add(&self, offset: usize, key: &str, message: impl Into<String>) -> Reported {
        self.errors.borrow_mut().push(ConfigError {
            file: self.file.to_owned(),
            line: Some(line_at(self.text.as_bytes(), offset)),
            key: key.to_owned(),
            message: message.into(),
        });
        Reported
    }

    /// The value if nothing at all was wrong: an unknown key spoils it too.
    pub(crate) fn finish<T>(self, value: Checked<T>) -> Result<T, ConfigErrors> {
        match value {
            Ok(value) if self.errors.borrow().is_empty() => Ok(value),
            _ => Err(ConfigErrors::many(self.errors.into_inner())),
        }
    }
}

/// A table whose keys are known.
pub(crate) struct Table<'d> {
    report: &'d Report<'d>,
    path: String,
    /// Byte offset of the header.
    header: usize,
    entries: &'d DeTable<'d>,
}

impl<'d> Table<'d> {
    /// The whole document.
    pub(crate) fn root(report: &'d Report<'d>, root: &'d Spanned<DeTable<'d>>, known: &[&str]) -> Self {
        Self::new(report, String::new(), 0, root.get_ref(), known)
    }

    fn new(report: &'d Report<'d>, path: String, header: usize, entries: &'d DeTable<'d>, known: &[&str]) -> Self {
        let table = Self { report, path, header, entries };
        for key in entries.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let message = match nearest(key.get_ref(), known) {
                Some(name) => format!("unknown key; did you mean {name}?"),
                None => format!("unknown key; known here: {}", known.join(", ")),
            };
            report.add(key.span().start, &table.path_to(key.get_ref()), message);
        }
        table
    }

    fn path_to(&self, key: &str) -> String {
        let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
        let key = if bare { key.to_owned() } else { format!("{key:?}") };
        if self.path.is_empty() { key } else { format!("{}.{key}", self.path) }
    }

    /// Reports something about a key, at its line or, if it is absent, at the table's header.
    pub(crate) fn fail(&self, key: &str, message: impl Into<String>) -> Reported {
        let offset = self.entries.get(key).map_or(self.header, |value| value.span().start);
        self.report.add(offset, &self.path_to(key), message)
    }

    /// Reports something about the table as a whole.
    pub(crate) fn fail_whole(&self, message: impl Into<String>) -> Reported {
        self.report.add(self.header, &self.path, message)
    }

    pub(crate) fn optional<T>(&self, key: &str, read: impl FnOnce(Node<'d>) -> Checked<T>) -> Checked<Option<T>> {
        let node = |value| Node { report: self.report, path: self.path_to(key), value };
        self.entries.get(key).map(|value| read(node(value))).transpose()
    }

    pub(crate) fn or<T>(&self, key: &str, absent: T, read: impl FnOnce(Node<'d>) -> Checked<T>) -> Checked<T> {
        Ok(self.optional(key, read)?.unwrap_or(absent))
    }

    /// `example` follows "missing; add".
    pub(crate) fn required<T>(
        &self,
        key: &str,
        example: &str,
        read: impl FnOnce(Node<'d>) -> Checked<T>,
    ) -> Checked<T> {
        self.optional(key, read)?.ok_or_else(|| self.fail(key, format!("missing; add {example}")))
    }
}

/// One value with its place.
pub(crate) struct Node<'d> {
    report: &'d Report<'d>,
    path: String,
    value: &'d Spanned<DeValue<'d>>,
}

impl<'d> Node<'d> {
    pub(crate) fn fail(&self, message: impl Into<String>) -> Reported {
        self.report.add(self.value.span().start, &self.path, message)
    }

    fn wrong_type(&self, right: &str) -> Reported {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time without quotes",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.fail(format!("must be {right}, not {found}"))
    }

    fn text<T, M: Into<String>>(self, check: impl FnOnce(&str) -> Result<T, M>) -> Checked<T> {
        let text = self.value.get_ref().as_str().ok_or_else(|| self.wrong_type("a text in quotes"))?;
        check(text).map_err(|message| self.fail(message))
    }

    pub(crate) fn integer(self, range: RangeInclusive<u32>) -> Checked<u32> {
        let right = format!("a whole number from {} to {}", range.start(), range.end());
        let digits = self.value.get_ref().as_integer().ok_or_else(|| self.wrong_type(&right))?;
        u32::from_str_radix(digits.as_str(), digits.radix())
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.fail(format!("must be {right}")))
    }

    pub(crate) fn truth(self) -> Checked<bool> {
        self.value.get_ref().as_bool().ok_or_else(|| self.wrong_type("true or false, without quotes"))
    }

    /// Reads every item, also after a wrong one.
    pub(crate) fn list<T>(self, mut read: impl FnMut(Node<'d>) -> Checked<T>) -> Checked<Vec<T>> {
        let items = self.value.get_ref().as_array().ok_or_else(|| match self.value.get_ref() {
            DeValue::Table(_) => self.fail(format!("one of several; write its header as [[{}]]", self.path)),
            _ => self.wrong_type("a list in square brackets"),
        })?;
        let read_all: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(i, value)| read(Node { report: self.report, path: format!("{}[{i}]", self.path), value }))
            .collect();
        read_all.into_iter().collect()
    }

    pub(crate) fn is_empty_list(&self) -> bool {
        self.value.get_ref().as_array().is_some_and(|items| items.is_empty())
    }

    pub(crate) fn table(self, known: &[&str]) -> Checked<Table<'d>> {
        let entries = self.value.get_ref().as_table().ok_or_else(|| self.wrong_type("a table"))?;
        Ok(Table::new(self.report, self.path, self.value.span().start, entries, known))
    }
}

/// For [`Table`]'s methods: a text that `check` turns into what it means.
pub(crate) fn text<'d, T, M: Into<String>>(
    check: impl FnOnce(&str) -> Result<T, M>,
) -> impl FnOnce(Node<'d>) -> Checked<T> {
    |node| node.text(check)
}

/// For [`Table`]'s methods: a list of such texts.
pub(crate) fn texts<'d, T, M: Into<String>>(
    check: impl Fn(&str) -> Result<T, M>,
) -> impl FnOnce(Node<'d>) -> Checked<Vec<T>> {
    move |node| node.list(|node| node.text(&check))
}

/// The known key that was probably meant.
fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|name| (edits(key, name), *name))
        .min()
        // As many edits as letters would suggest `id` for any word of two letters.
        .filter(|(edits, name)| *edits <= MAX_EDITS && *edits < name.chars().count())
        .map(|(_, name)| name)
}

/// Levenshtein distance, in characters.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        row[0] = left;
        for (cell, b) in row.iter_mut().skip(1).zip(&b) {
            left = (diagonal + usize::from(a != *b)).min(*cell + 1).min(left + 1);
            diagonal = std::mem::replace(cell, left);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_suggested_if_it_is_near() {
        let known = ["id", "digest", "workdays", "points"];
        for (key, expected) in [
            ("digset", Some("digest")),
            ("workday", Some("workdays")),
            ("point", Some("points")),
            ("ids", Some("id")),
            ("xy", None),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(key, &known), expected, "{key}");
        }
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
