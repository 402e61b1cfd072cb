//! How long it takes from one thing to another.

use super::Finding;
use super::timeline::Timeline;
use super::truth::{Truth, any};
use crate::standard::Elapsed;
use crate::verdict::Outcome;

pub(super) fn judge(rule: &Elapsed, timeline: &Timeline, trigger: usize) -> Finding {
    let follows = |event| {
        timeline
            .answers(event, &rule.until)
            .and(timeline.same(trigger, event, rule.same))
            .and(timeline.before(trigger, event))
    };
    let Some(first) = timeline.first(follows) else {
        return Finding::of(match any(timeline.events(), follows) {
            Truth::Unsure(doubt) => Outcome::CannotTell(doubt),
            _ => Outcome::Pending,
        });
    };
    let may_end_it = |event| match follows(event) {
        Truth::Sure => Truth::No,
        other => other.and(timeline.before(first, event).not()),
    };
    match any(timeline.events(), may_end_it) {
        Truth::No => Finding {
            outcome: Outcome::Met,
            deciding: Some(first),
            due: None,
        },
        Truth::Unsure(doubt) => Finding::of(Outcome::CannotTell(doubt)),
        Truth::Sure => Finding::of(Outcome::Pending),
    }
}
