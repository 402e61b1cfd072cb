//! Ranks with their uncertainty: who is lowest, and whether that can be said at all.
//!
//! Forces' true shares are taken to come from one Beta distribution, fitted to all of them (empirical
//! Bayes, maximum marginal likelihood); each force's share is drawn towards the mean the more, the
//! fewer of its cases were read. From there follows the chance of every rank, worked out on a grid
//! rather than by simulation, so that the same counts give the same answer.

use serde::{Deserialize, Serialize};
use statrs::function::beta::{beta_reg, ln_beta};

use crate::compare::Counted;
use crate::distribution::beta_quantile;
use crate::error::check_count;
use crate::estimate::percent;
use crate::interval::Interval;
use crate::{Level, StatsError};

/// Beyond this precision forces differ by so little that they count as alike.
const PRECISION_MAX: f64 = 1e6;

/// Cells of the grid on which shares are compared.
const CELLS: usize = 600;

/// A force among the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// What was counted.
    pub counted: Counted,
    /// The share drawn towards the mean of all.
    pub share: f64,
    /// Its interval.
    pub interval: Interval,
    /// The mean rank; rank 1 has the lowest share.
    pub rank: f64,
    /// The lowest rank that is believable at the level.
    pub rank_lower: u64,
    /// The highest.
    pub rank_upper: u64,
    /// The chance to have the lowest share of all.
    pub lowest: f64,
    /// The chance to have the highest.
    pub highest: f64,
}

/// All forces in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// The mean of the forces' true shares.
    pub mean: f64,
    /// The standard deviation of their true shares; 0 where they differ by no more than chance.
    pub spread: f64,
    /// How sure intervals are meant to be, and the chance from which on a force is called the lowest.
    pub level: Level,
    /// The forces in the order given.
    pub forces: Vec<Ranked>,
    /// Which force has the lowest share, counted from 0, if that can be said with the level.
    pub lowest: Option<usize>,
    /// Which has the highest.
    pub highest: Option<usize>,
}

impl Ranking {
    /// Whether anybody may be called the lowest, in plain words; `names` in the order of the forces.
    pub fn lowest_in_words(&self, names: &[&str]) -> String {
        let name = |force: usize| {
            let plain = || format!("force {}", force + 1);
            names.get(force).map_or_else(plain, |name| (*name).into())
        };
        if let Some(force) = self.lowest {
            return format!(
                "{} has the lowest share of all with a chance of {}.",
                name(force),
                percent(self.forces[force].lowest)
            );
        }
        let candidates = self.forces.iter().enumerate();
        let likely = candidates.max_by(|a, b| a.1.lowest.total_cmp(&b.1.lowest));
        match likely {
            Some((force, ranked)) if self.spread > 0.0 => format!(
                "No force can be called the lowest: even the likeliest, {}, is it with a chance of only {}.",
                name(force),
                percent(ranked.lowest)
            ),
            _ => {
                "No force can be called the lowest: forces differ by no more than chance explains."
                    .into()
            }
        }
    }
}

/// Ranks forces by their shares.
///
/// # Errors
/// When there are fewer than three forces, or one has no case or more hits than cases.
pub fn rank(forces: &[Counted], level: Level) -> Result<Ranking, StatsError> {
    if forces.len() < 3 {
        return Err(StatsError::TooFew {
            what: "forces to rank".into(),
            n: forces.len() as u64,
            needed: 3,
        });
    }
    for (force, number) in forces.iter().zip(1..) {
        check_count(&format!("force {number}"), force.k, force.n)?;
    }
    let prior = Prior::fitted(forces);
    let posteriors: Vec<Beta> = forces.iter().map(|force| prior.after(force)).collect();
    let alike = prior.precision >= PRECISION_MAX;
    let chances = match alike {
        true => vec![vec![1.0 / forces.len() as f64; forces.len()]; forces.len()],
        false => rank_chances(&posteriors),
    };
    let ranked: Vec<Ranked> = forces
        .iter()
        .zip(&posteriors)
        .zip(&chances)
        .map(|((&counted, posterior), chances)| ranked(counted, posterior, chances, level))
        .collect();
    let sure = |chance: fn(&Ranked) -> f64| {
        ranked
            .iter()
            .position(|force| !alike && chance(force) >= level.value())
    };
    Ok(Ranking {
        mean: prior.mean,
        spread: if alike { 0.0 } else { prior.spread() },
        level,
        lowest: sure(|force| force.lowest),
        highest: sure(|force| force.highest),
        forces: ranked,
    })
}

fn ranked(counted: Counted, posterior: &Beta, chances: &[f64], level: Level) -> Ranked {
    let tail = level.alpha() / 2.0;
    let rank = |reach: f64| {
        let mut sum = 0.0;
        let place = chances.iter().position(|chance| {
            sum += chance;
            sum > reach
        });
        place.unwrap_or(chances.len() - 1) as u64 + 1
    };
    let mean = chances.iter().zip(1..).map(|(p, rank)| p * f64::from(rank));
    Ranked {
        counted,
        share: posterior.a / (posterior.a + posterior.b),
        interval: Interval {
            lower: beta_quantile(tail, posterior.a, posterior.b),
            upper: beta_quantile(1.0 - tail, posterior.a, posterior.b),
        },
        rank: mean.sum(),
        rank_lower: rank(tail),
        rank_upper: rank(1.0 - tail - 1e-12),
        lowest: chances[0],
        highest: chances[chances.len() - 1],
    }
}

struct Beta {
    a: f64,
    b: f64,
}

/// The distribution that forces' true shares come from.
struct Prior {
    mean: f64,
    precision: f64,
}

impl Prior {
    /// Maximum marginal likelihood, mean and precision in turn.
    fn fitted(forces: &[Counted]) -> Self {
        let (k, n) = forces.iter().fold((0, 0), |(k, n), f| (k + f.k, n + f.n));
        let mut prior = Self {
            mean: k as f64 / n as f64,
            precision: PRECISION_MAX,
        };
        if k == 0 || k == n {
            prior.mean = (k as f64 + 0.5) / (n as f64 + 1.0);
            return prior;
        }
        for _ in 0..40 {
            let before = (prior.mean, prior.precision);
            prior.precision = highest(0.0, PRECISION_MAX.ln(), |log| {
                likelihood(forces, before.0, log.exp())
            })
            .exp();
            prior.mean = highest(1e-6, 1.0 - 1e-6, |mean| {
                likelihood(forces, mean, prior.precision)
            });
            let still = (prior.precision / before.1 - 1.0).abs() < 1e-9;
            if still && (prior.mean - before.0).abs() < 1e-10 {
                break;
            }
        }
        if prior.precision > 0.99 * PRECISION_MAX {
            prior.precision = PRECISION_MAX;
        }
        prior
    }

    fn after(&self, force: &Counted) -> Beta {
        Beta {
            a: self.mean * self.precision + force.k as f64,
            b: (1.0 - self.mean) * self.precision + (force.n - force.k) as f64,
        }
    }

    fn spread(&self) -> f64 {
        (self.mean * (1.0 - self.mean) / (self.precision + 1.0)).sqrt()
    }
}

/// The logarithm of the beta-binomial likelihood, up to a constant.
fn likelihood(forces: &[Counted], mean: f64, precision: f64) -> f64 {
    let (a, b) = (mean * precision, (1.0 - mean) * precision);
    forces
        .iter()
        .map(|f| ln_beta(a + f.k as f64, b + (f.n - f.k) as f64) - ln_beta(a, b))
        .sum()
}

/// Where a function with one peak is highest, by golden section.
fn highest(mut low: f64, mut high: f64, of: impl Fn(f64) -> f64) -> f64 {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..60 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if of(left) > of(right) {
            high = right;
        } else {
            low = left;
        }
    }
    (low + high) / 2.0
}

/// For each force the chance of every rank, lowest share first.
fn rank_chances(posteriors: &[Beta]) -> Vec<Vec<f64>> {
    let ends = |p: f64, pick: fn(f64, f64) -> f64, start: f64| {
        let quantiles = posteriors
            .iter()
            .map(|beta| beta_quantile(p, beta.a, beta.b));
        quantiles.fold(start, pick)
    };
    let (low, high) = (ends(1e-7, f64::min, 1.0), ends(1.0 - 1e-7, f64::max, 0.0));
    let edge = |i: usize| low + (high - low) * i as f64 / CELLS as f64;
    let below: Vec<Vec<f64>> = posteriors
        .iter()
        .map(|beta| {
            (0..=CELLS)
                .map(|i| beta_reg(beta.a, beta.b, edge(i)))
                .collect()
        })
        .collect();
    (0..posteriors.len())
        .map(|force| chances_of(force, &below))
        .collect()
}

fn chances_of(force: usize, below: &[Vec<f64>]) -> Vec<f64> {
    let mut chances = vec![0.0; below.len()];
    for cell in 0..CELLS {
        let mass = below[force][cell + 1] - below[force][cell];
        if mass < 1e-10 {
            continue;
        }
        let others = (0..below.len()).filter(|&other| other != force);
        // How many of the others lie below: one force after the other.
        let mut counts = vec![1.0];
        for other in others {
            let p = (below[other][cell] + below[other][cell + 1]) / 2.0;
            counts.push(0.0);
            for i in (0..counts.len()).rev() {
                let from = if i > 0 { counts[i - 1] * p } else { 0.0 };
                counts[i] = counts[i] * (1.0 - p) + from;
            }
        }
        for (chance, count) in chances.iter_mut().zip(&counts) {
            *chance += mass * count;
        }
    }
    let sum: f64 = chances.iter().sum();
    chances.iter().map(|chance| chance / sum).collect()
}
