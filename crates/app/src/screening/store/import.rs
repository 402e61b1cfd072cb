//! Files of timelines in the database: read, waiting, and in.

use super::user;
use crate::app::Call;
use crate::error::{Error, Result};
use crate::screening::timeline::{Change, Contents};
use crate::store::{Text, Value, insert_many, json, whole};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, FromRow};
use std::collections::{BTreeMap, BTreeSet};
use throughline_domain::id::{InspectionId, JobId};
use throughline_domain::screening::Standing;

/// How far a file of timelines is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// It is being read.
    Reading,
    /// It was read, and waits to be taken in.
    Waiting,
    /// It was taken in.
    In,
}

impl ImportState {
    /// The code stored with it.
    pub fn code(self) -> &'static str {
        match self {
            ImportState::Reading => "reading",
            ImportState::Waiting => "waiting",
            ImportState::In => "in",
        }
    }

    /// The one that stands under a code.
    pub fn of_code(code: &str) -> Option<Self> {
        [ImportState::Reading, ImportState::Waiting, ImportState::In]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A file of timelines that was read: it waits, or is in.
#[derive(Debug, Clone, FromRow)]
pub struct TimelineImport {
    /// Its number, from 1.
    pub version: i64,
    /// Which reading of a file this is.
    pub arrival: Text<JobId>,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_digest: String,
    column_names: String,
    /// The last day that it was said to cover, where somebody said so.
    pub covers_to: Option<Text<Date>>,
    /// The version of the case list to whose cases it was held.
    pub case_list_version: i64,
    /// Cases that have a timeline.
    pub case_count: i64,
    /// Events on them.
    pub event_count: i64,
    activities: String,
    unused: String,
    left_out: String,
    /// Rows that are faulty.
    pub fault_count: i64,
    /// References that the case list does not have.
    pub stranger_count: i64,
    /// Events that the version before did not have.
    pub events_added: i64,
    /// Events that only the version before has.
    pub events_gone: i64,
    /// Cases with either.
    pub cases_touched: i64,
    /// The last day of which it knows.
    pub known_to: Text<Date>,
    /// Who handed it over.
    pub imported_by: String,
    /// When.
    pub imported_at: Text<Timestamp>,
}

impl TimelineImport {
    /// The codes of what happened that occur in it.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn activities(&self) -> Result<BTreeSet<String>> {
        parsed(&self.activities)
    }

    /// Which columns hold what, where they have other names than the usual.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn column_names(&self) -> Result<BTreeMap<String, String>> {
        parsed(&self.column_names)
    }

    /// The columns that nothing was read from.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn unused(&self) -> Result<Vec<String>> {
        parsed(&self.unused)
    }

    /// For each column how many different values were left out, not being codes.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn left_out(&self) -> Result<BTreeMap<String, u64>> {
        parsed(&self.left_out)
    }

    /// Whether anything is wrong with it that has a place in the list of problems.
    pub fn has_problems(&self) -> bool {
        self.fault_count > 0 || self.stranger_count > 0
    }
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|fault| Error::Internal(fault.to_string()))
}

/// A file that is about to be read.
pub(in crate::screening) struct Arrival<'a> {
    pub id: &'a JobId,
    pub file_name: &'a str,
    pub file_digest: &'a str,
    pub column_names: &'a BTreeMap<String, String>,
    pub covers_to: Option<Date>,
    pub case_list_version: i64,
}

const IMPORT: &str = "SELECT version, arrival, file_name, file_digest, column_names, covers_to,
    case_list_version, case_count, event_count, activities, unused, left_out, fault_count,
    stranger_count, events_added, events_gone, cases_touched, known_to,
    account.name AS imported_by, imported_at
    FROM timeline_import JOIN account ON account.id = timeline_import.imported_by
    WHERE inspection_id = $1 AND state = $2";

/// The newest in a state; of a version if one is given.
pub(in crate::screening) async fn find_import(
    pool: &AnyPool,
    inspection: &InspectionId,
    state: ImportState,
    version: Option<i64>,
) -> sqlx::Result<Option<TimelineImport>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{IMPORT} AND ($3 = 0 OR version = $3) ORDER BY version DESC LIMIT 1"
    )))
    .bind(inspection.as_str())
    .bind(state.code())
    .bind(version.unwrap_or(0))
    .fetch_optional(pool)
    .await
}

/// A file that is read or waits.
pub(in crate::screening) struct Pending {
    /// Which reading of a file it is.
    pub arrival: String,
    pub state: ImportState,
    /// SHA-256 of the file.
    pub file_digest: String,
}

/// The file that is read or waits, if there is one.
pub(in crate::screening) async fn find_pending(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> Result<Option<Pending>> {
    let row: Option<(String, String, String)> = sqlx::query_as(
        "SELECT arrival, state, file_digest FROM timeline_import
         WHERE inspection_id = $1 AND state <> $2",
    )
    .bind(inspection.as_str())
    .bind(ImportState::In.code())
    .fetch_optional(connection)
    .await?;
    let pending = row.map(|(arrival, state, file_digest)| {
        let known = ImportState::of_code(&state).ok_or_else(|| {
            Error::Internal(format!(
                "the file of timelines {arrival} has the unknown state {state:?}"
            ))
        })?;
        Ok(Pending {
            arrival,
            state: known,
            file_digest,
        })
    });
    pending.transpose()
}

pub(in crate::screening) async fn standing(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Standing> {
    let (case_list, timelines, standards): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT COALESCE(MAX(version), 0) FROM case_list WHERE inspection_id = $1) AS case_list,
                (SELECT COALESCE(MAX(version), 0) FROM timeline_import
                   WHERE inspection_id = $1 AND state = $2) AS timelines,
                (SELECT COALESCE(MAX(version), 0) FROM own_standards WHERE inspection_id = $1) AS standards",
    )
    .bind(inspection.as_str())
    .bind(ImportState::In.code())
    .fetch_one(connection)
    .await?;
    let version = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Standing {
        case_list: version(case_list),
        timelines: (timelines > 0).then(|| version(timelines)),
        standards: version(standards),
    })
}

/// Writes down that a file is being read. Returns the number that it will have.
///
/// # Errors
/// When another is read or waits.
pub(in crate::screening) async fn begin_import(
    connection: &mut AnyConnection,
    call: &Call,
    inspection: &InspectionId,
    arrival: &Arrival<'_>,
) -> Result<u32> {
    if find_pending(connection, inspection).await?.is_some() {
        return Err(Error::Conflict(
            "Another file was handed over at the same time. Look at what is there now.".into(),
        ));
    }
    let version = standing(connection, inspection)
        .await?
        .timelines
        .unwrap_or(0)
        + 1;
    let day = arrival.covers_to.map(|day| day.to_string());
    let row = vec![
        inspection.as_str().into(),
        Value::Whole(i64::from(version)),
        ImportState::Reading.code().into(),
        arrival.id.as_str().into(),
        arrival.file_name.into(),
        arrival.file_digest.into(),
        json(arrival.column_names)?.into(),
        day.map_or(Value::Missing, Value::Text),
        Value::Whole(arrival.case_list_version),
        Value::Whole(0),
        Value::Whole(0),
        "[]".into(),
        "[]".into(),
        "{}".into(),
        Value::Whole(0),
        Value::Whole(0),
        Value::Whole(0),
        Value::Whole(0),
        Value::Whole(0),
        user(call)?.into(),
        call.now.to_string().into(),
    ];
    let head = "INSERT INTO timeline_import (inspection_id, version, state, arrival, file_name,
        file_digest, column_names, covers_to, case_list_version, case_count, event_count,
        activities, unused, left_out, fault_count, stranger_count, events_added, events_gone,
        cases_touched, imported_by, imported_at)";
    insert_many(connection, head, &[row]).await?;
    Ok(version)
}

/// Refuses to go on reading a file in whose place another came, or that was thrown away.
pub(in crate::screening) async fn check_arrival(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    arrival: &JobId,
) -> Result<()> {
    match find_pending(connection, inspection).await? {
        Some(pending)
            if pending.arrival == arrival.as_str() && pending.state == ImportState::Reading =>
        {
            Ok(())
        }
        _ => Err(Error::Conflict(
            "The file was thrown away while it was read, or another came in its place.".into(),
        )),
    }
}

/// Takes away what is read or waits. Returns whether there was anything.
pub(in crate::screening) async fn discard_import(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<bool> {
    let pending = "inspection_id = $1 AND version IN
        (SELECT version FROM timeline_import WHERE inspection_id = $1 AND state <> $2)";
    for table in ["timeline", "timeline_fault", "timeline_stranger"] {
        let sql = format!("DELETE FROM {table} WHERE {pending}");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(inspection.as_str())
            .bind(ImportState::In.code())
            .execute(&mut *connection)
            .await?;
    }
    let done = sqlx::query("DELETE FROM timeline_import WHERE inspection_id = $1 AND state <> $2")
        .bind(inspection.as_str())
        .bind(ImportState::In.code())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Writes down what a file holds; it waits from then on.
pub(in crate::screening) async fn wait(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    version: u32,
    contents: &Contents,
    change: Change,
    known_to: Date,
) -> Result<()> {
    sqlx::query(
        "UPDATE timeline_import SET state = $14, case_count = $3, event_count = $4,
           activities = $5, unused = $6, left_out = $7, fault_count = $8, stranger_count = $9,
           events_added = $10, events_gone = $11, cases_touched = $12, known_to = $13
         WHERE inspection_id = $1 AND version = $2",
    )
    .bind(inspection.as_str())
    .bind(i64::from(version))
    .bind(whole(contents.cases))
    .bind(whole(contents.events))
    .bind(json(&contents.activities)?)
    .bind(json(&contents.unused)?)
    .bind(json(&contents.left_out)?)
    .bind(whole(contents.faults.len() as u64))
    .bind(whole(contents.strangers.len() as u64))
    .bind(whole(change.added))
    .bind(whole(change.gone))
    .bind(whole(change.cases))
    .bind(Text(known_to))
    .bind(ImportState::Waiting.code())
    .execute(connection)
    .await?;
    Ok(())
}

/// What waits is in from then on.
pub(in crate::screening) async fn take_import(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    arrival: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE timeline_import SET state = $3
         WHERE inspection_id = $1 AND arrival = $2 AND state = $4",
    )
    .bind(inspection.as_str())
    .bind(arrival)
    .bind(ImportState::In.code())
    .bind(ImportState::Waiting.code())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The cases of the present list with the day on which each was opened, and the list's version.
pub(in crate::screening) async fn openings(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<(Vec<(String, Text<Date>)>, i64)> {
    let cases = sqlx::query_as(
        "SELECT reference, opened_on FROM case_record
         WHERE inspection_id = $1 AND withdrawn_at IS NULL ORDER BY reference",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await?;
    let version = sqlx::query_scalar(
        "SELECT COALESCE(MAX(version), 0) FROM case_list WHERE inspection_id = $1",
    )
    .bind(inspection.as_str())
    .fetch_one(pool)
    .await?;
    Ok((cases, version))
}
