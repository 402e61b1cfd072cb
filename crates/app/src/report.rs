//! Reports: composed from frozen figures and the inspectors' own words, checked by the force,
//! approved by somebody who did not write them, published at their time, corrected in the open.

mod assembly;
pub mod pages;
mod skeleton;
mod store;
mod text;

pub use store::{Briefed, Comment, Publication, Report, Revision};
pub use text::WrittenSection;

use crate::app::{App, Call, Operation, london_day};
use crate::error::{Error, Faults, Result};
use crate::figure::{self, FigureSet};
use crate::framework;
use crate::inspection::{self, Inspection};
use crate::recommendation;
use assembly::{Edition, Parts};
use jiff::Timestamp;
use std::sync::Arc;
use store::{NewComment, NewDecision, NewPublication};
use throughline_domain::access::{Action, Actor, Permit, Relation};
use throughline_domain::calendar::Nation;
use throughline_domain::framework::Framework;
use throughline_domain::id::{CommentId, InspectionId, ReportId, UserId};
use throughline_domain::report::{
    self as step, Approval, CommentDecided, Decision, DraftCommented, DraftRead, DraftSent,
    FiguresFrozen, PublicationScheduled, ReaderBriefed, ReportApproved, ReportBegun,
    ReportCorrected, ReportPublished, ReportSaved, State,
};
use throughline_reports::document::{Correction as Corrected, Document, Status};

/// Begins the report of an inspection with a composed skeleton and its figures as they are
/// now. Where it was begun already, leads to it.
///
/// # Errors
/// When the inspection is not this person's to report on.
pub async fn begin(call: &Call, inspection: &InspectionId) -> Result<ReportId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::WriteReport).await?;
    let writer = signed_in(call)?;
    let set = figure::compute(call, &leave, &inspection).await?;
    let sections = skeleton::compose(&inspection, framework_of(&inspection)?, &set);
    text::set_all(&sections, &set).map_err(Error::Invalid)?;
    let mut operation = call.begin().await?;
    let begun = store::find_of_inspection(operation.connection(), &inspection.id).await?;
    if let Some(report) = begun {
        return Ok(report.id.0);
    }
    let (_, event) = step::begin(
        &leave,
        ReportBegun {
            report: ReportId::from_random(call.app.random()),
            inspection: inspection.id.0.clone(),
            title: inspection.title.clone(),
        },
    );
    store::insert(
        operation.connection(),
        &event,
        &inspection.force_id,
        writer,
        call.now,
    )
    .await?;
    let text = as_json(&sections)?;
    store::insert_text(
        operation.connection(),
        &event.report,
        1,
        &text,
        writer,
        call.now,
    )
    .await?;
    figure::freeze(&mut operation, &leave, &event.report, &set, call.now).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.report)
}

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
    let set = frozen(call, &leave, id).await?;
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

/// The text of a report as last saved.
///
/// # Errors
/// As [`load_for`].
pub async fn sections(call: &Call, id: &ReportId) -> Result<Vec<WrittenSection>> {
    let (report, _leave) = load_for(call, id, Action::WriteReport).await?;
    store::sections(call.reader(), id, report.revision).await
}

/// The figures a report may refer to, as last frozen.
///
/// # Errors
/// As [`load_for`].
pub async fn figures(call: &Call, id: &ReportId) -> Result<FigureSet> {
    let (_, leave) = load_for(call, id, Action::WriteReport).await?;
    frozen(call, &leave, id).await
}

async fn frozen(call: &Call, leave: &Permit, id: &ReportId) -> Result<FigureSet> {
    let found = figure::find_frozen(call, leave, id).await?;
    found
        .map(|(_, set)| set)
        .ok_or_else(|| Error::Internal(format!("the report {id} has no frozen figures")))
}

/// Saves the text of a report as its next revision, which it returns.
///
/// # Errors
/// Every fault of the text with its line and column; [`Error::Conflict`] when somebody saved
/// after `revision`.
pub async fn save(
    call: &Call,
    id: &ReportId,
    revision: i64,
    sections: &[WrittenSection],
) -> Result<i64> {
    let (_, leave) = load_for(call, id, Action::WriteReport).await?;
    let writer = signed_in(call)?;
    let set = frozen(call, &leave, id).await?;
    let before = store::sections(call.reader(), id, revision).await?;
    check_outline(&before, sections)?;
    text::set_all(sections, &set).map_err(Error::Invalid)?;
    let mut operation = call.begin().await?;
    let report = reload(&mut operation, id).await?;
    check_revision(&report, revision)?;
    if before == sections {
        return Ok(revision);
    }
    let text = as_json(&sections)?;
    let event = step::save(
        &leave,
        report.state.0,
        ReportSaved {
            report: id.clone(),
            revision: revision + 1,
            text_digest: text::digest(&text),
        },
    )?;
    store::insert_text(
        operation.connection(),
        id,
        event.revision,
        &text,
        writer,
        call.now,
    )
    .await?;
    operation.commit(&leave, &event).await?;
    Ok(event.revision)
}

/// Sections keep their anchors and what they show; only words change.
fn check_outline(before: &[WrittenSection], after: &[WrittenSection]) -> Result<()> {
    let outline = |sections: &[WrittenSection]| -> Vec<(String, Vec<String>)> {
        sections
            .iter()
            .map(|s| (s.id.clone(), s.shows.clone()))
            .collect()
    };
    if outline(before) == outline(after) {
        return Ok(());
    }
    Err(Error::invalid(
        "report",
        "The sections are not those of this report: open the page again and change only their words",
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

/// Computes the figures anew and freezes them for the report.
///
/// # Errors
/// Once the report is approved.
pub async fn freeze(call: &Call, id: &ReportId) -> Result<()> {
    let (report, leave) = load_for(call, id, Action::WriteReport).await?;
    let inspection = inspection_of(call, &report).await?;
    let set = figure::compute(call, &leave, &inspection).await?;
    let mut operation = call.begin().await?;
    let report = reload(&mut operation, id).await?;
    let event = step::freeze(
        &leave,
        report.state.0,
        FiguresFrozen {
            report: id.clone(),
            inputs_digest: set.inputs_digest.clone(),
        },
    )?;
    figure::freeze(&mut operation, &leave, id, &set, call.now).await?;
    operation.commit(&leave, &event).await
}

/// Whether something that the frozen figures rest on has changed since.
///
/// # Errors
/// As [`load_for`].
pub async fn is_stale(call: &Call, id: &ReportId) -> Result<bool> {
    let (report, leave) = load_for(call, id, Action::WriteReport).await?;
    let inspection = inspection_of(call, &report).await?;
    let now = figure::digest(call, &leave, &inspection).await?;
    Ok(frozen(call, &leave, id).await?.inputs_digest != now)
}

/// Sends the draft to the force, which has the framework's working days to say what is wrong.
///
/// # Errors
/// When it is no draft, or its text has faults.
pub async fn send_for_accuracy_check(call: &Call, id: &ReportId) -> Result<()> {
    let (report, leave) = load_for(call, id, Action::SendForAccuracyCheck).await?;
    let inspection = inspection_of(call, &report).await?;
    let limit = framework_of(&inspection)?.time_limits.accuracy_check;
    let due_on = limit
        .last_day(call.today(), nation(&inspection))
        .map_err(|error| Error::Refused(error.to_string()))?;
    finished(call, &leave, &report, Edition::draft(&report)).await?;
    let mut operation = call.begin().await?;
    let now = reload(&mut operation, id).await?;
    check_revision(&now, report.revision)?;
    let (_, event) = step::send_for_accuracy_check(
        &leave,
        now.state.0,
        DraftSent {
            report: id.clone(),
            due_on,
            revision: now.revision,
        },
    )?;
    store::mark_sent(operation.connection(), id, due_on, call.now).await?;
    operation.commit(&leave, &event).await
}

/// The force says what is wrong in a passage.
///
/// # Errors
/// When the passage is not in the draft, or nothing is said.
pub async fn comment(call: &Call, id: &ReportId, passage: &str, detail: &str) -> Result<CommentId> {
    let (_, leave) = load_for(call, id, Action::CommentOnDraft).await?;
    let author = signed_in(call)?;
    let passages = passages(call, id).await?;
    let quoted = passages
        .iter()
        .find(|(id, _, _)| id == passage)
        .map(|(_, _, words)| words);
    let mut faults = Faults::default();
    let detail = faults.required(
        "detail",
        detail,
        "Say what is wrong and what would be right",
    );
    if quoted.is_none() {
        faults.add("passage", "Choose the passage that your comment is about");
    }
    faults.none()?;
    let mut operation = call.begin().await?;
    let report = reload(&mut operation, id).await?;
    let event = step::comment(
        &leave,
        report.state.0,
        DraftCommented {
            report: id.clone(),
            comment: CommentId::from_random(call.app.random()),
            passage: passage.to_owned(),
            detail,
        },
    )?;
    let new = NewComment {
        id: &event.comment,
        report: id,
        revision: report.revision,
        passage,
        quoted: quoted.map_or("", String::as_str),
        detail: &event.detail,
        by: (author, &call.actor),
        now: call.now,
    };
    store::insert_comment(operation.connection(), &new).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.comment)
}

/// Every passage of the draft: its anchor, the section, its words.
///
/// # Errors
/// As [`load_for`].
pub async fn passages(call: &Call, id: &ReportId) -> Result<Vec<(String, String, String)>> {
    Ok(assembly::passages(&document(call, id).await?))
}

/// The force's comments on a draft, in the order they were made.
///
/// # Errors
/// As [`load_for`].
pub async fn comments(call: &Call, id: &ReportId) -> Result<Vec<Comment>> {
    let (_, _leave) = load_for(call, id, Action::ReadDraft).await?;
    if !call.actor.role.is_inspecting() && call.actor.force.is_none() {
        return Ok(Vec::new());
    }
    Ok(store::comments(call.reader(), id).await?)
}

/// Decides a comment of the force.
///
/// # Errors
/// When the decision or its reason is missing, or there is no such comment.
pub async fn decide_comment(
    call: &Call,
    id: &ReportId,
    comment: &CommentId,
    decision: &str,
    reason: &str,
) -> Result<()> {
    let (_, leave) = load_for(call, id, Action::DecideComment).await?;
    let decider = signed_in(call)?;
    let mut faults = Faults::default();
    let decision: Option<Decision> = faults.parsed("decision", decision, "Choose a decision");
    let why = faults.required("reason", reason, "Say what was changed, or why nothing was");
    faults.none()?;
    let decision = decision.ok_or_else(|| Error::invalid("decision", "Choose a decision"))?;
    let mut operation = call.begin().await?;
    let report = reload(&mut operation, id).await?;
    let event = step::decide(
        &leave,
        report.state.0,
        CommentDecided {
            report: id.clone(),
            comment: comment.clone(),
            decision,
            why,
        },
    )?;
    let decided = NewDecision {
        report: id,
        comment,
        decision,
        why: &event.why,
        by: (decider, &call.actor),
        now: call.now,
    };
    if !store::decide_comment(operation.connection(), &decided).await? {
        return Err(Error::NotFound);
    }
    operation.commit(&leave, &event).await
}

/// Approves a report that somebody else wrote.
///
/// # Errors
/// When who approves wrote in it, a comment is undecided, or a cause of concern has no
/// recommendation.
pub async fn approve(call: &Call, id: &ReportId) -> Result<()> {
    let (report, leave) = load_for(call, id, Action::ApproveReport).await?;
    let approver = signed_in(call)?;
    finished(call, &leave, &report, Edition::draft(&report)).await?;
    let mut operation = call.begin().await?;
    let now = reload(&mut operation, id).await?;
    check_revision(&now, report.revision)?;
    let standing = Approval {
        by_author: store::is_author(operation.connection(), id, approver).await?,
        stale: is_stale_within(call, &mut operation, &leave, &now).await?,
        ..undone(store::undone(operation.connection(), id).await?)
    };
    let event = ReportApproved {
        report: id.clone(),
        revision: now.revision,
    };
    let (_, event) = step::approve(&leave, now.state.0, standing, event)?;
    store::mark_approved(operation.connection(), id, approver, call.now).await?;
    operation.commit(&leave, &event).await
}

async fn is_stale_within(
    call: &Call,
    operation: &mut Operation,
    leave: &Permit,
    report: &Report,
) -> Result<bool> {
    let inspection = inspection_of(call, report).await?;
    let now = figure::digest_within(operation, leave, &inspection).await?;
    Ok(frozen(call, leave, &report.id).await?.inputs_digest != now)
}

fn undone(counts: store::Undone) -> Approval {
    let small = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Approval {
        by_author: false,
        stale: false,
        undecided: small(counts.undecided),
        unanswered_concerns: small(counts.unanswered_concerns),
    }
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

/// Sets the time of publication; a time that has passed publishes at once.
///
/// # Errors
/// When the report is not approved.
pub async fn schedule(call: &Call, id: &ReportId, at: Timestamp) -> Result<()> {
    let (report, leave) = load_for(call, id, Action::PublishReport).await?;
    let document = finished(call, &leave, &report, Edition::first(call.today())).await?;
    let mut operation = call.begin().await?;
    let report = reload(&mut operation, id).await?;
    let event = PublicationScheduled {
        report: id.clone(),
        publish_at: at,
    };
    let event = step::schedule(&leave, report.state.0, event)?;
    store::set_time(operation.connection(), id, at).await?;
    if at > call.now {
        return operation.commit(&leave, &event).await;
    }
    operation.note(&leave, &event).await?;
    publish(call, operation, &leave, id, &document).await
}

/// Publishes every approved report whose time has come, as the clock; says which.
///
/// # Errors
/// When the database does not answer. What was published before stays published.
pub async fn publish_due(app: &Arc<App>, now: Timestamp) -> Result<Vec<ReportId>> {
    let call = app.call(Actor::clock(), now);
    let mut published = Vec::new();
    for report in store::list_due(call.reader(), call.now).await? {
        let leave = call.permit(Action::PublishReport, Relation::Open)?;
        let document = finished(&call, &leave, &report, Edition::first(call.today())).await?;
        let operation = call.begin().await?;
        match publish(&call, operation, &leave, &report.id, &document).await {
            Ok(()) => published.push(report.id.0),
            // Another process was first, or its time was moved.
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(published)
}

async fn publish(
    call: &Call,
    mut operation: Operation,
    leave: &Permit,
    id: &ReportId,
    document: &Document,
) -> Result<()> {
    let report = reload(&mut operation, id).await?;
    let text = as_json(document)?;
    let (_, event) = step::publish(
        leave,
        report.state.0,
        report.publish_at.as_ref().map(|at| at.0),
        call.now,
        ReportPublished {
            report: id.clone(),
            document_digest: text::digest(&text),
        },
    )?;
    let new = NewPublication {
        report: id,
        version: 1,
        force: &report.force_id,
        document: &text,
        correction: None,
        now: call.now,
    };
    store::insert_publication(operation.connection(), &new).await?;
    store::mark_published(operation.connection(), id, call.now).await?;
    let inspection = &report.inspection_id;
    recommendation::mark_published(call, &mut operation, leave, inspection, call.today()).await?;
    operation.commit(leave, &event).await
}

/// A correction to a published report.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The revision it begins from.
    pub revision: i64,
    /// What was wrong and what it says now.
    pub why: String,
    /// The corrected text.
    pub sections: Vec<WrittenSection>,
    /// Whether the figures are computed again.
    pub with_new_figures: bool,
}

/// Publishes a corrected version, which it returns; the earlier ones stay readable.
///
/// # Errors
/// When no reason is given, the text has faults, or somebody saved meanwhile.
pub async fn correct(call: &Call, id: &ReportId, correction: &Correction) -> Result<i64> {
    let (report, leave) = load_for(call, id, Action::CorrectReport).await?;
    let writer = signed_in(call)?;
    let mut faults = Faults::default();
    let why = faults.required(
        "why",
        &correction.why,
        "Say what was wrong and what it says now",
    );
    faults.none()?;
    let before = store::sections(call.reader(), id, correction.revision).await?;
    check_outline(&before, &correction.sections)?;
    let inspection = inspection_of(call, &report).await?;
    let set = if correction.with_new_figures {
        figure::compute(call, &leave, &inspection).await?
    } else {
        frozen(call, &leave, id).await?
    };
    let last = store::last_version(call.reader(), id).await?;
    let edition = corrected_edition(call, &report, last, &why).await?;
    let parts = Parts {
        report: &report,
        inspection: &inspection,
        framework: framework_of(&inspection)?,
        sections: &correction.sections,
        set: &set,
    };
    let document = as_json(&assembly::finished(&parts, edition)?)?;

    let mut operation = call.begin().await?;
    let now = reload(&mut operation, id).await?;
    check_revision(&now, correction.revision)?;
    let event = step::correct(
        &leave,
        now.state.0,
        ReportCorrected {
            report: id.clone(),
            version: last + 1,
            why,
            document_digest: text::digest(&document),
        },
    )?;
    let text = as_json(&correction.sections)?;
    let revision = correction.revision + 1;
    store::insert_text(
        operation.connection(),
        id,
        revision,
        &text,
        writer,
        call.now,
    )
    .await?;
    if correction.with_new_figures {
        figure::freeze(&mut operation, &leave, id, &set, call.now).await?;
    }
    let new = NewPublication {
        report: id,
        version: event.version,
        force: &now.force_id,
        document: &document,
        correction: Some(&event.why),
        now: call.now,
    };
    store::insert_publication(operation.connection(), &new).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.version)
}

async fn corrected_edition(call: &Call, report: &Report, last: i64, why: &str) -> Result<Edition> {
    let before = published_version(call, report, last).await?;
    let mut corrections = before.corrections;
    let version = format!("{}.0", last + 1);
    corrections.push(Corrected {
        date: call.today().to_string(),
        version: version.clone(),
        what: why.to_owned(),
    });
    let first = report.published_at.as_ref().map(|at| london_day(at.0));
    Ok(Edition {
        version,
        status: Status::Corrected,
        published_on: first,
        corrections,
    })
}

/// The document that is about to be sent, approved or published, without a fault.
async fn finished(
    call: &Call,
    leave: &Permit,
    report: &Report,
    edition: Edition,
) -> Result<Document> {
    let inspection = inspection_of(call, report).await?;
    let sections = store::sections(call.reader(), &report.id, report.revision).await?;
    let set = frozen(call, leave, &report.id).await?;
    let parts = Parts {
        report,
        inspection: &inspection,
        framework: framework_of(&inspection)?,
        sections: &sections,
        set: &set,
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
