//! One row at a time into a chunk: for texts, XES and OCEL.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::chunk::Chunk;
use super::coding::{attribute_id, identity_of, key_hash};
use super::fault::{Fault, FaultKind, Origin};
use super::setting::Setting;
use super::table::Memo;
use crate::block::Block;
use crate::event::When;

/// The most distinct values of which the class is remembered.
const REMEMBERED_MAX: usize = 4_096;

/// The most names of which it is said that nothing is read from them.
const UNUSED_MAX: usize = 1_000;

/// What stands in a row; an empty text is missing.
#[derive(Clone, Debug)]
pub(super) struct Row<'r> {
    pub origin: Origin,
    pub case: &'r [u8],
    pub time: &'r [u8],
    pub date_only: bool,
    pub recorded_at: &'r [u8],
    pub activity: &'r [u8],
    /// Whether its fields do not fit the header, so that only its case can be trusted.
    pub misshapen: bool,
}

/// Turns rows into events, and remembers codes, classes and hashes.
pub(super) struct Rows<'s> {
    setting: &'s Setting<'s>,
    pub faults: Vec<Fault>,
    /// Rows whose activity the vocabulary says to ignore.
    pub ignored: u64,
    /// Rows recorded after the day of which the knowledge is asked.
    pub later: u64,
    /// The activities that occur.
    pub occurring: BTreeSet<u16>,
    /// Columns and the like that nothing is read from.
    pub unused: BTreeSet<String>,
    activities: FxHashMap<Box<[u8]>, Option<u16>>,
    classes: Vec<FxHashMap<Box<[u8]>, u16>>,
    /// The class of a missing value of each attribute.
    missing: Vec<u16>,
    hashes: Vec<(Vec<u8>, u128)>,
    /// For each attribute what was made of the dictionary of its column.
    pub memos: Vec<Memo>,
}

impl<'s> Rows<'s> {
    pub fn new(setting: &'s Setting<'s>) -> Self {
        let count = setting.wants.attributes.len();
        Self {
            setting,
            faults: Vec::new(),
            ignored: 0,
            later: 0,
            occurring: BTreeSet::new(),
            unused: BTreeSet::new(),
            activities: FxHashMap::default(),
            classes: vec![FxHashMap::default(); count],
            missing: (0..count)
                .map(|place| setting.coding.class_of(attribute_id(place), None))
                .collect(),
            hashes: vec![(Vec::new(), 0); count],
            memos: (0..count).map(|_| Memo::default()).collect(),
        }
    }

    pub fn fault(&mut self, origin: Origin, kind: FaultKind) {
        self.faults.push(Fault { origin, kind });
    }

    /// Adds a row's event to a chunk. `value` gives the text of an attribute, empty if missing.
    pub fn push<'r>(&mut self, chunk: &mut Chunk, row: &Row, value: impl Fn(usize) -> &'r [u8]) {
        let Some(reference) = self.reference(chunk, row) else {
            return;
        };
        let Some(activity) = self.activity_of(row) else {
            self.ignored += 1;
            return;
        };
        let Some(when) = self.when(row) else {
            self.later += 1;
            return;
        };
        let block = &mut chunk.block;
        block.activities.push(activity);
        block.earliest.push(when.earliest);
        block.latest.push(when.latest);
        if self.setting.wants.recorded {
            let recorded = self.recorded(row);
            chunk.block.recorded.push(recorded);
        }
        let block = &mut chunk.block;
        let mut identity: u64 = 0;
        for (place, want) in self.setting.wants.attributes.iter().enumerate() {
            let value = if row.misshapen { b"" } else { value(place) };
            if want.class {
                let class = match value.is_empty() {
                    true => self.missing[place],
                    false => class_of(&mut self.classes[place], self.setting, place, value),
                };
                block.classes[place].push(class);
            }
            let hash = hash_of(&mut self.hashes[place], value);
            identity = identity.wrapping_add(identity_of(place, hash));
            if want.hash {
                block.hashes[place].push(hash);
            }
        }
        chunk.origins.push(row.origin);
        chunk.identities.push(identity);
        match reference {
            Case::Same => chunk.extend_last_case(),
            Case::New(reference) => chunk.close_case(reference),
        }
    }

    fn reference<'r>(&mut self, chunk: &Chunk, row: &Row<'r>) -> Option<Case<'r>> {
        if row.case.is_empty() {
            self.fault(row.origin, FaultKind::CaseMissing);
            return None;
        }
        if chunk.last_reference().map(str::as_bytes) == Some(row.case) {
            return Some(Case::Same);
        }
        match std::str::from_utf8(row.case) {
            Ok(reference) => Some(Case::New(reference)),
            Err(_) => {
                self.fault(row.origin, FaultKind::CaseNotText);
                None
            }
        }
    }

    fn activity_of(&mut self, row: &Row) -> Option<u16> {
        if row.misshapen {
            return Some(Block::UNKNOWN);
        }
        if row.activity.is_empty() {
            self.fault(row.origin, FaultKind::ActivityMissing);
            return Some(Block::UNKNOWN);
        }
        let activity = self.activity(row.activity);
        if activity == Some(Block::UNKNOWN) {
            self.fault(row.origin, FaultKind::ActivityUnknown);
        }
        activity
    }

    /// The place of an activity.
    pub fn activity(&mut self, code: &[u8]) -> Option<u16> {
        if let Some(known) = self.activities.get(code) {
            return *known;
        }
        let activity = self.setting.coding.activity(code);
        self.occurring
            .extend(activity.filter(|place| *place != Block::UNKNOWN));
        if self.activities.len() < REMEMBERED_MAX {
            self.activities.insert(code.into(), activity);
        }
        activity
    }

    /// The class of a value of the attribute at a place.
    pub fn class(&mut self, place: usize, value: &[u8]) -> u16 {
        match value.is_empty() {
            true => self.missing[place],
            false => class_of(&mut self.classes[place], self.setting, place, value),
        }
    }

    /// When it happened; none if it was not recorded yet.
    fn when(&mut self, row: &Row) -> Option<When> {
        if row.misshapen {
            self.fault(row.origin, FaultKind::Misshapen);
            return Some(When::ANY);
        }
        if let Some(before) = self.setting.known_before {
            match self.setting.clock.read(row.recorded_at, false) {
                Ok(recorded) if recorded.earliest >= before => return None,
                Ok(recorded) if recorded.latest < before => {}
                _ => {
                    self.fault(row.origin, FaultKind::RecordedUnknown);
                    return Some(When::ANY);
                }
            }
        }
        match self.setting.clock.read(row.time, row.date_only) {
            Ok(when) if self.setting.is_ahead(when.earliest) => {
                self.fault(row.origin, FaultKind::TimeAhead);
                Some(When::ANY)
            }
            Ok(when) => Some(when),
            Err(kind) => {
                self.fault(row.origin, kind);
                Some(When::ANY)
            }
        }
    }

    /// The last instant at which it may have been recorded, where that is known.
    fn recorded(&mut self, row: &Row) -> Option<i64> {
        if row.misshapen || row.recorded_at.is_empty() {
            return None;
        }
        match self.setting.clock.read(row.recorded_at, false) {
            Ok(recorded) if !self.setting.is_ahead(recorded.earliest) => Some(recorded.latest),
            _ => {
                self.fault(row.origin, FaultKind::RecordedFaulty);
                None
            }
        }
    }

    /// Notes that nothing is read from what has this name, if there is room.
    pub fn note_unused(&mut self, name: &str) {
        if self.unused.len() < UNUSED_MAX && !name.is_empty() && !self.unused.contains(name) {
            self.unused.insert(name.to_owned());
        }
    }
}

enum Case<'r> {
    Same,
    New(&'r str),
}

fn class_of(
    known: &mut FxHashMap<Box<[u8]>, u16>,
    setting: &Setting,
    place: usize,
    value: &[u8],
) -> u16 {
    if let Some(class) = known.get(value) {
        return *class;
    }
    let class = setting.coding.class_of(attribute_id(place), Some(value));
    if known.len() < REMEMBERED_MAX {
        known.insert(value.into(), class);
    }
    class
}

fn hash_of(last: &mut (Vec<u8>, u128), value: &[u8]) -> u128 {
    if value.is_empty() {
        return 0;
    }
    if last.0 != value {
        last.0.clear();
        last.0.extend_from_slice(value);
        last.1 = key_hash(value);
    }
    last.1
}
