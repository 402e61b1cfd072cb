//! Case lists and their cases in the database.

use super::{AcceptedList, Written};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::store::{Text, Value, insert_many, insert_many_or, json, whole};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};
use std::collections::HashSet;
use throughline_domain::case_list::{
    CaseListImported, CaseRow, Changes, Count, DeclaredTotals, InspectedPeriod, Mapping, Month,
    Standing,
};
use throughline_domain::id::{CaseListId, InspectionId};

/// One version of an inspection's case list.
#[derive(Debug, Clone, FromRow)]
pub struct CaseList {
    /// Which.
    pub id: Text<CaseListId>,
    /// Of which inspection.
    pub inspection_id: Text<InspectionId>,
    /// Its number, from 1.
    pub version: i64,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_digest: String,
    declared: String,
    /// First day on which its cases were opened.
    pub period_from: Text<Date>,
    /// Last day on which its cases were opened.
    pub period_to: Text<Date>,
    /// Cases in it.
    pub case_count: i64,
    /// Cases that the version before did not have.
    pub added_count: i64,
    /// Cases that the version before had otherwise.
    pub changed_count: i64,
    /// Cases that only the version before had.
    pub withdrawn_count: i64,
    /// Who took it in.
    pub imported_by: String,
    /// When.
    pub imported_at: Text<Timestamp>,
}

impl CaseList {
    /// The days in which its cases were opened.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn period(&self) -> Result<InspectedPeriod> {
        InspectedPeriod::new(self.period_from.0, self.period_to.0)
            .map_err(|fault| Error::Internal(fault.to_string()))
    }

    /// The totals that the force declared.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn declared(&self) -> Result<DeclaredTotals> {
        serde_json::from_str(&self.declared).map_err(|fault| Error::Internal(fault.to_string()))
    }
}

/// A case as it now stands in the list.
#[derive(Debug, Clone, FromRow)]
pub struct CaseRecord {
    /// Its pseudonymous reference.
    pub reference: String,
    /// The code of its category.
    pub category: String,
    /// The part of the force that handled it.
    pub area: String,
    /// When it was opened.
    pub opened_on: Text<Date>,
    /// When it was closed.
    pub closed_on: Option<Text<Date>>,
    /// The version of the list that last said so.
    pub version: i64,
    /// When a corrected list no longer had it.
    pub withdrawn_at: Option<Text<Timestamp>>,
}

/// Which cases to show.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    /// Of this category; empty for all.
    pub category: String,
    /// Of this area; empty for all.
    pub area: String,
    /// With this in the reference; empty for all.
    pub text: String,
    /// From which case on, and how many.
    pub part: (u64, u64),
}

/// Finds a case by its reference, withdrawn or not. Callers decide who may see it, and enter
/// the read in the journal.
///
/// # Errors
/// When the database does not answer.
pub async fn find_case(
    pool: &AnyPool,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<Option<CaseRecord>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CASE_COLUMNS} WHERE inspection_id = $1 AND reference = $2"
    )))
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_optional(pool)
    .await
}

const CASE_COLUMNS: &str = "SELECT reference, category, area, opened_on, closed_on, version, withdrawn_at FROM case_record";

const FILTER: &str = "inspection_id = $1 AND ($2 = '' OR category = $2) AND ($3 = '' OR area = $3)
    AND ($4 = '' OR UPPER(reference) LIKE $4 ESCAPE '!')";

pub(super) async fn cases(
    pool: &AnyPool,
    inspection: &InspectionId,
    filter: &CaseFilter,
) -> sqlx::Result<Vec<CaseRecord>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{CASE_COLUMNS} WHERE {FILTER} ORDER BY reference LIMIT $5 OFFSET $6"
    )))
    .bind(inspection.as_str())
    .bind(filter.category.as_str())
    .bind(filter.area.as_str())
    .bind(pattern(&filter.text))
    .bind(whole(filter.part.1))
    .bind(whole(filter.part.0))
    .fetch_all(pool)
    .await
}

pub(super) async fn count_cases(
    pool: &AnyPool,
    inspection: &InspectionId,
    filter: &CaseFilter,
) -> sqlx::Result<u64> {
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT COUNT(*) FROM case_record WHERE {FILTER}"
    )))
    .bind(inspection.as_str())
    .bind(filter.category.as_str())
    .bind(filter.area.as_str())
    .bind(pattern(&filter.text))
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}

/// The text anywhere in a reference, as LIKE understands it.
fn pattern(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let plain = text
        .to_uppercase()
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{plain}%")
}

const LIST_COLUMNS: &str =
    "SELECT case_list.id, inspection_id, version, file_name, file_digest, declared,
    period_from, period_to, case_count, added_count, changed_count, withdrawn_count,
    account.name AS imported_by, imported_at
    FROM case_list JOIN account ON account.id = case_list.imported_by";

/// The versions, newest first.
pub(crate) async fn versions(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<CaseList>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{LIST_COLUMNS} WHERE inspection_id = $1 ORDER BY version DESC"
    )))
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn standing(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Standing> {
    let (version, samples): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COALESCE(MAX(version), 0) FROM case_list WHERE inspection_id = $1) AS version,
                (SELECT COUNT(*) FROM sample WHERE inspection_id = $1) AS samples",
    )
    .bind(inspection.as_str())
    .fetch_one(connection)
    .await?;
    let version = u32::try_from(version).unwrap_or(u32::MAX);
    Ok(match (version, samples) {
        (0, 0) => Standing::Missing,
        (_, 0) => Standing::Listed(version),
        (_, _) => Standing::Frozen(version),
    })
}

/// The present version, if it is this very list: the same file, read in the same way.
pub(super) async fn same_version(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    list: &AcceptedList,
) -> Result<Option<u32>> {
    let present: Option<(i64, String, String, String, String, String)> = sqlx::query_as(
        "SELECT version, file_digest, mapping, declared, period_from, period_to FROM case_list
         WHERE inspection_id = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(inspection.as_str())
    .fetch_optional(connection)
    .await?;
    let Some((version, digest, mapping, declared, from, to)) = present else {
        return Ok(None);
    };
    let same = digest == list.digest
        && serde_json::from_str::<Mapping>(&mapping).is_ok_and(|mapping| mapping == list.mapping)
        && serde_json::from_str::<DeclaredTotals>(&declared)
            .is_ok_and(|declared| declared == list.declared)
        && from == list.period.first().to_string()
        && to == list.period.last().to_string();
    Ok(same.then(|| u32::try_from(version).unwrap_or(u32::MAX)))
}

/// A case as the list has it, with the force's own grade, which no page shows.
#[derive(FromRow)]
struct Present {
    reference: String,
    category: String,
    area: String,
    opened_on: Text<Date>,
    closed_on: Option<Text<Date>>,
    own_grade: Option<String>,
}

/// The cases of the present list, without the withdrawn.
pub(crate) async fn present_rows(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<CaseRow>> {
    let rows: Vec<Present> = sqlx::query_as(
        "SELECT reference, category, area, opened_on, closed_on, own_grade FROM case_record
         WHERE inspection_id = $1 AND withdrawn_at IS NULL ORDER BY reference",
    )
    .bind(inspection.as_str())
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|case| CaseRow {
            reference: case.reference,
            category: case.category,
            area: case.area,
            opened: case.opened_on.0,
            closed: case.closed_on.map(|day| day.0),
            own_grade: case.own_grade,
        })
        .collect())
}

pub(super) async fn insert_list(
    connection: &mut AnyConnection,
    call: &Call,
    event: &CaseListImported,
    list: &AcceptedList,
) -> Result<()> {
    let Some(user) = &call.actor.user else {
        return Err(Error::SignInFirst);
    };
    let row = vec![
        event.case_list.as_str().into(),
        event.inspection.as_str().into(),
        Value::Whole(i64::from(event.version)),
        list.file_name.as_str().into(),
        list.digest.as_str().into(),
        json(&list.mapping)?.into(),
        json(&list.declared)?.into(),
        list.period.first().to_string().into(),
        list.period.last().to_string().into(),
        Value::Whole(whole(event.cases)),
        Value::Whole(whole(event.added)),
        Value::Whole(whole(event.changed)),
        Value::Whole(whole(event.withdrawn)),
        user.as_str().into(),
        call.now.to_string().into(),
    ];
    let head = "INSERT INTO case_list (id, inspection_id, version, file_name, file_digest, mapping, declared,
        period_from, period_to, case_count, added_count, changed_count, withdrawn_count, imported_by, imported_at)";
    Ok(insert_many(connection, head, &[row]).await?)
}

/// Makes the cases what the list says: new and changed ones written, those gone marked.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    now: Timestamp,
    event: &CaseListImported,
    changes: &Changes,
    (rows, written): (&[CaseRow], Written<'_>),
) -> sqlx::Result<()> {
    const AT_ONCE: usize = 5_000;
    let differing: HashSet<&str> = changes
        .added
        .iter()
        .map(|case| case.reference.as_str())
        .chain(changes.changed.iter().map(|case| case.reference.as_str()))
        .collect();
    for (batch, cases) in rows.chunks(AT_ONCE).enumerate() {
        let cases = cases
            .iter()
            .filter(|case| differing.contains(case.reference.as_str()));
        let values: Vec<Vec<Value>> = cases.map(|case| values(event, case)).collect();
        insert_many_or(
            connection,
            "INSERT INTO case_record (inspection_id, reference, category, area, opened_on, closed_on, own_grade, version)",
            &values,
            "ON CONFLICT (inspection_id, reference) DO UPDATE SET category = excluded.category,
             area = excluded.area, opened_on = excluded.opened_on, closed_on = excluded.closed_on,
             own_grade = excluded.own_grade,
             version = excluded.version, withdrawn_at = NULL",
        )
        .await?;
        written(((batch + 1) * AT_ONCE).min(rows.len()) as u64);
    }
    withdraw(connection, now, event, changes).await?;
    sqlx::query("UPDATE case_record SET version = $2 WHERE inspection_id = $1 AND withdrawn_at IS NULL AND version <> $2")
        .bind(event.inspection.as_str())
        .bind(i64::from(event.version))
        .execute(connection)
        .await?;
    Ok(())
}

fn values(event: &CaseListImported, case: &CaseRow) -> Vec<Value> {
    vec![
        event.inspection.as_str().into(),
        case.reference.as_str().into(),
        case.category.as_str().into(),
        case.area.as_str().into(),
        case.opened.to_string().into(),
        case.closed
            .map_or(Value::Missing, |day| day.to_string().into()),
        case.own_grade
            .as_deref()
            .map_or(Value::Missing, Value::from),
        Value::Whole(i64::from(event.version)),
    ]
}

async fn withdraw(
    connection: &mut AnyConnection,
    now: Timestamp,
    event: &CaseListImported,
    changes: &Changes,
) -> sqlx::Result<()> {
    const AT_ONCE: usize = 500;
    for gone in changes.removed.chunks(AT_ONCE) {
        let places: Vec<String> = (3..gone.len() + 3).map(|n| format!("${n}")).collect();
        let sql = format!(
            "UPDATE case_record SET withdrawn_at = $2 WHERE inspection_id = $1 AND reference IN ({})",
            places.join(",")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(event.inspection.as_str())
            .bind(Text(now));
        for case in gone {
            query = query.bind(case.reference.as_str());
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Cases of one category, area and month.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Group {
    category: String,
    area: String,
    month: String,
    cases: i64,
    closed: i64,
}

impl Group {
    pub(super) fn as_count(&self) -> Result<Count<'_>> {
        let month: Month = self
            .month
            .parse()
            .map_err(|_| Error::Internal("a stored day is damaged".into()))?;
        Ok(Count {
            category: &self.category,
            area: &self.area,
            month,
            cases: self.cases.unsigned_abs(),
            open: (self.cases - self.closed).unsigned_abs(),
        })
    }
}

pub(super) async fn groups(pool: &AnyPool, inspection: &InspectionId) -> sqlx::Result<Vec<Group>> {
    sqlx::query_as(
        "SELECT category, area, month, COUNT(*) AS cases, COUNT(closed_on) AS closed
         FROM (SELECT category, area, SUBSTR(opened_on, 1, 7) AS month, closed_on FROM case_record
               WHERE inspection_id = $1 AND withdrawn_at IS NULL) AS present
         GROUP BY category, area, month ORDER BY category, area, month",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

/// The areas of the present list, for a filter.
pub(super) async fn areas(pool: &AnyPool, inspection: &InspectionId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT DISTINCT area FROM case_record WHERE inspection_id = $1 ORDER BY area",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

/// Ends the file that waits, if one does.
pub(super) async fn end_upload(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<bool> {
    sqlx::query(
        "DELETE FROM case_list_fault WHERE upload_id IN
         (SELECT id FROM case_list_upload WHERE inspection_id = $1)",
    )
    .bind(inspection.as_str())
    .execute(&mut *connection)
    .await?;
    let done = sqlx::query("DELETE FROM case_list_upload WHERE inspection_id = $1")
        .bind(inspection.as_str())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
