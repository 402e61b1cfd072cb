//! From one or two readings to the final grade of a case.

use super::{Settled, State};
use crate::access::{Action, Permit, Refusal};
use crate::event::Event;
use crate::id::{AuditId, InspectionId, UserId};
use serde::Serialize;

/// A reading, as far as settling needs it. The first reading stands first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedReading {
    /// Which audit.
    pub audit: AuditId,
    /// How far it has come.
    pub state: State,
    /// Its overall grade's code.
    pub grade: Option<String>,
    /// Who read.
    pub reader: UserId,
}

/// What decides the final grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The final grade's code.
    pub grade: String,
    /// Why, in the words of the lead who settled it.
    pub reason: String,
    /// The reading whose failings stand.
    pub audit: AuditId,
}

/// A case has its final grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseSettled {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The case.
    pub reference: String,
    /// Its final grade's code.
    pub grade: String,
    /// How it came by it.
    pub settled: Settled,
    /// The reading whose failings stand.
    pub audit: AuditId,
    /// Why, where two readings differed.
    #[serde(skip)]
    pub reason: Option<String>,
}

impl Event for CaseSettled {
    const NAME: &'static str = "case settled";
    fn subject(&self) -> String {
        format!("case/{}/{}", self.inspection, self.reference)
    }
    fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

fn grades(readings: &[SubmittedReading]) -> Option<Vec<(&AuditId, &str)>> {
    readings
        .iter()
        .map(|reading| match (reading.state, &reading.grade) {
            (State::Submitted, Some(grade)) => Some((&reading.audit, grade.as_str())),
            _ => None,
        })
        .collect()
}

/// The final grade that the readings make by themselves: none while one is awaited, and none
/// when they differ.
#[must_use]
pub fn settle(
    inspection: &InspectionId,
    reference: &str,
    readings: &[SubmittedReading],
) -> Option<CaseSettled> {
    let (audit, grade, settled) = match grades(readings)?.as_slice() {
        [(audit, grade)] => (*audit, *grade, Settled::Single),
        [(audit, grade), (_, other)] if grade == other => (*audit, *grade, Settled::Agreed),
        _ => return None,
    };
    Some(CaseSettled {
        inspection: inspection.clone(),
        reference: reference.to_owned(),
        grade: grade.to_owned(),
        settled,
        audit: audit.clone(),
        reason: None,
    })
}

/// Whether two submitted readings came to different grades.
#[must_use]
pub fn differ(readings: &[SubmittedReading]) -> bool {
    match grades(readings).as_deref() {
        Some([(_, first), (_, second)]) => first != second,
        _ => false,
    }
}

/// What a lead hears who read a case themselves.
const READ_IT_THEMSELVES: &str = "You read this case yourself, and nobody settles between their own reading and another’s. Another lead inspector of this inspection settles it.";

/// Settles two readings that differ.
///
/// # Errors
/// When they do not, when one of them is the settler's own, or when the reading whose failings
/// shall stand is neither.
pub fn moderate(
    permit: &Permit,
    inspection: &InspectionId,
    reference: &str,
    readings: &[SubmittedReading],
    settlement: Settlement,
) -> Result<CaseSettled, Refusal> {
    permit.is_for(Action::ModerateAudit);
    if !differ(readings) {
        return Err(Refusal::not_now(
            "There is nothing to settle: this case has no two submitted readings that differ.",
        ));
    }
    if readings.iter().any(|one| permit.actor().is(&one.reader)) {
        return Err(Refusal::not_now(READ_IT_THEMSELVES));
    }
    if !readings.iter().any(|one| one.audit == settlement.audit) {
        return Err(Refusal::not_now(
            "The failings that stand must be those of one of the two readings.",
        ));
    }
    Ok(CaseSettled {
        inspection: inspection.clone(),
        reference: reference.to_owned(),
        grade: settlement.grade,
        settled: Settled::Moderated,
        audit: settlement.audit,
        reason: Some(settlement.reason),
    })
}
