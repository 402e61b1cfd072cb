//! Funnel plots: many forces beside a target, with limits that widen where few cases were read
//! (Spiegelhalter 2005, Statistics in Medicine 24:1185–1202).
//!
//! [`funnel`] has exact limits. Where forces differ among themselves, [`dispersed_funnel`] allows for
//! it; where they have different kinds of cases, compare them after [`direct`] or [`indirect`]
//! standardisation; whether anybody is the lowest of all, [`rank`] says.

use serde::{Deserialize, Serialize};

use crate::compare::Counted;
use crate::distribution::{binomial_at_least, binomial_at_most, binomial_mass};
use crate::error::{check_count, check_share};
use crate::interval::Interval;
use crate::{Level, StatsError};

mod case_mix;
mod dispersion;
mod rank;

pub use case_mix::{Expected, Standardised, direct, indirect};
pub use dispersion::{Dispersed, DispersedFunnel, Dispersion, dispersed_funnel};
pub use rank::{Ranked, Ranking, rank};

/// Where a force stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No more than chance away from the target.
    Within,
    /// Above it by more than chance.
    Above,
    /// Below it by more than chance.
    Below,
}

/// One force in a funnel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// What was counted.
    pub counted: Counted,
    /// Its share.
    pub share: f64,
    /// The limits for so many cases.
    pub limits: Interval,
    /// The chance of a share at least so high, were the target the truth.
    pub at_least: f64,
    /// The chance of a share at most so low.
    pub at_most: f64,
    /// Where the force stands: apart when one of the chances is at most (1 − level)/2.
    pub standing: Standing,
}

/// Many forces beside a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// The share that limits are drawn around.
    pub target: f64,
    /// How wide the limits are; 0.95 and 0.998 are usual.
    pub level: Level,
    /// The forces in the order given.
    pub positions: Vec<Position>,
    /// The mean squared z value. Well above 1 means that forces differ by more than chance among
    /// themselves, so that the limits find too many standing apart; absent when the target is 0 or 1.
    pub dispersion: Option<f64>,
}

/// Places forces around `target`, or around their pooled share when it is `None`.
///
/// # Errors
/// When there is no force, one has no case or more hits than cases, or the target is not a share.
pub fn funnel(forces: &[Counted], target: Option<f64>, level: Level) -> Result<Funnel, StatsError> {
    let target = checked_target(forces, target)?;
    let positions = forces
        .iter()
        .map(|&force| place(force, target, level))
        .collect();
    Ok(Funnel {
        target,
        level,
        positions,
        dispersion: dispersion(forces, target),
    })
}

fn checked_target(forces: &[Counted], target: Option<f64>) -> Result<f64, StatsError> {
    if forces.is_empty() {
        return Err(StatsError::Empty {
            what: "forces".into(),
        });
    }
    for (number, force) in forces.iter().enumerate() {
        check_count(&format!("force {}", number + 1), force.k, force.n)?;
    }
    let sum =
        |part: fn(&Counted) -> u64| forces.iter().map(|force| part(force) as f64).sum::<f64>();
    let target = target.unwrap_or_else(|| sum(|force| force.k) / sum(|force| force.n));
    check_share("target", target)?;
    Ok(target)
}

/// The exact limits for `n` cases around `target`: binomial quantiles, interpolated between whole
/// cases so that the curve is smooth (Spiegelhalter 2005, appendix A.1.1).
///
/// # Errors
/// When `n` is 0 or the target is not a share.
pub fn limits(n: u64, target: f64, level: Level) -> Result<Interval, StatsError> {
    check_share("target", target)?;
    check_count("force", 0, n)?;
    Ok(exact_limits(n, target, level))
}

fn place(counted: Counted, target: f64, level: Level) -> Position {
    let at_least = binomial_at_least(counted.k, counted.n, target);
    let at_most = binomial_at_most(counted.k, counted.n, target);
    let tail = level.alpha() / 2.0;
    let standing = match (at_least <= tail, at_most <= tail) {
        (true, _) => Standing::Above,
        (_, true) => Standing::Below,
        _ => Standing::Within,
    };
    let share = counted.k as f64 / counted.n as f64;
    Position {
        counted,
        share,
        limits: exact_limits(counted.n, target, level),
        at_least,
        at_most,
        standing,
    }
}

fn exact_limits(n: u64, target: f64, level: Level) -> Interval {
    let tail = level.alpha() / 2.0;
    Interval {
        lower: limit(n, target, tail),
        upper: limit(n, target, 1.0 - tail),
    }
}

fn limit(n: u64, target: f64, p: f64) -> f64 {
    let mut below = 0.0;
    for r in 0..=n {
        let mass = binomial_mass(r, n, target);
        if below + mass >= p || r == n {
            let over = if mass > 0.0 {
                ((below + mass - p) / mass).clamp(0.0, 1.0)
            } else {
                0.0
            };
            return ((r as f64 - over) / n as f64).clamp(0.0, 1.0);
        }
        below += mass;
    }
    1.0
}

fn dispersion(forces: &[Counted], target: f64) -> Option<f64> {
    let spread = target * (1.0 - target);
    let square = |force: &Counted| {
        (force.k as f64 / force.n as f64 - target).powi(2) * force.n as f64 / spread
    };
    (spread > 0.0).then(|| forces.iter().map(square).sum::<f64>() / forces.len() as f64)
}

#[cfg(test)]
mod tests;
