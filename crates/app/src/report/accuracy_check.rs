//! The accuracy check: the force has the draft, says what is wrong, and says when it is done.

use super::assembly::{self, Edition};
use super::store::{self, Comment, NewComment, NewDecision};
use super::{
    Seen, check_seen, document, finished, framework_of, frozen, inspection_of, load_for, nation,
    reload, signed_in,
};
use crate::app::Call;
use crate::error::{Error, Faults, Result};
use crate::inspection::Inspection;
use crate::recommendation;
use jiff::civil::Date;
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{CommentId, ReportId};
use throughline_domain::report::{
    self as step, AccuracyCheckFinished, CommentDecided, Decision, DraftCommented, DraftSent,
};

/// Sends the draft as it was seen to the force, which has the framework's working days to say
/// what is wrong.
///
/// # Errors
/// When it is no draft, its text has faults, or it was changed since it was seen.
pub async fn send_for_accuracy_check(call: &Call, id: &ReportId, seen: Seen) -> Result<()> {
    let mut operation = call.begin().await?;
    let ready = prepare(call, id, seen).await?;
    store::mark_sent(operation.connection(), id, ready.event.due_on, call.now).await?;
    recommendation::serve(call, &mut operation, &ready.inspection.id).await?;
    operation.commit(&ready.leave, &ready.event).await
}

/// What follows when a draft is sent to the force.
#[derive(Debug, Clone)]
pub struct Sending {
    /// The last day for the force to say what is wrong.
    pub due_on: Date,
    /// How many recommendations the force sees with it.
    pub recommendations: usize,
}

/// What follows when a draft is sent as it was seen. Sends nothing.
///
/// # Errors
/// As [`send_for_accuracy_check`].
pub async fn foresee_sending(call: &Call, id: &ReportId, seen: Seen) -> Result<Sending> {
    let ready = prepare(call, id, seen).await?;
    Ok(Sending {
        due_on: ready.event.due_on,
        recommendations: ready.recommendations,
    })
}

/// A draft that may be sent, checked in every way.
struct Ready {
    leave: Permit,
    event: DraftSent,
    inspection: Inspection,
    recommendations: usize,
}

async fn prepare(call: &Call, id: &ReportId, seen: Seen) -> Result<Ready> {
    let (report, leave) = load_for(call, id, Action::SendForAccuracyCheck).await?;
    let (freeze, set) = frozen(call, &leave, id).await?;
    check_seen(seen, &report, freeze)?;
    let inspection = inspection_of(call, &report).await?;
    let limit = framework_of(&inspection)?.time_limits.accuracy_check;
    let due_on = limit
        .last_day_as_known(call.today(), nation(&inspection))
        .map_err(|error| Error::Refused(error.to_string()))?;
    finished(call, &report, &set, Edition::draft(&report)).await?;
    let event = DraftSent {
        report: id.clone(),
        due_on,
        revision: report.revision,
    };
    let gate = set.gate_shut.as_deref();
    let (_, event) = step::send_for_accuracy_check(&leave, report.state.0, gate, event)?;
    Ok(Ready {
        leave,
        event,
        inspection,
        recommendations: set.asked.len(),
    })
}

/// The force says that its accuracy check is done, so that it need not be waited for.
///
/// # Errors
/// When the draft is not with the force, or it said so before.
pub async fn finish_check(call: &Call, id: &ReportId) -> Result<()> {
    let (_, leave) = load_for(call, id, Action::CommentOnDraft).await?;
    let author = signed_in(call)?;
    let mut operation = call.begin().await?;
    let report = reload(&mut operation, id).await?;
    let event = step::finish_check(
        &leave,
        report.state.0,
        report.accuracy_done_at.is_some(),
        AccuracyCheckFinished {
            report: id.clone(),
            revision: report.revision,
        },
    )?;
    store::mark_checked(operation.connection(), id, author, call.now).await?;
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
