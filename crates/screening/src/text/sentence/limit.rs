//! By when.

use super::{Read, Sentence};
use crate::standard::{Limit, Limits, Unit};
use crate::vocabulary::AttributeKind;

/// The longest limit, of whatever unit: no calendar reaches further.
const LONGEST: u32 = 1_000_000;

impl Sentence<'_> {
    /// `within 72 hours`, `by the end of the 2nd working day`, `within 31 days where risk is VH, …`
    pub(super) fn due(&mut self) -> Read<Limits> {
        if !self.take("within") && !self.is_at("by the end of") {
            return Err(self.lost());
        }
        self.limits()
    }

    /// `31 days where risk is VH, 92 days where risk is H or M`
    pub(super) fn limits(&mut self) -> Read<Limits> {
        let first = self.limit()?;
        if !self.take("where") {
            return Ok(Limits::One(first));
        }
        let attribute = self.attribute(AttributeKind::Value)?;
        self.expect("is")?;
        let mut limits = vec![(self.values()?, first)];
        while self.is_at_another_limit() {
            self.take(",");
            self.take("within");
            let limit = self.limit()?;
            self.expect("where")?;
            let place = self.start();
            if self.attribute(AttributeKind::Value)? != attribute {
                return Err(
                    self.unsound(place, "all limits of a standard must hang on one attribute")
                );
            }
            self.expect("is")?;
            let place = self.start();
            let values = self.values()?;
            let said = |value: &String| limits.iter().any(|(others, _)| others.contains(value));
            if values.iter().any(said) {
                return Err(self.unsound(place, "this value has a limit already"));
            }
            limits.push((values, limit));
        }
        Ok(Limits::ByValue { attribute, limits })
    }

    fn is_at_another_limit(&mut self) -> bool {
        let before = self.at;
        let found = self.take(",") && {
            self.take("within");
            self.is_at_number() || self.is_at("by the end of")
        };
        self.at = before;
        found
    }

    fn is_at(&mut self, words: &'static str) -> bool {
        let before = self.at;
        let found = self.take(words);
        self.at = before;
        found
    }

    /// `72 hours`, `3 months beginning with the day`, `by the end of the next working day`
    pub(super) fn limit(&mut self) -> Read<Limit> {
        if self.take("by the end of") {
            return self.end_of_day();
        }
        let place = self.start();
        let amount = self.number()?;
        let unit = self.unit()?;
        let beginning = self.start();
        let beginning_with_the_day = self.take("beginning with the day");
        if beginning_with_the_day && (unit.is_elapsed() || unit == Unit::WorkingDays) {
            return Err(self.unsound(
                beginning,
                "only calendar days, calendar weeks, months and years begin with the day; minutes, hours and days run from the instant, and working days from the next one",
            ));
        }
        self.checked(place, amount, unit, beginning_with_the_day)
    }

    /// `[by the end of] the 2nd working day`, `[by the end of] the same day`
    fn end_of_day(&mut self) -> Read<Limit> {
        if self.take("same day") {
            return Ok(Limit {
                amount: 1,
                unit: Unit::CalendarDays,
                beginning_with_the_day: true,
            });
        }
        let place = self.start();
        let amount = match self.take("next") {
            true => 1,
            false => self.find_ordinal().ok_or_else(|| {
                self.note(place, "a number such as `2nd`");
                self.lost()
            })?,
        };
        let named = self.start();
        let unit = self.unit()?;
        if !matches!(unit, Unit::WorkingDays | Unit::CalendarDays) {
            return Err(self.unsound(named, "write `working day` or `calendar day` here"));
        }
        self.checked(place, amount, unit, false)
    }

    fn checked(
        &self,
        place: usize,
        amount: u32,
        unit: Unit,
        beginning_with_the_day: bool,
    ) -> Read<Limit> {
        match amount {
            0 => Err(self.unsound(place, "a limit of 0 can never be kept; write 1 or more")),
            1..=LONGEST => Ok(Limit {
                amount,
                unit,
                beginning_with_the_day,
            }),
            _ => Err(self.unsound(place, format!("a limit may be {LONGEST} at most"))),
        }
    }
}
