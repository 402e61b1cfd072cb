//! Funnel plots: many forces beside a target, with limits that widen where few cases were read
//! (Spiegelhalter 2005, Statistics in Medicine 24:1185–1202).

use serde::{Deserialize, Serialize};

use crate::compare::Counted;
use crate::distribution::{binomial_at_least, binomial_at_most, binomial_mass};
use crate::error::{check_count, check_share};
use crate::interval::Interval;
use crate::{Level, StatsError};

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
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_those_standing_apart_are_named() {
        let forces = [
            Counted::new(278, 374),
            Counted::new(5, 8),
            Counted::new(40, 100),
            Counted::new(96, 100),
        ];
        let found = funnel(&forces, Some(0.7), Level::NINETY_FIVE).unwrap();
        let standings: Vec<Standing> = found
            .positions
            .iter()
            .map(|position| position.standing)
            .collect();
        assert_eq!(
            standings,
            [
                Standing::Within,
                Standing::Within,
                Standing::Below,
                Standing::Above
            ]
        );
        assert!(found.dispersion.unwrap() > 5.0);
    }

    #[test]
    fn limits_narrow_with_more_cases() {
        let width = |n| {
            let found = limits(n, 0.7, Level::NINETY_FIVE).unwrap();
            found.upper - found.lower
        };
        assert!(width(10) > width(50) && width(50) > width(400));
        // Near the normal limits where there are many cases.
        let found = limits(10_000, 0.7, Level::NINETY_FIVE).unwrap();
        assert!((found.lower - (0.7 - 1.96 * (0.21_f64 / 1e4).sqrt())).abs() < 1e-4);
    }

    #[test]
    fn forces_that_cannot_be_are_refused() {
        assert!(funnel(&[], None, Level::NINETY_FIVE).is_err());
        assert!(funnel(&[Counted::new(3, 2)], None, Level::NINETY_FIVE).is_err());
        assert!(limits(5, f64::NAN, Level::NINETY_FIVE).is_err());
        let none = funnel(&[Counted::new(0, 2)], None, Level::NINETY_FIVE).unwrap();
        assert_eq!(
            (none.dispersion, none.positions[0].standing),
            (None, Standing::Within)
        );
    }

    proptest! {
        #[test]
        fn a_force_standing_apart_lies_outside_its_limits(n in 1_u64..200, part in 0.0_f64..=1.0, target in 0.01_f64..0.99) {
            let counted = Counted::new((part * n as f64).round() as u64, n);
            let found = funnel(&[counted], Some(target), Level::NINETY_FIVE).unwrap().positions[0];
            prop_assert!(found.limits.lower <= found.limits.upper);
            match found.standing {
                Standing::Within => {}
                Standing::Above => prop_assert!(found.share >= found.limits.upper - 1e-9),
                Standing::Below => prop_assert!(found.share <= found.limits.lower + 1e-9),
            }
        }
    }
}
