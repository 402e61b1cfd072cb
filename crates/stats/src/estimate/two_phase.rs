//! Screening of every case joined with audits of some.
//!
//! The difference estimator (Särndal, Swensson & Wretman 1992, chapter 6): the mean of the screening
//! over all cases, plus the estimated mean of audit − screening. It is right on average however bad
//! the screening is; the better the screening, the smaller its variance, which rests on the
//! differences alone. Where screening is the same for all cases it is the ordinary estimate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::unequal::{self, Chosen, sen_yates_grundy};
use super::{Estimate, Method, Stratum, Unit, stratified};
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
/// sample. `k` and `n` are those of the audits.
///
/// Where screening says 1 or 0, the interval joins those of the share that it misses and of the share
/// that it names wrongly (each as for [`stratified`]) by Newcombe's square-and-add with their
/// correlation: a variance guessed from a handful of mistakes would be too sure. Where screening is a
/// likelihood, the interval is Wilson's on the effective sample size p(1−p)/V; in V a stratum in which
/// audit and screening always differ alike counts as if one in n+2 differed otherwise.
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
        mistakes: mistakes(&strata, level)?,
        screened: strata.values().map(|s| s.screening).sum::<f64>() / all,
        k: k as u64,
        n: audits as u64,
    };
    Ok(Estimate {
        population: Some(cases.len() as u64),
        ..found.estimate(level)?
    })
}

/// The shares of all cases that screening misses and that it names wrongly, with their intervals;
/// `None` where screening is not 1 or 0.
fn mistakes(
    strata: &BTreeMap<&str, Sums>,
    level: Level,
) -> Result<Option<[Mistake; 2]>, StatsError> {
    if strata.values().any(|s| !s.certain) {
        return Ok(None);
    }
    let share = |possible: fn(&Sums) -> bool, made: fn(&Sums) -> u64| {
        let rows: Vec<Stratum> = strata
            .values()
            .map(|s| {
                let population = s.population as u64;
                // Where screening never says so, no case can be mistaken in this way.
                let n = if possible(s) { s.n as u64 } else { population };
                Stratum {
                    population,
                    n,
                    k: made(s),
                }
            })
            .collect();
        stratified(&rows, level).map(|found| Mistake {
            share: found.value,
            lower: found.lower,
            upper: found.upper,
        })
    };
    Ok(Some([
        share(|s| s.screening < s.population, |s| s.missed)?,
        share(|s| s.screening > 0.0, |s| s.wrong)?,
    ]))
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
        mistakes: unequal_mistakes(population, screened_total, audits, joint, level)?,
        screened: screened_total / all,
        k: audits.iter().filter(|one| one.audit).count() as u64,
        n: audits.len() as u64,
    };
    Ok(Estimate {
        population: Some(population),
        ..found.estimate(level)?
    })
}

fn unequal_mistakes(
    population: u64,
    screened_total: f64,
    audits: &[Audited],
    joint: &[Vec<f64>],
    level: Level,
) -> Result<Option<[Mistake; 2]>, StatsError> {
    let all = population as f64;
    if audits.iter().any(|one| one.screening % 1.0 != 0.0) || screened_total % 1.0 != 0.0 {
        return Ok(None);
    }
    let sample: Vec<Chosen> = audits
        .iter()
        .map(|one| Chosen {
            value: 0.0,
            probability: one.probability,
        })
        .collect();
    let share = |possible: bool, audit: bool| {
        if !possible {
            return Ok(Mistake::default());
        }
        let made = |one: &Audited| one.audit == audit && (one.screening == 0.0) == audit;
        let values: Vec<f64> = audits
            .iter()
            .map(|one| f64::from(u8::from(made(one))))
            .collect();
        let weighted = values
            .iter()
            .zip(&sample)
            .map(|(y, one)| y / one.probability);
        let share = (weighted.sum::<f64>() / all).min(1.0);
        let variance = sen_yates_grundy(&sample, joint, &values) / (all * all);
        let n = match share > 0.0 && share < 1.0 && variance > 0.0 {
            true => share * (1.0 - share) / variance,
            false => audits.len() as f64,
        };
        let Interval { lower, upper } = wilson_effective(share, n, level)?;
        Ok(Mistake {
            share,
            lower,
            upper,
        })
    };
    Ok(Some([
        share(screened_total < all, true)?,
        share(screened_total > 0.0, false)?,
    ]))
}

/// A kind of mistake of screening, as a share of all cases.
#[derive(Clone, Copy, Default)]
struct Mistake {
    share: f64,
    lower: f64,
    upper: f64,
}

impl Mistake {
    /// The correlation of the two kinds over cases, of which one excludes the other.
    fn correlation(self, other: Mistake) -> f64 {
        let odds = |one: Mistake| one.share / (1.0 - one.share).max(1e-12);
        -(odds(self) * odds(other)).sqrt().min(1.0)
    }
}

/// Square-and-add: how far first − second reaches below and above its value.
fn reach(first: Mistake, second: Mistake) -> (f64, f64) {
    let correlation = first.correlation(second);
    let join = |a: f64, b: f64| (a * a + b * b - 2.0 * correlation * a * b).max(0.0).sqrt();
    (
        join(first.share - first.lower, second.upper - second.share),
        join(first.upper - first.share, second.share - second.lower),
    )
}

struct Joined {
    value: f64,
    /// The textbook variance; absent with one audit of several in a stratum.
    textbook: Option<f64>,
    cautious: f64,
    /// The variance per p(1−p) were screening without use and the share the same everywhere.
    equal: f64,
    mistakes: Option<[Mistake; 2]>,
    /// The mean of screening over all cases.
    screened: f64,
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
        let (interval, used) = match self.mistakes {
            _ if effective.is_infinite() => (
                Interval {
                    lower: value,
                    upper: value,
                },
                None,
            ),
            Some(mistakes) => (self.around_mistakes(mistakes), None),
            None => (wilson_effective(value, effective, level)?, Some(effective)),
        };
        let method = match effective.is_finite() {
            true => Method::TwoPhaseDifference,
            false => Method::Census,
        };
        Ok(Estimate {
            k: Some(self.k),
            standard_error: self.textbook.map(f64::sqrt),
            effective_n: used,
            design: "all cases screened, a random sample audited".into(),
            ..Estimate::bare(value, interval, Unit::Share, level, method, self.n)
        })
    }
}

impl Joined {
    fn around_mistakes(&self, [missed, wrong]: [Mistake; 2]) -> Interval {
        let middle = self.screened + missed.share - wrong.share;
        let (below, above) = reach(missed, wrong);
        Interval {
            lower: (middle - below).clamp(0.0, 1.0),
            upper: (middle + above).clamp(0.0, 1.0),
        }
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
    /// Whether screening says 1 or 0 of every case.
    certain: bool,
    /// Audits with the answer where screening says 0.
    missed: u64,
    /// Audits without it where screening says 1.
    wrong: u64,
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
        let sums = strata.entry(&case.stratum).or_insert_with(|| Sums {
            certain: true,
            ..Sums::default()
        });
        sums.certain &= case.screening == 0.0 || case.screening == 1.0;
        sums.population += 1.0;
        sums.screening += case.screening;
        if let Some(audit) = case.audit {
            let difference = f64::from(u8::from(audit)) - case.screening;
            sums.n += 1.0;
            sums.difference += difference;
            sums.squares += difference * difference;
            sums.missed += u64::from(difference == 1.0);
            sums.wrong += u64::from(difference == -1.0);
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
