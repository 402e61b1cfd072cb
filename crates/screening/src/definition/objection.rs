//! What speaks against an event that is said to decide.

use super::timeline::{Timeline, before, by};
use super::truth::Truth;
use crate::event::When;
use crate::standard::{Pattern, Rule};
use crate::vocabulary::AttributeId;

/// What speaks against an event that is said to decide.
pub(super) struct Objection<'a> {
    pub(super) rule: &'a Rule,
    pub(super) timeline: &'a Timeline<'a>,
    pub(super) activating: usize,
    pub(super) due: Option<When>,
}

impl Objection<'_> {
    /// What it is, as the end of a sentence that begins with the event.
    pub(super) fn to(&self, event: usize) -> &'static str {
        let objections = [
            (self.is_spoken_of(event), NOT_SPOKEN_OF),
            (self.has_the_key(event), OTHER_KEY),
            (self.is_on_its_side(event), OTHER_SIDE),
            (self.is_in_time(event), OUT_OF_TIME),
        ];
        let of = |wanted: fn(Truth) -> bool| {
            objections
                .iter()
                .find(move |(holds, _)| wanted(*holds))
                .map(|(_, (no, unsure))| (*no, *unsure))
        };
        match (of(Truth::is_no), of(|truth| truth.doubt().is_some())) {
            (Some((no, _)), _) => no,
            (None, Some((_, unsure))) => unsure,
            (None, None) => "is not the event that decides",
        }
    }

    fn is_spoken_of(&self, event: usize) -> Truth {
        let (patterns, _) = parts(self.rule);
        patterns
            .into_iter()
            .flatten()
            .map(|pattern| self.timeline.answers(event, pattern))
            .fold(Truth::No, Truth::or)
    }

    fn has_the_key(&self, event: usize) -> Truth {
        let (_, key) = parts(self.rule);
        self.timeline.same(self.activating, event, key)
    }

    fn looks_back(&self) -> bool {
        matches!(
            self.rule,
            Rule::Precedence(_) | Rule::Since(_) | Rule::NeverWhile(_)
        )
    }

    fn is_on_its_side(&self, event: usize) -> Truth {
        let (other, it) = (
            self.timeline.when(event),
            self.timeline.when(self.activating),
        );
        match self.looks_back() {
            true => before(other, it),
            false => before(other, it).not(),
        }
    }

    fn is_in_time(&self, event: usize) -> Truth {
        self.due
            .map_or(Truth::Sure, |due| by(self.timeline.when(event), due))
    }
}

type Words = (&'static str, &'static str);

const NOT_SPOKEN_OF: Words = (
    "is not what the standard speaks of there",
    "may not be what the standard speaks of there",
);
const OTHER_KEY: Words = (
    "does not have the key in common with the activating event",
    "may not have the key in common with the activating event",
);
const OTHER_SIDE: Words = (
    "lies on the wrong side of the activating event",
    "may lie on the wrong side of the activating event",
);
const OUT_OF_TIME: Words = ("comes after the deadline", "may come after the deadline");

/// The patterns of the events that may decide, and the key in common with the activating one.
fn parts(rule: &Rule) -> ([Option<&Pattern>; 2], Option<AttributeId>) {
    match rule {
        Rule::Response(rule) => ([Some(&rule.expected), rule.unless.as_ref()], rule.same),
        Rule::Precedence(rule) => ([Some(&rule.required), None], rule.same),
        Rule::Since(rule) => ([Some(&rule.required), None], rule.same),
        Rule::NeverWhile(rule) => ([Some(&rule.opened), None], None),
        Rule::AtMost(_) => ([None, None], None),
        Rule::NotWithin(rule) => ([Some(&rule.forbidden), None], rule.same),
        Rule::Elapsed(rule) => ([Some(&rule.until), None], rule.same),
    }
}
