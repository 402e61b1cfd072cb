//! The draft: its text, saved revision by revision, and its figures, frozen again and again.

use super::text::{self, WrittenSection};
use super::{as_json, check_revision, frozen, inspection_of, load_for, reload, signed_in, store};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::figure::{self, FigureSet};
use crate::job;
use throughline_domain::access::Action;
use throughline_domain::id::{JobId, ReportId};
use throughline_domain::report::{self as step, FiguresFrozen, ReportSaved};

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
    Ok(frozen(call, &leave, id).await?.1)
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
    let (_, set) = frozen(call, &leave, id).await?;
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
pub(super) fn check_outline(before: &[WrittenSection], after: &[WrittenSection]) -> Result<()> {
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
        set.gate_shut.as_deref(),
        FiguresFrozen {
            report: id.clone(),
            inputs_digest: set.inputs_digest.clone(),
        },
    )?;
    figure::freeze(&mut operation, &leave, id, &set, call.now).await?;
    operation.commit(&leave, &event).await
}

/// What the subject of a job that freezes figures is.
pub fn freezing_subject(id: &ReportId) -> String {
    format!("report-figures/{id}")
}

/// Freezes the figures as [`freeze`] does, in the background: what to withhold in their tables
/// takes seconds to work out.
///
/// # Errors
/// As [`load_for`].
pub async fn start_freezing(call: &Call, id: &ReportId) -> Result<JobId> {
    let (report, _leave) = load_for(call, id, Action::WriteReport).await?;
    let job = job::start(call, "figures", &freezing_subject(&report.id), 1).await?;
    let begun = call.clone();
    job::carry_on(call, &job, async move {
        let id = report.id.0;
        freeze(&begun, &id).await?;
        Ok(format!("/reports/{id}"))
    });
    Ok(job)
}

/// Whether something that the frozen figures rest on has changed since.
///
/// # Errors
/// As [`load_for`].
pub async fn is_stale(call: &Call, id: &ReportId) -> Result<bool> {
    let (report, leave) = load_for(call, id, Action::WriteReport).await?;
    let inspection = inspection_of(call, &report).await?;
    let now = figure::digest(call, &leave, &inspection).await?;
    Ok(frozen(call, &leave, id).await?.1.inputs_digest != now)
}
