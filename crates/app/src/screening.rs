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
pub mod standards;
pub mod store;
pub mod timeline;
pub mod verdict;

pub use import::{EventFile, Imported, TimelinesTaken};
pub use standards::{KeptStandard, Standards};
pub use store::{
    AtRisk, MissFilter, OwnStandards, PickedCase, RowFault, Screening, Stranger, TimelineImport,
    VerdictRow,
};
pub use timeline::KeptEvent;
pub use verdict::{Found, KeptVerdict};

use crate::app::Call;
use crate::case_list::{CaseRecord, find_case};
use crate::error::{Error, Result};
use crate::inspection;
use sha2::{Digest, Sha256};
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;
use throughline_domain::screening::{self as step, CasePicked, PickReason, StandardsWritten};

/// The newest import of timelines, if there is one.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_import(call: &Call, inspection: &InspectionId) -> Result<Option<TimelineImport>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ReadScreening).await?;
    Ok(store::find_import(call.reader(), &inspection.id, "in", None).await?)
}

/// The standards that an inspection's cases are checked against now.
async fn load_standards(call: &Call, inspection: &InspectionId) -> Result<Standards> {
    let versions = store::own_standards(call.reader(), inspection).await?;
    match versions.first() {
        Some(own) => {
            let version = u32::try_from(own.version).unwrap_or(u32::MAX);
            Standards::of(version, &own.content)
        }
        None => Standards::of(0, ""),
    }
}

/// The standards that an inspection's cases are checked against now, and the versions of its own,
/// newest first.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_standards(
    call: &Call,
    inspection: &InspectionId,
) -> Result<(Standards, Vec<OwnStandards>)> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ReadScreening).await?;
    let versions = store::own_standards(call.reader(), &inspection.id).await?;
    Ok((load_standards(call, &inspection.id).await?, versions))
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

/// The newest screening of an inspection, if there is one.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_latest(call: &Call, inspection: &InspectionId) -> Result<Option<Screening>> {
    Ok(list_newest(call, inspection, 1).await?.into_iter().next())
}

/// The newest screenings of an inspection, so many, the newest first.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn list_newest(
    call: &Call,
    inspection: &InspectionId,
    many: i64,
) -> Result<Vec<Screening>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ReadScreening).await?;
    Ok(store::screenings(call.reader(), &inspection.id, many).await?)
}

/// How many verdicts are pending with a time, and how many cases are at risk now.
///
/// # Errors
/// When the database does not answer.
pub async fn count_urgent(call: &Call, screening: &Screening) -> Result<(i64, i64)> {
    Ok(store::urgent_counts(call.reader(), &screening.id).await?)
}

/// The cases that missed a standard, so many from one on, and how many there are. Entered in the
/// journal.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_missed(
    call: &Call,
    inspection: &InspectionId,
    screening: &Screening,
    standard: &str,
    filter: &MissFilter,
    (from, many): (u64, u64),
) -> Result<(Vec<VerdictRow>, u64)> {
    record_read(call, inspection, "").await?;
    Ok(store::missed(call.reader(), &screening.id, standard, filter, from, many).await?)
}

/// What is pending with a time, the first due first, so many from one on, and how many there
/// are. Entered in the journal.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_pending(
    call: &Call,
    inspection: &InspectionId,
    screening: &Screening,
    (from, many): (u64, u64),
) -> Result<(Vec<VerdictRow>, u64)> {
    record_read(call, inspection, "").await?;
    Ok(store::pending(call.reader(), &screening.id, from, many).await?)
}

/// The open cases that missed several standards, so many from one on, and how many there are.
/// Entered in the journal.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_at_risk(
    call: &Call,
    inspection: &InspectionId,
    screening: &Screening,
    (from, many): (u64, u64),
) -> Result<(Vec<AtRisk>, u64)> {
    record_read(call, inspection, "").await?;
    Ok(store::at_risk(call.reader(), inspection, &screening.id, from, many).await?)
}

async fn record_read(call: &Call, inspection: &InspectionId, reference: &str) -> Result<()> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ReadScreening).await?;
    let subject = match reference {
        "" => format!("case/{}", inspection.id.0),
        _ => format!("case/{}/{reference}", inspection.id.0),
    };
    call.record_read(&leave, subject).await
}

/// A case with its timeline and what was found in it.
#[derive(Debug, Clone)]
pub struct CaseTimeline {
    /// The case as the list has it.
    pub case: CaseRecord,
    /// What happened, in order, as the screening read it.
    pub events: Vec<KeptEvent>,
    /// The screening's verdicts.
    pub verdicts: Vec<KeptVerdict>,
    /// Whether chance chose it to be read.
    pub drawn: bool,
    /// Whether somebody picked it.
    pub picked: bool,
}

/// A case with its timeline and its verdicts. Entered in the journal.
///
/// # Errors
/// When the list has no such case, or none has been screened.
pub async fn read_case(
    call: &Call,
    inspection: &InspectionId,
    screening: &Screening,
    reference: &str,
) -> Result<CaseTimeline> {
    let case = find_case(call.reader(), inspection, reference)
        .await?
        .ok_or(Error::NotFound)?;
    record_read(call, inspection, reference).await?;
    let version = screening.timelines_version;
    let events = match store::timeline(call.reader(), inspection, version, reference).await? {
        Some(text) => timeline::parse(&text)?,
        None => Vec::new(),
    };
    let verdicts = store::verdicts_of(call.reader(), &screening.id, reference).await?;
    let mut connection = call.reader().acquire().await?;
    let chosen = store::chosen(&mut connection, inspection, reference).await?;
    let (picked, drawn) = chosen.unwrap_or_default();
    Ok(CaseTimeline {
        case,
        events,
        verdicts,
        drawn,
        picked,
    })
}

/// Picks a case to be read beside the sample. It never enters an estimate.
///
/// # Errors
/// When the reason is none of those there are, the case is not on the list, was picked before or
/// was drawn.
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
    let (picked_before, drawn) = store::chosen(operation.connection(), &inspection.id, reference)
        .await?
        .ok_or(Error::NotFound)?;
    let event = step::pick(
        &leave,
        picked_before,
        drawn,
        CasePicked {
            inspection: inspection.id.0.clone(),
            reference: reference.to_owned(),
            why,
        },
    )?;
    store::insert_pick(operation.connection(), call, &event).await?;
    operation.commit(&leave, &event).await
}

/// The cases that were picked, in the order in which they were.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn list_picked(call: &Call, inspection: &InspectionId) -> Result<Vec<PickedCase>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::PickCase).await?;
    Ok(store::picked(call.reader(), &inspection.id).await?)
}

#[cfg(test)]
mod tests;
