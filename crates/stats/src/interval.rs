//! Intervals for one proportion: how sure a share is when `k` of `n` cases have the answer.
//!
//! Two different claims must not be confused. "Of the cases on this list" is about a finite list:
//! [`exact_finite`] and [`wilson_finite`], which shrink to a point when every case was read. "The
//! way cases are handled" is about a practice that will go on: [`wilson`] and [`clopper_pearson`],
//! without a finite population correction. Values checked: Newcombe 1998, Statistics in Medicine
//! 17:857–872.

use serde::{Deserialize, Serialize};

use crate::distribution::{Hypergeometric, beta_quantile};
use crate::error::{check_count, check_population, check_share};
use crate::{Level, StatsError};

/// A lower and an upper bound. For a share both lie between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
}

impl Interval {
    /// Whether `value` lies within the bounds, both included.
    pub fn contains(self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }

    /// The interval cut to 0..1 and widened, where rounding left it short, to contain `value`.
    fn around(self, value: f64) -> Interval {
        Interval {
            lower: self.lower.max(0.0).min(value),
            upper: self.upper.min(1.0).max(value),
        }
    }
}

/// Whole cases of a list, from `lower` to `upper`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRange {
    /// The least number of cases of the list that is believable.
    pub lower: u64,
    /// The greatest.
    pub upper: u64,
}

/// Wilson's score interval (Wilson 1927).
///
/// # Errors
/// When nothing was read or `k` is above `n`.
pub fn wilson(k: u64, n: u64, level: Level) -> Result<Interval, StatsError> {
    check_count("share", k, n)?;
    wilson_effective(k as f64 / n as f64, n as f64, level)
}

/// Wilson's score interval for a share `p` known as well as from `n` independent cases, `n` not
/// necessarily whole: the form used with an effective sample size.
///
/// # Errors
/// When `p` is not a share or `n` is not above 0. An infinite `n` gives the point `p`.
pub fn wilson_effective(p: f64, n: f64, level: Level) -> Result<Interval, StatsError> {
    check_effective(p, n)?;
    if n.is_infinite() {
        return Ok(Interval { lower: p, upper: p });
    }
    let z = level.z();
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let lower = if p == 0.0 { 0.0 } else { centre - half };
    let upper = if p == 1.0 { 1.0 } else { centre + half };
    Ok(Interval { lower, upper }.around(p))
}

/// Wilson's score interval with continuity correction (Newcombe 1998, method 4): wider, nearer to
/// the exact one.
///
/// # Errors
/// When nothing was read or `k` is above `n`.
pub fn wilson_corrected(k: u64, n: u64, level: Level) -> Result<Interval, StatsError> {
    check_count("share", k, n)?;
    let (count, p, z) = (n as f64, k as f64 / n as f64, level.z());
    let (q, z2, scale) = (1.0 - p, z * z, 2.0 * (count + z * z));
    let below = z2 - 2.0 - 1.0 / count + 4.0 * p * (count * q + 1.0);
    let above = z2 + 2.0 - 1.0 / count + 4.0 * p * (count * q - 1.0);
    let lower = if k == 0 {
        0.0
    } else {
        (2.0 * count * p + z2 - 1.0 - z * below.max(0.0).sqrt()) / scale
    };
    let upper = if k == n {
        1.0
    } else {
        (2.0 * count * p + z2 + 1.0 + z * above.max(0.0).sqrt()) / scale
    };
    Ok(Interval { lower, upper }.around(p))
}

/// The exact binomial interval (Clopper & Pearson 1934): covers at least as often as it says.
///
/// # Errors
/// When nothing was read or `k` is above `n`.
pub fn clopper_pearson(k: u64, n: u64, level: Level) -> Result<Interval, StatsError> {
    check_count("share", k, n)?;
    Ok(beta_interval(k as f64, n as f64, level))
}

/// Clopper and Pearson's interval on an effective sample size (Korn & Graubard 1998, without their
/// degrees-of-freedom factor): for stratified samples, on the cautious side.
///
/// # Errors
/// When `p` is not a share or `n` is not above 0. An infinite `n` gives the point `p`.
pub fn clopper_pearson_effective(p: f64, n: f64, level: Level) -> Result<Interval, StatsError> {
    check_effective(p, n)?;
    if n.is_infinite() {
        return Ok(Interval { lower: p, upper: p });
    }
    Ok(beta_interval(p * n, n, level).around(p))
}

fn beta_interval(k: f64, n: f64, level: Level) -> Interval {
    let tail = level.alpha() / 2.0;
    let lower = if k <= 0.0 {
        0.0
    } else {
        beta_quantile(tail, k, n - k + 1.0)
    };
    let upper = if k >= n {
        1.0
    } else {
        beta_quantile(1.0 - tail, k + 1.0, n - k)
    };
    Interval { lower, upper }
}

/// Wilson's interval for a share of a finite list of `population` cases: `n` is replaced by
/// n(N−1)/(N−n), as the variance of a share is smaller by that than with replacement (Cochran 1977,
/// section 3.6), so that reading every case leaves no doubt.
///
/// # Errors
/// When nothing was read, `k` is above `n` or `n` above `population`.
pub fn wilson_finite(
    k: u64,
    n: u64,
    population: u64,
    level: Level,
) -> Result<Interval, StatsError> {
    check_count("share", k, n)?;
    check_population("share", n, population)?;
    wilson_effective(k as f64 / n as f64, finite_size(n, population), level)
}

/// n(N−1)/(N−n): the sample from an endless list that would be worth as much as `n` from
/// `population`. Infinite when every case was read.
fn finite_size(n: u64, population: u64) -> f64 {
    if n == population {
        return f64::INFINITY;
    }
    n as f64 * (population - 1) as f64 / (population - n) as f64
}

/// The exact interval for a finite list, in whole cases: the numbers D of cases on the list under
/// which what was seen would not be too unlikely (each hypergeometric tail above (1 − level)/2;
/// Buonaccorsi 1987). Census: the point `k`.
///
/// # Errors
/// When nothing was read, `k` is above `n` or `n` above `population`.
pub fn exact_finite(
    k: u64,
    n: u64,
    population: u64,
    level: Level,
) -> Result<CaseRange, StatsError> {
    check_count("share", k, n)?;
    check_population("share", n, population)?;
    let tail = level.alpha() / 2.0;
    let list = |hits| Hypergeometric {
        population,
        hits,
        n,
    };
    let (least, greatest) = (k, population - (n - k));
    let lower = first_where(least, greatest, |hits| list(hits).at_least(k) > tail);
    let beyond = first_where(lower, greatest + 1, |hits| {
        hits > greatest || list(hits).at_most(k) <= tail
    });
    Ok(CaseRange {
        lower,
        upper: beyond.saturating_sub(1).max(lower),
    })
}

/// The first number from `low` to `high` for which `holds`, which stays true once true; `high` when
/// none below it does.
fn first_where(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

fn check_effective(p: f64, n: f64) -> Result<(), StatsError> {
    check_share("share", p)?;
    if n > 0.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange {
        what: "effective sample size".into(),
        value: n,
        wanted: "a number above 0".into(),
    })
}

#[cfg(test)]
mod tests;
