//! Reports: composed from frozen figures and the inspectors' own words, checked by the force,
//! approved by somebody who did not write them, published at their time, corrected in the open.

mod accuracy_check;
mod approval;
mod approver;
mod assembly;
mod beginning;
mod correction;
mod draft;
pub mod pages;
mod publication;
mod skeleton;
mod store;
mod text;

pub use accuracy_check::{
    Sending, comment, comments, decide_comment, finish_check, foresee_sending, passages,
    send_for_accuracy_check,
};
pub use approval::{approve, foresee_approval};
pub use approver::{Approvers, approvers};
pub use beginning::{Beginning, begin, beginning_subject, start_beginning};
pub use correction::{
    Correction, approve_correction, correcting_subject, find_correction, preview_correction,
    propose_correction, start_correction, withdraw_correction,
};
pub use draft::{figures, freeze, freezing_subject, is_stale, save, sections, start_freezing};
pub use publication::{Publishing, foresee_publication, publish_due, schedule};
pub use store::{Briefed, Comment, PendingCorrection, Publication, Report, Revision};
pub use text::WrittenSection;

use crate::app::{Call, Operation};
use crate::error::{Error, Result};
use crate::figure::{self, FigureSet};
use crate::framework;
use crate::inspection::{self, Inspection};
use assembly::{Edition, Parts};
use throughline_domain::access::{Action, Permit, Relation};
use throughline_domain::calendar::Nation;
use throughline_domain::framework::Framework;
use throughline_domain::id::{InspectionId, ReportId, UserId};
use throughline_domain::report::{self as step, DraftRead, ReaderBriefed, State};
use throughline_reports::document::Document;

/// How somebody stands to a report: an author, on the team, of the force it was sent to,
/// briefed under embargo, or not at all.
///
/// # Errors
/// When the database does not answer.
pub async fn relation(call: &Call, report: &Report) -> Result<Relation> {
    let inspection = inspection_of(call, report).await?;
    let Some(user) = &call.actor.user else {
        return Ok(Relation::Stranger);
    };
    Ok(
        match inspection::relation(call.reader(), &call.actor, &inspection).await? {
            Relation::Team if store::is_author(call.reader(), &report.id, user).await? => {
                Relation::Own
            }
            Relation::Team => Relation::Team,
            Relation::Served if report.state.0 != State::Draft => Relation::Served,
            _ if store::is_briefed(call.reader(), &report.id, user).await? => Relation::Briefed,
            _ => Relation::Stranger,
        },
    )
}

/// A report, with leave for an action on it.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it is not for this person.
pub async fn load_for(call: &Call, id: &ReportId, action: Action) -> Result<(Report, Permit)> {
    let report = store::find(call.reader(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let relation = relation(call, &report).await?;
    let leave = call.permit(action, relation)?;
    Ok((report, leave))
}

/// The report of an inspection, where there is one that this person may see.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_of_inspection(call: &Call, inspection: &InspectionId) -> Result<Option<Report>> {
    let (_, _leave) = inspection::load_for(call, inspection, Action::ReadDraft).await?;
    let Some(report) = store::find_of_inspection(call.reader(), inspection).await? else {
        return Ok(None);
    };
    let relation = relation(call, &report).await?;
    Ok(call
        .permit(Action::ReadDraft, relation)
        .ok()
        .map(|_| report))
}

/// The reports this person may read, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call) -> Result<Vec<Report>> {
    let Some(user) = &call.actor.user else {
        return Ok(Vec::new());
    };
    Ok(match &call.actor.force {
        _ if call.actor.role.is_inspecting() => store::list_of_team(call.reader(), user).await?,
        Some(force) => store::list_of_force(call.reader(), force).await?,
        None => store::list_of_briefed(call.reader(), user).await?,
    })
}

/// The document as it stands: the draft, or the last published version. A read by anyone
/// outside the team before publication is entered in the journal first.
///
/// # Errors
/// As [`load_for`].
pub async fn document(call: &Call, id: &ReportId) -> Result<Document> {
    let (report, leave) = load_for(call, id, Action::ReadDraft).await?;
    if report.state.0 == State::Published {
        let version = store::last_version(call.reader(), id).await?;
        return published_version(call, &report, version).await;
    }
    record_read(call, &report, &leave).await?;
    let inspection = inspection_of(call, &report).await?;
    let sections = store::sections(call.reader(), id, report.revision).await?;
    let (_, set) = frozen(call, &leave, id).await?;
    Ok(assembly::draft(&Parts {
        report: &report,
        inspection: &inspection,
        framework: framework_of(&inspection)?,
        sections: &sections,
        set: &set,
    }))
}

/// An earlier published version of a report.
///
/// # Errors
/// As [`load_for`], and when there is no such version.
pub async fn version(call: &Call, id: &ReportId, version: i64) -> Result<Document> {
    let (report, _leave) = load_for(call, id, Action::ReadDraft).await?;
    published_version(call, &report, version).await
}

async fn published_version(call: &Call, report: &Report, version: i64) -> Result<Document> {
    let text = store::find_publication(call.reader(), &report.id, version)
        .await?
        .ok_or(Error::NotFound)?;
    serde_json::from_str(&text)
        .map_err(|error| Error::Internal(format!("version {version} of {}: {error}", report.id)))
}

async fn record_read(call: &Call, report: &Report, leave: &Permit) -> Result<()> {
    if call.actor.role.is_inspecting() {
        return Ok(());
    }
    let mut operation = call.begin().await?;
    if let Some(user) = &call.actor.user {
        store::mark_read(operation.connection(), &report.id, user, call.now).await?;
    }
    let event = DraftRead {
        report: report.id.0.clone(),
        revision: report.revision,
    };
    operation.commit(leave, &event).await
}

/// The figures as last frozen, with the number of the freeze.
async fn frozen(call: &Call, leave: &Permit, id: &ReportId) -> Result<(i64, FigureSet)> {
    figure::find_frozen(call, leave, id)
        .await?
        .ok_or_else(|| Error::Internal(format!("the report {id} has no frozen figures")))
}

/// What somebody saw when they decided on a report: its text and its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The revision of the text.
    pub revision: i64,
    /// The number of the freeze of the figures.
    pub freeze: i64,
}

/// What a report's text and figures are now, for a page that asks for a decision on them.
///
/// # Errors
/// As [`load_for`].
pub async fn seen(call: &Call, id: &ReportId) -> Result<Seen> {
    let (report, leave) = load_for(call, id, Action::ReadDraft).await?;
    Ok(Seen {
        revision: report.revision,
        freeze: frozen(call, &leave, id).await?.0,
    })
}

/// What is decided on is what was seen. It is called inside the operation that decides: nobody
/// else writes until it ends.
fn check_seen(seen: Seen, report: &Report, freeze: i64) -> Result<()> {
    check_revision(report, seen.revision)?;
    if seen.freeze == freeze {
        return Ok(());
    }
    Err(Error::Conflict(
        "The figures were frozen again after you opened the page. Read them, then decide.".into(),
    ))
}

fn check_revision(report: &Report, revision: i64) -> Result<()> {
    if report.revision == revision {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "You began from revision {revision}; somebody has saved revision {} since. Nothing of theirs was overwritten. Copy your words, open the page again and put them in.",
        report.revision
    )))
}

/// Names a reader who may see the report before it is published, under embargo.
///
/// # Errors
/// When they are no reader or are named already.
pub async fn brief(call: &Call, id: &ReportId, account: &UserId) -> Result<()> {
    let (_, leave) = load_for(call, id, Action::BriefReader).await?;
    let mut operation = call.begin().await?;
    let report = reload(&mut operation, id).await?;
    if !store::is_briefable(operation.connection(), id, account).await? {
        return Err(Error::invalid(
            "account",
            "Choose a reader who is not named yet",
        ));
    }
    let event = ReaderBriefed {
        report: id.clone(),
        account: account.clone(),
    };
    let event = step::brief(&leave, report.state.0, event)?;
    store::insert_briefing(operation.connection(), id, account, call.now).await?;
    operation.commit(&leave, &event).await
}

/// The document that is about to be sent, approved or published, without a fault.
async fn finished(
    call: &Call,
    report: &Report,
    set: &FigureSet,
    edition: Edition,
) -> Result<Document> {
    let inspection = inspection_of(call, report).await?;
    let sections = store::sections(call.reader(), &report.id, report.revision).await?;
    let parts = Parts {
        report,
        inspection: &inspection,
        framework: framework_of(&inspection)?,
        sections: &sections,
        set,
    };
    assembly::finished(&parts, edition)
}

/// A report as it stands in this transaction.
async fn reload(operation: &mut Operation, id: &ReportId) -> Result<Report> {
    store::find(operation.connection(), id)
        .await?
        .ok_or(Error::NotFound)
}

async fn inspection_of(call: &Call, report: &Report) -> Result<Inspection> {
    inspection::store::find(call.reader(), &report.inspection_id)
        .await?
        .ok_or(Error::NotFound)
}

fn framework_of(inspection: &Inspection) -> Result<&'static Framework> {
    framework::find(&inspection.framework).ok_or_else(|| {
        Error::Internal(format!(
            "the framework {} is not known",
            inspection.framework
        ))
    })
}

fn nation(inspection: &Inspection) -> Nation {
    match inspection.nation.as_str() {
        "wales" => Nation::Wales,
        _ => Nation::England,
    }
}

fn signed_in(call: &Call) -> Result<&UserId> {
    call.actor.user.as_ref().ok_or(Error::SignInFirst)
}

fn as_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}

#[cfg(test)]
mod tests;
