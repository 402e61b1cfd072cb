//! Charts over time: whether a figure moves by more than chance, and whether its rounds may be joined
//! by a line at all.
//!
//! [`join`] makes a [`Series`] of rounds, or refuses with reasons; [`run_chart`] and [`p_chart`] take
//! nothing else. A **run chart** asks for unusually long runs on one side of the median and unusually
//! few crossings, with limits that grow with the number of points (Anhøj & Olesen 2014, PLoS ONE
//! 9:e113825), so that a longer chart does not alarm more often; no further rules are added, since
//! each would alarm by itself. A **p-chart** asks for a round beyond three standard errors of the
//! centre; where rounds differ by more than the binomial distribution explains, Laney's p′ (2002)
//! widens the limits by how much neighbouring rounds differ.

use serde::{Deserialize, Serialize};

use crate::StatsError;
use crate::distribution::binomial_at_most;
use crate::interval::Interval;

mod comparable;

pub use comparable::{Basis, NotComparable, Reason, Round, Series, join};

/// Runs about the median.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunChart {
    /// The median share.
    pub median: f64,
    /// Rounds that do not lie on the median.
    pub useful: u64,
    /// The longest run on one side.
    pub longest_run: u64,
    /// The longest run that chance explains: log₂ of the useful rounds, rounded, plus 3.
    pub longest_run_max: u64,
    /// How often the line crosses the median.
    pub crossings: u64,
    /// The fewest crossings that chance explains: the 5 % quantile of Binomial(useful − 1, ½).
    pub crossings_min: u64,
    /// Whether either limit is broken.
    pub signal: bool,
}

/// The fewest rounds from which a chart is drawn.
pub const ROUNDS_MIN: u64 = 10;

/// Looks for runs about the median (Anhøj & Olesen 2014).
///
/// # Errors
/// When there are fewer than [`ROUNDS_MIN`] rounds: a chart of fewer tells nothing about movement.
pub fn run_chart(series: &Series) -> Result<RunChart, StatsError> {
    check_length(series)?;
    let shares = series.shares();
    let median = median(&shares);
    let sides: Vec<bool> = shares
        .iter()
        .filter(|&&share| share != median)
        .map(|&share| share > median)
        .collect();
    let useful = sides.len() as u64;
    let longest_run = sides.chunk_by(|a, b| a == b).map(<[bool]>::len).max();
    let longest_run = longest_run.unwrap_or(0) as u64;
    let crossings = sides.windows(2).filter(|pair| pair[0] != pair[1]).count() as u64;
    let (longest_run_max, crossings_min) = run_limits(useful);
    Ok(RunChart {
        median,
        useful,
        longest_run,
        longest_run_max,
        crossings,
        crossings_min,
        signal: longest_run > longest_run_max || crossings < crossings_min,
    })
}

/// The longest run and the fewest crossings that chance explains among so many useful rounds.
fn run_limits(useful: u64) -> (u64, u64) {
    let longest = (useful.max(1) as f64).log2().round() as u64 + 3;
    let steps = useful.saturating_sub(1);
    let crossings = (0..=steps).find(|&k| binomial_at_most(k, steps, 0.5) >= 0.05);
    (longest, crossings.unwrap_or(0))
}

/// How wide the limits of a p-chart are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// As the binomial distribution gives it.
    Binomial,
    /// Widened by how much neighbouring rounds differ (p′).
    Laney,
}

/// One round of a p-chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Charted {
    /// Its share.
    pub share: f64,
    /// Its limits, from 0 to 1.
    pub limits: Interval,
    /// Whether it lies beyond them.
    pub signal: bool,
}

/// Shares with limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PChart {
    /// The pooled share of all rounds.
    pub centre: f64,
    /// How the limits were made.
    pub spread: Spread,
    /// Laney's factor: how much more (above 1) or less neighbouring rounds differ than the binomial
    /// distribution explains; absent when all rounds agree at 0 or 1.
    pub sigma_z: Option<f64>,
    /// The rounds in order.
    pub rounds: Vec<Charted>,
}

/// Looks for rounds beyond three standard errors of the centre (Shewhart 1931), binomial or Laney's
/// (2002).
///
/// # Errors
/// As [`run_chart`].
pub fn p_chart(series: &Series, spread: Spread) -> Result<PChart, StatsError> {
    check_length(series)?;
    let counted: Vec<(f64, f64)> = series
        .rounds()
        .iter()
        .map(|round| (round.k as f64, round.n as f64))
        .collect();
    let (hits, all) = counted
        .iter()
        .fold((0.0, 0.0), |(k, n), one| (k + one.0, n + one.1));
    let centre = hits / all;
    let error = |n: f64| (centre * (1.0 - centre) / n).sqrt();
    let sigma_z = (hits > 0.0 && hits < all).then(|| {
        let z: Vec<f64> = counted
            .iter()
            .map(|&(k, n)| (k / n - centre) / error(n))
            .collect();
        mean_moving_range(&z) / 1.128
    });
    let factor = match spread {
        Spread::Binomial => 1.0,
        Spread::Laney => sigma_z.unwrap_or(1.0),
    };
    let charted = |&(k, n): &(f64, f64)| {
        let (share, reach) = (k / n, 3.0 * factor * error(n));
        let limits = Interval {
            lower: (centre - reach).max(0.0),
            upper: (centre + reach).min(1.0),
        };
        Charted {
            share,
            limits,
            signal: share < limits.lower - 1e-12 || share > limits.upper + 1e-12,
        }
    };
    Ok(PChart {
        centre,
        spread,
        sigma_z,
        rounds: counted.iter().map(charted).collect(),
    })
}

fn mean_moving_range(values: &[f64]) -> f64 {
    let steps: f64 = values
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .sum();
    steps / (values.len() - 1) as f64
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        0 => (sorted[middle - 1] + sorted[middle]) / 2.0,
        _ => sorted[middle],
    }
}

fn check_length(series: &Series) -> Result<(), StatsError> {
    let n = series.rounds().len() as u64;
    if n >= ROUNDS_MIN {
        return Ok(());
    }
    Err(StatsError::TooFew {
        what: "rounds of a chart".into(),
        n,
        needed: ROUNDS_MIN,
    })
}

#[cfg(test)]
mod tests;
