//! Something never happens while something stands open.

use super::Finding;
use super::timeline::Timeline;
use super::truth::{Truth, any};
use crate::standard::NeverWhile;
use crate::verdict::{Lapse, Outcome};

pub(super) fn judge(rule: &NeverWhile, timeline: &Timeline, forbidden: usize) -> Finding {
    let closed = |opening| {
        any(timeline.events(), |closing| {
            timeline
                .answers(closing, &rule.closed)
                .and(timeline.same(opening, closing, rule.same))
                .and(timeline.before(opening, closing))
                .and(timeline.before(closing, forbidden))
        })
    };
    let stands_open = |opening| {
        timeline
            .matches(opening, &rule.opened)
            .and(timeline.before(opening, forbidden))
            .and(closed(opening).not())
    };
    let outcome = match any(timeline.events(), stands_open) {
        Truth::No => Outcome::Met,
        Truth::Unsure(doubt) => Outcome::CannotTell(doubt),
        Truth::Sure => Outcome::Missed(Lapse::Unmatched),
    };
    Finding {
        outcome,
        deciding: timeline.first(stands_open),
        due: None,
    }
}
