//! London's clock and the working days of England and Wales, for the years of one force.

use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Seconds in a day without a clock change.
pub(crate) const DAY: i64 = 86_400;

/// Days and times of one force. Instants are seconds since 1970 in UTC, days are days since 1970.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    first: i64,
    /// Offset from UTC in seconds at 00:00 UTC of each day.
    offsets: Vec<i32>,
    /// Working days among the days from the first up to and including this one.
    working: Vec<u32>,
}

/// Days since 1970 of a date.
pub(crate) fn epoch_day(day: Date) -> i64 {
    let since = day.duration_since(date(1970, 1, 1));
    since.as_secs() / DAY
}

/// The date of a number of days since 1970.
pub(crate) fn date_of(day: i64) -> Date {
    date(1970, 1, 1).saturating_add(day.days())
}

impl Calendar {
    /// A calendar that knows every day from `first` to `last`.
    pub(crate) fn between(first: Date, last: Date) -> Self {
        let london = TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").expect("a sound rule");
        let (first, last) = (epoch_day(first), epoch_day(last));
        let offsets = (first..=last + 1)
            .map(|day| {
                Timestamp::from_second(day * DAY).map_or(0, |t| london.to_offset(t).seconds())
            })
            .collect();
        let mut count = 0;
        let working = (first..=last)
            .map(|day| {
                count += u32::from(is_working_day(date_of(day)));
                count
            })
            .collect();
        Self {
            first,
            offsets,
            working,
        }
    }

    fn place(&self, day: i64) -> usize {
        (day - self.first).clamp(0, self.working.len() as i64 - 1) as usize
    }

    /// Seconds by which London's clock is ahead of UTC. It changes at 01:00 UTC only.
    pub(crate) fn offset_at(&self, at: i64) -> i64 {
        let place = self.place(at.div_euclid(DAY));
        let changed = usize::from(at.rem_euclid(DAY) >= 3_600);
        i64::from(self.offsets[place + changed])
    }

    /// The day in London at this instant.
    pub(crate) fn day_of(&self, at: i64) -> i64 {
        (at + self.offset_at(at)).div_euclid(DAY)
    }

    /// The instant at which this day begins in London.
    pub(crate) fn start_of(&self, day: i64) -> i64 {
        let utc = day * DAY;
        let before = i64::from(self.offsets[self.place(day)]);
        utc - before
    }

    /// This time of day in London, in seconds after midnight; on a day with a clock change the
    /// time counted from that midnight.
    pub(crate) fn at(&self, day: i64, seconds: i64) -> i64 {
        self.start_of(day) + seconds
    }

    /// The `count`th working day after this day.
    pub(crate) fn working_day_after(&self, day: i64, count: u32) -> i64 {
        let place = self.place(day);
        let wanted = self.working[place] + count;
        let after = self.working[place..].partition_point(|so_far| *so_far < wanted);
        self.first + (place + after) as i64
    }

    /// The last second of the `count`th working day after this instant's day.
    pub(crate) fn end_of_working_day_after(&self, at: i64, count: u32) -> i64 {
        self.end_of(self.working_day_after(self.day_of(at), count))
    }

    /// The last second of this day in London: a deadline in days ends with it.
    pub(crate) fn end_of(&self, day: i64) -> i64 {
        self.start_of(day + 1) - 1
    }
}

fn is_working_day(day: Date) -> bool {
    !is_weekend(day) && !is_bank_holiday(day)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Bank holidays of England and Wales: <https://www.gov.uk/bank-holidays>.
fn is_bank_holiday(day: Date) -> bool {
    let easter = easter_sunday(day.year());
    let moved = match day.year() {
        2020 if day.month() == 5 => Some(day == date(2020, 5, 8) || day == date(2020, 5, 25)),
        2022 if day.month() == 5 || day.month() == 6 => {
            Some([date(2022, 5, 2), date(2022, 6, 2), date(2022, 6, 3)].contains(&day))
        }
        2022 if day == date(2022, 9, 19) => Some(true),
        2023 if day == date(2023, 5, 8) => Some(true),
        _ => None,
    };
    moved.unwrap_or_else(|| {
        day == easter.saturating_sub(2.days())
            || day == easter.saturating_add(1.days())
            || is_monday_holiday(day)
            || is_new_year_holiday(day)
            || is_christmas_holiday(day)
    })
}

fn is_monday_holiday(day: Date) -> bool {
    let last_of_month = day.day() + 7 > day.days_in_month();
    day.weekday() == Weekday::Monday
        && match day.month() {
            5 => day.day() <= 7 || last_of_month,
            8 => last_of_month,
            _ => false,
        }
}

fn is_new_year_holiday(day: Date) -> bool {
    let substitute = day.weekday() == Weekday::Monday && matches!(day.day(), 2 | 3);
    day.month() == 1 && (day.day() == 1 || substitute)
}

/// Christmas and Boxing Day move to the next free weekdays where they fall on a weekend.
fn is_christmas_holiday(day: Date) -> bool {
    let substitute = match day.day() {
        27 => matches!(day.weekday(), Weekday::Monday | Weekday::Tuesday),
        28 => matches!(day.weekday(), Weekday::Monday | Weekday::Tuesday),
        _ => false,
    };
    day.month() == 12 && (matches!(day.day(), 25 | 26) || substitute)
}

/// Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher).
fn easter_sunday(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    date(year as i16, (sum / 31) as i8, (sum % 31 + 1) as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bank_holidays_are_those_published() {
        let holidays = |year: i16| -> Vec<String> {
            (0..366)
                .map(|n| date(year, 1, 1).saturating_add(n.days()))
                .filter(|day| day.year() == year && !is_weekend(*day) && is_bank_holiday(*day))
                .map(|day| day.strftime("%m-%d").to_string())
                .collect()
        };
        assert_eq!(
            holidays(2025).join(" "),
            "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"
        );
        assert_eq!(
            holidays(2026).join(" "),
            "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"
        );
        assert_eq!(
            holidays(2022).join(" "),
            "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"
        );
        assert_eq!(
            holidays(2021).join(" "),
            "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"
        );
    }

    #[test]
    fn days_follow_londons_clock() {
        let calendar = Calendar::between(date(2025, 1, 1), date(2025, 12, 31));
        let midnight = calendar.start_of(epoch_day(date(2025, 7, 1)));
        assert_eq!(
            midnight,
            "2025-06-30T23:00:00Z"
                .parse::<Timestamp>()
                .unwrap()
                .as_second()
        );
        assert_eq!(date_of(calendar.day_of(midnight)), date(2025, 7, 1));
        assert_eq!(date_of(calendar.day_of(midnight - 1)), date(2025, 6, 30));
        let spring = calendar.start_of(epoch_day(date(2025, 3, 30)));
        assert_eq!(calendar.offset_at(spring + 3_599), 0);
        assert_eq!(calendar.offset_at(spring + 3_600), 3_600);
        assert_eq!(
            calendar.start_of(epoch_day(date(2025, 3, 31))) - spring,
            23 * 3_600
        );
    }

    #[test]
    fn working_days_step_over_easter() {
        let calendar = Calendar::between(date(2025, 1, 1), date(2025, 12, 31));
        let after = |day, count| date_of(calendar.working_day_after(epoch_day(day), count));
        assert_eq!(after(date(2025, 4, 17), 1), date(2025, 4, 22));
        assert_eq!(after(date(2025, 4, 19), 1), date(2025, 4, 22));
        assert_eq!(after(date(2025, 4, 14), 3), date(2025, 4, 17));
    }
}
