//! Recommendations and their history in the database.

pub(super) mod register;

use crate::store::{Text, Value, insert_many};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};
use throughline_domain::access::Actor;
use throughline_domain::id::{
    AuditId, FindingId, ForceId, InspectionId, RecommendationId, SeriesId, UserId,
};
use throughline_domain::recommendation::{RecommendationWritten, Standing, Words};

/// What the inspectorate asks, with where it stands.
#[derive(Debug, Clone, FromRow)]
pub struct Recommendation {
    /// Its id.
    pub id: Text<RecommendationId>,
    /// Of which inspection.
    pub inspection_id: Text<InspectionId>,
    /// Its rounds.
    pub series_id: Text<SeriesId>,
    /// The force asked.
    pub force_id: Text<ForceId>,
    /// Its number within the series.
    pub number: i64,
    /// What is asked.
    pub detail: String,
    /// Who is to do it.
    pub owner: String,
    /// The framework's code of its time limit.
    pub time_limit: String,
    /// When it was written.
    pub written_at: Text<Timestamp>,
    /// The day of publication.
    pub published_on: Option<Text<Date>>,
    /// The last day of its time limit.
    pub due_on: Option<Text<Date>>,
    /// The inspection's title.
    pub inspection_title: String,
    /// The inspection's framework.
    pub framework: String,
    /// The force's name.
    pub force_name: String,
    /// The force's code.
    pub force_code: String,
    /// The force's nation.
    pub nation: String,
    /// The last status in its history.
    pub status: Option<String>,
    /// The last entry's day.
    pub last_day: Option<Text<Date>>,
    /// How many entries its history has.
    pub entries: i64,
    /// How many actions the force's plan has for it.
    pub actions: i64,
    /// How many of these are done.
    pub actions_done: i64,
    /// When the first of them was added.
    pub plan_begun_at: Option<Text<Timestamp>>,
    /// How many draft reports of its inspection were served on the force.
    pub served: i64,
}

impl Recommendation {
    /// Its words.
    pub fn words(&self) -> Words {
        Words {
            detail: self.detail.clone(),
            owner: self.owner.clone(),
            limit: self.time_limit.clone(),
        }
    }

    /// Where it stands. A status that its framework does not know keeps it open.
    pub fn standing(&self) -> Standing {
        if self.published_on.is_none() {
            return Standing::Draft;
        }
        let status = self
            .status
            .as_deref()
            .and_then(|code| crate::framework::find(&self.framework)?.find_status(code));
        match status {
            Some(status) if !status.open => Standing::Closed,
            _ => Standing::Open,
        }
    }

    /// Its status in words.
    pub fn status_title(&self) -> String {
        let Some(code) = &self.status else {
            return "Not published".into();
        };
        crate::framework::find(&self.framework)
            .and_then(|framework| framework.find_status(code))
            .map_or_else(|| code.clone(), |status| status.title.clone())
    }

    /// Its time limit in words.
    pub fn limit_title(&self) -> String {
        crate::framework::find(&self.framework)
            .and_then(|framework| framework.find_recommendation_limit(&self.time_limit))
            .map_or_else(|| self.time_limit.clone(), |limit| limit.title.clone())
    }
}

const COLUMNS: &str = "SELECT recommendation.id, recommendation.inspection_id, recommendation.series_id,
    recommendation.force_id, recommendation.number, recommendation.detail, recommendation.owner,
    recommendation.time_limit, recommendation.written_at, recommendation.published_on, recommendation.due_on,
    inspection.title AS inspection_title, inspection.framework, force.name AS force_name, force.code AS force_code,
    force.nation,
    (SELECT entry.status FROM recommendation_entry entry
       WHERE entry.recommendation_id = recommendation.id AND entry.kind = 'status'
         AND entry.number = (SELECT MAX(later.number) FROM recommendation_entry later
           WHERE later.recommendation_id = recommendation.id AND later.kind = 'status')) AS status,
    (SELECT MAX(entry.day) FROM recommendation_entry entry WHERE entry.recommendation_id = recommendation.id) AS last_day,
    (SELECT COUNT(*) FROM recommendation_entry entry WHERE entry.recommendation_id = recommendation.id) AS entries,
    (SELECT COUNT(*) FROM plan_action action WHERE action.recommendation_id = recommendation.id) AS actions,
    (SELECT COUNT(*) FROM plan_action action WHERE action.recommendation_id = recommendation.id AND action.state = 'done') AS actions_done,
    (SELECT MIN(action.added_at) FROM plan_action action WHERE action.recommendation_id = recommendation.id) AS plan_begun_at,
    (SELECT COUNT(*) FROM report WHERE report.inspection_id = recommendation.inspection_id
       AND (report.accuracy_sent_at IS NOT NULL OR report.state IN ('accuracy-check', 'approved', 'published'))) AS served
  FROM recommendation
  JOIN inspection ON inspection.id = recommendation.inspection_id
  JOIN force ON force.id = recommendation.force_id";

/// The condition that a recommendation still asks for something, from the SQL of its framework
/// and of its last status. One without a status is open, and so is one whose status its
/// framework does not know.
pub(crate) fn is_open(framework: &str, status: &str) -> String {
    let closing: Vec<String> = crate::framework::all()
        .iter()
        .flat_map(|f| f.statuses.iter().map(move |status| (f, status)))
        .filter(|(_, status)| !status.open)
        .map(|(framework, status)| format!("'{} {}'", framework.id, status.code))
        .collect();
    format!(
        "(COALESCE({framework} || ' ' || {status}, '') NOT IN ({}))",
        closing.join(", ")
    )
}

const IN_ORDER: &str =
    "ORDER BY force.name, recommendation.series_id, recommendation.number, recommendation.id";

/// Finds a recommendation, whoever asks: callers decide who may see it.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    id: &RecommendationId,
) -> sqlx::Result<Option<Recommendation>> {
    let sql = format!("{COLUMNS} WHERE recommendation.id = $1");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(id.as_str())
        .fetch_optional(connection)
        .await
}

/// Every recommendation to a force, drafts among them.
pub(super) async fn list_of_force(
    pool: &AnyPool,
    force: &ForceId,
) -> sqlx::Result<Vec<Recommendation>> {
    let sql = format!("{COLUMNS} WHERE recommendation.force_id = $1 {IN_ORDER}");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(force.as_str())
        .fetch_all(pool)
        .await
}

/// Every recommendation that an inspection makes.
pub(super) async fn list_of_inspection(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Recommendation>> {
    let sql = format!("{COLUMNS} WHERE recommendation.inspection_id = $1 {IN_ORDER}");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .fetch_all(connection)
        .await
}

/// Every published recommendation.
pub(super) async fn list_published(pool: &AnyPool) -> sqlx::Result<Vec<Recommendation>> {
    let sql = format!("{COLUMNS} WHERE recommendation.published_on IS NOT NULL {IN_ORDER}");
    sqlx::query_as(AssertSqlSafe(sql)).fetch_all(pool).await
}

pub(super) async fn is_on_a_team_of(
    pool: &AnyPool,
    series: &SeriesId,
    user: &UserId,
) -> sqlx::Result<bool> {
    let teams: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM team_member JOIN inspection ON inspection.id = team_member.inspection_id
         WHERE inspection.series_id = $1 AND team_member.account_id = $2",
    )
    .bind(series.as_str())
    .bind(user.as_str())
    .fetch_one(pool)
    .await?;
    Ok(teams > 0)
}

pub(super) async fn next_number(
    connection: &mut AnyConnection,
    series: &SeriesId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COALESCE(MAX(number), CAST(0 AS BIGINT)) + 1 FROM recommendation WHERE series_id = $1",
    )
    .bind(series.as_str())
    .fetch_one(connection)
    .await
}

/// Where a written recommendation belongs.
pub(super) struct Place<'a> {
    pub(super) series: &'a SeriesId,
    pub(super) force: &'a ForceId,
    pub(super) author: &'a UserId,
    pub(super) now: Timestamp,
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    written: &RecommendationWritten,
    place: &Place<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO recommendation (id, inspection_id, series_id, force_id, number, detail, owner, time_limit, written_by, written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(written.recommendation.as_str())
    .bind(written.inspection.as_str())
    .bind(place.series.as_str())
    .bind(place.force.as_str())
    .bind(written.number)
    .bind(written.words.detail.as_str())
    .bind(written.words.owner.as_str())
    .bind(written.words.limit.as_str())
    .bind(place.author.as_str())
    .bind(Text(place.now))
    .execute(&mut *connection)
    .await?;
    let rows: Vec<Vec<Value>> = written
        .findings
        .iter()
        .map(|finding| {
            vec![
                written.recommendation.as_str().into(),
                finding.as_str().into(),
            ]
        })
        .collect();
    let head = "INSERT INTO recommendation_finding (recommendation_id, finding_id)";
    insert_many(connection, head, &rows).await
}

pub(super) async fn change(
    connection: &mut AnyConnection,
    id: &RecommendationId,
    words: &Words,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE recommendation SET detail = $2, owner = $3, time_limit = $4 WHERE id = $1")
        .bind(id.as_str())
        .bind(words.detail.as_str())
        .bind(words.owner.as_str())
        .bind(words.limit.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn publish(
    connection: &mut AnyConnection,
    id: &RecommendationId,
    published_on: Date,
    due_on: Date,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE recommendation SET published_on = $2, due_on = $3 WHERE id = $1 AND published_on IS NULL",
    )
    .bind(id.as_str())
    .bind(Text(published_on))
    .bind(Text(due_on))
    .execute(connection)
    .await?;
    Ok(())
}

/// An entry of a recommendation's history.
#[derive(Debug, Clone, FromRow)]
pub struct Entry {
    /// The recommendation.
    pub recommendation_id: Text<RecommendationId>,
    /// Counts within the history: 1, 2 …
    pub number: i64,
    /// Its day.
    pub day: Text<Date>,
    /// `status` or `comment`.
    pub kind: String,
    /// The framework's code, for a status.
    pub status: Option<String>,
    /// What was said.
    pub detail: String,
    /// Who said it.
    pub actor: String,
    /// In what role, as its code.
    pub role: String,
}

impl Entry {
    /// Whether the force said it.
    pub fn is_by_the_force(&self) -> bool {
        self.role.starts_with("force-")
    }
}

/// An entry to be added.
pub(super) struct NewEntry<'a> {
    pub(super) recommendation: &'a RecommendationId,
    pub(super) number: i64,
    pub(super) day: Date,
    pub(super) status: Option<&'a str>,
    pub(super) detail: &'a str,
    pub(super) actor: &'a Actor,
    pub(super) now: Timestamp,
}

/// Adds to a history. There is no statement that changes or removes an entry.
pub(super) async fn append(
    connection: &mut AnyConnection,
    entry: &NewEntry<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO recommendation_entry (recommendation_id, number, day, kind, status, detail, account_id, actor, role, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(entry.recommendation.as_str())
    .bind(entry.number)
    .bind(Text(entry.day))
    .bind(if entry.status.is_some() { "status" } else { "comment" })
    .bind(entry.status)
    .bind(entry.detail)
    .bind(entry.actor.user.as_ref().map(UserId::as_str))
    .bind(entry.actor.name.as_str())
    .bind(entry.actor.role.code())
    .bind(Text(entry.now))
    .execute(connection)
    .await?;
    Ok(())
}

/// A history, the newest entry first.
pub(super) async fn history(pool: &AnyPool, id: &RecommendationId) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as(
        "SELECT recommendation_id, number, day, kind, status, detail, actor, role
         FROM recommendation_entry WHERE recommendation_id = $1 ORDER BY number DESC",
    )
    .bind(id.as_str())
    .fetch_all(pool)
    .await
}

/// Every entry of every published recommendation, oldest first.
pub(super) async fn published_entries(pool: &AnyPool) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as(
        "SELECT recommendation_id, entry.number, day, kind, status, entry.detail, actor, role
         FROM recommendation_entry entry JOIN recommendation ON recommendation.id = recommendation_id
         WHERE published_on IS NOT NULL ORDER BY recommendation_id, entry.number",
    )
    .fetch_all(pool)
    .await
}

/// A finding that a recommendation rests on.
#[derive(Debug, Clone, FromRow)]
pub struct Ground {
    /// The finding.
    pub id: Text<FindingId>,
    /// Its kind.
    pub kind: Text<throughline_domain::finding::Kind>,
    /// In one line.
    pub title: String,
}

/// The findings of an inspection among these ids; used to check what a form sent.
pub(super) async fn findings_of(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Text<FindingId>>> {
    sqlx::query_scalar("SELECT id FROM finding WHERE inspection_id = $1 ORDER BY id")
        .bind(inspection.as_str())
        .fetch_all(connection)
        .await
}

pub(super) async fn grounds(pool: &AnyPool, id: &RecommendationId) -> sqlx::Result<Vec<Ground>> {
    sqlx::query_as(
        "SELECT finding.id, finding.kind, finding.title FROM finding
         JOIN recommendation_finding asked ON asked.finding_id = finding.id
         WHERE asked.recommendation_id = $1 ORDER BY finding.written_at, finding.id",
    )
    .bind(id.as_str())
    .fetch_all(pool)
    .await
}

/// A case behind a recommendation.
#[derive(Debug, Clone, FromRow)]
pub struct CaseBehind {
    /// The case.
    pub reference: String,
    /// Its category.
    pub category: String,
    /// Its area.
    pub area: String,
    /// Its final grade.
    pub grade: String,
    /// The reading whose failings stand.
    pub audit_id: Text<AuditId>,
    /// How many of its failings stand behind the recommendation.
    pub failings: i64,
    /// Whether it was sent straight back.
    pub referrals: i64,
}

/// The cases whose failings stand behind a recommendation's findings, by reference.
pub(super) async fn cases_behind(
    pool: &AnyPool,
    id: &RecommendationId,
) -> sqlx::Result<Vec<CaseBehind>> {
    sqlx::query_as(
        "SELECT audit.reference, case_record.category, case_record.area, case_grade.grade, audit.id AS audit_id,
           COUNT(DISTINCT failing.id) AS failings,
           (SELECT COUNT(*) FROM referral WHERE referral.inspection_id = audit.inspection_id
              AND referral.reference = audit.reference) AS referrals
         FROM recommendation_finding asked
         JOIN finding_failing behind ON behind.finding_id = asked.finding_id
         JOIN failing ON failing.id = behind.failing_id
         JOIN audit ON audit.id = failing.audit_id AND audit.state = 'submitted'
         JOIN case_grade ON case_grade.audit_id = audit.id AND case_grade.inspection_id = failing.inspection_id
         JOIN case_record ON case_record.inspection_id = audit.inspection_id AND case_record.reference = audit.reference
         WHERE asked.recommendation_id = $1
         GROUP BY audit.inspection_id, audit.reference, case_record.category, case_record.area, case_grade.grade, audit.id
         ORDER BY audit.reference",
    )
    .bind(id.as_str())
    .fetch_all(pool)
    .await
}
