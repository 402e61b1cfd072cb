//! Dates as they are published: sometimes a day, sometimes a month, sometimes a year.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A year, a month or a day; what is not known is not made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum PartialDate {
    /// Only the year is known.
    Year(i16),
    /// The year and the month are known.
    Month(i16, i8),
    /// The day is known.
    Day(Date),
}

impl PartialDate {
    /// The first day it can stand for.
    #[must_use]
    pub fn first_day(self) -> Date {
        match self {
            PartialDate::Year(year) => Date::new(year, 1, 1).unwrap_or(Date::MIN),
            PartialDate::Month(year, month) => Date::new(year, month, 1).unwrap_or(Date::MIN),
            PartialDate::Day(day) => day,
        }
    }

    /// The last day it can stand for.
    #[must_use]
    pub fn last_day(self) -> Date {
        match self {
            PartialDate::Year(_) => self.first_day().last_of_year(),
            PartialDate::Month(..) => self.first_day().last_of_month(),
            PartialDate::Day(day) => day,
        }
    }
}

/// A text that is no date, not even part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date; write 2016-11-25, or 2016-11 or 2016 where no more is known")]
pub struct PartialDateFault;

impl FromStr for PartialDate {
    type Err = PartialDateFault;

    fn from_str(text: &str) -> Result<PartialDate, PartialDateFault> {
        let digits =
            |part: &str, width| part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let well_formed = parts
            .iter()
            .zip([4, 2, 2])
            .all(|(part, width)| digits(part, width));
        if !well_formed {
            return Err(PartialDateFault);
        }
        let year = parts[0].parse().map_err(|_| PartialDateFault)?;
        match parts[1..] {
            [] => Ok(PartialDate::Year(year)),
            [month] => match month.parse() {
                Ok(month @ 1..=12) => Ok(PartialDate::Month(year, month)),
                _ => Err(PartialDateFault),
            },
            [_, _] => text
                .parse()
                .map(PartialDate::Day)
                .map_err(|_| PartialDateFault),
            _ => Err(PartialDateFault),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartialDate::Year(year) => write!(f, "{year:04}"),
            PartialDate::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            PartialDate::Day(day) => write!(f, "{day}"),
        }
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.to_string()
    }
}

impl TryFrom<String> for PartialDate {
    type Error = PartialDateFault;

    fn try_from(text: String) -> Result<PartialDate, PartialDateFault> {
        text.parse()
    }
}

/// When the cases were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Fieldwork {
    /// Its beginning.
    pub from: PartialDate,
    /// Its end; the same where only one date is known.
    pub to: PartialDate,
}

impl FromStr for Fieldwork {
    type Err = PartialDateFault;

    /// Reads `2016-02/2016-05`, or one date alone.
    fn from_str(text: &str) -> Result<Fieldwork, PartialDateFault> {
        let (from, to) = text.split_once('/').unwrap_or((text, text));
        let (from, to): (PartialDate, PartialDate) = (from.parse()?, to.parse()?);
        if to.last_day() < from.first_day() {
            return Err(PartialDateFault);
        }
        Ok(Fieldwork { from, to })
    }
}

impl fmt::Display for Fieldwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            write!(f, "{}", self.from)
        } else {
            write!(f, "{} to {}", self.from, self.to)
        }
    }
}
