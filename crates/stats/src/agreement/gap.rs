//! The gap between a force's own grades and inspectors' grades of the same cases.

use serde::{Deserialize, Serialize};

use crate::distribution::binomial_at_most;
use crate::interval::Interval;
use crate::{Level, StatsError};

/// How two graders of the same cases differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// Cases that both graded.
    pub cases: u64,
    /// Cases that the first graded higher.
    pub first_higher: u64,
    /// Cases that the second graded higher.
    pub second_higher: u64,
    /// The share that the first graded higher less the share that the second did, −1 to 1.
    pub net: f64,
    /// Its interval (Bonett & Price 2012, adjusted Wald for paired shares).
    pub interval: Interval,
    /// The two-sided p value of the exact sign test.
    pub p: f64,
}

/// Compares two graders, such as a force and inspectors, on the same cases: the net share graded
/// higher (Bonett & Price 2012) and the exact sign test.
///
/// # Errors
/// When there is no case.
pub fn gap(pairs: &[(usize, usize)], level: Level) -> Result<Gap, StatsError> {
    if pairs.is_empty() {
        return Err(StatsError::NothingRead {
            what: "cases graded by both".into(),
        });
    }
    let count =
        |higher: fn(&(usize, usize)) -> bool| pairs.iter().filter(|p| higher(p)).count() as u64;
    let (first, second) = (count(|(a, b)| a > b), count(|(a, b)| b > a));
    let n = pairs.len() as f64;
    let (p, q) = (
        (first as f64 + 1.0) / (n + 2.0),
        (second as f64 + 1.0) / (n + 2.0),
    );
    let reach = level.z() * ((p + q - (p - q).powi(2)) / (n + 2.0)).sqrt();
    let net = (first as f64 - second as f64) / n;
    Ok(Gap {
        cases: pairs.len() as u64,
        first_higher: first,
        second_higher: second,
        net,
        interval: Interval {
            lower: (p - q - reach).max(-1.0).min(net),
            upper: (p - q + reach).min(1.0).max(net),
        },
        p: (2.0 * binomial_at_most(first.min(second), first + second, 0.5)).min(1.0),
    })
}
