//! The beginning: a composed skeleton, with the figures as they are now.

use super::{as_json, framework_of, signed_in, skeleton, store, text};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::figure::{self, FigureSet};
use crate::inspection::{self, Inspection};
use crate::job;
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{InspectionId, JobId, ReportId};
use throughline_domain::report::{self as step, ReportBegun};

/// Where the beginning of a report leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// It was begun before: here it is.
    Begun(ReportId),
    /// The figures are worked out first, in this job.
    Working(JobId),
}

/// What the subject of a job that begins a report is.
pub fn beginning_subject(inspection: &InspectionId) -> String {
    format!("report-of/{inspection}")
}

/// Begins the report of an inspection as [`begin`] does, in the background: its figures take
/// seconds to work out.
///
/// # Errors
/// When the inspection is not this person's to report on.
pub async fn start_beginning(call: &Call, inspection: &InspectionId) -> Result<Beginning> {
    let (inspection, _leave) = inspection::load_for(call, inspection, Action::WriteReport).await?;
    let id = inspection.id.0;
    if let Some(report) = store::find_of_inspection(call.reader(), &id).await? {
        return Ok(Beginning::Begun(report.id.0));
    }
    let job = job::start(call, "report", &beginning_subject(&id), 1).await?;
    let begun_by = call.clone();
    job::carry_on(call, &job, async move {
        let report = begin(&begun_by, &id).await?;
        Ok(format!("/reports/{report}"))
    });
    Ok(Beginning::Working(job))
}

/// Begins the report of an inspection with a composed skeleton and its figures as they are
/// now. Where it was begun already, leads to it, and works nothing out.
///
/// # Errors
/// When the inspection is not this person's to report on.
pub async fn begin(call: &Call, inspection: &InspectionId) -> Result<ReportId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::WriteReport).await?;
    if let Some(report) = store::find_of_inspection(call.reader(), &inspection.id).await? {
        return Ok(report.id.0);
    }
    let set = figure::compute(call, &leave, &inspection).await?;
    keep(call, &leave, &inspection, &set).await
}

/// Writes the first revision with its figures, unless somebody else did so meanwhile.
async fn keep(
    call: &Call,
    leave: &Permit,
    inspection: &Inspection,
    set: &FigureSet,
) -> Result<ReportId> {
    let writer = signed_in(call)?;
    let sections = skeleton::compose(inspection, framework_of(inspection)?, set);
    text::set_all(&sections, set).map_err(Error::Invalid)?;
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    if let Some(report) = store::find_of_inspection(&mut *connection, &inspection.id).await? {
        return Ok(report.id.0);
    }
    let (_, event) = step::begin(
        leave,
        ReportBegun {
            report: ReportId::from_random(call.app.random()),
            inspection: inspection.id.0.clone(),
            title: inspection.title.clone(),
        },
    );
    store::insert(connection, &event, &inspection.force_id, writer, call.now).await?;
    let text = as_json(&sections)?;
    store::insert_text(connection, &event.report, 1, &text, writer, call.now).await?;
    figure::freeze(&mut operation, leave, &event.report, set, call.now).await?;
    operation.commit(leave, &event).await?;
    Ok(event.report)
}
