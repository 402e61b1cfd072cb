//! Verdicts with their evidence, as they leave the engine.

use super::plan::Plan;
use super::timeline::Timeline;
use crate::event::When;
use crate::verdict::{Outcome, Verdict};

/// What was found of one activation of one standard, and what proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The standard, by its place in the library.
    pub standard: u16,
    /// What was found.
    pub outcome: Outcome,
    /// The event that activates it.
    pub activating: Evidence,
    /// The event that decides, where one does.
    pub deciding: Option<Evidence>,
    /// By when something was or is due, where there is a deadline; microseconds since 1970.
    pub due: Option<When>,
}

/// An event as evidence: enough to find it in its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// When it happened.
    pub when: When,
    /// What happened: a place in the vocabulary, or [`Block::UNKNOWN`](crate::block::Block::UNKNOWN).
    pub activity: u16,
}

impl Evidence {
    /// The code of its activity in a log.
    pub fn code<'p>(&self, plan: &'p Plan) -> Option<&'p str> {
        plan.code(self.activity)
    }
}

impl Finding {
    pub(super) fn of(verdict: &Verdict, timeline: &Timeline) -> Self {
        let evidence = |place: u32| Evidence {
            when: timeline.when(place),
            activity: timeline.activity(place),
        };
        Self {
            standard: verdict.standard,
            outcome: verdict.outcome,
            activating: evidence(verdict.activating),
            deciding: verdict.deciding.map(evidence),
            due: verdict.due,
        }
    }
}

/// The findings of many cases, in order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    references: String,
    cases: Vec<(usize, usize)>,
    findings: Vec<Finding>,
}

impl Batch {
    pub(super) fn push(&mut self, reference: &str, findings: impl Iterator<Item = Finding>) {
        let before = self.findings.len();
        self.findings.extend(findings);
        if self.findings.len() > before {
            self.references.push_str(reference);
            self.cases
                .push((self.references.len(), self.findings.len()));
        }
    }

    pub(super) fn cases(&self) -> impl Iterator<Item = (&str, &[Finding])> {
        let mut begin = (0, 0);
        self.cases.iter().map(move |end| {
            let case = (
                &self.references[begin.0..end.0],
                &self.findings[begin.1..end.1],
            );
            begin = *end;
            case
        })
    }
}
