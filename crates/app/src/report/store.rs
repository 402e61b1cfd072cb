//! Reports, their texts, comments, briefings and publications in the database.

mod correction;

pub use correction::PendingCorrection;
pub(super) use correction::{
    NewCorrection, insert_correction, mark_correction_published, mark_correction_withdrawn,
    next_correction, pending_correction,
};

use super::text::WrittenSection;
use crate::error::{Error, Result};
use crate::store::Text;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};
use throughline_domain::access::Actor;
use throughline_domain::id::{CommentId, ForceId, InspectionId, ReportId, UserId};
use throughline_domain::report::{Decision, ReportBegun, State};

/// A report and where it stands.
#[derive(Debug, Clone, FromRow)]
pub struct Report {
    /// Its id.
    pub id: Text<ReportId>,
    /// Of which inspection.
    pub inspection_id: Text<InspectionId>,
    /// The force inspected.
    pub force_id: Text<ForceId>,
    /// That force's name.
    pub force_name: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: Text<State>,
    /// Counts saves of the text.
    pub revision: i64,
    /// Who began it.
    pub written_by: Text<UserId>,
    /// When it was begun.
    pub begun_at: Text<Timestamp>,
    /// When it went to the force.
    pub accuracy_sent_at: Option<Text<Timestamp>>,
    /// The last day for the force to say what is wrong.
    pub accuracy_due_on: Option<Text<Date>>,
    /// When the force said that its check is done.
    pub accuracy_done_at: Option<Text<Timestamp>>,
    /// When it was approved.
    pub approved_at: Option<Text<Timestamp>>,
    /// Who approved it.
    pub approved_by_name: Option<String>,
    /// When it is to be published.
    pub publish_at: Option<Text<Timestamp>>,
    /// When it was published.
    pub published_at: Option<Text<Timestamp>>,
}

impl Report {
    /// Whether the force may still say what is wrong: its last day is not over, and it has not
    /// said that it is done.
    pub fn is_check_open(&self, today: Date) -> bool {
        self.accuracy_done_at.is_none()
            && self
                .accuracy_due_on
                .as_ref()
                .is_some_and(|due| today <= due.0)
    }
}

const COLUMNS: &str =
    "SELECT report.id, report.inspection_id, report.force_id, force.name AS force_name,
    report.title, state, revision, written_by, begun_at, accuracy_sent_at, accuracy_due_on, accuracy_done_at,
    approved_at, approver.name AS approved_by_name, publish_at, report.published_at
    FROM report JOIN force ON force.id = report.force_id
    LEFT JOIN account AS approver ON approver.id = report.approved_by";

pub(super) async fn find<'c, E>(executor: E, id: &ReportId) -> sqlx::Result<Option<Report>>
where
    E: sqlx::Executor<'c, Database = sqlx::Any>,
{
    sqlx::query_as(AssertSqlSafe(format!("{COLUMNS} WHERE report.id = $1")))
        .bind(id.as_str())
        .fetch_optional(executor)
        .await
}

pub(super) async fn find_of_inspection<'c, E>(
    executor: E,
    inspection: &InspectionId,
) -> sqlx::Result<Option<Report>>
where
    E: sqlx::Executor<'c, Database = sqlx::Any>,
{
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} WHERE report.inspection_id = $1"
    )))
    .bind(inspection.as_str())
    .fetch_optional(executor)
    .await
}

const NEWEST_FIRST: &str = "ORDER BY report.begun_at DESC, report.id";

pub(super) async fn list_of_team(pool: &AnyPool, user: &UserId) -> sqlx::Result<Vec<Report>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} JOIN team_member ON team_member.inspection_id = report.inspection_id
         WHERE team_member.account_id = $1 {NEWEST_FIRST}"
    )))
    .bind(user.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn list_of_force(pool: &AnyPool, force: &ForceId) -> sqlx::Result<Vec<Report>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} WHERE report.force_id = $1 AND state <> 'draft' {NEWEST_FIRST}"
    )))
    .bind(force.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn list_of_briefed(pool: &AnyPool, user: &UserId) -> sqlx::Result<Vec<Report>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} JOIN briefing ON briefing.report_id = report.id
         WHERE briefing.account_id = $1 {NEWEST_FIRST}"
    )))
    .bind(user.as_str())
    .fetch_all(pool)
    .await
}

/// The approved reports whose time has come, in the order of their times.
pub(super) async fn list_due(pool: &AnyPool, now: Timestamp) -> sqlx::Result<Vec<Report>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} WHERE state = 'approved' AND publish_at <= $1 ORDER BY publish_at, report.id"
    )))
    .bind(Text(now))
    .fetch_all(pool)
    .await
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    begun: &ReportBegun,
    force: &ForceId,
    writer: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report (id, inspection_id, force_id, title, state, revision, written_by, begun_at)
         VALUES ($1, $2, $3, $4, 'draft', 0, $5, $6)",
    )
    .bind(begun.report.as_str())
    .bind(begun.inspection.as_str())
    .bind(force.as_str())
    .bind(begun.title.as_str())
    .bind(writer.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps a text as the next revision.
pub(super) async fn insert_text(
    connection: &mut AnyConnection,
    report: &ReportId,
    revision: i64,
    sections: &str,
    writer: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_text (report_id, revision, sections, saved_by, saved_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(report.as_str())
    .bind(revision)
    .bind(sections)
    .bind(writer.as_str())
    .bind(Text(now))
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE report SET revision = $2 WHERE id = $1")
        .bind(report.as_str())
        .bind(revision)
        .execute(connection)
        .await?;
    Ok(())
}

/// The text of a report as last saved.
pub(super) async fn sections(
    pool: &AnyPool,
    report: &ReportId,
    revision: i64,
) -> Result<Vec<WrittenSection>> {
    let text: Option<String> = sqlx::query_scalar(
        "SELECT sections FROM report_text WHERE report_id = $1 AND revision = $2",
    )
    .bind(report.as_str())
    .bind(revision)
    .fetch_optional(pool)
    .await?;
    let text = text.ok_or(Error::NotFound)?;
    serde_json::from_str(&text)
        .map_err(|error| Error::Internal(format!("the text of {report}: {error}")))
}

/// Whether somebody began the report or saved a revision of it.
pub(super) async fn is_author<'c, E>(
    executor: E,
    report: &ReportId,
    user: &UserId,
) -> sqlx::Result<bool>
where
    E: sqlx::Executor<'c, Database = sqlx::Any>,
{
    let found: Option<String> = sqlx::query_scalar(
        "SELECT written_by FROM report WHERE id = $1 AND written_by = $2
         UNION SELECT saved_by FROM report_text WHERE report_id = $1 AND saved_by = $2",
    )
    .bind(report.as_str())
    .bind(user.as_str())
    .fetch_optional(executor)
    .await?;
    Ok(found.is_some())
}

/// A saved revision: its number, who saved it and when.
#[derive(Debug, Clone, FromRow)]
pub struct Revision {
    /// Its number.
    pub revision: i64,
    /// Who saved it.
    pub name: String,
    /// When.
    pub saved_at: Text<Timestamp>,
}

pub(super) async fn revisions(pool: &AnyPool, report: &ReportId) -> sqlx::Result<Vec<Revision>> {
    sqlx::query_as(
        "SELECT revision, account.name, saved_at FROM report_text
         JOIN account ON account.id = saved_by WHERE report_id = $1 ORDER BY revision DESC",
    )
    .bind(report.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn mark_sent(
    connection: &mut AnyConnection,
    report: &ReportId,
    due_on: Date,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE report SET state = 'accuracy-check', accuracy_sent_at = $2, accuracy_due_on = $3
         WHERE id = $1",
    )
    .bind(report.as_str())
    .bind(Text(now))
    .bind(Text(due_on))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn mark_checked(
    connection: &mut AnyConnection,
    report: &ReportId,
    by: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE report SET accuracy_done_at = $2, accuracy_done_by = $3 WHERE id = $1")
        .bind(report.as_str())
        .bind(Text(now))
        .bind(by.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn mark_approved(
    connection: &mut AnyConnection,
    report: &ReportId,
    by: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE report SET state = 'approved', approved_by = $2, approved_at = $3 WHERE id = $1",
    )
    .bind(report.as_str())
    .bind(by.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn set_time(
    connection: &mut AnyConnection,
    report: &ReportId,
    at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE report SET publish_at = $2 WHERE id = $1")
        .bind(report.as_str())
        .bind(Text(at))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn mark_published(
    connection: &mut AnyConnection,
    report: &ReportId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE report SET state = 'published', published_at = $2 WHERE id = $1")
        .bind(report.as_str())
        .bind(Text(now))
        .execute(connection)
        .await?;
    Ok(())
}

/// A comment of the force on a passage.
#[derive(Debug, Clone, FromRow)]
pub struct Comment {
    /// Its id.
    pub id: Text<CommentId>,
    /// The paragraph it is about.
    pub passage: String,
    /// What stood there.
    pub quoted: String,
    /// What is wrong.
    pub detail: String,
    /// Who said so.
    pub actor: String,
    /// When.
    pub made_at: Text<Timestamp>,
    /// What was decided.
    pub decision: Option<Text<Decision>>,
    /// Why.
    pub decision_reason: Option<String>,
    /// By whom.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<Text<Timestamp>>,
}

pub(super) async fn comments(pool: &AnyPool, report: &ReportId) -> sqlx::Result<Vec<Comment>> {
    sqlx::query_as(
        "SELECT id, passage, quoted, detail, actor, made_at, decision, decision_reason, decided_by_name, decided_at
         FROM accuracy_comment WHERE report_id = $1 ORDER BY made_at, id",
    )
    .bind(report.as_str())
    .fetch_all(pool)
    .await
}

/// A comment to be kept.
pub(super) struct NewComment<'a> {
    pub id: &'a CommentId,
    pub report: &'a ReportId,
    pub revision: i64,
    pub passage: &'a str,
    pub quoted: &'a str,
    pub detail: &'a str,
    pub by: (&'a UserId, &'a Actor),
    pub now: Timestamp,
}

pub(super) async fn insert_comment(
    connection: &mut AnyConnection,
    comment: &NewComment<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO accuracy_comment (id, report_id, revision, passage, quoted, detail, made_by, actor, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(comment.id.as_str())
    .bind(comment.report.as_str())
    .bind(comment.revision)
    .bind(comment.passage)
    .bind(comment.quoted)
    .bind(comment.detail)
    .bind(comment.by.0.as_str())
    .bind(comment.by.1.name.as_str())
    .bind(Text(comment.now))
    .execute(connection)
    .await?;
    Ok(())
}

/// A decision to be kept.
pub(super) struct NewDecision<'a> {
    pub report: &'a ReportId,
    pub comment: &'a CommentId,
    pub decision: Decision,
    pub why: &'a str,
    pub by: (&'a UserId, &'a Actor),
    pub now: Timestamp,
}

/// Keeps a decision; false when the report has no such comment.
pub(super) async fn decide_comment(
    connection: &mut AnyConnection,
    decided: &NewDecision<'_>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE accuracy_comment SET decision = $3, decision_reason = $4, decided_by = $5,
         decided_by_name = $6, decided_at = $7 WHERE id = $2 AND report_id = $1",
    )
    .bind(decided.report.as_str())
    .bind(decided.comment.as_str())
    .bind(decided.decision.code())
    .bind(decided.why)
    .bind(decided.by.0.as_str())
    .bind(decided.by.1.name.as_str())
    .bind(Text(decided.now))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Comments that nobody has decided, and causes of concern that no recommendation answers.
#[derive(Debug, Clone, Copy, FromRow)]
pub(super) struct Undone {
    pub undecided: i64,
    pub unanswered_concerns: i64,
}

pub(super) async fn undone<'c, E>(executor: E, report: &ReportId) -> sqlx::Result<Undone>
where
    E: sqlx::Executor<'c, Database = sqlx::Any>,
{
    sqlx::query_as(
        "SELECT
           (SELECT COUNT(*) FROM accuracy_comment WHERE report_id = $1 AND decision IS NULL) AS undecided,
           (SELECT COUNT(*) FROM finding JOIN report ON report.inspection_id = finding.inspection_id
             WHERE report.id = $1 AND finding.kind = 'cause-of-concern' AND NOT EXISTS
               (SELECT 1 FROM recommendation_finding WHERE finding_id = finding.id)) AS unanswered_concerns",
    )
    .bind(report.as_str())
    .fetch_one(executor)
    .await
}

/// A reader named under embargo.
#[derive(Debug, Clone, FromRow)]
pub struct Briefed {
    /// Their name.
    pub name: String,
    /// When they were named.
    pub named_at: Text<Timestamp>,
    /// When they first read it.
    pub first_read_at: Option<Text<Timestamp>>,
}

pub(super) async fn briefed(pool: &AnyPool, report: &ReportId) -> sqlx::Result<Vec<Briefed>> {
    sqlx::query_as(
        "SELECT name, named_at, first_read_at FROM briefing JOIN account ON account.id = account_id
         WHERE report_id = $1 ORDER BY name, account.id",
    )
    .bind(report.as_str())
    .fetch_all(pool)
    .await
}

/// Readers who may yet be named: id and name.
pub(super) async fn list_briefable(
    pool: &AnyPool,
    report: &ReportId,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT id, name FROM account WHERE role = 'reader' AND closed_at IS NULL
         AND id NOT IN (SELECT account_id FROM briefing WHERE report_id = $1) ORDER BY name, id",
    )
    .bind(report.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn is_briefable(
    connection: &mut AnyConnection,
    report: &ReportId,
    account: &UserId,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT id FROM account WHERE id = $2 AND role = 'reader' AND closed_at IS NULL
         AND id NOT IN (SELECT account_id FROM briefing WHERE report_id = $1)",
    )
    .bind(report.as_str())
    .bind(account.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn insert_briefing(
    connection: &mut AnyConnection,
    report: &ReportId,
    account: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO briefing (report_id, account_id, named_at) VALUES ($1, $2, $3)")
        .bind(report.as_str())
        .bind(account.as_str())
        .bind(Text(now))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn is_briefed(
    pool: &AnyPool,
    report: &ReportId,
    user: &UserId,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT account_id FROM briefing WHERE report_id = $1 AND account_id = $2",
    )
    .bind(report.as_str())
    .bind(user.as_str())
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn mark_read(
    connection: &mut AnyConnection,
    report: &ReportId,
    user: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE briefing SET first_read_at = $3
         WHERE report_id = $1 AND account_id = $2 AND first_read_at IS NULL",
    )
    .bind(report.as_str())
    .bind(user.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// A published version.
#[derive(Debug, Clone, FromRow)]
pub struct Publication {
    /// Its number, from 1.
    pub version: i64,
    /// When it became public.
    pub published_at: Text<Timestamp>,
    /// What was corrected in it.
    pub correction: Option<String>,
}

pub(super) async fn publications(
    pool: &AnyPool,
    report: &ReportId,
) -> sqlx::Result<Vec<Publication>> {
    sqlx::query_as(
        "SELECT version, published_at, correction FROM publication
         WHERE report_id = $1 ORDER BY version DESC",
    )
    .bind(report.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn last_version<'c, E>(executor: E, report: &ReportId) -> sqlx::Result<i64>
where
    E: sqlx::Executor<'c, Database = sqlx::Any>,
{
    sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM publication WHERE report_id = $1")
        .bind(report.as_str())
        .fetch_one(executor)
        .await
}

pub(super) async fn find_publication(
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

/// A version to be published.
pub(super) struct NewPublication<'a> {
    pub report: &'a ReportId,
    pub version: i64,
    pub force: &'a ForceId,
    pub document: &'a str,
    pub correction: Option<&'a str>,
    pub now: Timestamp,
}

pub(super) async fn insert_publication(
    connection: &mut AnyConnection,
    new: &NewPublication<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO publication (report_id, version, force_id, published_at, document, correction)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.report.as_str())
    .bind(new.version)
    .bind(new.force.as_str())
    .bind(Text(new.now))
    .bind(new.document)
    .bind(new.correction)
    .execute(connection)
    .await?;
    Ok(())
}
