//! Inspections and teams in the database.

use crate::store::Text;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};
use throughline_domain::access::Role;
use throughline_domain::id::{ForceId, InspectionId, SeriesId, UserId};
use throughline_domain::inspection::{InspectionOpened, Kind};

/// One round of a series on one force.
#[derive(Debug, Clone, FromRow)]
pub struct Inspection {
    /// Its id.
    pub id: Text<InspectionId>,
    /// The rounds it belongs to.
    pub series_id: Text<SeriesId>,
    /// The force inspected.
    pub force_id: Text<ForceId>,
    /// That force's name.
    pub force_name: String,
    /// That force's code.
    pub force_code: String,
    /// That force's nation.
    pub nation: String,
    /// The framework's id with its version.
    pub framework: String,
    /// 0 for the inspection itself, then 1, 2 … for each follow-up.
    pub round: i64,
    /// What kind of round.
    pub kind: Text<Kind>,
    /// Its title.
    pub title: String,
    /// First day of the field work.
    pub fieldwork_from: Text<Date>,
    /// Last day of the field work.
    pub fieldwork_to: Text<Date>,
    /// When it was opened.
    pub opened_at: Text<Timestamp>,
}

const COLUMNS: &str = "SELECT inspection.id, series_id, inspection.force_id, force.name AS force_name,
    force.code AS force_code, force.nation, framework, round, kind, title, fieldwork_from, fieldwork_to, opened_at
    FROM inspection JOIN force ON force.id = inspection.force_id";

/// Finds an inspection, whoever asks: callers decide who may see it.
pub(crate) async fn find(pool: &AnyPool, id: &InspectionId) -> sqlx::Result<Option<Inspection>> {
    sqlx::query_as(AssertSqlSafe(format!("{COLUMNS} WHERE inspection.id = $1")))
        .bind(id.as_str())
        .fetch_optional(pool)
        .await
}

/// The rounds of a series, in order.
pub(crate) async fn list_of_series(
    pool: &AnyPool,
    series: &SeriesId,
) -> sqlx::Result<Vec<Inspection>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} WHERE series_id = $1 ORDER BY round"
    )))
    .bind(series.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn list_of_member(pool: &AnyPool, user: &UserId) -> sqlx::Result<Vec<Inspection>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} JOIN team_member ON team_member.inspection_id = inspection.id
         WHERE account_id = $1 ORDER BY opened_at DESC, inspection.id"
    )))
    .bind(user.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn list_of_force(
    pool: &AnyPool,
    force: &ForceId,
) -> sqlx::Result<Vec<Inspection>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} WHERE inspection.force_id = $1 ORDER BY opened_at DESC, inspection.id"
    )))
    .bind(force.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn force_exists(
    connection: &mut AnyConnection,
    force: &ForceId,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar("SELECT id FROM force WHERE id = $1")
        .bind(force.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn insert_series(
    connection: &mut AnyConnection,
    opened: &InspectionOpened,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO series (id, force_id, title) VALUES ($1, $2, $3)")
        .bind(opened.series.as_str())
        .bind(opened.force.as_str())
        .bind(opened.title.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes an opened round. A follow-up round uses it too.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    opened: &InspectionOpened,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO inspection
         (id, series_id, force_id, framework, round, kind, title, fieldwork_from, fieldwork_to, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(opened.inspection.as_str())
    .bind(opened.series.as_str())
    .bind(opened.force.as_str())
    .bind(opened.framework.as_str())
    .bind(i64::from(opened.round))
    .bind(opened.kind.code())
    .bind(opened.title.as_str())
    .bind(Text(opened.fieldwork_from))
    .bind(Text(opened.fieldwork_to))
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Somebody on a team, or who may join one.
#[derive(Debug, Clone, FromRow)]
pub struct TeamMember {
    /// Who.
    pub id: Text<UserId>,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Text<Role>,
}

pub(super) async fn team(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<TeamMember>> {
    sqlx::query_as(
        "SELECT account.id, name, role FROM team_member JOIN account ON account.id = account_id
         WHERE inspection_id = $1 ORDER BY name",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn list_joinable(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<TeamMember>> {
    sqlx::query_as(
        "SELECT id, name, role FROM account
         WHERE role IN ('inspector', 'lead-inspector') AND closed_at IS NULL
           AND id NOT IN (SELECT account_id FROM team_member WHERE inspection_id = $1)
         ORDER BY name",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn is_member(
    pool: &AnyPool,
    inspection: &InspectionId,
    user: &UserId,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT account_id FROM team_member WHERE inspection_id = $1 AND account_id = $2",
    )
    .bind(inspection.as_str())
    .bind(user.as_str())
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn can_join(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    account: &UserId,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT id FROM account
         WHERE id = $2 AND role IN ('inspector', 'lead-inspector') AND closed_at IS NULL
           AND id NOT IN (SELECT account_id FROM team_member WHERE inspection_id = $1)",
    )
    .bind(inspection.as_str())
    .bind(account.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Puts somebody on the team. A follow-up round uses it too.
pub(crate) async fn join(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    account: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO team_member (inspection_id, account_id, joined_at) VALUES ($1, $2, $3)",
    )
    .bind(inspection.as_str())
    .bind(account.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn leave(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    account: &UserId,
) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM team_member WHERE inspection_id = $1 AND account_id = $2")
        .bind(inspection.as_str())
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
