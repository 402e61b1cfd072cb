//! What a report asks for, as its figures freeze it.

use super::Recommendation;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, FromRow};
use throughline_domain::id::InspectionId;

/// A recommendation in the words that were frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Asked {
    /// Its number in the series.
    pub number: i64,
    /// What is asked.
    pub detail: String,
    /// Who is to do it.
    pub owner: String,
    /// The framework's code of the time limit.
    pub time_limit: String,
}

impl Asked {
    pub(super) fn is_of(&self, recommendation: &Recommendation) -> bool {
        self.detail == recommendation.detail
            && self.owner == recommendation.owner
            && self.time_limit == recommendation.time_limit
    }
}

/// What the report of an inspection asks for: its own recommendations, and those of earlier
/// rounds that were written after their report.
///
/// # Errors
/// When the database does not answer.
pub async fn list_asked(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Asked>> {
    sqlx::query_as(
        "SELECT recommendation.number, detail, owner, time_limit FROM recommendation
         JOIN inspection AS origin ON origin.id = recommendation.inspection_id
         JOIN inspection AS here ON here.series_id = recommendation.series_id
         WHERE here.id = $1 AND (origin.id = here.id
           OR (origin.round < here.round AND recommendation.published_on IS NULL
             AND EXISTS (SELECT 1 FROM report WHERE report.inspection_id = origin.id
               AND report.state = 'published')))
         ORDER BY recommendation.number",
    )
    .bind(inspection.as_str())
    .fetch_all(connection)
    .await
}
