//! Faulty rows: what is wrong with them, and where they stand.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// It names no case.
    CaseMissing,
    /// Its case reference is not text in UTF-8.
    CaseNotText,
    /// It has more or fewer fields than the header.
    Misshapen,
    /// It has no activity.
    ActivityMissing,
    /// The vocabulary does not know its activity.
    ActivityUnknown,
    /// It has no time.
    TimeMissing,
    /// Its time is not written as a date or a time.
    TimeUnreadable,
    /// There is no such time, or it lies outside the years 1950 to 2100.
    TimeImpossible,
    /// It lies before the day on which its case was opened.
    BeforeOpening,
    /// It lies after the moment at which the log was taken.
    TimeAhead,
    /// What was known at a day is asked, and the row does not say when it was recorded.
    RecordedUnknown,
    /// When it was recorded cannot be read, or lies after the moment at which the log was taken.
    RecordedFaulty,
    /// It repeats another row in all that is read.
    Duplicate,
    /// A row of the case list without a reference.
    ListedWithoutReference,
    /// A row of the case list repeats the reference of another.
    ListedTwice,
    /// The day of opening in the case list is no date.
    OpenedUnreadable,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [FaultKind; 16] = [
        FaultKind::CaseMissing,
        FaultKind::CaseNotText,
        FaultKind::Misshapen,
        FaultKind::ActivityMissing,
        FaultKind::ActivityUnknown,
        FaultKind::TimeMissing,
        FaultKind::TimeUnreadable,
        FaultKind::TimeImpossible,
        FaultKind::BeforeOpening,
        FaultKind::TimeAhead,
        FaultKind::RecordedUnknown,
        FaultKind::RecordedFaulty,
        FaultKind::Duplicate,
        FaultKind::ListedWithoutReference,
        FaultKind::ListedTwice,
        FaultKind::OpenedUnreadable,
    ];

    /// As it stands in the list of faulty rows.
    pub const fn code(self) -> &'static str {
        match self {
            FaultKind::CaseMissing => "case-missing",
            FaultKind::CaseNotText => "case-not-text",
            FaultKind::Misshapen => "misshapen",
            FaultKind::ActivityMissing => "activity-missing",
            FaultKind::ActivityUnknown => "activity-unknown",
            FaultKind::TimeMissing => "time-missing",
            FaultKind::TimeUnreadable => "time-unreadable",
            FaultKind::TimeImpossible => "time-impossible",
            FaultKind::BeforeOpening => "before-opening",
            FaultKind::TimeAhead => "time-ahead",
            FaultKind::RecordedUnknown => "recorded-unknown",
            FaultKind::RecordedFaulty => "recorded-faulty",
            FaultKind::Duplicate => "duplicate",
            FaultKind::ListedWithoutReference => "listed-without-reference",
            FaultKind::ListedTwice => "listed-twice",
            FaultKind::OpenedUnreadable => "opened-unreadable",
        }
    }

    /// What is wrong, and how to mend it.
    pub const fn words(self) -> &'static str {
        match self {
            FaultKind::CaseMissing => "no case is named: write its reference",
            FaultKind::CaseNotText => "the case reference is not UTF-8: save the file as UTF-8",
            FaultKind::Misshapen => "it has more or fewer cells than there are headings",
            FaultKind::ActivityMissing => {
                "it does not say what happened: write the activity's code"
            }
            FaultKind::ActivityUnknown => {
                "the standards know no such activity: use one of their codes"
            }
            FaultKind::TimeMissing => "it does not say when: write the time, or at least the day",
            FaultKind::TimeUnreadable => {
                "the time cannot be read: write 2025-01-31T14:05:00+00:00, or 2025-01-31 for a day"
            }
            FaultKind::TimeImpossible => {
                "there is no such time, or it lies outside the years 1950 to 2100"
            }
            FaultKind::BeforeOpening => {
                "it lies before the day on which the list says that the case was opened"
            }
            FaultKind::TimeAhead => "it lies after the moment at which the log was taken",
            FaultKind::RecordedUnknown => "it does not say when it was recorded",
            FaultKind::RecordedFaulty => {
                "when it was recorded cannot be read, or lies after the moment at which the log was taken"
            }
            FaultKind::Duplicate => "it repeats another row",
            FaultKind::ListedWithoutReference => "a row of the case list has no reference",
            FaultKind::ListedTwice => "a row of the case list repeats the reference of another",
            FaultKind::OpenedUnreadable => "the day of opening in the case list is no date",
        }
    }

    /// The kind with a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What follows for the verdicts.
    pub const fn consequence(self) -> &'static str {
        match self {
            FaultKind::CaseMissing | FaultKind::CaseNotText => "left out: it belongs to no case",
            FaultKind::Misshapen => "taken as any event at any time",
            FaultKind::ActivityMissing | FaultKind::ActivityUnknown => "taken as any event",
            FaultKind::TimeMissing
            | FaultKind::TimeUnreadable
            | FaultKind::TimeImpossible
            | FaultKind::BeforeOpening
            | FaultKind::TimeAhead
            | FaultKind::RecordedUnknown => "taken as at any time",
            FaultKind::RecordedFaulty => "taken as recorded at no known time",
            FaultKind::Duplicate => "left out: the row that it repeats stands",
            FaultKind::ListedWithoutReference => "left out of the case list",
            FaultKind::ListedTwice => "left out: the first row of the case stands",
            FaultKind::OpenedUnreadable => "taken as a case without a day of opening",
        }
    }
}

/// Where a row stands: the place of its file among those read, and its line (of a text) or number
/// (else), from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(pub(super) u64);

impl Origin {
    const ROW_BITS: u32 = 44;

    /// A row of a file.
    pub const fn new(file: u32, row: u64) -> Self {
        Self(((file as u64) << Self::ROW_BITS) | (row & ((1 << Self::ROW_BITS) - 1)))
    }

    /// The place of the file.
    pub const fn file(self) -> usize {
        (self.0 >> Self::ROW_BITS) as usize
    }

    /// The line or number of the row, from 1.
    pub const fn row(self) -> u64 {
        self.0 & ((1 << Self::ROW_BITS) - 1)
    }
}

/// A faulty row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where it stands.
    pub origin: Origin,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// All faulty rows of what was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The files, to which [`Origin::file`] points.
    pub files: Vec<PathBuf>,
    /// The rows, by file and row.
    pub rows: Vec<Fault>,
}

impl Faults {
    /// How many rows have each kind of fault; only kinds that occur.
    pub fn counts(&self) -> BTreeMap<FaultKind, u64> {
        let mut counts = BTreeMap::new();
        for fault in &self.rows {
            *counts.entry(fault.kind).or_default() += 1;
        }
        counts
    }

    /// Writes them as CSV: file, row, what is wrong, what follows.
    ///
    /// # Errors
    ///
    /// Where writing fails.
    pub fn write_csv(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "file,row,fault,consequence")?;
        for Fault { origin, kind } in &self.rows {
            let file = self.files.get(origin.file());
            let file = file.map_or(String::new(), |file| file.display().to_string());
            let (row, code) = (origin.row(), kind.code());
            writeln!(
                out,
                "{},{row},{code},{}",
                crate::write::csv_field(&file),
                kind.consequence()
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_origins_keep_file_and_row() {
        let codes: std::collections::BTreeSet<_> =
            FaultKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), FaultKind::ALL.len());
        let origin = Origin::new(70_000, 5_000_000_000);
        assert_eq!((origin.file(), origin.row()), (70_000, 5_000_000_000));
    }
}
