//! Publication, at the time that was set.

use super::assembly::Edition;
use super::store::{self, NewPublication};
use super::{Report, as_json, finished, frozen, inspection_of, load_for, reload, text};
use crate::app::{App, Call, Operation, london_day};
use crate::error::Result;
use crate::recommendation::{self, Starting};
use jiff::Timestamp;
use std::sync::Arc;
use throughline_domain::access::{Action, Actor, Permit, Relation};
use throughline_domain::id::ReportId;
use throughline_domain::report::{self as step, PublicationScheduled, ReportPublished, State};

/// Sets the time of publication; a time that has passed publishes at once.
///
/// # Errors
/// When the report is not approved.
pub async fn schedule(call: &Call, id: &ReportId, at: Timestamp) -> Result<()> {
    let mut operation = call.begin().await?;
    let (report, leave) = load_for(call, id, Action::PublishReport).await?;
    let event = PublicationScheduled {
        report: id.clone(),
        publish_at: at,
    };
    let event = step::schedule(&leave, report.state.0, event)?;
    store::set_time(operation.connection(), id, at).await?;
    if at > call.now {
        let (_, set) = frozen(call, &leave, id).await?;
        finished(call, &report, &set, Edition::first(call.today())).await?;
        return operation.commit(&leave, &event).await;
    }
    operation.note(&leave, &event).await?;
    let report = reload(&mut operation, id).await?;
    publish(call, operation, &leave, &report).await
}

/// What follows when a report is published at a time.
#[derive(Debug, Clone)]
pub struct Publishing {
    /// Whether that time has passed, so that it is published at once.
    pub at_once: bool,
    /// The recommendations and clocks that are published with it.
    pub recommendations: Starting,
}

/// What follows when the time of publication is set. Sets nothing.
///
/// # Errors
/// As [`schedule`].
pub async fn foresee_publication(call: &Call, id: &ReportId, at: Timestamp) -> Result<Publishing> {
    let (report, leave) = load_for(call, id, Action::PublishReport).await?;
    let event = PublicationScheduled {
        report: id.clone(),
        publish_at: at,
    };
    step::schedule(&leave, report.state.0, event)?;
    let (_, set) = frozen(call, &leave, id).await?;
    finished(call, &report, &set, Edition::first(call.today())).await?;
    let inspection = inspection_of(call, &report).await?;
    let day = london_day(at.max(call.now));
    Ok(Publishing {
        at_once: at <= call.now,
        recommendations: recommendation::foresee(call, &inspection, &set.asked, day).await?,
    })
}

/// Publishes every approved report whose time has come, as the clock; says which. One that
/// cannot be published is logged by its id and keeps no other waiting.
///
/// # Errors
/// When the database does not say which are due.
pub async fn publish_due(app: &Arc<App>, now: Timestamp) -> Result<Vec<ReportId>> {
    let call = app.call(Actor::clock(), now);
    let mut published = Vec::new();
    for report in store::list_due(call.reader(), call.now).await? {
        match publish_one(&call, &report.id).await {
            Ok(true) => published.push(report.id.0),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(report = %report.id, kind = error.kind(), "a due report was not published");
            }
        }
    }
    Ok(published)
}

/// Publishes a due report; false when another process was first or its time was moved.
async fn publish_one(call: &Call, id: &ReportId) -> Result<bool> {
    let leave = call.permit(Action::PublishReport, Relation::Open)?;
    let mut operation = call.begin().await?;
    let report = reload(&mut operation, id).await?;
    let is_due = report
        .publish_at
        .as_ref()
        .is_some_and(|at| at.0 <= call.now);
    if report.state.0 != State::Approved || !is_due {
        return Ok(false);
    }
    publish(call, operation, &leave, &report).await?;
    Ok(true)
}

/// Publishes a report, as it stands in this operation, with its frozen figures.
async fn publish(
    call: &Call,
    mut operation: Operation,
    leave: &Permit,
    report: &Report,
) -> Result<()> {
    let (_, set) = frozen(call, leave, &report.id).await?;
    let document = finished(call, report, &set, Edition::first(call.today())).await?;
    let text = as_json(&document)?;
    let (_, event) = step::publish(
        leave,
        report.state.0,
        report.publish_at.as_ref().map(|at| at.0),
        call.now,
        ReportPublished {
            report: report.id.0.clone(),
            document_digest: text::digest(&text),
        },
    )?;
    let new = NewPublication {
        report: &report.id,
        version: 1,
        force: &report.force_id,
        document: &text,
        correction: None,
        now: call.now,
    };
    store::insert_publication(operation.connection(), &new).await?;
    store::mark_published(operation.connection(), &report.id, call.now).await?;
    recommendation::publish_frozen(
        call,
        &mut operation,
        leave,
        &report.inspection_id,
        &set.asked,
    )
    .await?;
    operation.commit(leave, &event).await
}
