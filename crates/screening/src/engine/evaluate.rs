//! The verdicts of one timeline.
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
use super::timeline::{Arena, Index, Timeline};
use crate::block::Block;
use crate::event::When;
use crate::verdict::{Doubt, Outcome, Verdict};
use deadline::Scratch;
use look::Look;

/// Checks one timeline after the other; what it needs for that it keeps.
pub(super) struct Evaluator<'p> {
    plan: &'p Plan,
    arena: Arena,
    index: Index,
    scratch: Scratch,
    verdicts: Vec<Verdict>,
}

/// A timeline and what was found of it. Places in the verdicts are places in the timeline.
pub(super) struct Checked<'a> {
    pub(super) timeline: Timeline<'a>,
    pub(super) verdicts: &'a [Verdict],
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

    /// Checks the rules of a group on a span of events that have its key in common. Verdicts come
    /// in the order of standards, and of one standard in that of the activating events.
    pub(super) fn check<'a>(
        &'a mut self,
        group: &Group,
        block: &'a Block,
        span: Range<usize>,
    ) -> Checked<'a> {
        self.run(group, block, span, judge)
    }

    /// The verdicts on events that lack the key of a group: to whatever they activate there is no
    /// answer.
    pub(super) fn check_without_key<'a>(
        &'a mut self,
        group: &Group,
        block: &'a Block,
        span: Range<usize>,
    ) -> Checked<'a> {
        self.run(group, block, span, |rule, look, _, to| {
            activation::judge_without_key(rule, look, to);
        })
    }

    fn run<'a>(
        &'a mut self,
        group: &Group,
        block: &'a Block,
        span: Range<usize>,
        judge: impl Fn(&Rule, &Look, &mut Scratch, &mut Found),
    ) -> Checked<'a> {
        self.verdicts.clear();
        let timeline = self.arena.timeline(block, span, self.plan.as_of);
        self.index.fill(&timeline, group);
        for word in 0..group.words {
            let mut bits = self.index.touched(word);
            while bits != 0 {
                let rule = &group.rules[word * 64 + bits.trailing_zeros() as usize];
                bits &= bits - 1;
                if !self.index.find_all(&rule.patterns, self.plan, &timeline) {
                    continue;
                }
                let look = Look::new(self.plan, timeline, &self.index);
                let to = &mut Found {
                    standard: rule.standard,
                    verdicts: &mut self.verdicts,
                };
                judge(rule, &look, &mut self.scratch, to);
            }
        }
        self.index.clear(&timeline);
        Checked {
            timeline,
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
