//! Nothing happens without something else since the last of something.

use super::Finding;
use super::timeline::Timeline;
use super::truth::{Truth, any};
use crate::standard::Since;
use crate::verdict::{Lapse, Outcome};

pub(super) fn judge(rule: &Since, timeline: &Timeline, activation: usize) -> Finding {
    let boundary = |event| {
        timeline
            .matches(event, &rule.boundary)
            .and(timeline.same(activation, event, rule.same))
            .and(timeline.before(event, activation))
    };
    let meets = |required| {
        let needed_anew = |event| boundary(event).and(timeline.before(event, required).not());
        timeline
            .answers(required, &rule.required)
            .and(timeline.same(activation, required, rule.same))
            .and(timeline.before(required, activation))
            .and(any(timeline.events(), needed_anew).not())
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
