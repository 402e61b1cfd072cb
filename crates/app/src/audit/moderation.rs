//! Settling two readings that differ.

use super::store::{self, Final, content};
use super::{Audit, Loaded, load_for};
use crate::app::Call;
use crate::error::{Error, Faults, Result};
use crate::inspection::{self, Inspection};
use std::collections::BTreeSet;
use throughline_domain::access::Action;
use throughline_domain::audit::{self as step, Content, Settlement};
use throughline_domain::id::{AuditId, InspectionId};

/// Both readings of a case, side by side.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The first reading with what is around it.
    pub loaded: Loaded,
    /// Each reading and what it holds, the first one first.
    pub readings: Vec<(Audit, Content)>,
    /// The final grade, once it is settled.
    pub settled: Option<Final>,
}

/// A case that waits to be settled.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its first reading.
    pub audit: Audit,
    /// Whether the person read it themselves, so that somebody else settles it.
    pub own: bool,
}

/// The cases whose two readings differ and wait to be settled.
///
/// # Errors
/// [`Error::NotFound`] when the inspection is not for this person.
pub async fn queue(call: &Call, inspection: &InspectionId) -> Result<(Inspection, Vec<Waiting>)> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ModerateAudit).await?;
    call.record_read(&leave, format!("moderation/{}", inspection.id))
        .await?;
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let read: BTreeSet<String> = store::read_by(call.reader(), &inspection.id, user)
        .await?
        .into_iter()
        .collect();
    let waiting = store::differing(call.reader(), &inspection.id).await?;
    let waiting = waiting.into_iter().map(|audit| Waiting {
        own: read.contains(&audit.reference),
        audit,
    });
    Ok((inspection, waiting.collect()))
}

/// The same over every inspection of a lead in which a case waits.
///
/// # Errors
/// When the database does not answer.
pub async fn queues(call: &Call) -> Result<Vec<(Inspection, Vec<Waiting>)>> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let mut queues = Vec::new();
    for one in store::unsettled(call.reader(), user).await? {
        queues.push(queue(call, &one.inspection_id).await?);
    }
    Ok(queues)
}

/// How many cases wait to be settled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unsettled {
    /// In every inspection of the person.
    pub cases: i64,
    /// How many of these the person read, so that somebody else settles them.
    pub own: i64,
}

/// How many cases wait to be settled in the inspections of a lead.
///
/// # Errors
/// When the database does not answer.
pub async fn count_unsettled(call: &Call) -> Result<Unsettled> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let rows = store::unsettled(call.reader(), user).await?;
    Ok(Unsettled {
        cases: rows.iter().map(|row| row.cases).sum(),
        own: rows.iter().map(|row| row.own).sum(),
    })
}

/// Both readings of the case of an audit.
///
/// # Errors
/// [`Error::NotFound`] while they are not both submitted.
pub async fn open_pair(call: &Call, audit: &AuditId) -> Result<Pair> {
    let loaded = load_for(call, audit, Action::ModerateAudit).await?;
    let (inspection, reference) = (&loaded.audit.inspection_id, &loaded.audit.reference);
    let mut connection = call.reader().acquire().await?;
    let audits = store::readings_of_case(&mut *connection, inspection, reference).await?;
    let both = audits.len() == 2
        && audits
            .iter()
            .all(|one| *one.state == step::State::Submitted);
    if !both {
        return Err(Error::NotFound);
    }
    let settled = store::find_final(&mut *connection, inspection, reference).await?;
    let mut readings = Vec::with_capacity(2);
    for audit in audits {
        let content = content::load(&mut connection, &audit.id).await?;
        readings.push((audit, content));
    }
    drop(connection);
    call.record_read(&loaded.leave, format!("case/{inspection}/{reference}"))
        .await?;
    Ok(Pair {
        loaded,
        readings,
        settled,
    })
}

/// A decision between two readings, as it was entered.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// The final grade's code.
    pub grade: String,
    /// Why.
    pub reason: String,
    /// The id of the reading whose failings stand.
    pub standing: String,
}

/// Settles the case of an audit whose two readings differ. Returns its inspection.
///
/// # Errors
/// When something is missing, or there is nothing to settle.
pub async fn moderate(call: &Call, audit: &AuditId, decision: &Decision) -> Result<InspectionId> {
    let loaded = load_for(call, audit, Action::ModerateAudit).await?;
    let settlement = check(&loaded, decision)?;
    let (inspection, reference) = (&loaded.audit.inspection_id, &loaded.audit.reference);
    let mut operation = call.begin().await?;
    let settled = store::find_final(operation.connection(), inspection, reference).await?;
    if settled.is_some() {
        return Err(Error::Conflict(
            "This case is settled already. Return one of its audits to open it again.".into(),
        ));
    }
    let readings = store::readings_of_case(operation.connection(), inspection, reference).await?;
    let readings: Vec<_> = readings.iter().map(Audit::submitted_reading).collect();
    let event = step::moderate(&loaded.leave, inspection, reference, &readings, settlement)?;
    let by = call.actor.user.as_ref();
    store::settle(operation.connection(), &event, by, call.now).await?;
    operation.commit(&loaded.leave, &event).await?;
    Ok(loaded.inspection.id.0)
}

fn check(loaded: &Loaded, decision: &Decision) -> Result<Settlement> {
    let mut faults = Faults::default();
    if loaded.framework.find_grade(&decision.grade).is_none() {
        faults.add("grade", "Choose the final grade");
    }
    let audit: Option<AuditId> = faults.parsed(
        "standing",
        &decision.standing,
        "Choose the reading whose failings stand",
    );
    let reason = faults.required("reason", &decision.reason, "Say why");
    faults.none()?;
    let audit = audit.ok_or_else(|| Error::Internal("a checked form lost a value".into()))?;
    Ok(Settlement {
        grade: decision.grade.clone(),
        reason,
        audit,
    })
}

/// The final grade of the case of an audit that the person has open.
///
/// # Errors
/// When the database does not answer.
pub async fn find_final(call: &Call, loaded: &Loaded) -> Result<Option<Final>> {
    let audit = &loaded.audit;
    Ok(store::find_final(call.reader(), &audit.inspection_id, &audit.reference).await?)
}
