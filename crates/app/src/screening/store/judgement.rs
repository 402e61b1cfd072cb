//! What readers said of verdicts, in the database.

use crate::store::Text;
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool};
use std::collections::BTreeMap;
use throughline_domain::id::{AuditId, InspectionId};
use throughline_domain::screening::VerdictJudged;

pub(in crate::screening) async fn save_judgement(
    connection: &mut AnyConnection,
    now: Timestamp,
    event: &VerdictJudged,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO judged_verdict (audit_id, standard, screening_id, agrees, judged_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (audit_id, standard) DO UPDATE SET screening_id = excluded.screening_id,
           agrees = excluded.agrees, judged_at = excluded.judged_at",
    )
    .bind(event.audit.as_str())
    .bind(event.standard.as_str())
    .bind(event.screening.as_str())
    .bind(if event.agrees { "yes" } else { "no" })
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// What a reader said of the verdicts in an audit, by standard.
pub(in crate::screening) async fn judgements(
    pool: &AnyPool,
    audit: &AuditId,
) -> sqlx::Result<BTreeMap<String, bool>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT standard, agrees FROM judged_verdict WHERE audit_id = $1 ORDER BY standard",
    )
    .bind(audit.as_str())
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(standard, agrees)| (standard, agrees == "yes"))
        .collect())
}

/// In how many readings of an inspection's sample the reader agreed with a standard's verdict, of
/// how many. Picked cases are left out: some are picked because a verdict is doubted.
pub(in crate::screening) async fn record_of(
    pool: &AnyPool,
    inspection: &InspectionId,
    standard: &str,
) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE WHEN agrees = 'yes' THEN 1 ELSE 0 END), 0) AS BIGINT) AS agreed,
           COUNT(*) AS judged
         FROM judged_verdict JOIN audit ON audit.id = judged_verdict.audit_id
         JOIN sampled_case ON sampled_case.inspection_id = audit.inspection_id
           AND sampled_case.reference = audit.reference AND sampled_case.state = 'drawn'
         WHERE audit.inspection_id = $1 AND standard = $2",
    )
    .bind(inspection.as_str())
    .bind(standard)
    .fetch_one(pool)
    .await
}
