//! Findings and the failings behind them in the database.

use super::Filter;
use crate::store::{Text, Value, insert_many};
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};
use throughline_domain::finding::{FindingWritten, Kind, Words};
use throughline_domain::id::{AuditId, FailingId, FindingId, InspectionId, UserId};

/// What the inspectorate concluded, with how much stands behind it.
#[derive(Debug, Clone, FromRow)]
pub struct Finding {
    /// Its id.
    pub id: Text<FindingId>,
    /// Of which inspection.
    pub inspection_id: Text<InspectionId>,
    /// How heavy it is.
    pub kind: Text<Kind>,
    /// In one line.
    pub title: String,
    /// In full.
    pub detail: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub written_at: Text<Timestamp>,
    /// How many failings stand behind it.
    pub failings: i64,
    /// In how many cases.
    pub cases: i64,
    /// How many recommendations rest on it.
    pub recommendations: i64,
    /// How many of these are published.
    pub published: i64,
}

impl Finding {
    /// Its words.
    pub fn words(&self) -> Words {
        Words {
            kind: self.kind.0,
            title: self.title.clone(),
            detail: self.detail.clone(),
        }
    }
}

/// A failing of a reading that stands.
#[derive(Debug, Clone, FromRow)]
pub struct Failing {
    /// Its id.
    pub id: Text<FailingId>,
    /// The reading it was noted in.
    pub audit_id: Text<AuditId>,
    /// The case.
    pub reference: String,
    /// The criterion that was not met.
    pub criterion: String,
    /// What it is put down to.
    pub cause: String,
    /// Where in the file it shows.
    pub passage: String,
    /// What it was.
    pub detail: String,
    /// The case's category.
    pub category: String,
    /// The case's area.
    pub area: String,
    /// How many findings it stands behind.
    pub findings: i64,
}

/// Only submitted readings of drawn cases whose failings stand count; what a picked case shows is
/// no part of any number. Where a case was read twice, those of
/// the reading that its final grade rests on.
const STANDING: &str = "failing
    JOIN audit ON audit.id = failing.audit_id AND audit.state = 'submitted'
    JOIN case_grade ON case_grade.audit_id = audit.id AND case_grade.inspection_id = failing.inspection_id
    JOIN sampled_case ON sampled_case.inspection_id = audit.inspection_id
      AND sampled_case.reference = audit.reference AND sampled_case.state = 'drawn'";

fn finding_columns() -> String {
    let behind = format!(
        "FROM {STANDING} JOIN finding_failing behind ON behind.failing_id = failing.id
         WHERE behind.finding_id = finding.id"
    );
    format!(
        "SELECT finding.id, finding.inspection_id, finding.kind, finding.title, finding.detail,
           account.name AS author, finding.written_at,
           (SELECT COUNT(*) {behind}) AS failings,
           (SELECT COUNT(DISTINCT audit.reference) {behind}) AS cases,
           (SELECT COUNT(*) FROM recommendation_finding asked WHERE asked.finding_id = finding.id) AS recommendations,
           (SELECT COUNT(*) FROM recommendation_finding asked
              JOIN recommendation ON recommendation.id = asked.recommendation_id
              WHERE asked.finding_id = finding.id AND recommendation.published_on IS NOT NULL) AS published
         FROM finding JOIN account ON account.id = finding.written_by"
    )
}

const HEAVIEST_FIRST: &str = "ORDER BY CASE finding.kind WHEN 'cause-of-concern' THEN 1 WHEN 'area-for-improvement' THEN 2 ELSE 3 END,
    finding.written_at, finding.id";

pub(super) async fn find(
    connection: &mut AnyConnection,
    id: &FindingId,
) -> sqlx::Result<Option<Finding>> {
    let sql = format!("{} WHERE finding.id = $1", finding_columns());
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(id.as_str())
        .fetch_optional(connection)
        .await
}

pub(super) async fn list(pool: &AnyPool, inspection: &InspectionId) -> sqlx::Result<Vec<Finding>> {
    let sql = format!(
        "{} WHERE finding.inspection_id = $1 {HEAVIEST_FIRST}",
        finding_columns()
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .fetch_all(pool)
        .await
}

pub(super) async fn list_causes_without_recommendation(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Finding>> {
    let sql = format!(
        "{} WHERE finding.inspection_id = $1 AND finding.kind = 'cause-of-concern'
           AND NOT EXISTS (SELECT 1 FROM recommendation_finding asked WHERE asked.finding_id = finding.id)
         {HEAVIEST_FIRST}",
        finding_columns()
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .fetch_all(pool)
        .await
}

fn failing_columns() -> String {
    format!(
        "SELECT failing.id, failing.audit_id, audit.reference, failing.criterion, failing.cause, failing.passage,
           failing.detail, case_record.category, case_record.area,
           (SELECT COUNT(*) FROM finding_failing behind WHERE behind.failing_id = failing.id) AS findings
         FROM {STANDING}
         JOIN case_record ON case_record.inspection_id = audit.inspection_id AND case_record.reference = audit.reference"
    )
}

/// The condition of a filter over `$2` to `$5`; an empty text stands for all.
const WANTED: &str = "($2 = '' OR failing.criterion = $2) AND ($3 = '' OR failing.cause = $3)
    AND ($4 = '' OR case_record.category = $4) AND ($5 = '' OR case_record.area = $5)";

/// Not of a case of the inspection `$1` that somebody is still to read themselves; nobody where
/// the account is empty.
fn not_still_read_by(place: &str) -> String {
    format!(
        "audit.reference NOT IN (SELECT mine.reference FROM audit mine
         WHERE mine.inspection_id = $1 AND mine.reader_id = {place} AND mine.state <> 'submitted')"
    )
}

const OF_CASES: &str = "JOIN case_record ON case_record.inspection_id = audit.inspection_id
    AND case_record.reference = audit.reference";

/// The failings that stand in an inspection and that a filter lets through, case by case: so
/// many, from a place on.
pub(crate) async fn failings(
    pool: &AnyPool,
    inspection: &InspectionId,
    filter: &Filter,
    still_reading: Option<&UserId>,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Failing>> {
    let unread = not_still_read_by("$8");
    let sql = format!(
        "{} WHERE failing.inspection_id = $1 AND {WANTED} AND {unread}
         ORDER BY audit.reference, failing.criterion, failing.id LIMIT $6 OFFSET $7",
        failing_columns()
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .bind(filter.criterion.as_str())
        .bind(filter.cause.as_str())
        .bind(filter.category.as_str())
        .bind(filter.area.as_str())
        .bind(limit)
        .bind(offset)
        .bind(still_reading.map_or("", UserId::as_str))
        .fetch_all(pool)
        .await
}

/// The ids of the failings that a filter lets through.
pub(super) async fn failing_ids(
    pool: &AnyPool,
    inspection: &InspectionId,
    filter: &Filter,
    still_reading: Option<&UserId>,
) -> sqlx::Result<Vec<Text<FailingId>>> {
    let unread = not_still_read_by("$6");
    let sql = format!(
        "SELECT failing.id FROM {STANDING} {OF_CASES} WHERE failing.inspection_id = $1 AND {WANTED} AND {unread} ORDER BY failing.id"
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .bind(filter.criterion.as_str())
        .bind(filter.cause.as_str())
        .bind(filter.category.as_str())
        .bind(filter.area.as_str())
        .bind(still_reading.map_or("", UserId::as_str))
        .fetch_all(pool)
        .await
}

/// How many failings of a criterion and a cause, and in how many cases. An empty code stands
/// for all of them: a case that fails twice is one case.
#[derive(Debug, Clone, FromRow)]
pub struct Counted {
    /// The criterion.
    pub criterion: String,
    /// The cause.
    pub cause: String,
    /// Failings.
    pub failings: i64,
    /// Cases they are in.
    pub cases: i64,
}

/// The failings that stand in the cases of a filter, counted by criterion and cause, by either
/// alone, and in all.
pub(crate) async fn count_failings(
    pool: &AnyPool,
    inspection: &InspectionId,
    filter: &Filter,
    still_reading: Option<&UserId>,
) -> sqlx::Result<Vec<Counted>> {
    let unread = not_still_read_by("$4");
    let counted = "COUNT(*) AS failings, COUNT(DISTINCT reference) AS cases FROM standing";
    let sql = format!(
        "WITH standing AS MATERIALIZED (SELECT failing.criterion, failing.cause, audit.reference
           FROM {STANDING} {OF_CASES}
           WHERE failing.inspection_id = $1 AND ($2 = '' OR case_record.category = $2)
             AND ($3 = '' OR case_record.area = $3) AND {unread})
         SELECT criterion, cause, {counted} GROUP BY criterion, cause
         UNION ALL SELECT criterion, '', {counted} GROUP BY criterion
         UNION ALL SELECT '', cause, {counted} GROUP BY cause
         UNION ALL SELECT '', '', {counted}
         ORDER BY criterion, cause"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .bind(filter.category.as_str())
        .bind(filter.area.as_str())
        .bind(still_reading.map_or("", UserId::as_str))
        .fetch_all(pool)
        .await
}

/// The areas of the cases in which a failing stands.
pub(super) async fn areas(
    pool: &AnyPool,
    inspection: &InspectionId,
    still_reading: Option<&UserId>,
) -> sqlx::Result<Vec<String>> {
    let unread = not_still_read_by("$2");
    let sql = format!(
        "SELECT DISTINCT case_record.area FROM {STANDING} {OF_CASES} WHERE failing.inspection_id = $1 AND {unread} ORDER BY case_record.area"
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .bind(still_reading.map_or("", UserId::as_str))
        .fetch_all(pool)
        .await
}

/// The failings behind a finding, case by case.
pub(super) async fn failings_behind(
    pool: &AnyPool,
    finding: &FindingId,
) -> sqlx::Result<Vec<Failing>> {
    let sql = format!(
        "{} JOIN finding_failing mine ON mine.failing_id = failing.id
         WHERE mine.finding_id = $1 ORDER BY audit.reference, failing.criterion, failing.id",
        failing_columns()
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(finding.as_str())
        .fetch_all(pool)
        .await
}

/// How many failings stand in an inspection.
#[derive(Debug, FromRow)]
pub(super) struct Tally {
    pub failings: i64,
    /// In how many cases.
    pub cases: i64,
    /// How many stand behind no finding.
    pub loose: i64,
}

pub(super) async fn tally(pool: &AnyPool, inspection: &InspectionId) -> sqlx::Result<Tally> {
    let sql = format!(
        "SELECT COUNT(*) AS failings, COUNT(DISTINCT audit.reference) AS cases,
           COUNT(CASE WHEN NOT EXISTS (SELECT 1 FROM finding_failing behind WHERE behind.failing_id = failing.id)
             THEN 1 END) AS loose
         FROM {STANDING} WHERE failing.inspection_id = $1"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .fetch_one(pool)
        .await
}

/// The ids of the failings that stand, for checking what a form sent.
pub(super) async fn standing_ids(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Text<FailingId>>> {
    let sql = format!(
        "SELECT failing.id FROM {STANDING} WHERE failing.inspection_id = $1 ORDER BY failing.id"
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .fetch_all(connection)
        .await
}

pub(super) async fn attached_ids(
    connection: &mut AnyConnection,
    finding: &FindingId,
) -> sqlx::Result<Vec<Text<FailingId>>> {
    sqlx::query_scalar(
        "SELECT failing_id FROM finding_failing WHERE finding_id = $1 ORDER BY failing_id",
    )
    .bind(finding.as_str())
    .fetch_all(connection)
    .await
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    written: &FindingWritten,
    author: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO finding (id, inspection_id, kind, title, detail, written_by, written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(written.finding.as_str())
    .bind(written.inspection.as_str())
    .bind(written.words.kind.code())
    .bind(written.words.title.as_str())
    .bind(written.words.detail.as_str())
    .bind(author.as_str())
    .bind(Text(now))
    .execute(&mut *connection)
    .await?;
    attach(connection, &written.finding, &written.failings).await
}

pub(super) async fn change(
    connection: &mut AnyConnection,
    finding: &FindingId,
    words: &Words,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE finding SET kind = $2, title = $3, detail = $4 WHERE id = $1")
        .bind(finding.as_str())
        .bind(words.kind.code())
        .bind(words.title.as_str())
        .bind(words.detail.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn attach(
    connection: &mut AnyConnection,
    finding: &FindingId,
    failings: &[FailingId],
) -> sqlx::Result<()> {
    let rows: Vec<Vec<Value>> = failings
        .iter()
        .map(|failing| vec![finding.as_str().into(), failing.as_str().into()])
        .collect();
    let head = "INSERT INTO finding_failing (finding_id, failing_id)";
    insert_many(connection, head, &rows).await
}

pub(super) async fn detach(
    connection: &mut AnyConnection,
    finding: &FindingId,
    failings: &[FailingId],
) -> sqlx::Result<()> {
    for failing in failings {
        sqlx::query("DELETE FROM finding_failing WHERE finding_id = $1 AND failing_id = $2")
            .bind(finding.as_str())
            .bind(failing.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Id, number and words of the recommendations that rest on a finding.
pub(super) async fn recommendations(
    pool: &AnyPool,
    finding: &FindingId,
) -> sqlx::Result<Vec<(String, i64, String)>> {
    sqlx::query_as(
        "SELECT recommendation.id, recommendation.number, recommendation.detail FROM recommendation
         JOIN recommendation_finding asked ON asked.recommendation_id = recommendation.id
         WHERE asked.finding_id = $1 ORDER BY recommendation.number",
    )
    .bind(finding.as_str())
    .fetch_all(pool)
    .await
}
