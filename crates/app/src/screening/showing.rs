//! Showing the force what was found: one screening at a time, by an act of its own. Nothing else
//! that is served on the force shows it, but the counts that its report publishes.

use super::{Screening, store};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::serving;
use jiff::Timestamp;
use throughline_domain::access::Action;
use throughline_domain::id::{InspectionId, ScreeningId};
use throughline_domain::screening::{self as step, ScreeningShown};

fn thing(screening: &ScreeningId) -> String {
    format!("screening/{screening}")
}

/// When the force was shown a screening, if it was.
///
/// # Errors
/// When the database does not answer.
pub async fn find_shown_at(
    call: &Call,
    inspection: &Inspection,
    screening: &ScreeningId,
) -> Result<Option<Timestamp>> {
    let force = &inspection.force_id;
    Ok(serving::find_served_at(call.reader(), &thing(screening), force).await?)
}

/// What a lead decides on: the newest screening, and which the force sees meanwhile.
#[derive(Debug, Clone)]
pub struct Showable {
    /// The inspection.
    pub inspection: Inspection,
    /// The newest screening.
    pub screening: Screening,
    /// When the force was shown it, if it was.
    pub shown_at: Option<Timestamp>,
    /// The newest that it was shown.
    pub seen: Option<Screening>,
}

/// The newest screening, for whoever may show it to the force.
///
/// # Errors
/// When there is none, or the inspection is not for this person.
pub async fn load(call: &Call, inspection: &InspectionId) -> Result<Showable> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ShowScreening).await?;
    let (pool, id) = (call.reader(), &inspection.id);
    let newest = store::screenings(pool, id, 1, None).await?;
    let seen = store::screenings(pool, id, 1, Some(&inspection.force_id)).await?;
    let screening = newest.into_iter().next().ok_or(Error::NotFound)?;
    Ok(Showable {
        shown_at: find_shown_at(call, &inspection, &screening.id).await?,
        seen: seen.into_iter().next(),
        screening,
        inspection,
    })
}

/// Shows the force a screening.
///
/// # Errors
/// When the inspection has no such screening, or the force was shown it before.
pub async fn show(call: &Call, inspection: &InspectionId, screening: &ScreeningId) -> Result<()> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ShowScreening).await?;
    let mut operation = call.begin().await?;
    let number = store::seen::number_of(operation.connection(), &inspection.id, screening)
        .await?
        .ok_or(Error::NotFound)?;
    let (thing, force) = (thing(screening), &inspection.force_id);
    let before = serving::find_served_at(operation.connection(), &thing, force).await?;
    let event = step::show(
        &leave,
        before.is_some(),
        ScreeningShown {
            inspection: inspection.id.0.clone(),
            screening: screening.clone(),
            number: u32::try_from(number).unwrap_or(u32::MAX),
        },
    )?;
    serving::serve(operation.connection(), &thing, force, call.now).await?;
    // Whoever is shown what was found must be able to see in which inspection.
    inspection::serve(&mut operation, &inspection.id, call.now).await?;
    operation.commit(&leave, &event).await
}

#[cfg(test)]
mod tests;
