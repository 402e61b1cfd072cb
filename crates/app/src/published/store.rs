//! What is published, in the database. Nothing here reads anything else: the texts come from
//! `publication`, from recommendations that were published with a report, and from their
//! history since; titles come from the published reports and their inspections.

use crate::recommendation::store::is_open;
use crate::store::Text;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyPool, AssertSqlSafe, FromRow};
use throughline_domain::id::{InspectionId, RecommendationId, ReportId};
use throughline_domain::inspection::Kind;

/// A published version of a report.
#[derive(Debug, Clone, FromRow)]
pub struct Release {
    /// The report.
    pub report_id: Text<ReportId>,
    /// Its version, from 1; each correction is the next.
    pub version: i64,
    /// How many versions there are by now.
    pub versions: i64,
    /// The report's title.
    pub title: String,
    /// The force's code.
    pub force_code: String,
    /// The force's name.
    pub force_name: String,
    /// The inspection's title.
    pub inspection_title: String,
    /// The framework it was graded under.
    pub framework: String,
    /// What kind of round.
    pub kind: Text<Kind>,
    /// 0 for the inspection itself, then 1, 2 … for each follow-up.
    pub round: i64,
    /// First day of the field work.
    pub fieldwork_from: Text<Date>,
    /// Last day of the field work.
    pub fieldwork_to: Text<Date>,
    /// When this version was published.
    pub published_at: Text<Timestamp>,
    /// When the first version was.
    pub first_published_at: Text<Timestamp>,
    /// What this version corrects.
    pub correction: Option<String>,
}

const RELEASE: &str = "SELECT publication.report_id, publication.version,
    (SELECT COUNT(*) FROM publication other WHERE other.report_id = publication.report_id) AS versions,
    report.title, force.code AS force_code, force.name AS force_name,
    inspection.title AS inspection_title, inspection.framework, inspection.kind, inspection.round,
    inspection.fieldwork_from, inspection.fieldwork_to, publication.published_at,
    (SELECT MIN(other.published_at) FROM publication other WHERE other.report_id = publication.report_id) AS first_published_at,
    publication.correction
    FROM publication JOIN report ON report.id = publication.report_id
    JOIN inspection ON inspection.id = report.inspection_id
    JOIN force ON force.id = publication.force_id";

const LATEST: &str = "publication.version =
    (SELECT MAX(other.version) FROM publication other WHERE other.report_id = publication.report_id)";

/// The latest version of every report, newest first.
pub(super) async fn list_releases(pool: &AnyPool) -> sqlx::Result<Vec<Release>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{RELEASE} WHERE {LATEST} ORDER BY first_published_at DESC, publication.report_id"
    )))
    .fetch_all(pool)
    .await
}

/// How much is published: forces and publications are only ever added, and a row of the
/// record is added or withdrawn, so while these counts stay, what is published stays.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stamp {
    forces: i64,
    publications: i64,
    record_rows: i64,
    record_rows_withdrawn: i64,
}

pub(super) async fn stamp(pool: &AnyPool) -> sqlx::Result<Stamp> {
    sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM force) AS forces, (SELECT COUNT(*) FROM publication) AS publications,
           (SELECT COUNT(*) FROM published_record) AS record_rows,
           (SELECT COUNT(withdrawn_at) FROM published_record) AS record_rows_withdrawn",
    )
    .fetch_one(pool)
    .await
}

/// Every version of a report, newest first; none when it was never published.
pub(super) async fn list_versions(pool: &AnyPool, report: &ReportId) -> sqlx::Result<Vec<Release>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{RELEASE} WHERE publication.report_id = $1 ORDER BY publication.version DESC"
    )))
    .bind(report.as_str())
    .fetch_all(pool)
    .await
}

/// The latest version of the reports on an inspection, newest first.
pub(super) async fn list_of_inspection(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Release>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{RELEASE} WHERE {LATEST} AND inspection.id = $1
         ORDER BY first_published_at DESC, publication.report_id"
    )))
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

/// The document of a version, as JSON.
pub(super) async fn find_document(
    pool: &AnyPool,
    report: &ReportId,
    version: i64,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT document FROM publication WHERE report_id = $1 AND version = $2")
        .bind(report.as_str())
        .bind(version)
        .fetch_optional(pool)
        .await
}

/// A published recommendation.
#[derive(Debug, Clone, FromRow)]
pub struct RecommendationRow {
    /// Its id.
    pub id: Text<RecommendationId>,
    /// Of which inspection.
    pub inspection_id: Text<InspectionId>,
    /// Its number within the series of rounds.
    pub number: i64,
    /// What is asked.
    pub detail: String,
    /// Of whom.
    pub owner: String,
    /// The framework's code of its time limit.
    pub time_limit: String,
    /// The day of publication.
    pub published_on: Text<Date>,
    /// The last day of its time limit.
    pub due_on: Option<Text<Date>>,
    /// The framework it was made under.
    pub framework: String,
    /// The force's code.
    pub force_code: String,
    /// The force's name.
    pub force_name: String,
    /// The last status in its history.
    pub status: Option<String>,
    /// The day of that status.
    pub status_on: Option<Text<Date>>,
}

/// The last status that a recommendation's history records since its publication.
const STATUS: &str = "(SELECT entry.status FROM recommendation_entry entry WHERE entry.recommendation_id = recommendation.id
       AND entry.kind = 'status' AND entry.day >= recommendation.published_on
       ORDER BY entry.number DESC LIMIT 1)";

const PUBLISHED: &str =
    "FROM recommendation JOIN inspection ON inspection.id = recommendation.inspection_id
    JOIN force ON force.id = recommendation.force_id
    WHERE recommendation.published_on IS NOT NULL";

const SOONEST_FIRST: &str = "ORDER BY COALESCE(recommendation.due_on, '9999'), force.name, recommendation.number, recommendation.id";

fn recommendation() -> String {
    format!(
        "SELECT recommendation.id, recommendation.inspection_id, recommendation.number, recommendation.detail,
           recommendation.owner, recommendation.time_limit, recommendation.published_on, recommendation.due_on,
           inspection.framework, force.code AS force_code, force.name AS force_name, {STATUS} AS status,
           (SELECT entry.day FROM recommendation_entry entry WHERE entry.recommendation_id = recommendation.id
              AND entry.kind = 'status' AND entry.day >= recommendation.published_on
              ORDER BY entry.number DESC LIMIT 1) AS status_on
         {PUBLISHED}"
    )
}

/// Which published recommendations: an empty text stands for all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub force_code: &'a str,
    pub status: &'a str,
    /// Only those open whose limit ended before this day.
    pub overdue_on: Option<Date>,
}

impl Wanted<'_> {
    /// The condition over `$1`, `$2` and `$3`.
    fn condition() -> String {
        let open = is_open("inspection.framework", STATUS);
        format!(
            "($1 = '' OR force.code = $1) AND ($2 = '' OR {STATUS} = $2)
             AND ($3 = '' OR (recommendation.due_on < $3 AND {open}))"
        )
    }

    fn overdue_on(&self) -> String {
        self.overdue_on
            .map_or_else(String::new, |day| day.to_string())
    }
}

pub(super) async fn list_forces_asked(pool: &AnyPool) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT DISTINCT force.code, force.name {PUBLISHED} ORDER BY force.name, force.code"
    )))
    .fetch_all(pool)
    .await
}

pub(super) async fn count_recommendations(
    pool: &AnyPool,
    wanted: &Wanted<'_>,
) -> sqlx::Result<i64> {
    let condition = Wanted::condition();
    sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT COUNT(*) {PUBLISHED} AND {condition}"
    )))
    .bind(wanted.force_code)
    .bind(wanted.status)
    .bind(wanted.overdue_on())
    .fetch_one(pool)
    .await
}

/// So many of the published recommendations from a place on; those whose time limit ends
/// first, first. What a row says is read of these rows alone.
pub(super) async fn list_recommendations(
    pool: &AnyPool,
    wanted: &Wanted<'_>,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<RecommendationRow>> {
    let (recommendation, condition) = (recommendation(), Wanted::condition());
    sqlx::query_as(AssertSqlSafe(format!(
        "{recommendation} AND recommendation.id IN (SELECT recommendation.id {PUBLISHED} AND {condition}
           {SOONEST_FIRST} LIMIT $4 OFFSET $5) {SOONEST_FIRST}"
    )))
    .bind(wanted.force_code)
    .bind(wanted.status)
    .bind(wanted.overdue_on())
    .bind(limit)
    .bind(offset)
    .fetch_all(pool)
    .await
}

/// How many recommendations are published, and how many of them still ask for something.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct Tally {
    /// All of them.
    pub recommendations: i64,
    /// Those open.
    pub open: i64,
    /// Those open past their limit.
    pub overdue: i64,
}

pub(super) async fn tally(pool: &AnyPool, today: Date) -> sqlx::Result<Tally> {
    let open = is_open("framework", "status");
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT COUNT(*) AS recommendations, COUNT(CASE WHEN {open} THEN 1 END) AS open,
           COUNT(CASE WHEN {open} AND due_on < $1 THEN 1 END) AS overdue
         FROM (SELECT recommendation.due_on, inspection.framework, {STATUS} AS status {PUBLISHED}) AS register"
    )))
    .bind(Text(today))
    .fetch_one(pool)
    .await
}

/// A published recommendation.
pub(super) async fn find_recommendation(
    pool: &AnyPool,
    id: &RecommendationId,
) -> sqlx::Result<Option<RecommendationRow>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{} AND recommendation.id = $1",
        recommendation()
    )))
    .bind(id.as_str())
    .fetch_optional(pool)
    .await
}

/// An entry of a published recommendation's history.
#[derive(Debug, Clone, FromRow)]
pub struct EntryRow {
    /// Whose history.
    pub recommendation_id: Text<RecommendationId>,
    /// Its number in that history.
    pub number: i64,
    /// Its day.
    pub day: Text<Date>,
    /// `status` or `comment`.
    pub kind: String,
    /// The framework's code of the status.
    pub status: Option<String>,
    /// What was said.
    pub detail: String,
    /// In what role it was written; the register names no people.
    pub role: String,
    /// The framework the recommendation was made under.
    pub framework: String,
}

const ENTRY: &str = "SELECT entry.recommendation_id, entry.number, entry.day, entry.kind, entry.status, entry.detail,
    entry.role, inspection.framework
    FROM recommendation_entry entry JOIN recommendation ON recommendation.id = entry.recommendation_id
    JOIN inspection ON inspection.id = recommendation.inspection_id
    WHERE recommendation.published_on IS NOT NULL AND entry.day >= recommendation.published_on";

/// The history of a published recommendation since its publication, in order.
pub(super) async fn list_entries(
    pool: &AnyPool,
    id: &RecommendationId,
) -> sqlx::Result<Vec<EntryRow>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ENTRY} AND recommendation.id = $1 ORDER BY entry.number"
    )))
    .bind(id.as_str())
    .fetch_all(pool)
    .await
}

/// The histories of these recommendations, as far as they are published.
pub(super) async fn list_entries_of(
    pool: &AnyPool,
    ids: &[&RecommendationId],
) -> sqlx::Result<Vec<EntryRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "{ENTRY} AND recommendation.id IN ({}) ORDER BY entry.recommendation_id, entry.number",
        places.join(", ")
    );
    let query = sqlx::query_as(AssertSqlSafe(sql));
    let query = ids.iter().fold(query, |query, id| query.bind(id.as_str()));
    query.fetch_all(pool).await
}

/// The history of every published recommendation.
pub(super) async fn list_all_entries(pool: &AnyPool) -> sqlx::Result<Vec<EntryRow>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{ENTRY} ORDER BY entry.recommendation_id, entry.number"
    )))
    .fetch_all(pool)
    .await
}

/// How many entries all those histories have.
pub(super) async fn count_entries(pool: &AnyPool) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM recommendation_entry entry
         JOIN recommendation ON recommendation.id = entry.recommendation_id
         WHERE recommendation.published_on IS NOT NULL AND entry.day >= recommendation.published_on",
    )
    .fetch_one(pool)
    .await
}
