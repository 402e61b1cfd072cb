//! Timelines in the database, each under the number of its file.

use crate::error::Result;
use crate::screening::timeline::Timeline;
use crate::store::{Value, insert_many, json, whole};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe};
use std::collections::HashMap;
use throughline_domain::id::InspectionId;

pub(in crate::screening) async fn insert_timelines(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    version: u32,
    timelines: &[Timeline],
) -> Result<()> {
    let rows = timelines.iter().map(|case| {
        Ok(vec![
            inspection.as_str().into(),
            Value::Whole(i64::from(version)),
            case.reference.as_str().into(),
            json(&case.events)?.into(),
            Value::Whole(whole(case.events.len() as u64)),
        ])
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let head = "INSERT INTO timeline (inspection_id, version, reference, events, event_count)";
    Ok(insert_many(connection, head, &rows).await?)
}

/// The events of one case, as text.
pub(in crate::screening) async fn timeline(
    pool: &AnyPool,
    inspection: &InspectionId,
    version: i64,
    reference: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT events FROM timeline WHERE inspection_id = $1 AND version = $2 AND reference = $3",
    )
    .bind(inspection.as_str())
    .bind(version)
    .bind(reference)
    .fetch_optional(pool)
    .await
}

/// The events of some cases, as text, by reference.
pub(in crate::screening) async fn timelines(
    pool: &AnyPool,
    inspection: &InspectionId,
    version: i64,
    references: &[&str],
) -> sqlx::Result<HashMap<String, String>> {
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = (3..references.len() + 3).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT reference, events FROM timeline
         WHERE inspection_id = $1 AND version = $2 AND reference IN ({})",
        places.join(",")
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql))
        .bind(inspection.as_str())
        .bind(version);
    for reference in references {
        query = query.bind(*reference);
    }
    let rows: Vec<(String, String)> = query.fetch_all(pool).await?;
    Ok(rows.into_iter().collect())
}

/// How many cases have a timeline in one version and none in another, and how many events they
/// had.
pub(in crate::screening) async fn gone(
    pool: &AnyPool,
    inspection: &InspectionId,
    before: i64,
    now: u32,
) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT COUNT(*) AS cases, CAST(COALESCE(SUM(event_count), 0) AS BIGINT) AS events
         FROM timeline WHERE inspection_id = $1 AND version = $2 AND NOT EXISTS
           (SELECT 1 FROM timeline now WHERE now.inspection_id = $1 AND now.version = $3
              AND now.reference = timeline.reference)",
    )
    .bind(inspection.as_str())
    .bind(before)
    .bind(i64::from(now))
    .fetch_one(pool)
    .await
}
