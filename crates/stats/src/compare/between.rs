//! Two estimates of any design.

use serde::{Deserialize, Serialize};

use crate::estimate::{Estimate, Unit};
use crate::{Level, StatsError};

/// The difference of two estimates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Later less earlier, in the estimates' unit.
    pub change: f64,
    /// Its lower bound.
    pub lower: f64,
    /// Its upper bound.
    pub upper: f64,
    /// What is counted.
    pub unit: Unit,
    /// How sure the interval is meant to be.
    pub level: Level,
}

impl Change {
    /// Whether the interval leaves out no change.
    pub fn beyond_chance(&self) -> bool {
        self.lower > 0.0 || self.upper < 0.0
    }
}

/// The change between two estimates from samples drawn apart, whatever their designs: square-and-add of
/// their intervals (Zou & Donner 2008), which for two simple shares with Wilson's interval is
/// [`newcombe`](super::newcombe).
///
/// # Errors
/// When they count different things, are not equally sure, or follow different versions of the
/// framework: then a difference means nothing.
pub fn between(earlier: &Estimate, later: &Estimate) -> Result<Change, StatsError> {
    let refuse = |what: String| Err(StatsError::Mismatch { what });
    if earlier.unit != later.unit {
        return refuse(format!(
            "the earlier figure is in {:?} and the later in {:?}; compare like with like",
            earlier.unit, later.unit
        ));
    }
    if earlier.level != later.level {
        return refuse("the figures are not equally sure; estimate both at the same level".into());
    }
    if earlier.basis != later.basis {
        let name = |one: &Estimate| one.basis.clone().unwrap_or_else(|| "none named".into());
        return refuse(format!(
            "the answers follow different rules ({} and {}), so they must not be compared",
            name(earlier),
            name(later)
        ));
    }
    let change = later.value - earlier.value;
    let below = (later.value - later.lower).hypot(earlier.upper - earlier.value);
    let above = (later.upper - later.value).hypot(earlier.value - earlier.lower);
    Ok(Change {
        change,
        lower: change - below,
        upper: change + above,
        unit: later.unit,
        level: later.level,
    })
}
