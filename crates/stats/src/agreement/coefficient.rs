//! The chance-corrected coefficients with their standard errors.

use serde::{Deserialize, Serialize};

use super::habit::Habits;
use super::{Readings, Weights};
use crate::distribution::{normal_upper_tail, t_quantile};
use crate::error::check_share;
use crate::{Level, StatsError};

/// An agreement coefficient with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// The coefficient, at most 1; 0 is what chance gives.
    pub value: f64,
    /// The weighted share of pairs of readings that agree.
    pub agreement: f64,
    /// What chance would give; 0 for [`percent`].
    pub by_chance: f64,
    /// The standard error over cases (linearised; Gwet 2014, chapter 5); absent with one case.
    pub standard_error: Option<f64>,
    /// Lower bound, from Student's t with n − 1 degrees of freedom, at least −1; absent with one case.
    pub lower: Option<f64>,
    /// Upper bound, at most 1; absent with one case.
    pub upper: Option<f64>,
    /// Cases read by somebody.
    pub cases: u64,
    /// Cases read by at least two.
    pub read_twice: u64,
}

/// The coefficients side by side, for none of them tells enough alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Percent agreement.
    pub percent: Coefficient,
    /// Gwet's AC1, or AC2 when weighted.
    pub gwet: Coefficient,
    /// Conger's kappa, Cohen's for two readers; absent when every reading is the same grade.
    pub conger: Option<Coefficient>,
    /// Fleiss' kappa; absent when every reading is the same grade.
    pub fleiss: Option<Coefficient>,
}

/// Percent agreement, Gwet's coefficient and the kappas on the same readings.
///
/// # Errors
/// None beyond those of [`gwet`].
pub fn summary(readings: &Readings, weights: Weights, level: Level) -> Result<Summary, StatsError> {
    Ok(Summary {
        percent: percent(readings, weights, level)?,
        gwet: gwet(readings, weights, level)?,
        conger: conger(readings, weights, level).ok(),
        fleiss: fleiss(readings, weights, level).ok(),
    })
}

/// The weighted share of pairs of readings of one case that agree.
///
/// # Errors
/// None for readings that [`Readings`] accepts.
pub fn percent(
    readings: &Readings,
    weights: Weights,
    level: Level,
) -> Result<Coefficient, StatsError> {
    Frame::new(readings, weights).coefficient(Chance::none(readings.cases()), level)
}

/// Conger's kappa (1980); Cohen's (1960, weighted 1968) for two readers who both read every case.
///
/// # Errors
/// When chance agreement is certain because every reading is the same grade, or a reader read
/// nothing.
pub fn conger(
    readings: &Readings,
    weights: Weights,
    level: Level,
) -> Result<Coefficient, StatsError> {
    let chance = Habits::of(readings)?.chance(readings, weights);
    Frame::new(readings, weights).coefficient(chance, level)
}

/// Fleiss' kappa (1971); Scott's pi for two readers.
///
/// # Errors
/// When chance agreement is certain because every reading is the same grade.
pub fn fleiss(
    readings: &Readings,
    weights: Weights,
    level: Level,
) -> Result<Coefficient, StatsError> {
    let frame = Frame::new(readings, weights);
    let pull = weights.applied(&frame.shares);
    let chance = frame.chance(|grade| pull[grade]);
    frame.coefficient(chance, level)
}

/// Gwet's AC1 (2008), AC2 with weights other than the identity.
///
/// # Errors
/// None for readings that [`Readings`] accepts, save where every pair of grades agrees fully.
pub fn gwet(
    readings: &Readings,
    weights: Weights,
    level: Level,
) -> Result<Coefficient, StatsError> {
    let frame = Frame::new(readings, weights);
    let q = readings.grades() as f64;
    let scale = weights.sum(readings.grades()) / (q * (q - 1.0));
    let chance = frame.chance(|grade| scale * (1.0 - frame.shares[grade]));
    frame.coefficient(chance, level)
}

/// Brennan and Prediger's coefficient (1981).
///
/// # Errors
/// None for readings that [`Readings`] accepts, save where every pair of grades agrees fully.
pub fn brennan_prediger(
    readings: &Readings,
    weights: Weights,
    level: Level,
) -> Result<Coefficient, StatsError> {
    let q = readings.grades() as f64;
    let chance = Chance {
        expected: weights.sum(readings.grades()) / (q * q),
        ..Chance::none(readings.cases())
    };
    Frame::new(readings, weights).coefficient(chance, level)
}

/// How likely it is that true agreement lies above `threshold`, the coefficient's error taken as
/// normal and cut off at 1: benchmarking by cumulative probability (Gwet 2014, chapter 6). A gate
/// asks for at least 0.95, say, instead of comparing the coefficient itself.
///
/// # Errors
/// When the threshold is not between 0 and 1, or the coefficient has no standard error.
pub fn likelihood_above(coefficient: &Coefficient, threshold: f64) -> Result<f64, StatsError> {
    check_share("benchmark", threshold)?;
    likelihood_beyond(coefficient, threshold)
}

/// As [`likelihood_above`], for any threshold from −1 to 1.
pub(super) fn likelihood_beyond(
    coefficient: &Coefficient,
    threshold: f64,
) -> Result<f64, StatsError> {
    let error = coefficient
        .standard_error
        .ok_or_else(|| StatsError::TooFew {
            what: "benchmark of agreement".into(),
            n: coefficient.cases,
            needed: 2,
        })?;
    if error == 0.0 {
        return Ok(f64::from(u8::from(coefficient.value > threshold)));
    }
    let above = |x: f64| normal_upper_tail((x - coefficient.value) / error);
    let within = |from: f64| above(from) - above(1.0);
    Ok((within(threshold) / within(-1.0)).clamp(0.0, 1.0))
}

/// Chance agreement and how each case moves it.
pub(super) struct Chance {
    pub(super) expected: f64,
    /// For each case the derivative of `expected` towards it; sums to 0.
    pub(super) moved: Vec<f64>,
}

impl Chance {
    fn none(cases: usize) -> Self {
        Self {
            expected: 0.0,
            moved: vec![0.0; cases],
        }
    }
}

/// What all coefficients need of the readings.
struct Frame<'a> {
    readings: &'a Readings,
    counts: Vec<Vec<f64>>,
    /// Readings of each case.
    sizes: Vec<f64>,
    /// The share of each grade, every case counting the same.
    shares: Vec<f64>,
    /// The share of agreeing pairs in each case; 0 with one reading.
    agreeing: Vec<f64>,
}

impl<'a> Frame<'a> {
    fn new(readings: &'a Readings, weights: Weights) -> Self {
        let counts = readings.counts();
        let sizes: Vec<f64> = counts.iter().map(|row| row.iter().sum()).collect();
        let n = counts.len() as f64;
        let share = |grade: usize| {
            counts
                .iter()
                .zip(&sizes)
                .map(|(row, size)| row[grade] / size)
                .sum::<f64>()
                / n
        };
        let shares = (0..readings.grades()).map(share).collect();
        let agreeing = counts
            .iter()
            .zip(&sizes)
            .map(|(row, &size)| agreeing_pairs(row, size, weights))
            .collect();
        Self {
            readings,
            counts,
            sizes,
            shares,
            agreeing,
        }
    }

    /// Chance agreement Σ share × pull, for pulls that themselves grow with the shares.
    fn chance(&self, pull: impl Fn(usize) -> f64) -> Chance {
        let pulls: Vec<f64> = (0..self.shares.len()).map(pull).collect();
        let expected: f64 = pulls
            .iter()
            .zip(&self.shares)
            .map(|(pull, share)| pull * share)
            .sum();
        let case = |(row, size): (&Vec<f64>, &f64)| {
            2.0 * (pulls
                .iter()
                .zip(row)
                .map(|(pull, count)| pull * count / size)
                .sum::<f64>()
                - expected)
        };
        Chance {
            expected,
            moved: self.counts.iter().zip(&self.sizes).map(case).collect(),
        }
    }

    fn coefficient(&self, chance: Chance, level: Level) -> Result<Coefficient, StatsError> {
        let room = 1.0 - chance.expected;
        if room <= 1e-12 {
            return Err(StatsError::Mismatch {
                what: "every reading is the same grade, so chance alone would agree always and the coefficient is not defined; report percent agreement".into(),
            });
        }
        let (n, twice) = (self.sizes.len() as f64, self.readings.read_twice() as f64);
        let agreement = self.agreeing.iter().sum::<f64>() / twice;
        let value = (agreement - chance.expected) / room;
        let part = |case: usize| {
            let expected = if self.sizes[case] >= 2.0 {
                chance.expected
            } else {
                0.0
            };
            n / twice * (self.agreeing[case] - expected) / room
                - (1.0 - value) * chance.moved[case] / room
        };
        let squares: f64 = (0..self.sizes.len())
            .map(|case| (part(case) - value).powi(2))
            .sum();
        let divisor = if self.readings.from_table {
            n * n
        } else {
            n * (n - 1.0)
        };
        let error = (n > 1.0).then(|| (squares / divisor).sqrt());
        Ok(Coefficient {
            agreement,
            by_chance: chance.expected,
            ..Coefficient::with_error(value, error, self.readings, level)
        })
    }
}

impl Coefficient {
    /// A coefficient with the interval that its standard error gives.
    pub(super) fn with_error(
        value: f64,
        error: Option<f64>,
        readings: &Readings,
        level: Level,
    ) -> Self {
        let reach = error.map(|error| {
            error * t_quantile(1.0 - level.alpha() / 2.0, readings.cases() as f64 - 1.0)
        });
        Self {
            value,
            agreement: value,
            by_chance: 0.0,
            standard_error: error,
            lower: reach.map(|reach| (value - reach).max(-1.0).min(value)),
            upper: reach.map(|reach| (value + reach).min(1.0)),
            cases: readings.cases() as u64,
            read_twice: readings.read_twice() as u64,
        }
    }
}

fn agreeing_pairs(row: &[f64], size: f64, weights: Weights) -> f64 {
    if size < 2.0 {
        return 0.0;
    }
    let weighted = weights.applied(row);
    row.iter()
        .zip(weighted)
        .map(|(count, near)| count * (near - 1.0))
        .sum::<f64>()
        / (size * (size - 1.0))
}
