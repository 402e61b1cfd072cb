//! Standards that look across cases: what they need of each case is put aside while the events are
//! read, and judged at the end.

mod file;

use std::cmp::Ordering;

pub use file::ShardFileError;
pub(super) use file::{read, write};

use super::counter::{Counter, Row, Thing};
use super::evaluate::Evaluator;
use super::facts::{CaseFacts, Recoding};
use super::finding::Finding;
use super::fragment::{case, extend};
use super::plan::{Group, Plan};
use super::sink::Sink;
use super::timeline::Timeline;
use crate::block::{Block, CaseSpan};
use crate::standard::{Counting, Key};
use crate::verdict::Verdict;

/// How many events a chunk holds; a row's number is its chunk's times this and its place there.
const CHUNK: usize = 1 << 16;

/// The events of many cases that the standards of one key ask about.
#[derive(Debug, Default)]
pub(super) struct Projection {
    chunks: Vec<Chunk>,
}

/// Some of them, as a block with the facts of its cases.
#[derive(Debug, Default, PartialEq, Eq)]
struct Chunk {
    block: Block,
    facts: Vec<CaseFacts>,
}

impl Projection {
    /// Puts aside what the rules of a group ask about.
    pub(super) fn add(
        &mut self,
        group: &Group,
        reference: &str,
        timeline: &Timeline,
        facts: CaseFacts,
    ) {
        let Key::Attribute(key) = group.key else {
            return;
        };
        let key = usize::from(key.0);
        let asks = |place: &u32| {
            let activity = timeline.activity(*place);
            group.asks(activity) && (timeline.hash(key, *place) != 0 || group.activates(activity))
        };
        let mut rows = (0..timeline.len() as u32).filter(asks).peekable();
        while rows.peek().is_some() {
            if self
                .chunks
                .last()
                .is_none_or(|chunk| chunk.block.len() >= CHUNK)
            {
                self.chunks.push(Chunk::default());
            }
            if let Some(chunk) = self.chunks.last_mut() {
                chunk.add(group, reference, timeline, facts, &mut rows);
            }
        }
    }

    /// Adds what another thread or shard put aside.
    pub(super) fn merge(&mut self, other: Projection) {
        self.chunks.extend(other.chunks);
    }

    pub(super) fn recode(&mut self, recoding: &Recoding) {
        for facts in self.chunks.iter_mut().flat_map(|chunk| &mut chunk.facts) {
            *facts = recoding.of(*facts);
        }
    }

    /// How many events were put aside.
    pub(super) fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.block.len()).sum()
    }

    fn chunk(&self, row: u32) -> (&Chunk, usize) {
        (&self.chunks[row as usize / CHUNK], row as usize % CHUNK)
    }

    /// The case of an event.
    fn case(&self, row: u32) -> (&str, CaseFacts) {
        let (chunk, place) = self.chunk(row);
        let of = chunk
            .block
            .cases
            .partition_point(|span| span.events_end as usize <= place);
        (case(&chunk.block, of).0, chunk.facts[of])
    }
}

impl Chunk {
    fn add(
        &mut self,
        group: &Group,
        reference: &str,
        timeline: &Timeline,
        facts: CaseFacts,
        rows: &mut impl Iterator<Item = u32>,
    ) {
        let room = CHUNK - self.block.len();
        for place in rows.take(room) {
            timeline.copy_to(&mut self.block, place, group);
        }
        self.block.references.push_str(reference);
        self.block.cases.push(CaseSpan {
            reference_end: self.block.references.len() as u32,
            events_end: self.block.len() as u32,
        });
        self.facts.push(facts);
    }
}

/// A finding with the case that it belongs to.
struct Owned<'a> {
    reference: &'a str,
    facts: CaseFacts,
    row: Row,
    finding: Finding,
}

/// Judges all that was put aside: counts it, and gives the findings to the sink.
pub(super) fn judge<S: Sink>(
    plan: &Plan,
    projections: &[Projection],
    counter: &mut Counter,
    things: &mut Vec<Thing>,
    sink: &mut S,
) -> Result<(), S::Error> {
    let mut found = Vec::new();
    for (group, projection) in plan.groups.iter().skip(1).zip(projections) {
        Judge::new(plan, group, projection).all(&mut found, things);
    }
    found.sort_unstable_by(order);
    for of_case in found.chunk_by(|a, b| a.reference == b.reference) {
        count(plan, of_case, counter);
        if sink.wants_findings() {
            let findings: Vec<Finding> = of_case.iter().map(|owned| owned.finding).collect();
            sink.across(of_case[0].reference, &findings)?;
        }
    }
    Ok(())
}

fn order(a: &Owned, b: &Owned) -> Ordering {
    let key = |owned: &Owned| {
        let finding = owned.finding;
        let due = finding.due.map(|due| (due.earliest, due.latest));
        (
            finding.standard,
            finding.activating,
            finding.outcome,
            finding.deciding,
            due,
        )
    };
    a.reference
        .cmp(b.reference)
        .then_with(|| key(a).cmp(&key(b)))
        .then_with(|| a.row.classes.cmp(&b.row.classes))
}

fn count(plan: &Plan, of_case: &[Owned], counter: &mut Counter) {
    for of_standard in of_case.chunk_by(|a, b| a.finding.standard == b.finding.standard) {
        let mut worst = &of_standard[0];
        for owned in of_standard {
            counter.add_activation(plan, &owned.row, owned.facts);
            if owned.row.outcome > worst.row.outcome {
                worst = owned;
            }
        }
        counter.add_worst(plan, &worst.row, worst.facts);
    }
}

/// The case of an event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Owner<'a> {
    reference: &'a str,
    row: u32,
    facts: CaseFacts,
}

/// A row with what it is sorted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Keyed {
    key: u128,
    row: u32,
    activates: bool,
}

/// Goes through what was put aside for one group, key by key.
struct Judge<'a> {
    plan: &'a Plan,
    group: &'a Group,
    projection: &'a Projection,
    key: usize,
    /// The events of one key, and for each its case and row.
    block: Block,
    owners: Vec<Owner<'a>>,
}

impl<'a> Judge<'a> {
    fn new(plan: &'a Plan, group: &'a Group, projection: &'a Projection) -> Self {
        let key = match group.key {
            Key::Attribute(key) => usize::from(key.0),
            Key::Case => 0,
        };
        Self {
            plan,
            group,
            projection,
            key,
            block: Block::default(),
            owners: Vec::new(),
        }
    }

    fn all(mut self, found: &mut Vec<Owned<'a>>, things: &mut Vec<Thing>) {
        let mut evaluator = Evaluator::new(self.plan);
        let mut keyed = Vec::new();
        for rows in self.parts() {
            keyed.clear();
            keyed.extend(rows.iter().map(|row| self.keyed(*row)));
            keyed.sort_unstable();
            for of_key in keyed.chunk_by(|a, b| a.key == b.key) {
                let nobody = of_key[0].key == 0;
                let activating = of_key.iter().filter(|row| row.activates).count();
                if activating < self.group.least && !nobody {
                    continue;
                }
                self.gather(of_key);
                let span = 0..self.block.len();
                let checked = match nobody {
                    true => evaluator.check_without_key(self.group, &self.block, span),
                    false => evaluator.check(self.group, &self.block, span),
                };
                for verdict in checked.verdicts {
                    found.push(self.own(&checked.timeline, verdict, things));
                }
            }
        }
    }

    fn keyed(&self, row: u32) -> Keyed {
        let (chunk, place) = self.projection.chunk(row);
        Keyed {
            key: chunk.block.hashes[self.key][place],
            row,
            activates: self.group.activates(chunk.block.activities[place]),
        }
    }

    /// The rows by the first byte of their key, so that they are sorted a part at a time.
    fn parts(&self) -> Vec<Vec<u32>> {
        let mut parts = vec![Vec::new(); 256];
        for (number, chunk) in self.projection.chunks.iter().enumerate() {
            let keys = chunk.block.hashes.get(self.key).into_iter().flatten();
            for (place, key) in keys.enumerate() {
                let part = usize::from(key.to_be_bytes()[0]);
                parts[part].push((number * CHUNK + place) as u32);
            }
        }
        parts
    }

    /// Puts the events of a key together, in the order of their cases, so that nothing hangs on the
    /// order in which they were put aside.
    fn gather(&mut self, of_key: &[Keyed]) {
        let projection = self.projection;
        self.owners.clear();
        self.owners.extend(of_key.iter().map(|keyed| {
            let (reference, facts) = projection.case(keyed.row);
            Owner {
                reference,
                row: keyed.row,
                facts,
            }
        }));
        self.owners.sort_unstable();
        clear(&mut self.block);
        for owner in &self.owners {
            let (chunk, place) = projection.chunk(owner.row);
            extend(&mut self.block, &chunk.block, place..place + 1);
        }
    }

    fn own(&self, timeline: &Timeline, verdict: &Verdict, things: &mut Vec<Thing>) -> Owned<'a> {
        let owner = self.owners[timeline.origin(verdict.activating) as usize];
        let Owner {
            reference, facts, ..
        } = owner;
        let standard = &self.plan.standards()[usize::from(verdict.standard)];
        if let Counting::Each(key) = standard.counts {
            let key = usize::from(key.0);
            things.push(Thing::of(self.plan, timeline, verdict, key, facts));
        }
        Owned {
            reference,
            facts,
            row: Row::of(self.plan, timeline, verdict),
            finding: Finding::of(verdict, timeline),
        }
    }
}

/// Empties the columns of a block and keeps their room.
fn clear(block: &mut Block) {
    block.activities.clear();
    block.earliest.clear();
    block.latest.clear();
    block.classes.iter_mut().for_each(Vec::clear);
    block.hashes.iter_mut().for_each(Vec::clear);
}
