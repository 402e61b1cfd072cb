//! What readers make of verdicts: shown to them once they have answered, and kept.
//!
//! What a reader said is of one verdict: of what a standard meant then, and what was found then. It
//! says nothing of another that a later screening finds in the same case.

use super::standards::KeptStandard;
use super::verdict::{Found, KeptVerdict};
use super::{Screening, store};
use crate::app::{Call, Operation};
use crate::error::Result;
use throughline_domain::id::{AuditId, InspectionId, ScreeningId};
use throughline_domain::screening::VerdictJudged;

/// What a standard found in a case, for whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseVerdict {
    /// The standard's identifier.
    pub standard: String,
    /// What it is called.
    pub title: String,
    /// SHA-256 of what it means, in hexadecimal.
    pub meaning: String,
    /// The criterion that it bears on.
    pub criterion: String,
    /// The worst that was found.
    pub found: Found,
    /// What the reader said of it.
    pub said: Said,
    /// Which screening found it.
    pub screening: ScreeningId,
}

impl CaseVerdict {
    /// Tells it from any other verdict on the same case, for a form.
    pub fn mark(&self) -> String {
        format!("{}/{}", self.meaning, self.found.code())
    }
}

/// What a reader said of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Nothing yet.
    Nothing,
    /// That they agree with it.
    Agrees,
    /// That they do not.
    Disagrees,
    /// Something of another verdict, which stood here before.
    OfAnother,
}

/// What a reader said, and of which verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::screening) struct Judgement {
    pub agrees: bool,
    /// SHA-256 of what the standard meant.
    pub meaning: String,
    /// What was found.
    pub found: Found,
}

impl Judgement {
    /// What it says of a verdict.
    fn of(&self, meaning: &str, found: Found) -> Said {
        match (self.meaning == meaning && self.found == found, self.agrees) {
            (false, _) => Said::OfAnother,
            (true, true) => Said::Agrees,
            (true, false) => Said::Disagrees,
        }
    }
}

/// The worst that a standard found in a case; none where it did not apply.
fn worst_of(standard: &str, verdicts: &[KeptVerdict]) -> Option<Found> {
    let of_it = verdicts.iter().filter(|one| one.standard == standard);
    of_it.map(|one| one.found).max()
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
    let standards = screening.standards()?;
    let shown = standards.into_iter().filter_map(|standard| {
        let found = worst_of(&standard.id, &verdicts)?;
        let said = said.get(&standard.id);
        Some(CaseVerdict {
            criterion: standard.bears_on?,
            said: said.map_or(Said::Nothing, |one| one.of(&standard.meaning, found)),
            found,
            title: standard.title,
            standard: standard.id,
            meaning: standard.meaning,
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

/// What readers of an inspection's sample said of a standard's verdicts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Record {
    /// Readings in which the reader agreed with the verdict of the screening.
    pub agreed: u64,
    /// Readings in which they said whether they agree with it.
    pub judged: u64,
    /// Readings in which they said so of another verdict than that of the screening. They count
    /// for nothing here.
    pub of_another: u64,
}

/// How many readers of an inspection's sample agreed with a standard's verdicts in a screening, of
/// how many. Picked cases are left out: some are picked because a verdict is doubted.
///
/// # Errors
/// When the database does not answer.
pub async fn record_of(
    call: &Call,
    inspection: &InspectionId,
    screening: &Screening,
    standard: &KeptStandard,
) -> Result<Record> {
    let judged = store::judged(call.reader(), inspection, &screening.id, &standard.id).await?;
    let mut record = Record::default();
    for (judgement, verdicts) in judged {
        let said = match worst_of(&standard.id, &verdicts) {
            Some(found) => judgement.of(&standard.meaning, found),
            None => Said::OfAnother,
        };
        match said {
            Said::Agrees | Said::Disagrees => record.judged += 1,
            Said::OfAnother | Said::Nothing => record.of_another += 1,
        }
        record.agreed += u64::from(said == Said::Agrees);
    }
    Ok(record)
}
