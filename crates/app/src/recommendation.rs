//! Recommendations: what is asked of a force, by when, and the register of where it stands.
//!
//! For the force a recommendation exists from the moment a draft of its report is served, and
//! for everybody else outside the inspection from the day the report is published.

pub mod clock;
mod foresight;
mod frozen;
pub mod pages;
pub mod register;
pub mod store;
pub mod timeline;

pub use foresight::{Starting, foresee};
pub use frozen::{Asked, list_asked};
pub use store::{CaseBehind, Entry, Ground, Recommendation};

use crate::app::{Call, Operation};
use crate::error::{Error, Faults, Result};
use crate::framework;
use crate::inspection::{self, Inspection};
use crate::serving;
use jiff::civil::Date;
use sqlx::AnyPool;
use std::collections::{BTreeMap, BTreeSet};
use throughline_domain::access::{Action, Permit, Relation};
use throughline_domain::calendar::Nation;
use throughline_domain::framework::Framework;
use throughline_domain::id::{FindingId, ForceId, InspectionId, RecommendationId};
use throughline_domain::recommendation::{
    self as step, FIRST_STATUS, Last, RecommendationChanged, RecommendationCommented,
    RecommendationPublished, RecommendationStatusRecorded, RecommendationWritten, Standing, Words,
};

/// A recommendation to be written, or its new words, as entered.
#[derive(Debug, Clone, Default)]
pub struct NewRecommendation {
    /// What is asked.
    pub detail: String,
    /// Who is to do it.
    pub owner: String,
    /// The framework's code of the time limit.
    pub limit: String,
    /// The findings it rests on; not looked at when its words are changed.
    pub findings: Vec<FindingId>,
}

/// Writes a recommendation that rests on findings.
///
/// # Errors
/// When something is missing, a finding is not of this inspection, or the report is approved and
/// not yet published.
pub async fn write(
    call: &Call,
    inspection: &InspectionId,
    new: &NewRecommendation,
) -> Result<RecommendationId> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::WriteRecommendation).await?;
    let author = call.actor.user.clone().ok_or(Error::SignInFirst)?;
    let mut operation = call.begin().await?;
    let findings = own_findings(&mut operation, &inspection.id, &new.findings).await?;
    let words = check(&inspection.framework, new, findings.is_empty())?;
    let approved = store::is_report_approved(operation.connection(), &inspection.id).await?;
    let event = step::write(
        &leave,
        approved,
        RecommendationWritten {
            recommendation: RecommendationId::from_random(call.app.random()),
            inspection: inspection.id.0.clone(),
            number: store::next_number(operation.connection(), &inspection.series_id).await?,
            words,
            findings,
        },
    )?;
    let place = store::Place {
        series: &inspection.series_id,
        force: &inspection.force_id,
        author: &author,
        now: call.now,
    };
    store::insert(operation.connection(), &event, &place).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.recommendation)
}

async fn own_findings(
    operation: &mut Operation,
    inspection: &InspectionId,
    chosen: &[FindingId],
) -> Result<Vec<FindingId>> {
    let own: BTreeSet<FindingId> = store::findings_of(operation.connection(), inspection)
        .await?
        .into_iter()
        .map(|id| id.0)
        .collect();
    let chosen: BTreeSet<FindingId> = chosen.iter().cloned().collect();
    if !chosen.is_subset(&own) {
        return Err(Error::invalid(
            "finding",
            "Choose findings of this inspection",
        ));
    }
    Ok(chosen.into_iter().collect())
}

/// Changes a recommendation's words before it is published.
///
/// # Errors
/// When something is missing, or it is published.
pub async fn change(call: &Call, id: &RecommendationId, new: &NewRecommendation) -> Result<()> {
    let (loaded, leave) = load_for(call, id, Action::WriteRecommendation).await?;
    let after = check(&loaded.framework, new, false)?;
    let mut operation = call.begin().await?;
    let now = load_again(&mut operation, id).await?;
    let approved = store::is_report_approved(operation.connection(), &now.inspection_id).await?;
    let event = step::change(
        &leave,
        approved,
        now.standing(),
        RecommendationChanged {
            recommendation: id.clone(),
            before: now.words(),
            after,
        },
    )?;
    store::change(operation.connection(), id, &event.after).await?;
    operation.commit(&leave, &event).await
}

/// Publishes today, inside the transaction that publishes a report, exactly the recommendations
/// that its frozen figures hold: sets the due day of each and begins its history. One that is
/// published already keeps its day, so that a corrected report changes no clock. One written
/// later is not among them and goes with the next report.
///
/// # Errors
/// When one says something else now than what was approved, the database refuses, or a time
/// limit cannot be counted.
pub async fn publish_frozen(
    call: &Call,
    operation: &mut Operation,
    leave: &Permit,
    inspection: &InspectionId,
    asked: &[Asked],
) -> Result<()> {
    let made = store::list_of_series_of(operation.connection(), inspection).await?;
    for frozen in asked {
        let found = made.iter().find(|one| one.number == frozen.number);
        let recommendation = found.filter(|one| frozen.is_of(one)).ok_or_else(|| {
            Error::Refused(format!(
                "Recommendation {} is not what the frozen figures hold. Freeze them again, and let \
                 the report be approved.",
                frozen.number
            ))
        })?;
        if recommendation.standing() == Standing::Draft {
            publish(call, operation, leave, recommendation).await?;
        }
    }
    serve(call, operation, inspection).await
}

async fn publish(
    call: &Call,
    operation: &mut Operation,
    leave: &Permit,
    recommendation: &Recommendation,
) -> Result<()> {
    let day = call.today();
    let event = step::publish(
        leave,
        recommendation.standing(),
        RecommendationPublished {
            recommendation: recommendation.id.0.clone(),
            published_on: day,
            due_on: due_on(recommendation, day)?,
            status: FIRST_STATUS,
        },
    )?;
    let connection = operation.connection();
    store::publish(connection, &event.recommendation, day, event.due_on).await?;
    let entry = store::NewEntry {
        recommendation: &event.recommendation,
        number: 1,
        day,
        status: Some(event.status),
        detail: "Published.",
        actor: leave.actor(),
        now: call.now,
    };
    store::append(connection, &entry).await?;
    operation.note(leave, &event).await
}

/// Serves the inspection and every recommendation that it makes by now on the force: with the
/// draft that is sent to it, and with the report that is published.
///
/// # Errors
/// When the database refuses.
pub async fn serve(
    call: &Call,
    operation: &mut Operation,
    inspection: &InspectionId,
) -> Result<()> {
    for made in store::list_of_inspection(operation.connection(), inspection).await? {
        let thing = format!("recommendation/{}", made.id);
        serving::serve(operation.connection(), &thing, &made.force_id, call.now).await?;
    }
    inspection::serve(operation, inspection, call.now).await
}

fn due_on(recommendation: &Recommendation, day: Date) -> Result<Date> {
    let limit = framework_of(&recommendation.framework)?
        .find_recommendation_limit(&recommendation.time_limit)
        .ok_or_else(|| Error::Internal("a recommendation's time limit is not known".into()))?;
    step::due_on(limit, day, nation(&recommendation.nation))
        .map_err(|fault| Error::Refused(fault.to_string()))
}

/// A status to be recorded, as entered.
#[derive(Debug, Clone, Default)]
pub struct NewStatus {
    /// The framework's code.
    pub status: String,
    /// What it rests on.
    pub detail: String,
}

/// Records where a recommendation stands, dated today.
///
/// # Errors
/// When something is missing, or the history cannot take it.
pub async fn record_status(call: &Call, id: &RecommendationId, new: &NewStatus) -> Result<()> {
    let (loaded, leave) = load_for(call, id, Action::RecordRecommendationStatus).await?;
    let mut faults = Faults::default();
    if framework_of(&loaded.framework)?
        .find_status(&new.status)
        .is_none()
    {
        faults.add("status", "Choose where it stands");
    }
    let detail = faults.required("detail", &new.detail, "Say what this rests on");
    faults.none()?;
    let mut operation = call.begin().await?;
    let now = load_again(&mut operation, id).await?;
    let event = step::record_status(
        &leave,
        now.standing(),
        last(&now),
        RecommendationStatusRecorded {
            recommendation: id.clone(),
            number: now.entries + 1,
            day: call.today(),
            status: new.status.clone(),
            detail,
        },
    )?;
    let entry = store::NewEntry {
        recommendation: id,
        number: event.number,
        day: event.day,
        status: Some(&event.status),
        detail: &event.detail,
        actor: &call.actor,
        now: call.now,
    };
    store::append(operation.connection(), &entry).await?;
    operation.commit(&leave, &event).await
}

/// Adds a comment, dated today. The inspectorate and the force may.
///
/// # Errors
/// When it is empty, or before publication.
pub async fn comment(call: &Call, id: &RecommendationId, detail: &str) -> Result<()> {
    let (_, leave) = load_for(call, id, Action::CommentOnRecommendation).await?;
    let mut faults = Faults::default();
    let detail = faults.required("detail", detail, "Enter a comment");
    faults.none()?;
    let mut operation = call.begin().await?;
    let now = load_again(&mut operation, id).await?;
    let event = step::comment(
        &leave,
        now.standing(),
        last(&now),
        RecommendationCommented {
            recommendation: id.clone(),
            number: now.entries + 1,
            day: call.today(),
            detail,
        },
    )?;
    let entry = store::NewEntry {
        recommendation: id,
        number: event.number,
        day: event.day,
        status: None,
        detail: &event.detail,
        actor: &call.actor,
        now: call.now,
    };
    store::append(operation.connection(), &entry).await?;
    operation.commit(&leave, &event).await
}

fn last(recommendation: &Recommendation) -> Option<Last<'_>> {
    Some(Last {
        day: recommendation.last_day?.0,
        status: recommendation.status.as_deref().unwrap_or_default(),
    })
}

/// How somebody stands to a recommendation: on the team of a round of its series, of the
/// force it was served on, or not at all.
///
/// # Errors
/// When the database does not answer.
pub async fn relation(call: &Call, recommendation: &Recommendation) -> Result<Relation> {
    if let Some(user) = &call.actor.user
        && call.actor.role.is_inspecting()
        && store::is_on_a_team_of(call.reader(), &recommendation.series_id, user).await?
    {
        return Ok(Relation::Team);
    }
    if call.actor.is_of(&recommendation.force_id) && exists_for_the_force(recommendation) {
        return Ok(Relation::Served);
    }
    Ok(Relation::Stranger)
}

fn exists_for_the_force(recommendation: &Recommendation) -> bool {
    recommendation.served > 0
}

/// A recommendation, with leave for an action on it.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it is not for this person.
pub async fn load_for(
    call: &Call,
    id: &RecommendationId,
    action: Action,
) -> Result<(Recommendation, Permit)> {
    let mut connection = call.reader().acquire().await?;
    let found = store::find(&mut connection, id).await?;
    drop(connection);
    let recommendation = found.ok_or(Error::NotFound)?;
    let relation = relation(call, &recommendation).await?;
    let leave = call.permit(action, relation)?;
    Ok((recommendation, leave))
}

/// The published recommendations to a force: what its handover counts. Callers decide who
/// may read it.
pub(crate) async fn published_to(pool: &AnyPool, force: &ForceId) -> Result<Vec<Recommendation>> {
    let mut all = store::list_of_force(pool, force).await?;
    all.retain(|recommendation| recommendation.published_on.is_some());
    Ok(all)
}

/// A recommendation's history, the newest entry first.
///
/// # Errors
/// When the database does not answer.
pub async fn history(call: &Call, recommendation: &Recommendation) -> Result<Vec<Entry>> {
    Ok(store::history(call.reader(), &recommendation.id).await?)
}

/// The findings that a recommendation rests on.
///
/// # Errors
/// When the database does not answer.
pub async fn grounds(call: &Call, recommendation: &Recommendation) -> Result<Vec<Ground>> {
    Ok(store::grounds(call.reader(), &recommendation.id).await?)
}

/// The cases behind a recommendation, for the inspection's own team. The read is entered in
/// the journal.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn cases_behind(
    call: &Call,
    id: &RecommendationId,
) -> Result<(Recommendation, Inspection, Vec<CaseBehind>)> {
    let (recommendation, _) = load_for(call, id, Action::ReadPlan).await?;
    let (inspection, leave) =
        inspection::load_for(call, &recommendation.inspection_id, Action::ReadFinding).await?;
    call.record_read(&leave, format!("recommendation/{id}"))
        .await?;
    let cases = store::cases_behind(call.reader(), id).await?;
    Ok((recommendation, inspection, cases))
}

/// A published recommendation with its whole history, as the public register shows it.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The recommendation.
    pub recommendation: Recommendation,
    /// Its history, the oldest entry first.
    pub history: Vec<Entry>,
}

/// The public register: only what is published, of one force or of all.
///
/// # Errors
/// When the database does not answer.
pub async fn published_register(
    pool: &AnyPool,
    force: Option<&ForceId>,
) -> Result<Vec<Registered>> {
    let mut histories: BTreeMap<RecommendationId, Vec<Entry>> = BTreeMap::new();
    for entry in store::published_entries(pool).await? {
        let of = entry.recommendation_id.0.clone();
        histories.entry(of).or_default().push(entry);
    }
    let mut all = store::list_published(pool).await?;
    all.retain(|recommendation| force.is_none_or(|force| recommendation.force_id.0 == *force));
    Ok(all
        .into_iter()
        .map(|recommendation| Registered {
            history: histories.remove(&recommendation.id.0).unwrap_or_default(),
            recommendation,
        })
        .collect())
}

/// The framework of that id.
pub(crate) fn framework_of(id: &str) -> Result<&'static Framework> {
    framework::find(id).ok_or_else(|| Error::Internal(format!("the framework {id} is not known")))
}

/// The nation whose calendar counts.
pub(crate) fn nation(code: &str) -> Nation {
    if code == "wales" {
        Nation::Wales
    } else {
        Nation::England
    }
}

fn check(framework: &str, new: &NewRecommendation, without_finding: bool) -> Result<Words> {
    let mut faults = Faults::default();
    if without_finding {
        faults.add("finding", "Choose at least one finding that it rests on");
    }
    let detail = faults.required("detail", &new.detail, "Say what is asked");
    let owner = faults.required(
        "owner",
        &new.owner,
        "Say who is to do it, such as the chief constable",
    );
    faults.without_figures("detail", &detail);
    faults.without_figures("owner", &owner);
    let limit = framework_of(framework)?.find_recommendation_limit(&new.limit);
    if limit.is_none() {
        faults.add("limit", "Choose by when");
    }
    faults.none()?;
    Ok(Words {
        detail,
        owner,
        limit: new.limit.clone(),
    })
}

async fn load_again(operation: &mut Operation, id: &RecommendationId) -> Result<Recommendation> {
    store::find(operation.connection(), id)
        .await?
        .ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests;
