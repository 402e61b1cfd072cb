//! An audit: one reader's answers, grades and failings on one case, and what may happen to it.
//!
//! A reading is assigned, saved as a draft as often as its reader likes, and submitted once
//! nothing is missing. A lead may return it. When every reading expected of a case is
//! submitted, [`settle`] or [`moderate`] makes its final grade.

mod assignment;
mod code;
mod content;
mod form;
mod settlement;
#[cfg(test)]
mod tests;

pub use assignment::{
    Assigned, AuditReassigned, AuditsAssigned, NotShared, Reader, SecondReadingsChosen, assign,
    choose_second_readings, reassign, share_out,
};
pub use code::{Answer, Reading, Settled, State};
pub use content::{
    Answered, Content, Failing, GradesPart, Part, Strength, StrengthsPart, TopicPart,
};
pub use form::{Missing, Step, StepProgress, field, missing, progress, steps};
pub use settlement::{CaseSettled, Settlement, SubmittedReading, differ, moderate, settle};

use crate::access::{Action, Permit, Refusal};
use crate::event::Event;
use crate::id::{AuditId, InspectionId};
use serde::Serialize;
use std::collections::BTreeMap;

/// How an audit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which audit.
    pub audit: AuditId,
    /// How far it has come.
    pub state: State,
    /// How often it was saved.
    pub revision: i64,
}

impl Standing {
    fn at(&self, state: State) -> Self {
        Standing {
            audit: self.audit.clone(),
            state,
            revision: self.revision + 1,
        }
    }
}

/// A page of the form was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftSaved {
    /// Which audit.
    pub audit: AuditId,
    /// Its revision from now on.
    pub revision: i64,
    /// What now stands on the page.
    pub part: Part,
}

impl Event for DraftSaved {
    const NAME: &'static str = "audit saved";
    fn subject(&self) -> String {
        format!("audit/{}", self.audit)
    }
}

/// Saves a page of the form, complete or not.
///
/// # Errors
/// When the audit is submitted.
pub fn save(
    permit: &Permit,
    standing: &Standing,
    part: Part,
) -> Result<(Standing, DraftSaved), Refusal> {
    permit.is_for(Action::WriteAudit);
    match standing.state {
        State::Assigned | State::Draft => {}
        State::Submitted => {
            return Err(Refusal::not_now(
                "This audit is submitted. A lead inspector can return it to its reader.",
            ));
        }
    }
    let next = standing.at(State::Draft);
    let event = DraftSaved {
        audit: next.audit.clone(),
        revision: next.revision,
        part,
    };
    Ok((next, event))
}

/// A reading is complete, as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditSubmitted {
    /// Which audit.
    pub audit: AuditId,
    /// The revision that was submitted.
    pub revision: i64,
    /// The overall grade's code.
    pub grade: String,
    /// The grade's code of each graded topic.
    pub topic_grades: BTreeMap<String, String>,
    /// How many failings it names.
    pub failings: usize,
}

impl Event for AuditSubmitted {
    const NAME: &'static str = "audit submitted";
    fn subject(&self) -> String {
        format!("audit/{}", self.audit)
    }
}

/// Submits an audit in which nothing is missing.
///
/// # Errors
/// When it is submitted already or something is missing; [`missing`] says what.
pub fn submit(
    permit: &Permit,
    standing: &Standing,
    content: &Content,
    missing: &[Missing],
) -> Result<(Standing, AuditSubmitted), Refusal> {
    permit.is_for(Action::WriteAudit);
    match standing.state {
        State::Assigned | State::Draft => {}
        State::Submitted => return Err(Refusal::not_now("This audit is submitted already.")),
    }
    let (Some(grade), true) = (&content.grade, missing.is_empty()) else {
        return Err(Refusal::not_now(format!(
            "{} things are still missing in this audit.",
            missing.len()
        )));
    };
    let next = standing.at(State::Submitted);
    let event = AuditSubmitted {
        audit: next.audit.clone(),
        revision: next.revision,
        grade: grade.clone(),
        topic_grades: content.topic_grades.clone(),
        failings: content.failings.len(),
    };
    Ok((next, event))
}

/// A submitted audit went back to its reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReturned {
    /// Which audit.
    pub audit: AuditId,
    /// Why.
    #[serde(skip)]
    pub reason: String,
    /// The case's final grade until then, which no longer stands.
    pub grade_before: Option<String>,
}

impl Event for AuditReturned {
    const NAME: &'static str = "audit returned";
    fn subject(&self) -> String {
        format!("audit/{}", self.audit)
    }
    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

/// What rests on an audit whose grade would not stand any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Basis {
    /// How many findings rest on its failings.
    pub findings: i64,
    /// Whether the report of the inspection is approved or published.
    pub report_approved: bool,
}

impl Basis {
    /// Whether the grade may be opened again.
    ///
    /// # Errors
    /// When a finding or an approved report rests on it.
    pub fn may_be_unsettled(self) -> Result<(), Refusal> {
        if self.report_approved {
            return Err(Refusal::not_now(
                "The report of this inspection is approved, and its figures rest on this audit.",
            ));
        }
        if self.findings > 0 {
            return Err(Refusal::not_now(
                "A finding rests on a failing of this audit. Take the failing out of the finding first.",
            ));
        }
        Ok(())
    }
}

/// Returns a submitted audit to its reader, as a draft with everything in it.
///
/// # Errors
/// When it is not submitted, findings rest on its failings, or the report is approved.
pub fn return_to_reader(
    permit: &Permit,
    standing: &Standing,
    reason: &str,
    grade_before: Option<String>,
    basis: Basis,
) -> Result<(Standing, AuditReturned), Refusal> {
    permit.is_for(Action::ModerateAudit);
    match standing.state {
        State::Submitted => {}
        State::Assigned | State::Draft => {
            return Err(Refusal::not_now(
                "This audit is not submitted: its reader still has it.",
            ));
        }
    }
    basis.may_be_unsettled()?;
    let event = AuditReturned {
        audit: standing.audit.clone(),
        reason: reason.to_owned(),
        grade_before,
    };
    Ok((standing.at(State::Draft), event))
}

/// An audit's content was shown to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRead {
    /// Of which inspection.
    #[serde(skip)]
    pub inspection: InspectionId,
    /// Of which case.
    #[serde(skip)]
    pub reference: String,
    /// Which audit.
    pub audit: AuditId,
}

impl Event for AuditRead {
    const NAME: &'static str = "read";
    fn subject(&self) -> String {
        format!("case/{}/{}", self.inspection, self.reference)
    }
}
