//! The verdicts of many timelines, rule by rule.
//!
//! Each form has two ways. Where all events that it looks at are sure and their times recorded, it
//! goes through them once with one finger on each list. Where something is unsure, it weighs in
//! three-valued logic those events that may matter, found by bisection.

mod activation;
mod at_most;
mod deadline;
mod elapsed;
mod look;
mod never_while;
mod not_within;
mod precedence;
mod response;
mod since;

use std::ops::Range;

use super::plan::{Form, Group, Plan, Rule};
use super::timeline::{Arena, Index, Timeline, Timelines};
use crate::block::Block;
use crate::event::When;
use crate::verdict::{Doubt, Outcome, Verdict};
use deadline::Scratch;
use look::Look;

/// Checks timelines; what it needs for that it keeps.
pub(super) struct Evaluator<'p> {
    plan: &'p Plan,
    arena: Arena,
    index: Index,
    scratch: Scratch,
    verdicts: Vec<Verdict>,
}

/// Timelines and what was found of them. Places in the verdicts are places in the timelines.
pub(super) struct Checked<'a> {
    pub(super) timelines: Timelines<'a>,
    /// Each of them, by its number.
    pub(super) each: &'a [Timeline],
    owners: &'a [u32],
    verdicts: &'a [Verdict],
}

impl<'a> Checked<'a> {
    /// All verdicts: in the order of standards, of one standard in that of timelines, and on one
    /// timeline in that of the activating events.
    pub(super) fn verdicts(&self) -> &'a [Verdict] {
        self.verdicts
    }

    /// The number of the timeline that a verdict is on.
    pub(super) fn owner(&self, verdict: &Verdict) -> usize {
        self.owners[verdict.activating as usize] as usize
    }

    /// For each timeline how many verdicts are on those before it: where its own begin in a list of
    /// all by timeline.
    pub(super) fn begins(&self) -> Vec<usize> {
        let mut begins = vec![0; self.each.len()];
        for verdict in self.verdicts {
            begins[self.owner(verdict)] += 1;
        }
        let mut before = 0;
        for begin in &mut begins {
            before += std::mem::replace(begin, before);
        }
        begins
    }

    /// The verdicts of each standard on each timeline that have any, with its number.
    pub(super) fn groups(&self) -> impl Iterator<Item = (usize, &'a [Verdict])> {
        let owner = |verdict: &Verdict| self.owner(verdict);
        let alike =
            move |a: &Verdict, b: &Verdict| a.standard == b.standard && owner(a) == owner(b);
        self.verdicts
            .chunk_by(alike)
            .map(move |group| (owner(&group[0]), group))
    }
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            arena: Arena::default(),
            index: Index::new(plan),
            scratch: Scratch::default(),
            verdicts: Vec::new(),
        }
    }

    /// Checks the rules of a group on spans of events that follow each other, of which each has its
    /// key in common.
    pub(super) fn check<'a>(
        &'a mut self,
        group: &Group,
        block: &'a Block,
        spans: &[Range<usize>],
    ) -> Checked<'a> {
        self.run(group, block, spans, judge)
    }

    /// The verdicts on events that lack the key of a group: to whatever they activate there is no
    /// answer.
    pub(super) fn check_without_key<'a>(
        &'a mut self,
        group: &Group,
        block: &'a Block,
        span: Range<usize>,
    ) -> Checked<'a> {
        self.run(group, block, &[span], |rule, look, _, to| {
            activation::judge_without_key(rule, look, to);
        })
    }

    fn run<'a>(
        &'a mut self,
        group: &Group,
        block: &'a Block,
        spans: &[Range<usize>],
        judge: impl Fn(&Rule, &Look, &mut Scratch, &mut Found),
    ) -> Checked<'a> {
        self.verdicts.clear();
        let (timelines, each) = self.arena.timelines(block, spans, self.plan.as_of);
        self.index.fill(&timelines, each, group);
        let (index, owners) = (&self.index, self.index.owners());
        for rule in &group.rules {
            let to = &mut Found {
                standard: rule.standard,
                verdicts: &mut self.verdicts,
            };
            let activating = index.list(rule.form.activation());
            let mut next = 0;
            while let Some(hit) = activating.get(next) {
                let number = owners[hit.place as usize];
                let timeline = &each[number as usize];
                let look = Look::new(self.plan, timelines, timeline, index, number);
                judge(rule, &look, &mut self.scratch, to);
                next = index.span(rule.form.activation(), number).end;
            }
        }
        Checked {
            timelines,
            each,
            owners,
            verdicts: &self.verdicts,
        }
    }
}

fn judge(rule: &Rule, look: &Look, scratch: &mut Scratch, to: &mut Found) {
    match &rule.form {
        Form::Response(form) => response::judge(rule, form, look, scratch, to),
        Form::Precedence(form) => precedence::judge(rule, form, look, to),
        Form::Since(form) => since::judge(rule, form, look, to),
        Form::NeverWhile(form) => never_while::judge(rule, form, look, to),
        Form::AtMost(form) => at_most::judge(rule, form, look, to),
        Form::NotWithin(form) => not_within::judge(rule, form, look, to),
        Form::Elapsed(form) => elapsed::judge(rule, form, look, to),
    }
}

/// Where verdicts of a standard go.
struct Found<'a> {
    standard: u16,
    verdicts: &'a mut Vec<Verdict>,
}

impl Found<'_> {
    fn push(&mut self, activating: u32, finding: Judgement) {
        self.verdicts.push(Verdict {
            standard: self.standard,
            activating,
            outcome: finding.outcome,
            deciding: finding.deciding,
            due: finding.due,
        });
    }
}

/// What is found of one activation.
#[derive(Clone, Copy)]
struct Judgement {
    outcome: Outcome,
    deciding: Option<u32>,
    due: Option<When>,
}

impl Judgement {
    const fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            deciding: None,
            due: None,
        }
    }

    const fn cannot_tell(doubt: Doubt) -> Self {
        Self::of(Outcome::CannotTell(doubt))
    }
}
