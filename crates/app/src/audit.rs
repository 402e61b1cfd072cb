//! Audits: who reads which case, what they write, and the final grade of each case.
//!
//! Every page of the form is saved as it is, complete or not; what is missing is listed, and
//! an audit with nothing missing can be submitted. A second reading is blind: neither reader
//! finds the other's until they have submitted their own.

pub mod agreement;
pub mod assignment;
pub mod draft;
pub mod judging;
pub mod moderation;
pub mod pages;
pub mod result;
pub mod store;

pub use assignment::{
    Progress, ProgressFilter, ProgressPage, assign, assign_evenly, assign_second_readings, reassign,
};
pub use draft::{
    Draft, complete, open, return_to_reader, save_grades, save_strengths, save_topic, submit,
};
pub use moderation::{Pair, moderate};
pub use result::{
    CaseGrade, FailingFilter, FailingRow, TopicGrade, agreement_pairs, failings, grades,
    topic_grades,
};
pub use store::{Audit, Present};

use crate::app::Call;
use crate::error::{Error, Result};
use crate::framework;
use crate::inspection::{self, Inspection};
use jiff::civil::Date;
use std::collections::BTreeSet;
use throughline_domain::access::{Action, Permit, Relation, Role};
use throughline_domain::audit::{Reading, State};
use throughline_domain::framework::Framework;
use throughline_domain::id::{AuditId, InspectionId};

/// An audit with what is around it, and leave for an action on it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The audit.
    pub audit: Audit,
    /// The inspection it belongs to.
    pub inspection: Inspection,
    /// The framework it is made under.
    pub framework: &'static Framework,
    /// How the person stands to it.
    pub relation: Relation,
    leave: Permit,
}

/// An audit, with leave for an action on it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, it is not for this person, or not yet: the other
/// reading of a case somebody is still reading, and other people's drafts.
pub async fn load_for(call: &Call, id: &AuditId, action: Action) -> Result<Loaded> {
    let audit = store::find(call.reader(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let inspection = inspection::store::find(call.reader(), &audit.inspection_id)
        .await?
        .ok_or(Error::NotFound)?;
    let relation = relation(call, &audit, &inspection).await?;
    let leave = call.permit(action, relation)?;
    Ok(Loaded {
        framework: framework_of(&inspection)?,
        audit,
        inspection,
        relation,
        leave,
    })
}

async fn relation(call: &Call, audit: &Audit, inspection: &Inspection) -> Result<Relation> {
    let stands = inspection::relation(call.reader(), &call.actor, inspection).await?;
    if stands != Relation::Team {
        return Ok(Relation::Stranger);
    }
    if call.actor.is(&audit.reader_id) {
        return Ok(Relation::Own);
    }
    let readings =
        store::readings_of_case(call.reader(), &audit.inspection_id, &audit.reference).await?;
    let still_reading = readings
        .iter()
        .any(|one| call.actor.is(&one.reader_id) && *one.state != State::Submitted);
    let unfinished = *audit.state != State::Submitted && call.actor.role != Role::LeadInspector;
    Ok(if still_reading || unfinished {
        Relation::Blind
    } else {
        Relation::Team
    })
}

/// The cases of an inspection that this person has still to read: what others wrote of them is
/// not shown to them until they have submitted their own reading.
///
/// # Errors
/// When the database does not answer.
pub async fn cases_still_to_read(
    call: &Call,
    inspection: &InspectionId,
) -> Result<BTreeSet<String>> {
    let Some(user) = &call.actor.user else {
        return Ok(BTreeSet::new());
    };
    let cases = store::list::being_read_by(call.reader(), inspection, user).await?;
    Ok(cases.into_iter().collect())
}

/// Notes that this person was shown what others wrote of cases, so that none of them is given
/// to them for a blind reading.
///
/// # Errors
/// When the database does not answer; then nothing of them must be shown.
pub async fn note_shown(
    call: &Call,
    inspection: &InspectionId,
    references: &BTreeSet<String>,
) -> Result<()> {
    if references.is_empty() {
        return Ok(());
    }
    // Being shown something is no change that anybody need answer for: the read is entered.
    let mut transaction = call.app.store.begin().await?;
    note_shown_within(&mut transaction, call, inspection, references).await?;
    Ok(transaction.commit().await?)
}

/// As [`note_shown`], as a part of something else that is written.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn note_shown_within(
    connection: &mut sqlx::AnyConnection,
    call: &Call,
    inspection: &InspectionId,
    references: &BTreeSet<String>,
) -> Result<()> {
    if let Some(user) = &call.actor.user {
        store::note_seen(connection, inspection, references, user, call.now).await?;
    }
    Ok(())
}

/// The framework that an inspection names.
///
/// # Errors
/// When the program does not know it.
pub(crate) fn framework_of(inspection: &Inspection) -> Result<&'static Framework> {
    framework::find(&inspection.framework).ok_or_else(|| {
        Error::Internal(format!(
            "the framework {} of an inspection is not known",
            inspection.framework
        ))
    })
}

/// One of a person's own audits that waits for them.
#[derive(Debug, Clone)]
pub struct OwnAudit {
    /// Which.
    pub id: AuditId,
    /// Of which inspection.
    pub inspection: InspectionId,
    /// That inspection's title.
    pub inspection_title: String,
    /// The force inspected.
    pub force_name: String,
    /// The case.
    pub reference: String,
    /// The title of its category.
    pub category: String,
    /// First or second reading.
    pub reading: Reading,
    /// How far it has come: assigned or draft.
    pub state: State,
    /// The day by which it is due.
    pub due_on: Date,
    /// Whether that day is over.
    pub late: bool,
    /// Whether a lead returned it.
    pub returned: bool,
    /// How many criteria are answered.
    pub answered: usize,
    /// How many are asked.
    pub asked: usize,
}

/// The audits that the person has still to finish, the first due first.
///
/// # Errors
/// When the database does not answer.
pub async fn own_work(call: &Call) -> Result<Vec<OwnAudit>> {
    let _leave = call.permit(Action::ReadWork, Relation::Own)?;
    let Some(user) = &call.actor.user else {
        return Ok(Vec::new());
    };
    let rows = store::own_work(call.reader(), user).await?;
    Ok(rows.into_iter().map(|row| own_audit(call, row)).collect())
}

fn own_audit(call: &Call, row: store::OwnRow) -> OwnAudit {
    let framework = framework::find(&row.framework);
    let category = framework.and_then(|framework| framework.find_category(&row.category));
    OwnAudit {
        late: *row.due_on < call.today(),
        asked: framework.map_or(0, |framework| framework.criteria_for(&row.category).len()),
        category: category.map_or_else(|| row.category.clone(), |one| one.title.clone()),
        id: row.id.0,
        inspection: row.inspection_id.0,
        inspection_title: row.inspection_title,
        force_name: row.force_name,
        reference: row.reference,
        reading: row.reading.0,
        state: row.state.0,
        due_on: row.due_on.0,
        returned: row.returned_reason.is_some(),
        answered: usize::try_from(row.answered).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests;
