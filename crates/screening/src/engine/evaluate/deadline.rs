//! By when something is due: the limit, counted again where it starts again, and longer where the
//! clock stops.

use super::super::plan::{LimitId, ResponseForm};
use super::super::timeline::Hit;
use super::super::truth::{Truth, by, is_faulty};
use super::look::Look;
use crate::event::When;

/// By when something is due.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    pub(super) when: When,
    /// Whether it could be counted each time that it started again.
    pub(super) counted: bool,
}

impl Deadline {
    pub(super) const fn counted(when: When) -> Self {
        Self {
            when,
            counted: true,
        }
    }

    /// As a verdict shows it: none where the clock stands or it cannot be counted.
    pub(super) fn shown(self) -> Option<When> {
        (self.counted && !is_faulty(self.when)).then_some(self.when)
    }

    pub(super) fn is_over(self, look: &Look) -> bool {
        self.when.latest < look.plan.as_of
    }
}

/// Lists that are kept from case to case.
#[derive(Default)]
pub(super) struct Scratch {
    resets: Vec<Reset>,
    stops: Stops,
}

/// An event that may start a clock again.
#[derive(Clone, Copy)]
struct Reset {
    when: When,
    /// The place of its pattern in the list.
    named: usize,
    hit: Hit,
    limit: Option<LimitId>,
}

/// When a clock stands: each time from an instant until another, in order.
#[derive(Default)]
struct Stops {
    /// At least then.
    least: Vec<(i64, i64)>,
    /// At most then.
    most: Vec<(i64, i64)>,
}

impl Scratch {
    /// Makes ready for a rule.
    pub(super) fn prepare(&mut self, form: &ResponseForm, look: &Look) {
        self.resets.clear();
        for (named, (pattern, limit)) in form.resets.iter().enumerate() {
            let hits = look.hits(*pattern);
            self.resets.extend(hits.iter().map(|hit| Reset {
                when: look.when(hit.place),
                named,
                hit: *hit,
                limit: *limit,
            }));
        }
        (self.resets).sort_unstable_by_key(|reset| (reset.when, reset.named, reset.hit.place));
        if form.same.is_none() {
            self.stops.find(form, look, 0);
        }
    }

    /// The deadline of an event; none where it cannot be counted.
    pub(super) fn deadline(
        &mut self,
        form: &ResponseForm,
        look: &Look,
        event: u32,
        limit: LimitId,
    ) -> Option<Deadline> {
        if form.same.is_some() {
            self.stops.find(form, look, event);
        }
        let own = look.when(event);
        let due = self.stops.count(look, own, limit);
        due.counted
            .then(|| self.start_again(form, look, event, limit, due))
    }

    fn start_again(
        &self,
        form: &ResponseForm,
        look: &Look,
        event: u32,
        limit: LimitId,
        mut due: Deadline,
    ) -> Deadline {
        let own = look.when(event);
        let mut latest = i64::MIN;
        for reset in &self.resets {
            let Reset { when, hit, .. } = *reset;
            if when.earliest > due.when.latest {
                break;
            }
            let truth = hit
                .truth
                .and(look.timelines.same(form.same, event, hit.place))
                .and(look.before(event, hit.place))
                .and(by(when, due.when));
            if truth.is_no() {
                continue;
            }
            let from = When {
                earliest: when.earliest.max(own.earliest),
                latest: when.latest.min(due.when.latest),
            };
            let next = self.stops.count(look, from, reset.limit.unwrap_or(limit));
            let replaces = truth.is_sure() && latest <= when.earliest;
            due = if replaces { next } else { hull(due, next) };
            latest = latest.max(when.latest);
        }
        due
    }
}

fn hull(one: Deadline, other: Deadline) -> Deadline {
    Deadline {
        when: When {
            earliest: one.when.earliest.min(other.when.earliest),
            latest: one.when.latest.max(other.when.latest),
        },
        counted: one.counted && other.counted,
    }
}

impl Stops {
    fn find(&mut self, form: &ResponseForm, look: &Look, event: u32) {
        self.least.clear();
        self.most.clear();
        let Some((stop, go)) = form.pause else {
            return;
        };
        let is = |hit: Hit| {
            hit.truth
                .and(look.timelines.same(form.same, event, hit.place))
        };
        let going = look.hits(go);
        for stop in look.hits(stop) {
            let stands = is(*stop);
            if stands.is_no() {
                continue;
            }
            let When { earliest, latest } = look.when(stop.place);
            let goes = |hit: &Hit| is(*hit).and(look.before(stop.place, hit.place));
            let after = || look.between(going, earliest, i64::MAX);
            if stands.is_sure() {
                let may_end = after().find(|hit| !goes(hit).is_no());
                let until = may_end.map_or(i64::MAX, |hit| look.when(hit.place).earliest);
                if latest < until {
                    self.least.push((latest, until));
                }
            }
            self.most.push((earliest, surely_ends(after(), look, goes)));
        }
        self.least.sort_unstable();
        self.most.sort_unstable();
    }

    /// The limit counted from a time. A deadline that cannot be counted is not before that time.
    fn count(&self, look: &Look, from: When, limit: LimitId) -> Deadline {
        let earliest = until(look, from.earliest, limit, &self.least);
        let latest = match from.latest {
            i64::MAX => Some(i64::MAX),
            latest => until(look, latest, limit, &self.most),
        };
        match (earliest, latest) {
            (Some(earliest), Some(latest)) => Deadline::counted(When { earliest, latest }),
            _ => Deadline {
                when: When {
                    earliest: from.earliest,
                    latest: i64::MAX,
                },
                counted: false,
            },
        }
    }
}

/// The first latest instant of those that surely end a pause.
fn surely_ends(after: impl Iterator<Item = Hit>, look: &Look, goes: impl Fn(&Hit) -> Truth) -> i64 {
    let mut until = i64::MAX;
    for hit in after {
        let when = look.when(hit.place);
        if when.earliest > until {
            break;
        }
        if when.latest < until && goes(&hit).is_sure() {
            until = when.latest;
        }
    }
    until
}

/// The instant at which a limit has run out, [`i64::MAX`] if the clock stands.
fn until(look: &Look, from: i64, limit: LimitId, stops: &[(i64, i64)]) -> Option<i64> {
    let Some(mut left) = look.limit(limit).length.filter(|_| !stops.is_empty()) else {
        return look.deadline(from, limit).ok();
    };
    let mut at = from;
    for (stop, go) in stops.iter().filter(|(_, go)| *go > from) {
        let runs = stop.saturating_sub(at).max(0);
        if runs >= left {
            break;
        }
        left -= runs;
        at = at.max(*go);
        if at == i64::MAX {
            return Some(at);
        }
    }
    at.checked_add(left)
}
