//! Case lists: what the force hands over, checked and taken in whole or not at all.

pub mod cli;
pub mod fault_file;
pub mod pages;
pub mod store;
pub mod table;
pub mod upload;

pub use store::{CaseFilter, CaseList, CaseRecord, find_case};

use crate::app::Call;
use crate::error::{Error, Fault, Result};
use crate::framework;
use crate::inspection::{self, Inspection};
use sqlx::AnyConnection;
use std::collections::HashSet;
use throughline_domain::access::{Action, Permit};
use throughline_domain::case_list::{
    self as step, CaseListImported, CaseRow, Changes, Checked, Checker, DeclaredTotals,
    InspectedPeriod, Mapping, Rules, Standing, Summary, difference,
};
use throughline_domain::framework::Framework;
use throughline_domain::id::{CaseListId, InspectionId};

/// A list without a fault, ready to be taken in.
#[derive(Debug, Clone)]
pub struct AcceptedList {
    /// The file's name, as it was handed over.
    pub file_name: String,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// Which column served as what.
    pub mapping: Mapping,
    /// The days in which its cases were opened.
    pub period: InspectedPeriod,
    /// The totals that the force declared.
    pub declared: DeclaredTotals,
    /// Its cases.
    pub rows: Vec<CaseRow>,
}

/// What became of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It is the inspection's case list now.
    As(CaseListId, Counts),
    /// It is the very list that is in already, as this version: nothing was changed.
    Already(u32),
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// The list's number, from 1.
    pub version: u32,
    /// Cases in it.
    pub cases: u64,
    /// Cases that are new.
    pub added: u64,
    /// Cases that were otherwise.
    pub changed: u64,
    /// Cases that are no longer in it, and marked so.
    pub withdrawn: u64,
}

/// The framework of an inspection.
///
/// # Errors
/// When the program no longer ships it.
pub fn framework_of(inspection: &Inspection) -> Result<&'static Framework> {
    framework::find(&inspection.framework).ok_or_else(|| {
        Error::Internal(format!(
            "the framework {} is not in this program",
            inspection.framework
        ))
    })
}

/// Checks a table row by row; `progress` hears how many rows are done. Touches no database.
pub fn check_table(
    table: &table::Table,
    mapping: &Mapping,
    framework: &Framework,
    period: InspectedPeriod,
    mut progress: impl FnMut(u64),
) -> Checked {
    const STEP: usize = 1_000;
    let rules = Rules {
        categories: &framework.categories,
        grades: &framework.grades,
        opened: period,
    };
    let mut checker = Checker::new(&table.header, mapping, rules);
    for (number, row) in table.rows.iter().enumerate() {
        checker.push(row);
        if number % STEP == 0 {
            progress(number as u64);
        }
    }
    progress(table.rows.len() as u64);
    checker.finish()
}

/// Who is told how many rows of a list are written.
pub type Written<'a> = &'a (dyn Fn(u64) + Sync);

/// Takes a list in: the one way into an inspection's case list.
///
/// # Errors
/// When the list is frozen, or its rows do not fit the framework and the period.
pub async fn import_rows(
    call: &Call,
    inspection: &InspectionId,
    list: &AcceptedList,
) -> Result<Imported> {
    import_rows_telling(call, inspection, list, &|_| {}).await
}

/// The same, saying after each batch how many rows are written. Everything is checked and
/// compared before the import takes its turn as the one writer.
///
/// # Errors
/// As [`import_rows`].
pub async fn import_rows_telling(
    call: &Call,
    inspection: &InspectionId,
    list: &AcceptedList,
    written: Written<'_>,
) -> Result<Imported> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ImportCaseList).await?;
    check_accepted(list, framework_of(&inspection)?)?;
    let mut reader = call.reader().acquire().await?;
    let prepared = Prepared::of(&mut reader, &inspection.id, list).await?;
    drop(reader);
    let mut operation = call.begin().await?;
    let id = CaseListId::from_random(call.app.random());
    let turn = Turn {
        call,
        inspection: &inspection.id,
        leave: &leave,
        id: &id,
        list,
        written,
    };
    match write(operation.connection(), &turn, prepared).await? {
        Outcome::Already(version) => Ok(Imported::Already(version)),
        Outcome::New(event) => {
            let counts = Counts {
                version: event.version,
                cases: event.cases,
                added: event.added,
                changed: event.changed,
                withdrawn: event.withdrawn,
            };
            store::end_upload(operation.connection(), &inspection.id).await?;
            operation.commit(&leave, &event).await?;
            Ok(Imported::As(id, counts))
        }
    }
}

enum Outcome {
    New(CaseListImported),
    Already(u32),
}

/// What a list would change, and where the inspection's list stood when that was worked out.
struct Prepared {
    standing: Standing,
    changes: Changes,
}

impl Prepared {
    async fn of(
        connection: &mut AnyConnection,
        inspection: &InspectionId,
        list: &AcceptedList,
    ) -> Result<Self> {
        let standing = store::standing(connection, inspection).await?;
        let before = store::present_rows(connection, inspection).await?;
        Ok(Prepared {
            standing,
            changes: difference(&before, &list.rows),
        })
    }
}

/// An import that has its turn.
struct Turn<'a> {
    call: &'a Call,
    inspection: &'a InspectionId,
    leave: &'a Permit,
    id: &'a CaseListId,
    list: &'a AcceptedList,
    written: Written<'a>,
}

async fn write(
    connection: &mut AnyConnection,
    turn: &Turn<'_>,
    prepared: Prepared,
) -> Result<Outcome> {
    let Turn {
        call,
        inspection,
        leave,
        id,
        list,
        written,
    } = turn;
    let standing = store::standing(connection, inspection).await?;
    if let Some(version) = store::same_version(connection, inspection, list).await? {
        return Ok(Outcome::Already(version));
    }
    let version = standing.next_version()?;
    let changes = if standing == prepared.standing {
        prepared.changes
    } else {
        Prepared::of(connection, inspection, list).await?.changes
    };
    let event = step::import(
        leave,
        standing,
        CaseListImported {
            inspection: (*inspection).clone(),
            case_list: (*id).clone(),
            version,
            file_digest: list.digest.clone(),
            period: list.period,
            cases: list.rows.len() as u64,
            added: changes.added.len() as u64,
            changed: changes.changed.len() as u64,
            withdrawn: changes.removed.len() as u64,
        },
    )?;
    store::insert_list(connection, call, &event, list).await?;
    store::apply(
        connection,
        call.now,
        &event,
        &changes,
        (&list.rows, written),
    )
    .await?;
    Ok(Outcome::New(event))
}

/// Rows that reach an import without a check of their file are held to the rules again.
fn check_accepted(list: &AcceptedList, framework: &Framework) -> Result<()> {
    let mut seen = HashSet::with_capacity(list.rows.len());
    let fault = |row: usize, message: &str| {
        Err(Error::Invalid(vec![Fault {
            field: "file".into(),
            message: format!("Case {} of the list: {message}", row + 1),
        }]))
    };
    if list.rows.is_empty() {
        return Err(Error::invalid("file", "The list holds no case."));
    }
    for (number, row) in list.rows.iter().enumerate() {
        if !seen.insert(row.reference.as_str()) {
            return fault(
                number,
                "its reference stands in the list before; give each case its own.",
            );
        }
        if framework.find_category(&row.category).is_none() {
            return fault(number, "its category is not one of the framework's.");
        }
        if row
            .own_grade
            .as_deref()
            .is_some_and(|code| framework.find_grade(code).is_none())
        {
            return fault(number, "its own grade is not one of the framework's.");
        }
        if !list.period.contains(row.opened) {
            return fault(number, "it was not opened in the period inspected.");
        }
    }
    Ok(())
}

/// What a list would change, before it does. Withdrawn cases count as gone.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn preview(call: &Call, inspection: &InspectionId, rows: &[CaseRow]) -> Result<Changes> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ImportCaseList).await?;
    let mut connection = call.reader().acquire().await?;
    let before = store::present_rows(&mut connection, &inspection.id).await?;
    Ok(difference(&before, rows))
}

/// Where an inspection's case list stands: missing, there, or frozen by a sample.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn standing(call: &Call, inspection: &InspectionId) -> Result<Standing> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ReadCaseList).await?;
    let mut connection = call.reader().acquire().await?;
    Ok(store::standing(&mut connection, &inspection.id).await?)
}

/// The versions of an inspection's case list, newest first.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn list_versions(call: &Call, inspection: &InspectionId) -> Result<Vec<CaseList>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ReadCaseList).await?;
    Ok(store::versions(call.reader(), &inspection.id).await?)
}

/// What is in the present list: counts, and months without a case. Entered in the journal.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn summarise(call: &Call, list: &CaseList) -> Result<Summary> {
    let (inspection, leave) =
        inspection::load_for(call, &list.inspection_id, Action::ReadCaseList).await?;
    call.record_read(&leave, format!("cases/{}", inspection.id))
        .await?;
    let groups = store::groups(call.reader(), &inspection.id).await?;
    let counts = groups
        .iter()
        .map(store::Group::as_count)
        .collect::<Result<Vec<_>>>()?;
    Ok(Summary::of_counts(counts, list.period()?))
}

/// The cases that fit a filter, a page of them, and how many there are. Entered in the journal.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_cases(
    call: &Call,
    inspection: &InspectionId,
    filter: &CaseFilter,
) -> Result<(Vec<CaseRecord>, u64)> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ReadCaseList).await?;
    call.record_read(&leave, format!("case/{}", inspection.id.0))
        .await?;
    let cases = store::cases(call.reader(), &inspection.id, filter).await?;
    let count = store::count_cases(call.reader(), &inspection.id, filter).await?;
    Ok((cases, count))
}

#[cfg(test)]
mod tests;
