//! What a run found, in the database: written in parts, and taken away where the run was broken
//! off.

use super::run::{ListedCase, optional};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::screening::run::CaseFound;
use crate::screening::verdict::summarise;
use crate::store::{Text, Value, insert_many, insert_many_or, json, whole};
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool};
use throughline_domain::id::{InspectionId, ScreeningId};

/// A run that is still at work, or was killed: it is no screening, and nobody broke it off.
const AT_WORK: &str = "broken_off_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM screening WHERE screening.id = screening_run.id)";

/// Writes down that a run begins, and breaks off every other of the inspection that is no
/// screening yet.
pub(in crate::screening) async fn begin_run(
    connection: &mut AnyConnection,
    call: &Call,
    inspection: &InspectionId,
    run: &ScreeningId,
) -> sqlx::Result<()> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE screening_run SET broken_off_at = $2 WHERE inspection_id = $1 AND {AT_WORK}"
    )))
    .bind(inspection.as_str())
    .bind(Text(call.now))
    .execute(&mut *connection)
    .await?;
    sqlx::query("INSERT INTO screening_run (id, inspection_id, begun_at) VALUES ($1, $2, $3)")
        .bind(run.as_str())
        .bind(inspection.as_str())
        .bind(Text(call.now))
        .execute(connection)
        .await?;
    Ok(())
}

/// Refuses to go on with a run that another took the place of.
pub(in crate::screening) async fn check_run(
    connection: &mut AnyConnection,
    run: &ScreeningId,
) -> Result<()> {
    let at_work: Option<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT id FROM screening_run WHERE id = $1 AND {AT_WORK}"
    )))
    .bind(run.as_str())
    .fetch_optional(connection)
    .await?;
    match at_work {
        Some(_) => Ok(()),
        None => Err(Error::Conflict(
            "Another check of the cases was begun meanwhile and takes the place of this one."
                .into(),
        )),
    }
}

/// Breaks a run off, unless it is a screening by now.
pub(in crate::screening) async fn break_off_run(
    connection: &mut AnyConnection,
    call: &Call,
    run: &ScreeningId,
) -> sqlx::Result<()> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE screening_run SET broken_off_at = $2 WHERE id = $1 AND {AT_WORK}"
    )))
    .bind(run.as_str())
    .bind(Text(call.now))
    .execute(connection)
    .await?;
    Ok(())
}

/// The runs of an inspection that were broken off and left something.
pub(in crate::screening) async fn broken_off_runs(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Text<ScreeningId>>> {
    sqlx::query_scalar(
        "SELECT id FROM screening_run WHERE inspection_id = $1 AND broken_off_at IS NOT NULL
         ORDER BY id",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

/// What a run leaves, in the order in which it is taken away: of each table at most so many rows.
const LEFT: [&str; 2] = [
    "DELETE FROM screening_verdict WHERE screening_id = $1
       AND (standard, outcome, reference) IN (SELECT standard, outcome, reference
         FROM screening_verdict WHERE screening_id = $1
         ORDER BY standard, outcome, reference LIMIT $2)",
    "DELETE FROM screening_case WHERE screening_id = $1
       AND reference IN (SELECT reference FROM screening_case WHERE screening_id = $1
         ORDER BY reference LIMIT $2)",
];

/// Takes away some of the rows that a run left, and the run itself after the last. Returns whether
/// nothing of it is left.
pub(in crate::screening) async fn take_away(
    connection: &mut AnyConnection,
    run: &ScreeningId,
    rows: u32,
) -> sqlx::Result<bool> {
    for table in LEFT {
        let taken = sqlx::query(table)
            .bind(run.as_str())
            .bind(i64::from(rows))
            .execute(&mut *connection)
            .await?;
        if taken.rows_affected() > 0 {
            return Ok(false);
        }
    }
    sqlx::query("DELETE FROM screening_run WHERE id = $1 AND broken_off_at IS NOT NULL")
        .bind(run.as_str())
        .execute(connection)
        .await?;
    Ok(true)
}

/// How many cases of a run missed a standard.
pub(in crate::screening) async fn count_missing(
    connection: &mut AnyConnection,
    run: &ScreeningId,
) -> sqlx::Result<u64> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM screening_case WHERE screening_id = $1 AND missed > 0",
    )
    .bind(run.as_str())
    .fetch_one(connection)
    .await?;
    Ok(count.unsigned_abs())
}

/// The rows of some cases of a run.
pub(in crate::screening) struct PartRows<'r> {
    run: &'r ScreeningId,
    as_of: Date,
    cases: Vec<Vec<Value>>,
    verdicts: Vec<Vec<Value>>,
}

impl<'r> PartRows<'r> {
    /// None yet.
    pub fn of(run: &'r ScreeningId, as_of: Date) -> Self {
        PartRows {
            run,
            as_of,
            cases: Vec::new(),
            verdicts: Vec::new(),
        }
    }

    /// Adds what was found in a case.
    pub fn add(&mut self, case: &ListedCase, found: &CaseFound) -> Result<()> {
        let summary = summarise(found.within.iter().chain(&found.across));
        let missed = summary.keys().filter(|(_, missed)| *missed).count();
        let pending = summary.iter().filter(|((_, missed), _)| !missed);
        let next_due = pending.filter_map(|(_, one)| one.due).min();
        self.cases.push(vec![
            self.run.as_str().into(),
            case.reference.as_str().into(),
            case.category.as_str().into(),
            case.area.as_str().into(),
            optional(case.closed_on.as_ref()),
            Value::Whole(i64::from(case.is_open_on(self.as_of))),
            json(&found.within)?.into(),
            json(&found.across)?.into(),
            Value::Whole(whole(missed as u64)),
            optional(next_due),
        ]);
        for ((standard, missed), summary) in summary {
            self.verdicts.push(vec![
                self.run.as_str().into(),
                standard.into(),
                case.reference.as_str().into(),
                if missed { "missed" } else { "pending" }.into(),
                summary.found.code().into(),
                Value::Whole(whole(summary.times)),
                optional(summary.due),
            ]);
        }
        Ok(())
    }

    /// Writes them. A standard is checked within cases or across them, never both, so what lies
    /// across adds to what stands there of the same case.
    pub async fn insert(&self, connection: &mut AnyConnection) -> sqlx::Result<()> {
        let head = "INSERT INTO screening_case (screening_id, reference, category, area, closed_on, is_open,
            verdicts, verdicts_across, missed, next_due)";
        let otherwise = "ON CONFLICT (screening_id, reference) DO UPDATE SET
            verdicts_across = excluded.verdicts_across,
            missed = screening_case.missed + excluded.missed,
            next_due = CASE WHEN screening_case.next_due IS NULL
                OR excluded.next_due < screening_case.next_due
              THEN excluded.next_due ELSE screening_case.next_due END";
        insert_many_or(connection, head, &self.cases, otherwise).await?;
        let head = "INSERT INTO screening_verdict (screening_id, standard, reference, outcome, detail, times, due_at)";
        insert_many(connection, head, &self.verdicts).await
    }
}
