//! Inspections: opening one, its team, and how a person stands to it.

pub mod line;
pub mod pages;
pub mod store;

pub use store::{Inspection, TeamMember};

use crate::app::Call;
use crate::error::{Error, Faults, Result};
use crate::framework;
use jiff::civil::Date;
use sqlx::AnyPool;
use throughline_domain::access::{Action, Actor, Permit, Relation};
use throughline_domain::id::{ForceId, InspectionId, SeriesId, UserId};
use throughline_domain::inspection::{self as step, InspectionOpened, Kind, TeamJoined, TeamLeft};

/// An inspection to be opened, as it was entered.
#[derive(Debug, Clone, Default)]
pub struct NewInspection {
    /// The force's id.
    pub force: String,
    /// The framework's id with its version.
    pub framework: String,
    /// Its title.
    pub title: String,
    /// First day of the field work, ISO 8601.
    pub fieldwork_from: String,
    /// Last day of the field work, ISO 8601.
    pub fieldwork_to: String,
}

/// Opens the inspection that a series begins with. Whoever opens it is on its team.
///
/// # Errors
/// When something is missing or does not exist.
pub async fn open(call: &Call, new: &NewInspection) -> Result<InspectionId> {
    let leave = call.permit(Action::OpenInspection, Relation::Open)?;
    let event = check(call, new)?;
    let mut operation = call.begin().await?;
    if !store::force_exists(operation.connection(), &event.force).await? {
        return Err(Error::invalid("force", "Choose the force"));
    }
    let opened = step::open(&leave, event)?;
    store::insert_series(operation.connection(), &opened).await?;
    store::insert(operation.connection(), &opened, call.now).await?;
    if let Some(lead) = &call.actor.user {
        store::join(operation.connection(), &opened.inspection, lead, call.now).await?;
    }
    operation.commit(&leave, &opened).await?;
    Ok(opened.inspection)
}

fn check(call: &Call, new: &NewInspection) -> Result<InspectionOpened> {
    let mut faults = Faults::default();
    let force: Option<ForceId> = faults.parsed("force", &new.force, "Choose the force");
    let title = faults.required(
        "title",
        &new.title,
        "Enter a title, such as Child protection inspection 2026",
    );
    check_framework(&mut faults, &new.framework);
    let fieldwork = check_fieldwork(&mut faults, &new.fieldwork_from, &new.fieldwork_to);
    faults.none()?;
    let (Some(force), Some((fieldwork_from, fieldwork_to))) = (force, fieldwork) else {
        return Err(Error::Internal("a checked form lost a value".into()));
    };
    Ok(InspectionOpened {
        inspection: InspectionId::from_random(call.app.random()),
        series: SeriesId::from_random(call.app.random()),
        force,
        framework: new.framework.clone(),
        round: 0,
        kind: Kind::Inspection,
        title,
        fieldwork_from,
        fieldwork_to,
    })
}

/// Notes a fault unless the program knows the framework. Every kind of round asks this.
pub(crate) fn check_framework(faults: &mut Faults, framework: &str) {
    if framework::find(framework).is_none() {
        faults.add(
            "framework",
            "Choose the framework the cases will be graded under",
        );
    }
}

/// The first and last day of the field work, or the faults noted.
pub(crate) fn check_fieldwork(faults: &mut Faults, from: &str, to: &str) -> Option<(Date, Date)> {
    const FROM: &str = "Enter a day on which the field work begins, such as 2026-02-01";
    const TO: &str = "Enter a day on which the field work ends, such as 2026-02-27";
    let from: Option<Date> = faults.parsed("fieldwork_from", from, FROM);
    let to: Option<Date> = faults.parsed("fieldwork_to", to, TO);
    let (from, to) = (from?, to?);
    if to < from {
        faults.add("fieldwork_to", "The field work cannot end before it begins");
    }
    Some((from, to))
}

/// How somebody stands to an inspection: on its team, of the force inspected, or not at all.
///
/// # Errors
/// When the database does not answer.
pub async fn relation(pool: &AnyPool, actor: &Actor, inspection: &Inspection) -> Result<Relation> {
    if let Some(user) = &actor.user
        && actor.role.is_inspecting()
        && store::is_member(pool, &inspection.id, user).await?
    {
        return Ok(Relation::Team);
    }
    if actor.is_of(&inspection.force_id) {
        return Ok(Relation::Served);
    }
    Ok(Relation::Stranger)
}

/// An inspection, with leave for an action on it: how every feature begins.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it is not for this person.
pub async fn load_for(
    call: &Call,
    id: &InspectionId,
    action: Action,
) -> Result<(Inspection, Permit)> {
    let inspection = store::find(call.reader(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let relation = relation(call.reader(), &call.actor, &inspection).await?;
    let leave = call.permit(action, relation)?;
    Ok((inspection, leave))
}

/// An inspection.
///
/// # Errors
/// As [`load_for`].
pub async fn load(call: &Call, id: &InspectionId) -> Result<Inspection> {
    load_for(call, id, Action::ReadInspection)
        .await
        .map(|(inspection, _)| inspection)
}

/// The inspections this person may see, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call) -> Result<Vec<Inspection>> {
    match (&call.actor.user, &call.actor.force) {
        (Some(user), None) => Ok(store::list_of_member(call.reader(), user).await?),
        (Some(_), Some(force)) => Ok(store::list_of_force(call.reader(), force).await?),
        (None, _) => Ok(Vec::new()),
    }
}

/// The team of an inspection, by name.
///
/// # Errors
/// As [`load_for`].
pub async fn team(call: &Call, inspection: &Inspection) -> Result<Vec<TeamMember>> {
    let relation = relation(call.reader(), &call.actor, inspection).await?;
    let _leave = call.permit(Action::ReadInspection, relation)?;
    Ok(store::team(call.reader(), &inspection.id).await?)
}

/// The inspectors who may yet join a team.
///
/// # Errors
/// When the database does not answer.
pub async fn list_joinable(call: &Call, inspection: &Inspection) -> Result<Vec<TeamMember>> {
    Ok(store::list_joinable(call.reader(), &inspection.id).await?)
}

/// Adds an inspector to the team.
///
/// # Errors
/// When they are no inspector or on the team already.
pub async fn join(call: &Call, inspection: &InspectionId, account: &UserId) -> Result<()> {
    let (_, leave) = load_for(call, inspection, Action::ManageTeam).await?;
    let mut operation = call.begin().await?;
    if !store::can_join(operation.connection(), inspection, account).await? {
        return Err(Error::invalid(
            "account",
            "Choose an inspector who is not on the team",
        ));
    }
    store::join(operation.connection(), inspection, account, call.now).await?;
    let event = TeamJoined {
        inspection: inspection.clone(),
        account: account.clone(),
    };
    operation.commit(&leave, &event).await
}

/// Takes somebody off the team. Their audits stay theirs.
///
/// # Errors
/// When they are not on it, or it is oneself.
pub async fn leave(call: &Call, inspection: &InspectionId, account: &UserId) -> Result<()> {
    let (_, permit) = load_for(call, inspection, Action::ManageTeam).await?;
    if call.actor.is(account) {
        return Err(Error::Refused(
            "You cannot take yourself off the team: a team has a lead.".into(),
        ));
    }
    let mut operation = call.begin().await?;
    if !store::leave(operation.connection(), inspection, account).await? {
        return Err(Error::NotFound);
    }
    let event = TeamLeft {
        inspection: inspection.clone(),
        account: account.clone(),
    };
    operation.commit(&permit, &event).await
}

#[cfg(test)]
mod tests;
