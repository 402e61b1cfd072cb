//! Where the reading of an inspection's cases stands: lists and counts.

use super::{IS_READ, STRANDS};
use crate::store::Text;
use jiff::civil::Date;
use sqlx::{Any, AnyPool, AssertSqlSafe, Executor, FromRow};
use throughline_domain::audit::{Reading, State};
use throughline_domain::id::{AuditId, InspectionId, UserId};
use throughline_domain::sample::Strand;

/// A case that is read and one of its readings, or none yet.
#[derive(Debug, Clone, FromRow)]
pub(in crate::audit) struct Row {
    pub reference: String,
    pub strand: Text<Strand>,
    pub category: String,
    pub area: String,
    pub audit_id: Option<Text<AuditId>>,
    pub reading: Option<Text<Reading>>,
    pub reader_id: Option<Text<UserId>>,
    pub reader_name: Option<String>,
    pub state: Option<Text<State>>,
    pub due_on: Option<Text<Date>>,
    pub grade: Option<String>,
    pub final_grade: Option<String>,
}

/// The cases of both strands: for whoever reads them, and never for a figure.
const FROM: &str = "FROM (SELECT inspection_id, reference, 'drawn' AS strand FROM sampled_case
        WHERE inspection_id = $1 AND state = 'drawn'
      UNION ALL SELECT inspection_id, reference, 'picked' AS strand FROM purposive_case
        WHERE inspection_id = $1 AND undone_at IS NULL) AS to_read
    JOIN case_record ON case_record.inspection_id = to_read.inspection_id
      AND case_record.reference = to_read.reference
    LEFT JOIN audit ON audit.inspection_id = to_read.inspection_id AND audit.reference = to_read.reference
    LEFT JOIN account ON account.id = audit.reader_id
    LEFT JOIN case_grade ON case_grade.inspection_id = to_read.inspection_id
      AND case_grade.reference = to_read.reference
    WHERE ($2 = '' OR audit.reader_id = $2)
      AND ($3 = '' OR audit.state = $3
        OR ($3 = 'unassigned' AND audit.id IS NULL)
        OR ($3 = 'late' AND audit.state <> 'submitted' AND audit.due_on < $4))";

/// One page of cases and readings: those past their day first, then those without a reader,
/// then by the day they are due, the submitted last.
pub(in crate::audit) async fn page(
    pool: &AnyPool,
    inspection: &InspectionId,
    (reader, state): (&str, &str),
    today: Date,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT to_read.reference, to_read.strand, case_record.category, case_record.area, audit.id AS audit_id,
           audit.reading, audit.reader_id, account.name AS reader_name, audit.state, audit.due_on, audit.grade,
           case_grade.grade AS final_grade
         {FROM}
         ORDER BY CASE WHEN audit.state <> 'submitted' AND audit.due_on < $4 THEN 0 WHEN audit.id IS NULL THEN 1
             WHEN audit.state = 'submitted' THEN 3 ELSE 2 END,
           CASE WHEN audit.state = 'submitted' THEN '' ELSE COALESCE(audit.due_on, '') END,
           to_read.reference, COALESCE(audit.reading, '')
         LIMIT $5 OFFSET $6"
    )))
    .bind(inspection.as_str())
    .bind(reader)
    .bind(state)
    .bind(Text(today))
    .bind(limit)
    .bind(offset)
    .fetch_all(pool)
    .await
}

/// How many rows [`page`] pages through.
pub(in crate::audit) async fn count(
    pool: &AnyPool,
    inspection: &InspectionId,
    (reader, state): (&str, &str),
    today: Date,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) {FROM}")))
        .bind(inspection.as_str())
        .bind(reader)
        .bind(state)
        .bind(Text(today))
        .fetch_one(pool)
        .await
}

/// The sample at a glance, and beside it how many cases were picked.
#[derive(Debug, Clone, FromRow)]
pub struct Summary {
    /// Cases drawn.
    pub cases: i64,
    /// Cases without a reader.
    pub unassigned: i64,
    /// Readings, first and second.
    pub readings: i64,
    /// Readings submitted.
    pub submitted: i64,
    /// Readings past their day.
    pub late: i64,
    /// Second readings.
    pub second: i64,
    /// Cases with their final grade.
    pub settled: i64,
    /// Cases whose two readings differ and wait to be settled.
    pub differing: i64,
    /// Cases that somebody picked, which are in none of these numbers.
    pub picked: i64,
    /// Picked cases with their final grade.
    pub picked_settled: i64,
}

pub(in crate::audit) async fn summary(
    pool: &AnyPool,
    inspection: &InspectionId,
    today: Date,
) -> sqlx::Result<Summary> {
    sqlx::query_as(
        "SELECT COUNT(DISTINCT sampled_case.reference) AS cases,
           COUNT(DISTINCT CASE WHEN first_reading.id IS NULL THEN sampled_case.reference END) AS unassigned,
           COUNT(first_reading.id) + COUNT(second_reading.id) AS readings,
           COUNT(CASE WHEN first_reading.state = 'submitted' THEN 1 END)
             + COUNT(CASE WHEN second_reading.state = 'submitted' THEN 1 END) AS submitted,
           COUNT(CASE WHEN first_reading.state <> 'submitted' AND first_reading.due_on < $2 THEN 1 END)
             + COUNT(CASE WHEN second_reading.state <> 'submitted' AND second_reading.due_on < $2 THEN 1 END) AS late,
           COUNT(second_reading.id) AS second,
           COUNT(case_grade.grade) AS settled,
           COUNT(CASE WHEN first_reading.state = 'submitted' AND second_reading.state = 'submitted'
             AND first_reading.grade <> second_reading.grade AND case_grade.grade IS NULL THEN 1 END) AS differing,
           (SELECT COUNT(*) FROM purposive_case WHERE inspection_id = $1 AND undone_at IS NULL) AS picked,
           (SELECT COUNT(*) FROM purposive_case JOIN case_grade AS own ON own.inspection_id = purposive_case.inspection_id
              AND own.reference = purposive_case.reference
              WHERE purposive_case.inspection_id = $1 AND undone_at IS NULL) AS picked_settled
         FROM sampled_case
         LEFT JOIN audit AS first_reading ON first_reading.inspection_id = sampled_case.inspection_id
           AND first_reading.reference = sampled_case.reference AND first_reading.reading = 'first'
         LEFT JOIN audit AS second_reading ON second_reading.inspection_id = sampled_case.inspection_id
           AND second_reading.reference = sampled_case.reference AND second_reading.reading = 'second'
         LEFT JOIN case_grade ON case_grade.inspection_id = sampled_case.inspection_id
           AND case_grade.reference = sampled_case.reference
         WHERE sampled_case.inspection_id = $1 AND sampled_case.state = 'drawn'",
    )
    .bind(inspection.as_str())
    .bind(Text(today))
    .fetch_one(pool)
    .await
}

/// The cases this person is still reading: their other readings are hidden.
pub(in crate::audit) async fn being_read_by(
    pool: &AnyPool,
    inspection: &InspectionId,
    user: &UserId,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT DISTINCT audit.reference FROM audit {STRANDS}
         WHERE audit.inspection_id = $1 AND reader_id = $2 AND audit.state <> 'submitted' AND {IS_READ}
         ORDER BY audit.reference"
    )))
    .bind(inspection.as_str())
    .bind(user.as_str())
    .fetch_all(pool)
    .await
}

/// The drawn cases without that reading, so ordered that neighbours differ in no more than
/// they must: by stratum, then reference.
pub(in crate::audit) async fn unread_cases<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
    reading: Reading,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT reference FROM sampled_case WHERE inspection_id = $1 AND state = 'drawn'
           AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.inspection_id = sampled_case.inspection_id
             AND audit.reference = sampled_case.reference AND audit.reading = $2)
         ORDER BY stratum, reference",
    )
    .bind(inspection.as_str())
    .bind(reading.code())
    .fetch_all(executor)
    .await
}

/// Whether a case of either strand waits for that reading.
pub(in crate::audit) async fn awaits<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
    reference: &str,
    reading: Reading,
) -> sqlx::Result<bool> {
    let found: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM case_record WHERE inspection_id = $1 AND reference = $2
           AND (EXISTS (SELECT 1 FROM sampled_case WHERE sampled_case.inspection_id = $1
               AND sampled_case.reference = $2 AND sampled_case.state = 'drawn')
             OR EXISTS (SELECT 1 FROM purposive_case WHERE purposive_case.inspection_id = $1
               AND purposive_case.reference = $2 AND purposive_case.undone_at IS NULL))
           AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.inspection_id = $1 AND audit.reference = $2
             AND audit.reading = $3)",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .bind(reading.code())
    .fetch_one(executor)
    .await?;
    Ok(found > 0)
}

/// A person on the team and how many audits of the inspection they have to do and have done.
#[derive(Debug, Clone, FromRow)]
pub struct Load {
    /// Who.
    pub id: Text<UserId>,
    /// Their name.
    pub name: String,
    /// Their role's code.
    pub role: String,
    /// To do.
    pub open: i64,
    /// Submitted.
    pub submitted: i64,
}

/// The team's load, by name.
pub(in crate::audit) async fn loads<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Load>> {
    sqlx::query_as(
        "SELECT account.id, account.name, account.role,
           COUNT(CASE WHEN audit.state <> 'submitted' THEN 1 END) AS open,
           COUNT(CASE WHEN audit.state = 'submitted' THEN 1 END) AS submitted
         FROM team_member JOIN account ON account.id = team_member.account_id
         LEFT JOIN audit ON audit.inspection_id = team_member.inspection_id AND audit.reader_id = account.id
         WHERE team_member.inspection_id = $1
         GROUP BY account.id, account.name, account.role
         ORDER BY account.name, account.id",
    )
    .bind(inspection.as_str())
    .fetch_all(executor)
    .await
}

/// The readings that exist: case, which, reader.
pub(in crate::audit) async fn readings<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<(String, Reading, UserId)>> {
    let rows: Vec<(String, Text<Reading>, Text<UserId>)> = sqlx::query_as(
        "SELECT reference, reading, reader_id FROM audit WHERE inspection_id = $1 ORDER BY reference, reading",
    )
    .bind(inspection.as_str())
    .fetch_all(executor)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(reference, reading, reader)| (reference, reading.0, reader.0))
        .collect())
}
