//! The timeline of one case: what was recorded of its handling, and what a right check of it
//! finds.
//!
//! Every kept standard is kept, and every broken one broken, by a margin that leaves no doubt;
//! what would have happened after the last day is cut off, and verdicts that depend on it are
//! pending.

mod detention;
mod household;
mod investigation;
mod lifecycle;
mod missing;
mod offender;

use crate::calendar::{Calendar, DAY};
use crate::case::SuspectKey;
use crate::category::Category;
use crate::chance::Chance;
use crate::event::{Activity, Event};
use crate::handling::Handling;
use crate::situation::Situation;
use crate::standard::{Lapse, STANDARDS, Standard, Verdict};

/// Where a standard is broken by leaving something undone, how often it is left for good.
const NEVER: f64 = 0.35;
/// How often an event that may bear a date only does so.
const DATE_ONLY: f64 = 0.45;

/// A timeline being made.
pub(crate) struct Timeline<'a> {
    calendar: &'a Calendar,
    cutoff: i64,
    opened_at: i64,
    situation: &'a Situation,
    handling: &'a Handling,
    chance: Chance,
    pub(crate) suspect_keys: [SuspectKey; 2],
    events: Vec<Event>,
    verdicts: [Verdict; STANDARDS],
    /// The latest event so far; the case is not closed before it.
    busy_until: i64,
    assessed_at: Option<i64>,
    /// The last visit to the offender, and by when the next is due.
    next_visit_due: Option<(i64, i64)>,
}

/// What is due under a standard: by when, and when it is done if it is done on time or late.
struct Due {
    by: i64,
    on_time: i64,
    late: i64,
}

impl<'a> Timeline<'a> {
    pub(crate) fn new(
        calendar: &'a Calendar,
        cutoff: i64,
        opened_at: i64,
        situation: &'a Situation,
        handling: &'a Handling,
        chance: Chance,
    ) -> Self {
        Self {
            calendar,
            cutoff,
            opened_at,
            situation,
            handling,
            chance,
            suspect_keys: [SuspectKey(0); 2],
            events: Vec::with_capacity(24),
            verdicts: [Verdict::NotApplicable; STANDARDS],
            busy_until: opened_at,
            assessed_at: None,
            next_visit_due: None,
        }
    }

    /// The events in order of time, the verdicts, and when the case was closed if it stands so.
    pub(crate) fn build(mut self) -> (Vec<Event>, [Verdict; STANDARDS], Option<i64>) {
        self.receive();
        self.allocate();
        self.assess();
        self.see_child();
        self.record_crime();
        self.identify_suspects();
        self.discuss();
        match self.situation.category {
            Category::PoliceProtection => self.protect(),
            Category::Detention => self.detain(),
            _ => {}
        }
        self.go_missing();
        self.agree_plan();
        self.manage_offender();
        let closed_at = self.close();
        self.judge_allocations();
        let cutoff = self.cutoff;
        self.events.retain(|event| event.at < cutoff);
        self.events.sort_by_key(|event| event.at);
        (self.events, self.verdicts, closed_at)
    }

    fn breaks(&self, standard: Standard) -> bool {
        self.handling.breaks(standard)
    }

    /// Logs something that happened at this instant.
    fn log(&mut self, activity: Activity, at: i64) -> &mut Event {
        let delay = match self.chance.weighted(&[0.70, 0.25, 0.05]) {
            0 => self.chance.between(60, 5_400),
            1 => self.chance.hours(1.5, 30.0),
            _ => self.chance.days(2.0, 9.0),
        };
        self.busy_until = self.busy_until.max(at);
        let place = self.events.len();
        self.events.push(Event {
            activity,
            suspect_key: None,
            risk: None,
            agency: None,
            outcome: None,
            at,
            day: self.calendar.day_of(at) as i32,
            date_only: false,
            // What was entered after the last day is not known on it.
            recorded_at: (at + delay).min(self.cutoff - 1),
        });
        &mut self.events[place]
    }

    /// Logs something of which often only the day is recorded; gives the instant it counts from.
    fn log_day(&mut self, activity: Activity, at: i64) -> i64 {
        let date_only = self.chance.happens(DATE_ONLY);
        let counted = if date_only {
            self.calendar.start_of(self.calendar.day_of(at))
        } else {
            at
        };
        let event = self.log(activity, at);
        event.at = counted;
        event.date_only = date_only;
        counted
    }

    /// Does what a standard asks for: on time, or where the standard is broken late or never.
    fn respond(&mut self, standard: Standard, activated_at: i64, due: Due) -> Option<i64> {
        self.respond_or_never(standard, activated_at, due, NEVER)
    }

    fn respond_or_never(
        &mut self,
        standard: Standard,
        activated_at: i64,
        due: Due,
        never: f64,
    ) -> Option<i64> {
        debug_assert!(activated_at < due.on_time && due.on_time <= due.by && due.by < due.late);
        let broken = self.breaks(standard);
        let done_at = if !broken {
            Some(due.on_time)
        } else if self.chance.happens(never) {
            None
        } else {
            Some(due.late)
        };
        if let Some(at) = done_at {
            self.log(standard.expected(), at);
        }
        self.judge(standard, activated_at, due.by, done_at);
        done_at
    }

    /// Notes what a check finds where something is due by an instant and was done at another.
    fn judge(&mut self, standard: Standard, activated_at: i64, by: i64, done_at: Option<i64>) {
        if activated_at >= self.cutoff {
            return;
        }
        let known = done_at.filter(|at| *at < self.cutoff);
        let verdict = match known {
            Some(at) if at <= by => Verdict::Met,
            _ if by >= self.cutoff => Verdict::Pending,
            Some(_) => Verdict::Missed(Lapse::Late),
            None => Verdict::Missed(Lapse::Missing),
        };
        self.note(standard, verdict);
    }

    fn note(&mut self, standard: Standard, verdict: Verdict) {
        let noted = &mut self.verdicts[standard as usize];
        *noted = verdict.max(*noted);
    }

    /// Some time in office hours on the `count`th working day after an instant.
    fn working_time_after(&mut self, at: i64, low: i64, high: i64) -> i64 {
        let count = self.chance.between(low, high) as u32;
        let day = self
            .calendar
            .working_day_after(self.calendar.day_of(at), count);
        self.calendar.at(day, self.chance.hours(9.5, 16.5))
    }

    fn days_after(&mut self, at: i64, low: f64, high: f64) -> i64 {
        at + self.chance.days(low, high)
    }

    fn hours_after(&mut self, at: i64, low: f64, high: f64) -> i64 {
        at + self.chance.hours(low, high)
    }
}

/// The instant this many days after another.
const fn plus_days(at: i64, days: i64) -> i64 {
    at + days * DAY
}

/// The instant this many hours after another.
const fn plus_hours(at: i64, hours: i64) -> i64 {
    at + hours * 3_600
}
