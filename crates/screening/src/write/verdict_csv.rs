//! Verdicts as CSV.

use std::io::{self, Write};

use super::row::{VerdictRow, outcome_code, reason_code};
use super::{VerdictFile, csv_field};
use crate::read::Clock;

/// The names of the columns.
const HEADER: &str = "case,standard,activated_at,activity,outcome,why,deciding_activity,deciding_at,due,margin_seconds\n";

/// Verdicts as CSV. Times are in the clock's zone; one of which only the day is known is a date.
pub struct VerdictCsv<W> {
    out: W,
    clock: Clock,
}

impl<W: Write> VerdictCsv<W> {
    /// Begins with the header.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn begin(mut out: W, clock: Clock) -> io::Result<Self> {
        out.write_all(HEADER.as_bytes())?;
        Ok(Self { out, clock })
    }

    /// Writes what is still held back.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> VerdictFile for VerdictCsv<W> {
    fn push(&mut self, row: &VerdictRow) -> io::Result<()> {
        let (deciding, deciding_at) = match row.deciding {
            Some((activity, when)) => (activity, self.clock.written(when)),
            None => ("", String::new()),
        };
        let due = row.due.map(|due| self.clock.written(due));
        let margin = row.margin_seconds.map(|seconds| seconds.to_string());
        writeln!(
            self.out,
            "{},{},{},{},{},{},{},{},{},{}",
            csv_field(row.case),
            row.standard,
            self.clock.written(row.activated_at),
            csv_field(row.activity),
            outcome_code(row.outcome),
            reason_code(row.outcome),
            csv_field(deciding),
            deciding_at,
            due.unwrap_or_default(),
            margin.unwrap_or_default(),
        )
    }
}
