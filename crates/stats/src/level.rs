//! How sure an interval is meant to be.

use serde::{Deserialize, Serialize};

use crate::StatsError;
use crate::distribution::normal_quantile;

/// A confidence level: the share of samples, drawn again and again in the same way, whose interval
/// would contain the truth. At least 0.5 and below 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Level(f64);

impl Level {
    /// 95 %, the level of every published figure unless it says otherwise.
    pub const NINETY_FIVE: Level = Level(0.95);
    /// 80 %, the level of goals in the United States federal reviews.
    pub const EIGHTY: Level = Level(0.80);
    /// 99 %, for a figure that must hardly ever be wrong.
    pub const NINETY_NINE: Level = Level(0.99);

    /// A level between 0.5 (included) and 1 (not included).
    ///
    /// # Errors
    /// [`StatsError::LevelOutOfRange`] for anything else.
    pub fn new(level: f64) -> Result<Self, StatsError> {
        if (0.5..1.0).contains(&level) {
            Ok(Self(level))
        } else {
            Err(StatsError::LevelOutOfRange { level })
        }
    }

    /// The level as a number between 0.5 and 1.
    pub fn value(self) -> f64 {
        self.0
    }

    /// The chance left in the two tails together, 1 − level.
    pub fn alpha(self) -> f64 {
        1.0 - self.0
    }

    /// The two-sided standard normal quantile: 1.959964 for 95 %.
    pub fn z(self) -> f64 {
        normal_quantile(1.0 - self.alpha() / 2.0)
    }
}

impl TryFrom<f64> for Level {
    type Error = StatsError;

    fn try_from(level: f64) -> Result<Self, StatsError> {
        Self::new(level)
    }
}

impl From<Level> for f64 {
    fn from(level: Level) -> f64 {
        level.0
    }
}
