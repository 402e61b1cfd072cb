//! The median and other quantiles of waiting times.

use super::{Estimate, Method, Unit};
use crate::distribution::binomial_at_most;
use crate::error::check_share;
use crate::interval::Interval;
use crate::{Level, StatsError};

/// The median waiting time with its order-statistics interval; see [`quantile`].
///
/// # Errors
/// As [`quantile`]; a 95 % interval for a median needs 6 values.
pub fn median(waits: &[f64], unit: Unit, level: Level) -> Result<Estimate, StatsError> {
    quantile(waits, 0.5, unit, level)
}

/// The waiting time that a share `q` of cases does not exceed, from a simple random sample.
///
/// The value is the inverse of the empirical distribution, the mean of two neighbours where it is
/// flat (R's type 2). The bounds are two of the ordered values: the r-th for the greatest r with
/// P(B ≤ r−1) ≤ (1−level)/2 and the s-th for the least s with P(B ≤ s−1) ≥ 1−(1−level)/2, B binomial
/// with `n` and `q`, whatever the distribution (David & Nagaraja 2003, section 7.1).
///
/// # Errors
/// When `q` is not strictly between 0 and 1, the unit is not a time, a value is not a finite number,
/// or there are too few values for bounds at this level.
pub fn quantile(waits: &[f64], q: f64, unit: Unit, level: Level) -> Result<Estimate, StatsError> {
    check(waits, q, unit)?;
    let mut sorted = waits.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as u64;
    let (lower, upper) = ranks(n, q, level).ok_or_else(|| StatsError::TooFew {
        what: format!("interval for the {q} quantile of waiting times"),
        n,
        needed: (n + 1..)
            .find(|&more| ranks(more, q, level).is_some())
            .unwrap_or(n + 1),
    })?;
    let bounds = Interval {
        lower: sorted[lower - 1],
        upper: sorted[upper - 1],
    };
    let value = inverse(&sorted, q);
    Ok(Estimate::bare(
        value,
        bounds,
        unit,
        level,
        Method::OrderStatistics,
        n,
    ))
}

fn check(waits: &[f64], q: f64, unit: Unit) -> Result<(), StatsError> {
    check_share("quantile", q)?;
    if q == 0.0 || q == 1.0 {
        let wanted = "a number above 0 and below 1".into();
        return Err(StatsError::OutOfRange {
            what: "quantile".into(),
            value: q,
            wanted,
        });
    }
    if !matches!(unit, Unit::Hours | Unit::Days) {
        return Err(StatsError::Mismatch {
            what: "a waiting time is measured in hours or days".into(),
        });
    }
    match waits.iter().position(|wait| !wait.is_finite()) {
        Some(place) => Err(StatsError::OutOfRange {
            what: format!("waiting time {}", place + 1),
            value: waits[place],
            wanted: "a finite number".into(),
        }),
        None if waits.is_empty() => Err(StatsError::NothingRead {
            what: "waiting times".into(),
        }),
        None => Ok(()),
    }
}

/// The ranks of the two bounds, from 1; none when `n` is too small.
fn ranks(n: u64, q: f64, level: Level) -> Option<(usize, usize)> {
    let tail = level.alpha() / 2.0;
    let lower = (1..=n)
        .take_while(|&r| binomial_at_most(r - 1, n, q) <= tail)
        .last()?;
    let upper = (1..=n).find(|&s| binomial_at_most(s - 1, n, q) >= 1.0 - tail)?;
    Some((lower as usize, upper as usize))
}

fn inverse(sorted: &[f64], q: f64) -> f64 {
    let place = sorted.len() as f64 * q;
    let whole = place.floor();
    let rank = whole as usize;
    if (place - whole).abs() < 1e-9 && rank >= 1 && rank < sorted.len() {
        return 0.5 * (sorted[rank - 1] + sorted[rank]);
    }
    sorted[(place.ceil() as usize).clamp(1, sorted.len()) - 1]
}
