//! How long it takes from one thing to another.

use super::Finding;
use super::timeline::Timeline;
use crate::standard::Elapsed;
use crate::verdict::Outcome;

pub(super) fn judge(rule: &Elapsed, timeline: &Timeline, trigger: usize) -> Finding {
    let follows = |event| {
        timeline
            .answers(event, &rule.until)
            .and(timeline.same(trigger, event, rule.same))
            .and(timeline.before(trigger, event))
    };
    let first = timeline.first(follows);
    let is_later = |event| first.is_some_and(|first| timeline.before(first, event).is_sure());
    let mut unsure = timeline
        .events()
        .filter_map(|event| Some((event, follows(event).doubt()?)));
    match (unsure.find(|(event, _)| !is_later(*event)), first) {
        (Some((_, doubt)), _) => Finding::of(Outcome::CannotTell(doubt)),
        (None, None) => Finding::of(Outcome::Pending),
        (None, first) => Finding {
            outcome: Outcome::Met,
            deciding: first,
            due: None,
        },
    }
}
