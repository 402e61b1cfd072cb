//! What can go wrong, and how to mend it.

use std::path::PathBuf;

use jiff::civil::Date;

/// Why a force could not be made or written.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// No cases were asked for.
    #[error(
        "cases: 0 were asked for, and a force without cases has nothing to inspect; ask for 1 or more"
    )]
    NoCases,
    /// More cases were asked for than references can number.
    #[error("cases: {cases} were asked for; ask for {most} or fewer")]
    TooManyCases {
        /// How many were asked for.
        cases: u64,
        /// The most there can be.
        most: u64,
    },
    /// The period ends before it begins.
    #[error("first_day {first_day} is after last_day {last_day}; exchange them")]
    DatesReversed {
        /// First day on which a case is opened.
        first_day: Date,
        /// Last day on which a case is opened.
        last_day: Date,
    },
    /// A day lies outside the years for which working days are known.
    #[error("{field} {day} lies outside the years 2000 to 2100; choose a day within them")]
    DayOutOfRange {
        /// The parameter.
        field: &'static str,
        /// Its value.
        day: Date,
    },
    /// A code would not be safe in every file.
    #[error("{field} {code:?} is not a code; use 1 to 16 of A to Z, a to z, 0 to 9 and the hyphen")]
    BadCode {
        /// The parameter.
        field: &'static str,
        /// Its value.
        code: String,
    },
    /// Two areas have one code.
    #[error("areas: the code {code} is used twice; give each area its own")]
    AreaTwice {
        /// The code.
        code: String,
    },
    /// There is no area to put a case in.
    #[error("areas: there is none; a force has at least one")]
    NoAreas,
    /// A number of an area or the trend makes no sense.
    #[error("{field} is {value}; it must be {expected}")]
    BadNumber {
        /// The parameter.
        field: String,
        /// Its value.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// A file could not be written.
    #[error("{}: cannot be written: {source}; make sure that the directory exists, can be written to and has room", path.display())]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The Parquet file could not be written.
    #[error("{}: cannot be written as Parquet: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library says.
        source: parquet::errors::ParquetError,
    },
    /// The spreadsheet could not be written.
    #[error("{}: cannot be written as a spreadsheet: {source}", path.display())]
    Spreadsheet {
        /// The file.
        path: PathBuf,
        /// What the library says.
        source: rust_xlsxwriter::XlsxError,
    },
    /// A thread that makes cases ended early.
    #[error("a thread that makes cases ended before its work was done; nothing was written")]
    WorkerLost,
}
