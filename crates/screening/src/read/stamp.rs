//! Times as they are written in logs.

use jiff::civil::{Date, date};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan, Unit};

use super::fault::FaultKind;
use crate::calendar::CalendarError;
use crate::event::When;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// The first day of the tables, and the first after them, in days since 1970: 1950 to 2100.
const DAYS: (i64, i64) = (-7_305, 47_847);

/// The days of one time zone, from a table, and how times are read in it.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    /// The instant at which each day begins, and one more.
    starts: Vec<i64>,
}

/// A time as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// A day, in days since 1970.
    Day(i64),
    /// An instant, in microseconds since 1970.
    Instant(i64),
    /// A day and the microseconds on the clock, without an offset.
    Local(i64, i64),
}

impl Clock {
    /// The clock of a zone of the IANA database.
    ///
    /// # Errors
    ///
    /// Where the zone is not known.
    pub fn new(zone: &str) -> Result<Self, CalendarError> {
        let zone = TimeZone::get(zone).map_err(|_| CalendarError::UnknownZone {
            zone: zone.to_owned(),
        })?;
        let starts = date(1950, 1, 1)
            .series(1.day())
            .take((DAYS.1 - DAYS.0 + 1) as usize)
            .map(|day| {
                day.to_zoned_datetime(zone.clone())
                    .map_or(i64::MAX, |start| start.timestamp().as_microsecond())
            })
            .collect();
        Ok(Self { zone, starts })
    }

    /// The whole of a day given in days since 1970.
    pub(super) fn day(&self, day: i64) -> Result<When, FaultKind> {
        let place = usize::try_from(day - DAYS.0).map_err(|_| FaultKind::TimeImpossible)?;
        match self.starts.get(place..=place.saturating_add(1)) {
            Some(&[earliest, next]) => Ok(When {
                earliest,
                latest: next - 1,
            }),
            _ => Err(FaultKind::TimeImpossible),
        }
    }

    /// The whole of a day; none outside the years of the tables.
    pub fn day_on(&self, day: Date) -> Option<When> {
        let since = date(1970, 1, 1).until((Unit::Day, day)).ok()?;
        self.day(i64::from(since.get_days())).ok()
    }

    /// The day on which an instant lies; none outside the years of the tables.
    pub fn date_of(&self, instant: i64) -> Option<Date> {
        let stamp = Timestamp::from_microsecond(instant).ok()?;
        self.instant(instant).ok()?;
        Some(self.zone.to_datetime(stamp).date())
    }

    /// The whole of the day on which an instant lies.
    pub(super) fn day_of(&self, instant: i64) -> Result<When, FaultKind> {
        let guess = instant.div_euclid(DAY);
        let day = self.day(guess)?;
        if instant < day.earliest {
            self.day(guess - 1)
        } else if instant > day.latest {
            self.day(guess + 1)
        } else {
            Ok(day)
        }
    }

    /// An instant, if it lies within the years of the tables.
    pub(super) fn instant(&self, instant: i64) -> Result<When, FaultKind> {
        let (first, end) = (self.starts[0], self.starts[self.starts.len() - 1]);
        if (first..end).contains(&instant) {
            Ok(When::at(instant))
        } else {
            Err(FaultKind::TimeImpossible)
        }
    }

    /// What the clock on the wall says; in the hour that comes twice, either.
    pub(super) fn local(&self, day: i64, micros: i64) -> Result<When, FaultKind> {
        let whole = self.day(day)?;
        if whole.latest - whole.earliest + 1 == DAY {
            return Ok(When::at(whole.earliest + micros));
        }
        let civil = Timestamp::from_microsecond(day * DAY + micros)
            .map(|stamp| TimeZone::UTC.to_datetime(stamp))
            .map_err(|_| FaultKind::TimeImpossible)?;
        let instant =
            |offset: jiff::tz::Offset| day * DAY + micros - i64::from(offset.seconds()) * SECOND;
        match self.zone.to_ambiguous_zoned_datetime(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => Ok(When::at(instant(offset))),
            AmbiguousOffset::Fold { before, after } => Ok(When {
                earliest: instant(before),
                latest: instant(after),
            }),
            AmbiguousOffset::Gap { .. } => Err(FaultKind::TimeImpossible),
        }
    }

    /// When something happened, from how it is written.
    pub(super) fn when(&self, written: Written) -> Result<When, FaultKind> {
        match written {
            Written::Day(day) => self.day(day),
            Written::Instant(instant) => self.instant(instant),
            Written::Local(day, micros) => self.local(day, micros),
        }
    }

    /// When something happened, of which only the day is known.
    pub(super) fn day_when(&self, written: Written) -> Result<When, FaultKind> {
        match written {
            Written::Day(day) | Written::Local(day, _) => self.day(day),
            Written::Instant(instant) => self.day_of(instant),
        }
    }

    /// A time as it is written to files: `2025-03-01T09:30:00+00:00`, `2025-03-01` for a whole day,
    /// `any` for a faulty one, and else the first and last instant with a stroke between.
    pub fn written(&self, when: When) -> String {
        if when == When::ANY {
            return "any".to_owned();
        }
        if when.is_exact() {
            return self.written_instant(when.earliest);
        }
        match self.day_of(when.earliest) {
            Ok(day) if day == when => {
                let noon = when.earliest + (when.latest - when.earliest) / 2;
                let mut text = self.written_instant(noon);
                text.truncate(10);
                text
            }
            _ => {
                let (first, last) = (when.earliest, when.latest);
                let end = |instant| match instant {
                    i64::MIN | i64::MAX => "..".to_owned(),
                    instant => self.written_instant(instant),
                };
                format!("{}/{}", end(first), end(last))
            }
        }
    }

    fn written_instant(&self, instant: i64) -> String {
        let Ok(stamp) = Timestamp::from_microsecond(instant) else {
            return instant.to_string();
        };
        let offset = self.zone.to_offset(stamp);
        let seconds = offset.seconds();
        let local = offset.to_datetime(stamp);
        let (sign, minutes) = (
            if seconds < 0 { '-' } else { '+' },
            seconds.unsigned_abs() / 60,
        );
        let mut text = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second()
        );
        let micros = instant.rem_euclid(SECOND);
        if micros > 0 {
            text.push_str(&format!(".{micros:06}"));
        }
        text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
        text
    }

    /// The time that [`written`](Self::written) wrote.
    pub fn read_written(&self, text: &str) -> Option<When> {
        if text == "any" {
            return Some(When::ANY);
        }
        let end = |text: &str, open: i64| match text {
            ".." => Some(open),
            _ => self
                .read(text.as_bytes(), false)
                .ok()
                .map(|when| when.earliest),
        };
        match text.split_once('/') {
            None => self.read(text.as_bytes(), false).ok(),
            Some((first, last)) => Some(When {
                earliest: end(first, i64::MIN)?,
                latest: end(last, i64::MAX)?,
            }),
        }
    }

    /// When something happened, from text.
    pub(super) fn read(&self, text: &[u8], date_only: bool) -> Result<When, FaultKind> {
        let written = parse(text)?;
        if date_only {
            self.day_when(written)
        } else {
            self.when(written)
        }
    }
}

/// Reads `2025-03-01`, `2025-03-01T09:30:00Z`, `2025-03-01 09:30:00.25+01:00`, `2025-03-01T09:30`.
pub(super) fn parse(text: &[u8]) -> Result<Written, FaultKind> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err(FaultKind::TimeMissing);
    }
    let (head, rest) = text.split_first_chunk::<10>().ok_or(UNREADABLE)?;
    let day = parse_day(head)?;
    let Some((&separator, rest)) = rest.split_first() else {
        return Ok(Written::Day(day));
    };
    if !matches!(separator, b'T' | b't' | b' ') {
        return Err(UNREADABLE);
    }
    let (clock, rest) = parse_clock(rest)?;
    match rest {
        [] => Ok(Written::Local(day, clock)),
        [b'Z' | b'z'] => Ok(Written::Instant(day * DAY + clock)),
        [sign @ (b'+' | b'-'), offset @ ..] => {
            let offset = parse_offset(offset)?;
            let offset = if *sign == b'+' { offset } else { -offset };
            Ok(Written::Instant(day * DAY + clock - offset))
        }
        _ => Err(UNREADABLE),
    }
}

const UNREADABLE: FaultKind = FaultKind::TimeUnreadable;

fn parse_day(text: &[u8; 10]) -> Result<i64, FaultKind> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else {
        return Err(UNREADABLE);
    };
    let year = 100 * two(y1, y2)? + two(y3, y4)?;
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return Err(FaultKind::TimeImpossible);
    }
    Ok(epoch_day(year, month, day))
}

/// The time on a clock, in microseconds, and what follows it.
fn parse_clock(text: &[u8]) -> Result<(i64, &[u8]), FaultKind> {
    let (&[h1, h2, b':', m1, m2], mut rest) = text.split_first_chunk::<5>().ok_or(UNREADABLE)?
    else {
        return Err(UNREADABLE);
    };
    let (hour, minute) = (two(h1, h2)?, two(m1, m2)?);
    let mut second = 0;
    let mut micros = 0;
    if let Some((&[b':', s1, s2], after)) = rest.split_first_chunk::<3>() {
        second = two(s1, s2)?;
        (micros, rest) = parse_fraction(after)?;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return Err(FaultKind::TimeImpossible);
    }
    Ok((
        (3_600 * hour + 60 * minute + second) * SECOND + micros,
        rest,
    ))
}

/// The part of a second, in microseconds; digits beyond are left off.
fn parse_fraction(text: &[u8]) -> Result<(i64, &[u8]), FaultKind> {
    let [b'.' | b',', digits @ ..] = text else {
        return Ok((0, text));
    };
    let length = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if length == 0 {
        return Err(UNREADABLE);
    }
    let known = digits[..length].iter().map(|digit| i64::from(digit - b'0'));
    let micros = known
        .chain(std::iter::repeat(0))
        .take(6)
        .fold(0, |micros, digit| 10 * micros + digit);
    Ok((micros, &digits[length..]))
}

/// An offset from UTC, in microseconds.
fn parse_offset(text: &[u8]) -> Result<i64, FaultKind> {
    let (hours, minutes) = match *text {
        [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => (two(h1, h2)?, two(m1, m2)?),
        [h1, h2] => (two(h1, h2)?, 0),
        _ => return Err(UNREADABLE),
    };
    if hours > 23 || minutes > 59 {
        return Err(FaultKind::TimeImpossible);
    }
    Ok((3_600 * hours + 60 * minutes) * SECOND)
}

fn two(tens: u8, ones: u8) -> Result<i64, FaultKind> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        Ok(10 * i64::from(tens - b'0') + i64::from(ones - b'0'))
    } else {
        Err(UNREADABLE)
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 in the Gregorian calendar, with the year beginning in March so that the leap
/// day is its last.
fn epoch_day(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn london() -> Clock {
        Clock::new("Europe/London").unwrap()
    }

    fn instant(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn times_are_read_with_offset_without_and_as_days() {
        let clock = london();
        let read = |text: &str| clock.read(text.as_bytes(), false);
        for text in [
            "2025-07-01T08:30:00Z",
            "2025-07-01T09:30:00+01:00",
            "2025-07-01 09:30:00+0100",
            "2025-07-01T09:30:00",
            "2025-07-01T09:30",
            " 2025-07-01t09:30:00.000000 ",
        ] {
            assert_eq!(
                read(text),
                Ok(When::at(instant("2025-07-01T08:30:00Z"))),
                "{text}"
            );
        }
        let day = read("2025-07-01").unwrap();
        assert_eq!(day.earliest, instant("2025-06-30T23:00:00Z"));
        assert_eq!(day.latest, instant("2025-07-01T22:59:59.999999Z"));
        assert_eq!(clock.read(b"2025-07-01T12:00:00Z", true), Ok(day));
    }

    #[test]
    fn the_hour_that_comes_twice_is_either_and_the_one_that_does_not_come_is_impossible() {
        let clock = london();
        assert_eq!(
            clock.read(b"2025-10-26T01:30:00", false),
            Ok(When {
                earliest: instant("2025-10-26T00:30:00Z"),
                latest: instant("2025-10-26T01:30:00Z"),
            })
        );
        assert_eq!(
            clock.read(b"2025-03-30T01:30:00", false),
            Err(FaultKind::TimeImpossible)
        );
    }

    #[test]
    fn impossible_and_unreadable_times_are_told_apart() {
        let clock = london();
        for text in [
            "2025-02-29",
            "2025-13-01",
            "2025-01-01T24:00:00Z",
            "1900-01-01",
            "9999-12-31",
        ] {
            assert_eq!(
                clock.read(text.as_bytes(), false),
                Err(FaultKind::TimeImpossible),
                "{text}"
            );
        }
        for text in [
            "01/02/2025",
            "soon",
            "2025-1-1",
            "2025-01-01T",
            "2025-01-01T10:00:00+1",
        ] {
            assert_eq!(
                clock.read(text.as_bytes(), false),
                Err(FaultKind::TimeUnreadable),
                "{text}"
            );
        }
        assert_eq!(clock.read(b"  ", false), Err(FaultKind::TimeMissing));
    }

    #[test]
    fn what_was_written_is_read_as_it_was_meant() {
        let clock = london();
        let at = instant("2025-07-01T08:30:00.25Z");
        let day = clock.read(b"2025-03-30", false).unwrap();
        let span = When {
            earliest: at,
            latest: at + 1,
        };
        let open = When {
            earliest: at,
            latest: i64::MAX,
        };
        let written = [
            (When::at(at), "2025-07-01T09:30:00.250000+01:00"),
            (day, "2025-03-30"),
            (When::ANY, "any"),
            (
                span,
                "2025-07-01T09:30:00.250000+01:00/2025-07-01T09:30:00.250001+01:00",
            ),
            (open, "2025-07-01T09:30:00.250000+01:00/.."),
        ];
        for (when, text) in written {
            assert_eq!(clock.written(when), text);
            assert_eq!(clock.read_written(text), Some(when));
        }
    }

    proptest! {
        #[test]
        fn every_instant_that_jiff_writes_is_read_as_jiff_means_it(
            seconds in -631_000_000i64..4_130_000_000, micros in 0i64..1_000_000,
        ) {
            let stamp = Timestamp::from_microsecond(seconds * SECOND + micros).unwrap();
            let zoned = stamp.in_tz("Europe/London").unwrap();
            let text = zoned.strftime("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string();
            prop_assert_eq!(london().read(text.as_bytes(), false), Ok(When::at(stamp.as_microsecond())));
            let day = london().day_of(stamp.as_microsecond()).unwrap();
            prop_assert!(day.earliest <= stamp.as_microsecond() && stamp.as_microsecond() <= day.latest);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = london().read(&bytes, false);
        }
    }
}
