//! Rounds and judgements in the database.

use crate::inspection::Inspection;
use crate::store::Text;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, FromRow};
use throughline_domain::id::{InspectionId, RecommendationId, SeriesId, UserId};
use throughline_domain::progress::ProgressJudged;

pub(super) async fn last_round(
    connection: &mut AnyConnection,
    series: &SeriesId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT MAX(round) FROM inspection WHERE series_id = $1")
        .bind(series.as_str())
        .fetch_one(connection)
        .await
}

pub(super) async fn team(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<Text<UserId>>> {
    sqlx::query_scalar(
        "SELECT account_id FROM team_member WHERE inspection_id = $1 ORDER BY account_id",
    )
    .bind(inspection.as_str())
    .fetch_all(connection)
    .await
}

/// A published recommendation with its judgement in a round.
#[derive(Debug, Clone, FromRow)]
pub struct Judged {
    /// Which.
    pub id: Text<RecommendationId>,
    /// Its number in the series.
    pub number: i64,
    /// What it asks.
    pub detail: String,
    /// Its last day.
    pub due_on: Option<Text<Date>>,
    /// The code of this round's judgement.
    pub judgement: Option<String>,
    /// What it rests on.
    pub rests_on: Option<String>,
    /// Who judged.
    pub judged_by: Option<String>,
    /// The code of the judgement in the round before.
    pub judged_before: Option<String>,
}

pub(super) async fn judged(pool: &AnyPool, inspection: &Inspection) -> sqlx::Result<Vec<Judged>> {
    sqlx::query_as(
        "SELECT recommendation.id, number, detail, due_on, this.judgement, this.rests_on,
           account.name AS judged_by,
           (SELECT earlier.judgement FROM progress_judgement AS earlier
             JOIN inspection AS round_before ON round_before.id = earlier.inspection_id
             WHERE earlier.recommendation_id = recommendation.id AND round_before.round = $3 - 1
               AND round_before.series_id = $2) AS judged_before
         FROM recommendation
         JOIN inspection AS made_in ON made_in.id = recommendation.inspection_id
         LEFT JOIN progress_judgement AS this ON this.recommendation_id = recommendation.id
           AND this.inspection_id = $1
         LEFT JOIN account ON account.id = this.judged_by
         WHERE recommendation.series_id = $2 AND published_on IS NOT NULL AND made_in.round < $3
         ORDER BY number",
    )
    .bind(inspection.id.as_str())
    .bind(inspection.series_id.as_str())
    .bind(inspection.round)
    .fetch_all(pool)
    .await
}

pub(super) async fn is_judgeable(
    connection: &mut AnyConnection,
    inspection: &Inspection,
    recommendation: &RecommendationId,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT recommendation.id FROM recommendation
         JOIN inspection ON inspection.id = recommendation.inspection_id
         WHERE recommendation.id = $1 AND recommendation.series_id = $2
           AND published_on IS NOT NULL AND (round < $3 OR $3 = 0)",
    )
    .bind(recommendation.as_str())
    .bind(inspection.series_id.as_str())
    .bind(inspection.round)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Keeps a judgement, in place of an earlier one of the same round.
pub(super) async fn keep_judgement(
    connection: &mut AnyConnection,
    judged: &ProgressJudged,
    by: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO progress_judgement
           (inspection_id, recommendation_id, judgement, rests_on, judged_by, judged_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (inspection_id, recommendation_id) DO UPDATE SET
           judgement = excluded.judgement, rests_on = excluded.rests_on,
           judged_by = excluded.judged_by, judged_at = excluded.judged_at",
    )
    .bind(judged.inspection.as_str())
    .bind(judged.recommendation.as_str())
    .bind(judged.judgement.as_str())
    .bind(judged.rests_on.as_str())
    .bind(by.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}
