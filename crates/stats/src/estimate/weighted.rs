//! Shares and means from weighted, clustered samples: the linearised variance (Binder 1983; Wolter 2007,
//! chapter 6) of drawing clusters with replacement within strata; where the size of the list is known, of
//! drawing clusters, and perhaps cases within them, without replacement. This is what R's
//! `survey::svydesign` computes, without, with one and with two finite population corrections.

use super::{Estimate, Method, RandomStrand, Unit};
use crate::distribution::t_quantile;
use crate::interval::{Interval, clopper_pearson_effective};
use crate::{Level, StatsError};

/// The share of cases with an answer from a weighted sample, with Korn and Graubard's interval (1998):
/// Clopper and Pearson's on the effective sample size p(1−p)/V × (t with n−1 ÷ t with the design's
/// degrees of freedom)², as R's `svyciprop(method = "beta")`. Where all cases agree, so that V is 0,
/// the effective size is Kish's (Σw)²/Σw² with the same factor.
///
/// # Errors
/// When a value is neither 0 nor 1, or a stratum has only one cluster of several.
pub fn weighted_share(strand: &RandomStrand, level: Level) -> Result<Estimate, StatsError> {
    for (one, row) in strand.observations().iter().zip(1..) {
        if one.value != 0.0 && one.value != 1.0 {
            return Err(StatsError::OutOfRange {
                what: format!("value of observation {row}"),
                value: one.value,
                wanted: "1 for a case with the answer or 0 for one without".into(),
            });
        }
    }
    let value = mean(strand).clamp(0.0, 1.0);
    let variance = linearised(strand, value)?;
    let k = strand.observations().iter().filter(|o| o.value == 1.0);
    let found = Found {
        value,
        variance,
        n: strand.n(),
        df: strand.degrees_of_freedom(),
        census: strand.is_census(),
        kish: effective_size(strand),
    };
    Ok(Estimate {
        k: Some(k.count() as u64),
        design: design(strand),
        ..found.share(level, Method::KornGraubard)?
    })
}

/// The mean of waiting times from a weighted sample, with Student's interval on the design's degrees of
/// freedom.
///
/// # Errors
/// When the unit is not a time, or a stratum has only one cluster of several.
pub fn weighted_mean(
    strand: &RandomStrand,
    unit: Unit,
    level: Level,
) -> Result<Estimate, StatsError> {
    check_time(unit)?;
    let value = mean(strand);
    let error = linearised(strand, value)?.sqrt();
    let interval = student(value, error, strand.degrees_of_freedom(), level)?;
    Ok(Estimate {
        standard_error: Some(error),
        design: design(strand),
        ..Estimate::bare(value, interval, unit, level, Method::Linearised, strand.n())
    })
}

/// Kish's effective sample size (Σw)²/Σw²: how many cases with equal weights would be worth as much,
/// as far as weights alone go.
pub fn effective_size(strand: &RandomStrand) -> f64 {
    let squares: f64 = strand
        .observations()
        .iter()
        .map(|o| o.weight * o.weight)
        .sum();
    strand.weight().powi(2) / squares
}

pub(super) fn check_time(unit: Unit) -> Result<(), StatsError> {
    if matches!(unit, Unit::Hours | Unit::Days) {
        return Ok(());
    }
    Err(StatsError::Mismatch {
        what: "a mean is of waiting times in hours or days; for a share use the share's function"
            .into(),
    })
}

/// A share with what its interval needs.
pub(super) struct Found {
    pub(super) value: f64,
    pub(super) variance: f64,
    pub(super) n: u64,
    pub(super) df: u64,
    pub(super) census: bool,
    /// The effective size where the variance is 0 only because all cases agree.
    pub(super) kish: f64,
}

impl Found {
    /// The share with Korn and Graubard's interval.
    pub(super) fn share(self, level: Level, method: Method) -> Result<Estimate, StatsError> {
        let effective = self.effective(level)?;
        let interval = match self.census {
            true => Interval {
                lower: self.value,
                upper: self.value,
            },
            false => clopper_pearson_effective(self.value, effective, level)?,
        };
        let method = if self.census { Method::Census } else { method };
        Ok(Estimate {
            standard_error: Some(self.variance.sqrt()),
            effective_n: (!self.census).then_some(effective),
            ..Estimate::bare(self.value, interval, Unit::Share, level, method, self.n)
        })
    }

    fn effective(&self, level: Level) -> Result<f64, StatsError> {
        if self.census {
            return Ok(f64::INFINITY);
        }
        check_df(self.df)?;
        let p = 1.0 - level.alpha() / 2.0;
        let factor = t_quantile(p, self.n as f64 - 1.0) / t_quantile(p, self.df as f64);
        let size = match self.variance > 1e-18 {
            true => self.value * (1.0 - self.value) / self.variance,
            false => self.kish,
        };
        Ok(size * factor * factor)
    }
}

fn check_df(df: u64) -> Result<(), StatsError> {
    if df > 0 {
        return Ok(());
    }
    Err(StatsError::TooFew {
        what: "clusters beyond one in each stratum".into(),
        n: 0,
        needed: 1,
    })
}

pub(super) fn student(
    value: f64,
    error: f64,
    df: u64,
    level: Level,
) -> Result<Interval, StatsError> {
    if error == 0.0 && df == 0 {
        return Ok(Interval {
            lower: value,
            upper: value,
        });
    }
    check_df(df)?;
    let reach = error * t_quantile(1.0 - level.alpha() / 2.0, df as f64);
    Ok(Interval {
        lower: value - reach,
        upper: value + reach,
    })
}

fn mean(strand: &RandomStrand) -> f64 {
    let total: f64 = strand
        .observations()
        .iter()
        .map(|o| o.weight * o.value)
        .sum();
    total / strand.weight()
}

fn linearised(strand: &RandomStrand, mean: f64) -> Result<f64, StatsError> {
    let total = strand.weight();
    let scores: Vec<Vec<f64>> = strand
        .observations()
        .iter()
        .map(|one| vec![one.weight * (one.value - mean) / total])
        .collect();
    Ok(covariance(strand, &scores)?[0][0])
}

/// The design covariance of sums of scores, one list of scores for each observation: for each stratum
/// (1 − f)·n/(n − 1)·Σ(z − z̄)(z − z̄)' over the sums z of its n clusters, f being the part of its
/// clusters that was drawn, and f times the same over the cases within each cluster (Särndal, Swensson &
/// Wretman 1992, section 4.3, of simple random samples at both stages; R's `svydesign` with two finite
/// population corrections).
pub(crate) fn covariance(
    strand: &RandomStrand,
    scores: &[Vec<f64>],
) -> Result<Vec<Vec<f64>>, StatsError> {
    let width = scores.first().map_or(0, Vec::len);
    let mut result = vec![vec![0.0; width]; width];
    for (stratum, clusters) in strand.clusters() {
        let drawn = strand.drawn_part(stratum, clusters.len());
        let sums = clusters.values().map(|cases| summed(cases, scores, width));
        let alone = || {
            format!(
                "only one cluster of stratum {stratum} was drawn, which does not tell how clusters differ; join it to another stratum"
            )
        };
        add_spread(&mut result, alone, &sums.collect::<Vec<_>>(), 1.0 - drawn)?;
        for (cluster, cases) in clusters {
            let left = 1.0 - strand.read_part(cluster, cases.len());
            let own: Vec<Vec<f64>> = cases.iter().map(|&case| scores[case].clone()).collect();
            let alone = || {
                format!(
                    "only one of several cases of cluster {cluster} was read, which does not tell how its cases differ; read more, or leave out the sizes of the list to count clusters as drawn with replacement"
                )
            };
            add_spread(&mut result, alone, &own, drawn * left)?;
        }
    }
    Ok(result)
}

fn summed(cases: &[usize], scores: &[Vec<f64>], width: usize) -> Vec<f64> {
    (0..width)
        .map(|j| cases.iter().map(|&case| scores[case][j]).sum())
        .collect()
}

/// Adds the covariance of the sum of units drawn from one whole, times `left`; `alone` is what is wrong where
/// there is one unit only.
fn add_spread(
    result: &mut [Vec<f64>],
    alone: impl Fn() -> String,
    units: &[Vec<f64>],
    left: f64,
) -> Result<(), StatsError> {
    if left <= 0.0 {
        return Ok(());
    }
    if units.len() < 2 {
        return Err(StatsError::Mismatch { what: alone() });
    }
    let n = units.len() as f64;
    let mean = |j: usize| units.iter().map(|unit| unit[j]).sum::<f64>() / n;
    let means: Vec<f64> = (0..result.len()).map(mean).collect();
    for (j, row) in result.iter_mut().enumerate() {
        for (k, cell) in row.iter_mut().enumerate() {
            let products: f64 = units
                .iter()
                .map(|unit| (unit[j] - means[j]) * (unit[k] - means[k]))
                .sum();
            *cell += left * n / (n - 1.0) * products;
        }
    }
    Ok(())
}

fn design(strand: &RandomStrand) -> String {
    let (strata, clusters) = strand.strata_and_clusters();
    let within = match strand.is_two_stage() {
        true => ", cases drawn within clusters",
        false => "",
    };
    format!("weighted random sample, {strata} strata, {clusters} clusters{within}")
}
