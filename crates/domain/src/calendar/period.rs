//! A time limit as a framework writes it: "24 hours", "10 working days", "6 weeks".

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    CalendarFault, Nation, add_working_days, add_working_days_as_known, days_after,
    end_of_london_day, hours_after, last_day_of_period_beginning_with, london_day, months_after,
    weeks_after,
};

/// How long somebody has. Written, read and shown in the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Period {
    /// Due on the day it is asked for: "immediately".
    Immediately,
    /// Clock hours from an instant.
    Hours(u32),
    /// Calendar days; the first day is not counted.
    Days(u32),
    /// Calendar days of which the first is day one: "56 days beginning with the day".
    DaysBeginningWith(u32),
    /// Working days; the first day is not counted.
    WorkingDays(u32),
    /// Weeks, to the same weekday.
    Weeks(u32),
    /// Months, to the same day of the month or that month's last.
    Months(u32),
}

impl Period {
    /// The last day of the period when it starts on `from`.
    ///
    /// # Errors
    /// [`CalendarFault::HoursFromDay`] for hours, which only an instant can start;
    /// otherwise as the counting functions of [`crate::calendar`].
    pub fn last_day(self, from: Date, nation: Nation) -> Result<Date, CalendarFault> {
        match self {
            Period::Immediately => Ok(from),
            Period::Hours(hours) => Err(CalendarFault::HoursFromDay { from, hours }),
            Period::Days(days) => days_after(from, days),
            Period::DaysBeginningWith(days) => last_day_of_period_beginning_with(from, days),
            Period::WorkingDays(days) => add_working_days(from, days, nation),
            Period::Weeks(weeks) => weeks_after(from, weeks),
            Period::Months(months) => months_after(from, months),
        }
    }

    /// As [`Period::last_day`], but working days are counted also where the bank holidays are
    /// not on record yet, as by [`add_working_days_as_known`].
    ///
    /// # Errors
    /// As [`Period::last_day`], save for [`CalendarFault::NoHolidayData`].
    pub fn last_day_as_known(self, from: Date, nation: Nation) -> Result<Date, CalendarFault> {
        match self {
            Period::WorkingDays(days) => add_working_days_as_known(from, days, nation),
            _ => self.last_day(from, nation),
        }
    }

    /// The instant from which the period has run out when it starts at `from`:
    /// hours are counted to the second, everything else ends with its last day in London.
    ///
    /// # Errors
    /// As the counting functions of [`crate::calendar`].
    pub fn deadline(self, from: Timestamp, nation: Nation) -> Result<Timestamp, CalendarFault> {
        match self {
            Period::Hours(hours) => hours_after(from, hours),
            _ => end_of_london_day(self.last_day(london_day(from), nation)?),
        }
    }
}

const BEGINNING_WITH: &str = " beginning with the day";

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (amount, unit, rest) = match *self {
            Period::Immediately => return f.write_str("immediately"),
            Period::Hours(n) => (n, "hour", ""),
            Period::Days(n) => (n, "day", ""),
            Period::DaysBeginningWith(n) => (n, "day", BEGINNING_WITH),
            Period::WorkingDays(n) => (n, "working day", ""),
            Period::Weeks(n) => (n, "week", ""),
            Period::Months(n) => (n, "month", ""),
        };
        let plural = if amount == 1 { "" } else { "s" };
        write!(f, "{amount} {unit}{plural}{rest}")
    }
}

/// Why a text is not a time limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodFault {
    /// Nothing a period can be read from.
    #[error(
        "not a time limit; write a number and its unit, such as `24 hours`, `7 days`, \
         `10 working days`, `6 weeks`, `3 months`, `56 days beginning with the day`, or `immediately`"
    )]
    Unreadable,
    /// Zero or less of something.
    #[error("a time limit has to be 1 or more, or `immediately`")]
    NotPositive,
}

impl FromStr for Period {
    type Err = PeriodFault;

    fn from_str(text: &str) -> Result<Period, PeriodFault> {
        let text = text.trim();
        if text == "immediately" {
            return Ok(Period::Immediately);
        }
        let (amount, unit) = text.split_once(' ').ok_or(PeriodFault::Unreadable)?;
        let amount: i64 = amount.parse().map_err(|_| PeriodFault::Unreadable)?;
        let make = maker(unit.trim()).ok_or(PeriodFault::Unreadable)?;
        if amount < 1 {
            return Err(PeriodFault::NotPositive);
        }
        u32::try_from(amount)
            .map(make)
            .map_err(|_| PeriodFault::Unreadable)
    }
}

fn maker(unit: &str) -> Option<fn(u32) -> Period> {
    Some(match unit {
        "hour" | "hours" => Period::Hours,
        "day" | "days" => Period::Days,
        "day beginning with the day" | "days beginning with the day" => Period::DaysBeginningWith,
        "working day" | "working days" => Period::WorkingDays,
        "week" | "weeks" => Period::Weeks,
        "month" | "months" => Period::Months,
        _ => return None,
    })
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodFault;

    fn try_from(text: String) -> Result<Period, PeriodFault> {
        text.parse()
    }
}
