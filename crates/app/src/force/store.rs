//! Forces in the database.

use crate::store::Text;
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool, FromRow};
use throughline_domain::account::ForceAdded;
use throughline_domain::id::ForceId;

/// A police force.
#[derive(Debug, Clone, FromRow)]
pub struct Force {
    /// Its id.
    pub id: Text<ForceId>,
    /// Its short code, as in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `england` or `wales`.
    pub nation: String,
}

pub(super) async fn is_taken(
    connection: &mut AnyConnection,
    code: &str,
    name: &str,
) -> sqlx::Result<bool> {
    let taken: Option<i64> =
        sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM force WHERE code = $1 OR name = $2")
            .bind(code)
            .bind(name)
            .fetch_optional(connection)
            .await?;
    Ok(taken.is_some())
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    added: &ForceAdded,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO force (id, code, name, nation, added_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(added.force.as_str())
        .bind(added.code.as_str())
        .bind(added.name.as_str())
        .bind(added.nation.as_str())
        .bind(Text(now))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn list(pool: &AnyPool) -> sqlx::Result<Vec<Force>> {
    sqlx::query_as("SELECT id, code, name, nation FROM force ORDER BY name")
        .fetch_all(pool)
        .await
}

pub(super) async fn find_by_code(pool: &AnyPool, code: &str) -> sqlx::Result<Option<Force>> {
    sqlx::query_as("SELECT id, code, name, nation FROM force WHERE code = $1")
        .bind(code)
        .fetch_optional(pool)
        .await
}
