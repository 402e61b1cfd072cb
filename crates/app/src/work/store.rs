//! Counts and short lists over what other features keep. It reads and never writes.

use crate::store::Text;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyPool, FromRow};
use throughline_domain::id::{ForceId, RecommendationId, ReportId, UserId};

/// A report on its way.
#[derive(Debug, FromRow)]
pub(super) struct Draft {
    pub id: Text<ReportId>,
    pub title: String,
    pub state: String,
    pub written_by: Text<UserId>,
    pub accuracy_due_on: Option<Text<Date>>,
    pub accuracy_done_at: Option<Text<Timestamp>>,
    pub publish_at: Option<Text<Timestamp>>,
    pub force_name: String,
}

const DRAFTS: &str =
    "SELECT report.id, report.title, state, written_by, accuracy_due_on, accuracy_done_at,
    publish_at,
    force.name AS force_name FROM report JOIN force ON force.id = report.force_id";

pub(super) async fn drafts_of_team(pool: &AnyPool, user: &UserId) -> sqlx::Result<Vec<Draft>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{DRAFTS} WHERE published_at IS NULL
         AND inspection_id IN (SELECT inspection_id FROM team_member WHERE account_id = $1)
         ORDER BY begun_at, report.id"
    )))
    .bind(user.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn drafts_to_check(pool: &AnyPool, force: &ForceId) -> sqlx::Result<Vec<Draft>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{DRAFTS} WHERE state = 'accuracy-check' AND report.force_id = $1
         ORDER BY accuracy_due_on, report.id"
    )))
    .bind(force.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn briefings(pool: &AnyPool, reader: &UserId) -> sqlx::Result<Vec<Draft>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{DRAFTS} JOIN briefing ON report_id = report.id
         WHERE account_id = $1 AND published_at IS NULL ORDER BY named_at, report.id"
    )))
    .bind(reader.as_str())
    .fetch_all(pool)
    .await
}

/// A recommendation made to a force, published and therefore due.
#[derive(Debug, FromRow)]
pub(super) struct DueRecommendation {
    pub id: Text<RecommendationId>,
    pub number: i64,
    pub owner: String,
    pub due_on: Text<Date>,
    pub title: String,
    pub status: Option<String>,
    /// The judgement of the latest published round.
    pub judgement: Option<String>,
    /// The framework of that round.
    pub judged_under: Option<String>,
}

/// A recommendation's judgements in rounds that are published, the latest first.
const JUDGED: &str = "FROM progress_judgement
    JOIN inspection AS round ON round.id = progress_judgement.inspection_id
    JOIN report ON report.inspection_id = round.id AND report.published_at IS NOT NULL
    WHERE progress_judgement.recommendation_id = recommendation.id ORDER BY round.round DESC, round.id LIMIT 1";

pub(super) async fn due_recommendations(
    pool: &AnyPool,
    force: &ForceId,
) -> sqlx::Result<Vec<DueRecommendation>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT recommendation.id, recommendation.number, owner, due_on, title,
           (SELECT progress_judgement.judgement {JUDGED}) AS judgement, (SELECT round.framework {JUDGED}) AS judged_under,
           (SELECT status FROM recommendation_entry WHERE recommendation_id = recommendation.id AND kind = 'status'
            ORDER BY recommendation_entry.number DESC LIMIT 1) AS status
         FROM recommendation JOIN inspection ON inspection.id = inspection_id
         WHERE recommendation.force_id = $1 AND due_on IS NOT NULL ORDER BY due_on, recommendation.id"
    )))
    .bind(force.as_str())
    .fetch_all(pool)
    .await
}

/// Something the force undertook and has not done.
#[derive(Debug, FromRow)]
pub(super) struct DueAction {
    pub recommendation_id: Text<RecommendationId>,
    pub title: String,
    pub owner: String,
    pub due_on: Text<Date>,
}

pub(super) async fn due_actions(pool: &AnyPool, force: &ForceId) -> sqlx::Result<Vec<DueAction>> {
    sqlx::query_as(
        "SELECT recommendation_id, title, owner, due_on FROM plan_action
         WHERE force_id = $1 AND state <> 'done' ORDER BY due_on, id",
    )
    .bind(force.as_str())
    .fetch_all(pool)
    .await
}

/// What an administrator keeps.
#[derive(Debug, FromRow)]
pub(super) struct OfficeCounts {
    pub accounts: i64,
    pub closed: i64,
    pub forces: i64,
    pub entries: i64,
}

pub(super) async fn office_counts(pool: &AnyPool) -> sqlx::Result<OfficeCounts> {
    sqlx::query_as(
        "SELECT
           (SELECT COUNT(*) FROM account WHERE closed_at IS NULL) AS accounts,
           (SELECT COUNT(*) FROM account WHERE closed_at IS NOT NULL) AS closed,
           (SELECT COUNT(*) FROM force) AS forces,
           (SELECT COALESCE(MAX(seq), -1) + 1 FROM journal_entry) AS entries",
    )
    .fetch_one(pool)
    .await
}

/// A report that anybody may read.
#[derive(Debug, Clone, FromRow)]
pub struct Published {
    /// Which.
    pub report_id: Text<ReportId>,
    /// Its title.
    pub title: String,
    /// The force it is about.
    pub force_name: String,
    /// When it was first published.
    pub published_at: Text<Timestamp>,
    /// Its latest version: above 1 it was corrected.
    pub version: i64,
}

impl Published {
    /// The day on which it was first published.
    pub fn day(&self) -> Date {
        crate::app::london_day(self.published_at.0)
    }
}

pub(super) async fn latest_published(pool: &AnyPool) -> sqlx::Result<Vec<Published>> {
    sqlx::query_as(
        "SELECT report.id AS report_id, report.title, force.name AS force_name, MIN(publication.published_at) AS published_at,
           MAX(version) AS version
         FROM publication JOIN report ON report.id = report_id JOIN force ON force.id = publication.force_id
         GROUP BY report.id, report.title, force.name
         ORDER BY MIN(publication.published_at) DESC, report.id LIMIT 5",
    )
    .fetch_all(pool)
    .await
}
