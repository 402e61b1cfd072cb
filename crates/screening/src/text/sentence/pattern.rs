//! Which events a sentence speaks of.

use super::{Read, Sentence};
use crate::standard::{Condition, EventTest, Nth, Pattern, Test, Trigger};
use crate::text::fault::Problem;
use crate::vocabulary::{ActivityId, AttributeKind};

/// The largest count of a trigger.
const MOST: u32 = 1_000;

impl Sentence<'_> {
    /// `a missing child returns`, `the 3rd missing report in 90 days`
    pub(super) fn trigger(&mut self) -> Read<Trigger> {
        let place = self.start();
        let Some(count) = self.find_ordinal() else {
            let pattern = self.pattern()?;
            return Ok(Trigger { pattern, nth: None });
        };
        if !(2..=MOST).contains(&count) {
            let why = format!(
                "a count is from the 2nd to the {MOST}th; without a count each one is meant"
            );
            return Err(self.unsound(place, why));
        }
        let pattern = self.pattern()?;
        let within = match self.take("in") {
            true => Some(self.limit()?),
            false => None,
        };
        Ok(Trigger {
            pattern,
            nth: Some(Nth { count, within }),
        })
    }

    /// `a review or a case closed with outcome X`; a condition belongs to the activity before it.
    pub(super) fn pattern(&mut self) -> Read<Pattern> {
        let mut any_of = vec![self.event()?];
        while self.take("or") {
            any_of.push(self.event()?);
        }
        Ok(Pattern { any_of })
    }

    fn event(&mut self) -> Read<EventTest> {
        let activity = self.activity()?;
        let mut conditions = Vec::new();
        if self.is_at_condition() {
            self.take("with");
            conditions.push(self.condition()?);
            while self.take("and") {
                conditions.push(self.condition()?);
            }
        }
        Ok(EventTest {
            activity,
            conditions,
        })
    }

    /// Whether `with` begins a condition here, rather than `with 31 days`.
    fn is_at_condition(&mut self) -> bool {
        let before = self.at;
        let found = self.take("with") && !self.is_at_number() && !self.take("by the end of");
        self.at = before;
        found
    }

    fn find_activity(&mut self) -> Option<ActivityId> {
        let ahead = self.ahead();
        let words: Vec<&str> = ahead.iter().map(|(word, _)| *word).collect();
        let (id, count) = self.phrases.find_activity(&words)?;
        self.named = (self.at, ahead[count - 1].1);
        self.at = self.named.1;
        Some(id)
    }

    fn activity(&mut self) -> Read<ActivityId> {
        if let Some(id) = self.find_activity() {
            return Ok(id);
        }
        let place = self.start();
        self.note(place, "an activity");
        let lost = self.lost();
        if lost.nearest.is_some() || self.tried.borrow().0 > place {
            return Err(lost);
        }
        let ahead = self.ahead();
        let words: Vec<&str> = ahead.iter().map(|(word, _)| *word).collect();
        let Some((name, differs)) = self.phrases.nearest_activity(&words, 0) else {
            return Err(lost);
        };
        let differs = ahead.get(differs).map_or(place, |(_, after)| after - 1);
        let mut fault = self.fault_at(differs, Problem::Unknown("activity"));
        fault.nearest = Some(name);
        Err(Box::new(fault))
    }

    /// `risk H or VH`, `risk not L`, `age at least 10`, `risk recorded`, `officer the same as …`
    fn condition(&mut self) -> Read<Condition> {
        let place = self.start();
        let attribute = self.any_attribute(None)?;
        let name = &self.phrases.vocabulary.attribute(attribute).name;
        self.take("is");
        let own = |other| other == attribute;
        let senseless = "an attribute is always the same as itself; name another";
        let test = if self.take("recorded") {
            Test::IsRecorded(true)
        } else if self.take("not recorded") {
            Test::IsRecorded(false)
        } else if self.take("same as") {
            Test::SameAs(self.any_attribute(None)?)
        } else if self.take("different from") {
            Test::DiffersFrom(self.any_attribute(None)?)
        } else {
            self.at = place;
            self.attribute(AttributeKind::Value)?;
            self.take("is");
            self.value_test(name)?
        };
        match test {
            Test::SameAs(other) | Test::DiffersFrom(other) if own(other) => {
                Err(self.unsound(place, senseless))
            }
            test => Ok(Condition { attribute, test }),
        }
    }

    fn value_test(&mut self, name: &str) -> Read<Test> {
        let place = self.start();
        let test = if self.take("at least") {
            Test::AtLeast(self.decimal()?)
        } else if self.take("at most") {
            Test::AtMost(self.decimal()?)
        } else if self.take("not") {
            Test::IsNot(self.values()?)
        } else {
            Test::Is(self.values()?)
        };
        let (Test::Is(values) | Test::IsNot(values)) = &test else {
            return Ok(test);
        };
        let twice = |(place, value): (usize, &String)| values[..place].contains(value);
        if values.iter().enumerate().any(twice) {
            return Err(self.unsound(place, format!("a value of {name} is named twice")));
        }
        Ok(test)
    }

    fn decimal(&mut self) -> Read<f64> {
        let word = self.words.get(self.at);
        let number = word.and_then(|word| word.text.parse::<f64>().ok());
        if let Some(number) = number.filter(|number| number.is_finite()) {
            self.at += 1;
            return Ok(number);
        }
        self.note(self.at, "a number");
        Err(self.lost())
    }

    /// `H`, `H or VH`, `"very high"`
    pub(super) fn values(&mut self) -> Read<Vec<String>> {
        let mut values = vec![self.value()?];
        while self.is_at_another_value() {
            self.take("or");
            values.push(self.value()?);
        }
        Ok(values)
    }

    fn is_at_another_value(&mut self) -> bool {
        let before = self.at;
        let found = self.take("or") && self.find_activity().is_none() && self.at < self.words.len();
        self.at = before;
        found
    }

    fn value(&mut self) -> Read<String> {
        match self.words.get(self.at) {
            Some(word) if word.lower != "," => {
                self.at += 1;
                Ok(word.text.clone())
            }
            _ => {
                self.note(self.at, "a value");
                Err(self.lost())
            }
        }
    }
}
