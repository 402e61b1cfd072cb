//! Goals that allow for sampling error, as in the United States Child and Family Services Reviews,
//! and how easily one is met although nothing has changed.
//!
//! A goal is only fair when the later round reads at least as many cases, of comparable kinds, from
//! a period that does not overlap. Because the baseline is itself uncertain, the true chance of a
//! false success is higher than [`Goal::false_success`]; put
//! [`changed`](crate::compare::changed) beside it.

use serde::{Deserialize, Serialize};

use crate::StatsError;
use crate::compare::Counted;
use crate::distribution::binomial_at_least;
use crate::error::check_count;

/// The quantile that the federal reviews use for 80 % confidence, as they round it.
const Z_OF_THE_REVIEWS: f64 = 1.28;

/// A goal set from a baseline round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// The baseline share.
    pub baseline: f64,
    /// What is added for sampling error.
    pub error: f64,
    /// The share to reach, baseline plus error, at most 1.
    pub goal: f64,
    /// Cases in the later round.
    pub later_n: u64,
    /// Cases that must have the answer in the later round.
    pub needed: u64,
    /// The chance to reach it if the baseline share is the true one and stays so.
    pub false_success: f64,
}

/// Sets the goal for a later round of `later_n` cases: p₀ + 1.28·√(p₀(1−p₀)/n₀).
///
/// # Errors
/// When the baseline has no case or more hits than cases, or the later round is smaller than the
/// baseline, which would make the goal easier to reach by chance.
pub fn set_goal(baseline: Counted, later_n: u64) -> Result<Goal, StatsError> {
    check_count("baseline", baseline.k, baseline.n)?;
    if later_n < baseline.n {
        return Err(StatsError::Mismatch {
            what: format!(
                "the later round has {later_n} cases but the baseline {}: chance alone would meet the goal more easily; read at least as many",
                baseline.n
            ),
        });
    }
    let p = baseline.k as f64 / baseline.n as f64;
    let error = Z_OF_THE_REVIEWS * (p * (1.0 - p) / baseline.n as f64).sqrt();
    let goal = (p + error).min(1.0);
    // A goal that is a whole number of cases must not be lost to the last bit.
    let needed = (goal * later_n as f64 - 1e-9).ceil() as u64;
    Ok(Goal {
        baseline: p,
        error,
        goal,
        later_n,
        needed,
        false_success: binomial_at_least(needed, later_n, p),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_of_the_federal_reviews() {
        for (k, n, error, goal, needed, chance) in [
            (39, 65, 7.8, 67.8, 45, 0.080),
            (52, 65, 6.4, 86.4, 57, 0.076),
            (30, 40, 8.8, 83.8, 34, 0.096),
            (20, 25, 10.2, 90.2, 23, 0.098),
            (60, 65, 4.2, 96.5, 63, 0.115),
            (29, 58, 8.4, 58.4, 34, 0.119),
        ] {
            let found = set_goal(Counted::new(k, n), n).unwrap();
            assert!((found.error * 100.0 - error).abs() <= 0.0501, "{found:?}");
            assert!((found.goal * 100.0 - goal).abs() <= 0.0501, "{found:?}");
            assert_eq!(found.needed, needed);
            assert!(
                (found.false_success - chance).abs() <= 0.000501,
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_smaller_later_round_is_refused() {
        assert!(matches!(
            set_goal(Counted::new(39, 65), 64),
            Err(StatsError::Mismatch { .. })
        ));
        assert!(set_goal(Counted::new(3, 0), 64).is_err());
    }

    #[test]
    fn a_perfect_baseline_leaves_nothing_to_reach() {
        let found = set_goal(Counted::new(65, 65), 65).unwrap();
        assert_eq!(
            (found.goal, found.needed, found.false_success),
            (1.0, 65, 1.0)
        );
    }
}
