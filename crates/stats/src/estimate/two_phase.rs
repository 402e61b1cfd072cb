//! Screening of every case joined with audits of some.
//!
//! The difference estimator (Särndal, Swensson & Wretman 1992, chapter 6): the mean of the screening
//! over all cases, plus the estimated mean of audit − screening. It is right on average however bad
//! the screening is; the better the screening, the smaller its variance, which rests on the
//! differences alone. Where screening is the same for all cases it is the ordinary estimate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::unequal::{self, Chosen, sen_yates_grundy};
use super::{DomainStratum, Estimate, Method, Unit, domain};
use crate::error::check_share;
use crate::interval::{Interval, wilson_effective};
use crate::{Level, StatsError};

/// A case of the list: screened, and perhaps audited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Screened {
    /// The stratum within which cases to audit were drawn at random; one name for all where there
    /// are none.
    pub stratum: String,
    /// What screening says: 1, 0, or how likely the answer is.
    pub screening: f64,
    /// What the audit found; absent where none was made.
    pub audit: Option<bool>,
}

/// The share of all cases with an answer, from screening them all and auditing a stratified random
/// sample. Interval: Wilson on the effective sample size p(1−p)/V; in V a stratum in which audit
/// and screening always differ alike counts as if one in n+2 differed otherwise, as for
/// [`stratified`](super::stratified). `k` and `n` are those of the audits.
///
/// # Errors
/// When there is no case, screening is not a share, or a stratum has no audit.
pub fn two_phase_share(cases: &[Screened], level: Level) -> Result<Estimate, StatsError> {
    let strata = sums(cases)?;
    let all = cases.len() as f64;
    let value: f64 = strata
        .values()
        .map(|s| s.screening + s.population * s.mean())
        .sum::<f64>()
        / all;
    let audits: f64 = strata.values().map(|s| s.n).sum();
    let textbook = strata.values().map(|s| s.variance(s.spread(), all));
    let cautious: f64 = strata
        .values()
        .map(|s| s.variance(Some(s.cautious_spread()), all).unwrap_or(0.0))
        .sum();
    let equal: f64 = strata.values().map(|s| s.per_case(all)).sum();
    let k = cases.iter().filter(|case| case.audit == Some(true)).count();
    let found = Joined {
        value,
        textbook: textbook.sum(),
        cautious,
        equal,
        k: k as u64,
        n: audits as u64,
    };
    Ok(Estimate {
        population: Some(cases.len() as u64),
        ..found.estimate(level)?
    })
}

/// An audited case of an audit sample with unequal chances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Audited {
    /// What screening says: 1, 0, or how likely the answer is.
    pub screening: f64,
    /// What the audit found.
    pub audit: bool,
    /// The chance with which the case came to be audited.
    pub probability: f64,
}

/// As [`two_phase_share`], from audits drawn with unequal chances: `screened_total` is the sum of the
/// screening over all `population` cases, `joint` has the chances of pairs of audits.
///
/// # Errors
/// When screening is not a share, its total is not from 0 to the population, or the chances do not fit;
/// see [`expanded_total`](super::expanded_total).
pub fn two_phase_unequal(
    population: u64,
    screened_total: f64,
    audits: &[Audited],
    joint: &[Vec<f64>],
    level: Level,
) -> Result<Estimate, StatsError> {
    for (one, row) in audits.iter().zip(1..) {
        check_share(&format!("screening of audit {row}"), one.screening)?;
    }
    let all = population as f64;
    check_share("screened total as a part of the list", screened_total / all)?;
    let differences: Vec<f64> = audits
        .iter()
        .map(|one| f64::from(u8::from(one.audit)) - one.screening)
        .collect();
    let sample: Vec<Chosen> = audits
        .iter()
        .zip(&differences)
        .map(|(one, &value)| Chosen {
            value,
            probability: one.probability,
        })
        .collect();
    unequal::check(&sample, joint)?;
    let correction: f64 = sample.iter().map(|one| one.value / one.probability).sum();
    let variance = sen_yates_grundy(&sample, joint, &differences) / (all * all);
    let n = audits.len() as f64;
    let expected = 1.0 / (n + 2.0);
    let least = expected * (1.0 - expected) / (n - 1.0);
    let found = Joined {
        value: (screened_total + correction) / all,
        textbook: Some(variance),
        cautious: if variance > 0.0 { variance } else { least },
        equal: 1.0 / n,
        k: audits.iter().filter(|one| one.audit).count() as u64,
        n: audits.len() as u64,
    };
    Ok(Estimate {
        population: Some(population),
        ..found.estimate(level)?
    })
}

struct Joined {
    value: f64,
    /// The textbook variance; absent with one audit of several in a stratum.
    textbook: Option<f64>,
    cautious: f64,
    /// The variance per p(1−p) were screening without use and the share the same everywhere.
    equal: f64,
    k: u64,
    n: u64,
}

impl Joined {
    fn estimate(self, level: Level) -> Result<Estimate, StatsError> {
        let value = self.value.clamp(0.0, 1.0);
        let effective = match value {
            _ if self.cautious == 0.0 => f64::INFINITY,
            p if p > 1e-9 && p < 1.0 - 1e-9 => p * (1.0 - p) / self.cautious,
            _ => 1.0 / self.equal,
        };
        let interval = match effective.is_finite() {
            true => wilson_effective(value, effective, level)?,
            false => Interval {
                lower: value,
                upper: value,
            },
        };
        let method = match effective.is_finite() {
            true => Method::TwoPhaseDifference,
            false => Method::Census,
        };
        Ok(Estimate {
            k: Some(self.k),
            standard_error: self.textbook.map(f64::sqrt),
            effective_n: effective.is_finite().then_some(effective),
            design: "all cases screened, a random sample audited".into(),
            ..Estimate::bare(value, interval, Unit::Share, level, method, self.n)
        })
    }
}

/// Sums over one stratum.
#[derive(Default)]
struct Sums {
    population: f64,
    screening: f64,
    n: f64,
    difference: f64,
    squares: f64,
}

impl Sums {
    fn mean(&self) -> f64 {
        self.difference / self.n
    }

    fn spread(&self) -> Option<f64> {
        let around = (self.squares - self.n * self.mean().powi(2)).max(0.0);
        (self.n > 1.0).then(|| around / (self.n - 1.0))
    }

    fn cautious_spread(&self) -> f64 {
        let expected = 1.0 / (self.n + 2.0);
        let least = self.n * expected * (1.0 - expected) / (self.n - 1.0).max(1.0);
        self.spread().filter(|&s| s > 1e-12).unwrap_or(least)
    }

    fn unread(&self) -> f64 {
        1.0 - self.n / self.population
    }

    fn variance(&self, spread: Option<f64>, all: f64) -> Option<f64> {
        if self.unread() == 0.0 {
            return Some(0.0);
        }
        spread.map(|spread| (self.population / all).powi(2) * self.unread() * spread / self.n)
    }

    fn per_case(&self, all: f64) -> f64 {
        (self.population / all).powi(2) * self.unread() / self.n
    }
}

fn sums(cases: &[Screened]) -> Result<BTreeMap<&str, Sums>, StatsError> {
    let mut strata: BTreeMap<&str, Sums> = BTreeMap::new();
    for (case, row) in cases.iter().zip(1..) {
        check_share(&format!("screening of case {row}"), case.screening)?;
        let sums = strata.entry(&case.stratum).or_default();
        sums.population += 1.0;
        sums.screening += case.screening;
        if let Some(audit) = case.audit {
            let difference = f64::from(u8::from(audit)) - case.screening;
            sums.n += 1.0;
            sums.difference += difference;
            sums.squares += difference * difference;
        }
    }
    if strata.is_empty() {
        return Err(StatsError::Empty {
            what: "list of screened cases".into(),
        });
    }
    match strata.iter().find(|(_, sums)| sums.n == 0.0) {
        Some((name, _)) => Err(StatsError::NothingRead {
            what: format!("audits of stratum {name}"),
        }),
        None => Ok(strata),
    }
}

/// Audits of one stratum beside what screening said of the same cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossed {
    /// Cases in the list.
    pub population: u64,
    /// Audits in which both have the answer.
    pub both: u64,
    /// Audits in which only screening has it.
    pub only_screening: u64,
    /// Audits in which only the audit has it.
    pub only_audit: u64,
    /// Audits in which neither has it.
    pub neither: u64,
}

/// How far a screening rule can be relied on, each audit counting by the number of listed cases it
/// stands for. A figure is absent where no audit bears on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Of the cases that have the answer, the share that screening finds.
    pub sensitivity: Option<Estimate>,
    /// Of the cases without, the share that screening leaves alone.
    pub specificity: Option<Estimate>,
    /// Of the cases that screening names, the share that have the answer.
    pub positive_predictive: Option<Estimate>,
    /// Of the cases it does not name, the share without.
    pub negative_predictive: Option<Estimate>,
}

/// The accuracy of a screening rule from audits of a stratified random sample; strata may well be what
/// screening says, since each audit is weighted. Intervals as for [`domain`].
///
/// # Errors
/// When there is no stratum, or one has no audit or more audits than cases.
pub fn accuracy(strata: &[Crossed], level: Level) -> Result<Accuracy, StatsError> {
    let figure = |members: fn(&Crossed) -> u64, k: fn(&Crossed) -> u64| {
        let rows: Vec<DomainStratum> = strata
            .iter()
            .map(|s| DomainStratum {
                population: s.population,
                n: s.both + s.only_screening + s.only_audit + s.neither,
                members: members(s),
                k: k(s),
            })
            .collect();
        let any = strata.is_empty() || rows.iter().any(|row| row.members > 0);
        // Without a member the numbers are still checked.
        match domain(&rows, level) {
            Err(StatsError::NothingRead { what }) if !any && what == "category" => Ok(None),
            found => found.map(Some),
        }
    };
    Ok(Accuracy {
        sensitivity: figure(|s| s.both + s.only_audit, |s| s.both)?,
        specificity: figure(|s| s.only_screening + s.neither, |s| s.neither)?,
        positive_predictive: figure(|s| s.both + s.only_screening, |s| s.both)?,
        negative_predictive: figure(|s| s.only_audit + s.neither, |s| s.neither)?,
    })
}
