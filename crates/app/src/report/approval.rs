//! Approval, by somebody who did not write the report.

use super::assembly::Edition;
use super::{Seen, check_seen, finished, frozen, load_for, signed_in, store};
use crate::app::Call;
use crate::error::Result;
use crate::figure::FigureSet;
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::ReportId;
use throughline_domain::report::{self as step, Approval, ReportApproved};

/// Approves a report that somebody else wrote, as it was seen.
///
/// # Errors
/// When it was changed since, who approves wrote in it, the force's check is not over, a comment
/// is undecided, a cause of concern has no recommendation, or the figures are stale.
pub async fn approve(call: &Call, id: &ReportId, seen: Seen) -> Result<()> {
    let mut operation = call.begin().await?;
    let (leave, event, _) = prepare(call, id, seen).await?;
    let approver = signed_in(call)?;
    store::mark_approved(operation.connection(), id, approver, call.now).await?;
    operation.commit(&leave, &event).await
}

/// How many recommendations an approval would freeze with the report. Approves nothing.
///
/// # Errors
/// As [`approve`].
pub async fn foresee_approval(call: &Call, id: &ReportId, seen: Seen) -> Result<usize> {
    let (_, _, set) = prepare(call, id, seen).await?;
    Ok(set.asked.len())
}

/// What is approved, checked in every way.
async fn prepare(
    call: &Call,
    id: &ReportId,
    seen: Seen,
) -> Result<(Permit, ReportApproved, FigureSet)> {
    let (report, leave) = load_for(call, id, Action::ApproveReport).await?;
    let approver = signed_in(call)?;
    let (freeze, set) = frozen(call, &leave, id).await?;
    check_seen(seen, &report, freeze)?;
    finished(call, &report, &set, Edition::draft(&report)).await?;
    let standing = Approval {
        by_author: store::is_author(call.reader(), id, approver).await?,
        stale: super::is_stale(call, id).await?,
        check_open: report.is_check_open(call.today()),
        readers_disagree: set.gate_shut.is_some(),
        ..undone(store::undone(call.reader(), id).await?)
    };
    let event = ReportApproved {
        report: id.clone(),
        revision: report.revision,
        freeze,
    };
    let (_, event) = step::approve(&leave, report.state.0, standing, event)?;
    Ok((leave, event, set))
}

fn undone(counts: store::Undone) -> Approval {
    let small = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Approval {
        undecided: small(counts.undecided),
        unanswered_concerns: small(counts.unanswered_concerns),
        ..Approval::default()
    }
}
