//! Two shares that were estimated from weighted samples, each with its own interval.

use serde::{Deserialize, Serialize};

use super::words;
use crate::distribution::normal_two_sided;
use crate::{Level, StatsError};

/// A share as it was estimated: with its interval, whatever the design of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EstimatedShare {
    /// The share, 0 to 1.
    pub value: f64,
    /// The lower bound of its interval.
    pub lower: f64,
    /// The upper bound of its interval.
    pub upper: f64,
    /// Cases read that have the answer, for the words only.
    pub k: u64,
    /// Cases read, for the words only.
    pub n: u64,
}

impl EstimatedShare {
    fn check(self, what: &str) -> Result<(), StatsError> {
        let ordered = 0.0 <= self.lower
            && self.lower <= self.value
            && self.value <= self.upper
            && self.upper <= 1.0;
        if ordered {
            return Ok(());
        }
        Err(StatsError::Mismatch {
            what: format!("{what}: a share must lie within its interval, and both between 0 and 1"),
        })
    }
}

/// Two rounds beside each other, each estimated with the weights of its sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShareChange {
    /// The earlier round.
    pub earlier: EstimatedShare,
    /// The later round.
    pub later: EstimatedShare,
    /// Later share minus earlier share, −1 to 1.
    pub change: f64,
    /// Lower bound of the change.
    pub lower: f64,
    /// Upper bound of the change.
    pub upper: f64,
    /// How sure the interval is meant to be; the test uses 1 − level.
    pub level: Level,
    /// The two-sided p value of no change, on which the verdict rests.
    pub p: f64,
}

impl ShareChange {
    /// Whether the change is more than chance alone would explain: the interval leaves out no
    /// change, which is to say p is below 1 − level.
    pub fn beyond_chance(&self) -> bool {
        self.p < self.level.alpha()
    }

    /// What changed and whether it is more than chance, in plain words.
    pub fn verdict_in_words(&self) -> String {
        let verdict = if self.beyond_chance() {
            "This is more than chance alone would explain"
        } else {
            "This could be chance"
        };
        format!(
            "{} {} {verdict} ({}).",
            words::movement(
                (self.earlier.value, self.earlier.k, self.earlier.n),
                (self.later.value, self.later.k, self.later.n),
            ),
            words::range(self.lower, self.upper, self.level),
            p_in_words(self.p)
        )
    }
}

fn p_in_words(p: f64) -> String {
    match p {
        p if p < 0.001 => "p below 0.001".into(),
        p => format!("p = {p:.3}"),
    }
}

/// Compares two shares estimated from independent samples of whatever design. The interval of the
/// change joins the two intervals (the square-and-add method, MOVER: Zou & Donner 2008, Statistics
/// in Medicine 27:1693–1702; for simple random samples with Wilson's intervals it is Newcombe's
/// method 10), so that weights and finite lists count as they count in each round. The p value
/// turns that interval around: it is 1 − level where a bound just touches no change. Two full
/// counts that differ have changed for certain.
///
/// # Errors
/// When a share does not lie within its interval.
pub fn shares_changed(
    earlier: EstimatedShare,
    later: EstimatedShare,
    level: Level,
) -> Result<ShareChange, StatsError> {
    earlier.check("earlier round")?;
    later.check("later round")?;
    let change = later.value - earlier.value;
    let down = (later.value - later.lower).hypot(earlier.upper - earlier.value);
    let up = (later.upper - later.value).hypot(earlier.value - earlier.lower);
    let towards_none = if change > 0.0 { down } else { up };
    Ok(ShareChange {
        earlier,
        later,
        change,
        lower: (change - down).max(-1.0),
        upper: (change + up).min(1.0),
        level,
        p: chance_of(change, towards_none, level),
    })
}

/// The two-sided p value of a change whose interval reaches `reach` towards no change.
fn chance_of(change: f64, reach: f64, level: Level) -> f64 {
    if change == 0.0 {
        1.0
    } else if reach == 0.0 {
        0.0
    } else {
        normal_two_sided(change.abs() / reach * level.z())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Counted, newcombe};
    use crate::interval::wilson;

    const LEVEL: Level = Level::NINETY_FIVE;

    fn simple(k: u64, n: u64) -> EstimatedShare {
        let interval = wilson(k, n, LEVEL).expect("an interval");
        EstimatedShare {
            value: k as f64 / n as f64,
            lower: interval.lower,
            upper: interval.upper,
            k,
            n,
        }
    }

    #[test]
    fn simple_samples_give_newcombes_interval() {
        // Newcombe 1998, table II, case (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339.
        let found = shares_changed(simple(48, 80), simple(56, 70), LEVEL).expect("compared");
        assert!((found.lower - 0.0524).abs() < 5e-5 && (found.upper - 0.3339).abs() < 5e-5);
        let newcombe = newcombe(Counted::new(56, 70), Counted::new(48, 80), LEVEL).expect("it");
        assert!((found.lower - newcombe.lower).abs() < 1e-12);
        assert!((found.upper - newcombe.upper).abs() < 1e-12);
    }

    #[test]
    fn verdict_and_interval_agree() {
        for k in 0..=40 {
            let found = shares_changed(simple(20, 40), simple(k, 40), LEVEL).expect("compared");
            let leaves_out = found.lower > 0.0 || found.upper < 0.0;
            assert_eq!(found.beyond_chance(), leaves_out, "{k}");
        }
    }

    #[test]
    fn weights_decide_and_not_the_raw_counts() {
        let weighted = EstimatedShare {
            value: 0.30,
            lower: 0.20,
            upper: 0.42,
            ..simple(20, 40)
        };
        let found = shares_changed(weighted, simple(20, 40), LEVEL).expect("compared");
        assert!(
            (found.change - 0.20).abs() < 1e-12,
            "the counts are the same"
        );
        assert!(
            found
                .verdict_in_words()
                .contains("From 30.0 % (weighted; 20 of 40 read) to 50.0 % (20 of 40)")
        );
    }

    #[test]
    fn full_counts_that_differ_differ_for_certain() {
        let full = |value| EstimatedShare {
            value,
            lower: value,
            upper: value,
            ..simple(1, 4)
        };
        let change = |one, other| {
            shares_changed(full(one), full(other), LEVEL)
                .expect("compared")
                .p
        };
        assert_eq!((change(0.25, 0.5), change(0.25, 0.25)), (0.0, 1.0));
        let wrong = EstimatedShare {
            lower: 0.5,
            ..full(0.25)
        };
        assert!(shares_changed(wrong, full(0.5), LEVEL).is_err());
    }
}
