//! What is told to the operator when the configuration is wrong: file, line, key and one sentence each.
//! Messages never repeat a value of the file or the environment, so no secret can slip into a log; parsed clock
//! times are the exception. Not here: finding the errors (`reader`, `schema`).

use std::fmt;
use std::path::PathBuf;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The configuration file, as it was named by the caller.
    pub file: PathBuf,
    /// Line, from 1; of a missing key the line of its table's header. None when the file can't be read at all.
    pub line: Option<usize>,
    /// Dotted key, lists counted from 0: `community[1].evening.digest`. Empty when it is about the whole file.
    pub key: String,
    /// One sentence that says what would be right.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if !self.key.is_empty() {
            write!(f, " {}:", self.key)?;
        }
        write!(f, " {}", self.message)
    }
}

/// Everything that is wrong, at least one thing, in the order of the file; shown one a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    /// The errors, in the order of the file.
    pub fn as_slice(&self) -> &[ConfigError] {
        &self.0
    }

    pub(crate) fn one(error: ConfigError) -> Self {
        Self(vec![error])
    }

    /// Sorts by line: the tree is walked in the order of the schema, people read in that of the file.
    pub(crate) fn many(mut errors: Vec<ConfigError>) -> Self {
        errors.sort_by_key(|error| error.line);
        Self(errors)
    }
}
