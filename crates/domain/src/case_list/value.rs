//! What kind of value stands in a cell, so that a fault can speak of it without
//! repeating it.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use super::sensitive::{is_email, is_phone, is_postcode};

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// Nothing.
    Empty,
    /// Digits only.
    WholeNumber,
    /// A day in one of the accepted forms.
    Date,
    /// Something like a day, but not in an accepted form.
    OtherDate,
    /// An e-mail address.
    Email,
    /// A United Kingdom postcode, alone or in an address.
    Postcode,
    /// A telephone number.
    Phone,
    /// One word of letters.
    Word,
    /// A few words of letters.
    Words,
    /// Letters, digits and the like without a space.
    LettersAndDigits,
    /// More than a few words.
    LongText,
    /// Anything else.
    Other,
    /// Not a single value: a column, or the row as a whole.
    Column,
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueKind::Empty => "empty cell",
            ValueKind::WholeNumber => "a whole number",
            ValueKind::Date => "a date",
            ValueKind::OtherDate => "a date in another form",
            ValueKind::Email => "an e-mail address",
            ValueKind::Postcode => "a postcode",
            ValueKind::Phone => "a telephone number",
            ValueKind::Word => "one word",
            ValueKind::Words => "several words",
            ValueKind::LettersAndDigits => "letters and digits",
            ValueKind::LongText => "long text",
            ValueKind::Other => "another kind of value",
            ValueKind::Column => "the whole column",
        })
    }
}

/// What kind of value a cell holds.
#[must_use]
pub fn kind_of_value(cell: &str) -> ValueKind {
    let cell = cell.trim();
    if cell.is_empty() {
        ValueKind::Empty
    } else if parse_day(cell).is_some() {
        ValueKind::Date
    } else if looks_like_a_date(cell) {
        ValueKind::OtherDate
    } else if is_email(cell) {
        ValueKind::Email
    } else if is_phone(cell) {
        ValueKind::Phone
    } else if is_postcode(cell) {
        ValueKind::Postcode
    } else {
        kind_by_letters(cell)
    }
}

fn kind_by_letters(cell: &str) -> ValueKind {
    let words = cell.split_whitespace().count();
    let letters_only = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.');
    if is_long_text(cell) {
        ValueKind::LongText
    } else if cell.bytes().all(|b| b.is_ascii_digit()) {
        ValueKind::WholeNumber
    } else if cell.chars().all(letters_only) {
        if words == 1 {
            ValueKind::Word
        } else {
            ValueKind::Words
        }
    } else if words == 1 {
        ValueKind::LettersAndDigits
    } else {
        ValueKind::Other
    }
}

/// More than 60 characters, or six words or more.
pub(super) fn is_long_text(cell: &str) -> bool {
    cell.chars().nth(60).is_some() || cell.split_whitespace().nth(5).is_some()
}

/// Three groups of digits such as 1.2.16 or 2016/2/1, perhaps with a time after them:
/// two that can be a day and a month, and a year at one end.
pub(super) fn looks_like_a_date(cell: &str) -> bool {
    let day = cell.split([' ', 'T']).next().unwrap_or_default();
    let groups: Vec<&str> = day.split(['/', '-', '.']).collect();
    let is_year = |group: &str| {
        let number = group.parse::<u16>().unwrap_or(0);
        group.len() == 2 || (group.len() == 4 && (1900..2100).contains(&number))
    };
    let is_day_or_month =
        |group: &str| group.len() <= 2 && group.parse().is_ok_and(|n: u8| (1..=31).contains(&n));
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    match groups[..] {
        [a, b, c] if groups.iter().all(digits) => {
            is_day_or_month(b)
                && ((is_year(a) && is_day_or_month(c)) || (is_day_or_month(a) && is_year(c)))
        }
        _ => false,
    }
}

/// A day written `2016-11-25`, with or without midnight after it as spreadsheets
/// write it, or `25/11/2016`, day first as in the United Kingdom. Two-digit years
/// and other times of day are refused rather than guessed at or cut off.
#[must_use]
pub fn parse_day(cell: &str) -> Option<Date> {
    let cell = cell.trim();
    let day = ["T00:00:00", " 00:00:00"]
        .into_iter()
        .find_map(|midnight| cell.strip_suffix(midnight))
        .unwrap_or(cell);
    let bytes = day.as_bytes();
    if bytes.len() != 10 {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i16> {
        let digits = &bytes[from..to];
        let plain = digits.iter().all(u8::is_ascii_digit);
        plain.then(|| {
            digits
                .iter()
                .fold(0, |n, digit| n * 10 + i16::from(digit - b'0'))
        })
    };
    let (year, month, day) = match (bytes[4], bytes[7], bytes[2], bytes[5]) {
        (b'-', b'-', _, _) => (number(0, 4)?, number(5, 7)?, number(8, 10)?),
        (_, _, b'/', b'/') => (number(6, 10)?, number(3, 5)?, number(0, 2)?),
        _ => return None,
    };
    Date::new(year, month as i8, day as i8).ok()
}
