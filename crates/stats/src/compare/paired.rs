//! The difference of two shares of the same cases, each judged twice.

use serde::{Deserialize, Serialize};

use crate::error::check_count;
use crate::interval::{Interval, wilson};
use crate::{Level, StatsError};

/// The same cases judged twice, yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// Cases with yes both times.
    pub both: u64,
    /// Cases with yes only the first time.
    pub only_first: u64,
    /// Cases with yes only the second time.
    pub only_second: u64,
    /// Cases with no both times.
    pub neither: u64,
}

impl Paired {
    /// How many cases there are.
    pub fn n(self) -> u64 {
        self.both + self.only_first + self.only_second + self.neither
    }

    /// How many got yes the first time.
    pub fn first(self) -> u64 {
        self.both + self.only_first
    }

    /// How many got yes the second time.
    pub fn second(self) -> u64 {
        self.both + self.only_second
    }

    /// How the two judgements go together, from −1 to 1, with Newcombe's correction for continuity;
    /// 0 where one of them is always the same.
    fn phi(self) -> f64 {
        let [both, first, second, neither] =
            [self.both, self.only_first, self.only_second, self.neither].map(|n| n as f64);
        let margins = (both + first) * (second + neither) * (both + second) * (first + neither);
        if margins == 0.0 {
            return 0.0;
        }
        let together = both * neither - first * second;
        let half = self.n() as f64 / 2.0;
        let corrected = if together > 0.0 {
            (together - half).max(0.0)
        } else {
            together
        };
        corrected / margins.sqrt()
    }
}

/// The interval for the share of the first less that of the second judgement, of the same cases
/// (Newcombe 1998, Statistics in Medicine 17:2635–2650, method 10): Wilson's two intervals joined with
/// the correlation of the pairs.
///
/// # Errors
/// When there is no case.
pub fn paired_difference(pairs: Paired, level: Level) -> Result<Interval, StatsError> {
    check_count("cases judged twice", pairs.first(), pairs.n())?;
    let share = |k: u64| k as f64 / pairs.n() as f64;
    let (p, q) = (share(pairs.first()), share(pairs.second()));
    let (one, two) = (
        wilson(pairs.first(), pairs.n(), level)?,
        wilson(pairs.second(), pairs.n(), level)?,
    );
    let phi = pairs.phi();
    let joined = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
    Ok(Interval {
        lower: (p - q - joined(p - one.lower, two.upper - q)).max(-1.0),
        upper: (p - q + joined(one.upper - p, q - two.lower)).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(both: u64, only_first: u64, only_second: u64, neither: u64) -> Interval {
        let pairs = Paired {
            both,
            only_first,
            only_second,
            neither,
        };
        paired_difference(pairs, Level::NINETY_FIVE).expect("an interval")
    }

    #[test]
    fn published_example_is_met() {
        // Newcombe 1998, example of 50 pairs: 36, 12, 2 and 0 give 0.0569 to 0.3404.
        let found = interval(36, 12, 2, 0);
        assert!((found.lower - 0.0569).abs() < 5e-5, "{found:?}");
        assert!((found.upper - 0.3404).abs() < 5e-5, "{found:?}");
    }

    #[test]
    fn judgements_changed_about_turn_the_interval_round() {
        let (one, other) = (interval(20, 9, 3, 14), interval(20, 3, 9, 14));
        assert!((one.lower + other.upper).abs() < 1e-12);
        assert!((one.upper + other.lower).abs() < 1e-12);
    }

    #[test]
    fn pairs_that_agree_are_surer_than_two_samples_would_be() {
        let paired = interval(30, 6, 0, 30);
        let apart = crate::compare::newcombe(
            crate::compare::Counted::new(36, 66),
            crate::compare::Counted::new(30, 66),
            Level::NINETY_FIVE,
        )
        .expect("an interval");
        assert!(paired.upper - paired.lower < apart.upper - apart.lower);
    }

    #[test]
    fn judgements_that_never_differ_leave_no_change_possible_within_their_range() {
        let found = interval(12, 0, 0, 0);
        assert!(found.lower < 0.0 && found.upper > 0.0 && found.contains(0.0));
        let none = Paired {
            both: 0,
            only_first: 0,
            only_second: 0,
            neither: 0,
        };
        assert!(paired_difference(none, Level::NINETY_FIVE).is_err());
    }
}
