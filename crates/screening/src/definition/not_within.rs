//! When something happens, something else does not happen within a time.

use super::Finding;
use super::activation::Activation;
use super::deadline::{plain, shown};
use super::timeline::Timeline;
use super::truth::{Truth, any};
use super::window::Window;
use crate::standard::NotWithin;
use crate::verdict::{Doubt, Lapse, Outcome};

pub(super) fn judge(rule: &NotWithin, timeline: &Timeline, activation: &Activation) -> Finding {
    let due = activation
        .limit
        .and_then(|limit| plain(timeline, activation.event, limit));
    let Some(due) = due else {
        return Finding::of(Outcome::CannotTell(Doubt::NoCalendar));
    };
    let window = Window {
        event: activation.event,
        begin: None,
        or_at_once: false,
        same: rule.same,
        due,
    };
    let forbidden = |event| {
        timeline
            .matches(event, &rule.forbidden)
            .and(window.holds(timeline, event))
    };
    let outcome = match any(timeline.events(), forbidden) {
        Truth::Sure => Outcome::Missed(Lapse::Forbidden),
        _ if !window.is_over(timeline) => Outcome::Pending,
        Truth::Unsure(doubt) => Outcome::CannotTell(doubt),
        Truth::No => Outcome::Met,
    };
    Finding {
        outcome,
        deciding: timeline.first(forbidden),
        due: shown(due),
    }
}
