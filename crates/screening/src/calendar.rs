//! Days, working days and deadlines in one time zone, from tables.

use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::event::When;
use crate::standard::{Limit, Unit};

/// Microseconds in an hour.
const HOUR: i64 = 3_600_000_000;
/// Microseconds in a day without a change of the clocks.
const DAY: i64 = 24 * HOUR;
/// The first and the last year of the tables.
const YEARS: (i16, i16) = (1950, 2100);

/// The bank holidays of a nation, and the days between which they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankHolidays {
    /// The first day of which it is known whether it is one.
    pub known_from: Date,
    /// The last.
    pub known_to: Date,
    /// The holidays, in any order.
    pub days: Vec<Date>,
}

/// Why a calendar cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The zone is not known.
    #[error("the time zone `{zone}` is not known; write one such as Europe/London")]
    UnknownZone {
        /// As it was given.
        zone: String,
    },
}

/// Why a deadline cannot be counted. Never answered by a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountFault {
    /// The bank holidays of the time are not known.
    #[error("the bank holidays of these days are not known")]
    NoHolidays,
    /// The days lie outside the years 1950 to 2100.
    #[error("the days lie outside the years 1950 to 2100")]
    OutOfRange,
}

/// Days and working days in one time zone. Instants are microseconds since 1970 (UTC).
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Days since 1970 of the first day of the tables.
    first: i64,
    /// The instant at which each day begins, and one more.
    starts: Vec<i64>,
    /// Working days up to and including each day, counted from the first known one.
    working: Vec<u32>,
    /// The places of the days between which working days are known.
    known: (usize, usize),
}

impl Calendar {
    /// A calendar of a zone of the IANA database, with the bank holidays of a nation.
    ///
    /// # Errors
    ///
    /// Where the zone is not known.
    pub fn new(zone: &str, holidays: &BankHolidays) -> Result<Self, CalendarError> {
        let zone = TimeZone::get(zone).map_err(|_| CalendarError::UnknownZone {
            zone: zone.to_owned(),
        })?;
        let days = || days_of(YEARS.0, YEARS.1);
        let first = epoch_day(date(YEARS.0, 1, 1));
        let starts = days()
            .chain(std::iter::once(date(YEARS.1 + 1, 1, 1)))
            .map(|day| start_of(day, &zone))
            .collect();
        let free: std::collections::HashSet<Date> = holidays.days.iter().copied().collect();
        let mut count = 0;
        let working = days()
            .map(|day| {
                let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
                count += u32::from(!weekend && !free.contains(&day));
                count
            })
            .collect();
        let place = |day: Date| (epoch_day(day) - first).clamp(0, i64::MAX) as usize;
        Ok(Self {
            first,
            starts,
            working,
            known: (place(holidays.known_from), place(holidays.known_to)),
        })
    }

    /// The whole of a day.
    ///
    /// # Errors
    ///
    /// Where it lies outside the tables.
    pub fn day(&self, day: Date) -> Result<When, CountFault> {
        let place =
            usize::try_from(epoch_day(day) - self.first).map_err(|_| CountFault::OutOfRange)?;
        Ok(When {
            earliest: self.start(place)?,
            latest: self.end(place)?,
        })
    }

    /// The first instant after a day: what is known at the end of that day happened before it.
    ///
    /// # Errors
    ///
    /// Where the day lies outside the tables.
    pub fn end_of(&self, day: Date) -> Result<i64, CountFault> {
        Ok(self.day(day)?.latest + 1)
    }

    /// The day on which an instant lies.
    ///
    /// # Errors
    ///
    /// Where it lies outside the tables.
    pub fn date_of(&self, instant: i64) -> Result<Date, CountFault> {
        Ok(date_at(self.first + self.place(instant)? as i64))
    }

    /// The last instant that is within the limit from this one.
    ///
    /// # Errors
    ///
    /// Where the bank holidays that are needed are not known, or the years are outside the tables.
    pub fn deadline(&self, from: i64, limit: Limit) -> Result<i64, CountFault> {
        let amount = i64::from(limit.amount);
        if let Some(length) = elapsed(limit) {
            return from.checked_add(length).ok_or(CountFault::OutOfRange);
        }
        let place = self.place(from)?;
        let last = match limit.unit {
            Unit::WorkingDays => self.working_day_after(place, limit.amount)?,
            Unit::Months | Unit::Years => self.months_from(place, limit, 1)?,
            Unit::CalendarWeeks => self.moved(place, 7 * amount)?,
            _ => self.moved(place, amount)?,
        };
        let last = if limit.beginning_with_the_day {
            self.moved(last, -1)?
        } else {
            last
        };
        self.end(last)
    }

    /// The first instant that is within the limit before this one.
    ///
    /// # Errors
    ///
    /// As [`deadline`](Self::deadline).
    pub fn back(&self, from: i64, limit: Limit) -> Result<i64, CountFault> {
        let amount = i64::from(limit.amount);
        if let Some(length) = elapsed(limit) {
            return from.checked_sub(length).ok_or(CountFault::OutOfRange);
        }
        let place = self.place(from)?;
        let first = match limit.unit {
            Unit::WorkingDays => self.working_day_before(place, limit.amount)?,
            Unit::Months | Unit::Years => self.months_from(place, limit, -1)?,
            Unit::CalendarWeeks => self.moved(place, -7 * amount)?,
            _ => self.moved(place, -amount)?,
        };
        let first = if limit.beginning_with_the_day {
            self.moved(first, 1)?
        } else {
            first
        };
        self.start(first)
    }

    /// The number of days in the tables.
    pub(crate) fn days(&self) -> usize {
        self.working.len()
    }

    /// The date of the day at a place in the tables.
    pub(crate) fn date_at(&self, place: usize) -> Date {
        date_at(self.first + place as i64)
    }

    /// The place in the tables of the day on which an instant lies.
    pub(crate) fn place(&self, instant: i64) -> Result<usize, CountFault> {
        let guess = usize::try_from(instant.div_euclid(DAY) - self.first)
            .map_err(|_| CountFault::OutOfRange)?;
        if instant < self.start(guess)? {
            return guess.checked_sub(1).ok_or(CountFault::OutOfRange);
        }
        if instant > self.end(guess)? {
            return Ok(guess + 1);
        }
        Ok(guess)
    }

    fn start(&self, place: usize) -> Result<i64, CountFault> {
        self.starts
            .get(place)
            .copied()
            .ok_or(CountFault::OutOfRange)
    }

    fn end(&self, place: usize) -> Result<i64, CountFault> {
        Ok(self.start(place + 1)? - 1)
    }

    fn moved(&self, place: usize, days: i64) -> Result<usize, CountFault> {
        usize::try_from(place as i64 + days).map_err(|_| CountFault::OutOfRange)
    }

    fn months_from(&self, place: usize, limit: Limit, sign: i32) -> Result<usize, CountFault> {
        let months = i64::from(limit.amount) * if limit.unit == Unit::Years { 12 } else { 1 };
        let months = i32::try_from(months).map_err(|_| CountFault::OutOfRange)? * sign;
        let span = jiff::Span::new()
            .try_months(months)
            .map_err(|_| CountFault::OutOfRange)?;
        let day = date_at(self.first + place as i64)
            .checked_add(span)
            .map_err(|_| CountFault::OutOfRange)?;
        usize::try_from(epoch_day(day) - self.first).map_err(|_| CountFault::OutOfRange)
    }

    fn working_day_after(&self, place: usize, count: u32) -> Result<usize, CountFault> {
        let so_far = self.known_count(place)?;
        let wanted = so_far.checked_add(count).ok_or(CountFault::OutOfRange)?;
        let known = &self.working[place..=self.known.1.min(self.working.len() - 1)];
        match known.partition_point(|working| *working < wanted) {
            after if after < known.len() => Ok(place + after),
            _ => Err(CountFault::NoHolidays),
        }
    }

    fn working_day_before(&self, place: usize, count: u32) -> Result<usize, CountFault> {
        self.known_count(place)?;
        let before = place.checked_sub(1).ok_or(CountFault::NoHolidays)?;
        let wanted = self
            .known_count(before)?
            .checked_sub(count.saturating_sub(1))
            .ok_or(CountFault::NoHolidays)?;
        let first = self.working[..=before].partition_point(|working| *working < wanted);
        if count == 0 {
            return Ok(place);
        }
        if first < self.known.0 {
            return Err(CountFault::NoHolidays);
        }
        Ok(first)
    }

    fn known_count(&self, place: usize) -> Result<u32, CountFault> {
        if place < self.known.0 || place > self.known.1 {
            return Err(CountFault::NoHolidays);
        }
        self.working
            .get(place)
            .copied()
            .ok_or(CountFault::OutOfRange)
    }
}

/// The length of a limit in elapsed time, in microseconds.
pub fn elapsed(limit: Limit) -> Option<i64> {
    let unit = match limit.unit {
        Unit::Minutes => HOUR / 60,
        Unit::Hours => HOUR,
        Unit::Days => DAY,
        _ => return None,
    };
    Some(i64::from(limit.amount) * unit)
}

fn epoch_day(day: Date) -> i64 {
    day.duration_since(date(1970, 1, 1)).as_hours() / 24
}

fn date_at(epoch_day: i64) -> Date {
    date(1970, 1, 1).saturating_add(epoch_day.days())
}

fn days_of(first: i16, last: i16) -> impl Iterator<Item = Date> {
    date(first, 1, 1)
        .series(1.day())
        .take_while(move |day| day.year() <= last)
}

fn start_of(day: Date, zone: &TimeZone) -> i64 {
    day.to_zoned_datetime(zone.clone())
        .map_or(Timestamp::MIN, |start| start.timestamp())
        .as_microsecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn london() -> Calendar {
        let holidays = BankHolidays {
            known_from: date(2025, 1, 1),
            known_to: date(2026, 12, 31),
            days: vec![
                date(2025, 12, 25),
                date(2025, 12, 26),
                date(2026, 1, 1),
                date(2026, 4, 3),
                date(2026, 4, 6),
            ],
        };
        Calendar::new("Europe/London", &holidays).unwrap()
    }

    fn instant(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn limit(amount: u32, unit: Unit) -> Limit {
        Limit {
            amount,
            unit,
            beginning_with_the_day: false,
        }
    }

    fn shown(instant: i64) -> String {
        Timestamp::from_microsecond(instant).unwrap().to_string()
    }

    #[test]
    fn hours_run_through_a_change_of_the_clocks_and_days_follow_it() {
        let calendar = london();
        let eve = instant("2026-03-28T12:00:00Z");
        assert_eq!(
            shown(calendar.deadline(eve, limit(24, Unit::Hours)).unwrap()),
            "2026-03-29T12:00:00Z"
        );
        assert_eq!(
            shown(
                calendar
                    .deadline(eve, limit(1, Unit::CalendarDays))
                    .unwrap()
            ),
            "2026-03-29T22:59:59.999999Z"
        );
        assert_eq!(
            calendar.date_of(instant("2026-06-30T23:30:00Z")),
            Ok(date(2026, 7, 1))
        );
        let day = calendar.day(date(2026, 3, 29)).unwrap();
        assert_eq!(day.latest - day.earliest + 1, 23 * HOUR);
    }

    #[test]
    fn working_days_step_over_weekends_and_bank_holidays_both_ways() {
        let calendar = london();
        let christmas_eve = instant("2025-12-24T15:00:00Z");
        assert_eq!(
            shown(
                calendar
                    .deadline(christmas_eve, limit(1, Unit::WorkingDays))
                    .unwrap()
            ),
            "2025-12-29T23:59:59.999999Z"
        );
        let after = instant("2025-12-30T09:00:00Z");
        assert_eq!(
            shown(calendar.back(after, limit(2, Unit::WorkingDays)).unwrap()),
            "2025-12-24T00:00:00Z"
        );
        let outside = instant("2024-06-03T09:00:00Z");
        assert_eq!(
            calendar.deadline(outside, limit(1, Unit::WorkingDays)),
            Err(CountFault::NoHolidays)
        );
        let last = instant("2026-12-31T09:00:00Z");
        assert_eq!(
            calendar.deadline(last, limit(1, Unit::WorkingDays)),
            Err(CountFault::NoHolidays)
        );
    }

    #[test]
    fn months_end_with_the_month_and_a_period_may_begin_with_its_day() {
        let calendar = london();
        let from = instant("2025-11-30T10:00:00Z");
        assert_eq!(
            shown(calendar.deadline(from, limit(3, Unit::Months)).unwrap()),
            "2026-02-28T23:59:59.999999Z"
        );
        let beginning = Limit {
            beginning_with_the_day: true,
            ..limit(3, Unit::CalendarDays)
        };
        assert_eq!(
            shown(calendar.deadline(from, beginning).unwrap()),
            "2025-12-02T23:59:59.999999Z"
        );
        let beginning = Limit {
            beginning_with_the_day: true,
            ..limit(3, Unit::Months)
        };
        let first = instant("2026-01-01T10:00:00Z");
        assert_eq!(
            shown(calendar.deadline(first, beginning).unwrap()),
            "2026-03-31T22:59:59.999999Z"
        );
    }

    #[test]
    fn every_instant_lies_within_its_day() {
        let calendar = london();
        for hours in 0..24 * 400 {
            let at = instant("2025-10-01T00:30:00Z") + hours * HOUR;
            let day = calendar.day(calendar.date_of(at).unwrap()).unwrap();
            assert!(day.earliest <= at && at <= day.latest);
        }
    }
}
