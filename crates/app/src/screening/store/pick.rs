//! Cases that somebody picked, in the database.

use super::user;
use crate::app::Call;
use crate::error::Result;
use crate::store::{Text, insert_many};
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool, FromRow};
use throughline_domain::id::InspectionId;
use throughline_domain::screening::{CasePicked, PickReason};

/// A case that somebody picked.
#[derive(Debug, Clone, FromRow)]
pub struct PickedCase {
    /// The case.
    pub reference: String,
    /// What it is about.
    pub category: String,
    /// Who handled it.
    pub area: String,
    /// Why.
    pub reason: Text<PickReason>,
    /// Who picked it.
    pub picked_by: String,
    /// When.
    pub picked_at: Text<Timestamp>,
}

/// Whether a case was picked before, and whether chance chose it; none where the list has no such
/// case.
pub(in crate::screening) async fn chosen(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<Option<(bool, bool)>> {
    let (listed, picked, drawn): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM case_record WHERE inspection_id = $1 AND reference = $2) AS listed,
                (SELECT COUNT(*) FROM purposive_case WHERE inspection_id = $1 AND reference = $2) AS picked,
                (SELECT COUNT(*) FROM sampled_case WHERE inspection_id = $1 AND reference = $2
                   AND state = 'drawn') AS drawn",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_one(connection)
    .await?;
    Ok((listed > 0).then_some((picked > 0, drawn > 0)))
}

pub(in crate::screening) async fn insert_pick(
    connection: &mut AnyConnection,
    call: &Call,
    event: &CasePicked,
) -> Result<()> {
    let row = vec![
        event.inspection.as_str().into(),
        event.reference.as_str().into(),
        event.why.code().into(),
        user(call)?.into(),
        call.now.to_string().into(),
    ];
    let head =
        "INSERT INTO purposive_case (inspection_id, reference, reason, picked_by, picked_at)";
    Ok(insert_many(connection, head, &[row]).await?)
}

pub(in crate::screening) async fn picked(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<PickedCase>> {
    sqlx::query_as(
        "SELECT purposive_case.reference, case_record.category, case_record.area, reason,
           account.name AS picked_by, picked_at
         FROM purposive_case
         JOIN case_record ON case_record.inspection_id = purposive_case.inspection_id
           AND case_record.reference = purposive_case.reference
         JOIN account ON account.id = purposive_case.picked_by
         WHERE purposive_case.inspection_id = $1 ORDER BY picked_at, purposive_case.reference",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}
