//! Screening: the timeline of every case against the handling standards.
//!
//! The force hands over what happened in each case and when. Each case is checked against every
//! standard, and what was found is kept with its counts, so that a person sees which standards are
//! missed where, which cases are at risk now, and the proof of each verdict on the case's own
//! timeline.

pub mod cli;
pub mod command;
pub mod judgement;
pub mod pages;
pub mod run;
mod seen;
pub mod showing;
pub mod standards;
pub mod store;
pub mod timeline;
pub mod verdict;

pub use seen::{
    CaseTimeline, Listed, Overview, find_latest, list_newest, load_for, read_at_risk, read_case,
    read_missed, read_newest, read_overview, read_pending,
};
pub use standards::{KeptStandard, Standards};
pub use store::{
    AtRisk, MissFilter, OwnStandards, ScreenedCase, Screening, TimelineImport, VerdictRow,
};
pub use timeline::{FileFaults, KeptEvent};
pub use verdict::{Found, KeptVerdict};

use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;
use throughline_domain::screening::{self as step, StandardsWritten, TimelinesImported};

/// What became of a file of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// Its timelines are those of the inspection now.
    As(TimelinesTaken),
    /// It has faults, and nothing of it was taken in.
    Faulty(FileFaults),
}

/// What was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelinesTaken {
    /// Their number, from 1.
    pub version: u32,
    /// Cases that have a timeline now.
    pub cases: u64,
    /// Events on them.
    pub events: u64,
    /// Cases of the list that have none.
    pub without: u64,
}

/// Takes the timelines of an inspection's cases in: whole, or not at all.
///
/// # Errors
/// When there is no case list yet, or the file is empty or too large.
pub async fn import_timelines(
    call: &Call,
    inspection: &InspectionId,
    file_name: &str,
    bytes: Arc<Vec<u8>>,
) -> Result<Imported> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    check_size(&bytes)?;
    let references = store::references(call.reader(), &inspection.id).await?;
    if references.is_empty() {
        return Err(Error::Refused(
            "There is no case list yet: import it first, since a timeline belongs to one of its cases.".into(),
        ));
    }
    let listed = references.len() as u64;
    let library = load_standards(call, &inspection.id).await?.library;
    let read =
        tokio::task::spawn_blocking(move || timeline::read(&bytes, &library, &references)).await;
    let timelines = match read.map_err(|error| Error::Internal(error.to_string()))? {
        Ok(timelines) => timelines,
        Err(faults) => return Ok(Imported::Faulty(faults)),
    };
    let mut operation = call.begin().await?;
    let standing = store::standing(operation.connection(), &inspection.id).await?;
    let event = step::import(
        &leave,
        standing,
        TimelinesImported {
            inspection: inspection.id.0.clone(),
            version: standing.timelines.unwrap_or(0) + 1,
            file_digest: timelines.digest.clone(),
            cases: timelines.cases.len() as u64,
            events: timelines.events,
            known_to: timelines.known_to,
        },
    )?;
    store::replace_timelines(operation.connection(), call, &event, file_name, &timelines).await?;
    operation.commit(&leave, &event).await?;
    Ok(Imported::As(TimelinesTaken {
        version: event.version,
        cases: event.cases,
        events: event.events,
        without: listed.saturating_sub(event.cases),
    }))
}

fn check_size(bytes: &[u8]) -> Result<()> {
    if bytes.is_empty() {
        return Err(Error::invalid("file", "Choose the file with the events"));
    }
    if bytes.len() > timeline::FILE_BYTES_MAX {
        let most = timeline::FILE_BYTES_MAX / 1024 / 1024;
        let message =
            format!("The file has more than {most} MB: leave out the columns that are not needed");
        return Err(Error::invalid("file", message));
    }
    Ok(())
}

/// The newest import of timelines, if there is one: for those who may import others.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_import(call: &Call, inspection: &InspectionId) -> Result<Option<TimelineImport>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    Ok(store::find_import(call.reader(), &inspection.id).await?)
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
