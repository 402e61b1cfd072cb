//! Corrections of a published report: proposed by one, approved by another, then public.

use super::assembly::{self, Edition, Parts};
use super::draft::check_outline;
use super::store::{self, NewCorrection, NewPublication, PendingCorrection};
use super::text::{self, WrittenSection};
use super::{
    Report, as_json, check_revision, framework_of, frozen, inspection_of, load_for,
    published_version, signed_in,
};
use crate::app::{Call, london_day};
use crate::error::{Error, Faults, Result};
use crate::figure::{self, FigureSet};
use crate::job;
use crate::recommendation;
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{JobId, ReportId};
use throughline_domain::report::{
    self as step, CorrectionProposed, CorrectionStanding, CorrectionWithdrawn, ReportCorrected,
};
use throughline_reports::document::{Correction as Corrected, Document, Status};

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

/// Proposes a correction, which waits for somebody else to approve it; returns its number.
/// What is public stays as it is.
///
/// # Errors
/// When no reason is given, the text has faults, somebody saved meanwhile, or another correction
/// waits.
pub async fn propose_correction(
    call: &Call,
    id: &ReportId,
    correction: &Correction,
) -> Result<i64> {
    // Working out figures takes its time: it is done before the turn as the one writer begins.
    let new_figures = match correction.with_new_figures {
        true => Some(new_figures(call, id).await?),
        false => None,
    };
    let mut operation = call.begin().await?;
    let (report, leave) = load_for(call, id, Action::CorrectReport).await?;
    let writer = signed_in(call)?;
    let why = reason(&correction.why)?;
    check_revision(&report, correction.revision)?;
    let before = store::sections(call.reader(), id, correction.revision).await?;
    check_outline(&before, &correction.sections)?;
    let set = match new_figures {
        Some(set) => set,
        None => frozen(call, &leave, id).await?.1,
    };
    corrected(call, &report, &correction.sections, &set, &why).await?;
    let waits = store::pending_correction(operation.connection(), id)
        .await?
        .is_some();
    let number = store::next_correction(operation.connection(), id).await?;
    let event = step::propose_correction(
        &leave,
        report.state.0,
        waits,
        CorrectionProposed {
            report: id.clone(),
            number,
            why,
        },
    )?;
    let text = as_json(&correction.sections)?;
    let figures = correction
        .with_new_figures
        .then(|| as_json(&set))
        .transpose()?;
    let new = NewCorrection {
        report: id,
        number,
        why: &event.why,
        sections: &text,
        frozen: figures.as_deref(),
        by: writer,
        now: call.now,
    };
    store::insert_correction(operation.connection(), &new).await?;
    operation.commit(&leave, &event).await?;
    Ok(number)
}

/// What the subject of a job that works out a correction with new figures is.
pub fn correcting_subject(id: &ReportId) -> String {
    format!("report-correction/{id}")
}

/// Proposes a correction with new figures as [`propose_correction`] does, in the background: the
/// figures take seconds to work out. What its author can mend is told at once.
///
/// # Errors
/// When no reason is given, the text has faults, or somebody saved meanwhile.
pub async fn start_correction(call: &Call, id: &ReportId, correction: Correction) -> Result<JobId> {
    check_words(call, id, &correction).await?;
    let job = job::start(call, "correction", &correcting_subject(id), 1).await?;
    let (begun_by, id) = (call.clone(), id.clone());
    job::carry_on(call, &job, async move {
        propose_correction(&begun_by, &id, &correction).await?;
        Ok(format!("/reports/{id}/correction"))
    });
    Ok(job)
}

/// Holds the words to what they can be held to before new figures are there.
async fn check_words(call: &Call, id: &ReportId, correction: &Correction) -> Result<()> {
    let (report, leave) = load_for(call, id, Action::CorrectReport).await?;
    reason(&correction.why)?;
    check_revision(&report, correction.revision)?;
    let before = store::sections(call.reader(), id, correction.revision).await?;
    check_outline(&before, &correction.sections)?;
    let (_, set) = frozen(call, &leave, id).await?;
    text::set_all(&correction.sections, &set).map_err(Error::Invalid)?;
    Ok(())
}

fn reason(why: &str) -> Result<String> {
    let mut faults = Faults::default();
    let why = faults.required("why", why, "Say what was wrong and what it says now");
    faults.none()?;
    Ok(why)
}

/// The figures as they are now, which readers agree on well enough.
async fn new_figures(call: &Call, id: &ReportId) -> Result<FigureSet> {
    let (report, leave) = load_for(call, id, Action::CorrectReport).await?;
    let set = figure::compute(call, &leave, &inspection_of(call, &report).await?).await?;
    match &set.gate_shut {
        None => Ok(set),
        Some(why) => Err(Error::Refused(format!(
            "The grades are not ready. {why} The words can be corrected without new figures."
        ))),
    }
}

/// The correction that waits for approval, if one does.
///
/// # Errors
/// As [`load_for`].
pub async fn find_correction(call: &Call, id: &ReportId) -> Result<Option<PendingCorrection>> {
    let (_, _leave) = load_for(call, id, Action::CorrectReport).await?;
    let mut connection = call.reader().acquire().await?;
    Ok(store::pending_correction(&mut connection, id).await?)
}

/// The report as the correction that waits would make it.
///
/// # Errors
/// [`Error::NotFound`] when none waits.
pub async fn preview_correction(call: &Call, id: &ReportId) -> Result<Document> {
    let (report, leave) = load_for(call, id, Action::CorrectReport).await?;
    let mut connection = call.reader().acquire().await?;
    let pending = store::pending_correction(&mut connection, id)
        .await?
        .ok_or(Error::NotFound)?;
    drop(connection);
    let set = figures_of(call, &leave, &pending, id).await?;
    corrected(call, &report, &pending.sections()?, &set, &pending.why).await
}

/// Approves the correction of that number, which somebody else wrote: its version, which it
/// returns, is public at once; the earlier ones stay readable.
///
/// # Errors
/// When it does not wait any more, or who approves wrote it or in the report.
pub async fn approve_correction(call: &Call, id: &ReportId, number: i64) -> Result<i64> {
    let mut operation = call.begin().await?;
    let (report, leave) = load_for(call, id, Action::ApproveReport).await?;
    let approver = signed_in(call)?;
    let pending = store::pending_correction(operation.connection(), id).await?;
    let pending = pending.filter(|one| one.number == number);
    let pending = pending.ok_or_else(not_waiting)?;
    let sections = pending.sections()?;
    let set = figures_of(call, &leave, &pending, id).await?;
    let document = corrected(call, &report, &sections, &set, &pending.why).await?;
    let document = as_json(&document)?;
    let by_author = pending.proposed_by.0 == *approver
        || store::is_author(operation.connection(), id, approver).await?;
    let event = step::approve_correction(
        &leave,
        report.state.0,
        CorrectionStanding { by_author },
        ReportCorrected {
            report: id.clone(),
            version: store::last_version(operation.connection(), id).await? + 1,
            why: pending.why.clone(),
            document_digest: text::digest(&document),
        },
    )?;
    let connection = operation.connection();
    let writer = &pending.proposed_by;
    let text = as_json(&sections)?;
    store::insert_text(connection, id, report.revision + 1, &text, writer, call.now).await?;
    if pending.has_new_figures() {
        figure::freeze(&mut operation, &leave, id, &set, call.now).await?;
    }
    let new = NewPublication {
        report: id,
        version: event.version,
        force: &report.force_id,
        document: &document,
        correction: Some(&event.why),
        now: call.now,
    };
    let connection = operation.connection();
    store::insert_publication(connection, &new).await?;
    store::mark_correction_published(connection, &new, number, approver).await?;
    let (_, publishes) = load_for(call, id, Action::PublishReport).await?;
    let (inspection, asked) = (&report.inspection_id, &set.asked);
    recommendation::publish_frozen(call, &mut operation, &publishes, inspection, asked).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.version)
}

/// Withdraws the correction of that number before it is approved, with the reason.
///
/// # Errors
/// When it does not wait any more, or no reason is given.
pub async fn withdraw_correction(call: &Call, id: &ReportId, number: i64, why: &str) -> Result<()> {
    let (_, leave) = load_for(call, id, Action::CorrectReport).await?;
    let mut faults = Faults::default();
    let why = faults.required("why", why, "Say why the correction is not made");
    faults.none()?;
    let mut operation = call.begin().await?;
    let pending = store::pending_correction(operation.connection(), id).await?;
    if pending.is_none_or(|one| one.number != number) {
        return Err(not_waiting());
    }
    let event = step::withdraw_correction(
        &leave,
        CorrectionWithdrawn {
            report: id.clone(),
            number,
            why,
        },
    );
    store::mark_correction_withdrawn(operation.connection(), id, number, call.now).await?;
    operation.commit(&leave, &event).await
}

fn not_waiting() -> Error {
    Error::Conflict(
        "This correction does not wait for approval any more. Open the report again.".into(),
    )
}

async fn figures_of(
    call: &Call,
    leave: &Permit,
    pending: &PendingCorrection,
    id: &ReportId,
) -> Result<FigureSet> {
    match pending.figures()? {
        Some(set) => Ok(set),
        None => Ok(frozen(call, leave, id).await?.1),
    }
}

/// The whole corrected document, without a fault.
async fn corrected(
    call: &Call,
    report: &Report,
    sections: &[WrittenSection],
    set: &FigureSet,
    why: &str,
) -> Result<Document> {
    let inspection = inspection_of(call, report).await?;
    let last = store::last_version(call.reader(), &report.id).await?;
    let edition = corrected_edition(call, report, last, why).await?;
    let parts = Parts {
        report,
        inspection: &inspection,
        framework: framework_of(&inspection)?,
        sections,
        set,
    };
    assembly::finished(&parts, edition)
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
