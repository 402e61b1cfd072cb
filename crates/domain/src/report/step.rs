//! The steps of a report: from where it stands to where it goes, with what happened.

use super::{
    Approval, CommentDecided, DraftCommented, DraftSent, FiguresFrozen, PublicationScheduled,
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

/// Freezes its figures.
///
/// # Errors
/// Once it is approved.
pub fn freeze(
    permit: &Permit,
    state: State,
    frozen: FiguresFrozen,
) -> Result<FiguresFrozen, Refusal> {
    hold(permit, state, Step::Freeze)?;
    Ok(frozen)
}

/// Sends a draft to the force.
///
/// # Errors
/// When it is no draft any more.
pub fn send_for_accuracy_check(
    permit: &Permit,
    state: State,
    sent: DraftSent,
) -> Result<(State, DraftSent), Refusal> {
    hold(permit, state, Step::SendForAccuracyCheck)?;
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

/// Approves a report that somebody else wrote.
///
/// # Errors
/// When it was not with the force, who approves has written in it, a comment is undecided, a
/// cause of concern has no recommendation, or the figures are stale.
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

/// Publishes a corrected version.
///
/// # Errors
/// When the report is not published.
pub fn correct(
    permit: &Permit,
    state: State,
    corrected: ReportCorrected,
) -> Result<ReportCorrected, Refusal> {
    hold(permit, state, Step::Correct)?;
    Ok(corrected)
}
