//! What is wrong with the input of a command, where, and how to mend it.

use std::fmt;
use thiserror::Error;
use throughline_stats::StatsError;

/// Input from which no true figure can be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{source_name}{place}: {problem}")]
pub struct Fault {
    /// The file, or `standard input`.
    pub source_name: String,
    /// Where in it.
    pub place: Place,
    /// What is wrong and how to mend it.
    pub problem: String,
}

/// Where in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The input as a whole.
    Whole,
    /// A line of a CSV file or a row of a JSON array.
    Row(RowName),
    /// A field of it.
    Field(RowName, String),
    /// Rows that belong together.
    Rows(RowName, RowName),
}

/// A row as its reader finds it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowName {
    /// The line of a CSV file, the headings being line 1.
    Line(u64),
    /// The place in a JSON array, from 1.
    Entry(u64),
}

impl fmt::Display for RowName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(out, "line {line}"),
            Self::Entry(row) => write!(out, "row {row}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Row(row) => write!(out, ", {row}"),
            Self::Field(row, field) => write!(out, ", {row}, field {field}"),
            Self::Rows(first, last) => write!(out, ", {first} to {last}"),
        }
    }
}

impl Fault {
    /// A fault of the rows from `first` to `last` as the statistics find it.
    pub fn of_rows(source_name: &str, first: RowName, last: RowName, error: &StatsError) -> Self {
        let place = match first == last {
            true => Place::Row(first),
            false => Place::Rows(first, last),
        };
        Self {
            source_name: source_name.into(),
            place,
            problem: error.to_string(),
        }
    }
}
