//! The time in which something counts.

use super::deadline::Deadline;
use super::timeline::{Timeline, before, by};
use super::truth::Truth;
use crate::event::When;
use crate::vocabulary::AttributeId;

/// The time after an event and up to its deadline.
pub(super) struct Window {
    pub(super) event: usize,
    /// When it begins, where that is not at the event.
    pub(super) begin: Option<When>,
    pub(super) or_at_once: bool,
    pub(super) same: Option<AttributeId>,
    pub(super) due: Deadline,
}

impl Window {
    /// Whether another event lies in it and has the key in common.
    pub(super) fn holds(&self, timeline: &Timeline, other: usize) -> Truth {
        self.begins_before(timeline, other)
            .and(timeline.same(self.event, other, self.same))
            .and(by(timeline.when(other), self.due.when))
    }

    fn begins_before(&self, timeline: &Timeline, other: usize) -> Truth {
        if other == self.event {
            return Truth::No;
        }
        let begin = self.begin.unwrap_or(timeline.when(self.event));
        if self.or_at_once {
            before(timeline.when(other), begin).not()
        } else {
            before(begin, timeline.when(other))
        }
    }

    /// Whether it is over.
    pub(super) fn is_over(&self, timeline: &Timeline) -> bool {
        self.due.when.latest < timeline.as_of
    }
}
