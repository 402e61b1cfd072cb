//! Picking: cases that are read beside the sample because somebody chose them.

use super::store::picking as store;
use crate::app::Call;
use crate::audit;
use crate::error::{Error, Result};
use crate::inspection;
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet};
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;
use throughline_domain::sample::{self as step, CasePicked, Choice, PickReason, PickUndone, State};

pub use store::PickedCase;

/// Which cases of an inspection were chosen to be read, by chance or by somebody.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    sample_drawn: bool,
    by_chance: BTreeMap<String, State>,
    on_purpose: BTreeSet<String>,
}

impl Chosen {
    /// How a case stands.
    pub fn of(&self, reference: &str) -> Choice {
        Choice {
            sample_drawn: self.sample_drawn,
            by_chance: self.by_chance.get(reference).copied(),
            on_purpose: self.on_purpose.contains(reference),
        }
    }

    /// Whether any case may come to be read: drawn, or picked after the draw.
    pub fn sample_drawn(&self) -> bool {
        self.sample_drawn
    }
}

/// Which cases of an inspection were chosen. The caller decides who may know it.
///
/// # Errors
/// When the database does not answer.
pub async fn chosen(call: &Call, inspection: &InspectionId) -> Result<Chosen> {
    let mut connection = call.reader().acquire().await?;
    load_chosen(&mut connection, inspection).await
}

async fn load_chosen(connection: &mut AnyConnection, inspection: &InspectionId) -> Result<Chosen> {
    Ok(Chosen {
        sample_drawn: super::store::exists(&mut *connection, inspection).await?,
        by_chance: store::by_chance(&mut *connection, inspection).await?,
        on_purpose: store::on_purpose(connection, inspection).await?,
    })
}

/// Picks a case to be read beside the sample. It never enters an estimate.
///
/// # Errors
/// When the reason is none of those there are, the case is not on the list, the sample is not
/// drawn yet, or the case is in it, among its reserves or picked already.
pub async fn pick(
    call: &Call,
    inspection: &InspectionId,
    reference: &str,
    reason: &str,
) -> Result<()> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::PickCase).await?;
    let why: PickReason = reason
        .parse()
        .map_err(|_| Error::invalid("reason", "Choose why the case is to be read"))?;
    let mut operation = call.begin().await?;
    if !store::is_listed(operation.connection(), &inspection.id, reference).await? {
        return Err(Error::NotFound);
    }
    let chosen = load_chosen(operation.connection(), &inspection.id).await?;
    let event = step::pick(
        &leave,
        chosen.of(reference),
        CasePicked {
            inspection: inspection.id.0.clone(),
            reference: reference.to_owned(),
            why,
        },
    )?;
    store::pick(operation.connection(), call, &event).await?;
    // Who picks a case knows what was found in it, and reads it no more blind.
    audit::note_shown_within(
        operation.connection(),
        call,
        &inspection.id,
        &of_case(reference),
    )
    .await?;
    operation.commit(&leave, &event).await
}

fn of_case(reference: &str) -> BTreeSet<String> {
    BTreeSet::from([reference.to_owned()])
}

/// Takes a pick back, with the reason. What was assigned of it lapses.
///
/// # Errors
/// When no reason is given, the case is not picked, or its audit is begun.
pub async fn undo_pick(
    call: &Call,
    inspection: &InspectionId,
    reference: &str,
    reason: &str,
) -> Result<()> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::PickCase).await?;
    let why = reason.trim();
    if why.is_empty() {
        return Err(Error::invalid("reason", "Say why it is not to be read"));
    }
    let mut operation = call.begin().await?;
    let chosen = load_chosen(operation.connection(), &inspection.id).await?;
    let begun = store::is_begun(operation.connection(), &inspection.id, reference).await?;
    let event = step::undo_pick(
        &leave,
        chosen.of(reference),
        begun,
        PickUndone {
            inspection: inspection.id.0.clone(),
            reference: reference.to_owned(),
            why: why.to_owned(),
        },
    )?;
    store::undo_pick(operation.connection(), call.now, &event).await?;
    operation.commit(&leave, &event).await
}

/// A picked case, for somebody who would take the pick back. Entered in the journal.
///
/// # Errors
/// When the case is not picked, or the inspection is not for this person.
pub async fn read_picked(
    call: &Call,
    inspection: &InspectionId,
    reference: &str,
) -> Result<(inspection::Inspection, PickedCase)> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::PickCase).await?;
    call.record_read(&leave, format!("case/{}/{reference}", inspection.id))
        .await?;
    let picked = store::picked(call.reader(), &inspection.id).await?;
    let case = picked.into_iter().find(|case| case.reference == reference);
    Ok((inspection, case.ok_or(Error::NotFound)?))
}

#[cfg(test)]
mod tests;
