//! Krippendorff's alpha.

use serde::{Deserialize, Serialize};

use super::{Coefficient, Readings};
use crate::{Level, StatsError};

/// Krippendorff's distances between grades (Krippendorff 2004, chapter 11). Grades count as 1, 2, 3, …
/// where a distance needs numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distance {
    /// 0 for the same grade, 1 for another.
    Nominal,
    /// How many readings lie between two grades, which depends on how often each grade was given.
    Ordinal,
    /// The squared difference.
    Interval,
    /// The squared difference over the squared sum.
    Ratio,
}

impl Distance {
    fn squared(self, c: usize, k: usize, given: &[f64]) -> f64 {
        let (low, high) = (c.min(k), c.max(k));
        if low == high {
            return 0.0;
        }
        let (a, b) = ((low + 1) as f64, (high + 1) as f64);
        match self {
            Self::Nominal => 1.0,
            Self::Ordinal => {
                (given[low..=high].iter().sum::<f64>() - (given[low] + given[high]) / 2.0).powi(2)
            }
            Self::Interval => (b - a).powi(2),
            Self::Ratio => ((b - a) / (b + a)).powi(2),
        }
    }
}

/// Krippendorff's alpha (2004, chapter 11), 1 − observed over expected disagreement; cases with one reading do not
/// count. The standard error is the delete-one-case jackknife.
///
/// # Errors
/// When every reading is the same grade, so that no disagreement could be expected.
pub fn krippendorff(
    readings: &Readings,
    distance: Distance,
    level: Level,
) -> Result<Coefficient, StatsError> {
    let cases: Vec<Vec<f64>> = readings
        .counts()
        .into_iter()
        .filter(|row| row.iter().sum::<f64>() >= 2.0)
        .collect();
    let (observed, expected) =
        disagreement(&cases, distance).ok_or_else(|| StatsError::Mismatch {
            what:
                "every reading is the same grade, so alpha is not defined; report percent agreement"
                    .into(),
        })?;
    let value = 1.0 - observed / expected;
    let error = jackknife(&cases, distance);
    Ok(Coefficient {
        agreement: 1.0 - observed,
        by_chance: 1.0 - expected,
        ..Coefficient::with_error(value, error, readings, level)
    })
}

/// Observed and expected disagreement; `None` when none could be expected.
fn disagreement(cases: &[Vec<f64>], distance: Distance) -> Option<(f64, f64)> {
    let q = cases.first()?.len();
    let given: Vec<f64> = (0..q)
        .map(|grade| cases.iter().map(|row| row[grade]).sum())
        .collect();
    let n: f64 = given.iter().sum();
    let pairs = |row: &[f64]| -> f64 {
        (0..q)
            .flat_map(|c| (0..q).map(move |k| (c, k)))
            .map(|(c, k)| row[c] * row[k] * distance.squared(c, k, &given))
            .sum()
    };
    let observed = cases
        .iter()
        .map(|row| pairs(row) / (row.iter().sum::<f64>() - 1.0))
        .sum::<f64>()
        / n;
    let expected = pairs(&given) / (n * (n - 1.0));
    (expected > 0.0).then_some((observed, expected))
}

/// √((n−1)/n · Σ(αᵢ − mean)²) over the alphas without one case; absent where one is not defined.
fn jackknife(cases: &[Vec<f64>], distance: Distance) -> Option<f64> {
    let n = cases.len() as f64;
    let without = |case: usize| {
        let rest = [&cases[..case], &cases[case + 1..]].concat();
        disagreement(&rest, distance).map(|(observed, expected)| 1.0 - observed / expected)
    };
    let alphas: Vec<f64> = (0..cases.len()).map(without).collect::<Option<_>>()?;
    let mean = alphas.iter().sum::<f64>() / n;
    Some(
        ((n - 1.0) / n
            * alphas
                .iter()
                .map(|alpha| (alpha - mean).powi(2))
                .sum::<f64>())
        .sqrt(),
    )
}
