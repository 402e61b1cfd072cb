//! The clocks of a referral, in figures and in words.

use super::{Referral, State};
use crate::code::coded;
use jiff::{SignedDuration, Timestamp};

coded! {
    /// What is waited for.
    ClockName "clock" {
        /// That the force confirms it has the referral.
        Acknowledgement "acknowledgement" "Acknowledgement",
        /// The first step that protects the child.
        ProtectiveStep "protective-step" "First protective step",
        /// The full answer.
        Answer "answer" "Answer",
    }
}

impl ClockName {
    /// What was done when it stopped.
    fn done(self) -> &'static str {
        match self {
            ClockName::Acknowledgement => "Acknowledged",
            ClockName::ProtectiveStep => "First protective step taken",
            ClockName::Answer => "Answered",
        }
    }
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClockState {
    /// Time is left.
    Running,
    /// At most a quarter of the time is left.
    Soon,
    /// Its limit has passed and it still runs.
    RunOut,
    /// What it waited for came in time.
    StoppedInTime,
    /// What it waited for came after its limit.
    StoppedLate,
}

/// One clock of a referral, seen at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// What it waits for.
    pub name: ClockName,
    /// When it began to run.
    pub from: Timestamp,
    /// The last moment that is in time.
    pub limit: Timestamp,
    /// When it stopped.
    pub stopped_at: Option<Timestamp>,
    /// How it stands.
    pub state: ClockState,
    /// The moment at which it is seen.
    pub now: Timestamp,
}

impl Referral {
    /// Its clocks at a moment, soonest first. None of a withdrawn referral.
    pub fn clocks(&self, now: Timestamp) -> Vec<Clock> {
        if self.state == State::Withdrawn {
            return Vec::new();
        }
        let clock = |name, from, limit, stopped_at| Clock {
            name,
            from,
            limit,
            stopped_at,
            state: state(from, limit, stopped_at, now),
            now,
        };
        vec![
            clock(
                ClockName::Acknowledgement,
                self.raised_at,
                self.acknowledge_by,
                self.acknowledged_at,
            ),
            clock(
                ClockName::ProtectiveStep,
                self.raised_at,
                self.protect_by,
                self.protected_at,
            ),
            clock(
                ClockName::Answer,
                self.answer_from,
                self.answer_by,
                self.answered_at,
            ),
        ]
    }
}

fn state(
    from: Timestamp,
    limit: Timestamp,
    stopped_at: Option<Timestamp>,
    now: Timestamp,
) -> ClockState {
    match stopped_at {
        Some(stopped) if stopped <= limit => ClockState::StoppedInTime,
        Some(_) => ClockState::StoppedLate,
        None if now > limit => ClockState::RunOut,
        None if limit.duration_since(now) <= limit.duration_since(from) / 4 => ClockState::Soon,
        None => ClockState::Running,
    }
}

impl Clock {
    /// How it stands, for a page: `Answer due in 3 days`.
    pub fn in_words(&self) -> String {
        match (self.state, self.stopped_at) {
            (ClockState::RunOut, _) => format!(
                "{} {} past its limit",
                self.name.title(),
                span_in_words(self.now.duration_since(self.limit))
            ),
            (ClockState::StoppedLate, Some(stopped)) => format!(
                "{} {} past the limit",
                self.name.done(),
                span_in_words(stopped.duration_since(self.limit))
            ),
            (_, Some(stopped)) if stopped <= self.from => {
                format!("{} already", self.name.done())
            }
            (_, Some(stopped)) => format!(
                "{} after {}",
                self.name.done(),
                span_in_words(stopped.duration_since(self.from))
            ),
            (_, None) => format!(
                "{} due in {}",
                self.name.title(),
                span_in_words(self.limit.duration_since(self.now))
            ),
        }
    }

    /// The share of its time that was used when it stopped, or until now; above 1 past the
    /// limit.
    pub fn share_used(&self) -> f64 {
        let whole = self.limit.duration_since(self.from).as_secs_f64();
        let used = self
            .stopped_at
            .unwrap_or(self.now)
            .duration_since(self.from);
        if whole > 0.0 {
            (used.as_secs_f64() / whole).max(0.0)
        } else {
            1.0
        }
    }
}

/// A span in its largest fitting unit, never more than it is: `40 minutes`, `5 hours`,
/// `3 days`. Hours up to two days, because a day is long for a child at risk.
pub fn span_in_words(span: SignedDuration) -> String {
    let minutes = span.as_mins();
    let hours = span.as_hours();
    match (minutes, hours) {
        (..1, _) => "less than a minute".into(),
        (..60, _) => counted(minutes, "minute"),
        (_, ..48) => counted(hours, "hour"),
        _ => counted(hours / 24, "day"),
    }
}

fn counted(number: i64, unit: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{ending}")
}
