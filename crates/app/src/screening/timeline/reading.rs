//! From a file of events to the timelines of an inspection's cases.
//!
//! The reading is that of the `screen` command: the same formats, the same faults. Only the columns
//! that standards can ask about are read; whatever else a file holds, such as names, is not kept.

use super::wording::{Wording, is_code};
use super::{KeptEvent, Timeline, clock};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use throughline_screening::block::Block;
use throughline_screening::event::When;
use throughline_screening::read::{
    CaseList, Columns, FaultKind, Progress, ReadError, Reading, Report, Setting, Sources,
};
use throughline_screening::vocabulary::Vocabulary;

/// Bytes that a file may have when it is expanded.
const EXPANDED_BYTES_MAX: u64 = 2 << 30;
/// Bytes of events that are held in memory to be sorted; more go to the disk.
const MEMORY: usize = 64 << 20;
/// Cases that are handed on at once.
const CASES_AT_ONCE: usize = 500;
/// What stands for references that are not codes: they may be names.
const NOT_A_CODE: &str = "(not a reference)";

/// What is to be read, and how.
pub struct Order {
    /// Which column holds what.
    pub columns: Columns,
    /// The cases of the inspection's list.
    pub cases: CaseList,
    /// The moment after which nothing in the file can lie.
    pub taken_at: Timestamp,
    /// Where what does not fit into memory is put aside.
    pub aside: PathBuf,
}

/// What a file holds besides the timelines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Cases of the list that have a timeline.
    pub cases: u64,
    /// Events on them.
    pub events: u64,
    /// The codes of what happened.
    pub activities: BTreeSet<String>,
    /// The day of the latest event or entry; none where no time can be read.
    pub known_to: Option<Date>,
    /// Faulty rows: the row, and what is wrong.
    pub faults: Vec<(u64, FaultKind)>,
    /// References that the list does not have, each with its events.
    pub strangers: BTreeMap<String, u64>,
    /// Columns that nothing is read from.
    pub unused: BTreeSet<String>,
    /// For each column how many different values were left out, not being codes.
    pub left_out: BTreeMap<String, u64>,
}

/// Reads a file, and hands its timelines on in the order of their cases.
///
/// # Errors
/// When the file cannot be read, or nobody takes what is handed on any more.
pub fn read(
    path: &Path,
    order: Order,
    vocabulary: &Vocabulary,
    progress: impl Fn(Progress) + Send + Sync + 'static,
    hand_on: impl FnMut(Vec<Timeline>) -> Result<(), ReadError>,
) -> Result<Contents, ReadError> {
    let sources = Sources::find(&[path])?;
    let wording = Wording::of(vocabulary);
    let setting = Setting::new(&wording, vocabulary, clock().clone())
        .columns(order.columns)
        .keep_recorded()
        .taken_at(order.taken_at.as_microsecond())
        .at_most(EXPANDED_BYTES_MAX)
        .memory(MEMORY)
        .spill_to(order.aside)
        .cases(&order.cases)
        .progress(progress);
    let reading = Reading::sorted(&sources, &setting)?;
    let mut gathering = Gathering {
        wording: &wording,
        cases: &order.cases,
        contents: Contents::default(),
        known_to: None,
        ready: Vec::new(),
        hand_on,
    };
    for block in reading.pieces().flatten() {
        gathering.take(&block?)?;
    }
    gathering.finish(reading.report())
}

struct Gathering<'r, F> {
    wording: &'r Wording,
    cases: &'r CaseList,
    contents: Contents,
    known_to: Option<i64>,
    ready: Vec<Timeline>,
    hand_on: F,
}

impl<F: FnMut(Vec<Timeline>) -> Result<(), ReadError>> Gathering<'_, F> {
    fn take(&mut self, block: &Block) -> Result<(), ReadError> {
        let (mut reference_begin, mut begin) = (0, 0);
        for case in &block.cases {
            let (reference_end, end) = (case.reference_end as usize, case.events_end as usize);
            let reference = &block.references[reference_begin..reference_end];
            match self.cases.find(reference) {
                Some(_) => self.add(reference, block, begin..end)?,
                None => self.note_stranger(reference, (end - begin) as u64),
            }
            (reference_begin, begin) = (reference_end, end);
        }
        Ok(())
    }

    fn add(
        &mut self,
        reference: &str,
        block: &Block,
        events: std::ops::Range<usize>,
    ) -> Result<(), ReadError> {
        let contents = &mut self.contents;
        contents.cases += 1;
        contents.events += events.len() as u64;
        let mut kept = Vec::with_capacity(events.len());
        for event in events {
            let when = When {
                earliest: block.earliest[event],
                latest: block.latest[event],
            };
            let recorded = block.recorded.get(event).copied().flatten();
            let sure = Some(when.latest).filter(|_| when != When::ANY);
            self.known_to = self.known_to.max(sure).max(recorded);
            let code = self.wording.code(block.activities[event]);
            if let Some(code) = code.filter(|code| !contents.activities.contains(*code)) {
                contents.activities.insert(code.to_owned());
            }
            kept.push(KeptEvent {
                activity: code.unwrap_or_default().to_owned(),
                time: clock().written(when),
                recorded_at: recorded.and_then(|at| Timestamp::from_microsecond(at).ok()),
                values: self.wording.values(block, event),
            });
        }
        self.ready.push(Timeline {
            reference: reference.to_owned(),
            events: kept,
        });
        match self.ready.len() < CASES_AT_ONCE {
            true => Ok(()),
            false => (self.hand_on)(std::mem::take(&mut self.ready)),
        }
    }

    fn note_stranger(&mut self, reference: &str, events: u64) {
        let name = if is_code(reference) {
            reference
        } else {
            NOT_A_CODE
        };
        *self.contents.strangers.entry(name.to_owned()).or_default() += events;
    }

    fn finish(mut self, report: Report) -> Result<Contents, ReadError> {
        (self.hand_on)(std::mem::take(&mut self.ready))?;
        let rows = report.faults.rows.iter();
        Ok(Contents {
            known_to: self.known_to.and_then(|at| clock().date_of(at)),
            faults: rows.map(|fault| (fault.origin.row(), fault.kind)).collect(),
            unused: report.unused,
            left_out: self.wording.left_out(),
            ..self.contents
        })
    }
}
