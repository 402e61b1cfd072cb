//! Audits in the database. What a reader writes is in [`content`]; lists are in [`list`].

pub(super) mod content;
pub(super) mod list;

use super::agreement::GivenGrade;
use crate::inspection::Inspection;
use crate::store::{Text, Value, insert_many, insert_many_or};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Executor, FromRow};
use std::collections::BTreeSet;
use throughline_domain::audit::{
    AuditReassigned, AuditsAssigned, Basis, CaseSettled, Reading, SecondReadingsChosen, Standing,
    State, SubmittedReading,
};
use throughline_domain::id::{AuditId, InspectionId, UserId};
use throughline_domain::sample::Strand;

/// One reading of one case.
#[derive(Debug, Clone, FromRow)]
pub struct Audit {
    /// Its id.
    pub id: Text<AuditId>,
    /// The inspection it belongs to.
    pub inspection_id: Text<InspectionId>,
    /// The case.
    pub reference: String,
    /// Who reads it.
    pub reader_id: Text<UserId>,
    /// That reader's name.
    pub reader_name: String,
    /// First or second.
    pub reading: Text<Reading>,
    /// How far it has come.
    pub state: Text<State>,
    /// The day by which it is due.
    pub due_on: Text<Date>,
    /// The overall grade's code, as far as it is given.
    pub grade: Option<String>,
    /// How often it was saved.
    pub revision: i64,
    /// When it was assigned.
    pub assigned_at: Text<Timestamp>,
    /// When it was last saved.
    pub saved_at: Option<Text<Timestamp>>,
    /// When it was submitted.
    pub submitted_at: Option<Text<Timestamp>>,
    /// Why a lead returned it.
    pub returned_reason: Option<String>,
    /// The case's category.
    pub category: String,
    /// The case's area.
    pub area: String,
    /// When the case was opened.
    pub opened_on: Text<Date>,
    /// When the case was closed.
    pub closed_on: Option<Text<Date>>,
    /// By what the case came to be read; none once it was taken out.
    pub strand: Option<Text<Strand>>,
}

impl Audit {
    /// How it stands, for the domain's steps.
    pub fn standing(&self) -> Standing {
        Standing {
            audit: self.id.0.clone(),
            state: self.state.0,
            revision: self.revision,
        }
    }

    /// As settling needs it.
    pub fn submitted_reading(&self) -> SubmittedReading {
        SubmittedReading {
            audit: self.id.0.clone(),
            state: self.state.0,
            grade: self.grade.clone(),
            reader: self.reader_id.0.clone(),
        }
    }

    /// Whether somebody picked its case: then it stands in no estimate.
    pub fn is_picked(&self) -> bool {
        self.strand == Some(Text(Strand::Picked))
    }

    /// Whether its day is over and it is not submitted.
    pub fn is_late(&self, today: Date) -> bool {
        *self.state != State::Submitted && *self.due_on < today
    }
}

/// By what the case of an audit came to be read.
const STRANDS: &str = "LEFT JOIN sampled_case ON sampled_case.inspection_id = audit.inspection_id
      AND sampled_case.reference = audit.reference AND sampled_case.state = 'drawn'
    LEFT JOIN purposive_case ON purposive_case.inspection_id = audit.inspection_id
      AND purposive_case.reference = audit.reference AND purposive_case.undone_at IS NULL";

/// Whether the case of an audit is still to be read, or was: it was not taken out.
const IS_READ: &str =
    "(sampled_case.reference IS NOT NULL OR purposive_case.reference IS NOT NULL)";

const COLUMNS: &str = "SELECT audit.id, audit.inspection_id, audit.reference, audit.reader_id,
    account.name AS reader_name, audit.reading, audit.state, audit.due_on, audit.grade, audit.revision,
    audit.assigned_at, audit.saved_at, audit.submitted_at, audit.returned_reason,
    case_record.category, case_record.area, case_record.opened_on, case_record.closed_on,
    CASE WHEN sampled_case.reference IS NOT NULL THEN 'drawn'
      WHEN purposive_case.reference IS NOT NULL THEN 'picked' END AS strand
    FROM audit
    JOIN account ON account.id = audit.reader_id
    JOIN case_record ON case_record.inspection_id = audit.inspection_id AND case_record.reference = audit.reference";

/// Finds an audit, whoever asks: callers decide who may see it.
pub(super) async fn find<'e>(
    executor: impl Executor<'e, Database = Any>,
    id: &AuditId,
) -> sqlx::Result<Option<Audit>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} {STRANDS} WHERE audit.id = $1"
    )))
    .bind(id.as_str())
    .fetch_optional(executor)
    .await
}

/// The readings of a case, the first one first.
pub(super) async fn readings_of_case<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<Vec<Audit>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} {STRANDS} WHERE audit.inspection_id = $1 AND audit.reference = $2 ORDER BY audit.reading"
    )))
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_all(executor)
    .await
}

/// The second reading of the case of an audit.
const WITH_OTHER: &str = "JOIN audit AS other ON other.inspection_id = audit.inspection_id AND other.reference = audit.reference";

/// What makes a first reading wait to be settled: both are submitted, their grades differ, and
/// nobody has settled the case.
const DIFFERING: &str = "audit.reading = 'first' AND audit.state = 'submitted'
    AND other.reading = 'second' AND other.state = 'submitted' AND audit.grade <> other.grade
    AND NOT EXISTS (SELECT 1 FROM case_grade WHERE case_grade.inspection_id = audit.inspection_id
      AND case_grade.reference = audit.reference)";

/// The cases of an inspection that wait to be settled, as their first readings.
pub(super) async fn differing<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Audit>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} {STRANDS} {WITH_OTHER} WHERE {DIFFERING} AND {IS_READ} AND audit.inspection_id = $1 ORDER BY audit.reference"
    )))
    .bind(inspection.as_str())
    .fetch_all(executor)
    .await
}

/// How many cases of a round are drawn and stand.
pub(super) async fn count_drawn<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM sampled_case WHERE inspection_id = $1 AND state = 'drawn'",
    )
    .bind(inspection.as_str())
    .fetch_one(executor)
    .await
}

/// The submitted grades of the drawn cases, in every round of the series under the same framework.
pub(super) async fn submitted_of_series<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &Inspection,
) -> sqlx::Result<Vec<GivenGrade>> {
    sqlx::query_as(
        "SELECT audit.reader_id, account.name, audit.inspection_id, audit.reference, audit.grade, audit.submitted_at
         FROM audit
         JOIN inspection ON inspection.id = audit.inspection_id
         JOIN account ON account.id = audit.reader_id
         JOIN sampled_case ON sampled_case.inspection_id = audit.inspection_id
           AND sampled_case.reference = audit.reference
         WHERE inspection.series_id = $1 AND inspection.framework = $2 AND audit.state = 'submitted'
           AND audit.grade IS NOT NULL AND sampled_case.state = 'drawn'
         ORDER BY audit.inspection_id, audit.reference, audit.reading",
    )
    .bind(inspection.series_id.as_str())
    .bind(inspection.framework.as_str())
    .fetch_all(executor)
    .await
}

/// An inspection in which cases wait to be settled.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Unsettled {
    pub inspection_id: Text<InspectionId>,
    /// How many wait.
    pub cases: i64,
    /// How many of these the person read, so that somebody else settles them.
    pub own: i64,
}

/// The inspections of a team member in which cases wait to be settled. It begins with the second
/// readings, which are few.
pub(super) async fn unsettled(pool: &AnyPool, user: &UserId) -> sqlx::Result<Vec<Unsettled>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "WITH other AS MATERIALIZED (SELECT inspection_id, reference, reading, state, grade, reader_id FROM audit
           WHERE reading = 'second' AND inspection_id IN (SELECT inspection_id FROM team_member WHERE account_id = $1))
         SELECT audit.inspection_id, COUNT(*) AS cases,
           COUNT(CASE WHEN audit.reader_id = $1 OR other.reader_id = $1 THEN 1 END) AS own
         FROM other JOIN audit ON audit.inspection_id = other.inspection_id AND audit.reference = other.reference
         {STRANDS} WHERE {DIFFERING} AND {IS_READ}
         GROUP BY audit.inspection_id ORDER BY audit.inspection_id"
    )))
    .bind(user.as_str())
    .fetch_all(pool)
    .await
}

/// The cases of an inspection that this person reads, in either reading.
pub(super) async fn read_by(
    pool: &AnyPool,
    inspection: &InspectionId,
    user: &UserId,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT DISTINCT reference FROM audit WHERE inspection_id = $1 AND reader_id = $2 ORDER BY reference",
    )
    .bind(inspection.as_str())
    .bind(user.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    assigned: &AuditsAssigned,
    now: Timestamp,
) -> sqlx::Result<()> {
    let rows: Vec<Vec<Value>> = assigned
        .audits
        .iter()
        .map(|one| {
            vec![
                one.audit.as_str().into(),
                assigned.inspection.as_str().into(),
                one.reference.as_str().into(),
                one.reader.as_str().into(),
                assigned.reading.code().into(),
                State::Assigned.code().into(),
                assigned.due_on.to_string().into(),
                Value::Whole(0),
                now.to_string().into(),
            ]
        })
        .collect();
    let head = "INSERT INTO audit (id, inspection_id, reference, reader_id, reading, state, due_on, revision, assigned_at)";
    insert_many(connection, head, &rows).await
}

pub(super) async fn pass_on(
    connection: &mut AnyConnection,
    event: &AuditReassigned,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE audit SET reader_id = $1, due_on = $2 WHERE id = $3")
        .bind(event.to.as_str())
        .bind(Text(event.due_on))
        .bind(event.audit.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes how an audit stands after a save.
pub(super) async fn write_saved(
    connection: &mut AnyConnection,
    next: &Standing,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE audit SET state = $1, revision = $2, saved_at = $3 WHERE id = $4")
        .bind(next.state.code())
        .bind(next.revision)
        .bind(Text(now))
        .bind(next.audit.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes how an audit stands once it is submitted.
pub(super) async fn write_submitted(
    connection: &mut AnyConnection,
    next: &Standing,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE audit SET state = $1, revision = $2, submitted_at = $3, returned_reason = NULL WHERE id = $4",
    )
    .bind(next.state.code())
    .bind(next.revision)
    .bind(Text(now))
    .bind(next.audit.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes how an audit stands once it is with its reader again.
pub(super) async fn write_returned(
    connection: &mut AnyConnection,
    next: &Standing,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE audit SET state = $1, revision = $2, submitted_at = NULL, returned_reason = $3 WHERE id = $4",
    )
    .bind(next.state.code())
    .bind(next.revision)
    .bind(reason)
    .bind(next.audit.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// The revision that last saved a page of the form, when, and by whom.
#[derive(Debug, Clone, FromRow)]
pub(super) struct StepSaved {
    pub revision: i64,
    pub saved_at: Text<Timestamp>,
    pub saved_by_name: String,
}

pub(super) async fn find_step<'e>(
    executor: impl Executor<'e, Database = Any>,
    audit: &AuditId,
    step: &str,
) -> sqlx::Result<Option<StepSaved>> {
    sqlx::query_as(
        "SELECT audit_step.revision, saved_at, account.name AS saved_by_name
         FROM audit_step JOIN account ON account.id = saved_by WHERE audit_id = $1 AND step = $2",
    )
    .bind(audit.as_str())
    .bind(step)
    .fetch_optional(executor)
    .await
}

pub(super) async fn write_step(
    connection: &mut AnyConnection,
    next: &Standing,
    step: &str,
    by: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_step (audit_id, step, revision, saved_at, saved_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (audit_id, step) DO UPDATE
         SET revision = excluded.revision, saved_at = excluded.saved_at, saved_by = excluded.saved_by",
    )
    .bind(next.audit.as_str())
    .bind(step)
    .bind(next.revision)
    .bind(Text(now))
    .bind(by.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// The final grade of a case, once it is settled.
#[derive(Debug, Clone, FromRow)]
pub struct Final {
    /// The grade's code.
    pub grade: String,
    /// How it was settled: single, agreed or moderated.
    pub settled: String,
    /// Why, where two readings differed.
    pub reason: Option<String>,
    /// The reading whose failings stand.
    pub audit_id: Text<AuditId>,
    /// The lead who settled it.
    pub settled_by_name: Option<String>,
}

pub(super) async fn find_final<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<Option<Final>> {
    sqlx::query_as(
        "SELECT grade, settled, reason, audit_id, account.name AS settled_by_name
         FROM case_grade LEFT JOIN account ON account.id = settled_by
         WHERE inspection_id = $1 AND reference = $2",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_optional(executor)
    .await
}

pub(super) async fn settle(
    connection: &mut AnyConnection,
    settled: &CaseSettled,
    by: Option<&UserId>,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO case_grade (inspection_id, reference, grade, settled, audit_id, reason, settled_by, settled_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(settled.inspection.as_str())
    .bind(settled.reference.as_str())
    .bind(settled.grade.as_str())
    .bind(settled.settled.code())
    .bind(settled.audit.as_str())
    .bind(settled.reason.as_deref())
    .bind(by.map(UserId::as_str))
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes away the final grade of a case whose readings are open again.
pub(super) async fn unsettle(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM case_grade WHERE inspection_id = $1 AND reference = $2")
        .bind(inspection.as_str())
        .bind(reference)
        .execute(connection)
        .await?;
    Ok(())
}

/// What rests on an audit.
pub(super) async fn basis(connection: &mut AnyConnection, audit: &Audit) -> sqlx::Result<Basis> {
    let (findings, approved): (i64, i64) = sqlx::query_as(
        "SELECT
           (SELECT COUNT(*) FROM finding_failing JOIN failing ON failing.id = failing_id
             WHERE audit_id = $1) AS findings,
           (SELECT COUNT(*) FROM report WHERE inspection_id = $2
             AND state IN ('approved', 'published')) AS approved",
    )
    .bind(audit.id.as_str())
    .bind(audit.inspection_id.as_str())
    .fetch_one(connection)
    .await?;
    Ok(Basis {
        findings,
        report_approved: approved > 0,
    })
}

/// Somebody else who has the audit open.
#[derive(Debug, Clone, FromRow)]
pub struct Present {
    /// Their name.
    pub name: String,
    /// Since when.
    pub since: Text<Timestamp>,
}

/// After so long without opening a page, somebody is gone.
const PRESENT_FOR: SignedDuration = SignedDuration::from_mins(15);

/// Notes that somebody has the audit open.
pub(super) async fn note_presence(
    connection: &mut AnyConnection,
    audit: &AuditId,
    user: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_presence (audit_id, account_id, since, seen_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (audit_id, account_id) DO UPDATE SET
           since = CASE WHEN audit_presence.seen_at < $4 THEN excluded.since ELSE audit_presence.since END,
           seen_at = excluded.seen_at",
    )
    .bind(audit.as_str())
    .bind(user.as_str())
    .bind(Text(now))
    .bind(Text(now - PRESENT_FOR))
    .execute(connection)
    .await?;
    Ok(())
}

/// Who else has the audit open.
pub(super) async fn others_present(
    connection: &mut AnyConnection,
    audit: &AuditId,
    user: &UserId,
    now: Timestamp,
) -> sqlx::Result<Vec<Present>> {
    sqlx::query_as(
        "SELECT account.name, since FROM audit_presence JOIN account ON account.id = account_id
         WHERE audit_id = $1 AND account_id <> $2 AND seen_at >= $3 ORDER BY since, account.name",
    )
    .bind(audit.as_str())
    .bind(user.as_str())
    .bind(Text(now - PRESENT_FOR))
    .fetch_all(connection)
    .await
}

/// Whether somebody has ever opened an audit.
pub(super) async fn has_opened(
    connection: &mut AnyConnection,
    audit: &AuditId,
    user: &UserId,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT since FROM audit_presence WHERE audit_id = $1 AND account_id = $2",
    )
    .bind(audit.as_str())
    .bind(user.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Notes that somebody has seen what others wrote of cases.
pub(super) async fn note_seen(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    references: &BTreeSet<String>,
    user: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    let rows: Vec<Vec<Value>> = references
        .iter()
        .map(|reference| {
            vec![
                inspection.as_str().into(),
                reference.as_str().into(),
                user.as_str().into(),
                now.to_string().into(),
            ]
        })
        .collect();
    insert_many_or(
        connection,
        "INSERT INTO case_seen (inspection_id, reference, account_id, seen_at)",
        &rows,
        "ON CONFLICT (inspection_id, reference, account_id) DO NOTHING",
    )
    .await
}

/// Who has seen, elsewhere than in an audit, what others wrote of the cases of an inspection.
pub(super) async fn who_saw_elsewhere(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<HasSeen>> {
    sqlx::query_as(
        "SELECT reference, account_id FROM case_seen WHERE inspection_id = $1 ORDER BY reference, account_id",
    )
    .bind(inspection.as_str())
    .fetch_all(connection)
    .await
}

/// Who has ever opened which case's audits: a pair for each reader and case.
#[derive(Debug, Clone, FromRow)]
pub(super) struct HasSeen {
    pub reference: String,
    pub account_id: Text<UserId>,
}

/// Who reads or has opened any reading of the cases of an inspection.
pub(super) async fn who_has_seen(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<HasSeen>> {
    sqlx::query_as(
        "SELECT audit.reference AS reference, account_id FROM audit_presence JOIN audit ON audit.id = audit_id
         WHERE inspection_id = $1
         UNION SELECT reference, reader_id AS account_id FROM audit WHERE inspection_id = $1
         ORDER BY 1, 2",
    )
    .bind(inspection.as_str())
    .fetch_all(connection)
    .await
}

/// How the second readings were chosen.
#[derive(Debug, Clone, FromRow)]
pub struct SecondReadingDraw {
    /// The seed, in hexadecimal.
    pub seed: String,
    /// The share, in per cent.
    pub share_percent: i64,
    /// From how many cases.
    pub chosen_from: i64,
    /// How many.
    pub chosen: i64,
    /// When.
    pub drawn_at: Text<Timestamp>,
}

pub(super) async fn find_second_reading_draw<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
) -> sqlx::Result<Option<SecondReadingDraw>> {
    sqlx::query_as(
        "SELECT seed, share_percent, chosen_from, chosen, drawn_at FROM second_reading_draw WHERE inspection_id = $1",
    )
    .bind(inspection.as_str())
    .fetch_optional(executor)
    .await
}

pub(super) async fn insert_second_reading_draw(
    connection: &mut AnyConnection,
    chosen: &SecondReadingsChosen,
    by: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO second_reading_draw (inspection_id, seed, share_percent, chosen_from, chosen, drawn_by, drawn_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(chosen.inspection.as_str())
    .bind(chosen.seed.as_str())
    .bind(i64::from(chosen.share_percent))
    .bind(i64::try_from(chosen.chosen_from).unwrap_or(i64::MAX))
    .bind(i64::try_from(chosen.references.len()).unwrap_or(i64::MAX))
    .bind(by.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// An audit that waits for its reader.
#[derive(Debug, Clone, FromRow)]
pub(super) struct OwnRow {
    pub id: Text<AuditId>,
    pub inspection_id: Text<InspectionId>,
    pub inspection_title: String,
    pub force_name: String,
    pub framework: String,
    pub reference: String,
    pub category: String,
    pub reading: Text<Reading>,
    pub state: Text<State>,
    pub due_on: Text<Date>,
    pub returned_reason: Option<String>,
    pub answered: i64,
}

pub(super) async fn own_work(pool: &AnyPool, user: &UserId) -> sqlx::Result<Vec<OwnRow>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT audit.id, audit.inspection_id, inspection.title AS inspection_title, force.name AS force_name,
           inspection.framework, audit.reference, case_record.category, audit.reading, audit.state, audit.due_on,
           audit.returned_reason,
           (SELECT COUNT(*) FROM audit_answer WHERE audit_id = audit.id AND answer IS NOT NULL) AS answered
         FROM audit
         JOIN inspection ON inspection.id = audit.inspection_id
         JOIN force ON force.id = inspection.force_id
         JOIN team_member ON team_member.inspection_id = audit.inspection_id AND team_member.account_id = audit.reader_id
         JOIN case_record ON case_record.inspection_id = audit.inspection_id AND case_record.reference = audit.reference
         {STRANDS}
         WHERE audit.reader_id = $1 AND audit.state <> 'submitted' AND {IS_READ}
         ORDER BY audit.due_on, audit.inspection_id, audit.reference"
    )))
    .bind(user.as_str())
    .fetch_all(pool)
    .await
}
