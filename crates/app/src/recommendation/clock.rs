//! Clocks in words and shapes: how long is left, or for how long it has run out.

use crate::app::london_day;
use crate::store::Text;
use jiff::civil::Date;
use jiff::{SpanRelativeTo, Timestamp, Unit};

/// A clock, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// What it says.
    pub words: String,
    /// How it stands.
    pub standing: ClockStanding,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockStanding {
    /// Its limit is over and nothing stopped it.
    RunOut,
    /// It runs out within two weeks.
    Soon,
    /// It runs.
    Running,
    /// It was stopped, too late.
    StoppedLate,
    /// It was stopped in time.
    Stopped,
}

const SOON_DAYS: i64 = 14;

impl Clock {
    /// The classes of its shape.
    pub fn classes(&self) -> &'static str {
        match self.standing {
            ClockStanding::RunOut => "tl-clock tl-clock--run-out",
            ClockStanding::Soon => "tl-clock tl-clock--soon",
            ClockStanding::Running => "tl-clock tl-clock--running",
            ClockStanding::StoppedLate => "tl-clock tl-clock--missed-then-met",
            ClockStanding::Stopped => "tl-clock tl-clock--stopped",
        }
    }

    /// The same with a capital letter at the start, for a clock without a noun.
    #[must_use]
    pub fn capitalised(mut self) -> Self {
        self.words = crate::wording::capital(self.words.trim_start());
        self
    }

    /// Whether it has run out.
    pub fn has_run_out(&self) -> bool {
        self.standing == ClockStanding::RunOut
    }

    /// A limit that ends with a day. `noun` begins the sentence: `Plan`.
    pub fn until_day(noun: &str, due: Date, today: Date) -> Self {
        let left = days_between(today, due);
        let (words, standing) = match left {
            ..0 => (
                format!("{noun} overdue by {}", days(-left)),
                ClockStanding::RunOut,
            ),
            0 => (format!("{noun} due today"), ClockStanding::Soon),
            1..=SOON_DAYS => (format!("{noun} due in {}", days(left)), ClockStanding::Soon),
            _ => (
                format!("{noun} due in {}", days(left)),
                ClockStanding::Running,
            ),
        };
        Clock { words, standing }
    }

    /// A limit that ended with a day and was stopped on another.
    pub fn stopped(noun: &str, due: Date, on: Date) -> Self {
        let late = days_between(due, on);
        if late > 0 {
            Clock {
                words: format!("{noun} {}, {} late", in_words(on), days(late)),
                standing: ClockStanding::StoppedLate,
            }
        } else {
            Clock {
                words: format!("{noun} {}, in time", in_words(on)),
                standing: ClockStanding::Stopped,
            }
        }
    }

    /// A limit that ends at a moment.
    pub fn until(noun: &str, by: Timestamp, now: Timestamp) -> Self {
        let hours = nearest_hours(now.min(by), now.max(by));
        let span = if hours == 0 {
            "less than an hour".into()
        } else if hours < 48 {
            plural(hours, "hour")
        } else {
            days(hours / 24)
        };
        if by < now {
            Clock {
                words: format!("{noun} overdue by {span}"),
                standing: ClockStanding::RunOut,
            }
        } else {
            Clock {
                words: format!("{noun} due in {span}"),
                standing: if hours <= 24 {
                    ClockStanding::Soon
                } else {
                    ClockStanding::Running
                },
            }
        }
    }
}

/// The nearest whole number of hours from one moment to a later one.
fn nearest_hours(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_second() - from.as_second() + 1_800) / 3_600
}

/// Whole days from one day to another; negative when it lies before.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to))
        .and_then(|span| span.total((Unit::Day, SpanRelativeTo::days_are_24_hours())))
        .map_or(0, |days| days as i64)
}

/// `1 day`, `12 days`.
pub fn days(count: i64) -> String {
    plural(count, "day")
}

fn plural(count: i64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", crate::inspection::line::thousands(count))
    }
}

/// `25 November 2016`.
pub fn in_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// The day in London of a stored moment, in words.
pub fn day_of(moment: &Text<Timestamp>) -> String {
    in_words(london_day(moment.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DUE: Date = date(2017, 1, 19);

    #[test]
    fn last_day_is_still_in_time() {
        let on = |day| Clock::until_day("Plan", DUE, day);
        assert_eq!(on(DUE).words, "Plan due today");
        assert!(!on(DUE).has_run_out());
        let over = on(date(2017, 1, 20));
        assert_eq!(over.words, "Plan overdue by 1 day");
        assert!(over.has_run_out());
        assert_eq!(on(date(2016, 11, 25)).words, "Plan due in 55 days");
        assert_eq!(on(date(2016, 11, 25)).standing, ClockStanding::Running);
        assert_eq!(on(date(2017, 1, 5)).standing, ClockStanding::Soon);
    }

    #[test]
    fn stopped_clock_says_whether_in_time() {
        assert_eq!(
            Clock::stopped("Begun", DUE, DUE).standing,
            ClockStanding::Stopped
        );
        assert_eq!(
            Clock::stopped("Begun", DUE, date(2017, 1, 21)).words,
            "Begun 21 January 2017, 2 days late"
        );
    }

    #[test]
    fn hours_become_days_after_two() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = at("2026-02-02T09:00:00Z");
        assert_eq!(
            Clock::until("Answer", at("2026-02-02T08:00:00Z"), now).words,
            "Answer overdue by 1 hour"
        );
        assert_eq!(
            Clock::until("Answer", at("2026-02-05T09:00:00Z"), now).words,
            "Answer due in 3 days"
        );
    }
}
