//! The case list: every case in scope, as the force hands it over.
//!
//! A list is accepted whole or not at all, and every fault is told at once: row,
//! column, what kind of value stands there and how to mend it, but never the value
//! itself, for it may be case material. No name of a child is needed anywhere, so
//! columns that look like names, birth dates, addresses or free text are refused
//! unless somebody says that they are to be dropped.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::framework::{Category, Grade};

mod checker;
mod difference;
mod heading;
mod import;
mod mapping;
mod reference;
mod sensitive;
mod summary;
#[cfg(test)]
mod tests;
mod value;

pub use checker::Checker;
pub use difference::{CaseChange, Changes, FieldChange, difference};
pub use heading::column_name;
pub use import::{
    CaseListChecked, CaseListDiscarded, CaseListImported, CaseListMapped, CaseListUploaded,
    Standing, import,
};
pub use mapping::{Mapping, Role, propose_mapping};
pub use sensitive::Sensitive;
pub use summary::{Count, DeclaredTotals, Month, Summary, TotalDifference};
pub use value::{ValueKind, kind_of_value, parse_day};

/// One case of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// The pseudonymous reference, unique in the list.
    pub reference: String,
    /// The code of its category.
    pub category: String,
    /// The part of the force that handled it.
    pub area: String,
    /// The day it was opened.
    pub opened: Date,
    /// The day it was closed; `None` while it is open.
    pub closed: Option<Date>,
    /// The code of the force's own grade of how it handled the case; `None` where it gave none. No
    /// reader sees it before their reading is submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_grade: Option<String>,
}

/// One line of the file: its cells, and its number as the file counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The number of the row in the file, from 1.
    pub number: u64,
    /// Its cells, from the first column.
    pub cells: Vec<String>,
}

/// The days on which the cases of an inspection were opened, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectedPeriod {
    first: Date,
    last: Date,
}

/// A period that ends before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the period inspected would end on {last}, before it begins on {first}; exchange the two days"
)]
pub struct BackwardPeriod {
    first: Date,
    last: Date,
}

impl InspectedPeriod {
    /// The period from `first` to `last`.
    ///
    /// # Errors
    /// [`BackwardPeriod`] where `last` is before `first`.
    pub fn new(first: Date, last: Date) -> Result<InspectedPeriod, BackwardPeriod> {
        if last < first {
            return Err(BackwardPeriod { first, last });
        }
        Ok(InspectedPeriod { first, last })
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.last
    }

    /// Whether it holds that day.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// What a case list is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The categories of the inspection's framework.
    pub categories: &'a [Category],
    /// The grades of its scale, in which a force's own grade is given.
    pub grades: &'a [Grade],
    /// The period in which the cases were opened.
    pub opened: InspectedPeriod,
}

/// One fault of a case list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFault {
    /// The number of the row in the file, from 1; the heading's where a whole
    /// column is at fault.
    pub row: u64,
    /// The column, by its letter and, where that gives nothing away, its heading.
    pub column: String,
    /// What kind of value stands there; never the value.
    pub kind: ValueKind,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.row)?;
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        if self.kind != ValueKind::Column {
            write!(f, ", {}", self.kind)?;
        }
        write!(f, ": {}; {}", self.problem, self.mend)
    }
}

impl std::error::Error for RowFault {}

/// A case list after its check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The rows that are sound, in the order of the file.
    pub rows: Vec<CaseRow>,
    /// Every fault, by row and column.
    pub faults: Vec<RowFault>,
    /// How many rows repeat the reference of an earlier one.
    pub duplicates: u64,
    /// How many rows hold nothing at all; they are not cases and are passed over.
    pub blank_rows: u64,
}

impl Checked {
    /// The cases, if there is no fault at all.
    ///
    /// # Errors
    /// Every fault: a list is accepted whole or not at all.
    pub fn accept(self) -> Result<Vec<CaseRow>, Vec<RowFault>> {
        if self.faults.is_empty() {
            Ok(self.rows)
        } else {
            Err(self.faults)
        }
    }
}

/// Checks a whole table. [`Checker`] does the same row by row, for files that come
/// in pieces.
#[must_use]
pub fn check(
    header: &Row,
    rows: impl IntoIterator<Item = Row>,
    mapping: &Mapping,
    rules: Rules<'_>,
) -> Checked {
    let mut checker = Checker::new(header, mapping, rules);
    for row in rows {
        checker.push(&row);
    }
    checker.finish()
}
