//! When a standard applies.

use std::cmp::Ordering;

use super::super::plan::{Clock, Form, LimitId, NthForm, PatternId, Rule, TriggerForm};
use super::super::timeline::Hit;
use super::super::truth::{Truth, before, is_faulty};
use super::look::Look;
use super::{Found, Judgement};
use crate::event::When;
use crate::verdict::Doubt;

/// Whether a standard applies to an event, and the limit that its value chooses.
#[derive(Clone, Copy)]
pub(super) struct Activation {
    pub(super) truth: Truth,
    pub(super) limit: Option<LimitId>,
}

/// Whether a standard applies to an event of its pattern without more.
pub(super) fn of(rule: &Rule, look: &Look, hit: Hit) -> Truth {
    let when = look.when(hit.place);
    if is_faulty(when) {
        hit.truth.and(Truth::unsure(Doubt::FaultyRow))
    } else {
        hit.truth.and(in_force(rule, look, when))
    }
}

/// Whether a standard applies to the event at a place of its trigger's list.
pub(super) fn of_trigger(
    rule: &Rule,
    trigger: TriggerForm,
    clock: Option<&Clock>,
    look: &Look,
    place: usize,
) -> Activation {
    let hits = look.hits(trigger.pattern);
    let hit = hits[place];
    let (has_limit, limit) = limit_of(clock, look, hit);
    let truth = of(rule, look, hit).and(has_limit);
    let truth = match trigger.nth {
        Some(nth) if !truth.is_no() && !is_faulty(look.when(hit.place)) => {
            truth.and(is_nth(nth, look, hits, place))
        }
        _ => truth,
    };
    Activation { truth, limit }
}

/// What would activate the standard if it had its key cannot be told.
pub(super) fn judge_without_key(rule: &Rule, look: &Look, to: &mut Found) {
    let clock = match &rule.form {
        Form::Response(form) => Some(&form.clock),
        Form::NotWithin(form) => Some(&form.clock),
        _ => None,
    };
    for hit in look.hits(rule.form.activation()) {
        let truth = of(rule, look, *hit).and(limit_of(clock, look, *hit).0);
        if !truth.is_no() {
            to.push(hit.place, Judgement::cannot_tell(Doubt::MissingValue));
        }
    }
}

/// Whether the standard was in force on the day of an event.
pub(super) fn in_force(rule: &Rule, look: &Look, when: When) -> Truth {
    let (from, to) = rule.in_force;
    if (from, to) == (i64::MIN, i64::MAX) {
        return Truth::SURE;
    }
    let known = |instant| look.plan.calendar.place(instant).is_ok();
    if !known(when.earliest) || !(when.is_exact() || known(when.latest)) {
        return Truth::unsure(Doubt::NoCalendar);
    }
    Truth::sure_or_no(
        from <= when.earliest && when.latest <= to,
        when.latest < from || to < when.earliest,
        || Doubt::OrderWithinDay,
    )
}

/// Whether a limit is meant for this event, and which.
pub(super) fn limit_of(clock: Option<&Clock>, look: &Look, hit: Hit) -> (Truth, Option<LimitId>) {
    match clock {
        None => (Truth::SURE, None),
        Some(Clock::One(limit)) => (Truth::SURE, Some(*limit)),
        Some(Clock::ByClass { attribute, limits }) => {
            let class = usize::from(look.timelines.class(*attribute, hit.place));
            match (class, limits.get(class).copied().flatten()) {
                (0, _) => (Truth::unsure(Doubt::MissingValue), None),
                (_, None) => (Truth::NO, None),
                (_, limit) => (Truth::SURE, limit),
            }
        }
    }
}

fn is_nth(nth: NthForm, look: &Look, hits: &[Hit], place: usize) -> Truth {
    let needed = nth.count.saturating_sub(1);
    match Count::up_to(needed, nth.within, look, hits, place) {
        Err(doubt) => Truth::unsure(doubt),
        Ok(count) => Truth::sure_or_no(count.sure >= needed, count.possible < needed, || {
            count.doubt
        }),
    }
}

/// How many others of a pattern come before an event within a period.
pub(super) struct Count {
    /// Surely; as many as were needed are enough.
    pub(super) sure: u32,
    /// Surely or unsurely.
    pub(super) possible: u32,
    /// Why it is not sure of the others.
    pub(super) doubt: Doubt,
}

impl Count {
    /// Counts until so many are sure.
    pub(super) fn up_to(
        needed: u32,
        within: Option<LimitId>,
        look: &Look,
        hits: &[Hit],
        place: usize,
    ) -> Result<Self, Doubt> {
        let mut count = Count {
            sure: 0,
            possible: 0,
            doubt: Doubt::OrderWithinDay,
        };
        for (_, truth) in others(within, look, hits, place)? {
            if count.sure >= needed {
                break;
            }
            count.possible += 1;
            match truth.doubt() {
                Some(doubt) => count.doubt = count.doubt.max(doubt),
                None => count.sure += 1,
            }
        }
        Ok(count)
    }
}

/// The others of a pattern that surely or unsurely come before an event and are not earlier than a
/// period before it, the latest first.
fn others<'a>(
    within: Option<LimitId>,
    look: &'a Look,
    hits: &'a [Hit],
    place: usize,
) -> Result<impl Iterator<Item = (When, Truth)> + use<'a>, Doubt> {
    let event = hits[place];
    let when = look.when(event.place);
    let begin = match within {
        None => When::at(i64::MIN),
        Some(limit) => look.back_from(when, limit).map_err(|_| Doubt::NoCalendar)?,
    };
    let counts = move |other: Hit| {
        let time = look.when(other.place);
        let truth = other
            .truth
            .and(comes_first(look, other, event))
            .and(before(time, begin).not());
        (time, truth)
    };
    Ok(look
        .between(hits, begin.earliest, when.latest)
        .rev()
        .filter(move |other| other.place != event.place)
        .map(counts)
        .filter(|(_, truth)| !truth.is_no()))
}

/// Whether one of two events of a pattern comes first. At one instant they come in the order of
/// activities, then of the timeline if both are surely of the pattern.
fn comes_first(look: &Look, one: Hit, other: Hit) -> Truth {
    let (a, b) = (look.when(one.place), look.when(other.place));
    let activity = |hit: Hit| look.timelines.activity(hit.place);
    match activity(one).cmp(&activity(other)) {
        Ordering::Less if a.latest == b.earliest => Truth::SURE,
        Ordering::Greater if b.latest == a.earliest => Truth::NO,
        Ordering::Equal if a == b && a.is_exact() => match one.truth.and(other.truth) {
            Truth::SURE => Truth::of(one.place < other.place),
            unsure => unsure,
        },
        _ => Truth::sure_or_no(a.latest < b.earliest, b.latest < a.earliest, || {
            before(a, b).doubt().unwrap_or(Doubt::OrderWithinDay)
        }),
    }
}

/// When the first of the events that make the count of an event took place.
pub(super) fn first_of_count(trigger: TriggerForm, look: &Look, place: usize) -> When {
    let hits = look.hits(trigger.pattern);
    let when = look.when(hits[place].place);
    let Some(nth) = trigger.nth.filter(|nth| nth.count >= 2) else {
        return when;
    };
    let back = nth.count as usize - 2;
    let Ok(found) = others(nth.within, look, hits, place) else {
        return when;
    };
    let found: Vec<(When, Truth)> = found.collect();
    let sure = found.iter().filter(|(_, truth)| truth.is_sure());
    let mut earliest: Vec<i64> = sure.map(|(when, _)| when.earliest).collect();
    let mut latest: Vec<i64> = found.iter().map(|(when, _)| when.latest).collect();
    earliest.sort_unstable_by(|a, b| b.cmp(a));
    latest.sort_unstable_by(|a, b| b.cmp(a));
    When {
        earliest: earliest.get(back).copied().unwrap_or(i64::MIN),
        latest: latest
            .get(back)
            .map_or(when.latest, |latest| when.latest.min(*latest)),
    }
}

/// As [`of_trigger`] and [`first_of_count`] where all events of the trigger are sure and their times
/// recorded: the activation, and the instant at which the first of its count took place.
pub(super) fn of_plain_trigger(
    rule: &Rule,
    trigger: TriggerForm,
    clock: Option<&Clock>,
    look: &Look,
    place: usize,
) -> (Activation, i64) {
    let list = look.hits(trigger.pattern);
    let at = look.at(list[place]);
    let slow = || (of_trigger(rule, trigger, clock, look, place), at);
    let (has_limit, limit) = limit_of(clock, look, list[place]);
    let plain = has_limit.is_sure() && in_force(rule, look, When::at(at)).is_sure();
    if !plain || is_faulty(When::at(at)) {
        return slow();
    }
    let sure = |first| {
        let truth = Truth::SURE;
        (Activation { truth, limit }, first)
    };
    let Some(nth) = trigger.nth.filter(|nth| nth.count >= 2) else {
        return sure(at);
    };
    let begin = match nth.within.map(|limit| look.back(at, limit)) {
        None => i64::MIN,
        Some(Ok(begin)) => begin,
        Some(Err(_)) => return slow(),
    };
    match place.checked_sub(nth.count as usize - 1) {
        Some(first) if look.at(list[first]) >= begin => sure(look.at(list[first])),
        _ => {
            let truth = Truth::NO;
            (Activation { truth, limit }, at)
        }
    }
}

/// Whether the events of these patterns are all sure and their times recorded.
pub(super) fn all_plain<const COUNT: usize>(look: &Look, patterns: [PatternId; COUNT]) -> bool {
    patterns.iter().all(|pattern| look.is_plain(*pattern))
}
