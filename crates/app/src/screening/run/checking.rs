//! The engine at work: blocks of timelines come in, what was found goes out some cases at a time.

use crate::error::{Error, Result};
use crate::screening::verdict::KeptVerdict;
use std::collections::BTreeMap;
use throughline_screening::block::Block;
use throughline_screening::engine::{Facts, Finding, OutOfOrder, Plan, Sink, Tally, screen};
use tokio::sync::mpsc;

/// What was found in a case.
pub(in crate::screening) struct CaseFound {
    pub reference: String,
    /// What its own timeline proves.
    pub within: Vec<KeptVerdict>,
    /// What hangs on the timelines of other cases too. It comes apart from the rest, later.
    pub across: Vec<KeptVerdict>,
}

/// Why the checking stopped.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    OutOfOrder(#[from] OutOfOrder),
    #[error("nobody takes what was found any more")]
    NotTaken,
}

/// Hands on what was found, so many cases at a time.
struct HandingOn<'p> {
    plan: &'p Plan,
    at_once: usize,
    ready: Vec<CaseFound>,
    /// What lies across cases is known only when all are read.
    across: BTreeMap<String, Vec<KeptVerdict>>,
    send: mpsc::Sender<Vec<CaseFound>>,
}

impl HandingOn<'_> {
    fn add(&mut self, case: CaseFound) -> Result<(), Stopped> {
        self.ready.push(case);
        match self.ready.len() < self.at_once {
            true => Ok(()),
            false => self.hand_on(),
        }
    }

    fn hand_on(&mut self) -> Result<(), Stopped> {
        let ready = std::mem::take(&mut self.ready);
        match ready.is_empty() {
            true => Ok(()),
            false => self
                .send
                .blocking_send(ready)
                .map_err(|_| Stopped::NotTaken),
        }
    }

    /// Hands on the rest, when all is checked.
    fn finish(mut self) -> Result<(), Stopped> {
        self.hand_on()?;
        for (reference, across) in std::mem::take(&mut self.across) {
            self.add(CaseFound {
                reference,
                within: Vec::new(),
                across,
            })?;
        }
        self.hand_on()
    }
}

impl Sink for HandingOn<'_> {
    type Error = Stopped;

    fn case(&mut self, reference: &str, findings: &[Finding]) -> Result<(), Stopped> {
        if findings.is_empty() {
            return Ok(());
        }
        let kept = findings.iter().map(|f| KeptVerdict::of(f, self.plan));
        let case = CaseFound {
            reference: reference.to_owned(),
            within: kept.collect(),
            across: Vec::new(),
        };
        self.add(case)
    }

    fn across(&mut self, reference: &str, findings: &[Finding]) -> Result<(), Stopped> {
        let kept = findings.iter().map(|f| KeptVerdict::of(f, self.plan));
        let verdicts = self.across.entry(reference.to_owned()).or_default();
        verdicts.extend(kept);
        Ok(())
    }
}

/// Checks the cases of some blocks, hands on what was found and returns the counts.
pub(super) fn check(
    plan: &Plan,
    facts: &dyn Facts,
    mut blocks: mpsc::Receiver<Block>,
    send: mpsc::Sender<Vec<CaseFound>>,
    at_once: usize,
) -> Result<Tally> {
    let sink = HandingOn {
        plan,
        at_once,
        ready: Vec::new(),
        across: BTreeMap::new(),
        send,
    };
    let blocks = std::iter::from_fn(|| blocks.blocking_recv());
    check_all(plan, facts, blocks, sink).map_err(|stopped| Error::Internal(stopped.to_string()))
}

fn check_all(
    plan: &Plan,
    facts: &dyn Facts,
    blocks: impl Iterator<Item = Block> + Send,
    mut sink: HandingOn<'_>,
) -> Result<Tally, Stopped> {
    let parts = blocks.map(|block| Some(Ok::<_, Stopped>(block)));
    let shard = screen(plan, parts, facts, 1, &mut sink)?;
    let tally = shard.finish(plan, &mut sink)?;
    sink.finish()?;
    Ok(tally)
}
