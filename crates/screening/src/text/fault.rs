//! What is wrong with a file of standards, and where.

use std::fmt;

/// What is wrong at one place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: u32,
    /// The character of the line, from 1.
    pub column: u32,
    /// The word there; empty at the end of a line.
    pub word: String,
    /// What is wrong.
    pub problem: Problem,
    /// The nearest word that would be known there.
    pub nearest: Option<String>,
    /// How it is said in this language, where that is known.
    pub advice: Option<&'static str>,
    /// The whole line.
    pub text: Box<str>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Something else must stand here.
    #[error("expected {}", either(.0))]
    Expected(Vec<String>),
    /// The name has not been declared.
    #[error("this library has no {0} of this name")]
    Unknown(&'static str),
    /// It stands there already.
    #[error("{what} is there already, on line {line}; each may be said once")]
    Twice {
        /// What.
        what: &'static str,
        /// Where it stood first.
        line: u32,
    },
    /// Something is left out.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// It can be read and makes no sense; says why and how to mend it.
    #[error("{0}")]
    Unsound(String),
}

/// Everything that is wrong with a file, in the order of its lines. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if !self.word.is_empty() {
            write!(f, "`{}`: ", self.word)?;
        }
        f.write_str(&self.message())?;
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let before = " ".repeat(self.column.saturating_sub(1) as usize);
        let carets = "^".repeat(self.word.chars().count().max(1));
        writeln!(f, "\n  {number} | {}", self.text.replace('\t', " "))?;
        write!(f, "  {margin} | {before}{carets}")
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// What is wrong and how to mend it, without the place.
    pub fn message(&self) -> String {
        let mut message = self.problem.to_string();
        if let Some(nearest) = &self.nearest {
            message += &format!("; did you mean `{nearest}`?");
        } else if let Some(advice) = self.advice {
            message += &format!("; {advice}");
        }
        message
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str("\n\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// `x`, `x or y`, `x, y or z`.
fn either(all: &[String]) -> String {
    match all {
        [] => "something else".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The candidate that is nearest to a word, where one is near.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (likeness(&word, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| (0.6..1.0).contains(likeness))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate.to_owned())
}

/// How like a name two words are, from 0 to 1. One that breaks off is like the whole.
fn likeness(word: &str, name: &str) -> f64 {
    let likeness = strsim::normalized_damerau_levenshtein(word, name);
    let breaks_off = word.len() > 3 && word.len() < name.len() && name.starts_with(word);
    likeness.max(if breaks_off { 0.6 } else { 0.0 })
}
