//! A file that was accepted: checked, written down, and read.

use super::EventFile;
use super::writing::Writing;
use crate::app::Call;
use crate::arrival::Arrived;
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::job;
use crate::screening::store::{self, ImportState, TimelineImport};
use crate::screening::timeline::{self, Contents, Order, Timeline, clock};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{InspectionId, JobId};
use throughline_screening::read::{CaseList, Columns, Progress, ReadError, Sources};
use throughline_screening::standard::Library;
use tokio::sync::mpsc;

/// Batches of timelines that may wait to be written.
const BATCHES_WAITING: usize = 4;

/// A file that can be read, and what it is held to.
pub(super) struct Begun {
    pub inspection: Inspection,
    leave: Permit,
    pub arrival: JobId,
    version: u32,
    before: Option<TimelineImport>,
    cases: CaseList,
    columns: Columns,
    file: EventFile,
}

/// What comes of a file that was handed over.
pub(super) enum Beginning {
    Begun(Box<Begun>),
    Already(u32),
}

impl Begun {
    /// Checks a file, and writes down that it is being read.
    pub async fn accept(
        call: &Call,
        inspection: &InspectionId,
        file: EventFile,
    ) -> Result<Beginning> {
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
        let before =
            store::find_import(call.reader(), &inspection.id, ImportState::In, None).await?;
        if let Some(before) = &before
            && is_same(before, &file, case_list_version)?
        {
            return Ok(Beginning::Already(version_of(before)));
        }
        replace_pending(call, &inspection.id).await?;
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
    pub async fn read_in(self, call: &Call, told: Told) -> Result<()> {
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
        let before = self.before.as_ref().map(|before| before.version);
        let versions = (self.version, before);
        let mut writing = Writing::new(call, &self.inspection.id, &self.arrival, versions);
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

/// Hears how far the reading is.
pub(super) type Told = Box<dyn Fn(Progress) + Send + Sync>;

/// Nobody asked how far it is.
pub(super) fn untold() -> Told {
    Box::new(|_| {})
}

/// Tells a job how many bytes of its file are read.
pub(super) fn teller(call: &Call, job: &JobId) -> Told {
    let tell = job::teller(call, job, "Reading the file");
    let read = AtomicU64::new(0);
    Box::new(move |progress| {
        if let Progress::Bytes(more) = progress {
            tell(read.fetch_add(more, Ordering::Relaxed) + more);
        }
    })
}

/// Throws away what is read or waits, since the file takes its place.
async fn replace_pending(call: &Call, inspection: &InspectionId) -> Result<()> {
    let mut connection = call.reader().acquire().await?;
    let pending = store::find_pending(&mut connection, inspection).await?;
    drop(connection);
    match pending {
        Some(replaced) => super::discard(call, inspection, &replaced.arrival).await,
        None => Ok(()),
    }
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

pub(super) fn version_of(import: &TimelineImport) -> u32 {
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
