//! A log while it is read.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::chunk::Chunk;
use super::error::ReadError;
use super::fault::{Fault, Faults, Origin};
use super::file::Sources;
use super::item::Items;
use super::piece::Pieces;
use super::row::Rows;
use super::seam::Seams;
use super::setting::{Progress, Setting};
use super::sorter::{Merge, Ranked, Sorted, Sorter};
use crate::block::Block;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Events in the blocks.
    pub events: u64,
    /// Cases in the blocks.
    pub cases: u64,
    /// Rows left out because the library says to ignore their activity.
    pub ignored: u64,
    /// Rows left out because they were recorded later than the knowledge that is asked for.
    pub later: u64,
    /// Faulty rows, by file and row.
    pub faults: Faults,
    /// The activities that occur, by their places in the vocabulary; in all cases, those of other
    /// parts included.
    pub occurring: BTreeSet<u16>,
    /// The last instant at which anything in it may have happened, rows without a sure time left
    /// out; microseconds since 1970. Other parts count too.
    pub known_to: Option<i64>,
    /// The columns, or what is like them, that nothing is read from.
    pub unused: BTreeSet<String>,
    /// Whether the log had to be sorted.
    pub sorted: bool,
    /// How many bytes were put aside on disk for it.
    pub spilled: u64,
}

/// A log while it is read.
pub struct Reading<'s> {
    pub(super) setting: &'s Setting<'s>,
    pub(super) order: Order<'s>,
    sources: &'s Sources,
    found: Mutex<Found>,
    /// Whether a piece was found to be out of order: then others fail for no reason of their own.
    unordered: AtomicBool,
}

/// Where the cases come from, in order.
pub(super) enum Order<'s> {
    /// The files have them in order.
    Given {
        items: Box<Mutex<Items<'s>>>,
        seams: Seams,
    },
    Ranked(Box<Ranked>),
    Merged(Mutex<Box<Merge>>),
}

#[derive(Default)]
struct Found {
    report: Report,
    faults: Vec<Fault>,
}

impl<'s> Reading<'s> {
    /// Reads a log whose cases stand in the order of their references; a piece that does not gives
    /// [`ReadError::Unordered`].
    pub fn ordered(sources: &'s Sources, setting: &'s Setting<'s>) -> Self {
        let order = Order::Given {
            items: Box::new(Mutex::new(Items::new(sources, setting))),
            seams: Seams::default(),
        };
        Self::new(sources, setting, order)
    }

    /// Sorts a log whose cases stand in any order, on the setting's threads.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read or lacks a column, or there is no room on the disk.
    pub fn sorted(sources: &'s Sources, setting: &'s Setting<'s>) -> Result<Self, ReadError> {
        setting.tell(Progress::Sorting);
        let items = Mutex::new(Items::new(sources, setting));
        let sorter = Sorter::new(&setting.wants, setting.memory, setting.spill.clone());
        let sorter = Mutex::new(sorter);
        let failed = AtomicBool::new(false);
        let work = || {
            let rows = sort_items(&items, &sorter, setting, &failed);
            failed.fetch_or(rows.is_err(), Ordering::Relaxed);
            rows
        };
        let all_rows = thread::scope(|scope| {
            let threads: Vec<_> = (0..setting.threads).map(|_| scope.spawn(work)).collect();
            let ended = threads.into_iter().map(|thread| match thread.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            ended
                .collect::<Vec<_>>()
                .into_iter()
                .collect::<Result<Vec<_>, _>>()
        })?;
        let sorter = sorter.into_inner().unwrap_or_else(PoisonError::into_inner);
        let spilled = sorter.spilled();
        let order = match sorter.finish()? {
            Sorted::Memory(ranked) => Order::Ranked(ranked),
            Sorted::Disk(merge) => Order::Merged(Mutex::new(merge)),
        };
        let reading = Self::new(sources, setting, order);
        let items = items.into_inner().unwrap_or_else(PoisonError::into_inner);
        all_rows.into_iter().for_each(|rows| reading.absorb(rows));
        reading.absorb(items.rows);
        {
            let mut found = lock(&reading.found);
            found.report.sorted = true;
            found.report.spilled = spilled;
        }
        Ok(reading)
    }

    fn new(sources: &'s Sources, setting: &'s Setting<'s>, order: Order<'s>) -> Self {
        if let Some(cases) = setting.cases {
            cases.forget_seen();
        }
        Self {
            setting,
            order,
            sources,
            found: Mutex::default(),
            unordered: AtomicBool::new(false),
        }
    }

    /// The pieces of the log, once.
    pub fn pieces(&self) -> Pieces<'_, 's> {
        Pieces {
            reading: self,
            next: 0,
            ended: false,
        }
    }

    /// What was read, when all pieces have become blocks.
    pub fn report(self) -> Report {
        if let Order::Given { items, .. } = &self.order {
            let rows = std::mem::replace(&mut lock(items).rows, Rows::new(self.setting));
            self.absorb(rows);
        }
        let Found { mut report, faults } = self
            .found
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut files: Vec<_> = self.sources.paths().map(ToOwned::to_owned).collect();
        let mut rows = faults;
        if let Some(cases) = self.setting.cases {
            let file = files.len() as u32;
            rows.extend(cases.faults.iter().map(|fault| Fault {
                origin: Origin::new(file, fault.origin.row()),
                kind: fault.kind,
            }));
            files.push(cases.path.clone());
        }
        rows.sort_unstable();
        report.faults = Faults { files, rows };
        report
    }

    pub(super) fn absorb(&self, rows: Rows) {
        let mut found = lock(&self.found);
        found.faults.extend(rows.faults);
        found.report.ignored += rows.ignored;
        found.report.later += rows.later;
        found.report.occurring.extend(rows.occurring);
        found.report.unused.extend(rows.unused);
    }

    /// Brings whole cases into their final form.
    pub(super) fn settle(&self, chunks: Vec<Chunk>) -> Vec<Block> {
        let mut faults = Vec::new();
        let mut blocks = Vec::new();
        let (mut events, mut cases, mut known_to) = (0, 0, None);
        for mut chunk in chunks {
            known_to = known_to.max(chunk.known_to());
            if self.setting.shard.is_some() {
                chunk = chunk.keep(&self.setting.wants, |case| self.setting.wants_case(case));
            }
            chunk.settle(self.setting.cases, &mut faults);
            events += chunk.block.len() as u64;
            cases += chunk.block.cases.len() as u64;
            if !chunk.block.is_empty() {
                blocks.push(chunk.block);
            }
        }
        let mut found = lock(&self.found);
        found.faults.extend(faults);
        found.report.events += events;
        found.report.cases += cases;
        found.report.known_to = found.report.known_to.max(known_to);
        blocks
    }

    /// The case with which a piece ends.
    pub(super) fn tail_of(&self, piece: u64) -> Result<Chunk, ReadError> {
        match &self.order {
            Order::Given { seams, .. } => seams.take(piece).ok_or_else(|| {
                // The piece that failed says why.
                match self.unordered.load(Ordering::Acquire) {
                    true => ReadError::Unordered,
                    false => ReadError::Stopped,
                }
            }),
            _ => Ok(Chunk::default()),
        }
    }

    /// Whether the case with which a piece ends is known.
    pub(super) fn has_tail_of(&self, piece: u64) -> bool {
        match &self.order {
            Order::Given { seams, .. } => seams.has(piece),
            _ => true,
        }
    }

    pub(super) fn out_of_order(&self) -> ReadError {
        self.unordered.store(true, Ordering::Release);
        ReadError::Unordered
    }

    pub(super) fn check_stop(&self) -> Result<(), ReadError> {
        check_stop(self.setting)
    }
}

/// Whether it was asked to stop.
pub(super) fn check_stop(setting: &Setting) -> Result<(), ReadError> {
    match setting.stop {
        Some(stop) if stop.load(Ordering::Relaxed) => Err(ReadError::Stopped),
        _ => Ok(()),
    }
}

fn sort_items<'s>(
    items: &Mutex<Items<'s>>,
    sorter: &Mutex<Sorter>,
    setting: &'s Setting<'s>,
    failed: &AtomicBool,
) -> Result<Rows<'s>, ReadError> {
    let mut rows = Rows::new(setting);
    while !failed.load(Ordering::Relaxed) {
        let Some(mut item) = lock(items).next()? else {
            break;
        };
        let mut chunk = Chunk::new(&setting.wants);
        while item.decode_next(setting, &mut rows, &mut chunk)? {
            let mut sorter = lock(sorter);
            sorter.add(&chunk);
            chunk.clear();
            sorter.put_aside_if_full()?;
        }
    }
    Ok(rows)
}

/// Nothing is left half changed by a thread that panics: what it held is not used any more.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
