//! Findings: what the inspectorate concludes, and the failings that stand behind it.

pub mod matrix;
pub mod pages;
pub mod store;

pub use matrix::Counts;
pub use store::{Failing, Finding};

use crate::app::{Call, Operation};
use crate::error::{Error, Faults, Result};
use crate::inspection::{self, Inspection};
use crate::web::Paging;
use serde::{Deserialize, Serialize};
use sqlx::AnyPool;
use std::collections::BTreeSet;
use throughline_domain::access::{Action, Permit};
use throughline_domain::finding::{
    self as step, FailingsGathered, FindingChanged, FindingWritten, Kind, Standing, Words,
};
use throughline_domain::id::{FailingId, FindingId, InspectionId};

/// A finding to be written, or its new words, as entered.
#[derive(Debug, Clone, Default)]
pub struct NewFinding {
    /// The code of its kind.
    pub kind: String,
    /// In one line.
    pub title: String,
    /// In full.
    pub detail: String,
    /// The failings behind it; not looked at when its words are changed.
    pub failings: Vec<FailingId>,
}

/// Writes a finding with the failings behind it.
///
/// # Errors
/// When something is missing, or a failing does not stand in this inspection.
pub async fn write(call: &Call, inspection: &InspectionId, new: &NewFinding) -> Result<FindingId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::WriteFinding).await?;
    let words = check(new)?;
    let author = signed_in(call)?;
    let mut operation = call.begin().await?;
    let failings = distinct(&new.failings);
    must_stand(&mut operation, &inspection.id, &failings).await?;
    let event = step::write(
        &leave,
        FindingWritten {
            finding: FindingId::from_random(call.app.random()),
            inspection: inspection.id.0.clone(),
            words,
            failings,
        },
    )?;
    store::insert(operation.connection(), &event, &author, call.now).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.finding)
}

/// Changes a finding's words. What it said before stays in the journal.
///
/// # Errors
/// When something is missing, or what rests on it is published.
pub async fn change(call: &Call, id: &FindingId, new: &NewFinding) -> Result<()> {
    let (_, _, leave) = load_for(call, id, Action::WriteFinding).await?;
    let after = check(new)?;
    let mut operation = call.begin().await?;
    let before = load_again(&mut operation, id).await?;
    let event = step::change(
        &leave,
        standing(&before),
        FindingChanged {
            finding: id.clone(),
            before: before.words(),
            after,
        },
    )?;
    store::change(operation.connection(), id, &event.after).await?;
    operation.commit(&leave, &event).await
}

/// Attaches and detaches failings. A failing may stand behind several findings.
///
/// # Errors
/// When one does not stand in this inspection, or what rests on the finding is published.
pub async fn gather(
    call: &Call,
    id: &FindingId,
    attach: &[FailingId],
    detach: &[FailingId],
) -> Result<FailingsGathered> {
    let (_, inspection, leave) = load_for(call, id, Action::WriteFinding).await?;
    let mut operation = call.begin().await?;
    let finding = load_again(&mut operation, id).await?;
    let there: BTreeSet<FailingId> = store::attached_ids(operation.connection(), id)
        .await?
        .into_iter()
        .map(|id| id.0)
        .collect();
    let gathered = FailingsGathered {
        finding: id.clone(),
        attached: distinct(attach)
            .into_iter()
            .filter(|f| !there.contains(f))
            .collect(),
        detached: distinct(detach)
            .into_iter()
            .filter(|f| there.contains(f))
            .collect(),
    };
    must_stand(&mut operation, &inspection.id, &gathered.attached).await?;
    let event = step::gather(&leave, standing(&finding), gathered)?;
    store::attach(operation.connection(), id, &event.attached).await?;
    store::detach(operation.connection(), id, &event.detached).await?;
    operation.commit(&leave, &event).await?;
    Ok(event)
}

/// A finding and its inspection, with leave for an action on it.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it is not for this person.
pub async fn load_for(
    call: &Call,
    id: &FindingId,
    action: Action,
) -> Result<(Finding, Inspection, Permit)> {
    let mut connection = call.reader().acquire().await?;
    let finding = store::find(&mut connection, id)
        .await?
        .ok_or(Error::NotFound)?;
    drop(connection);
    let (inspection, leave) = inspection::load_for(call, &finding.inspection_id, action).await?;
    Ok((finding, inspection, leave))
}

/// The findings of an inspection, the heaviest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call, inspection: &Inspection) -> Result<Vec<Finding>> {
    Ok(store::list(call.reader(), &inspection.id).await?)
}

/// The causes of concern that no recommendation rests on: while there is one, no report of
/// the inspection may be published.
///
/// # Errors
/// When the database does not answer.
pub async fn causes_without_recommendation(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> Result<Vec<Finding>> {
    Ok(store::list_causes_without_recommendation(pool, inspection).await?)
}

/// The failings that stand in an inspection, as they are looked at.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// Counted by criterion and cause, in the cases of the filter.
    pub counts: Counts,
    /// The areas that one can ask for.
    pub areas: Vec<String>,
    /// The failings of the page.
    pub rows: Vec<Failing>,
    /// Which page it is.
    pub paging: Paging,
}

/// A page of the failings that stand in an inspection, with their counts. The read is entered
/// in the journal.
///
/// # Errors
/// When the database does not answer.
pub async fn failings(
    call: &Call,
    leave: &Permit,
    inspection: &Inspection,
    filter: &Filter,
    page: &str,
) -> Result<Gathered> {
    call.record_read(leave, format!("failings/{}", inspection.id))
        .await?;
    let (pool, id) = (call.reader(), &inspection.id);
    let counts = Counts::new(store::count_failings(pool, id, filter).await?);
    let wanted = counts.of(&filter.criterion, &filter.cause);
    let paging = Paging::new(page.parse().unwrap_or(1), wanted.failings, filter.query());
    Ok(Gathered {
        areas: store::areas(pool, id).await?,
        rows: store::failings(pool, id, filter, paging.limit_and_offset()).await?,
        counts,
        paging,
    })
}

/// The failings behind a finding. The read is entered in the journal.
///
/// # Errors
/// When the database does not answer.
pub async fn failings_behind(
    call: &Call,
    leave: &Permit,
    finding: &Finding,
) -> Result<Vec<Failing>> {
    call.record_read(leave, format!("finding/{}", finding.id))
        .await?;
    Ok(store::failings_behind(call.reader(), &finding.id).await?)
}

/// The failings that a filter lets through, by id. The read is entered in the journal.
///
/// # Errors
/// When the database does not answer.
pub async fn failing_ids(
    call: &Call,
    leave: &Permit,
    inspection: &Inspection,
    filter: &Filter,
) -> Result<Vec<FailingId>> {
    call.record_read(leave, format!("failings/{}", inspection.id))
        .await?;
    let ids = store::failing_ids(call.reader(), &inspection.id, filter).await?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// The failings behind a finding, by id.
///
/// # Errors
/// When the database does not answer.
pub async fn attached(call: &Call, finding: &FindingId) -> Result<BTreeSet<FailingId>> {
    let mut connection = call.reader().acquire().await?;
    let ids = store::attached_ids(&mut connection, finding).await?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Whether a finding may still be changed.
pub fn standing(finding: &Finding) -> Standing {
    if finding.published > 0 {
        Standing::Published
    } else {
        Standing::Open
    }
}

/// Which failings are looked at. An empty code stands for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// The criterion.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub criterion: String,
    /// The cause.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// The case's category.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// The case's area.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area: String,
}

impl Filter {
    /// The filter as the query of an address.
    pub fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

fn check(new: &NewFinding) -> Result<Words> {
    let mut faults = Faults::default();
    let kind: Option<Kind> = faults.parsed("kind", &new.kind, "Choose what kind it is");
    let title = faults.required("title", &new.title, "Say it in one line");
    let detail = faults.required("detail", &new.detail, "Say what was found");
    if title.chars().count() > TITLE_LENGTH_MAX {
        faults.add(
            "title",
            format!("Keep the line to {TITLE_LENGTH_MAX} characters; the rest belongs below it"),
        );
    }
    faults.none()?;
    let kind = kind.ok_or_else(|| Error::Internal("a checked form lost a value".into()))?;
    Ok(Words {
        kind,
        title,
        detail,
    })
}

const TITLE_LENGTH_MAX: usize = 160;

fn distinct(ids: &[FailingId]) -> Vec<FailingId> {
    ids.iter()
        .cloned()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

async fn must_stand(
    operation: &mut Operation,
    inspection: &InspectionId,
    failings: &[FailingId],
) -> Result<()> {
    let standing: BTreeSet<FailingId> = store::standing_ids(operation.connection(), inspection)
        .await?
        .into_iter()
        .map(|id| id.0)
        .collect();
    let gone = failings.iter().filter(|f| !standing.contains(f)).count();
    if gone == 0 {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "{gone} of the failings chosen no longer stand in this inspection: another reading of their case was settled on. Open the failings again."
    )))
}

async fn load_again(operation: &mut Operation, id: &FindingId) -> Result<Finding> {
    store::find(operation.connection(), id)
        .await?
        .ok_or(Error::NotFound)
}

fn signed_in(call: &Call) -> Result<throughline_domain::id::UserId> {
    call.actor.user.clone().ok_or(Error::SignInFirst)
}

#[cfg(test)]
mod tests;
