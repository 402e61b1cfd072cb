//! By when.

use crate::vocabulary::AttributeId;

/// A length of time, and how it is counted. [`Calendar`](crate::calendar::Calendar) counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
    /// Whether the period begins with the day on which it starts, which is its first day; of
    /// calendar days, weeks, months and years only.
    pub beginning_with_the_day: bool,
}

/// What a limit is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Elapsed minutes.
    Minutes,
    /// Elapsed hours: the 24 hours of `within 24 hours` run through a change of the clocks.
    Hours,
    /// Elapsed days of 24 hours: `within 7 days`.
    Days,
    /// Civil days, to the end of the last: `within 7 calendar days`.
    CalendarDays,
    /// Working days, to the end of the last; the day of the start does not count.
    WorkingDays,
    /// Civil weeks, to the end of the last day.
    CalendarWeeks,
    /// Months, to the end of the day of the same number, or the month's last where there is none.
    Months,
    /// Years, in the same manner.
    Years,
}

impl Unit {
    /// Whether it is counted in elapsed time, so that a clock may stop and go on.
    pub const fn is_elapsed(self) -> bool {
        matches!(self, Unit::Minutes | Unit::Hours | Unit::Days)
    }
}

/// The limit, or one for each value of an attribute of the trigger.
#[derive(Clone, Debug, PartialEq)]
pub enum Limits {
    /// The same for all.
    One(Limit),
    /// `within 31 days where risk is VH, 92 days where risk is H`. A trigger with another value is
    /// no activation; one without a value cannot be told.
    ByValue {
        /// The attribute.
        attribute: AttributeId,
        /// For each set of values, the limit.
        limits: Vec<(Vec<String>, Limit)>,
    },
}
