use jiff::ToSpan;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;

use super::*;

/// The bank holidays of a year worked out from the rules: Easter, the Mondays,
/// substitutes for weekends, and the four exceptions. Knows nothing of the table.
fn by_rule(year: i16) -> Vec<Date> {
    let easter = easter_sunday(year);
    let mut days = vec![
        next_weekday(date(year, 1, 1)),
        easter.checked_sub(2.days()).unwrap(),
        easter.checked_add(1.days()).unwrap(),
        first_monday(year, 5),
        last_monday(year, 5),
        last_monday(year, 8),
    ];
    days.extend(christmas(year));
    match year {
        2020 => replace(&mut days, date(2020, 5, 4), date(2020, 5, 8)),
        2022 => {
            replace(&mut days, date(2022, 5, 30), date(2022, 6, 2));
            days.extend([date(2022, 6, 3), date(2022, 9, 19)]);
        }
        2023 => days.push(date(2023, 5, 8)),
        _ => {}
    }
    days.sort();
    days
}

fn replace(days: &mut [Date], from: Date, to: Date) {
    *days.iter_mut().find(|day| **day == from).unwrap() = to;
}

fn christmas(year: i16) -> [Date; 2] {
    match date(year, 12, 25).weekday() {
        Weekday::Friday => [date(year, 12, 25), date(year, 12, 28)],
        Weekday::Saturday => [date(year, 12, 27), date(year, 12, 28)],
        Weekday::Sunday => [date(year, 12, 26), date(year, 12, 27)],
        _ => [date(year, 12, 25), date(year, 12, 26)],
    }
}

fn next_weekday(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => day.checked_add(2.days()).unwrap(),
        Weekday::Sunday => day.tomorrow().unwrap(),
        _ => day,
    }
}

fn first_monday(year: i16, month: i8) -> Date {
    date(year, month, 1)
        .nth_weekday_of_month(1, Weekday::Monday)
        .unwrap()
}

fn last_monday(year: i16, month: i8) -> Date {
    date(year, month, 1)
        .nth_weekday_of_month(-1, Weekday::Monday)
        .unwrap()
}

/// The anonymous Gregorian algorithm.
fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let m = (a + 11 * h) / 319;
    let r = (2 * (b % 4) + 2 * (c / 4) - c % 4 - h + m + 32) % 7;
    let month = (h - m + r + 90) / 25;
    let day = (h - m + r + month + 19) % 32;
    date(year, month as i8, day as i8)
}

#[test]
fn the_table_agrees_with_the_rules_in_every_year() {
    let expected: Vec<Date> = (2014..=2027).flat_map(by_rule).collect();
    assert_eq!(bank_holiday::ENGLAND_AND_WALES.to_vec(), expected);
}

#[test]
fn days_out_of_the_ordinary_are_holidays() {
    for (day, working) in [
        (date(2020, 5, 4), true),
        (date(2020, 5, 8), false),
        (date(2022, 5, 30), true),
        (date(2022, 6, 2), false),
        (date(2022, 6, 3), false),
        (date(2022, 9, 19), false),
        (date(2023, 5, 8), false),
        (date(2016, 11, 26), false),
        (date(2016, 11, 25), true),
    ] {
        assert_eq!(is_working_day(day, Nation::England), Ok(working), "{day}");
        assert_eq!(is_working_day(day, Nation::Wales), Ok(working), "{day}");
    }
}

#[test]
fn ten_working_days_for_the_accuracy_check_leave_out_christmas() {
    assert_eq!(
        add_working_days(date(2016, 12, 16), 10, Nation::England),
        Ok(date(2017, 1, 4))
    );
    assert_eq!(
        working_days_between(date(2016, 12, 16), date(2017, 1, 4), Nation::England),
        Ok(10)
    );
}

#[test]
fn counting_starts_with_the_next_working_day_also_on_a_weekend() {
    let saturday = date(2016, 11, 26);
    assert_eq!(
        add_working_days(saturday, 1, Nation::England),
        Ok(date(2016, 11, 28))
    );
    assert_eq!(add_working_days(saturday, 0, Nation::England), Ok(saturday));
}

#[test]
fn days_outside_the_holiday_data_are_refused() {
    let before = date(2013, 12, 31);
    assert_eq!(
        add_working_days(before, 1, Nation::England),
        Err(CalendarFault::NoHolidayData { day: before })
    );
    let fault = add_working_days(date(2027, 12, 30), 2, Nation::Wales).unwrap_err();
    assert_eq!(
        fault,
        CalendarFault::NoHolidayData {
            day: date(2028, 1, 1)
        }
    );
    insta::assert_snapshot!(fault, @"2028-01-01 lies outside the bank holidays on record (2014-01-01 to 2027-12-31), so working days there cannot be counted; add the missing years from https://www.gov.uk/bank-holidays");
}

#[test]
fn fifty_six_days_count_the_day_of_publication() {
    let published = date(2016, 11, 25);
    assert_eq!(
        last_day_of_period_beginning_with(published, 56),
        Ok(date(2017, 1, 19))
    );
    assert_eq!(
        last_day_of_period_beginning_with(published, 1),
        Ok(published)
    );
    assert_eq!(
        last_day_of_period_beginning_with(published, 0),
        Err(CalendarFault::EmptyPeriod { from: published })
    );
}

#[test]
fn six_weeks_and_months_from_publication() {
    let published = date(2016, 11, 25);
    assert_eq!(weeks_after(published, 6), Ok(date(2017, 1, 6)));
    assert_eq!(months_after(published, 3), Ok(date(2017, 2, 25)));
    assert_eq!(months_after(published, 6), Ok(date(2017, 5, 25)));
    assert_eq!(months_after(date(2016, 11, 30), 3), Ok(date(2017, 2, 28)));
    assert_eq!(months_after(date(2019, 11, 30), 3), Ok(date(2020, 2, 29)));
}

#[test]
fn an_endless_period_is_refused() {
    let fault = days_after(date(2016, 11, 25), u32::MAX).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "4294967295 days from 2016-11-25 lies beyond the last date that can be written; use a shorter period"
    );
    assert!(months_after(date(2016, 11, 25), u32::MAX).is_err());
    assert!(hours_after("2016-11-25T09:00Z".parse().unwrap(), u32::MAX).is_err());
}

#[test]
fn hours_are_elapsed_hours_also_when_the_clocks_change() {
    // Clocks went forward in London at 01:00 on 27 March 2016.
    let raised: Timestamp = "2016-03-26T12:00Z".parse().unwrap();
    let due = hours_after(raised, 24).unwrap();
    assert_eq!(due.to_string(), "2016-03-27T12:00:00Z");
    assert_eq!(due.to_zoned_datetime(london().clone()).hour(), 13);
}

#[test]
fn the_day_in_london_is_not_always_the_day_in_greenwich_time() {
    assert_eq!(
        london_day("2016-07-01T23:30Z".parse().unwrap()),
        date(2016, 7, 2)
    );
    assert_eq!(
        london_day("2016-12-01T23:30Z".parse().unwrap()),
        date(2016, 12, 1)
    );
    assert_eq!(
        first_instant_of(date(2016, 7, 2)).unwrap().to_string(),
        "2016-07-01T23:00:00Z"
    );
    assert_eq!(
        end_of_london_day(date(2016, 12, 1)).unwrap().to_string(),
        "2016-12-02T00:00:00Z"
    );
}

#[test]
fn a_limit_in_days_runs_out_with_its_last_day() {
    let sent: Timestamp = "2016-11-25T16:45Z".parse().unwrap();
    let due = |period: Period| period.deadline(sent, Nation::England).unwrap().to_string();
    assert_eq!(due(Period::Hours(4)), "2016-11-25T20:45:00Z");
    assert_eq!(due(Period::WorkingDays(1)), "2016-11-29T00:00:00Z");
    assert_eq!(due(Period::DaysBeginningWith(56)), "2017-01-20T00:00:00Z");
    assert_eq!(due(Period::Immediately), "2016-11-26T00:00:00Z");
}

#[test]
fn hours_from_a_day_are_refused() {
    let fault = Period::Hours(4)
        .last_day(date(2016, 11, 25), Nation::England)
        .unwrap_err();
    assert_eq!(
        fault,
        CalendarFault::HoursFromDay {
            from: date(2016, 11, 25),
            hours: 4
        }
    );
}

#[test]
fn periods_are_read_in_the_words_they_are_shown_in() {
    for period in [
        Period::Immediately,
        Period::Hours(1),
        Period::Days(7),
        Period::DaysBeginningWith(56),
        Period::WorkingDays(10),
        Period::Weeks(6),
        Period::Months(3),
    ] {
        assert_eq!(period.to_string().parse(), Ok(period));
        let json = serde_json::to_string(&period).unwrap();
        assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), period);
    }
    assert_eq!("0 days".parse::<Period>(), Err(PeriodFault::NotPositive));
    assert_eq!("-3 weeks".parse::<Period>(), Err(PeriodFault::NotPositive));
    for nonsense in [
        "",
        "soon",
        "3",
        "3 fortnights",
        "1.5 days",
        "99999999999 days",
    ] {
        assert_eq!(
            nonsense.parse::<Period>(),
            Err(PeriodFault::Unreadable),
            "{nonsense}"
        );
    }
}

proptest! {
    #[test]
    fn working_days_added_are_the_working_days_between(start in 0u32..4000, days in 1u32..60) {
        let from = days_after(bank_holiday::FIRST_DAY, start).unwrap();
        let to = add_working_days(from, days, Nation::England).unwrap();
        prop_assert!(is_working_day(to, Nation::England).unwrap());
        prop_assert_eq!(working_days_between(from, to, Nation::England), Ok(days));
    }

    #[test]
    fn a_period_beginning_with_a_day_is_one_day_shorter(start in 0u32..4000, days in 1u32..400) {
        let from = days_after(bank_holiday::FIRST_DAY, start).unwrap();
        let last = last_day_of_period_beginning_with(from, days).unwrap();
        prop_assert_eq!(days_after(last, 1), days_after(from, days));
    }
}

#[test]
fn working_days_are_counted_past_the_last_known_holiday() {
    let from = date(2027, 12, 20);
    assert!(
        Period::WorkingDays(10)
            .last_day(from, Nation::England)
            .is_err()
    );
    // 27 and 28 December are holidays on record; 3 January 2028 is not, though it will be one.
    let last = Period::WorkingDays(10)
        .last_day_as_known(from, Nation::England)
        .expect("a day");
    assert_eq!(last, date(2028, 1, 5));
    assert!(!holiday_note(last).is_empty() && holiday_note(from).is_empty());
    let known = Period::WorkingDays(10).last_day_as_known(date(2026, 3, 2), Nation::Wales);
    assert_eq!(
        known,
        Period::WorkingDays(10).last_day(date(2026, 3, 2), Nation::Wales)
    );
}
