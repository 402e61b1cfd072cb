//! Estimates: what the cases that were read say about all of them, each with how it was made.
//!
//! An [`Estimate`] carries everything a page, a PDF or the API prints, so that none of them
//! computes. [`Estimate::in_words`] says in plain English where it comes from.
//!
//! **Which interval.** One proportion without a list size: Wilson. With one: the exact
//! hypergeometric interval in whole cases. Stratified samples and categories within them: Wilson on
//! the effective sample size p(1−p)/V. V is the design variance with finite population correction,
//! in which a stratum whose cases read all agree counts as if it had (k+1)/(n+2) with the answer: a
//! few cases that agree do not prove that all others do. This keeps the interval honest at 0, at 1
//! and for strata of one case. The `standard_error` stays the textbook one (Cochran 1977,
//! chapter 5), and is absent where the textbook has none: one case read of several.
//!
//! Weighted and clustered samples, whose cases were drawn with known but unequal chances, are handed
//! over as a [`RandomStrand`]; a [`PurposiveStrand`] of cases picked for a reason fits nowhere. Where
//! every case was screened and some were audited, [`two_phase_share`] uses both.

use serde::{Deserialize, Serialize};

use crate::error::check_count;
use crate::interval::{Interval, exact_finite, wilson};
use crate::{Level, StatsError};

mod accuracy;
mod list_size;
mod quantile;
mod response;
mod strand;
mod stratified;
mod two_phase;
mod unequal;
mod weighted;
mod words;

pub(crate) use weighted::covariance;
pub(crate) use words::percent;

pub use accuracy::{Accuracy, Crossed, accuracy};
pub use list_size::ListSizes;
pub use quantile::{median, quantile};
pub use response::{Adjusted, Drawn, ResponseClass, adjust_for_unread};
pub use strand::{Observation, Picked, PurposiveStrand, RandomStrand};
pub use stratified::{DomainStratum, Stratum, domain, stratified, stratified_cautious};
pub use two_phase::{Audited, Screened, two_phase_share, two_phase_unequal};
pub use unequal::{Chosen, expanded_mean, expanded_share, expanded_total};
pub use weighted::{effective_size, weighted_mean, weighted_share};

/// What an estimate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A share from 0 to 1.
    Share,
    /// A number of cases.
    Cases,
    /// A waiting time in hours.
    Hours,
    /// A waiting time in days.
    Days,
}

/// How an interval was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every case was read; there is nothing to be unsure about.
    Census,
    /// Wilson's score interval.
    Wilson,
    /// The exact interval for a finite list.
    ExactFinite,
    /// Wilson's interval on the effective size of a stratified sample.
    StratifiedWilson,
    /// Clopper and Pearson's interval on the effective size of a stratified sample.
    StratifiedClopperPearson,
    /// Wilson's interval on the effective number of cases of a category.
    DomainWilson,
    /// Two of the ordered values themselves as bounds.
    OrderStatistics,
    /// Korn and Graubard's interval for weighted and clustered samples.
    KornGraubard,
    /// Student's interval with a linearised design variance.
    Linearised,
    /// An interval with Sen, Yates and Grundy's variance, for unequal chances.
    SenYatesGrundy,
    /// The difference estimator that joins the screening of all cases with audits of some.
    TwoPhaseDifference,
}

/// An estimate with its interval and everything needed to say how it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The best single value, in `unit`.
    pub value: f64,
    /// The lower bound, in `unit`.
    pub lower: f64,
    /// The upper bound, in `unit`.
    pub upper: f64,
    /// What is counted.
    pub unit: Unit,
    /// How sure the interval is meant to be.
    pub level: Level,
    /// How the interval was made.
    pub method: Method,
    /// Cases read (for a category: cases of the category read; for a waiting time: waits known).
    pub n: u64,
    /// Cases read that have the answer; absent for waiting times.
    pub k: Option<u64>,
    /// Cases in the list, where the claim is about a list; absent for a category, whose size in
    /// the list is not known.
    pub population: Option<u64>,
    /// The textbook standard error in `unit`, where there is one.
    pub standard_error: Option<f64>,
    /// The number of independent cases from an endless list that would be as informative; absent
    /// where the interval does not use one.
    pub effective_n: Option<f64>,
    /// How the cases were chosen, in words.
    pub design: String,
    /// The seed of the draw in hexadecimal, where there was one.
    pub seed: Option<String>,
    /// The version of the framework whose rules the answers follow.
    pub basis: Option<String>,
}

impl Estimate {
    /// An estimate from a simple random sample that nothing more is known about. The bounds are
    /// widened to hold the value where whole cases left it just outside.
    fn bare(
        value: f64,
        interval: Interval,
        unit: Unit,
        level: Level,
        method: Method,
        n: u64,
    ) -> Self {
        Self {
            value,
            lower: interval.lower.min(value),
            upper: interval.upper.max(value),
            unit,
            level,
            method,
            n,
            k: None,
            population: None,
            standard_error: None,
            effective_n: None,
            design: "simple random sample".into(),
            seed: None,
            basis: None,
        }
    }

    /// The same estimate, saying how the cases were chosen.
    pub fn with_design(self, design: impl Into<String>) -> Self {
        Self {
            design: design.into(),
            ..self
        }
    }

    /// The same estimate, naming the seed of the draw.
    pub fn with_seed(self, seed: impl std::fmt::Display) -> Self {
        Self {
            seed: Some(seed.to_string()),
            ..self
        }
    }

    /// The same estimate, naming the framework version.
    pub fn with_basis(self, basis: impl Into<String>) -> Self {
        Self {
            basis: Some(basis.into()),
            ..self
        }
    }

    /// The number of cases of the list behind a share: "about 890 of 1,200, from 845 to 935".
    /// Never below the cases seen to have the answer nor above those not seen to lack it.
    ///
    /// # Errors
    /// When the estimate is not a share of a list whose size is known.
    pub fn total(&self) -> Result<Estimate, StatsError> {
        let (Unit::Share, Some(population), Some(k)) = (self.unit, self.population, self.k) else {
            return Err(StatsError::Mismatch {
                what: "a total needs a share of a list of known size; estimate the share with its population first".into(),
            });
        };
        let all = population as f64;
        let (least, most) = (k as f64, (population - (self.n - k)) as f64);
        let scale = |share: f64| (share * all).clamp(least, most);
        Ok(Estimate {
            value: scale(self.value),
            lower: scale(self.lower),
            upper: scale(self.upper),
            unit: Unit::Cases,
            standard_error: self.standard_error.map(|error| error * all),
            ..self.clone()
        })
    }
}

/// The share of cases with an answer: `k` of `n` read, out of a list of `population` where the claim
/// is about a list (exact finite interval), or about future practice when it is `None` (Wilson).
/// The cases must have been chosen at random with equal chances.
///
/// # Errors
/// When nothing was read, `k` is above `n` or `n` above the population.
pub fn proportion(
    k: u64,
    n: u64,
    population: Option<u64>,
    level: Level,
) -> Result<Estimate, StatsError> {
    check_count("share", k, n)?;
    let value = k as f64 / n as f64;
    let (interval, method) = match population {
        None => (wilson(k, n, level)?, Method::Wilson),
        Some(all) => exact(k, n, all, level)?,
    };
    Ok(Estimate {
        k: Some(k),
        population,
        standard_error: simple_error(value, n, population),
        ..Estimate::bare(value, interval, Unit::Share, level, method, n)
    })
}

fn exact(k: u64, n: u64, population: u64, level: Level) -> Result<(Interval, Method), StatsError> {
    let range = exact_finite(k, n, population, level)?;
    let all = population as f64;
    let bounds = Interval {
        lower: range.lower as f64 / all,
        upper: range.upper as f64 / all,
    };
    Ok((
        bounds,
        if n == population {
            Method::Census
        } else {
            Method::ExactFinite
        },
    ))
}

/// √((1−f) p(1−p)/(n−1)): the unbiased standard error; none for one case of several.
fn simple_error(p: f64, n: u64, population: Option<u64>) -> Option<f64> {
    let unread = population.map_or(1.0, |all| 1.0 - n as f64 / all as f64);
    match n {
        _ if unread == 0.0 => Some(0.0),
        1 => None,
        _ => Some((unread * p * (1.0 - p) / (n - 1) as f64).sqrt()),
    }
}

#[cfg(test)]
mod tests;
