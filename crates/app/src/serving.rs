//! What was served on a force, and when: the one rule by which its people see something before
//! it is published.
//!
//! A thing is named as in the journal, `recommendation/4k9xw2m8q0ab`. What is worded afterwards
//! is another thing, and not served until it is served itself.

use crate::store::Text;
use jiff::Timestamp;
use sqlx::{Any, AnyConnection, AnyPool, Executor};
use throughline_domain::id::ForceId;

/// Serves a thing on a force. What was served before keeps its time.
///
/// # Errors
/// When the database refuses.
pub async fn serve(
    connection: &mut AnyConnection,
    thing: &str,
    force: &ForceId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO served (thing, force_id, served_at) VALUES ($1, $2, $3)
         ON CONFLICT (thing, force_id) DO NOTHING",
    )
    .bind(thing)
    .bind(force.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// When a thing was served on a force, if it was.
///
/// # Errors
/// When the database does not answer.
pub async fn find_served_at<'e>(
    executor: impl Executor<'e, Database = Any>,
    thing: &str,
    force: &ForceId,
) -> sqlx::Result<Option<Timestamp>> {
    let found: Option<Text<Timestamp>> =
        sqlx::query_scalar("SELECT served_at FROM served WHERE thing = $1 AND force_id = $2")
            .bind(thing)
            .bind(force.as_str())
            .fetch_optional(executor)
            .await?;
    Ok(found.map(|at| at.0))
}

/// Whether a thing was served on a force.
///
/// # Errors
/// When the database does not answer.
pub async fn is_served(pool: &AnyPool, thing: &str, force: &ForceId) -> sqlx::Result<bool> {
    Ok(find_served_at(pool, thing, force).await?.is_some())
}
