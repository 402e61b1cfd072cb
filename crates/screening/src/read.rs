//! From logs to blocks: Parquet, CSV, XES and OCEL files, whole or compressed, in any order.
//!
//! A log whose rows stand in the order of the bytes of their case references streams through in
//! constant memory, its pieces decoded by several threads. One in any other order is sorted first,
//! in memory or, beyond a limit, on disk. Both give the same cases with the same events, whole
//! cases in every block, in the order of their references; only where blocks end may differ.
//!
//! # Faulty rows
//!
//! Nothing is dropped silently: every faulty row is in [`Report::faults`], by file and row. In the
//! blocks an event whose time is faulty stands at [`When::ANY`](crate::event::When::ANY), one whose
//! activity is unknown as [`Block::UNKNOWN`], so that verdicts which hang on them are *cannot tell*.
//! A row without a case is only listed. A row repeats another, and is left out, if it has the same
//! case, activity, time and values of all attributes that the standards ask for.

mod case_list;
mod chunk;
mod coding;
mod column;
mod csv;
mod error;
mod fault;
mod file;
mod item;
mod ocel;
mod parquet;
mod row;
mod seam;
mod setting;
mod sorter;
mod stamp;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod xes;
mod xml;

pub use case_list::{CaseList, ListedCase};
pub use coding::{Coding, key_hash};
pub use column::{Columns, UnknownColumn};
pub use error::ReadError;
pub use fault::{Fault, FaultKind, Faults, Origin};
pub use file::Sources;
pub use setting::{Progress, Setting};
pub use stamp::Clock;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use self::chunk::Chunk;
use self::item::Items;
use self::row::Rows;
use self::seam::Seams;
use self::sorter::{Sorted, Sorter};
use crate::block::Block;

/// The place of a block among all: those with lesser places hold the cases before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockPlace {
    /// The piece of the log.
    pub piece: u64,
    /// The place within the piece.
    pub place: u32,
}

/// What takes blocks. Each thread has its own.
pub trait Taker: Send {
    /// Takes the next block of this thread: whole cases, in ascending order. Blocks come in
    /// ascending order of their pieces, but among those of one piece the first may come last.
    ///
    /// # Errors
    ///
    /// Any; it ends the reading.
    fn take(
        &mut self,
        place: BlockPlace,
        block: &Block,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}

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
    /// Whether the log had to be sorted.
    pub sorted: bool,
    /// How many bytes were put aside on disk for it.
    pub spilled: u64,
}

/// Reads a log; `fresh` makes what takes the blocks of a thread. A log that turns out not to be in
/// order is read again from the beginning, with fresh takers.
///
/// # Errors
///
/// Where a file cannot be read or lacks a column, a taker fails, or it is stopped.
pub fn read<T: Taker>(
    sources: &Sources,
    setting: &Setting,
    fresh: &(dyn Fn() -> T + Sync),
) -> Result<(Vec<T>, Report), ReadError> {
    match read_ordered(sources, setting, fresh) {
        Err(ReadError::Unordered) => {
            setting.tell(Progress::Sorting);
            read_unordered(sources, setting, fresh)
        }
        result => result,
    }
}

/// Reads a log whose cases stand in the order of their references.
///
/// # Errors
///
/// [`ReadError::Unordered`] if they do not; else as [`read`].
pub fn read_ordered<T: Taker>(
    sources: &Sources,
    setting: &Setting,
    fresh: &(dyn Fn() -> T + Sync),
) -> Result<(Vec<T>, Report), ReadError> {
    if let Some(cases) = setting.cases {
        cases.forget_seen();
    }
    let items = Mutex::new(Items::new(sources, setting));
    let seams = Mutex::new(Seams::default());
    let mut done = each_thread(setting, fresh, |hand, failed| {
        let mut rows = Rows::new(setting);
        while let Some((piece, item)) = next_item(&items, failed)? {
            let mut lane = Lane {
                hand,
                piece,
                head: None,
                blocks: 0,
            };
            let mut chunk = Chunk::new(&setting.wants);
            item.decode(setting, &mut rows, &mut chunk, &mut |c| lane.pass(c))?;
            let whole = lock(&seams).join(piece, lane.head, chunk)?;
            for (piece, chunk) in whole {
                hand.give(BlockPlace { piece, place: 0 }, chunk)?;
            }
        }
        hand.absorb(rows);
        Ok(())
    })?;
    let seams = seams.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let (Some((piece, last)), Some(hand)) = (seams.finish(), done.first_mut()) {
        hand.give(BlockPlace { piece, place: 0 }, last)?;
    }
    finish(done, items, sources, setting, None)
}

/// Reads a log whose cases stand in any order, by sorting it.
///
/// # Errors
///
/// As [`read`].
pub fn read_unordered<T: Taker>(
    sources: &Sources,
    setting: &Setting,
    fresh: &(dyn Fn() -> T + Sync),
) -> Result<(Vec<T>, Report), ReadError> {
    if let Some(cases) = setting.cases {
        cases.forget_seen();
    }
    let items = Mutex::new(Items::new(sources, setting));
    let sorter = Sorter::new(&setting.wants, setting.memory, setting.spill.clone());
    let sorter = Mutex::new(sorter);
    let read = each_thread(setting, &|| Nobody, |hand, failed| {
        let mut rows = Rows::new(setting);
        while let Some((_, item)) = next_item(&items, failed)? {
            let mut chunk = Chunk::new(&setting.wants);
            item.decode(setting, &mut rows, &mut chunk, &mut |chunk| {
                let mut sorter = lock(&sorter);
                sorter.add(chunk);
                chunk.clear();
                sorter.put_aside_if_full()
            })?;
        }
        hand.absorb(rows);
        Ok(())
    })?;
    let sorter = sorter.into_inner().unwrap_or_else(PoisonError::into_inner);
    let spilled = sorter.spilled;
    let mut done = match sorter.finish()? {
        Sorted::Memory(ranked) => {
            let next = Mutex::new((0, 0));
            each_thread(setting, fresh, |hand, failed| {
                loop {
                    let (piece, cases) = {
                        let mut next = lock(&next);
                        let cases = ranked.next_cases(next.1);
                        *next = (next.0 + 1, cases.end);
                        (next.0, cases)
                    };
                    if cases.is_empty() || failed.load(Ordering::Relaxed) {
                        return Ok(());
                    }
                    let mut chunk = Chunk::new(&setting.wants);
                    ranked.gather(cases, &mut chunk);
                    hand.give(BlockPlace { piece, place: 0 }, chunk)?;
                }
            })?
        }
        Sorted::Disk(merge) => {
            let merge = Mutex::new((0, merge));
            each_thread(setting, fresh, |hand, failed| {
                loop {
                    let (piece, chunk) = {
                        let mut merge = lock(&merge);
                        merge.0 += 1;
                        let chunk = merge.1.next_chunk().map_err(|source| ReadError::Spill {
                            path: setting.spill.clone(),
                            source,
                        })?;
                        (merge.0, chunk)
                    };
                    match chunk {
                        Some(chunk) if !failed.load(Ordering::Relaxed) => {
                            hand.give(BlockPlace { piece, place: 0 }, chunk)?;
                        }
                        _ => return Ok(()),
                    }
                }
            })?
        }
    };
    if let Some(hand) = done.first_mut() {
        for other in read {
            hand.add(other.faults, other.ignored, other.later);
        }
    }
    finish(done, items, sources, setting, Some(spilled))
}

fn next_item(
    items: &Mutex<Items>,
    failed: &AtomicBool,
) -> Result<Option<(u64, item::Item)>, ReadError> {
    if failed.load(Ordering::Relaxed) {
        return Ok(None);
    }
    lock(items).next()
}

/// Nothing is left half changed by a thread that panics: what it held is not used any more.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs the same work on every thread, and ends all when one fails.
fn each_thread<'s, T: Taker>(
    setting: &'s Setting<'s>,
    fresh: &(dyn Fn() -> T + Sync),
    work: impl Fn(&mut Hand<'s, T>, &AtomicBool) -> Result<(), ReadError> + Sync,
) -> Result<Vec<Hand<'s, T>>, ReadError> {
    let failed = AtomicBool::new(false);
    let one = || {
        let mut hand = Hand::new(setting, fresh());
        let result = work(&mut hand, &failed);
        failed.fetch_or(result.is_err(), Ordering::Relaxed);
        result.map(|()| hand)
    };
    if setting.threads == 1 {
        return Ok(vec![one()?]);
    }
    thread::scope(|scope| {
        let threads: Vec<_> = (0..setting.threads).map(|_| scope.spawn(one)).collect();
        let ended = threads.into_iter().map(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        ended.collect::<Vec<_>>().into_iter().collect()
    })
}

fn finish<T: Taker>(
    done: Vec<Hand<T>>,
    items: Mutex<Items>,
    sources: &Sources,
    setting: &Setting,
    spilled: Option<u64>,
) -> Result<(Vec<T>, Report), ReadError> {
    let items = items.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut report = Report {
        ignored: items.rows.ignored,
        later: items.rows.later,
        sorted: spilled.is_some(),
        spilled: spilled.unwrap_or(0),
        ..Report::default()
    };
    let mut faults = items.rows.faults;
    let mut takers = Vec::new();
    for hand in done {
        report.events += hand.events;
        report.cases += hand.cases;
        report.ignored += hand.ignored;
        report.later += hand.later;
        faults.extend(hand.faults);
        takers.push(hand.taker);
    }
    report.faults.files = sources.paths().map(ToOwned::to_owned).collect();
    if let Some(cases) = setting.cases {
        let file = report.faults.files.len() as u32;
        report.faults.files.push(cases.path.clone());
        let own = cases.faults.iter().map(|fault| Fault {
            origin: Origin::new(file, fault.origin.row()),
            kind: fault.kind,
        });
        faults.extend(own);
    }
    faults.sort_unstable();
    report.faults.rows = faults;
    Ok((takers, report))
}

/// One thread's work: a taker, and what it was given.
struct Hand<'s, T> {
    setting: &'s Setting<'s>,
    taker: T,
    faults: Vec<Fault>,
    ignored: u64,
    later: u64,
    events: u64,
    cases: u64,
}

impl<'s, T: Taker> Hand<'s, T> {
    fn new(setting: &'s Setting<'s>, taker: T) -> Self {
        Self {
            setting,
            taker,
            faults: Vec::new(),
            ignored: 0,
            later: 0,
            events: 0,
            cases: 0,
        }
    }

    fn absorb(&mut self, rows: Rows) {
        self.add(rows.faults, rows.ignored, rows.later);
    }

    fn add(&mut self, faults: Vec<Fault>, ignored: u64, later: u64) {
        self.faults.extend(faults);
        self.ignored += ignored;
        self.later += later;
    }

    /// Gives whole cases to the taker.
    fn give(&mut self, place: BlockPlace, mut chunk: Chunk) -> Result<(), ReadError> {
        self.give_settled(place, &mut chunk)
    }

    fn give_settled(&mut self, place: BlockPlace, chunk: &mut Chunk) -> Result<(), ReadError> {
        chunk.settle(self.setting.cases, &mut self.faults);
        self.events += chunk.block.len() as u64;
        self.cases += chunk.block.cases.len() as u64;
        self.taker
            .take(place, &chunk.block)
            .map_err(ReadError::Taker)
    }
}

/// A piece of an ordered log on its way to the taker.
struct Lane<'l, 's, T> {
    hand: &'l mut Hand<'s, T>,
    piece: u64,
    head: Option<Chunk>,
    blocks: u32,
}

impl<T: Taker> Lane<'_, '_, T> {
    /// Gives the whole cases of a chunk away, and leaves the last, which may go on.
    fn pass(&mut self, chunk: &mut Chunk) -> Result<(), ReadError> {
        if !chunk.is_ascending() {
            return Err(ReadError::Unordered);
        }
        let wants = &self.hand.setting.wants;
        if chunk.block.cases.len() < 2 {
            return Ok(());
        }
        if self.head.is_none() {
            self.head = Some(chunk.split_first(wants));
        }
        let last = chunk.split_last(wants);
        if !chunk.block.is_empty() {
            self.blocks += 1;
            let place = BlockPlace {
                piece: self.piece,
                place: self.blocks,
            };
            self.hand.give_settled(place, chunk)?;
        }
        *chunk = last;
        Ok(())
    }
}

/// Takes nothing: while sorting there are no blocks yet.
struct Nobody;

impl Taker for Nobody {
    fn take(
        &mut self,
        _: BlockPlace,
        _: &Block,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(())
    }
}
