//! Where the telling of the story stands: who acts, when, and what was made so far.

use super::Scale;
use super::dice::Dice;
use super::people::{People, Who};
use super::progress::Progress;
use crate::app::{App, Call};
use crate::web::moment;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use std::fmt;
use std::sync::Arc;

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// Rows of the published record.
    pub published: usize,
    /// Inspections and follow-up rounds.
    pub inspections: usize,
    /// Cases on their case lists.
    pub cases: usize,
    /// Cases drawn.
    pub drawn: usize,
    /// Audits submitted.
    pub audits: usize,
    /// Cases sent straight back.
    pub referrals: usize,
    /// Recommendations.
    pub recommendations: usize,
    /// Reports published.
    pub reports: usize,
    /// Entries in the journal.
    pub entries: u64,
}

impl fmt::Display for Made {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: [(u64, &str); 9] = [
            (self.published as u64, "rows of the real published record"),
            (self.inspections as u64, "inspections and follow-up rounds"),
            (self.cases as u64, "cases on their lists"),
            (self.drawn as u64, "cases drawn"),
            (self.audits as u64, "audits submitted"),
            (self.referrals as u64, "cases sent straight back"),
            (self.recommendations as u64, "recommendations"),
            (self.reports as u64, "reports published"),
            (self.entries, "entries in the journal"),
        ];
        for (count, what) in lines {
            writeln!(out, "{count:>8}  {what}")?;
        }
        Ok(())
    }
}

/// The story as it is told.
#[derive(Debug)]
pub struct Story<'p> {
    /// The program.
    pub app: Arc<App>,
    /// Who there is.
    pub people: People,
    /// How much of everything.
    pub scale: Scale,
    /// Where chance began.
    pub seed: u64,
    /// Small choices.
    pub dice: Dice,
    /// What was made so far.
    pub made: Made,
    /// Tells the person who waits.
    pub progress: &'p Progress,
    /// The present.
    pub now: Timestamp,
}

impl Story<'_> {
    /// Somebody acts at a time.
    pub fn call(&self, who: Who, at: Timestamp) -> Call {
        self.app.call(self.people.actor(who), at)
    }

    /// The day so many days ago.
    pub fn day(&self, days_ago: i64) -> Date {
        crate::app::london_day(self.now).saturating_sub(Span::new().days(days_ago))
    }

    /// A time of day in London so many days ago, but never later than now.
    pub fn on(&self, days_ago: i64, time: &str) -> Timestamp {
        let there = moment::read(&self.day(days_ago).to_string(), time);
        there.unwrap_or(self.now).min(self.now)
    }

    /// So many minutes ago.
    pub fn minutes_ago(&self, minutes: i64) -> Timestamp {
        self.now - SignedDuration::from_mins(minutes)
    }
}
