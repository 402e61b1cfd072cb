//! Moments and days as people in London say them.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use std::borrow::Borrow;
use throughline_domain::calendar::london;

/// A moment: `2 February 2026, 09:00`.
pub fn in_words(moment: impl Borrow<Timestamp>) -> String {
    let there = moment.borrow().to_zoned_datetime(london().clone());
    there.strftime("%-d %B %Y, %H:%M").to_string()
}

/// The time of day: `09:00`.
pub fn time_of_day(moment: impl Borrow<Timestamp>) -> String {
    let there = moment.borrow().to_zoned_datetime(london().clone());
    there.strftime("%H:%M").to_string()
}

/// A day: `2 February 2026`.
pub fn day_in_words(day: impl Borrow<Date>) -> String {
    day.borrow().strftime("%-d %B %Y").to_string()
}

/// The moment of a day and a time of day in London, as two fields of a form give them.
pub fn read(day: &str, time: &str) -> Option<Timestamp> {
    let day: Date = day.trim().parse().ok()?;
    let time: Time = time.trim().parse().ok()?;
    let there = day
        .to_datetime(time)
        .to_zoned_datetime(london().clone())
        .ok()?;
    Some(there.timestamp())
}

/// The day and the time of day of a moment, for two fields of a form.
pub fn fields(moment: Timestamp) -> (String, String) {
    let there = moment.to_zoned_datetime(london().clone());
    (
        there.strftime("%Y-%m-%d").to_string(),
        there.strftime("%H:%M").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_is_an_hour_ahead() {
        let moment: Timestamp = "2026-06-01T09:00:00Z".parse().expect("a time");
        assert_eq!(in_words(moment), "1 June 2026, 10:00");
        assert_eq!(time_of_day(moment), "10:00");
        let (day, time) = fields(moment);
        assert_eq!(read(&day, &time), Some(moment));
        assert_eq!(read("2026-06-31", "10:00"), None);
    }
}
