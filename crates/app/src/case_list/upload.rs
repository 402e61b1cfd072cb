//! A file that waits: handed over, its columns named, checked, and then taken in or thrown away.
//!
//! Every step is a page of its own and is kept, so that a closed browser loses nothing. One file
//! waits for each inspection; a new one takes its place.

mod store;

pub use store::{ListFault, Waiting};

use super::table::{self, Table, Unreadable};
use super::{
    AcceptedList, Imported, Written, check_table, framework_of, import_rows_telling,
    store as list_store,
};
use crate::app::Call;
use crate::error::{Error, Faults, Result};
use crate::inspection;
use crate::job;
use jiff::civil::Date;
use std::sync::Arc;
use throughline_domain::access::{Action, Permit};
use throughline_domain::case_list::{
    CaseListChecked, CaseListDiscarded, CaseListMapped, CaseListUploaded, CaseRow, Checked,
    DeclaredTotals, InspectedPeriod, Mapping,
};
use throughline_domain::framework::Framework;
use throughline_domain::id::{CaseListId, InspectionId, JobId};

/// What an import is at while it has its turn as the one writer.
const WRITING: &str = "Writing the cases";

/// Rows that are checked and taken in while the page waits; longer lists go into the background.
const ROWS_AT_ONCE_MAX: i64 = 10_000;

/// A file as it was handed over, with what was entered beside it.
#[derive(Debug, Clone, Default)]
pub struct NewUpload {
    /// The file's name.
    pub file_name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// First day of the period, ISO 8601.
    pub period_from: String,
    /// Last day of the period, ISO 8601.
    pub period_to: String,
    /// The declared total; may be empty.
    pub declared: String,
    /// Declared totals by the code of the category; may be empty.
    pub declared_by_category: Vec<(String, String)>,
}

/// Takes a file in hand. Nothing of the list changes yet.
///
/// # Errors
/// When the list is frozen, the file cannot be read, or something beside it is missing.
pub async fn receive(call: &Call, inspection: &InspectionId, new: NewUpload) -> Result<()> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportCaseList).await?;
    super::standing(call, &inspection.id)
        .await?
        .next_version()?;
    let (period, declared) = read_entries(&new, framework_of(&inspection)?)?;
    let bytes = Arc::new(new.bytes);
    let table = read_table(Arc::clone(&bytes)).await?;
    let waiting = store::Arrival {
        id: CaseListId::from_random(call.app.random()),
        file_name: new.file_name,
        digest: table::digest(&bytes),
        table: &table,
        bytes: &bytes,
        period,
        declared,
    };
    let event = CaseListUploaded {
        inspection: inspection.id.0.clone(),
        file_digest: waiting.digest.clone(),
        rows: table.rows.len() as u64,
    };
    let mut operation = call.begin().await?;
    list_store::end_upload(operation.connection(), &inspection.id).await?;
    store::insert(operation.connection(), call, &inspection.id, &waiting).await?;
    operation.commit(&leave, &event).await
}

fn read_entries(
    new: &NewUpload,
    framework: &Framework,
) -> Result<(InspectedPeriod, DeclaredTotals)> {
    const FROM: &str =
        "Enter the first day on which the listed cases were opened, such as 2025-01-01";
    const TO: &str = "Enter the last day on which the listed cases were opened, such as 2025-06-30";
    const NUMBER: &str = "Enter a whole number, or leave it empty";
    let mut faults = Faults::default();
    if new.bytes.is_empty() {
        let message = if new.file_name.is_empty() {
            "Choose the file with the case list"
        } else {
            "The file is empty: ask for it again, with its headings and a row for each case"
        };
        faults.add("file", message);
    }
    let from: Option<Date> = faults.parsed("period_from", &new.period_from, FROM);
    let to: Option<Date> = faults.parsed("period_to", &new.period_to, TO);
    let period = from
        .zip(to)
        .map(|(from, to)| InspectedPeriod::new(from, to));
    if let Some(Err(fault)) = &period {
        faults.add("period_to", fault.to_string());
    }
    let mut declared = DeclaredTotals::default();
    if !new.declared.trim().is_empty() {
        declared.cases = faults.parsed("declared", &new.declared, NUMBER);
    }
    for (category, total) in &new.declared_by_category {
        if framework.find_category(category).is_some()
            && !total.trim().is_empty()
            && let Some(total) = faults.parsed(&format!("declared-{category}"), total, NUMBER)
        {
            declared.by_category.insert(category.clone(), total);
        }
    }
    faults.none()?;
    let Some(Ok(period)) = period else {
        return Err(Error::Internal("a checked form lost a value".into()));
    };
    Ok((period, declared))
}

/// Reads a table away from the threads that answer requests.
async fn read_table(bytes: Arc<Vec<u8>>) -> Result<Table> {
    tokio::task::spawn_blocking(move || table::read(&bytes))
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|Unreadable(why)| Error::invalid("file", why))
}

/// The file that waits, if one does.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_waiting(call: &Call, inspection: &InspectionId) -> Result<Option<Waiting>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportCaseList).await?;
    Ok(store::find(call.reader(), &inspection.id).await?)
}

/// The file that waits.
///
/// # Errors
/// When none does.
pub async fn load_waiting(call: &Call, inspection: &InspectionId) -> Result<Waiting> {
    find_waiting(call, inspection)
        .await?
        .ok_or_else(nothing_waits)
}

fn nothing_waits() -> Error {
    Error::Refused(
        "No file waits to be imported: it was taken in or thrown away meanwhile. Begin again at the case list."
            .into(),
    )
}

/// Says which column serves as what. An earlier check no longer counts.
///
/// # Errors
/// When no file waits.
pub async fn map_columns(call: &Call, inspection: &InspectionId, mapping: &Mapping) -> Result<()> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportCaseList).await?;
    let mut operation = call.begin().await?;
    let digest = store::set_mapping(operation.connection(), &inspection.id, mapping)
        .await?
        .ok_or_else(nothing_waits)?;
    let event = CaseListMapped {
        inspection: inspection.id.0.clone(),
        file_digest: digest,
        mapping: mapping.clone(),
    };
    operation.commit(&leave, &event).await
}

/// Where the journey goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The work is done.
    Done,
    /// It goes on in the background.
    Job(JobId),
}

/// Checks the waiting file: at once, or in the background when it is long.
///
/// # Errors
/// When no file waits or its columns are not named yet.
pub async fn check(call: &Call, inspection: &InspectionId) -> Result<Next> {
    let waiting = load_waiting(call, inspection).await?;
    if waiting.row_count <= ROWS_AT_ONCE_MAX {
        check_now(call, inspection, |_| {}).await?;
        return Ok(Next::Done);
    }
    let total = waiting.row_count.unsigned_abs();
    let id = job::start(call, "case-list-check", &subject(inspection), total).await?;
    let told = job::teller(call, &id, "Checking rows");
    let (begun_by, inspection) = (call.clone(), inspection.clone());
    job::carry_on(call, &id, async move {
        check_now(&begun_by, &inspection, told).await?;
        Ok(format!("/inspections/{inspection}/case-list/import/check"))
    });
    Ok(Next::Job(id))
}

/// What jobs about an inspection's case list are about.
pub fn subject(inspection: &InspectionId) -> String {
    format!("case-list/{inspection}")
}

async fn check_now(
    call: &Call,
    inspection: &InspectionId,
    told: impl Fn(u64) + Send + 'static,
) -> Result<()> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportCaseList).await?;
    let framework = framework_of(&inspection)?;
    let waiting = store::find(call.reader(), &inspection.id)
        .await?
        .ok_or_else(nothing_waits)?;
    let mapping = waiting.mapping()?.ok_or_else(|| {
        Error::Refused("Say first which column of the file serves as what.".into())
    })?;
    let period = waiting.period()?;
    let bytes = store::content(call.reader(), &waiting.id).await?;
    let checked = tokio::task::spawn_blocking(move || {
        let table = table::read(&bytes)?;
        Ok(check_table(&table, &mapping, framework, period, told))
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))?
    .map_err(|Unreadable(why)| Error::Refused(why))?;
    keep_result(call, &inspection.id, &leave, &waiting, &checked).await
}

async fn keep_result(
    call: &Call,
    inspection: &InspectionId,
    leave: &Permit,
    waiting: &Waiting,
    checked: &Checked,
) -> Result<()> {
    let mut operation = call.begin().await?;
    if !store::set_result(operation.connection(), waiting, checked).await? {
        return Err(Error::Conflict(
            "Another file was handed over meanwhile, or its columns were named anew.".into(),
        ));
    }
    let event = CaseListChecked {
        inspection: inspection.clone(),
        file_digest: waiting.file_digest.clone(),
        sound: checked.rows.len() as u64,
        faults: checked.faults.len() as u64,
    };
    operation.commit(leave, &event).await
}

/// The faults of the waiting file from one on, so many; 0 for all.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn list_faults(
    call: &Call,
    inspection: &InspectionId,
    from: u64,
    many: u64,
) -> Result<Vec<ListFault>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportCaseList).await?;
    Ok(store::faults(call.reader(), &inspection.id, from, many).await?)
}

/// The cases of a waiting file that was found sound.
///
/// # Errors
/// When it was not.
pub async fn load_sound_rows(call: &Call, waiting: &Waiting) -> Result<Vec<CaseRow>> {
    store::accepted(call.reader(), &waiting.id)
        .await?
        .ok_or_else(|| Error::Refused("The file was not found sound: check it first.".into()))
}

/// Takes the waiting file in: at once, or in the background when it is long. `seen` is the file
/// whose changes the person saw, and `version` what it would become.
///
/// # Errors
/// When another file waits by now, or another version came in.
pub async fn confirm(
    call: &Call,
    inspection: &InspectionId,
    seen: &str,
    version: u32,
) -> Result<(Next, Option<Imported>)> {
    let waiting = load_waiting(call, inspection).await?;
    let next = super::standing(call, inspection).await?.next_version()?;
    if waiting.id.as_str() != seen || next != version {
        return Err(Error::Conflict(
            "Another file was handed over or taken in meanwhile. Look at what would change now."
                .into(),
        ));
    }
    if waiting.row_count <= ROWS_AT_ONCE_MAX {
        let imported = import_waiting(call, inspection, &waiting, &|_| {}).await?;
        return Ok((Next::Done, Some(imported)));
    }
    let total = waiting.row_count.unsigned_abs();
    let id = job::start(call, "case-list-import", &subject(inspection), total).await?;
    let written = job::teller(call, &id, WRITING);
    written(0);
    let (begun_by, inspection) = (call.clone(), inspection.clone());
    job::carry_on(call, &id, async move {
        import_waiting(&begun_by, &inspection, &waiting, &written).await?;
        Ok(format!("/inspections/{inspection}/case-list"))
    });
    Ok((Next::Job(id), None))
}

async fn import_waiting(
    call: &Call,
    inspection: &InspectionId,
    waiting: &Waiting,
    written: Written<'_>,
) -> Result<Imported> {
    let list = AcceptedList {
        file_name: waiting.file_name.clone(),
        digest: waiting.file_digest.clone(),
        mapping: waiting.mapping()?.unwrap_or_default(),
        period: waiting.period()?,
        declared: waiting.declared()?,
        rows: load_sound_rows(call, waiting).await?,
    };
    let imported = import_rows_telling(call, inspection, &list, written).await?;
    if matches!(imported, Imported::Already(_)) {
        discard(call, inspection).await?;
    }
    Ok(imported)
}

/// Throws the waiting file away.
///
/// # Errors
/// When none waits.
pub async fn discard(call: &Call, inspection: &InspectionId) -> Result<()> {
    let waiting = load_waiting(call, inspection).await?;
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportCaseList).await?;
    let mut operation = call.begin().await?;
    if !list_store::end_upload(operation.connection(), &inspection.id).await? {
        return Err(nothing_waits());
    }
    let event = CaseListDiscarded {
        inspection: inspection.id.0.clone(),
        file_digest: waiting.file_digest,
    };
    operation.commit(&leave, &event).await
}
