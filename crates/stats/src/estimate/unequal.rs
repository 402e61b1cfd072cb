//! Estimates from cases drawn with unequal chances whose chances in pairs are known: totals by Horvitz
//! and Thompson (1952), shares and means by Hájek (1971), variances by Sen, Yates and Grundy (1953).
//!
//! Sen, Yates and Grundy's variance needs a fixed number of cases and no pair that cannot be drawn
//! together; [`joint_probabilities`](crate::draw::joint_probabilities) gives the chances of a draw.

use serde::{Deserialize, Serialize};

use super::weighted::{Found, check_time, student};
use super::{Estimate, Method, Unit};
use crate::distribution::{gamma_quantile, normal_quantile, t_quantile};
use crate::interval::Interval;
use crate::{Level, StatsError};

/// A case and the chance with which it was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// What was found: 1 or 0, or a waiting time.
    pub value: f64,
    /// Its inclusion probability, above 0 and at most 1.
    pub probability: f64,
}

/// The number of cases with an answer in the whole list (Horvitz & Thompson 1952), with the gamma
/// interval of Fay and Feuer (1997) for a weighted sum of counts: Student's would hold the truth too
/// seldom where few cases read have the answer. It rests on the variance times (t with n − 1 ÷ z)² and is
/// cut at the cases seen to have the answer.
///
/// Where the size of the list is known and chances have little to do with the answer, the total of
/// [`expanded_share`] is more precise, since the sum of weights differs from sample to sample.
///
/// # Errors
/// When a value is neither 0 nor 1, fewer than two cases were read, a probability is not above 0 and at
/// most 1, `joint` is not a matrix of this size with the probabilities on its diagonal, or a pair has
/// no chance to be drawn together.
pub fn expanded_total(
    sample: &[Chosen],
    joint: &[Vec<f64>],
    level: Level,
) -> Result<Estimate, StatsError> {
    check(sample, joint)?;
    let k = hits(sample)?;
    let values: Vec<f64> = sample.iter().map(|one| one.value).collect();
    let total: f64 = sample.iter().map(|one| one.value / one.probability).sum();
    let variance = sen_yates_grundy(sample, joint, &values);
    let n = sample.len() as u64;
    let mut interval = match is_census(sample) {
        true => Interval {
            lower: total,
            upper: total,
        },
        false => gamma(sample, total, variance, level),
    };
    if k == n {
        // All cases read agree, which does not prove that all others do.
        let share = expanded_share(sample, joint, level)?;
        interval.lower = interval.lower.min(size(sample) * share.lower);
    }
    interval.lower = interval.lower.max(k as f64);
    Ok(Estimate {
        k: Some(k),
        standard_error: Some(variance.sqrt()),
        design: "sample with unequal chances".into(),
        ..Estimate::bare(
            total,
            interval,
            Unit::Cases,
            level,
            Method::SenYatesGrundy,
            n,
        )
    })
}

/// Fay and Feuer's interval: gamma distributions with the mean and the variance of the total, the upper
/// one as if one case more with the greatest weight had the answer.
fn gamma(sample: &[Chosen], total: f64, variance: f64, level: Level) -> Interval {
    let p = 1.0 - level.alpha() / 2.0;
    let factor = t_quantile(p, sample.len() as f64 - 1.0) / normal_quantile(p);
    let variance = variance * factor * factor;
    let bound = |p: f64, mean: f64, variance: f64| match variance > 1e-12 * mean * mean {
        true => variance / mean * gamma_quantile(p, mean * mean / variance),
        false => mean,
    };
    let greatest = sample
        .iter()
        .map(|one| 1.0 / one.probability)
        .fold(0.0, f64::max);
    Interval {
        lower: bound(1.0 - p, total, variance),
        upper: bound(p, total + greatest, variance + greatest * greatest),
    }
}

fn is_census(sample: &[Chosen]) -> bool {
    sample.iter().all(|one| one.probability == 1.0)
}

/// The share of cases with an answer (Hájek 1971), with Clopper and Pearson's interval on the effective
/// sample size.
///
/// # Errors
/// As [`expanded_total`].
pub fn expanded_share(
    sample: &[Chosen],
    joint: &[Vec<f64>],
    level: Level,
) -> Result<Estimate, StatsError> {
    check(sample, joint)?;
    let k = hits(sample)?;
    let (value, variance) = hajek(sample, joint);
    let squares: f64 = sample.iter().map(|one| one.probability.powi(-2)).sum();
    let n = sample.len() as u64;
    let found = Found {
        value: value.clamp(0.0, 1.0),
        variance,
        n,
        df: n - 1,
        census: is_census(sample),
        kish: size(sample).powi(2) / squares,
    };
    Ok(Estimate {
        k: Some(k),
        design: "sample with unequal chances".into(),
        ..found.share(level, Method::SenYatesGrundy)?
    })
}

/// The mean of waiting times (Hájek 1971), with Student's interval on n − 1 degrees of freedom.
///
/// # Errors
/// As [`expanded_total`], and when the unit is not a time.
pub fn expanded_mean(
    sample: &[Chosen],
    joint: &[Vec<f64>],
    unit: Unit,
    level: Level,
) -> Result<Estimate, StatsError> {
    check_time(unit)?;
    check(sample, joint)?;
    let (value, variance) = hajek(sample, joint);
    let n = sample.len() as u64;
    let interval = student(value, variance.sqrt(), n - 1, level)?;
    Ok(Estimate {
        standard_error: Some(variance.sqrt()),
        design: "sample with unequal chances".into(),
        ..Estimate::bare(value, interval, unit, level, Method::SenYatesGrundy, n)
    })
}

/// The estimated number of cases in the list.
fn size(sample: &[Chosen]) -> f64 {
    sample.iter().map(|one| 1.0 / one.probability).sum()
}

/// The ratio of two totals and its linearised variance.
fn hajek(sample: &[Chosen], joint: &[Vec<f64>]) -> (f64, f64) {
    let size = size(sample);
    let total: f64 = sample.iter().map(|one| one.value / one.probability).sum();
    let mean = total / size;
    let residuals: Vec<f64> = sample.iter().map(|one| (one.value - mean) / size).collect();
    (mean, sen_yates_grundy(sample, joint, &residuals))
}

/// Σ over pairs of (πᵢπⱼ − πᵢⱼ)/πᵢⱼ · (yᵢ/πᵢ − yⱼ/πⱼ)², for the total of `values`; never below 0.
pub(super) fn sen_yates_grundy(sample: &[Chosen], joint: &[Vec<f64>], values: &[f64]) -> f64 {
    let mut variance = 0.0;
    for i in 0..sample.len() {
        for j in 0..i {
            let (a, b) = (sample[i].probability, sample[j].probability);
            let apart = values[i] / a - values[j] / b;
            variance += (a * b / joint[i][j] - 1.0) * apart * apart;
        }
    }
    f64::max(variance, 0.0)
}

fn hits(sample: &[Chosen]) -> Result<u64, StatsError> {
    for (one, row) in sample.iter().zip(1..) {
        if one.value != 0.0 && one.value != 1.0 {
            return Err(StatsError::OutOfRange {
                what: format!("value of case {row}"),
                value: one.value,
                wanted: "1 for a case with the answer or 0 for one without".into(),
            });
        }
    }
    Ok(sample.iter().filter(|one| one.value == 1.0).count() as u64)
}

pub(super) fn check(sample: &[Chosen], joint: &[Vec<f64>]) -> Result<(), StatsError> {
    let n = sample.len();
    if n < 2 {
        return Err(StatsError::TooFew {
            what: "sample with unequal chances".into(),
            n: n as u64,
            needed: 2,
        });
    }
    if joint.len() != n || joint.iter().any(|row| row.len() != n) {
        let what = format!("the chances of pairs must be a table of {n} rows and {n} columns");
        return Err(StatsError::Mismatch { what });
    }
    for (i, one) in sample.iter().enumerate() {
        let row = i + 1;
        if !one.value.is_finite() {
            return Err(StatsError::OutOfRange {
                what: format!("value of case {row}"),
                value: one.value,
                wanted: "a finite number".into(),
            });
        }
        if !(one.probability > 0.0 && one.probability <= 1.0) {
            return Err(StatsError::OutOfRange {
                what: format!("inclusion probability of case {row}"),
                value: one.probability,
                wanted: "a number above 0, at most 1".into(),
            });
        }
        if (joint[i][i] - one.probability).abs() >= 1e-9 {
            return Err(StatsError::OutOfRange {
                what: format!("chance of case {row} together with itself"),
                value: joint[i][i],
                wanted: format!("its inclusion probability, {}", one.probability),
            });
        }
        check_pairs(i, sample, joint)?;
    }
    Ok(())
}

fn check_pairs(i: usize, sample: &[Chosen], joint: &[Vec<f64>]) -> Result<(), StatsError> {
    for j in 0..i {
        let (pair, least) = (
            joint[i][j],
            sample[i].probability.min(sample[j].probability),
        );
        if pair > 0.0 && pair <= least + 1e-9 && (pair - joint[j][i]).abs() < 1e-9 {
            continue;
        }
        return Err(StatsError::OutOfRange {
            what: format!("chance of cases {} and {} together", j + 1, i + 1),
            value: pair,
            wanted: "the same number both ways, above 0 and at most the chance of each; a systematic draw has none for most pairs, so treat it as simple random or stratified".into(),
        });
    }
    Ok(())
}
