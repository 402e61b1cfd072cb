//! The rows that figures are computed from, and figures as frozen.

use super::FigureSet;
use super::input::{Draw, EarlierRound, Grades, Inputs, Screened};
use crate::error::{Error, Result};
use crate::inspection::Inspection;
use crate::recommendation;
use crate::referral;
use crate::store::Text;
use jiff::Timestamp;
use serde::Deserialize;
use sqlx::{AnyConnection, AnyPool};
use throughline_domain::id::{InspectionId, ReportId};
use throughline_reports::document::Document;
use throughline_reports::figure::Figures;
use throughline_stats::disclosure::Statement;

/// Everything that an inspection's figures rest on.
pub(super) async fn read(
    connection: &mut AnyConnection,
    inspection: &Inspection,
    earlier: Vec<EarlierRound>,
) -> sqlx::Result<Inputs> {
    let id = &inspection.id.0;
    Ok(Inputs {
        framework: inspection.framework.clone(),
        grades: read_grades(connection, id).await?,
        left_out: sqlx::query_as(
            "SELECT replaced_reason AS code, COUNT(*) AS n FROM sampled_case
             WHERE inspection_id = $1 AND replaced_reason IS NOT NULL
             GROUP BY replaced_reason ORDER BY replaced_reason",
        )
        .bind(id.as_str())
        .fetch_all(&mut *connection)
        .await?,
        failings: sqlx::query_as(
            "SELECT failing.criterion, failing.cause, COUNT(*) AS n FROM failing
             JOIN case_grade ON case_grade.audit_id = failing.audit_id
             JOIN sampled_case ON sampled_case.inspection_id = case_grade.inspection_id
               AND sampled_case.reference = case_grade.reference
             WHERE failing.inspection_id = $1 AND sampled_case.state = 'drawn'
             GROUP BY failing.criterion, failing.cause ORDER BY failing.criterion, failing.cause",
        )
        .bind(id.as_str())
        .fetch_all(&mut *connection)
        .await?,
        second_readings: sqlx::query_as(
            "SELECT one.reference, one.grade AS first_grade, other.grade AS second_grade FROM audit AS one
             JOIN audit AS other ON other.inspection_id = one.inspection_id AND other.reference = one.reference
             JOIN sampled_case ON sampled_case.inspection_id = one.inspection_id
               AND sampled_case.reference = one.reference
             WHERE one.inspection_id = $1 AND one.reading = 'first' AND other.reading = 'second'
               AND one.state = 'submitted' AND other.state = 'submitted' AND sampled_case.state = 'drawn'
             ORDER BY one.reference",
        )
        .bind(id.as_str())
        .fetch_all(&mut *connection)
        .await?,
        referrals: referral::counted_referrals(&mut *connection, id).await?,
        findings: sqlx::query_as(
            "SELECT kind, title, detail FROM finding WHERE inspection_id = $1 ORDER BY written_at, id",
        )
        .bind(id.as_str())
        .fetch_all(&mut *connection)
        .await?,
        recommendations: recommendation::list_asked(&mut *connection, id).await?,
        judgements: sqlx::query_as(
            "SELECT number, detail, judgement, rests_on FROM progress_judgement
             JOIN recommendation ON recommendation.id = recommendation_id
             WHERE progress_judgement.inspection_id = $1 ORDER BY number",
        )
        .bind(id.as_str())
        .fetch_all(&mut *connection)
        .await?,
        screened: newest_screening(&mut *connection, id).await?,
        earlier,
    })
}

/// What the newest screening of an inspection found.
async fn newest_screening(
    connection: &mut AnyConnection,
    id: &InspectionId,
) -> sqlx::Result<Option<Screened>> {
    sqlx::query_as(
        "SELECT number, as_of, known_at, timelines_version, library, standards_digest, case_count,
           without_timeline, standards, tally
         FROM screening WHERE inspection_id = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(connection)
    .await
}

/// The figures of an inspection's latest published report.
pub(super) async fn find_published(
    connection: &mut AnyConnection,
    id: &InspectionId,
) -> Result<Option<Figures>> {
    let text: Option<String> = sqlx::query_scalar(
        "SELECT document FROM publication JOIN report ON report.id = report_id
         WHERE inspection_id = $1 ORDER BY version DESC LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(connection)
    .await?;
    let Some(text) = text else { return Ok(None) };
    let document: Document = serde_json::from_str(&text)
        .map_err(|error| Error::Internal(format!("the publication of {id}: {error}")))?;
    Ok(Some(document.figures))
}

/// What the published versions of an inspection's report say about which cases: the figures as
/// they were at its approval, and those of each correction since.
pub(super) async fn published_statements(
    pool: &AnyPool,
    id: &InspectionId,
) -> Result<Vec<Statement>> {
    let frozen: Vec<String> = sqlx::query_scalar(
        "SELECT frozen FROM report_figures JOIN report ON report.id = report_figures.report_id
         WHERE report.inspection_id = $1 AND report.state = 'published' AND report_figures.number >= (
           SELECT MAX(approved.number) FROM report_figures AS approved
           WHERE approved.report_id = report.id AND approved.frozen_at <= report.approved_at)
         ORDER BY report_figures.report_id, report_figures.number",
    )
    .bind(id.as_str())
    .fetch_all(pool)
    .await?;
    let mut statements = Vec::new();
    for text in frozen {
        let said: Said = serde_json::from_str(&text)
            .map_err(|error| Error::Internal(format!("the frozen figures of {id}: {error}")))?;
        statements.extend(said.statements);
    }
    Ok(statements)
}

/// The part of a frozen set that says what its tables say.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    statements: Vec<Statement>,
}

/// The list, the draw and the final grades of an inspection.
pub(super) async fn read_grades(
    connection: &mut AnyConnection,
    id: &InspectionId,
) -> sqlx::Result<Grades> {
    let draw: Option<Draw> =
        sqlx::query_as("SELECT seed, drawn_at FROM sample WHERE inspection_id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *connection)
            .await?;
    Ok(Grades {
        listed: sqlx::query_as(
            "SELECT category AS code, COUNT(*) AS n FROM case_record
             WHERE inspection_id = $1 AND withdrawn_at IS NULL GROUP BY category ORDER BY category",
        )
        .bind(id.as_str())
        .fetch_all(&mut *connection)
        .await?,
        draw,
        drawn: sqlx::query_as(
            "SELECT sampled_case.reference, stratum, inclusion_probability, category, area, grade, own_grade
             FROM sampled_case
             JOIN case_record ON case_record.inspection_id = sampled_case.inspection_id
               AND case_record.reference = sampled_case.reference
             LEFT JOIN case_grade ON case_grade.inspection_id = sampled_case.inspection_id
               AND case_grade.reference = sampled_case.reference
             WHERE sampled_case.inspection_id = $1 AND state = 'drawn'
             ORDER BY sampled_case.reference",
        )
        .bind(id.as_str())
        .fetch_all(&mut *connection)
        .await?,
    })
}

/// Keeps a set of figures as they are now, beside every earlier freeze.
pub(super) async fn insert_frozen(
    connection: &mut AnyConnection,
    report: &ReportId,
    set: &FigureSet,
    now: Timestamp,
) -> Result<i64> {
    let earlier: i64 = sqlx::query_scalar(
        "SELECT COALESCE(MAX(number), 0) FROM report_figures WHERE report_id = $1",
    )
    .bind(report.as_str())
    .fetch_one(&mut *connection)
    .await?;
    let frozen = serde_json::to_string(set).map_err(|error| Error::Internal(error.to_string()))?;
    sqlx::query(
        "INSERT INTO report_figures (report_id, number, frozen, inputs_digest, frozen_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(report.as_str())
    .bind(earlier + 1)
    .bind(frozen)
    .bind(set.inputs_digest.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(earlier + 1)
}

/// The figures of a report as last frozen.
pub(super) async fn find_frozen(
    pool: &AnyPool,
    report: &ReportId,
) -> sqlx::Result<Option<(i64, String)>> {
    sqlx::query_as(
        "SELECT number, frozen FROM report_figures WHERE report_id = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(report.as_str())
    .fetch_optional(pool)
    .await
}
