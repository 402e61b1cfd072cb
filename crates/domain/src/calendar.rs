//! Counting days as the law and the framework count them.
//!
//! Three ways of counting meet here: clock hours (a child at risk does not wait
//! for office hours), calendar days, and working days. And two ways of reading a
//! period: "within N days of" leaves the first day out, "N days beginning with"
//! counts it. No clock is asked: every function is given the day or the instant.

use std::sync::OnceLock;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

pub mod bank_holiday;
mod period;
#[cfg(test)]
mod tests;

pub use period::{Period, PeriodFault};

/// The nation whose working days and handling standards apply to a force.
///
/// England and Wales share one list of bank holidays today; they are told apart
/// because the standards counted in working days are not the same in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nation {
    /// England.
    England,
    /// Wales.
    Wales,
}

impl Nation {
    fn bank_holidays(self) -> &'static [Date] {
        match self {
            Nation::England | Nation::Wales => &bank_holiday::ENGLAND_AND_WALES,
        }
    }
}

/// Why a day cannot be worked out. Never answered by a guess.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFault {
    /// Working days were asked for on a day the bank holidays are not known for.
    #[error(
        "{day} lies outside the bank holidays on record ({} to {}), so working days there \
         cannot be counted; add the missing years from https://www.gov.uk/bank-holidays",
        bank_holiday::FIRST_DAY,
        bank_holiday::LAST_DAY
    )]
    NoHolidayData {
        /// The day that was needed.
        day: Date,
    },
    /// The result lies beyond the years a date can hold.
    #[error(
        "{amount} {unit} from {from} lies beyond the last date that can be written; use a shorter period"
    )]
    OutOfRange {
        /// Where counting began.
        from: String,
        /// How many.
        amount: u32,
        /// Of what: hours, days, weeks, months.
        unit: &'static str,
    },
    /// A period "beginning with" a day holds at least that day.
    #[error("a period beginning with {from} holds at least that day; ask for 1 day or more")]
    EmptyPeriod {
        /// The day it would begin with.
        from: Date,
    },
    /// Hours were to be counted from a day, which has no hour.
    #[error(
        "{hours} hours cannot be counted from the day {from}, only from an instant; give the time as well"
    )]
    HoursFromDay {
        /// The day given.
        from: Date,
        /// The hours asked for.
        hours: u32,
    },
}

/// Whether people are at work on `day`: not a weekend, not a bank holiday.
///
/// # Errors
/// [`CalendarFault::NoHolidayData`] where the bank holidays of that day are not known.
pub fn is_working_day(day: Date, nation: Nation) -> Result<bool, CalendarFault> {
    if !(bank_holiday::FIRST_DAY..=bank_holiday::LAST_DAY).contains(&day) {
        return Err(CalendarFault::NoHolidayData { day });
    }
    let weekend = day.weekday().to_monday_one_offset() > 5;
    Ok(!weekend && nation.bank_holidays().binary_search(&day).is_err())
}

/// The last day of a limit of `days` working days: `from` is not counted, the
/// first working day after it is day one. Zero working days end on `from`.
///
/// # Errors
/// [`CalendarFault::NoHolidayData`] where counting leaves the known bank holidays.
pub fn add_working_days(from: Date, days: u32, nation: Nation) -> Result<Date, CalendarFault> {
    is_working_day(from, nation)?;
    let mut day = from;
    let mut left = days;
    while left > 0 {
        day = days_after(day, 1)?;
        if is_working_day(day, nation)? {
            left -= 1;
        }
    }
    Ok(day)
}

/// As [`add_working_days`], but where the bank holidays are not on record yet only weekends
/// are left out: the limit may then fall a day or two early, which [`holiday_note`] says where
/// it is shown. Work does not stop because a table ends.
///
/// # Errors
/// [`CalendarFault::OutOfRange`] beyond the last date that can be written.
pub fn add_working_days_as_known(
    from: Date,
    days: u32,
    nation: Nation,
) -> Result<Date, CalendarFault> {
    let works = |day: Date| {
        is_working_day(day, nation).unwrap_or(day.weekday().to_monday_one_offset() <= 5)
    };
    let mut day = from;
    let mut left = days;
    while left > 0 {
        day = days_after(day, 1)?;
        left -= u32::from(works(day));
    }
    Ok(day)
}

/// What is said after a limit counted by [`add_working_days_as_known`]: nothing where the bank
/// holidays were on record.
#[must_use]
pub fn holiday_note(limit: Date) -> &'static str {
    if limit > bank_holiday::LAST_DAY {
        " (the bank holidays of that year are not on record yet, so only weekends were left out: check the day)"
    } else {
        ""
    }
}

/// How many working days lie after `from`, up to and including `to`; none where
/// `to` is not after `from`.
///
/// # Errors
/// [`CalendarFault::NoHolidayData`] where either end leaves the known bank holidays.
pub fn working_days_between(from: Date, to: Date, nation: Nation) -> Result<u32, CalendarFault> {
    is_working_day(from, nation)?;
    is_working_day(to, nation)?;
    let mut count = 0;
    let mut day = from;
    while day < to {
        day = days_after(day, 1)?;
        count += u32::from(is_working_day(day, nation)?);
    }
    Ok(count)
}

/// The day `days` calendar days after `from`.
///
/// # Errors
/// [`CalendarFault::OutOfRange`] beyond the last date that can be written.
pub fn days_after(from: Date, days: u32) -> Result<Date, CalendarFault> {
    after(from, days, "days", Span::new().try_days(days))
}

/// The same weekday `weeks` weeks after `from`.
///
/// # Errors
/// [`CalendarFault::OutOfRange`] beyond the last date that can be written.
pub fn weeks_after(from: Date, weeks: u32) -> Result<Date, CalendarFault> {
    after(from, weeks, "weeks", Span::new().try_weeks(weeks))
}

/// The same day of the month `months` months after `from`, or that month's last
/// day where it is shorter: 30 November and three months give 28 February.
///
/// # Errors
/// [`CalendarFault::OutOfRange`] beyond the last date that can be written.
pub fn months_after(from: Date, months: u32) -> Result<Date, CalendarFault> {
    after(from, months, "months", Span::new().try_months(months))
}

fn after(
    from: Date,
    amount: u32,
    unit: &'static str,
    span: Result<Span, jiff::Error>,
) -> Result<Date, CalendarFault> {
    span.and_then(|span| from.checked_add(span))
        .map_err(|_| CalendarFault::OutOfRange {
            from: from.to_string(),
            amount,
            unit,
        })
}

/// The last day of a period of `days` days *beginning with* `first`: day one is
/// `first` itself, so 56 days beginning with 25 November 2016 end on 19 January 2017.
///
/// This is the wording of section 55(5A) of the Police Act 1996 for the local
/// policing body's comments.
///
/// # Errors
/// [`CalendarFault::EmptyPeriod`] for no days, [`CalendarFault::OutOfRange`] for too many.
pub fn last_day_of_period_beginning_with(first: Date, days: u32) -> Result<Date, CalendarFault> {
    match days.checked_sub(1) {
        Some(further) => days_after(first, further),
        None => Err(CalendarFault::EmptyPeriod { from: first }),
    }
}

/// The instant `hours` hours after `from`: elapsed hours, whatever the clocks do.
///
/// # Errors
/// [`CalendarFault::OutOfRange`] beyond the last instant that can be written.
pub fn hours_after(from: Timestamp, hours: u32) -> Result<Timestamp, CalendarFault> {
    from.checked_add(SignedDuration::from_hours(i64::from(hours)))
        .map_err(|_| CalendarFault::OutOfRange {
            from: from.to_string(),
            amount: hours,
            unit: "hours",
        })
}

/// The day it is in London at that instant.
#[must_use]
pub fn london_day(instant: Timestamp) -> Date {
    instant.to_zoned_datetime(london().clone()).date()
}

/// The first instant of a day in London.
///
/// # Errors
/// [`CalendarFault::OutOfRange`] at the very ends of the calendar.
pub fn first_instant_of(day: Date) -> Result<Timestamp, CalendarFault> {
    day.to_zoned_datetime(london().clone())
        .map(|midnight| midnight.timestamp())
        .map_err(|_| CalendarFault::OutOfRange {
            from: day.to_string(),
            amount: 0,
            unit: "hours",
        })
}

/// The first instant after a day in London: a limit that ends on `day` has run
/// out from this instant on.
///
/// # Errors
/// [`CalendarFault::OutOfRange`] at the very ends of the calendar.
pub fn end_of_london_day(day: Date) -> Result<Timestamp, CalendarFault> {
    first_instant_of(days_after(day, 1)?)
}

/// The time zone in which days begin and end, by its name in the IANA database.
pub const LONDON: &str = "Europe/London";

/// London's clock from the time zone rules built into the program: the machine's
/// own rules may be older, or missing, and would make the answer differ by host.
pub fn london() -> &'static TimeZone {
    static RULES: OnceLock<TimeZone> = OnceLock::new();
    RULES.get_or_init(|| {
        TimeZoneDatabase::bundled()
            .get(LONDON)
            .expect("the built-in time zone rules hold Europe/London")
    })
}
