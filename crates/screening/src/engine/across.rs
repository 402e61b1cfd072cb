//! Standards that look across cases: what they need of each case is put aside while the events are
//! read, and judged at the end.

mod file;

use std::cmp::Ordering;
use std::ops::Range;

pub use file::ShardFileError;
pub(super) use file::{read, write};

use super::counter::{Counter, Row, Thing};
use super::evaluate::{Checked, Evaluator};
use super::facts::{CaseFacts, Recoding};
use super::finding::Finding;
use super::fragment::{case, extend};
use super::plan::{Group, Plan};
use super::reference::{leading, shared_length};
use super::sink::Sink;
use super::timeline::{Timeline, Timelines};
use super::truth::is_faulty;
use crate::block::{Block, CaseSpan};
use crate::event::When;
use crate::standard::{Counting, Key};

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
        timelines: &Timelines,
        timeline: &Timeline,
        facts: CaseFacts,
    ) {
        let Key::Attribute(key) = group.key else {
            return;
        };
        let key = usize::from(key.0);
        let asks = |place: &u32| {
            let activity = timelines.activity(*place);
            group.asks(activity) && (timelines.hash(key, *place) != 0 || group.activates(activity))
        };
        let mut rows = timeline.places().filter(asks).peekable();
        while rows.peek().is_some() {
            let is_full = |chunk: &Chunk| chunk.block.len() >= CHUNK;
            if self.chunks.last().is_none_or(is_full) {
                self.chunks.push(Chunk::like(timelines));
            }
            if let Some(chunk) = self.chunks.last_mut() {
                chunk.add(group, reference, timelines, facts, &mut rows);
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
}

impl Chunk {
    /// An empty one with as many columns as timelines have.
    fn like(timelines: &Timelines) -> Self {
        Self {
            block: timelines.empty_block(),
            facts: Vec::new(),
        }
    }

    fn add(
        &mut self,
        group: &Group,
        reference: &str,
        timelines: &Timelines,
        facts: CaseFacts,
        rows: &mut impl Iterator<Item = u32>,
    ) {
        let room = CHUNK - self.block.len();
        for place in rows.take(room) {
            timelines.copy_to(&mut self.block, place, group);
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
    let ranked = rank(&found);
    for of_case in ranked.chunk_by(|a, b| a.1.reference == b.1.reference) {
        let of_case: Vec<&Owned> = of_case.iter().map(|(_, owned)| *owned).collect();
        count(plan, &of_case, counter);
        if sink.wants_findings() {
            let findings: Vec<Finding> = of_case.iter().map(|owned| owned.finding).collect();
            sink.across(of_case[0].reference, &findings)?;
        }
    }
    Ok(())
}

/// Findings in order, each with the first bytes in which its reference differs from others: these
/// decide the order of most.
fn rank<'f, 'a>(found: &'f [Owned<'a>]) -> Vec<(u64, &'f Owned<'a>)> {
    let shared = shared_length(found.iter().map(|owned| owned.reference));
    let mut ranked: Vec<(u64, &Owned)> = (found.iter())
        .map(|owned| (leading(&owned.reference.as_bytes()[shared..]), owned))
        .collect();
    ranked.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| order(a.1, b.1)));
    ranked
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

fn count(plan: &Plan, of_case: &[&Owned], counter: &mut Counter) {
    for of_standard in of_case.chunk_by(|a, b| a.finding.standard == b.finding.standard) {
        let mut worst = of_standard[0];
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
    /// How much it adds to what a rule of the group needs to apply.
    weight: u8,
}

/// How many events are checked at once, if there are so many.
const BATCH: usize = 1 << 12;

/// Goes through what was put aside for one group, key by key.
struct Judge<'a> {
    plan: &'a Plan,
    group: &'a Group,
    projection: &'a Projection,
    key: usize,
    /// For each chunk the places of the cases of its events.
    cases: Vec<Vec<u16>>,
    /// The events of some keys, for each its case and row, and where those of each key are.
    block: Block,
    owners: Vec<Owner<'a>>,
    spans: Vec<Range<usize>>,
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
            cases: projection.chunks.iter().map(cases_of).collect(),
            block: plan.empty_block(),
            owners: Vec::new(),
            spans: Vec::new(),
        }
    }

    fn all(mut self, found: &mut Vec<Owned<'a>>, things: &mut Vec<Thing>) {
        let mut evaluator = Evaluator::new(self.plan);
        let least = self.least();
        for mut keyed in self.parts() {
            keyed.sort_unstable();
            for of_key in keyed.chunk_by(|a, b| a.key == b.key) {
                let weight = of_key
                    .iter()
                    .map(|row| usize::from(row.weight))
                    .sum::<usize>();
                if of_key[0].key == 0 {
                    self.check(&mut evaluator, found, things);
                    self.gather(of_key);
                    self.check_without_key(&mut evaluator, found, things);
                } else if weight >= least {
                    self.gather(of_key);
                }
                if self.block.len() >= BATCH {
                    self.check(&mut evaluator, found, things);
                }
            }
        }
        self.check(&mut evaluator, found, things);
    }

    /// Checks what was gathered.
    fn check(
        &mut self,
        evaluator: &mut Evaluator,
        found: &mut Vec<Owned<'a>>,
        things: &mut Vec<Thing>,
    ) {
        let checked = evaluator.check(self.group, &self.block, &self.spans);
        self.own(&checked, found, things);
        self.forget();
    }

    fn check_without_key(
        &mut self,
        evaluator: &mut Evaluator,
        found: &mut Vec<Owned<'a>>,
        things: &mut Vec<Thing>,
    ) {
        let all = 0..self.block.len();
        let checked = evaluator.check_without_key(self.group, &self.block, all);
        self.own(&checked, found, things);
        self.forget();
    }

    fn forget(&mut self) {
        clear(&mut self.block);
        self.owners.clear();
        self.spans.clear();
    }

    /// What a key's rows weigh together at least where a rule applies; never more than one row may
    /// weigh.
    fn least(&self) -> usize {
        self.group.least.min(usize::from(u8::MAX))
    }

    /// How much a row adds to what a rule needs to apply.
    fn weight(&self, block: &Block, place: usize) -> u8 {
        let when = When {
            earliest: block.earliest[place],
            latest: block.latest[place],
        };
        match self.group.activates(block.activities[place]) {
            false => 0,
            // It cannot be told how many come before it.
            true if is_faulty(when) => self.least() as u8,
            true => 1,
        }
    }

    /// All rows that were put aside: their keys, numbers and weights.
    fn rows(&self) -> impl Iterator<Item = Keyed> {
        let chunks = self.projection.chunks.iter().enumerate();
        chunks.flat_map(move |(number, chunk)| {
            let keys = chunk.block.hashes.get(self.key).into_iter().flatten();
            keys.enumerate().map(move |(place, key)| Keyed {
                key: *key,
                row: (number * CHUNK + place) as u32,
                weight: self.weight(&chunk.block, place),
            })
        })
    }

    /// The rows of keys to which a rule may apply, by the first byte of the key, so that they are
    /// sorted a part at a time. Most keys have too few events: a sieve finds these without sorting,
    /// in which a key may share its place with others.
    fn parts(&self) -> Vec<Vec<Keyed>> {
        let room = self.projection.len().next_power_of_two();
        let slot = |key: u128| key as usize & (room - 1);
        let mut sieve = vec![0u8; room];
        for row in self.rows() {
            let so_far = &mut sieve[slot(row.key)];
            *so_far = so_far.saturating_add(row.weight);
        }
        let least = self.least();
        let mut parts = vec![Vec::new(); 256];
        for row in self.rows() {
            if row.key == 0 || usize::from(sieve[slot(row.key)]) >= least {
                parts[usize::from(row.key.to_be_bytes()[0])].push(row);
            }
        }
        parts
    }

    /// Adds the events of a key, in the order of their cases, so that nothing hangs on the order in
    /// which they were put aside.
    fn gather(&mut self, of_key: &[Keyed]) {
        let begin = self.owners.len();
        for keyed in of_key {
            let owner = self.owner(keyed.row);
            self.owners.push(owner);
        }
        self.owners[begin..].sort_unstable();
        for owner in &self.owners[begin..] {
            let (chunk, place) = self.projection.chunk(owner.row);
            extend(&mut self.block, &chunk.block, place..place + 1);
        }
        self.spans.push(begin..self.owners.len());
    }

    /// The case of a row.
    fn owner(&self, row: u32) -> Owner<'a> {
        let (chunk, place) = self.projection.chunk(row);
        let of = usize::from(self.cases[row as usize / CHUNK][place]);
        Owner {
            reference: case(&chunk.block, of).0,
            row,
            facts: chunk.facts[of],
        }
    }

    /// Keeps what was found, each with its case.
    fn own(&self, checked: &Checked, found: &mut Vec<Owned<'a>>, things: &mut Vec<Thing>) {
        let timelines = &checked.timelines;
        for verdict in checked.verdicts() {
            let owner = self.owners[timelines.origin(verdict.activating) as usize];
            let Owner {
                reference, facts, ..
            } = owner;
            let standard = &self.plan.standards()[usize::from(verdict.standard)];
            if let Counting::Each(key) = standard.counts {
                let key = usize::from(key.0);
                things.push(Thing::of(self.plan, timelines, verdict, key, facts));
            }
            found.push(Owned {
                reference,
                facts,
                row: Row::of(self.plan, timelines, verdict),
                finding: Finding::of(verdict, timelines),
            });
        }
    }
}

/// For each event of a chunk the place of its case; a chunk has no more events than that can number.
fn cases_of(chunk: &Chunk) -> Vec<u16> {
    let mut cases = Vec::with_capacity(chunk.block.len());
    for (number, span) in chunk.block.cases.iter().enumerate() {
        cases.resize(span.events_end as usize, number as u16);
    }
    cases
}

/// Empties the columns of a block and keeps their room.
fn clear(block: &mut Block) {
    block.activities.clear();
    block.earliest.clear();
    block.latest.clear();
    block.classes.iter_mut().for_each(Vec::clear);
    block.hashes.iter_mut().for_each(Vec::clear);
}
