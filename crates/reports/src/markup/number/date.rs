//! Dates, times and years, which may be typed.

use super::super::token::{Kind, Token};

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

/// Whether the number is the day of a date, a date in digits or a time of day.
pub(super) fn is_date_or_time(tokens: &[Token], place: usize) -> bool {
    let text = &tokens[place].text;
    is_day_before_month(tokens, place)
        || is_date_in_digits(text)
        || is_clock_time(text)
        || is_hour_of_day(tokens, place)
}

/// "2016", "2019-20", "2023/24", "2016-2024".
pub(super) fn is_year(text: &str) -> bool {
    let (first, second) = text
        .split_once(['-', '/'])
        .map_or((text, None), |(first, second)| (first, Some(second)));
    let end_fits =
        second.is_none_or(|end| end.len() == 2 && whole(end).is_some() || is_plain_year(end));
    is_plain_year(first) && end_fits
}

fn is_plain_year(text: &str) -> bool {
    text.len() == 4 && whole(text).is_some_and(|year| (1900..=2100).contains(&year))
}

fn whole(text: &str) -> Option<u32> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

fn is_day(text: &str) -> bool {
    !text.is_empty()
        && text
            .split('-')
            .all(|day| whole(day).is_some_and(|day| (1..=31).contains(&day)))
}

/// "12 March", "12th March", "12 and 13 March", "12 to 14 March".
fn is_day_before_month(tokens: &[Token], place: usize) -> bool {
    let joins = |token: &&Token| {
        token.is(&["and", "to", "or", "of", ",", "-", "th", "st", "nd", "rd"])
            || (token.kind == Kind::Number && is_day(&token.text))
    };
    let next = tokens[place + 1..]
        .iter()
        .take(8)
        .find(|token| !joins(token));
    is_day(&tokens[place].text) && next.is_some_and(|token| token.is(MONTHS))
}

fn is_date_in_digits(text: &str) -> bool {
    ['/', '.', '-'].into_iter().any(|sign| {
        let parts: Vec<Option<u32>> = text.split(sign).map(whole).collect();
        match parts[..] {
            [Some(year), Some(month), Some(day)] if year > 31 => is_calendar_day(year, month, day),
            [Some(day), Some(month), Some(year)] => is_calendar_day(year, month, day),
            _ => false,
        }
    })
}

fn is_calendar_day(year: u32, month: u32, day: u32) -> bool {
    (1900..=2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// "14:30".
fn is_clock_time(text: &str) -> bool {
    let Some((hour, minute)) = text.split_once(':') else {
        return false;
    };
    let in_range = |part: &str, below: u32| whole(part).is_some_and(|value| value < below);
    in_range(hour, 24) && minute.len() == 2 && in_range(minute, 60)
}

/// "9am", "9.30 pm".
fn is_hour_of_day(tokens: &[Token], place: usize) -> bool {
    let half = |token: Option<&Token>| token.is_some_and(|token| token.is(&["am", "pm"]));
    let (hour, minute) = tokens[place]
        .text
        .split_once(['.', ':'])
        .unwrap_or((&tokens[place].text, "00"));
    let in_range = |part: &str, below: u32| whole(part).is_some_and(|value| value < below);
    half(tokens.get(place + 1)) && in_range(hour, 13) && in_range(minute, 60)
}
