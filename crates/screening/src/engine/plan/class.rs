//! Classes of values: as few as the standards tell apart.

use std::collections::HashMap;

use crate::standard::Test;
use crate::verdict::Sureness;

/// The classes of one attribute: missing; each value that a standard names; all other values that
/// are no numbers; and the numbers below, at and between the thresholds.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::engine) struct Classes {
    named: Vec<String>,
    places: HashMap<Vec<u8>, u16>,
    thresholds: Vec<f64>,
}

impl Classes {
    /// The class of a missing value.
    pub(in crate::engine) const MISSING: u16 = 0;

    /// Classes that tell these values apart and lie between these thresholds.
    pub(super) fn new(mut named: Vec<String>, mut thresholds: Vec<f64>) -> Self {
        named.sort_unstable();
        named.dedup();
        thresholds.retain(|threshold| !threshold.is_nan());
        thresholds.sort_unstable_by(f64::total_cmp);
        thresholds.dedup();
        let places = named
            .iter()
            .zip(1..)
            .map(|(value, place)| (value.as_bytes().to_vec(), place))
            .collect();
        Self {
            named,
            places,
            thresholds,
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.named.len() + 2 + 2 * self.thresholds.len() + 1
    }

    pub(super) fn class_of(&self, value: &[u8]) -> u16 {
        if let Some(place) = self.places.get(value) {
            return *place;
        }
        let other = self.named.len() + 1;
        let class = match number(value) {
            Some(number) if !self.thresholds.is_empty() => other + 1 + self.region(number),
            _ => other,
        };
        class as u16
    }

    /// The named value of a class; none for the others.
    pub(in crate::engine) fn name_of(&self, class: u16) -> Option<&str> {
        let place = usize::from(class).checked_sub(1)?;
        self.named.get(place).map(String::as_str)
    }

    fn region(&self, number: f64) -> usize {
        let below = self.thresholds.partition_point(|t| *t < number);
        let at = self.thresholds.get(below).is_some_and(|t| *t == number);
        2 * below + usize::from(at)
    }

    /// For each class, whether a test holds of it; none where the test compares attributes.
    pub(super) fn table(&self, test: &Test) -> Option<Box<[Sureness]>> {
        (0..self.count())
            .map(|class| self.holds(test, class))
            .collect()
    }

    fn holds(&self, test: &Test, class: usize) -> Option<Sureness> {
        let missing = class == usize::from(Self::MISSING);
        let name = self.name_of(class as u16);
        let among = |values: &[String]| name.is_some_and(|name| values.iter().any(|v| v == name));
        let sure = match test {
            Test::SameAs(_) | Test::DiffersFrom(_) => return None,
            Test::IsRecorded(wanted) => *wanted != missing,
            _ if missing => return Some(Sureness::Unsure),
            Test::Is(values) => among(values),
            Test::IsNot(values) => !among(values),
            Test::AtLeast(least) => match self.sample(class) {
                Some(number) => number >= *least,
                None => return Some(Sureness::Unsure),
            },
            Test::AtMost(most) => match self.sample(class) {
                Some(number) => number <= *most,
                None => return Some(Sureness::Unsure),
            },
        };
        Some(if sure { Sureness::Sure } else { Sureness::No })
    }

    /// A number of a class that compares with every threshold as all others of it; none where its
    /// values are no numbers.
    fn sample(&self, class: usize) -> Option<f64> {
        if let Some(name) = self.name_of(class as u16) {
            return number(name.as_bytes());
        }
        let region = class.checked_sub(self.named.len() + 2)?;
        let (place, at) = (region / 2, region % 2 == 1);
        match (self.thresholds.get(place), at) {
            (Some(threshold), true) => Some(*threshold),
            (Some(threshold), false) => Some(match place.checked_sub(1) {
                Some(below) => self.thresholds[below].midpoint(*threshold),
                None => f64::NEG_INFINITY,
            }),
            (None, _) => Some(f64::INFINITY),
        }
    }
}

/// The finite number that a value is.
fn number(value: &[u8]) -> Option<f64> {
    let number: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_no_test_tells_apart_share_a_class() {
        let classes = Classes::new(vec!["H".into(), "10".into()], vec![18.0, 16.0]);
        let class = |value: &str| classes.class_of(value.as_bytes());
        assert_eq!(class("L"), class("M"));
        assert_ne!(class("H"), class("L"));
        assert_eq!(class("3"), class("15.99"));
        assert_eq!(class("16"), class("16.0"));
        assert_ne!(class("16"), class("17"));
        assert_eq!(class("19"), class("4e3"));
        assert_eq!(class("NaN"), class("L"));
    }

    #[test]
    fn a_table_answers_as_the_test_does_of_the_value() {
        let classes = Classes::new(vec!["H".into(), "17".into()], vec![16.0, 18.0]);
        let at_least = classes.table(&Test::AtLeast(16.0)).unwrap();
        let holds = |value: &str| at_least[usize::from(classes.class_of(value.as_bytes()))];
        assert_eq!(holds("15"), Sureness::No);
        assert_eq!(holds("16"), Sureness::Sure);
        assert_eq!(holds("17"), Sureness::Sure);
        assert_eq!(holds("H"), Sureness::Unsure);
        assert_eq!(holds("unknown"), Sureness::Unsure);
        assert_eq!(at_least[0], Sureness::Unsure);
        let recorded = classes.table(&Test::IsRecorded(false)).unwrap();
        assert_eq!(recorded[0], Sureness::Sure);
        assert!(recorded[1..].iter().all(|s| *s == Sureness::No));
    }
}
