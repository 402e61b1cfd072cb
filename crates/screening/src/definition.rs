//! The second checker: what the standards mean, written down once more, as slowly and plainly as
//! can be, so that the fast one can be held against it and a sceptic can read it.
//!
//! Every form is one file that says in quantifiers what [`standard`](crate::standard) says in
//! words. Nothing is remembered between events: each question is put to the whole timeline again.

mod activation;
mod at_most;
mod deadline;
mod elapsed;
mod never_while;
mod not_within;
mod objection;
mod precedence;
mod proof;
mod response;
mod since;
#[cfg(test)]
mod tests;
mod timeline;
mod truth;
mod window;

pub use proof::{Refutation, prove};

use crate::calendar::Calendar;
use crate::event::{Event, When};
use crate::standard::{Key, Library, Rule, Standard};
use crate::verdict::{Doubt, Outcome, Verdict};
use crate::vocabulary::AttributeId;
use activation::Activation;
use timeline::Timeline;

/// The verdicts of every standard that is switched on and looks at one case, on the events of one
/// case, as of an instant: the first of which nothing is known any more.
///
/// They come in the order of the standards, and of one standard in the order of the activating
/// events: by their earliest instant, latest instant, activity and place.
pub fn verdicts(
    library: &Library,
    calendar: &Calendar,
    as_of: i64,
    events: &[Event],
) -> Vec<Verdict> {
    let timeline = Timeline::new(calendar, as_of, events);
    verdicts_where(library, Key::Case, |check| check.verdicts(&timeline))
}

/// The verdicts of every standard that is switched on and looks at this attribute across cases, on
/// the events of all cases that have one value of it in common, each event with its case. Places in
/// a verdict are places among these events; it comes with the case of the activating one. The
/// order is that of [`verdicts`].
pub fn verdicts_of_key(
    library: &Library,
    calendar: &Calendar,
    as_of: i64,
    key: AttributeId,
    events: &[(u32, Event)],
) -> Vec<(u32, Verdict)> {
    let alone: Vec<Event> = events.iter().map(|(_, event)| event.clone()).collect();
    let timeline = Timeline::new(calendar, as_of, &alone);
    let found = verdicts_where(library, Key::Attribute(key), |check| {
        check.verdicts(&timeline)
    });
    with_cases(found, events)
}

/// The verdicts of the standards of [`verdicts_of_key`] on the events that lack the attribute: an
/// activation that belongs to nobody cannot be told.
pub fn verdicts_without_key(
    library: &Library,
    calendar: &Calendar,
    as_of: i64,
    key: AttributeId,
    events: &[(u32, Event)],
) -> Vec<(u32, Verdict)> {
    let alone: Vec<Event> = events.iter().map(|(_, event)| event.clone()).collect();
    let timeline = Timeline::new(calendar, as_of, &alone);
    let found = verdicts_where(library, Key::Attribute(key), |check| {
        activation::find_without_key(check.standard, &timeline)
            .into_iter()
            .map(|place| check.verdict(place, Outcome::CannotTell(Doubt::MissingValue)))
            .collect()
    });
    with_cases(found, events)
}

fn verdicts_where<'a>(
    library: &'a Library,
    key: Key,
    check: impl Fn(Check<'a>) -> Vec<Verdict>,
) -> Vec<Verdict> {
    (0u16..)
        .zip(&library.standards)
        .filter(|(_, standard)| standard.switched_off.is_none() && standard.key == key)
        .flat_map(|(place, standard)| check(Check { place, standard }))
        .collect()
}

fn with_cases(found: Vec<Verdict>, events: &[(u32, Event)]) -> Vec<(u32, Verdict)> {
    found
        .into_iter()
        .map(|verdict| (events[verdict.activating as usize].0, verdict))
        .collect()
}

/// One standard of a library, with its place there.
#[derive(Clone, Copy)]
struct Check<'a> {
    place: u16,
    standard: &'a Standard,
}

impl Check<'_> {
    fn verdicts(&self, timeline: &Timeline) -> Vec<Verdict> {
        let found = activation::find(self.standard, timeline);
        let each = |judge: &dyn Fn(&Activation) -> Finding| self.each(&found, judge);
        match &self.standard.rule {
            Rule::Response(rule) => response::judge(self, rule, timeline, &found),
            Rule::Precedence(rule) => each(&|it| precedence::judge(rule, timeline, it.event)),
            Rule::Since(rule) => each(&|it| since::judge(rule, timeline, it.event)),
            Rule::NeverWhile(rule) => each(&|it| never_while::judge(rule, timeline, it.event)),
            Rule::AtMost(rule) => each(&|it| at_most::judge(rule, timeline, it.event)),
            Rule::NotWithin(rule) => each(&|it| not_within::judge(rule, timeline, it)),
            Rule::Elapsed(rule) => each(&|it| elapsed::judge(rule, timeline, it.event)),
        }
    }

    /// An unsure activation cannot be told; a sure one is judged.
    fn each(&self, found: &[Activation], judge: &dyn Fn(&Activation) -> Finding) -> Vec<Verdict> {
        let verdict = |activation: &Activation| match activation.truth.doubt() {
            Some(doubt) => self.verdict(activation.event, Outcome::CannotTell(doubt)),
            None => self.found(activation.event, judge(activation)),
        };
        found.iter().map(verdict).collect()
    }

    fn verdict(&self, activating: usize, outcome: Outcome) -> Verdict {
        self.found(activating, Finding::of(outcome))
    }

    fn found(&self, activating: usize, finding: Finding) -> Verdict {
        Verdict {
            standard: self.place,
            activating: activating as u32,
            outcome: finding.outcome,
            deciding: finding.deciding.map(|place| place as u32),
            due: finding.due,
        }
    }
}

/// What is found of one activation.
struct Finding {
    outcome: Outcome,
    deciding: Option<usize>,
    due: Option<When>,
}

impl Finding {
    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            deciding: None,
            due: None,
        }
    }
}
