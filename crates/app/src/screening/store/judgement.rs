//! What readers said of verdicts, in the database.

use super::run::read_verdicts;
use crate::error::{Error, Result};
use crate::screening::judgement::Judgement;
use crate::screening::verdict::{Found, KeptVerdict};
use crate::store::Text;
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool, FromRow};
use std::collections::BTreeMap;
use throughline_domain::id::{AuditId, InspectionId, ScreeningId};
use throughline_domain::screening::VerdictJudged;

pub(in crate::screening) async fn save_judgement(
    connection: &mut AnyConnection,
    now: Timestamp,
    event: &VerdictJudged,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO judged_verdict (audit_id, standard, screening_id, meaning, found, agrees, judged_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (audit_id, standard) DO UPDATE SET screening_id = excluded.screening_id,
           meaning = excluded.meaning, found = excluded.found, agrees = excluded.agrees,
           judged_at = excluded.judged_at",
    )
    .bind(event.audit.as_str())
    .bind(event.standard.as_str())
    .bind(event.screening.as_str())
    .bind(event.meaning.as_str())
    .bind(event.found.as_str())
    .bind(if event.agrees { "yes" } else { "no" })
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// A judgement as its row has it.
#[derive(FromRow)]
struct JudgedRow {
    audit_id: String,
    standard: String,
    reference: String,
    meaning: String,
    found: String,
    agrees: String,
}

impl JudgedRow {
    fn read(self) -> Result<Judgement> {
        let damaged = |what: &str| {
            let (audit, standard) = (&self.audit_id, &self.standard);
            Error::Internal(format!(
                "what was said of {standard} in audit {audit} has the unknown code {what:?}"
            ))
        };
        Ok(Judgement {
            agrees: match self.agrees.as_str() {
                "yes" => true,
                "no" => false,
                other => return Err(damaged(other)),
            },
            found: Found::of_code(&self.found).ok_or_else(|| damaged(&self.found))?,
            meaning: self.meaning,
        })
    }
}

const JUDGED: &str =
    "SELECT audit_id, standard, audit.reference, judged_verdict.meaning, judged_verdict.found,
     judged_verdict.agrees FROM judged_verdict JOIN audit ON audit.id = judged_verdict.audit_id";

/// What a reader said of the verdicts in an audit, by standard.
pub(in crate::screening) async fn judgements(
    pool: &AnyPool,
    audit: &AuditId,
) -> Result<BTreeMap<String, Judgement>> {
    let rows: Vec<JudgedRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{JUDGED} WHERE audit_id = $1 ORDER BY standard"
    )))
    .bind(audit.as_str())
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.standard.clone(), row.read()?)))
        .collect()
}

/// What was said of a standard in each reading of an inspection's sample, with the verdicts of a
/// screening on the same case.
pub(in crate::screening) async fn judged(
    pool: &AnyPool,
    inspection: &InspectionId,
    screening: &ScreeningId,
    standard: &str,
) -> Result<Vec<(Judgement, Vec<KeptVerdict>)>> {
    let rows: Vec<JudgedRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{JUDGED} {OF_SAMPLE} WHERE audit.inspection_id = $1 AND standard = $2 ORDER BY audit_id"
    )))
    .bind(inspection.as_str())
    .bind(standard)
    .fetch_all(pool)
    .await?;
    let found = verdicts_on_judged(pool, inspection, screening, standard).await?;
    let with_verdicts = rows.into_iter().map(|row| {
        let verdicts = found.get(&row.reference).cloned().unwrap_or_default();
        Ok((row.read()?, verdicts))
    });
    with_verdicts.collect()
}

const OF_SAMPLE: &str = "JOIN sampled_case ON sampled_case.inspection_id = audit.inspection_id
    AND sampled_case.reference = audit.reference AND sampled_case.state = 'drawn'";

/// The verdicts of a screening on the cases in which a standard's was judged, by case.
async fn verdicts_on_judged(
    pool: &AnyPool,
    inspection: &InspectionId,
    screening: &ScreeningId,
    standard: &str,
) -> Result<BTreeMap<String, Vec<KeptVerdict>>> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT reference, verdicts, verdicts_across FROM screening_case
         WHERE screening_id = $2 AND reference IN (SELECT audit.reference FROM judged_verdict
           JOIN audit ON audit.id = judged_verdict.audit_id
           WHERE audit.inspection_id = $1 AND judged_verdict.standard = $3)
         ORDER BY reference",
    )
    .bind(inspection.as_str())
    .bind(screening.as_str())
    .bind(standard)
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|(reference, within, across)| {
            let verdicts = read_verdicts(&reference, [&within, &across])?;
            Ok((reference, verdicts))
        })
        .collect()
}
