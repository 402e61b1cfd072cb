//! What readers make of verdicts: shown to them once they have answered, and kept.

use super::store;
use super::verdict::Found;
use crate::app::{Call, Operation};
use crate::error::Result;
use std::collections::BTreeMap;
use throughline_domain::id::{AuditId, InspectionId, ScreeningId};
use throughline_domain::screening::VerdictJudged;

/// What a standard found in a case, for whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseVerdict {
    /// The standard's identifier.
    pub standard: String,
    /// What it is called.
    pub title: String,
    /// The criterion that it bears on.
    pub criterion: String,
    /// The worst that was found.
    pub found: Found,
    /// What the reader said of it, if they did: whether they agree.
    pub agrees: Option<bool>,
    /// Which screening found it.
    pub screening: ScreeningId,
}

/// What the newest screening found in a case, of the standards that bear on a criterion. The
/// caller decides who may see it, and enters the read in the journal.
///
/// # Errors
/// When the database does not answer.
pub async fn of_case(
    call: &Call,
    inspection: &InspectionId,
    reference: &str,
    audit: &AuditId,
) -> Result<Vec<CaseVerdict>> {
    let newest = store::screenings(call.reader(), inspection, 1, None).await?;
    let Some(screening) = newest.first() else {
        return Ok(Vec::new());
    };
    let verdicts = store::verdicts_of(call.reader(), &screening.id, reference).await?;
    let said = store::judgements(call.reader(), audit).await?;
    let mut worst: BTreeMap<String, Found> = BTreeMap::new();
    for verdict in verdicts {
        let found = worst.entry(verdict.standard).or_insert(verdict.found);
        *found = (*found).max(verdict.found);
    }
    let standards = screening.standards()?;
    let shown = standards.into_iter().filter_map(|standard| {
        Some(CaseVerdict {
            criterion: standard.bears_on?,
            found: *worst.get(&standard.id)?,
            agrees: said.get(&standard.id).copied(),
            title: standard.title,
            standard: standard.id,
            screening: screening.id.0.clone(),
        })
    });
    Ok(shown.collect())
}

/// Keeps what a reader said of a verdict, in the caller's transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn save(call: &Call, operation: &mut Operation, event: &VerdictJudged) -> Result<()> {
    Ok(store::save_judgement(operation.connection(), call.now, event).await?)
}

/// How many readers of an inspection's cases agreed with a standard's verdicts, of how many.
///
/// # Errors
/// When the database does not answer.
pub async fn record_of(
    call: &Call,
    inspection: &InspectionId,
    standard: &str,
) -> Result<(i64, i64)> {
    Ok(store::record_of(call.reader(), inspection, standard).await?)
}
