//! By when something is due: the limit, counted again and again where it starts again, and longer
//! where the clock stops.

use super::timeline::{Timeline, by, is_faulty};
use crate::calendar::elapsed;
use crate::event::When;
use crate::standard::{Limit, Pattern};
use crate::vocabulary::AttributeId;

/// By when something is due.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    pub(super) when: When,
    /// Whether it could be counted each time that it started again. Where not, it may be anything
    /// that `when` holds.
    pub(super) counted: bool,
}

/// What moves a deadline.
#[derive(Clone, Copy)]
pub(super) struct Moves<'a> {
    pub(super) same: Option<AttributeId>,
    pub(super) resets: &'a [(Pattern, Option<Limit>)],
    pub(super) pause: Option<&'a (Pattern, Pattern)>,
}

/// The deadline of an event, without anything that moves it.
pub(super) fn plain(timeline: &Timeline, event: usize, limit: Limit) -> Option<Deadline> {
    let moves = Moves {
        same: None,
        resets: &[],
        pause: None,
    };
    deadline(timeline, event, limit, moves)
}

/// The deadline of an event; none where it cannot be counted.
pub(super) fn deadline(
    timeline: &Timeline,
    event: usize,
    limit: Limit,
    moves: Moves,
) -> Option<Deadline> {
    let stops = Stops::find(timeline, event, moves);
    let mut due = count(timeline, timeline.when(event), limit, &stops);
    if !due.counted {
        return None;
    }
    let mut earlier: Vec<When> = Vec::new();
    for (again, pattern, other) in resets(timeline, event, moves) {
        let when = timeline.when(again);
        let truth = timeline
            .matches(again, pattern)
            .and(timeline.same(event, again, moves.same))
            .and(timeline.before(event, again))
            .and(by(when, due.when));
        if truth.is_no() {
            continue;
        }
        let from = When {
            earliest: when.earliest.max(timeline.when(event).earliest),
            latest: when.latest.min(due.when.latest),
        };
        let next = count(timeline, from, other.unwrap_or(limit), &stops);
        let is_last = earlier.iter().all(|one| one.latest <= when.earliest);
        due = if truth.is_sure() && is_last {
            next
        } else {
            hull(due, next)
        };
        earlier.push(when);
    }
    Some(due)
}

/// What may start the clock again, in order; of what happened at one instant in the order in which
/// the standard names it.
fn resets<'a>(
    timeline: &Timeline,
    event: usize,
    moves: Moves<'a>,
) -> Vec<(usize, &'a Pattern, Option<Limit>)> {
    let mut found: Vec<_> = (moves.resets.iter().enumerate())
        .flat_map(|(place, (pattern, limit))| {
            timeline
                .events()
                .map(move |again| (place, (again, pattern, *limit)))
        })
        .filter(|(_, (again, pattern, _))| {
            *again != event && !timeline.matches(*again, pattern).is_no()
        })
        .collect();
    found.sort_by_key(|(place, (again, _, _))| (timeline.when(*again), *place));
    found.into_iter().map(|(_, reset)| reset).collect()
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

/// The limit counted from a time. A deadline that cannot be counted is not before that time.
fn count(timeline: &Timeline, from: When, limit: Limit, stops: &Stops) -> Deadline {
    let earliest = until(timeline, from.earliest, limit, &stops.least);
    let latest = match from.latest {
        i64::MAX => Some(i64::MAX),
        latest => until(timeline, latest, limit, &stops.most),
    };
    match (earliest, latest) {
        (Some(earliest), Some(latest)) => Deadline {
            when: When { earliest, latest },
            counted: true,
        },
        _ => Deadline {
            when: When {
                earliest: from.earliest,
                latest: i64::MAX,
            },
            counted: false,
        },
    }
}

/// The instant at which a limit has run out, [`i64::MAX`] if the clock stands.
fn until(timeline: &Timeline, from: i64, limit: Limit, stops: &[(i64, i64)]) -> Option<i64> {
    let Some(mut left) = elapsed(limit).filter(|_| !stops.is_empty()) else {
        return timeline.calendar.deadline(from, limit).ok();
    };
    let mut at = from;
    for &(stop, go) in stops.iter().filter(|(_, go)| *go > from) {
        let runs = stop.saturating_sub(at).max(0);
        if runs >= left {
            break;
        }
        left -= runs;
        at = at.max(go);
        if at == i64::MAX {
            return Some(at);
        }
    }
    at.checked_add(left)
}

/// When the clock stands: each time from an instant until another, in order.
struct Stops {
    /// At least then.
    least: Vec<(i64, i64)>,
    /// At most then.
    most: Vec<(i64, i64)>,
}

impl Stops {
    fn find(timeline: &Timeline, event: usize, moves: Moves) -> Self {
        let mut stops = Stops {
            least: Vec::new(),
            most: Vec::new(),
        };
        let Some((stopping, going)) = moves.pause else {
            return stops;
        };
        let is = |one, pattern| {
            timeline
                .matches(one, pattern)
                .and(timeline.same(event, one, moves.same))
        };
        for stop in timeline.events() {
            let goes = |go| is(go, going).and(timeline.before(stop, go));
            let may_end = timeline.events().filter(|&go| !goes(go).is_no());
            let least = may_end.map(|go| timeline.when(go).earliest).min();
            let ends = timeline.events().filter(|&go| goes(go).is_sure());
            let most = ends.map(|go| timeline.when(go).latest).min();
            let When { earliest, latest } = timeline.when(stop);
            if is(stop, stopping).is_sure() {
                stops.least.push((latest, least.unwrap_or(i64::MAX)));
            }
            if !is(stop, stopping).is_no() {
                stops.most.push((earliest, most.unwrap_or(i64::MAX)));
            }
        }
        stops.least.retain(|(stop, go)| stop < go);
        stops.least.sort_unstable();
        stops.most.sort_unstable();
        stops
    }
}

/// The deadline as a verdict shows it: none where the clock stands or it cannot be counted.
pub(super) fn shown(due: Deadline) -> Option<When> {
    (due.counted && !is_faulty(due.when)).then_some(due.when)
}
