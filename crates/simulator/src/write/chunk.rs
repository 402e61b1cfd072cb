//! A run of cases, encoded for every file at once.

use super::event_table::{EventColumns, RowGroup};
use super::{event_csv, row};
use crate::error::SimulateError;
use crate::force::Force;
use crate::truth::Grade;

/// Cases in a chunk, which is also one row group of the Parquet file: some 90,000 events.
pub(super) const CHUNK: u64 = 8_192;

/// A run of cases, encoded.
pub(super) struct Chunk {
    pub(super) case_rows: Vec<u8>,
    pub(super) truth_rows: Vec<u8>,
    pub(super) event_rows: Vec<u8>,
    pub(super) row_group: Option<RowGroup>,
    pub(super) tally: Tally,
}

/// What a run of cases adds to the summary.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) cases: u64,
    pub(super) events: u64,
    pub(super) below_good: u64,
    pub(super) still_at_risk: u64,
}

impl Chunk {
    /// Makes the chunk with this number.
    pub(super) fn make(force: &Force, number: u64) -> Result<Self, SimulateError> {
        let (mut case_rows, mut truth_rows, mut event_rows) = (Vec::new(), Vec::new(), Vec::new());
        let mut tally = Tally::default();
        let mut columns = EventColumns::default();
        let timelines = force.parameters().timelines;
        for case in force.cases_between(number * CHUNK..(number + 1) * CHUNK) {
            row::push_case(&mut case_rows, &case);
            row::push_truth(&mut truth_rows, &case);
            if timelines {
                event_csv::push(&mut event_rows, force.calendar(), &case);
                columns.push(&case);
            }
            tally.cases += 1;
            tally.events += case.events.len() as u64;
            tally.below_good += u64::from(case.truth.grade != Grade::Good);
            tally.still_at_risk += u64::from(case.truth.still_at_risk);
        }
        let row_group = if tally.events > 0 {
            Some(columns.encode()?)
        } else {
            None
        };
        Ok(Self {
            case_rows,
            truth_rows,
            event_rows,
            row_group,
            tally,
        })
    }
}
