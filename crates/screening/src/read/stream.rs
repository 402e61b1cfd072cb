//! Events from an Arrow stream, a batch at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;

use super::chunk::Chunk;
use super::error::ReadError;
use super::fault::{Fault, FaultKind};
use super::parquet::guarded;
use super::row::Rows;
use super::setting::Setting;
use super::table::{Table, TableLayout};
use crate::block::Block;

/// With what a stream ends that was written to its end.
const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// What came through a stream so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Cases in the blocks.
    pub cases: u64,
    /// Events in the blocks.
    pub events: u64,
    /// Rows left out because the library says to ignore their activity.
    pub ignored: u64,
    /// Rows left out because they were recorded later than the knowledge that is asked for.
    pub later: u64,
    /// Faulty rows, by what is wrong with them.
    pub faulty: BTreeMap<FaultKind, u64>,
    /// The activities that occur.
    pub occurring: BTreeSet<u16>,
    /// The last instant at which anything in it may have happened, rows without a sure time left
    /// out; microseconds since 1970.
    pub known_to: Option<i64>,
}

/// Events from an Arrow IPC stream in which the cases stand in ascending order of the bytes of their
/// references. It yields blocks of whole cases, and holds a batch and the largest case at most.
pub struct EventStream<'s, R: Read> {
    reader: StreamReader<Watched<BufReader<R>>>,
    layout: TableLayout,
    setting: &'s Setting<'s>,
    name: &'s Path,
    rows: Rows<'s>,
    /// The last case so far, which may go on in the next batch.
    open: Chunk,
    next_row: u64,
    ended: bool,
    received: Received,
    told: Box<dyn FnMut(Fault) + Send + 's>,
}

impl<'s, R: Read> EventStream<'s, R> {
    /// Begins a stream; `name` stands for it in errors. `told` hears of every faulty row, by its
    /// number in the stream from 1.
    ///
    /// # Errors
    ///
    /// Where it is no Arrow stream or lacks a column.
    pub fn begin(
        input: R,
        name: &'s Path,
        setting: &'s Setting<'s>,
        told: impl FnMut(Fault) + Send + 's,
    ) -> Result<Self, ReadError> {
        let watched = Watched {
            inner: BufReader::new(input),
            last: [0; 8],
        };
        let reader = guarded(|| StreamReader::try_new(watched, None))
            .map_err(|problem| ReadError::malformed(name, "its beginning", problem))?;
        let layout = TableLayout::of(&reader.schema(), setting, name)?;
        if let Some(cases) = setting.cases {
            cases.forget_seen();
        }
        Ok(Self {
            reader,
            layout,
            setting,
            name,
            rows: Rows::new(setting),
            open: Chunk::new(&setting.wants),
            next_row: 1,
            ended: false,
            received: Received::default(),
            told: Box::new(told),
        })
    }

    /// What came through so far.
    pub fn received(&self) -> &Received {
        &self.received
    }

    fn next_block(&mut self) -> Result<Option<Block>, ReadError> {
        while !self.ended {
            super::reading::check_stop(self.setting)?;
            let batch = guarded(|| self.reader.next().transpose())
                .map_err(|problem| self.broken(&problem))?;
            let whole = match batch {
                Some(batch) => self.take(&batch)?,
                None => {
                    self.check_end()?;
                    self.ended = true;
                    std::mem::take(&mut self.open)
                }
            };
            let block = self.settle(whole);
            if !block.is_empty() {
                return Ok(Some(block));
            }
        }
        Ok(None)
    }

    /// Adds a batch to the case that is open, and returns the cases that are whole.
    fn take(&mut self, batch: &RecordBatch) -> Result<Chunk, ReadError> {
        let table = Table {
            batch,
            layout: &self.layout,
            path: self.name,
            file: 0,
            first_row: self.next_row,
        };
        table.read(self.setting, &mut self.rows, &mut self.open)?;
        self.next_row += batch.num_rows() as u64;
        let cases = self.open.block.cases.len();
        let turned = |case: &usize| self.open.reference(case - 1) >= self.open.reference(*case);
        if let Some(case) = (1..cases).find(turned) {
            let first = self.open.origins[self.open.events(case).start];
            return Err(ReadError::NotClustered {
                path: self.name.to_owned(),
                row: first.row(),
                column: self.setting.columns.case.clone(),
            });
        }
        if cases < 2 {
            return Ok(Chunk::default());
        }
        let last = self.open.split_last(&self.setting.wants);
        Ok(std::mem::replace(&mut self.open, last))
    }

    /// Brings whole cases into their final form, counts them and tells of what was faulty.
    fn settle(&mut self, mut whole: Chunk) -> Block {
        self.received.known_to = self.received.known_to.max(whole.known_to());
        let mut faults = std::mem::take(&mut self.rows.faults);
        whole.settle(self.setting.cases, &mut faults);
        faults.sort_unstable();
        for fault in faults {
            *self.received.faulty.entry(fault.kind).or_default() += 1;
            (self.told)(fault);
        }
        self.received.ignored = self.rows.ignored;
        self.received.later = self.rows.later;
        (self.received.occurring).extend(&self.rows.occurring);
        self.received.cases += whole.block.cases.len() as u64;
        self.received.events += whole.block.len() as u64;
        whole.block
    }

    /// A stream may be cut between two batches without any other trace, and a second one that
    /// follows would not be read.
    fn check_end(&mut self) -> Result<(), ReadError> {
        let watched = self.reader.get_mut();
        if watched.last != END {
            return Err(self.broken("it breaks off: its end mark is missing"));
        }
        match watched.inner.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.broken("more follows after its end mark; send one stream")),
            Err(source) => Err(ReadError::io(self.name)(source)),
        }
    }

    fn broken(&self, problem: &str) -> ReadError {
        let place = format!("after row {}", self.next_row - 1);
        ReadError::malformed(self.name, place, problem)
    }
}

impl<R: Read> Iterator for EventStream<'_, R> {
    type Item = Result<Block, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next_block();
        self.ended |= next.is_err();
        next.transpose()
    }
}

/// Remembers the last bytes that were read.
struct Watched<R> {
    inner: R,
    last: [u8; 8],
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let new = &buffer[count.saturating_sub(8)..count];
        self.last.rotate_left(new.len());
        self.last[8 - new.len()..].copy_from_slice(new);
        Ok(count)
    }
}
