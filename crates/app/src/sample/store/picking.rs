//! Picked cases in the database.

use crate::app::Call;
use crate::error::{Error, Result};
use crate::store::Text;
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool, FromRow};
use std::collections::{BTreeMap, BTreeSet};
use throughline_domain::audit;
use throughline_domain::id::{AuditId, InspectionId};
use throughline_domain::sample::{CasePicked, PickReason, PickUndone, State};

/// A case that somebody picked, and how far its first reading has come.
#[derive(Debug, Clone, FromRow)]
pub struct PickedCase {
    /// Its reference.
    pub reference: String,
    /// Its category's code.
    pub category: String,
    /// Its area.
    pub area: String,
    /// Why it was picked.
    pub reason: Text<PickReason>,
    /// Who picked it.
    pub picked_by: String,
    /// When.
    pub picked_at: Text<Timestamp>,
    /// Its first reading, once it has a reader.
    pub audit_id: Option<Text<AuditId>>,
    /// How far that has come.
    pub state: Option<Text<audit::State>>,
    /// Whose it is.
    pub reader: Option<String>,
    begun: i64,
}

impl PickedCase {
    /// Whether anybody has begun to write an audit of it.
    pub fn is_begun(&self) -> bool {
        self.begun > 0
    }
}

/// The picked cases, in the order in which they were picked.
pub(in crate::sample) async fn picked(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<PickedCase>> {
    sqlx::query_as(
        "SELECT purposive_case.reference, case_record.category, case_record.area, purposive_case.reason,
           account.name AS picked_by, picked_at, audit.id AS audit_id, audit.state, reader.name AS reader,
           (SELECT COUNT(*) FROM audit AS begun WHERE begun.inspection_id = purposive_case.inspection_id
              AND begun.reference = purposive_case.reference AND begun.state <> 'assigned') AS begun
         FROM purposive_case
         JOIN case_record ON case_record.inspection_id = purposive_case.inspection_id
           AND case_record.reference = purposive_case.reference
         JOIN account ON account.id = purposive_case.picked_by
         LEFT JOIN audit ON audit.inspection_id = purposive_case.inspection_id
           AND audit.reference = purposive_case.reference AND audit.reading = 'first'
         LEFT JOIN account AS reader ON reader.id = audit.reader_id
         WHERE purposive_case.inspection_id = $1 AND undone_at IS NULL
         ORDER BY picked_at, purposive_case.reference",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

/// Where each case that the draw chose stands.
pub(in crate::sample) async fn by_chance(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<BTreeMap<String, State>> {
    let rows: Vec<(String, Text<State>)> = sqlx::query_as(
        "SELECT reference, state FROM sampled_case WHERE inspection_id = $1 ORDER BY reference",
    )
    .bind(inspection.as_str())
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(reference, state)| (reference, state.0))
        .collect())
}

/// The references of the picked cases.
pub(in crate::sample) async fn on_purpose(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<BTreeSet<String>> {
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT reference FROM purposive_case WHERE inspection_id = $1 AND undone_at IS NULL
         ORDER BY reference",
    )
    .bind(inspection.as_str())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Whether the present case list has a case.
pub(in crate::sample) async fn is_listed(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT reference FROM case_record
         WHERE inspection_id = $1 AND reference = $2 AND withdrawn_at IS NULL",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Whether anybody has begun to write an audit of a case.
pub(in crate::sample) async fn is_begun(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<bool> {
    let begun: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM audit
         WHERE inspection_id = $1 AND reference = $2 AND state <> 'assigned'",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_one(connection)
    .await?;
    Ok(begun > 0)
}

/// A case may be picked again after a pick of it was taken back.
pub(in crate::sample) async fn pick(
    connection: &mut AnyConnection,
    call: &Call,
    event: &CasePicked,
) -> Result<()> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    sqlx::query(
        "INSERT INTO purposive_case (inspection_id, reference, reason, picked_by, picked_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (inspection_id, reference) DO UPDATE SET reason = excluded.reason,
           picked_by = excluded.picked_by, picked_at = excluded.picked_at,
           undone_reason = NULL, undone_at = NULL",
    )
    .bind(event.inspection.as_str())
    .bind(event.reference.as_str())
    .bind(event.why.code())
    .bind(user.as_str())
    .bind(Text(call.now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::sample) async fn undo_pick(
    connection: &mut AnyConnection,
    now: Timestamp,
    event: &PickUndone,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE purposive_case SET undone_reason = $3, undone_at = $4
         WHERE inspection_id = $1 AND reference = $2",
    )
    .bind(event.inspection.as_str())
    .bind(event.reference.as_str())
    .bind(event.why.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}
