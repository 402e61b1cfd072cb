//! The pass over all blocks, by one thread or several.

mod coordinate;
mod part;

use std::io::{self, Read, Write};
use std::ops::Range;
use std::sync::Mutex;

use super::across::{self, Projection, ShardFileError};
use super::counter::{Counter, Thing, count_things, keep_worst};
use super::evaluate::Evaluator;
use super::facts::{CaseFacts, Facts, Labels};
use super::finding::Batch;
use super::fragment::{Fragment, case};
use super::plan::Plan;
use super::sink::Sink;
use super::tally::{Tally, TallyMismatch};
use crate::block::Block;
use coordinate::Coordinator;
use part::Part;

/// That cases did not come in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cases of a log did not come in ascending order of their references; sort it first")]
pub struct OutOfOrder;

/// A screening of all cases or of a part of them, before what lies across cases is judged.
#[derive(Debug)]
pub struct Shard {
    pub(super) tally: Tally,
    pub(super) labels: Labels,
    pub(super) projections: Vec<Projection>,
    pub(super) things: Vec<Thing>,
}

/// Screens the cases of some blocks.
///
/// `parts` yields pieces of the log in order; each is turned into blocks by the thread that takes
/// it, so that reading is shared between threads too. A single stream of blocks is given as parts
/// of one block each: `blocks.map(Some)`. The events of one case may lie in several blocks and
/// parts that follow each other. The findings and counts do not hang on how events are cut into
/// blocks and parts, on the order of the events of a case, or on the number of threads.
///
/// # Errors
///
/// The first that reading or the sink gives, or [`OutOfOrder`]; nothing is given to the sink after
/// it.
pub fn screen<P, B, E, S>(
    plan: &Plan,
    parts: P,
    facts: &dyn Facts,
    threads: usize,
    sink: &mut S,
) -> Result<Shard, E>
where
    P: Iterator<Item = B> + Send,
    B: IntoIterator<Item = Result<Block, E>>,
    E: From<OutOfOrder> + Send,
    S: Sink<Error = E> + Send,
{
    let wants = sink.wants_findings();
    let coordinator = Coordinator::new(Worker::new(plan, facts, wants), sink, threads.max(1));
    let source = Mutex::new(parts.enumerate());
    let worker = || {
        let mut worker = Worker::new(plan, facts, wants);
        coordinator.work(&source, &mut worker);
        worker
    };
    let mut whole = if threads <= 1 {
        worker()
    } else {
        let mut workers: Vec<Worker> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
            (handles.into_iter())
                .map(|handle| {
                    handle
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        });
        let whole = workers.swap_remove(0);
        workers.into_iter().fold(whole, Worker::merge)
    };
    whole = whole.merge(coordinator.finish()?);
    Ok(whole.shard())
}

impl Shard {
    /// The counts so far: without the standards that look across cases, and without the persons and
    /// things that standards count.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How many events were put aside for the standards that look across cases.
    pub fn events_put_aside(&self) -> usize {
        self.projections.iter().map(Projection::len).sum()
    }

    /// Adds another part of the same whole. No case may be in both.
    ///
    /// # Errors
    ///
    /// Where the other was checked with other standards or on another day.
    pub fn merge(&mut self, mut other: Shard) -> Result<(), TallyMismatch> {
        self.tally.merge(other.tally)?;
        let recoding = self.labels.unite(&other.labels);
        for (own, mut theirs) in self.projections.iter_mut().zip(other.projections) {
            theirs.recode(&recoding);
            own.merge(theirs);
        }
        other
            .things
            .iter_mut()
            .for_each(|thing| thing.recode(&recoding));
        self.things.extend(other.things);
        keep_worst(&mut self.things);
        Ok(())
    }

    /// Judges what lies across cases, gives the findings to the sink, and completes the counts.
    ///
    /// # Errors
    ///
    /// Where the sink fails.
    pub fn finish<S: Sink>(self, plan: &Plan, sink: &mut S) -> Result<Tally, S::Error> {
        let Shard {
            mut tally,
            labels,
            projections,
            mut things,
        } = self;
        let mut counter = Counter::new(plan);
        across::judge(plan, &projections, &mut counter, &mut things, sink)?;
        let across = counter.tally(plan, &labels);
        for (own, theirs) in tally.standards.iter_mut().zip(across.standards) {
            own.merge(theirs);
        }
        keep_worst(&mut things);
        count_things(&mut tally, plan, &labels, &things);
        Ok(tally)
    }

    /// Writes it to a file, to be merged with others elsewhere. Of the cases this holds references,
    /// areas and categories, hashed keys and times, and of what happened only what standards that
    /// look across cases ask about.
    ///
    /// # Errors
    ///
    /// Where writing fails.
    pub fn write(&self, plan: &Plan, to: &mut impl Write) -> io::Result<()> {
        across::write(self, plan, to)
    }

    /// Reads what [`write`](Self::write) wrote.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, is damaged, or was checked with other standards or on another day.
    pub fn read(plan: &Plan, from: &mut impl Read) -> Result<Self, ShardFileError> {
        let shard = across::read(plan, from)?;
        match shard.projections.len() + 1 == plan.groups.len() {
            true => Ok(shard),
            false => Err(ShardFileError::Damaged),
        }
    }
}

/// What one thread has counted and put aside.
struct Worker<'p> {
    plan: &'p Plan,
    facts: &'p dyn Facts,
    wants_findings: bool,
    evaluator: Evaluator<'p>,
    /// The events of the cases that are checked at once, and what the case list says of these.
    spans: Vec<Range<usize>>,
    of_cases: Vec<CaseFacts>,
    counter: Counter,
    projections: Vec<Projection>,
    things: Vec<Thing>,
    /// How many things there were when the worst were kept last.
    kept: usize,
}

impl<'p> Worker<'p> {
    fn new(plan: &'p Plan, facts: &'p dyn Facts, wants_findings: bool) -> Self {
        Self {
            plan,
            facts,
            wants_findings,
            evaluator: Evaluator::new(plan),
            spans: Vec::new(),
            of_cases: Vec::new(),
            counter: Counter::new(plan),
            projections: (plan.groups.iter().skip(1))
                .map(|_| Projection::default())
                .collect(),
            things: Vec::new(),
            kept: 0,
        }
    }

    /// Checks a case that was put together from fragments.
    fn check_fragment(&mut self, fragment: &Fragment, batch: &mut Batch) {
        let span = 0..fragment.events.len();
        let cases = [(fragment.reference.as_str(), span)];
        self.check(&fragment.events, cases.into_iter(), batch);
    }

    /// Checks whole cases that follow each other in a block, each with its events.
    fn check<'b>(
        &mut self,
        block: &Block,
        cases: impl Iterator<Item = (&'b str, Range<usize>)> + Clone,
        batch: &mut Batch,
    ) {
        self.spans.clear();
        self.of_cases.clear();
        for (reference, span) in cases.clone() {
            self.of_cases.push(self.facts.of(reference));
            self.spans.push(span);
        }
        let checked = (self.evaluator).check(&self.plan.groups[0], block, &self.spans);
        for (number, verdicts) in checked.groups() {
            let (facts, things) = (self.of_cases[number], &mut self.things);
            (self.counter).add(self.plan, &checked.timelines, verdicts, facts, things);
        }
        for ((timeline, facts), (reference, _)) in
            checked.each.iter().zip(&self.of_cases).zip(cases.clone())
        {
            self.counter.add_case(timeline.places().len());
            for (group, projection) in self.plan.groups[1..].iter().zip(&mut self.projections) {
                projection.add(group, reference, &checked.timelines, timeline, *facts);
            }
        }
        if self.wants_findings {
            batch.push_all(cases.map(|(reference, _)| reference), &checked);
        }
        self.keep_worst();
    }

    /// Keeps the list of things from growing with the number of cases.
    fn keep_worst(&mut self) {
        if self.things.len() > 2 * self.kept + (1 << 16) {
            keep_worst(&mut self.things);
            self.kept = self.things.len();
        }
    }

    fn merge(mut self, other: Worker<'p>) -> Self {
        self.counter.merge(other.counter);
        for (own, other) in self.projections.iter_mut().zip(other.projections) {
            own.merge(other);
        }
        self.things.extend(other.things);
        self
    }

    fn shard(mut self) -> Shard {
        keep_worst(&mut self.things);
        Shard {
            tally: self.counter.tally(self.plan, self.facts.labels()),
            labels: self.facts.labels().clone(),
            projections: self.projections,
            things: self.things,
        }
    }
}
