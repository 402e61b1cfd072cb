//! Verdicts and figures into files, all of them or none.

mod directory;
mod figure;
mod row;
mod spool;
mod table;
mod verdict_csv;
mod verdict_parquet;
mod verdict_stream;

pub use directory::{OutputDirectory, PartFile};
pub use figure::{Figures, InputFigures, StandardFigures, unrecorded};
pub use row::{VerdictRow, outcome_code, reason_code};
pub use spool::{Findings, Spool, merge};
pub use table::table;
pub use verdict_csv::VerdictCsv;
pub use verdict_parquet::VerdictParquet;
pub use verdict_stream::VerdictStream;
pub(crate) use verdict_stream::{END, PART, VERDICT};

use std::io;
use std::path::PathBuf;

/// Why something cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written: {source}", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Takes verdicts in the order in which they stand in a file.
pub trait VerdictFile {
    /// Takes the next verdict.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    fn push(&mut self, row: &VerdictRow) -> io::Result<()>;
}

/// A field of a CSV row, in quotation marks where it needs them.
pub(crate) fn csv_field(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}
