//! Funnels where forces differ by more than chance among themselves, so that plain limits would find
//! too many standing apart (Spiegelhalter 2005, sections 4 and 5).

use serde::{Deserialize, Serialize};

use super::{Standing, checked_target};
use crate::compare::Counted;
use crate::interval::Interval;
use crate::{Level, StatsError};

/// How limits allow for differences between forces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dispersion {
    /// Every standard error is multiplied by the same factor √φ, never below 1.
    Multiplicative,
    /// Forces differ by a standard deviation τ whatever their size; τ² is added to each variance.
    Additive,
}

/// A force in such a funnel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dispersed {
    /// What was counted.
    pub counted: Counted,
    /// Its share.
    pub share: f64,
    /// The plain z value, its distance from the target in binomial standard errors.
    pub z: f64,
    /// The z value that allows for differences between forces.
    pub z_adjusted: f64,
    /// The limits for its size, from 0 to 1.
    pub limits: Interval,
    /// Where it stands.
    pub standing: Standing,
}

/// Many forces beside a target, allowing for their differences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DispersedFunnel {
    /// The share that limits are drawn around.
    pub target: f64,
    /// How wide the limits are.
    pub level: Level,
    /// How they allow for differences.
    pub dispersion: Dispersion,
    /// The mean squared z value after winsorising; 1 would be chance alone.
    pub phi: f64,
    /// The standard deviation between forces beyond chance, as a share.
    pub tau: f64,
    /// The forces in the order given.
    pub positions: Vec<Dispersed>,
}

/// Places forces around `target`, or around their pooled share, allowing for over-dispersion. The
/// most extreme part `winsorise` of z values at either end (0.1 is usual) is pulled in to the next
/// before dispersion is estimated, so that forces which truly stand apart do not hide themselves.
///
/// # Errors
/// As [`funnel`](super::funnel), and when there are fewer than three forces, the target is 0 or 1, or
/// `winsorise` is not from 0 to 0.25.
pub fn dispersed_funnel(
    forces: &[Counted],
    target: Option<f64>,
    level: Level,
    dispersion: Dispersion,
    winsorise: f64,
) -> Result<DispersedFunnel, StatsError> {
    let target = checked_target(forces, target)?;
    check(forces.len() as u64, target, winsorise)?;
    let share = |force: &Counted| force.k as f64 / force.n as f64;
    let error = |force: &Counted| (target * (1.0 - target) / force.n as f64).sqrt();
    let z: Vec<f64> = forces
        .iter()
        .map(|f| (share(f) - target) / error(f))
        .collect();
    let phi = mean_square(&winsorised(&z, winsorise));
    let precisions: Vec<f64> = forces.iter().map(|f| error(f).powi(-2)).collect();
    let tau = between(phi, &precisions);
    let place = |(&counted, &z): (&Counted, &f64)| {
        let error = match dispersion {
            Dispersion::Multiplicative => error(&counted) * phi.max(1.0).sqrt(),
            Dispersion::Additive => error(&counted).hypot(tau),
        };
        position(counted, target, z, error, level)
    };
    Ok(DispersedFunnel {
        target,
        level,
        dispersion,
        phi,
        tau,
        positions: forces.iter().zip(&z).map(place).collect(),
    })
}

fn check(forces: u64, target: f64, winsorise: f64) -> Result<(), StatsError> {
    let refuse = |what: &str, value: f64, wanted: &str| {
        Err(StatsError::OutOfRange {
            what: what.into(),
            value,
            wanted: wanted.into(),
        })
    };
    if forces < 3 {
        return Err(StatsError::TooFew {
            what: "forces whose differences are to be told from chance".into(),
            n: forces,
            needed: 3,
        });
    }
    if target <= 0.0 || target >= 1.0 {
        return refuse("target", target, "a share above 0 and below 1");
    }
    if !(0.0..=0.25).contains(&winsorise) {
        return refuse("winsorised part", winsorise, "a number from 0 to 0.25");
    }
    Ok(())
}

/// The values with the lowest and the highest `part` of them pulled in.
fn winsorised(values: &[f64], part: f64) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let cut = (part * values.len() as f64).floor() as usize;
    let (low, high) = (sorted[cut], sorted[sorted.len() - 1 - cut]);
    values.iter().map(|value| value.clamp(low, high)).collect()
}

fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64
}

/// √ of (Iφ − (I − 1)) ÷ (Σw − Σw²/Σw), or 0.
fn between(phi: f64, precisions: &[f64]) -> f64 {
    let count = precisions.len() as f64;
    let sum: f64 = precisions.iter().sum();
    let squares: f64 = precisions.iter().map(|w| w * w).sum();
    let over = count * phi - (count - 1.0);
    (over.max(0.0) / (sum - squares / sum)).sqrt()
}

fn position(counted: Counted, target: f64, z: f64, error: f64, level: Level) -> Dispersed {
    let share = counted.k as f64 / counted.n as f64;
    let z_adjusted = (share - target) / error;
    let reach = level.z();
    Dispersed {
        counted,
        share,
        z,
        z_adjusted,
        limits: Interval {
            lower: (target - reach * error).max(0.0),
            upper: (target + reach * error).min(1.0),
        },
        standing: match z_adjusted {
            z if z > reach => Standing::Above,
            z if z < -reach => Standing::Below,
            _ => Standing::Within,
        },
    }
}
