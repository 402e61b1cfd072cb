//! Timelines from a file: read in the background, looked at, and then taken in or thrown away.
//!
//! What a file holds is written under the next version's number while it is read. Nothing rests on
//! it before somebody takes it in, and that is one step: whole, or not at all. Versions that were in
//! stay, so that a screening shows the timelines that it read.

mod begun;
mod writing;

use self::begun::{Beginning, Begun, teller, untold, version_of};
use super::store::{self, ImportState, RowFault, Stranger, TimelineImport};
use crate::app::Call;
use crate::arrival::Arrived;
use crate::error::{Error, Result};
use crate::inspection;
use crate::job;
use jiff::civil::Date;
use std::collections::BTreeMap;
use throughline_domain::access::Action;
use throughline_domain::id::{InspectionId, JobId};
use throughline_domain::screening::{self as step, TimelinesDiscarded, TimelinesImported};

/// A file of events, and what was said of it.
#[derive(Debug)]
pub struct EventFile {
    /// The file.
    pub file: Arrived,
    /// Which columns hold what, where they have other names than the usual.
    pub column_names: BTreeMap<String, String>,
    /// The last day that it covers, where somebody says so; else that of its latest event or entry.
    pub covers_to: Option<Date>,
}

/// What became of a file of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// Its timelines are those of the inspection now.
    As(TimelinesTaken),
    /// It is the very file that is in already, as this version: nothing was changed.
    Already(u32),
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
}

/// Where a file that was handed over is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// It is read in the background.
    Job(JobId),
    /// It is the very file that is in already, as this version.
    Already(u32),
}

/// What the subject of the job is that reads a file.
pub fn subject(inspection: &InspectionId) -> String {
    format!("timelines/{inspection}")
}

/// Reads a file in the background. What it holds waits then to be looked at.
///
/// # Errors
/// When there is no case list yet, or the file is empty, too large or of no known kind.
pub async fn start(call: &Call, inspection: &InspectionId, file: EventFile) -> Result<Started> {
    let total = file.file.bytes;
    let begun = match Begun::accept(call, inspection, file).await? {
        Beginning::Begun(begun) => begun,
        Beginning::Already(version) => return Ok(Started::Already(version)),
    };
    let job = begun.arrival.clone();
    job::start_as(
        call,
        &job,
        "timelines",
        &subject(&begun.inspection.id),
        total,
    )
    .await?;
    let (begun_by, told) = (call.clone(), teller(call, &job));
    job::carry_on(call, &job, async move {
        let inspection = begun.inspection.id.clone();
        begun.read_in(&begun_by, told).await?;
        Ok(format!(
            "/inspections/{inspection}/screening/timelines/look"
        ))
    });
    Ok(Started::Job(job))
}

/// Reads a file and takes it in at once, without anybody looking at it between.
///
/// # Errors
/// As [`start`], and when the file cannot be read.
pub async fn import_file(
    call: &Call,
    inspection: &InspectionId,
    file: EventFile,
) -> Result<Imported> {
    let begun = match Begun::accept(call, inspection, file).await? {
        Beginning::Begun(begun) => begun,
        Beginning::Already(version) => return Ok(Imported::Already(version)),
    };
    let arrival = begun.arrival.clone();
    begun.read_in(call, untold()).await?;
    take(call, inspection, arrival.as_str())
        .await
        .map(Imported::As)
}

/// As [`import_file`], with the usual columns, from what is in memory.
///
/// # Errors
/// As [`import_file`].
pub async fn import_bytes(
    call: &Call,
    inspection: &InspectionId,
    name: &str,
    bytes: &[u8],
) -> Result<Imported> {
    let file = EventFile {
        file: call.app.arrivals.keep(name, bytes).await?,
        column_names: BTreeMap::new(),
        covers_to: None,
    };
    import_file(call, inspection, file).await
}

/// Reads a file, and leaves it waiting.
///
/// # Errors
/// As [`import_file`].
pub async fn read_file(
    call: &Call,
    inspection: &InspectionId,
    file: EventFile,
) -> Result<Option<TimelineImport>> {
    let begun = match Begun::accept(call, inspection, file).await? {
        Beginning::Begun(begun) => begun,
        Beginning::Already(_) => return Ok(None),
    };
    let arrival = begun.arrival.clone();
    begun.read_in(call, untold()).await?;
    let waiting = find_waiting(call, inspection).await?;
    let ours = waiting.filter(|waiting| waiting.arrival.0 == arrival);
    Ok(Some(ours.ok_or_else(another_waits)?))
}

/// Makes sure that no file is read or waits, for whoever would only try one.
///
/// # Errors
/// When one does.
pub async fn must_be_free(call: &Call, inspection: &InspectionId) -> Result<()> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    let mut connection = call.reader().acquire().await?;
    match store::find_pending(&mut connection, &inspection.id).await? {
        None => Ok(()),
        Some(_) => Err(Error::Refused(
            "A file of timelines is being read or waits to be looked at. Take it in or throw it away first: another would take its place.".into(),
        )),
    }
}

/// The file that was read and waits, if one does.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_waiting(
    call: &Call,
    inspection: &InspectionId,
) -> Result<Option<TimelineImport>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    Ok(store::find_import(call.reader(), &inspection.id, ImportState::Waiting, None).await?)
}

/// The file that is being read, if one is: its job.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_reading(call: &Call, inspection: &InspectionId) -> Result<Option<String>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    let mut connection = call.reader().acquire().await?;
    let pending = store::find_pending(&mut connection, &inspection.id).await?;
    let reading = pending.filter(|one| one.state == ImportState::Reading);
    Ok(reading.map(|one| one.arrival))
}

/// Takes in what waits. `seen` is the file that the person looked at.
///
/// # Errors
/// When another file waits by now, or none.
pub async fn take(call: &Call, inspection: &InspectionId, seen: &str) -> Result<TimelinesTaken> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    let waiting =
        store::find_import(call.reader(), &inspection.id, ImportState::Waiting, None).await?;
    let waiting = waiting
        .filter(|waiting| waiting.arrival.as_str() == seen)
        .ok_or_else(another_waits)?;
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    let standing = store::standing(connection, &inspection.id).await?;
    let event = step::import(
        &leave,
        standing,
        TimelinesImported {
            inspection: inspection.id.0.clone(),
            version: version_of(&waiting),
            file_digest: waiting.file_digest,
            cases: waiting.case_count.unsigned_abs(),
            events: waiting.event_count.unsigned_abs(),
            known_to: waiting.known_to.0,
        },
    )?;
    if !store::take_import(connection, &inspection.id, seen).await? {
        return Err(another_waits());
    }
    operation.commit(&leave, &event).await?;
    Ok(TimelinesTaken {
        version: event.version,
        cases: event.cases,
        events: event.events,
    })
}

fn another_waits() -> Error {
    Error::Conflict(
        "This file was taken in, thrown away, or replaced by another meanwhile. Look at what is there now."
            .into(),
    )
}

/// Throws away a file that is read or waits; what reads it stops.
///
/// # Errors
/// When it is not there any more, or another is.
pub async fn discard(call: &Call, inspection: &InspectionId, seen: &str) -> Result<()> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    let pending = store::find_pending(connection, &inspection.id).await?;
    let pending = pending.filter(|one| one.arrival == seen);
    let file_digest = pending.ok_or_else(another_waits)?.file_digest;
    store::discard_import(connection, &inspection.id).await?;
    let event = TimelinesDiscarded {
        inspection: inspection.id.0.clone(),
        file_digest,
    };
    operation.commit(&leave, &event).await
}

/// A version that is in or waits.
///
/// # Errors
/// When there is none of that number.
pub async fn load_version(
    call: &Call,
    inspection: &InspectionId,
    version: i64,
) -> Result<TimelineImport> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    for state in [ImportState::In, ImportState::Waiting] {
        let found = store::find_import(call.reader(), &inspection.id, state, Some(version)).await?;
        if let Some(found) = found {
            return Ok(found);
        }
    }
    Err(Error::NotFound)
}

/// Faulty rows of a version, so many from one on. Entered in the journal, as they are case material.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_faults(
    call: &Call,
    import: &TimelineImport,
    inspection: &InspectionId,
    part: (u64, u64),
) -> Result<Vec<RowFault>> {
    let id = begin_look(call, inspection).await?;
    store::faults(call.reader(), &id, import.version, part).await
}

/// References of a version that the list does not have, so many from one on. Entered in the
/// journal, as they may name cases.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_strangers(
    call: &Call,
    import: &TimelineImport,
    inspection: &InspectionId,
    part: (u64, u64),
) -> Result<Vec<Stranger>> {
    let id = begin_look(call, inspection).await?;
    Ok(store::strangers(call.reader(), &id, import.version, part).await?)
}

/// All that is wrong with a version: its faulty rows, and the references that the list does not
/// have. Entered in the journal.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_problems(
    call: &Call,
    import: &TimelineImport,
    inspection: &InspectionId,
) -> Result<(Vec<RowFault>, Vec<Stranger>)> {
    const ALL: (u64, u64) = (0, u64::MAX);
    let id = begin_look(call, inspection).await?;
    let (pool, version) = (call.reader(), import.version);
    let faults = store::faults(pool, &id, version, ALL).await?;
    Ok((faults, store::strangers(pool, &id, version, ALL).await?))
}

/// Enters a look at what is wrong with a file in the journal.
async fn begin_look(call: &Call, inspection: &InspectionId) -> Result<InspectionId> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    let id = inspection.id.0;
    call.record_read(&leave, format!("case/{id}")).await?;
    Ok(id)
}
