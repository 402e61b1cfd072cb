//! How far a screening rule can be relied on, judged by audits.

use serde::{Deserialize, Serialize};

use super::{DomainStratum, Estimate, domain};
use crate::{Level, StatsError};

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
