//! Timelines from a file: read in the background, looked at, and then taken in or thrown away.
//!
//! What a file holds is written under the next version's number while it is read. Nothing rests on
//! it before somebody takes it in, and that is one step: whole, or not at all. Versions that were in
//! stay, so that a screening shows the timelines that it read.

use super::store::{self, RowFault, Stranger, TimelineImport};
use super::timeline::{self, Change, Contents, Order, Timeline, clock};
use crate::app::Call;
use crate::arrival::Arrived;
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::job;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{InspectionId, JobId};
use throughline_domain::screening::{
    self as step, TimelinesDiscarded, TimelinesImported, TimelinesRead,
};
use throughline_screening::read::{CaseList, Columns, Progress, ReadError, Sources};
use throughline_screening::standard::Library;
use tokio::sync::mpsc;

/// Batches of timelines that may wait to be written.
const BATCHES_WAITING: usize = 4;

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

/// A file that can be read, and what it is held to.
struct Begun {
    inspection: Inspection,
    leave: Permit,
    arrival: JobId,
    version: u32,
    before: Option<TimelineImport>,
    cases: CaseList,
    columns: Columns,
    file: EventFile,
}

enum Beginning {
    Begun(Box<Begun>),
    Already(u32),
}

/// Reads a file in the background. What it holds waits then to be looked at.
///
/// # Errors
/// When there is no case list yet, or the file is empty, too large or of no known kind.
pub async fn start(call: &Call, inspection: &InspectionId, file: EventFile) -> Result<Started> {
    let total = file.file.bytes;
    let begun = match Begun::new(call, inspection, file).await? {
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
    let (call, id) = (call.clone(), job.clone());
    tokio::spawn(async move {
        let page = format!(
            "/inspections/{}/screening/timelines/look",
            begun.inspection.id
        );
        let told = teller(&call, &job);
        let ended = begun.read_in(&call, told).await;
        if job::finish(&call, &job, ended.map(|()| page))
            .await
            .is_err()
        {
            tracing::error!(%job, "a job's end could not be written down");
        }
    });
    Ok(Started::Job(id))
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
    let begun = match Begun::new(call, inspection, file).await? {
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
    match Begun::new(call, inspection, file).await? {
        Beginning::Begun(begun) => begun.read_in(call, untold()).await?,
        Beginning::Already(_) => return Ok(None),
    }
    find_waiting(call, inspection).await
}

impl Begun {
    async fn new(call: &Call, inspection: &InspectionId, file: EventFile) -> Result<Beginning> {
        let (inspection, leave) =
            inspection::load_for(call, inspection, Action::ImportTimelines).await?;
        check_file(&file.file)?;
        check_covers_to(call, file.covers_to)?;
        let columns = columns_of(&file.column_names)?;
        let (cases, case_list_version) = store::openings(call.reader(), &inspection.id).await?;
        if cases.is_empty() {
            return Err(Error::Refused(
                "There is no case list yet: import it first, since a timeline belongs to one of its cases.".into(),
            ));
        }
        let before = store::find_import(call.reader(), &inspection.id, "in", None).await?;
        if let Some(before) = &before
            && is_same(before, &file, case_list_version)?
        {
            return Ok(Beginning::Already(version_of(before)));
        }
        let arrival = JobId::from_random(call.app.random());
        let mut transaction = call.app.store.begin().await?;
        let row = store::Arrival {
            id: &arrival,
            file_name: &file.file.name,
            file_digest: &file.file.digest,
            column_names: &file.column_names,
            covers_to: file.covers_to,
            case_list_version,
        };
        let version = store::begin_import(&mut transaction, call, &inspection.id, &row).await?;
        transaction.commit().await?;
        let opened = cases
            .iter()
            .map(|(reference, day)| (reference.as_str(), Some(day.0)));
        Ok(Beginning::Begun(Box::new(Begun {
            cases: CaseList::of(opened, clock()),
            inspection,
            leave,
            arrival,
            version,
            before,
            columns,
            file,
        })))
    }

    /// Reads the file, and tells how far it is if anybody asked. What went wrong leaves nothing
    /// behind.
    async fn read_in(self, call: &Call, told: Told) -> Result<()> {
        let (inspection, arrival) = (self.inspection.id.clone(), self.arrival.clone());
        let ended = self.read_and_write(call, told).await;
        if ended.is_err() {
            let mut transaction = call.app.store.begin().await?;
            let ours = store::check_arrival(&mut transaction, &inspection, &arrival).await;
            if ours.is_ok() {
                store::discard_import(&mut transaction, &inspection).await?;
                transaction.commit().await?;
            }
        }
        ended
    }

    async fn read_and_write(self, call: &Call, told: Told) -> Result<()> {
        let (send, mut receive) = mpsc::channel::<Vec<Timeline>>(BATCHES_WAITING);
        let order = Order {
            columns: self.columns,
            cases: self.cases,
            taken_at: call.now,
            aside: call.app.arrivals.folder()?.to_owned(),
        };
        let EventFile {
            file, covers_to, ..
        } = self.file;
        let digest = file.digest.clone();
        let reader = tokio::task::spawn_blocking(move || {
            let vocabulary = &Library::shipped().vocabulary;
            let hand_on = |batch| send.blocking_send(batch).map_err(|_| ReadError::Stopped);
            timeline::read(file.path(), order, vocabulary, told, hand_on)
                .map_err(|error| unreadable(&error, &file))
        });
        let mut writing = Writing {
            call,
            inspection: &self.inspection.id,
            arrival: &self.arrival,
            version: self.version,
            before: self.before.as_ref().map(|before| before.version),
            change: Change::default(),
        };
        let written = writing.take_all(&mut receive).await;
        drop(receive);
        let read = reader.await;
        written?;
        let contents = read.map_err(|error| Error::Internal(error.to_string()))??;
        let known_to = known_to(&contents, covers_to)?;
        writing
            .finish(&self.leave, digest, &contents, known_to)
            .await
    }
}

type Told = Box<dyn Fn(Progress) + Send + Sync>;

/// Nobody asked how far it is.
fn untold() -> Told {
    Box::new(|_| {})
}

/// Tells a job how many bytes of its file are read.
fn teller(call: &Call, job: &JobId) -> Told {
    let (app, job, read) = (Arc::clone(&call.app), job.clone(), AtomicU64::new(0));
    Box::new(move |progress| {
        if let Progress::Bytes(more) = progress {
            let done = read.fetch_add(more, Ordering::Relaxed) + more;
            app.progress.tell(&job, done, "Reading the file");
        }
    })
}

fn check_file(file: &Arrived) -> Result<()> {
    if file.bytes == 0 {
        return Err(Error::invalid("file", "Choose the file with the events"));
    }
    if file.bytes > timeline::FILE_BYTES_MAX as u64 {
        let most = timeline::FILE_BYTES_MAX >> 20;
        let message =
            format!("The file has more than {most} MB: leave out the columns that are not needed");
        return Err(Error::invalid("file", message));
    }
    match Sources::find(&[file.path()]) {
        Ok(_) => Ok(()),
        Err(error) => Err(unreadable(&error, file)),
    }
}

fn check_covers_to(call: &Call, covers_to: Option<Date>) -> Result<()> {
    match covers_to {
        Some(day) if day > call.today() => Err(Error::invalid(
            "covers_to",
            "Enter a day that has come: nobody can know what happens after today",
        )),
        _ => Ok(()),
    }
}

fn columns_of(names: &BTreeMap<String, String>) -> Result<Columns> {
    let vocabulary = &Library::shipped().vocabulary;
    let mut columns = Columns::of(vocabulary);
    for (name, column) in names {
        columns
            .set(vocabulary, name, column)
            .map_err(|fault| Error::invalid("columns", fault.to_string()))?;
    }
    Ok(columns)
}

fn version_of(import: &TimelineImport) -> u32 {
    u32::try_from(import.version).unwrap_or(u32::MAX)
}

/// Whether a file would be read just as the one that is in.
fn is_same(before: &TimelineImport, file: &EventFile, case_list_version: i64) -> Result<bool> {
    Ok(before.file_digest == file.file.digest
        && before.case_list_version == case_list_version
        && before.covers_to.map(|day| day.0) == file.covers_to
        && before.column_names()? == file.column_names)
}

/// Why a file cannot be read, by the name that its owner gave it.
fn unreadable(error: &ReadError, file: &Arrived) -> Error {
    let message = match error {
        ReadError::Stopped => return Error::Conflict("The reading was stopped.".into()),
        ReadError::Spill { .. } | ReadError::Write(_) => {
            return Error::Internal("events cannot be put aside for sorting".into());
        }
        ReadError::UnknownKind { .. } => "The file’s name must end in .csv, .tsv, .parquet, .xes, .json, .jsonocel or .xmlocel; a text that is compressed in .gz or .zst after it".to_owned(),
        ReadError::MissingColumn { column, found, .. } => format!(
            "No column has the heading {column}; there are {found}. Say which of them stands for it"
        ),
        other => {
            let path = file.path().display().to_string();
            other.to_string().replace(&path, &file.name)
        }
    };
    Error::invalid("file", message)
}

/// The last day of which a file knows: as somebody says, or that of its latest event or entry.
fn known_to(contents: &Contents, said: Option<Date>) -> Result<Date> {
    if contents.events == 0 {
        return Err(Error::invalid(
            "file",
            match contents.strangers.len() {
                0 => "The file holds no event".to_owned(),
                many => format!(
                    "The file holds no event of a case of the list: {many} references in it are none of the list’s"
                ),
            },
        ));
    }
    let latest = contents
        .known_to
        .ok_or_else(|| Error::invalid("file", "No row of the file has a time that can be read"))?;
    match said {
        Some(day) if day < latest => Err(Error::invalid(
            "covers_to",
            format!(
                "The file holds events or entries of {latest}, after the last day that it is said to cover"
            ),
        )),
        Some(day) => Ok(day),
        None => Ok(latest),
    }
}

/// Timelines on their way into the database, under a number on which nothing rests yet.
struct Writing<'w> {
    call: &'w Call,
    inspection: &'w InspectionId,
    arrival: &'w JobId,
    version: u32,
    before: Option<i64>,
    change: Change,
}

impl Writing<'_> {
    async fn take_all(&mut self, batches: &mut mpsc::Receiver<Vec<Timeline>>) -> Result<()> {
        while let Some(batch) = batches.recv().await {
            self.compare(&batch).await?;
            let mut transaction = self.call.app.store.begin().await?;
            store::check_arrival(&mut transaction, self.inspection, self.arrival).await?;
            store::insert_timelines(&mut transaction, self.inspection, self.version, &batch)
                .await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Counts what is other than in the version before.
    async fn compare(&mut self, batch: &[Timeline]) -> Result<()> {
        let Some(before) = self.before else {
            return Ok(());
        };
        let references: Vec<&str> = batch.iter().map(|case| case.reference.as_str()).collect();
        let pool = self.call.reader();
        let kept = store::timelines(pool, self.inspection, before, &references).await?;
        for case in batch {
            let events = match kept.get(&case.reference) {
                Some(text) => timeline::parse(text)?,
                None => Vec::new(),
            };
            self.change.add(Change::of_case(&events, &case.events));
        }
        Ok(())
    }

    async fn finish(
        mut self,
        leave: &Permit,
        file_digest: String,
        contents: &Contents,
        known_to: Date,
    ) -> Result<()> {
        if let Some(before) = self.before {
            let pool = self.call.reader();
            let (cases, events) = store::gone(pool, self.inspection, before, self.version).await?;
            self.change.add(Change {
                added: 0,
                gone: events.unsigned_abs(),
                cases: cases.unsigned_abs(),
            });
        }
        let event = TimelinesRead {
            inspection: self.inspection.clone(),
            version: self.version,
            file_digest,
            cases: contents.cases,
            events: contents.events,
            faults: contents.faults.len() as u64,
            strangers: contents.strangers.len() as u64,
        };
        let mut operation = self.call.begin().await?;
        let connection = operation.connection();
        store::check_arrival(connection, self.inspection, self.arrival).await?;
        let (version, change) = (self.version, self.change);
        store::wait(
            connection,
            self.inspection,
            version,
            contents,
            change,
            known_to,
        )
        .await?;
        operation.commit(leave, &event).await
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
    Ok(store::find_import(call.reader(), &inspection.id, "waiting", None).await?)
}

/// The file that is being read, if one is: its job.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_reading(call: &Call, inspection: &InspectionId) -> Result<Option<String>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    let mut connection = call.reader().acquire().await?;
    let pending = store::find_pending(&mut connection, &inspection.id).await?;
    Ok(pending.and_then(|(job, state, _)| (state == "reading").then_some(job)))
}

/// Takes in what waits. `seen` is the file that the person looked at.
///
/// # Errors
/// When another file waits by now, or none.
pub async fn take(call: &Call, inspection: &InspectionId, seen: &str) -> Result<TimelinesTaken> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    let waiting = store::find_import(call.reader(), &inspection.id, "waiting", None).await?;
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

/// Throws away what is read or waits; what reads it stops.
///
/// # Errors
/// When there is nothing.
pub async fn discard(call: &Call, inspection: &InspectionId) -> Result<()> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    let pending = store::find_pending(connection, &inspection.id).await?;
    let (_, _, file_digest) = pending.ok_or_else(another_waits)?;
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
    for state in ["in", "waiting"] {
        let found = store::find_import(call.reader(), &inspection.id, state, Some(version)).await?;
        if let Some(found) = found {
            return Ok(found);
        }
    }
    Err(Error::NotFound)
}

/// Faulty rows of a version, so many from one on, and the references that the list does not have.
/// Entered in the journal, as they name cases.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_problems(
    call: &Call,
    import: &TimelineImport,
    inspection: &InspectionId,
    part: (i64, i64),
) -> Result<(Vec<RowFault>, Vec<Stranger>)> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportTimelines).await?;
    call.record_read(&leave, format!("case/{}", inspection.id.0))
        .await?;
    let (pool, version) = (call.reader(), import.version);
    let faults = store::faults(pool, &inspection.id, version, part).await?;
    Ok((
        faults,
        store::strangers(pool, &inspection.id, version).await?,
    ))
}
