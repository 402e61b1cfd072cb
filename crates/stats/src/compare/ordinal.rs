//! Grades in order, not only good or not.

use serde::{Deserialize, Serialize};

use crate::distribution::{normal_two_sided, t_two_sided};
use crate::{Level, StatsError};

/// Two rounds compared by grades in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrdinalComparison {
    /// The chance that a case of the later round has a higher grade than one of the earlier, a draw
    /// counting half: 0.5 means no shift, 1 that every later case is higher.
    pub superiority: f64,
    /// Its lower bound (Newcombe 2006, method 5).
    pub lower: f64,
    /// Its upper bound.
    pub upper: f64,
    /// How sure the interval is meant to be.
    pub level: Level,
    /// Wilcoxon, Mann and Whitney's z statistic with ties, without continuity correction; absent where
    /// every case has the same grade.
    pub z: Option<f64>,
    /// Its two-sided p value.
    pub z_p: Option<f64>,
    /// Brunner and Munzel's test (2000), which allows for grades that spread more in one round;
    /// absent where no case of one round overlaps with the other.
    pub brunner_munzel: Option<BrunnerMunzel>,
}

/// The result of Brunner and Munzel's test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BrunnerMunzel {
    /// The statistic, above 0 when the later round has higher grades.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// Its two-sided p value.
    pub p: f64,
}

/// Compares two rounds by their numbers of cases at each grade, lowest grade first: the chance of a higher
/// grade (Newcombe 2006, method 5), Mann and Whitney's test (1947) and Brunner and Munzel's (2000).
///
/// # Errors
/// When the rounds have different grades or fewer than two, or a round has fewer than two cases.
pub fn ordinal(
    earlier: &[u64],
    later: &[u64],
    level: Level,
) -> Result<OrdinalComparison, StatsError> {
    check(earlier, later)?;
    let (first, second) = (numbers(earlier), numbers(later));
    let (m, n) = (first.iter().sum::<f64>(), second.iter().sum::<f64>());
    let superiority = half_below(&first, &second).sum::<f64>() / (m * n);
    let z = mann_whitney(superiority, &first, &second);
    let (lower, upper) = (
        bound(superiority, m, n, level, 0.0),
        bound(superiority, m, n, level, 1.0),
    );
    Ok(OrdinalComparison {
        superiority,
        lower,
        upper,
        level,
        z,
        z_p: z.map(normal_two_sided),
        brunner_munzel: brunner_munzel(&first, &second),
    })
}

fn check(earlier: &[u64], later: &[u64]) -> Result<(), StatsError> {
    if earlier.len() != later.len() || earlier.len() < 2 {
        return Err(StatsError::Mismatch {
            what: format!(
                "the rounds have {} and {} grades; both need the same, at least two",
                earlier.len(),
                later.len()
            ),
        });
    }
    for (name, round) in [("earlier round", earlier), ("later round", later)] {
        let n: u64 = round.iter().sum();
        if n < 2 {
            return Err(StatsError::TooFew {
                what: name.into(),
                n,
                needed: 2,
            });
        }
    }
    Ok(())
}

fn numbers(counts: &[u64]) -> Vec<f64> {
    counts.iter().map(|&count| count as f64).collect()
}

/// For each grade, its cases in `second` times the cases in `first` below it and half of those at it.
fn half_below<'a>(first: &'a [f64], second: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    placements(first)
        .zip(second)
        .map(|(below, count)| below * count)
}

/// For each grade, the cases of `other` below it and half of those at it.
fn placements(other: &[f64]) -> impl Iterator<Item = f64> + '_ {
    other.iter().scan(0.0, |below, &count| {
        let placed = *below + count / 2.0;
        *below += count;
        Some(placed)
    })
}

fn mann_whitney(superiority: f64, first: &[f64], second: &[f64]) -> Option<f64> {
    let (m, n) = (first.iter().sum::<f64>(), second.iter().sum::<f64>());
    let all = m + n;
    let ties: f64 = first
        .iter()
        .zip(second)
        .map(|(a, b)| (a + b).powi(3) - (a + b))
        .sum();
    let variance = m * n / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    (variance > 1e-9).then(|| (superiority - 0.5) * m * n / variance.sqrt())
}

fn brunner_munzel(first: &[f64], second: &[f64]) -> Option<BrunnerMunzel> {
    let (m, n) = (first.iter().sum::<f64>(), second.iter().sum::<f64>());
    let (above, superiority) = (
        spread(first, second),
        half_below(first, second).sum::<f64>() / (m * n),
    );
    let below = spread(second, first);
    // Variances of placements, as shares of the other round.
    let (v1, v2) = (above / (n * n) / m, below / (m * m) / n);
    if v1 + v2 <= 1e-15 {
        return None;
    }
    let statistic = (superiority - 0.5) / (v1 + v2).sqrt();
    let df = (v1 + v2).powi(2) / (v1 * v1 / (m - 1.0) + v2 * v2 / (n - 1.0));
    Some(BrunnerMunzel {
        statistic,
        df,
        p: t_two_sided(statistic, df),
    })
}

/// The variance of the placements of `own` cases among `other`.
fn spread(own: &[f64], other: &[f64]) -> f64 {
    let n: f64 = own.iter().sum();
    let placed: Vec<f64> = placements(other).collect();
    let mean = placed.iter().zip(own).map(|(x, w)| x * w).sum::<f64>() / n;
    let squares = placed.iter().zip(own).map(|(x, w)| (x - mean).powi(2) * w);
    squares.sum::<f64>() / (n - 1.0)
}

/// The θ between the estimate and `end` from which the estimate lies z standard errors away, the error
/// being Hanley and McNeil's with both sizes replaced by their mean (Newcombe 2006).
fn bound(estimate: f64, m: f64, n: f64, level: Level, end: f64) -> f64 {
    let size = (m + n) / 2.0 - 1.0;
    let error = |theta: f64| {
        let more = (1.0 - theta) / (2.0 - theta) + theta / (1.0 + theta);
        (theta * (1.0 - theta) * (1.0 + size * more) / (m * n)).sqrt()
    };
    let (mut inside, mut outside) = (estimate, end);
    for _ in 0..100 {
        let middle = (inside + outside) / 2.0;
        if (estimate - middle).abs() <= level.z() * error(middle) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    if (inside - end).abs() < 1e-12 {
        end
    } else {
        inside
    }
}
