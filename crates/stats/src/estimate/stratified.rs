//! Stratified samples, and categories within them.

use serde::{Deserialize, Serialize};

use super::{Estimate, Method, Unit};
use crate::error::{check_count, check_population};
use crate::interval::{Interval, clopper_pearson_effective, wilson_effective};
use crate::{Level, StatsError};

/// One stratum of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stratum {
    /// Cases in the list.
    pub population: u64,
    /// Cases read.
    pub n: u64,
    /// Cases read that have the answer.
    pub k: u64,
}

/// One stratum of a sample, as seen from a category of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainStratum {
    /// Cases in the list, of whatever category.
    pub population: u64,
    /// Cases read, of whatever category.
    pub n: u64,
    /// Cases read that belong to the category.
    pub members: u64,
    /// Cases read that belong to the category and have the answer.
    pub k: u64,
}

/// The share of all cases with an answer, from a stratified random sample: each stratum counts by
/// its size in the list (Cochran 1977, chapter 5). Interval: Wilson on the effective sample size;
/// the module says which.
///
/// # Errors
/// When there is no stratum, one has no case read (its share is unknown, so is the whole), or its
/// numbers do not fit.
pub fn stratified(strata: &[Stratum], level: Level) -> Result<Estimate, StatsError> {
    whole(strata, level, Method::StratifiedWilson)
}

/// As [`stratified`], with Clopper and Pearson's interval on the effective sample size (after Korn &
/// Graubard 1998): wider, for claims that must hardly ever be wrong.
///
/// # Errors
/// As [`stratified`].
pub fn stratified_cautious(strata: &[Stratum], level: Level) -> Result<Estimate, StatsError> {
    whole(strata, level, Method::StratifiedClopperPearson)
}

fn whole(strata: &[Stratum], level: Level, method: Method) -> Result<Estimate, StatsError> {
    let all: Vec<DomainStratum> = strata
        .iter()
        .map(|s| DomainStratum {
            population: s.population,
            n: s.n,
            members: s.n,
            k: s.k,
        })
        .collect();
    let population = strata.iter().map(|s| s.population).sum();
    Ok(Estimate {
        population: Some(population),
        ..weighted(&all, level, method)?
    })
}

/// The share with an answer among the cases of one category, from a stratified random sample: a
/// ratio of two weighted totals with its linearised variance (Särndal, Swensson & Wretman 1992,
/// section 5.8), since how many cases of the category the list has is itself only estimated.
///
/// # Errors
/// As [`stratified`], and when no case of the category was read.
pub fn domain(strata: &[DomainStratum], level: Level) -> Result<Estimate, StatsError> {
    weighted(strata, level, Method::DomainWilson)
}

fn weighted(
    strata: &[DomainStratum],
    level: Level,
    method: Method,
) -> Result<Estimate, StatsError> {
    check(strata)?;
    let size: f64 = strata.iter().map(|s| s.weight() * s.members as f64).sum();
    if size == 0.0 {
        return Err(StatsError::NothingRead {
            what: "category".into(),
        });
    }
    let hits: f64 = strata.iter().map(|s| s.weight() * s.k as f64).sum();
    let ratio = Ratio {
        value: (hits / size).min(1.0),
        size,
    };
    let census = strata.iter().all(|s| s.n == s.population);
    let effective = ratio.effective_n(strata);
    let interval = match method {
        _ if census => Interval {
            lower: ratio.value,
            upper: ratio.value,
        },
        Method::StratifiedClopperPearson => {
            clopper_pearson_effective(ratio.value, effective, level)?
        }
        _ => wilson_effective(ratio.value, effective, level)?,
    };
    let method = if census { Method::Census } else { method };
    let n = strata.iter().map(|s| s.members).sum();
    Ok(Estimate {
        k: Some(strata.iter().map(|s| s.k).sum()),
        standard_error: ratio.textbook_error(strata),
        effective_n: effective.is_finite().then_some(effective),
        design: format!("stratified random sample, {} strata", strata.len()),
        ..Estimate::bare(ratio.value, interval, Unit::Share, level, method, n)
    })
}

fn check(strata: &[DomainStratum]) -> Result<(), StatsError> {
    if strata.is_empty() {
        return Err(StatsError::Empty {
            what: "strata".into(),
        });
    }
    for (number, s) in strata.iter().enumerate() {
        let name = format!("stratum {}", number + 1);
        check_count(&name, s.members, s.n)?;
        check_population(&name, s.n, s.population)?;
        if s.members > 0 {
            check_count(&name, s.k, s.members)?;
        } else if s.k > 0 {
            return Err(StatsError::MoreThanRead {
                what: name,
                k: s.k,
                n: 0,
            });
        }
    }
    Ok(())
}

impl DomainStratum {
    /// How many cases of the list one case read stands for.
    fn weight(&self) -> f64 {
        self.population as f64 / self.n as f64
    }

    /// The part of the stratum that was not read.
    fn unread(&self) -> f64 {
        1.0 - self.n as f64 / self.population as f64
    }

    /// The count with the answer, cautiously: (k+1)/(n+2) of the members where all agree.
    fn cautious_k(&self) -> f64 {
        if self.members > 0 && (self.k == 0 || self.k == self.members) && self.n < self.population {
            let members = self.members as f64;
            return members * (self.k as f64 + 1.0) / (members + 2.0);
        }
        self.k as f64
    }

    /// This stratum's part of the variance of a ratio, were `k` the count with the answer.
    fn variance(&self, ratio: Ratio, k: f64) -> f64 {
        let (n, members) = (self.n as f64, self.members as f64);
        let (with, without) = (1.0 - ratio.value, -ratio.value);
        let mean = (k * with + (members - k) * without) / n;
        let squares = k * with * with + (members - k) * without * without;
        let spread = (squares - n * mean * mean).max(0.0) / (n - 1.0).max(1.0);
        (self.population as f64 / ratio.size).powi(2) * self.unread() * spread / n
    }
}

/// A share as the ratio of two weighted totals; `size` is the estimated size of the category.
#[derive(Clone, Copy)]
struct Ratio {
    value: f64,
    size: f64,
}

impl Ratio {
    fn textbook_error(self, strata: &[DomainStratum]) -> Option<f64> {
        let unknown = strata.iter().any(|s| s.n == 1 && s.population > 1);
        let variance: f64 = strata.iter().map(|s| s.variance(self, s.k as f64)).sum();
        (!unknown).then(|| variance.sqrt())
    }

    /// p(1−p) over the cautious variance. At 0 and 1, where that is 0 over 0, its limit when the
    /// share is the same in every stratum.
    fn effective_n(self, strata: &[DomainStratum]) -> f64 {
        let p = self.value;
        if p > 0.0 && p < 1.0 {
            let variance: f64 = strata
                .iter()
                .map(|s| s.variance(self, s.cautious_k()))
                .sum();
            return p * (1.0 - p) / variance;
        }
        let per_case: f64 = strata
            .iter()
            .map(|s| (s.weight() / self.size).powi(2) * s.unread() * s.members as f64)
            .sum();
        1.0 / per_case
    }
}
