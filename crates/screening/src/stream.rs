//! Screening as a filter: a stream of events in, a stream of verdicts out, so that another engine
//! can run it on every part of a log that is too large for one machine.
//!
//! [`screen_stream`] reads an Arrow IPC stream of events and writes one of verdicts, in memory that
//! the largest case and a slice of the stream bound. After every slice it writes what was counted
//! and what lies across cases, as a [`Shard`]; a last row says how many of these there are. Any
//! number of such streams, of any parts of the cases, [`gather`](Gathering) into the counts and
//! verdicts of one run.

mod extent;
mod gather;

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_128;

pub use extent::{Extent, OtherKnowledge};
pub use gather::{Gathered, Gathering};

use crate::block::Block;
use crate::engine::{Facts, Finding, NoFacts, Plan, PlanMark, Shard, Sink, screen};
use crate::read::{EventStream, Fault, ReadError, Received, Setting};
use crate::write::{VerdictFile, VerdictRow, VerdictStream, WriteError};

/// How many events are checked, as a rule, before what was counted is written: enough that the
/// counts are small beside the verdicts, few enough that little is held.
pub const SLICE: usize = 1 << 18;

/// What a row of kind `part` says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartSummary {
    /// How many cases it holds.
    pub cases: u64,
    /// A hash of their references, by which a part that is given twice is known.
    pub digest: String,
}

/// What the last row of a stream says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndSummary {
    /// How many rows of kind `part` there are.
    pub parts: u64,
    /// How many of kind `verdict`.
    pub verdicts: u64,
    /// Cases with events.
    pub cases: u64,
    /// Events.
    pub events: u64,
    /// Rows whose activity the library says to ignore.
    pub ignored: u64,
    /// Rows recorded later than what was to be known.
    pub recorded_later: u64,
    /// Faulty rows, by what is wrong with them.
    pub faulty: BTreeMap<String, u64>,
    /// With what it was checked.
    pub plan: PlanMark,
    /// Of what it knows.
    pub extent: Extent,
}

impl EndSummary {
    fn of(plan: &Plan, setting: &Setting, received: &Received, parts: u64, verdicts: u64) -> Self {
        let faulty = received.faulty.iter();
        let occurring = received.occurring.iter();
        Self {
            parts,
            verdicts,
            cases: received.cases,
            events: received.events,
            ignored: received.ignored,
            recorded_later: received.later,
            faulty: faulty
                .map(|(kind, count)| (kind.code().to_owned(), *count))
                .collect(),
            plan: plan.mark(),
            extent: Extent {
                known_before: setting.known_before,
                known_to: received.known_to,
                activities: occurring
                    .filter_map(|place| plan.code(*place).map(str::to_owned))
                    .collect(),
            },
        }
    }

    /// Adds that of another stream of the same whole.
    fn add(&mut self, other: EndSummary) -> Result<(), OtherKnowledge> {
        self.parts += other.parts;
        self.verdicts += other.verdicts;
        self.cases += other.cases;
        self.events += other.events;
        self.ignored += other.ignored;
        self.recorded_later += other.recorded_later;
        for (kind, count) in other.faulty {
            *self.faulty.entry(kind).or_default() += count;
        }
        self.extent.unite(other.extent)
    }
}

/// Screens a stream of events into a stream of verdicts. What was counted is written after every
/// `slice` of events, as a rule [`SLICE`]. `told` hears of every faulty row.
///
/// # Errors
///
/// Where the input is no whole stream of events in the order of their cases, or the output cannot
/// be written; the output is then no whole stream either.
pub fn screen_stream(
    plan: &Plan,
    setting: &Setting,
    slice: usize,
    input: impl Read + Send,
    output: impl Write + Send,
    metadata: HashMap<String, String>,
    told: impl FnMut(Fault) + Send,
) -> Result<EndSummary, ReadError> {
    let mut events = EventStream::begin(input, Path::new("stdin"), setting, told)?;
    let mut sink = StreamSink {
        plan,
        out: VerdictStream::begin(output, metadata).map_err(failed)?,
        verdicts: 0,
    };
    let nothing = NoFacts::default();
    let facts: &dyn Facts = match setting.listed_cases() {
        Some(cases) => cases,
        None => &nothing,
    };
    let mut parts = 0;
    loop {
        let mut part = Slice::of(&mut events, slice);
        let blocks = part.by_ref().map(Some);
        let shard = screen(plan, blocks, facts, 1, &mut sink)?;
        let Some(summary) = part.summary() else {
            break;
        };
        sink.part(&shard, &summary)?;
        parts += 1;
    }
    let end = EndSummary::of(plan, setting, events.received(), parts, sink.verdicts);
    sink.out.finish(&json(&end)).map_err(failed)?;
    Ok(end)
}

fn failed(source: std::io::Error) -> ReadError {
    let path = Path::new("stdout").to_owned();
    WriteError { path, source }.into()
}

/// These have texts for keys, so that nothing can fail.
fn json(summary: &impl Serialize) -> String {
    serde_json::to_string(summary).unwrap_or_default()
}

/// Blocks of a stream, until they hold enough events.
struct Slice<'e, 's, R: Read> {
    events: &'e mut EventStream<'s, R>,
    /// How many more are wanted.
    wanted: usize,
    cases: u64,
    references: XxHash3_128,
}

impl<'e, 's, R: Read> Slice<'e, 's, R> {
    fn of(events: &'e mut EventStream<'s, R>, wanted: usize) -> Self {
        Self {
            events,
            wanted,
            cases: 0,
            references: XxHash3_128::new(),
        }
    }

    /// Of which cases it was; none if there were none.
    fn summary(self) -> Option<PartSummary> {
        (self.cases > 0).then(|| PartSummary {
            cases: self.cases,
            digest: format!("{:032x}", self.references.finish_128()),
        })
    }

    fn note(&mut self, block: &Block) {
        self.wanted = self.wanted.saturating_sub(block.len());
        self.cases += block.cases.len() as u64;
        self.references.write(block.references.as_bytes());
        for case in &block.cases {
            self.references.write(&case.reference_end.to_le_bytes());
        }
    }
}

impl<R: Read> Iterator for Slice<'_, '_, R> {
    type Item = Result<Block, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.wanted == 0 {
            return None;
        }
        let next = self.events.next()?;
        if let Ok(block) = &next {
            self.note(block);
        }
        Some(next)
    }
}

/// Writes what the engine finds to the stream.
struct StreamSink<'p, W: Write> {
    plan: &'p Plan,
    out: VerdictStream<W>,
    verdicts: u64,
}

impl<W: Write> StreamSink<'_, W> {
    fn part(&mut self, shard: &Shard, summary: &PartSummary) -> Result<(), ReadError> {
        let mut bytes = Vec::new();
        shard.write(self.plan, &mut bytes).map_err(failed)?;
        (self.out.push_part(&bytes, &json(summary))).map_err(failed)
    }
}

impl<W: Write> Sink for StreamSink<'_, W> {
    type Error = ReadError;

    fn case(&mut self, reference: &str, findings: &[Finding]) -> Result<(), ReadError> {
        self.verdicts += findings.len() as u64;
        findings.iter().try_for_each(|finding| {
            let row = VerdictRow::of(self.plan, reference, finding);
            self.out.push(&row).map_err(failed)
        })
    }

    /// What lies across cases is judged when the parts are gathered.
    fn across(&mut self, _: &str, _: &[Finding]) -> Result<(), ReadError> {
        Ok(())
    }
}
