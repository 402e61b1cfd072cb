//! Forces compared as if they had the same kinds of cases.

use serde::{Deserialize, Serialize};

use crate::compare::Counted;
use crate::distribution::gamma_quantile;
use crate::interval::{Interval, wilson_effective};
use crate::{Level, StatsError};

/// A force's share as it would be with the standard mix of cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Standardised {
    /// The share over the force's own mix.
    pub crude: f64,
    /// The share over the standard mix.
    pub share: f64,
    /// Its interval.
    pub interval: Interval,
}

/// A force's count beside the one that its mix of cases leads to expect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// Cases with the answer.
    pub observed: u64,
    /// What the same mix of cases has over all forces together.
    pub expected: f64,
    /// Observed over expected: 1 is as expected.
    pub ratio: f64,
    /// Its interval, of a Poisson count, which errs on the wide side for shares that are not small.
    pub interval: Interval,
}

/// Direct standardisation: each force's shares by category, weighted by the `standard` number of cases
/// in each category (Breslow & Day 1987, chapter 2). Interval: Wilson on the effective sample size; a
/// category whose cases all agree counts in the variance as if it had (k+1)/(n+2).
///
/// # Errors
/// When forces or categories are missing, numbers do not fit, or a force has no case of a category that
/// counts: then use [`indirect`].
pub fn direct(
    forces: &[Vec<Counted>],
    standard: &[f64],
    level: Level,
) -> Result<Vec<Standardised>, StatsError> {
    check(forces, standard.len())?;
    let total: f64 = standard.iter().sum();
    let fits = standard.iter().all(|w| w.is_finite() && *w >= 0.0) && total > 0.0;
    if !fits {
        return refuse(
            "the standard numbers of cases must be finite, 0 or above, and not all 0".into(),
        );
    }
    let force = |(force, number): (&Vec<Counted>, usize)| {
        let counted = force.iter().zip(standard).map(|(c, w)| (*c, w / total));
        let parts: Vec<(Counted, f64)> = counted.filter(|(_, weight)| *weight > 0.0).collect();
        if let Some(category) = force
            .iter()
            .zip(standard)
            .position(|(c, w)| c.n == 0 && *w > 0.0)
        {
            return refuse(format!(
                "force {number} has no case of category {}; leave the category out for all, or standardise indirectly",
                category + 1
            ));
        }
        one_direct(force, &parts, level)
    };
    forces.iter().zip(1..).map(force).collect()
}

fn one_direct(
    force: &[Counted],
    parts: &[(Counted, f64)],
    level: Level,
) -> Result<Standardised, StatsError> {
    let share = |c: &Counted| c.k as f64 / c.n as f64;
    let value: f64 = parts.iter().map(|(c, w)| w * share(c)).sum();
    let value = value.clamp(0.0, 1.0);
    let variance: f64 = parts
        .iter()
        .map(|(c, w)| {
            let p = match c.k == 0 || c.k == c.n {
                true => (c.k as f64 + 1.0) / (c.n as f64 + 2.0),
                false => share(c),
            };
            w * w * p * (1.0 - p) / c.n as f64
        })
        .sum();
    let equal: f64 = parts.iter().map(|(c, w)| w * w / c.n as f64).sum();
    let effective = match value > 0.0 && value < 1.0 {
        true => value * (1.0 - value) / variance,
        false => 1.0 / equal,
    };
    Ok(Standardised {
        crude: crude(force),
        share: value,
        interval: wilson_effective(value, effective, level)?,
    })
}

fn crude(force: &[Counted]) -> f64 {
    let sum = |part: fn(&Counted) -> u64| force.iter().map(part).sum::<u64>() as f64;
    sum(|c| c.k) / sum(|c| c.n)
}

/// Indirect standardisation: each force's count over what its mix of cases would have at the shares of
/// all forces together (Breslow & Day 1987, chapter 2); its interval is that of a
/// Poisson count (Garwood 1936).
///
/// # Errors
/// When forces or categories are missing, numbers do not fit, or nothing would be expected of a force.
pub fn indirect(forces: &[Vec<Counted>], level: Level) -> Result<Vec<Expected>, StatsError> {
    let categories = forces.first().map_or(0, Vec::len);
    check(forces, categories)?;
    let shares: Vec<f64> = (0..categories)
        .map(|category| {
            let column = forces.iter().map(|force| force[category]);
            let (k, n) = column.fold((0, 0), |(k, n), c| (k + c.k, n + c.n));
            if n == 0 { 0.0 } else { k as f64 / n as f64 }
        })
        .collect();
    let force = |(force, number): (&Vec<Counted>, usize)| {
        let observed: u64 = force.iter().map(|c| c.k).sum();
        let expected: f64 = force.iter().zip(&shares).map(|(c, p)| c.n as f64 * p).sum();
        if expected <= 0.0 {
            return refuse(format!(
                "no case with the answer is expected of force {number}, so there is no ratio"
            ));
        }
        let count = poisson_interval(observed, level);
        Ok(Expected {
            observed,
            expected,
            ratio: observed as f64 / expected,
            interval: Interval {
                lower: count.lower / expected,
                upper: count.upper / expected,
            },
        })
    };
    forces.iter().zip(1..).map(force).collect()
}

/// The exact interval for a Poisson count (Garwood 1936).
fn poisson_interval(count: u64, level: Level) -> Interval {
    let tail = level.alpha() / 2.0;
    Interval {
        lower: match count {
            0 => 0.0,
            count => gamma_quantile(tail, count as f64),
        },
        upper: gamma_quantile(1.0 - tail, count as f64 + 1.0),
    }
}

fn check(forces: &[Vec<Counted>], categories: usize) -> Result<(), StatsError> {
    if forces.is_empty() || categories == 0 {
        return Err(StatsError::Empty {
            what: "forces and categories".into(),
        });
    }
    for (force, number) in forces.iter().zip(1..) {
        if force.len() != categories {
            let found = force.len();
            return refuse(format!(
                "force {number} has {found} categories but {categories} are wanted"
            ));
        }
        if let Some(wrong) = force.iter().find(|c| c.k > c.n) {
            return Err(StatsError::MoreThanRead {
                what: format!("force {number}"),
                k: wrong.k,
                n: wrong.n,
            });
        }
        if force.iter().all(|c| c.n == 0) {
            return Err(StatsError::NothingRead {
                what: format!("force {number}"),
            });
        }
    }
    Ok(())
}

fn refuse<T>(what: String) -> Result<T, StatsError> {
    Err(StatsError::Mismatch { what })
}
