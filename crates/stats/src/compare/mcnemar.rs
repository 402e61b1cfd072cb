//! The same cases graded twice.

use serde::{Deserialize, Serialize};

use super::ChiSquared;
use crate::distribution::binomial_at_most;

/// The result of McNemar's test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// Cases with the answer only the first time.
    pub only_first: u64,
    /// Cases with the answer only the second time.
    pub only_second: u64,
    /// The statistic without continuity correction; absent when no case changed.
    pub test: Option<ChiSquared>,
    /// The statistic with continuity correction; absent when no case changed.
    pub test_corrected: Option<ChiSquared>,
    /// The exact two-sided p value; 1 when no case changed.
    pub exact_p: f64,
}

/// Tests whether cases graded twice changed more often one way than the other (McNemar 1947; exact
/// form: binomial with one half). Cases with the same answer both times do not count.
pub fn mcnemar(only_first: u64, only_second: u64) -> McNemar {
    let changed = only_first + only_second;
    let difference = only_first.abs_diff(only_second) as f64;
    let statistic = |difference: f64| {
        (changed > 0).then(|| ChiSquared::new(difference * difference / changed as f64, 1))
    };
    McNemar {
        only_first,
        only_second,
        test: statistic(difference),
        test_corrected: statistic((difference - 1.0).max(0.0)),
        exact_p: (2.0 * binomial_at_most(only_first.min(only_second), changed, 0.5)).min(1.0),
    }
}
