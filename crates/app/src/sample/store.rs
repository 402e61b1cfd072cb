//! Samples and their cases in the database.

pub mod opening;
pub(super) mod picking;

use crate::app::Call;
use crate::error::{Error, Result};
use crate::store::{Text, Value, insert_many, json, whole};
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool, FromRow};
use throughline_domain::id::{CaseListId, InspectionId, SampleId};
use throughline_domain::sample::{CaseReplaced, SampleDrawn, Sampled, State};
use throughline_stats::draw::Draw;

/// A drawn sample.
#[derive(Debug, Clone, FromRow)]
pub struct Sample {
    /// Which.
    pub id: Text<SampleId>,
    /// The seed, in hexadecimal.
    pub seed: String,
    /// How many cases were to be drawn.
    pub size: i64,
    certificate: String,
    /// The version of the case list it was drawn from.
    pub version: i64,
    /// Who drew it.
    pub drawn_by: String,
    /// When.
    pub drawn_at: Text<Timestamp>,
}

impl Sample {
    /// The certificate as it was stored.
    pub fn certificate_text(&self) -> &str {
        &self.certificate
    }

    /// Everything needed to draw again.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn certificate(&self) -> Result<Draw> {
        serde_json::from_str(&self.certificate).map_err(|error| Error::Internal(error.to_string()))
    }
}

/// A case of a sample, and what became of it.
#[derive(Debug, Clone, FromRow)]
pub struct SampledCase {
    /// Its reference.
    pub reference: String,
    /// The category it was drawn in.
    pub stratum: String,
    /// Its area.
    pub area: String,
    /// Its place in the order of the draw within its category, reserves after the drawn.
    pub position: i64,
    /// The chance with which it came into the sample.
    pub inclusion_probability: f64,
    /// Where it stands.
    pub state: Text<State>,
    /// The framework's code of why it is not read.
    pub replaced_reason: Option<String>,
    /// The reserve that took its place.
    pub replaced_by: Option<String>,
    /// The case whose place it took.
    pub instead_of: Option<String>,
}

pub(super) async fn strata(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as(
        "SELECT category, COUNT(*) AS cases FROM case_record
         WHERE inspection_id = $1 AND withdrawn_at IS NULL GROUP BY category ORDER BY category",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn exists(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<bool> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT id FROM sample WHERE inspection_id = $1")
            .bind(inspection.as_str())
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// The present version of the case list.
pub(super) async fn present_list(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Option<CaseListId>> {
    let found: Option<Text<CaseListId>> = sqlx::query_scalar(
        "SELECT id FROM case_list WHERE inspection_id = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(inspection.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|id| id.0))
}

pub(super) async fn find(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Option<Sample>> {
    sqlx::query_as(
        "SELECT sample.id, seed, size, certificate, case_list.version, account.name AS drawn_by, drawn_at
         FROM sample JOIN case_list ON case_list.id = case_list_id JOIN account ON account.id = drawn_by
         WHERE sample.inspection_id = $1",
    )
    .bind(inspection.as_str())
    .fetch_optional(pool)
    .await
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    call: &Call,
    event: &SampleDrawn,
    certificate: &Draw,
) -> Result<()> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let row = vec![
        event.sample.as_str().into(),
        event.inspection.as_str().into(),
        event.case_list.as_str().into(),
        event.seed.as_str().into(),
        Value::Whole(whole(event.size)),
        json(certificate)?.into(),
        user.as_str().into(),
        call.now.to_string().into(),
    ];
    let head = "INSERT INTO sample (id, inspection_id, case_list_id, seed, size, certificate, drawn_by, drawn_at)";
    insert_many(connection, head, &[row]).await?;
    let cases: Vec<Vec<Value>> = certificate
        .cases
        .iter()
        .map(|case| {
            let state = if case.reserve {
                State::Reserve
            } else {
                State::Drawn
            };
            vec![
                event.inspection.as_str().into(),
                case.reference.as_str().into(),
                event.sample.as_str().into(),
                case.stratum.as_str().into(),
                Value::Whole(whole(case.position)),
                Value::Real(case.inclusion_probability.value),
                state.code().into(),
            ]
        })
        .collect();
    let head = "INSERT INTO sampled_case (inspection_id, reference, sample_id, stratum, position, inclusion_probability, state)";
    Ok(insert_many(connection, head, &cases).await?)
}

/// The cases in the order of the draw, from one on, so many; 0 for all.
pub(super) async fn cases(
    pool: &AnyPool,
    inspection: &InspectionId,
    from: u64,
    many: u64,
) -> sqlx::Result<Vec<SampledCase>> {
    sqlx::query_as(
        "SELECT sampled_case.reference, sampled_case.stratum, case_record.area, sampled_case.position,
         sampled_case.inclusion_probability, sampled_case.state, sampled_case.replaced_reason,
         sampled_case.replaced_by, left_case.reference AS instead_of
         FROM sampled_case
         JOIN case_record ON case_record.inspection_id = sampled_case.inspection_id
          AND case_record.reference = sampled_case.reference
         LEFT JOIN sampled_case AS left_case ON left_case.inspection_id = sampled_case.inspection_id
          AND left_case.replaced_by = sampled_case.reference
         WHERE sampled_case.inspection_id = $1
         ORDER BY sampled_case.stratum, sampled_case.position LIMIT $2 OFFSET $3",
    )
    .bind(inspection.as_str())
    .bind(if many == 0 { i64::MAX } else { whole(many) })
    .bind(whole(from))
    .fetch_all(pool)
    .await
}

/// How many cases were taken out, by the code of the reason.
pub(super) async fn count_by_reason(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as(
        "SELECT replaced_reason, COUNT(*) AS cases FROM sampled_case
         WHERE inspection_id = $1 AND replaced_reason IS NOT NULL
         GROUP BY replaced_reason ORDER BY replaced_reason",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

/// How many cases stand how.
pub(super) async fn count_by_state(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<(Text<State>, i64)>> {
    sqlx::query_as(
        "SELECT state, COUNT(*) AS cases FROM sampled_case WHERE inspection_id = $1
         GROUP BY state ORDER BY state",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn load_for_replacement(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<Option<Sampled>> {
    let case: Option<(Text<State>, String, i64)> = sqlx::query_as(
        "SELECT state, stratum, (SELECT COUNT(*) FROM audit WHERE audit.inspection_id = $1
           AND audit.reference = $2 AND audit.state = 'submitted') AS audits
         FROM sampled_case WHERE inspection_id = $1 AND reference = $2",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_optional(&mut *connection)
    .await?;
    let Some((state, stratum, audits)) = case else {
        return Ok(None);
    };
    let next_reserve: Option<String> = sqlx::query_scalar(
        "SELECT reference FROM sampled_case WHERE inspection_id = $1 AND stratum = $2
         AND state = 'reserve' ORDER BY position LIMIT 1",
    )
    .bind(inspection.as_str())
    .bind(stratum)
    .fetch_optional(connection)
    .await?;
    Ok(Some(Sampled {
        inspection: inspection.clone(),
        reference: reference.to_owned(),
        state: state.0,
        audited: audits > 0,
        next_reserve,
    }))
}

pub(super) async fn replace(
    connection: &mut AnyConnection,
    now: Timestamp,
    event: &CaseReplaced,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE sampled_case SET state = $3, replaced_reason = $4, replaced_by = $5, replaced_at = $6
         WHERE inspection_id = $1 AND reference = $2",
    )
    .bind(event.inspection.as_str())
    .bind(event.reference.as_str())
    .bind(event.state.code())
    .bind(event.why.as_str())
    .bind(event.replaced_by.as_deref())
    .bind(Text(now))
    .execute(&mut *connection)
    .await?;
    if let Some(reserve) = &event.replaced_by {
        sqlx::query(
            "UPDATE sampled_case SET state = 'drawn' WHERE inspection_id = $1 AND reference = $2",
        )
        .bind(event.inspection.as_str())
        .bind(reserve.as_str())
        .execute(connection)
        .await?;
    }
    Ok(())
}

pub(super) async fn is_sampled(
    pool: &AnyPool,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT reference FROM sampled_case WHERE inspection_id = $1 AND reference = $2",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

/// How many drawn cases have no reader yet.
pub(super) async fn count_without_reader(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM sampled_case WHERE inspection_id = $1 AND state = 'drawn' AND NOT EXISTS
           (SELECT 1 FROM audit WHERE audit.inspection_id = sampled_case.inspection_id
              AND audit.reference = sampled_case.reference)",
    )
    .bind(inspection.as_str())
    .fetch_one(pool)
    .await
}
