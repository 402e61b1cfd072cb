//! Events under way from a file to a block, each with the row it comes from.

use std::cmp::Ordering;
use std::ops::Range;

use super::case_list::CaseList;
use super::coding::Wants;
use super::fault::{Fault, FaultKind, Origin};
use crate::block::{Block, CaseSpan};
use crate::event::When;

/// A block, and where each of its events stands in the files.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    pub block: Block,
    pub origins: Vec<Origin>,
    /// For each event a digest of the values of all attributes of the vocabulary, as they are
    /// written: standards may ask for less than makes two events different.
    pub identities: Vec<u64>,
}

impl Chunk {
    pub fn new(wants: &Wants) -> Self {
        let mut chunk = Self::default();
        chunk.block.classes = vec![Vec::new(); wants.attributes.len()];
        chunk.block.hashes = vec![Vec::new(); wants.attributes.len()];
        chunk
    }

    pub fn clear(&mut self) {
        self.truncate(0);
    }

    pub fn reference(&self, case: usize) -> &str {
        let begin = match case {
            0 => 0,
            _ => self.block.cases[case - 1].reference_end as usize,
        };
        &self.block.references[begin..self.block.cases[case].reference_end as usize]
    }

    pub fn last_reference(&self) -> Option<&str> {
        let last = self.block.cases.len().checked_sub(1)?;
        Some(self.reference(last))
    }

    pub fn events(&self, case: usize) -> Range<usize> {
        let begin = match case {
            0 => 0,
            _ => self.block.cases[case - 1].events_end as usize,
        };
        begin..self.block.cases[case].events_end as usize
    }

    /// Says that the events up to here belong to this case, which may be the last one going on.
    pub fn close_case(&mut self, reference: &str) {
        let events_end = self.block.activities.len() as u32;
        if self.last_reference() != Some(reference) {
            self.block.references.push_str(reference);
            self.block.cases.push(CaseSpan {
                reference_end: self.block.references.len() as u32,
                events_end,
            });
        } else if let Some(last) = self.block.cases.last_mut() {
            last.events_end = events_end;
        }
    }

    /// Says that the events up to here belong to the last case.
    pub fn extend_last_case(&mut self) {
        if let Some(last) = self.block.cases.last_mut() {
            last.events_end = self.block.activities.len() as u32;
        }
    }

    /// The last instant at which any of the events may have happened whose time is sure.
    pub fn known_to(&self) -> Option<i64> {
        let sure = |latest: &&i64| **latest != When::ANY.latest;
        self.block.latest.iter().filter(sure).max().copied()
    }

    /// Whether the cases stand in ascending order.
    pub fn is_ascending(&self) -> bool {
        (1..self.block.cases.len()).all(|case| self.reference(case - 1) < self.reference(case))
    }

    /// Adds a case of another chunk.
    pub fn append_case(&mut self, other: &Chunk, case: usize) {
        let events = other.events(case);
        let (to, from) = (&mut self.block, &other.block);
        to.activities
            .extend_from_slice(&from.activities[events.clone()]);
        to.earliest
            .extend_from_slice(&from.earliest[events.clone()]);
        to.latest.extend_from_slice(&from.latest[events.clone()]);
        for (to, from) in to.classes.iter_mut().zip(&from.classes) {
            extend_part(to, from, &events);
        }
        for (to, from) in to.hashes.iter_mut().zip(&from.hashes) {
            extend_part(to, from, &events);
        }
        extend_part(&mut to.recorded, &from.recorded, &events);
        self.origins
            .extend_from_slice(&other.origins[events.clone()]);
        self.identities.extend_from_slice(&other.identities[events]);
        self.close_case(other.reference(case));
    }

    /// Only the cases of which this holds.
    pub fn keep(self, wants: &Wants, is_wanted: impl Fn(&str) -> bool) -> Chunk {
        let mut kept = Chunk::new(wants);
        for case in 0..self.block.cases.len() {
            if is_wanted(self.reference(case)) {
                kept.append_case(&self, case);
            }
        }
        kept
    }

    /// Takes the last case off.
    pub fn split_last(&mut self, wants: &Wants) -> Chunk {
        let mut last = Chunk::new(wants);
        if let Some(case) = self.block.cases.len().checked_sub(1) {
            last.append_case(self, case);
            self.truncate(case);
        }
        last
    }

    /// Takes the first case off.
    pub fn split_first(&mut self, wants: &Wants) -> Chunk {
        let mut first = Chunk::new(wants);
        if self.block.cases.is_empty() {
            return first;
        }
        first.append_case(self, 0);
        let CaseSpan {
            reference_end,
            events_end,
        } = self.block.cases.remove(0);
        self.block.references.drain(..reference_end as usize);
        for case in &mut self.block.cases {
            case.reference_end -= reference_end;
            case.events_end -= events_end;
        }
        self.each_column(&mut |column| column.remove_front(events_end as usize));
        first
    }

    fn truncate(&mut self, cases: usize) {
        let (references, events) = match cases.checked_sub(1) {
            None => (0, 0),
            Some(last) => {
                let last = self.block.cases[last];
                (last.reference_end as usize, last.events_end as usize)
            }
        };
        self.block.references.truncate(references);
        self.block.cases.truncate(cases);
        self.each_column(&mut |column| column.keep_front(events));
    }

    fn each_column(&mut self, change: &mut dyn FnMut(&mut dyn Column)) {
        change(&mut self.block.activities);
        change(&mut self.block.earliest);
        change(&mut self.block.latest);
        for column in &mut self.block.classes {
            change(column);
        }
        for column in &mut self.block.hashes {
            change(column);
        }
        change(&mut self.block.recorded);
        change(&mut self.origins);
        change(&mut self.identities);
    }

    /// Brings whole cases into their final form: events in the order of their times and values,
    /// repeated ones left out, those before the opening of their case at any time.
    pub fn settle(&mut self, cases: Option<&CaseList>, faults: &mut Vec<Fault>) {
        if let Some(cases) = cases {
            self.doubt_before_opening(cases, faults);
        }
        let mut gone: Vec<u32> = Vec::new();
        for case in 0..self.block.cases.len() {
            let events = self.events(case);
            let earliest = &self.block.earliest[events.clone()];
            if !earliest.windows(2).all(|pair| pair[0] < pair[1]) {
                self.arrange(events, &mut gone, faults);
            }
        }
        if !gone.is_empty() {
            self.leave_out(&gone);
        }
    }

    fn doubt_before_opening(&mut self, cases: &CaseList, faults: &mut Vec<Fault>) {
        for case in 0..self.block.cases.len() {
            let Some(opened) = cases.find_opening(self.reference(case)) else {
                continue;
            };
            for event in self.events(case) {
                if self.block.latest[event] < opened {
                    self.block.earliest[event] = When::ANY.earliest;
                    self.block.latest[event] = When::ANY.latest;
                    faults.push(Fault {
                        origin: self.origins[event],
                        kind: FaultKind::BeforeOpening,
                    });
                }
            }
        }
    }

    fn arrange(&mut self, events: Range<usize>, gone: &mut Vec<u32>, faults: &mut Vec<Fault>) {
        let mut order: Vec<u32> = (events.start as u32..events.end as u32).collect();
        order.sort_unstable_by(|a, b| {
            self.compare(*a as usize, *b as usize)
                .then(self.origins[*a as usize].cmp(&self.origins[*b as usize]))
        });
        for place in 1..order.len() {
            let (before, event) = (order[place - 1] as usize, order[place] as usize);
            if self.is_certain(event) && self.compare(before, event) == Ordering::Equal {
                gone.push((events.start + place) as u32);
                faults.push(Fault {
                    origin: self.origins[event],
                    kind: FaultKind::Duplicate,
                });
            }
        }
        if !order.is_sorted() {
            self.each_column(&mut |column| column.gather(events.start, &order));
        }
    }

    /// Whether we know the event well enough to say that another is the same.
    fn is_certain(&self, event: usize) -> bool {
        self.block.activities[event] != Block::UNKNOWN
            && self.block.earliest[event] != When::ANY.earliest
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        let block = &self.block;
        (block.earliest[a], block.latest[a], block.activities[a])
            .cmp(&(block.earliest[b], block.latest[b], block.activities[b]))
            .then_with(|| compare_in(&block.classes, a, b))
            .then_with(|| compare_in(&block.hashes, a, b))
            .then_with(|| self.identities[a].cmp(&self.identities[b]))
    }

    fn leave_out(&mut self, gone: &[u32]) {
        self.each_column(&mut |column| column.remove_places(gone));
        for case in &mut self.block.cases {
            let before = gone.partition_point(|place| *place < case.events_end);
            case.events_end -= before as u32;
        }
    }
}

fn extend_part<T: Copy>(to: &mut Vec<T>, from: &[T], part: &Range<usize>) {
    if !from.is_empty() {
        to.extend_from_slice(&from[part.clone()]);
    }
}

fn compare_in<T: Ord>(columns: &[Vec<T>], a: usize, b: usize) -> Ordering {
    columns
        .iter()
        .filter(|column| !column.is_empty())
        .map(|column| column[a].cmp(&column[b]))
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// What is done to every column alike; an empty one is not filled and stays so.
trait Column {
    fn keep_front(&mut self, count: usize);
    fn remove_front(&mut self, count: usize);
    fn remove_places(&mut self, places: &[u32]);
    fn gather(&mut self, start: usize, order: &[u32]);
}

impl<T: Copy> Column for Vec<T> {
    fn keep_front(&mut self, count: usize) {
        self.truncate(count);
    }

    fn remove_front(&mut self, count: usize) {
        self.drain(..count.min(self.len()));
    }

    fn remove_places(&mut self, places: &[u32]) {
        let (mut place, mut next) = (0, places.iter().peekable());
        self.retain(|_| {
            let stays = next.next_if(|gone| **gone == place).is_none();
            place += 1;
            stays
        });
    }

    fn gather(&mut self, start: usize, order: &[u32]) {
        if self.is_empty() {
            return;
        }
        let gathered: Vec<T> = order.iter().map(|from| self[*from as usize]).collect();
        self[start..start + order.len()].copy_from_slice(&gathered);
    }
}
