//! The steps of a report: from where it stands to where it goes, with what happened.

use super::{
    AccuracyCheckFinished, Approval, CommentDecided, CorrectionProposed, CorrectionStanding,
    CorrectionWithdrawn, DraftCommented, DraftSent, FiguresFrozen, PublicationScheduled,
    ReaderBriefed, ReportApproved, ReportBegun, ReportCorrected, ReportPublished, ReportSaved,
    State, Step, hold,
};
use crate::access::{Action, Permit, Refusal};
use jiff::Timestamp;

/// Begins a report.
pub fn begin(permit: &Permit, begun: ReportBegun) -> (State, ReportBegun) {
    permit.is_for(Action::WriteReport);
    (State::Draft, begun)
}

/// Saves its text.
///
/// # Errors
/// Once it is approved.
pub fn save(permit: &Permit, state: State, saved: ReportSaved) -> Result<ReportSaved, Refusal> {
    hold(permit, state, Step::Save)?;
    Ok(saved)
}

/// Freezes its figures, unless the programme's gate on agreement is shut for the reason given.
///
/// # Errors
/// Once it is approved, and while readers do not agree well enough.
pub fn freeze(
    permit: &Permit,
    state: State,
    gate_shut: Option<&str>,
    frozen: FiguresFrozen,
) -> Result<FiguresFrozen, Refusal> {
    hold(permit, state, Step::Freeze)?;
    hold_gate(gate_shut)?;
    Ok(frozen)
}

/// Grades leave the team only when different readers would give them alike.
fn hold_gate(shut: Option<&str>) -> Result<(), Refusal> {
    match shut {
        None => Ok(()),
        Some(why) => Err(Refusal::not_now(format!(
            "The grades are not ready. {why} Settle the cases that differ, talk them through with \
             their readers, and return the audits that were graded otherwise; then freeze the \
             figures again."
        ))),
    }
}

/// Sends a draft to the force.
///
/// # Errors
/// When it is no draft any more, and while readers do not agree well enough.
pub fn send_for_accuracy_check(
    permit: &Permit,
    state: State,
    gate_shut: Option<&str>,
    sent: DraftSent,
) -> Result<(State, DraftSent), Refusal> {
    hold(permit, state, Step::SendForAccuracyCheck)?;
    hold_gate(gate_shut)?;
    Ok((State::AccuracyCheck, sent))
}

/// Comments on a passage.
///
/// # Errors
/// When the draft is not with the force.
pub fn comment(
    permit: &Permit,
    state: State,
    commented: DraftCommented,
) -> Result<DraftCommented, Refusal> {
    hold(permit, state, Step::Comment)?;
    Ok(commented)
}

/// Decides a comment.
///
/// # Errors
/// When the draft is not with the force.
pub fn decide(
    permit: &Permit,
    state: State,
    decided: CommentDecided,
) -> Result<CommentDecided, Refusal> {
    hold(permit, state, Step::DecideComment)?;
    Ok(decided)
}

/// The force says that its accuracy check is done.
///
/// # Errors
/// When the draft is not with the force, or it said so before.
pub fn finish_check(
    permit: &Permit,
    state: State,
    is_done: bool,
    finished: AccuracyCheckFinished,
) -> Result<AccuracyCheckFinished, Refusal> {
    hold(permit, state, Step::FinishCheck)?;
    if is_done {
        return Err(Refusal::not_now("The force has said this already."));
    }
    Ok(finished)
}

/// Approves a report that somebody else wrote.
///
/// # Errors
/// When it was not with the force, who approves has written in it, the force may still say what
/// is wrong, a comment is undecided, a cause of concern has no recommendation, the figures are stale, or
/// readers do not agree well enough.
pub fn approve(
    permit: &Permit,
    state: State,
    standing: Approval,
    approved: ReportApproved,
) -> Result<(State, ReportApproved), Refusal> {
    hold(permit, state, Step::Approve)?;
    if standing.by_author {
        return Err(Refusal::NotAllowed(
            "You wrote in this report. Somebody who did not must approve it.".into(),
        ));
    }
    if standing.check_open {
        return Err(Refusal::not_now(
            "The force may still say what is wrong. Approve the report when its last day is over, \
             or when it says that its check is done.",
        ));
    }
    if standing.undecided > 0 {
        let noun = if standing.undecided == 1 {
            "comment waits"
        } else {
            "comments wait"
        };
        return Err(Refusal::not_now(format!(
            "{} {noun} for a decision. Decide each before the report is approved.",
            standing.undecided
        )));
    }
    if standing.unanswered_concerns > 0 {
        let noun = if standing.unanswered_concerns == 1 {
            "cause of concern has"
        } else {
            "causes of concern have"
        };
        return Err(Refusal::not_now(format!(
            "{} {noun} no recommendation. Each must ask the force for something.",
            standing.unanswered_concerns
        )));
    }
    if standing.stale {
        return Err(Refusal::not_now(
            "The figures were frozen before the last change to the audits, referrals or findings. Freeze them again before the report is approved, and read what they say now.",
        ));
    }
    if standing.readers_disagree {
        return Err(Refusal::not_now(
            "Different readers would not grade these cases alike, as the programme asks. Readers recalibrate on common cases before the report is approved; then freeze the figures again.",
        ));
    }
    Ok((State::Approved, approved))
}

/// Names a reader under embargo.
///
/// # Errors
/// Once it is published.
pub fn brief(
    permit: &Permit,
    state: State,
    briefed: ReaderBriefed,
) -> Result<ReaderBriefed, Refusal> {
    hold(permit, state, Step::Brief)?;
    Ok(briefed)
}

/// Sets the time of publication. It may have passed: then the report is due at once.
///
/// # Errors
/// When it is not approved.
pub fn schedule(
    permit: &Permit,
    state: State,
    scheduled: PublicationScheduled,
) -> Result<PublicationScheduled, Refusal> {
    hold(permit, state, Step::Schedule)?;
    Ok(scheduled)
}

/// Publishes a report whose time has come.
///
/// # Errors
/// When it is not approved, has no time, or its time has not come.
pub fn publish(
    permit: &Permit,
    state: State,
    publish_at: Option<Timestamp>,
    now: Timestamp,
    published: ReportPublished,
) -> Result<(State, ReportPublished), Refusal> {
    hold(permit, state, Step::Publish)?;
    match publish_at {
        None => Err(Refusal::not_now("Set the time of its publication first.")),
        Some(at) if at > now => Err(Refusal::not_now(format!(
            "The report is published at {at}, not before."
        ))),
        Some(_) => Ok((State::Published, published)),
    }
}

/// Proposes a correction.
///
/// # Errors
/// When the report is not published, or another correction waits for approval.
pub fn propose_correction(
    permit: &Permit,
    state: State,
    another_waits: bool,
    proposed: CorrectionProposed,
) -> Result<CorrectionProposed, Refusal> {
    hold(permit, state, Step::Correct)?;
    if another_waits {
        return Err(Refusal::not_now(
            "A correction waits for approval. It must be approved or withdrawn first.",
        ));
    }
    Ok(proposed)
}

/// Approves a correction that somebody else wrote, and with it publishes the corrected version.
///
/// # Errors
/// When the report is not published, or who approves wrote the correction or in the report.
pub fn approve_correction(
    permit: &Permit,
    state: State,
    standing: CorrectionStanding,
    corrected: ReportCorrected,
) -> Result<ReportCorrected, Refusal> {
    hold(permit, state, Step::ApproveCorrection)?;
    if standing.by_author {
        return Err(Refusal::NotAllowed(
            "You wrote this correction or in this report. Somebody who did not must approve it."
                .into(),
        ));
    }
    Ok(corrected)
}

/// Withdraws a correction that waits.
pub fn withdraw_correction(permit: &Permit, withdrawn: CorrectionWithdrawn) -> CorrectionWithdrawn {
    permit.is_for(Action::CorrectReport);
    withdrawn
}
