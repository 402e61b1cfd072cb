//! Nothing happens without something else in the time before.

use super::Finding;
use super::activation::back;
use super::timeline::{Timeline, before};
use super::truth::{Truth, any};
use crate::event::When;
use crate::standard::Precedence;
use crate::verdict::{Lapse, Outcome};

pub(super) fn judge(rule: &Precedence, timeline: &Timeline, activation: usize) -> Finding {
    let begin = match rule.within.map(|limit| back(timeline, activation, limit)) {
        None => When::at(i64::MIN),
        Some(Ok(begin)) => begin,
        Some(Err(doubt)) => return Finding::of(Outcome::CannotTell(doubt)),
    };
    let meets = |required| {
        timeline
            .answers(required, &rule.required)
            .and(timeline.same(activation, required, rule.same))
            .and(timeline.before(required, activation))
            .and(before(timeline.when(required), begin).not())
    };
    let outcome = match any(timeline.events(), meets) {
        Truth::Sure => Outcome::Met,
        Truth::Unsure(doubt) => Outcome::CannotTell(doubt),
        Truth::No => Outcome::Missed(Lapse::Never),
    };
    Finding {
        outcome,
        deciding: timeline.last(meets),
        due: None,
    }
}
