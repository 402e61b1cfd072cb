//! Numbers, as figures or words.

use super::{Read, Sentence};
use crate::standard::Unit;

const CARDINALS: [&str; 13] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];
const ORDINALS: [&str; 13] = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth", "eleventh", "twelfth",
];

impl Sentence<'_> {
    /// `3`, `three`
    pub(super) fn number(&mut self) -> Read<u32> {
        let place = self.start();
        if let Some(number) = self.words.get(place).and_then(|word| cardinal(&word.lower)) {
            self.at = place + 1;
            return Ok(number);
        }
        self.note(place, "a number");
        Err(self.lost())
    }

    /// Whether a number stands here.
    pub(super) fn is_at_number(&self) -> bool {
        let word = self.words.get(self.start());
        word.is_some_and(|word| cardinal(&word.lower).is_some())
    }

    /// `3rd`, `third`
    pub(super) fn find_ordinal(&mut self) -> Option<u32> {
        let place = self.start();
        let number = ordinal(&self.words.get(place)?.lower)?;
        self.at = place + 1;
        Some(number)
    }

    /// `hours`, `working days`
    pub(super) fn unit(&mut self) -> Read<Unit> {
        const UNITS: [(&str, &str, Unit); 9] = [
            ("minutes", "minute", Unit::Minutes),
            ("hours", "hour", Unit::Hours),
            ("days", "day", Unit::Days),
            ("calendar days", "calendar day", Unit::CalendarDays),
            ("working days", "working day", Unit::WorkingDays),
            ("calendar weeks", "calendar week", Unit::CalendarWeeks),
            ("months", "month", Unit::Months),
            ("calendar months", "calendar month", Unit::Months),
            ("years", "year", Unit::Years),
        ];
        let place = self.start();
        let word = self.words.get(place).map_or("", |word| &word.lower);
        if matches!(word, "week" | "weeks") {
            return Err(self.unsound(
                place,
                "a week may be counted in two ways: write `7 days` for 7 times 24 hours, or `1 calendar week` for the end of the same day of the next week",
            ));
        }
        let found = UNITS
            .into_iter()
            .find(|(many, one, _)| self.take_quietly(one) || self.take(many));
        found.map(|(_, _, unit)| unit).ok_or_else(|| self.lost())
    }
}

/// Whether a word is a number or begins like one: `3`, `three`, `3rd`, `third`.
pub(crate) fn is_number(word: &str) -> bool {
    let figure = word.starts_with(|c: char| c.is_ascii_digit());
    figure || cardinal(word).is_some() || ordinal(word).is_some()
}

fn cardinal(word: &str) -> Option<u32> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return word.parse().ok();
    }
    let place = CARDINALS.iter().skip(1).position(|one| *one == word)?;
    u32::try_from(place + 1).ok()
}

fn ordinal(word: &str) -> Option<u32> {
    if let Some(place) = ORDINALS.iter().skip(1).position(|one| *one == word) {
        return u32::try_from(place + 1).ok();
    }
    let endings = ["st", "nd", "rd", "th"];
    let figures = endings
        .iter()
        .find_map(|ending| word.strip_suffix(ending))?;
    if !figures.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    figures.parse().ok()
}
