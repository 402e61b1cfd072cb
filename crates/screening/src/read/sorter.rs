//! Events of cases in any order, sorted by case: in memory, and on disk beyond a limit.

mod interner;
mod packing;
mod run;

use std::ops::Range;
use std::path::PathBuf;

use self::interner::Interner;
use self::packing::Packing;
pub(super) use self::run::Merge;
use self::run::Run;
use super::chunk::Chunk;
use super::coding::Wants;
use super::error::ReadError;

/// How many events a sorted chunk has at least, if there are so many.
const CHUNK: usize = 1 << 15;
/// How many events a page has.
const PAGE: usize = 1 << 16;

/// Gathers events, to give them back by case.
pub(super) struct Sorter {
    packing: Packing,
    limit: usize,
    spill: PathBuf,
    held: Held,
    runs: Vec<Run>,
}

/// Events in memory, packed, with the place of the case of each.
#[derive(Default)]
struct Held {
    references: Interner,
    cases: Vec<Vec<u32>>,
    pages: Vec<Vec<u8>>,
    count: usize,
}

/// Sorted events.
pub(super) enum Sorted {
    Memory(Box<Ranked>),
    Disk(Box<Merge>),
}

/// Events in memory with their order.
pub(super) struct Ranked {
    packing: Packing,
    held: Held,
    /// The places of the cases, in the order of their references.
    cases: Vec<u32>,
    /// Where the events of each case of that order end.
    ends: Vec<u32>,
    order: Vec<u32>,
}

impl Sorter {
    pub fn new(wants: &Wants, limit: usize, spill: PathBuf) -> Self {
        Self {
            packing: Packing::of(wants),
            limit,
            spill,
            held: Held::default(),
            runs: Vec::new(),
        }
    }

    /// How many bytes were put aside on disk.
    pub fn spilled(&self) -> u64 {
        self.runs.iter().map(|run| run.bytes).sum()
    }

    /// Takes the events of a chunk.
    pub fn add(&mut self, chunk: &Chunk) {
        for case in 0..chunk.block.cases.len() {
            let place = self.held.references.place(chunk.reference(case));
            for event in chunk.events(case) {
                self.held.add(place, &self.packing, chunk, event);
            }
        }
    }

    /// Puts all that is held aside if it fills the memory.
    pub fn put_aside_if_full(&mut self) -> Result<(), ReadError> {
        // Sorting needs the order beside the events.
        let each = self.packing.width() + 8;
        if self.held.count * each + self.held.references.bytes() > self.limit {
            self.put_aside()?;
        }
        Ok(())
    }

    fn put_aside(&mut self) -> Result<(), ReadError> {
        let ranked = Ranked::of(std::mem::take(&mut self.held), self.packing.clone());
        let failed = |source| ReadError::Spill {
            path: self.spill.clone(),
            source,
        };
        let run = Run::write(&ranked, &self.spill).map_err(failed)?;
        self.runs.push(run);
        Ok(())
    }

    /// Sorts.
    pub fn finish(mut self) -> Result<Sorted, ReadError> {
        if self.runs.is_empty() {
            return Ok(Sorted::Memory(Box::new(Ranked::of(
                self.held,
                self.packing,
            ))));
        }
        if self.held.count > 0 {
            self.put_aside()?;
        }
        let folder = self.spill.clone();
        let merge = Merge::begin(self.runs, self.packing).map_err(|source| ReadError::Spill {
            path: folder,
            source,
        })?;
        Ok(Sorted::Disk(Box::new(merge)))
    }
}

impl Held {
    #[inline]
    fn add(&mut self, case: u32, packing: &Packing, chunk: &Chunk, event: usize) {
        if self.count.is_multiple_of(PAGE) {
            self.cases.push(Vec::with_capacity(PAGE));
            self.pages.push(Vec::with_capacity(PAGE * packing.width()));
        }
        if let (Some(cases), Some(page)) = (self.cases.last_mut(), self.pages.last_mut()) {
            cases.push(case);
            packing.pack(chunk, event, page);
            self.count += 1;
        }
    }

    fn packed(&self, place: u32, width: usize) -> &[u8] {
        let (page, row) = (place as usize / PAGE, place as usize % PAGE);
        &self.pages[page][row * width..(row + 1) * width]
    }
}

impl Ranked {
    fn of(held: Held, packing: Packing) -> Self {
        let cases = held.references.sorted();
        let mut rank = vec![0u32; cases.len()];
        for (place, case) in cases.iter().enumerate() {
            rank[*case as usize] = place as u32;
        }
        let mut ends = vec![0u32; cases.len()];
        for case in held.cases.iter().flatten() {
            ends[rank[*case as usize] as usize] += 1;
        }
        let mut begin = 0;
        for end in &mut ends {
            let count = std::mem::replace(end, begin);
            begin += count;
        }
        let mut order = vec![0u32; held.count];
        for (event, case) in held.cases.iter().flatten().enumerate() {
            let end = &mut ends[rank[*case as usize] as usize];
            order[*end as usize] = event as u32;
            *end += 1;
        }
        Self {
            packing,
            held,
            cases,
            ends,
            order,
        }
    }

    /// The next cases, from this one on, that make a chunk; empty after the last.
    pub fn next_cases(&self, begin: usize) -> Range<usize> {
        let first_event = begin.checked_sub(1).map_or(0, |last| self.ends[last]);
        let enough = first_event.saturating_add(CHUNK as u32);
        let end = self.ends.partition_point(|end| *end < enough) + 1;
        begin..end.clamp(begin, self.cases.len())
    }

    /// The events of these cases.
    pub fn gather(&self, cases: Range<usize>, chunk: &mut Chunk) {
        for case in cases {
            for place in self.events(case) {
                let packed = self.held.packed(*place, self.packing.width());
                self.packing.unpack(packed, chunk);
            }
            chunk.close_case(self.reference(case));
        }
    }

    fn events(&self, case: usize) -> &[u32] {
        let begin = case.checked_sub(1).map_or(0, |last| self.ends[last]);
        &self.order[begin as usize..self.ends[case] as usize]
    }

    fn reference(&self, case: usize) -> &str {
        self.held.references.reference(self.cases[case])
    }
}
