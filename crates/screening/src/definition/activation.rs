//! When a standard applies.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::timeline::{Timeline, before, is_faulty};
use super::truth::Truth;
use crate::event::When;
use crate::standard::{Limit, Limits, Nth, Pattern, Rule, Standard};
use crate::verdict::Doubt;

/// An event to which a standard applies, surely or unsurely.
pub(super) struct Activation {
    pub(super) event: usize,
    pub(super) truth: Truth,
    /// The limit that its value chooses.
    pub(super) limit: Option<Limit>,
}

/// The events to which a standard applies, in order.
pub(super) fn find(standard: &Standard, timeline: &Timeline) -> Vec<Activation> {
    let (pattern, nth, limits) = parts(&standard.rule);
    let of = |event| {
        let (has_limit, limit) = limit_of(limits, timeline, event);
        let truth = timeline.matches(event, pattern).and(has_limit);
        let truth = if is_faulty(timeline.when(event)) {
            truth.and(Truth::Unsure(Doubt::FaultyRow))
        } else {
            truth
                .and(in_force(standard, timeline, event))
                .and(nth.map_or(Truth::Sure, |nth| is_nth(timeline, pattern, nth, event)))
        };
        Activation {
            event,
            truth,
            limit,
        }
    };
    let all = timeline.events().map(of);
    all.filter(|activation| !activation.truth.is_no()).collect()
}

/// The events to which a standard might apply if they had its key.
pub(super) fn find_without_key(standard: &Standard, timeline: &Timeline) -> Vec<usize> {
    let (pattern, _, limits) = parts(&standard.rule);
    let applies = |event: &usize| {
        let in_force = match is_faulty(timeline.when(*event)) {
            true => Truth::Unsure(Doubt::FaultyRow),
            false => in_force(standard, timeline, *event),
        };
        let truth = timeline.matches(*event, pattern).and(in_force);
        !truth.and(limit_of(limits, timeline, *event).0).is_no()
    };
    timeline.events().filter(applies).collect()
}

fn parts(rule: &Rule) -> (&Pattern, Option<Nth>, Option<&Limits>) {
    match rule {
        Rule::Response(rule) => (&rule.trigger.pattern, rule.trigger.nth, Some(&rule.limits)),
        Rule::NotWithin(rule) => (&rule.trigger.pattern, rule.trigger.nth, Some(&rule.limits)),
        Rule::Elapsed(rule) => (&rule.trigger.pattern, rule.trigger.nth, None),
        Rule::Precedence(rule) => (&rule.activation, None, None),
        Rule::Since(rule) => (&rule.activation, None, None),
        Rule::NeverWhile(rule) => (&rule.forbidden, None, None),
        Rule::AtMost(rule) => (&rule.counted, None, None),
    }
}

/// Whether a limit is meant for this event, and which.
fn limit_of(limits: Option<&Limits>, timeline: &Timeline, event: usize) -> (Truth, Option<Limit>) {
    match limits {
        None => (Truth::Sure, None),
        Some(Limits::One(limit)) => (Truth::Sure, Some(*limit)),
        Some(Limits::ByValue { attribute, limits }) => match timeline.value(event, *attribute) {
            None => (Truth::Unsure(Doubt::MissingValue), None),
            Some(value) => {
                let has = |(values, _): &&(Vec<String>, Limit)| values.iter().any(|v| v == value);
                let limit = limits.iter().find(has).map(|(_, limit)| *limit);
                (Truth::of(limit.is_some()), limit)
            }
        },
    }
}

/// Whether the standard was in force on the day of an event.
fn in_force(standard: &Standard, timeline: &Timeline, event: usize) -> Truth {
    let (from, to) = (standard.in_force_from, standard.in_force_to);
    if from.is_none() && to.is_none() {
        return Truth::Sure;
    }
    let When { earliest, latest } = timeline.when(event);
    let (Ok(first), Ok(last)) = (
        timeline.calendar.date_of(earliest),
        timeline.calendar.date_of(latest),
    ) else {
        return Truth::Unsure(Doubt::NoCalendar);
    };
    let (from, to) = (from.unwrap_or(Date::MIN), to.unwrap_or(Date::MAX));
    Truth::sure_or_no(
        from <= first && last <= to,
        last < from || to < first,
        Doubt::OrderWithinDay,
    )
}

/// How many other events of a pattern are not after an event, and not earlier than a period before
/// it: for each, its time and whether it counts.
pub(super) fn others(
    timeline: &Timeline,
    pattern: &Pattern,
    within: Option<Limit>,
    event: usize,
) -> Result<Vec<(When, Truth)>, Doubt> {
    let begin = match within {
        None => When::at(i64::MIN),
        Some(limit) => back(timeline, event, limit)?,
    };
    let counts = |other| {
        timeline
            .matches(other, pattern)
            .and(comes_first(timeline, pattern, other, event))
            .and(before(timeline.when(other), begin).not())
    };
    Ok(timeline
        .events()
        .filter(|&other| other != event)
        .map(|other| (timeline.when(other), counts(other)))
        .filter(|(_, truth)| !truth.is_no())
        .collect())
}

/// The instant a limit before an event.
pub(super) fn back(timeline: &Timeline, event: usize, limit: Limit) -> Result<When, Doubt> {
    let When { earliest, latest } = timeline.when(event);
    let back = |instant| {
        let back = timeline.calendar.back(instant, limit);
        back.map_err(|_| Doubt::NoCalendar)
    };
    Ok(When {
        earliest: back(earliest)?,
        latest: back(latest)?,
    })
}

/// Whether one of two events of a pattern comes first. At one instant they come in the order of
/// activities, then of rows if both are surely of the pattern.
fn comes_first(timeline: &Timeline, pattern: &Pattern, one: usize, other: usize) -> Truth {
    let (a, b) = (timeline.when(one), timeline.when(other));
    let activities = (timeline.happening(one)).cmp(&timeline.happening(other));
    let of_both = timeline
        .matches(one, pattern)
        .and(timeline.matches(other, pattern));
    let at_one_instant = a == b && a.is_exact();
    match activities {
        Ordering::Less if a.latest == b.earliest => Truth::Sure,
        Ordering::Greater if b.latest == a.earliest => Truth::No,
        Ordering::Equal if at_one_instant => match of_both {
            Truth::Sure => Truth::of(one < other),
            unsure => unsure,
        },
        _ => Truth::sure_or_no(
            a.latest < b.earliest,
            b.latest < a.earliest,
            before(a, b).doubt().unwrap_or(Doubt::OrderWithinDay),
        ),
    }
}

/// How many surely count, how many may, and why it is not sure of the others.
pub(super) fn count(others: &[(When, Truth)]) -> (usize, usize, Doubt) {
    let sure = others.iter().filter(|(_, truth)| truth.is_sure()).count();
    let doubts = others.iter().filter_map(|(_, truth)| truth.doubt());
    (
        sure,
        others.len(),
        doubts.max().unwrap_or(Doubt::OrderWithinDay),
    )
}

fn is_nth(timeline: &Timeline, pattern: &Pattern, nth: Nth, event: usize) -> Truth {
    match others(timeline, pattern, nth.within, event) {
        Err(doubt) => Truth::Unsure(doubt),
        Ok(others) => {
            let (sure, possible, doubt) = count(&others);
            let needed = nth.count.saturating_sub(1) as usize;
            Truth::sure_or_no(sure >= needed, possible < needed, doubt)
        }
    }
}

/// When the first of the events that make the count of an event took place: the earliest of the
/// nearest ones before it.
pub(super) fn first_of_count(
    timeline: &Timeline,
    pattern: &Pattern,
    nth: Option<Nth>,
    event: usize,
) -> When {
    let when = timeline.when(event);
    let Some(nth) = nth else { return when };
    let Some(place) = (nth.count as usize).checked_sub(2) else {
        return when;
    };
    let others = others(timeline, pattern, nth.within, event).unwrap_or_default();
    let sure = others.iter().filter(|(_, truth)| truth.is_sure());
    let mut earliest: Vec<i64> = sure.map(|(when, _)| when.earliest).collect();
    let mut latest: Vec<i64> = others.iter().map(|(when, _)| when.latest).collect();
    earliest.sort_by(|a, b| b.cmp(a));
    latest.sort_by(|a, b| b.cmp(a));
    When {
        earliest: earliest.get(place).copied().unwrap_or(i64::MIN),
        latest: latest
            .get(place)
            .map_or(when.latest, |l| when.latest.min(*l)),
    }
}
