//! What a rule sees of a timeline.

use super::super::plan::{LimitId, LimitTable, NoCalendar, PatternId, Plan};
use super::super::timeline::{Hit, Index, Timeline, Timelines};
use super::super::truth::{Truth, before};
use crate::event::When;

/// A timeline with the events of each pattern.
pub(super) struct Look<'a> {
    pub(super) plan: &'a Plan,
    pub(super) timelines: Timelines<'a>,
    timeline: &'a Timeline,
    index: &'a Index,
    number: u32,
}

impl<'a> Look<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        timelines: Timelines<'a>,
        timeline: &'a Timeline,
        index: &'a Index,
        number: u32,
    ) -> Self {
        Self {
            plan,
            timelines,
            timeline,
            index,
            number,
        }
    }

    /// The events of a pattern, surely or unsurely, in order.
    pub(super) fn hits(&self, id: PatternId) -> &'a [Hit] {
        self.index.hits(id, self.number)
    }

    /// Events of a pattern, with no exceptions where there is none.
    pub(super) fn maybe_hits(&self, id: Option<PatternId>) -> &'a [Hit] {
        id.map_or(&[], |id| self.hits(id))
    }

    /// Whether all events of a pattern are sure, and their times recorded.
    pub(super) fn is_plain(&self, id: PatternId) -> bool {
        let is_plain = |hit: &Hit| hit.truth.is_sure() && self.when(hit.place).is_exact();
        self.index.is_plain(self.number) || self.hits(id).iter().all(is_plain)
    }

    pub(super) fn when(&self, place: u32) -> When {
        self.timelines.when(place)
    }

    /// The instant of an event whose time is recorded.
    pub(super) fn at(&self, hit: Hit) -> i64 {
        self.timelines.earliest(hit.place)
    }

    pub(super) fn limit(&self, id: LimitId) -> &'a LimitTable {
        &self.plan.limits[usize::from(id.0)]
    }

    pub(super) fn deadline(&self, from: i64, id: LimitId) -> Result<i64, NoCalendar> {
        self.limit(id).deadline(from, &self.plan.calendar)
    }

    pub(super) fn back(&self, from: i64, id: LimitId) -> Result<i64, NoCalendar> {
        self.limit(id).back(from, &self.plan.calendar)
    }

    /// The time a limit before another.
    pub(super) fn back_from(&self, when: When, id: LimitId) -> Result<When, NoCalendar> {
        Ok(When {
            earliest: self.back(when.earliest, id)?,
            latest: self.back(when.latest, id)?,
        })
    }

    /// Whether one event is before another. None is before itself.
    pub(super) fn before(&self, one: u32, other: u32) -> Truth {
        if one == other {
            return Truth::NO;
        }
        before(self.when(one), self.when(other))
    }

    /// Whether an event surely comes before one that is later in order: at one recorded instant the
    /// order stands.
    pub(super) fn comes_first(&self, one: u32, later: u32) -> bool {
        let (a, b) = (self.when(one), self.when(later));
        a.latest < b.earliest || (a == b && a.is_exact())
    }

    /// Those events of a pattern that may have taken place at or after one instant and began at or
    /// before another: all that have no beginning, and a run.
    pub(super) fn between(
        &self,
        hits: &'a [Hit],
        from: i64,
        to: i64,
    ) -> impl DoubleEndedIterator<Item = Hit> + use<'a> {
        let begins = |hit: &Hit| self.timelines.earliest(hit.place);
        let boundless = hits.iter().take_while(|hit| begins(hit) == i64::MIN);
        let (boundless, rest) = hits.split_at(boundless.count());
        let from = from.saturating_sub(self.timeline.longest);
        let first = rest.partition_point(|hit| begins(hit) < from);
        let end = rest.partition_point(|hit| begins(hit) <= to);
        let run = &rest[first..end.max(first)];
        boundless.iter().chain(run).copied()
    }
}

/// Whether something holds of any; once it is sure no more are asked.
pub(super) fn any(hits: impl Iterator<Item = Hit>, holds: impl Fn(Hit) -> Truth) -> Truth {
    let mut so_far = Truth::NO;
    for hit in hits {
        so_far = so_far.or(holds(hit));
        if so_far.is_sure() {
            break;
        }
    }
    so_far
}

/// Whether something holds of any, and the first of which it is sure.
pub(super) fn first(
    hits: impl Iterator<Item = Hit>,
    holds: impl Fn(Hit) -> Truth,
) -> (Truth, Option<u32>) {
    let mut so_far = Truth::NO;
    for hit in hits {
        let truth = holds(hit);
        if truth.is_sure() {
            return (truth, Some(hit.place));
        }
        so_far = so_far.or(truth);
    }
    (so_far, None)
}
