//! Jobs in the database.

use crate::app::Call;
use crate::error::Result;
use crate::store::{Text, whole};
use jiff::Timestamp;
use sqlx::{AnyPool, FromRow};
use throughline_domain::id::JobId;

/// Work in the background.
#[derive(Debug, Clone, FromRow)]
pub struct Job {
    /// Which.
    pub id: Text<JobId>,
    /// What it is about.
    pub subject: String,
    /// `running`, `done` or `failed`.
    pub state: String,
    /// How much is done.
    pub done: i64,
    /// Of how much.
    pub total: i64,
    /// What it is at, or what went wrong.
    pub message: String,
    /// The page to go to when it is done.
    pub result: Option<String>,
    /// When it began.
    pub started_at: Text<Timestamp>,
}

pub(super) async fn insert(
    call: &Call,
    id: &JobId,
    kind: &str,
    subject: &str,
    total: u64,
) -> Result<()> {
    let mut transaction = call.app.store.begin().await?;
    sqlx::query(
        "INSERT INTO job (id, kind, subject, account_id, state, done, total, message, started_at)
         VALUES ($1, $2, $3, $4, 'running', 0, $5, '', $6)",
    )
    .bind(id.as_str())
    .bind(kind)
    .bind(subject)
    .bind(call.actor.user.as_ref().map(|user| user.as_str()))
    .bind(whole(total))
    .bind(Text(call.now))
    .execute(&mut *transaction)
    .await?;
    Ok(transaction.commit().await?)
}

pub(super) async fn finish(
    call: &Call,
    id: &JobId,
    state: &str,
    message: &str,
    result: Option<&str>,
) -> Result<()> {
    let mut transaction = call.app.store.begin().await?;
    sqlx::query(
        "UPDATE job SET state = $2, message = $3, result = $4, finished_at = $5 WHERE id = $1",
    )
    .bind(id.as_str())
    .bind(state)
    .bind(message)
    .bind(result)
    .bind(Text(call.now))
    .execute(&mut *transaction)
    .await?;
    Ok(transaction.commit().await?)
}

pub(super) async fn find(pool: &AnyPool, id: &JobId) -> sqlx::Result<Option<Job>> {
    sqlx::query_as(
        "SELECT id, subject, state, done, total, message, result, started_at FROM job WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(pool)
    .await
}
