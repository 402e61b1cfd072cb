//! An inspection's own standards in the database.

use super::user;
use crate::app::Call;
use crate::error::Result;
use crate::store::{Text, Value, insert_many, whole};
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool, FromRow};
use throughline_domain::id::InspectionId;
use throughline_domain::screening::StandardsWritten;

/// Versions of an inspection's own standards.
#[derive(Debug, Clone, FromRow)]
pub struct OwnStandards {
    /// Their number, from 1.
    pub version: i64,
    /// As they were typed.
    pub content: String,
    /// SHA-256 of the text.
    pub digest: String,
    /// How many there are.
    pub standard_count: i64,
    /// Who wrote them.
    pub written_by: String,
    /// When.
    pub written_at: Text<Timestamp>,
}

/// The versions of an inspection's own standards, newest first.
pub(in crate::screening) async fn own_standards(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<OwnStandards>> {
    sqlx::query_as(
        "SELECT version, content, digest, standard_count, account.name AS written_by, written_at
         FROM own_standards JOIN account ON account.id = own_standards.written_by
         WHERE inspection_id = $1 ORDER BY version DESC",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

pub(in crate::screening) async fn insert_standards(
    connection: &mut AnyConnection,
    call: &Call,
    event: &StandardsWritten,
    content: &str,
) -> Result<()> {
    let row = vec![
        event.inspection.as_str().into(),
        Value::Whole(i64::from(event.version)),
        content.into(),
        event.digest.as_str().into(),
        Value::Whole(whole(event.standards)),
        user(call)?.into(),
        call.now.to_string().into(),
    ];
    let head = "INSERT INTO own_standards (inspection_id, version, content, digest, standard_count, written_by, written_at)";
    Ok(insert_many(connection, head, &[row]).await?)
}
