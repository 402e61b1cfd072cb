//! When something happens, something else within a time.

use std::cell::RefCell;

use super::activation::{Activation, first_of_count};
use super::deadline::{self, Deadline, Moves};
use super::timeline::Timeline;
use super::truth::{Truth, any};
use super::window::Window;
use super::{Check, Finding};
use crate::event::When;
use crate::standard::{Response, Sharing};
use crate::verdict::{Doubt, Lapse, Outcome, Verdict};

/// The verdicts of all activations; they may compete for answers.
pub(super) fn judge(
    check: &Check,
    rule: &Response,
    timeline: &Timeline,
    activations: &[Activation],
) -> Vec<Verdict> {
    let claims: Vec<Claim> = activations
        .iter()
        .map(|activation| Claim::new(rule, timeline, activation))
        .collect();
    let taken = RefCell::new(vec![None; claims.len()]);
    let mut verdicts = Vec::new();
    for (place, claim) in claims.iter().enumerate() {
        let free = |answer| match rule.sharing {
            Sharing::OneForAll => Truth::Sure,
            Sharing::OneEach => is_free(&claims, &taken.borrow(), place, answer),
        };
        let finding = claim.judge(free);
        let takes = claim.takes(free);
        taken.borrow_mut()[place] = takes;
        verdicts.push(check.found(claim.window.event, finding));
    }
    verdicts
}

/// Whether an answer is not taken by another claim when this one has its turn: surely taken by one
/// that surely takes it; perhaps by one that may answer to it, has not surely taken another, and is
/// not surely later.
fn is_free(claims: &[Claim], taken: &[Option<usize>], place: usize, answer: usize) -> Truth {
    let me = &claims[place];
    any(0..claims.len(), |other| {
        let rival = &claims[other];
        match taken[other] {
            Some(takes) => Truth::of(takes == answer),
            None if other == place || place < other && me.comes_before(rival) => Truth::No,
            None if rival.answered_by(answer).is_no() => Truth::No,
            None => Truth::Unsure(Doubt::OrderWithinDay),
        }
    })
    .not()
}

/// An activation that wants an answer.
struct Claim<'a> {
    rule: &'a Response,
    timeline: &'a Timeline<'a>,
    truth: Truth,
    window: Window,
}

impl<'a> Claim<'a> {
    fn new(rule: &'a Response, timeline: &'a Timeline<'a>, activation: &Activation) -> Self {
        let event = activation.event;
        let moves = Moves {
            same: rule.same,
            resets: &rule.resets,
            pause: rule.pause.as_ref(),
        };
        let limit = activation.limit.filter(|_| activation.truth.is_sure());
        let due = limit.and_then(|limit| deadline::deadline(timeline, event, limit, moves));
        let truth = match due {
            Some(_) => activation.truth,
            None if activation.truth.is_sure() => Truth::Unsure(Doubt::NoCalendar),
            None => activation.truth,
        };
        let due = due.unwrap_or(unknown(timeline.when(event)));
        let begin = rule.from_first.then(|| match activation.truth {
            Truth::Sure => first_of_count(timeline, &rule.trigger.pattern, rule.trigger.nth, event),
            _ => When {
                earliest: i64::MIN,
                ..timeline.when(event)
            },
        });
        let window = Window {
            event,
            begin,
            or_at_once: rule.or_at_once,
            same: rule.same,
            due,
        };
        Claim {
            rule,
            timeline,
            truth,
            window,
        }
    }

    fn judge(&self, free: impl Fn(usize) -> Truth) -> Finding {
        if let Some(doubt) = self.truth.doubt() {
            return Finding::of(Outcome::CannotTell(doubt));
        }
        let meets = |answer| self.answered_by(answer).and(free(answer));
        let excuses = |excuse| self.excused_by(excuse, &free);
        let met = any(self.timeline.events(), meets);
        let excused = any(self.timeline.events(), excuses);
        let late = |answer| self.is_late(answer).and(free(answer));
        let (outcome, deciding) = match (met, excused) {
            (Truth::Sure, _) => (Outcome::Met, self.timeline.first(meets)),
            (_, Truth::Sure) => (Outcome::Excused, self.timeline.first(excuses)),
            _ if !self.window.due.counted => (Outcome::CannotTell(Doubt::NoCalendar), None),
            _ if !self.window.is_over(self.timeline) => (Outcome::Pending, None),
            _ => match met.or(excused).doubt() {
                Some(doubt) => (Outcome::CannotTell(doubt), None),
                None => match self.timeline.first(late) {
                    Some(answer) => (Outcome::Missed(Lapse::Late), Some(answer)),
                    None => (Outcome::Missed(Lapse::Never), None),
                },
            },
        };
        Finding {
            outcome,
            deciding,
            due: deadline::shown(self.window.due),
        }
    }

    /// An expected event in the window, and no excuse in the window before it.
    fn answered_by(&self, answer: usize) -> Truth {
        let excused_before = |excuse| {
            self.excuse(excuse)
                .and(self.timeline.before(excuse, answer))
        };
        self.expected(answer)
            .and(any(self.timeline.events(), excused_before).not())
    }

    /// An excuse in the window, and no expected event in the window at or before it.
    fn excused_by(&self, excuse: usize, free: impl Fn(usize) -> Truth) -> Truth {
        let answered = |answer| {
            self.expected(answer)
                .and(free(answer))
                .and(self.timeline.before(excuse, answer).not())
        };
        self.excuse(excuse)
            .and(any(self.timeline.events(), answered).not())
    }

    fn expected(&self, event: usize) -> Truth {
        self.timeline
            .answers(event, &self.rule.expected)
            .and(self.window.holds(self.timeline, event))
    }

    fn excuse(&self, event: usize) -> Truth {
        let unless = self.rule.unless.as_ref();
        unless
            .map_or(Truth::No, |pattern| self.timeline.matches(event, pattern))
            .and(self.window.holds(self.timeline, event))
    }

    fn is_late(&self, event: usize) -> Truth {
        let due = self.window.due.when;
        self.timeline
            .answers(event, &self.rule.expected)
            .and(self.timeline.same(self.window.event, event, self.rule.same))
            .and(Truth::of(due.latest < self.timeline.when(event).earliest))
    }

    /// Whether its turn surely comes before that of one that is later in order.
    fn comes_before(&self, later: &Claim) -> bool {
        (self.timeline).comes_first(self.window.event, later.window.event)
    }

    /// The answer that it surely takes: the first, if that is surely one, surely free, and surely
    /// first.
    fn takes(&self, free: impl Fn(usize) -> Truth) -> Option<usize> {
        let meets = |answer: usize| self.answered_by(answer).and(free(answer));
        let mut answers = (self.timeline.events()).filter(|&answer| !meets(answer).is_no());
        let first = answers.next()?;
        let is_first = answers.all(|answer| self.timeline.comes_first(first, answer));
        (self.truth.is_sure() && meets(first).is_sure() && is_first).then_some(first)
    }
}

/// A deadline of which nothing is known but that it is not before the event.
fn unknown(when: When) -> Deadline {
    Deadline {
        when: When {
            earliest: when.earliest,
            latest: i64::MAX,
        },
        counted: false,
    }
}
