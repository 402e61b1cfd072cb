//! Screening: the timeline of every case against the handling standards.
//!
//! The force hands over what happened in each case and when. Each case is checked against every
//! standard, and what was found is kept with its counts, so that a person sees which standards are
//! missed where, which cases are at risk now, and the proof of each verdict on the case's own
//! timeline.

pub mod cli;
pub mod command;
pub mod import;
pub mod judgement;
pub mod pages;
pub mod run;
mod seen;
pub mod showing;
pub mod standards;
pub mod store;
pub mod timeline;
pub mod verdict;

pub use import::{EventFile, Imported, TimelinesTaken};
pub use seen::{
    CaseTimeline, Listed, Overview, find_latest, list_newest, load_for, read_at_risk, read_case,
    read_missed, read_newest, read_overview, read_pending,
};
pub use standards::{KeptStandard, Standards};
pub use store::{
    AtRisk, ImportState, MissFilter, OwnStandards, RowFault, Screening, Stranger, TimelineImport,
    VerdictRow,
};
pub use timeline::KeptEvent;
pub use verdict::{Found, KeptVerdict};

use crate::app::Call;
use crate::error::Result;
use crate::inspection;
use sha2::{Digest, Sha256};
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;
use throughline_domain::screening::{self as step, StandardsWritten};

/// The newest import of timelines, if there is one: for those who may import others.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_import(call: &Call, inspection: &InspectionId) -> Result<Option<TimelineImport>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    Ok(store::find_import(call.reader(), &inspection.id, ImportState::In, None).await?)
}

/// The standards that an inspection's cases are checked against now.
async fn load_standards(call: &Call, inspection: &InspectionId) -> Result<Standards> {
    newest_of(&store::own_standards(call.reader(), inspection).await?)
}

fn newest_of(versions: &[OwnStandards]) -> Result<Standards> {
    match versions.first() {
        Some(own) => {
            let version = u32::try_from(own.version).unwrap_or(u32::MAX);
            Standards::of(version, &own.content)
        }
        None => Standards::of(0, ""),
    }
}

/// The standards that an inspection's cases are checked against now, and the versions of its own,
/// newest first; to the force, as they were when that was found which it was shown.
///
/// # Errors
/// As [`load_for`].
pub async fn read_standards(
    call: &Call,
    inspection: &InspectionId,
) -> Result<(Standards, Vec<OwnStandards>)> {
    let (inspection, _) = load_for(call, inspection).await?;
    let mut versions = store::own_standards(call.reader(), &inspection.id).await?;
    if !call.actor.role.is_inspecting() {
        let shown = find_latest(call, &inspection.id).await?;
        let newest = shown.map_or(0, |shown| shown.standards_version);
        versions.retain(|own| own.version <= newest);
    }
    Ok((newest_of(&versions)?, versions))
}

/// Writes an inspection's own standards, in place of those before.
///
/// # Errors
/// When the text cannot be read, as faults of the field `standards`.
pub async fn write_standards(call: &Call, inspection: &InspectionId, text: &str) -> Result<u32> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::WriteStandards).await?;
    let text = text.replace("\r\n", "\n");
    let mut operation = call.begin().await?;
    let standing = store::standing(operation.connection(), &inspection.id).await?;
    let standards = Standards::of(standing.standards + 1, &text)?;
    let event = step::write_standards(
        &leave,
        standing,
        StandardsWritten {
            inspection: inspection.id.0.clone(),
            version: standing.standards + 1,
            digest: hex::encode(Sha256::digest(text.as_bytes())),
            standards: standards.own_count() as u64,
        },
    )?;
    store::insert_standards(operation.connection(), call, &event, &text).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.version)
}

#[cfg(test)]
mod tests;
