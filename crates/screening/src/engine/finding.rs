//! Verdicts with their evidence, as they leave the engine.

use super::evaluate::Checked;
use super::plan::Plan;
use super::timeline::Timelines;
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
    pub(super) fn of(verdict: &Verdict, timelines: &Timelines) -> Self {
        let evidence = |place: u32| Evidence {
            when: timelines.when(place),
            activity: timelines.activity(place),
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
    /// Adds what was found of cases that follow each other.
    pub(super) fn push_all<'r>(
        &mut self,
        references: impl Iterator<Item = &'r str>,
        checked: &Checked,
    ) {
        // Where those of each case begin, and when all are placed where they end.
        let mut ends = checked.begins();
        let base = self.findings.len();
        let Some(blank) = checked.verdicts().first() else {
            return;
        };
        let blank = Finding::of(blank, &checked.timelines);
        self.findings.resize(base + checked.verdicts().len(), blank);
        for verdict in checked.verdicts() {
            let next = &mut ends[checked.owner(verdict)];
            self.findings[base + *next] = Finding::of(verdict, &checked.timelines);
            *next += 1;
        }
        let mut before = 0;
        for (reference, end) in references.zip(ends) {
            if end > before {
                self.references.push_str(reference);
                self.cases.push((self.references.len(), base + end));
            }
            before = end;
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
