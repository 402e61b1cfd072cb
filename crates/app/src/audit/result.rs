//! What the audits come to: final grades, standing failings and how well readings agree, for
//! findings and figures. Callers decide who may see them.

use crate::error::Result;
use crate::store::Text;
use sqlx::{Any, AnyPool, Executor, FromRow};
use throughline_domain::audit::Settled;
use throughline_domain::id::{AuditId, FailingId, InspectionId};

/// The final grade of a case of the sample.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CaseGrade {
    /// The case.
    pub reference: String,
    /// The stratum it was drawn from.
    pub stratum: String,
    /// Its category's code.
    pub category: String,
    /// Its area.
    pub area: String,
    /// Its final grade's code.
    pub grade: String,
    /// How it came by it.
    pub settled: Text<Settled>,
}

/// The final grades of the cases settled so far, by reference.
///
/// # Errors
/// When the database does not answer.
pub async fn grades(pool: &AnyPool, inspection: &InspectionId) -> Result<Vec<CaseGrade>> {
    Ok(sqlx::query_as(
        "SELECT case_grade.reference, sampled_case.stratum, case_record.category, case_record.area,
           case_grade.grade, case_grade.settled
         FROM case_grade
         JOIN sampled_case ON sampled_case.inspection_id = case_grade.inspection_id
           AND sampled_case.reference = case_grade.reference
         JOIN case_record ON case_record.inspection_id = case_grade.inspection_id
           AND case_record.reference = case_grade.reference
         WHERE case_grade.inspection_id = $1 AND sampled_case.state = 'drawn'
         ORDER BY case_grade.reference",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await?)
}

/// The grade of a topic in a case, from the reading that stands.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TopicGrade {
    /// The case.
    pub reference: String,
    /// The topic's code.
    pub topic: String,
    /// The grade's code.
    pub grade: String,
}

/// The topic grades of the readings that stand, by reference and topic.
///
/// # Errors
/// When the database does not answer.
pub async fn topic_grades(pool: &AnyPool, inspection: &InspectionId) -> Result<Vec<TopicGrade>> {
    Ok(sqlx::query_as(
        "SELECT case_grade.reference, topic_grade.topic, topic_grade.grade
         FROM case_grade
         JOIN sampled_case ON sampled_case.inspection_id = case_grade.inspection_id
           AND sampled_case.reference = case_grade.reference
         JOIN topic_grade ON topic_grade.audit_id = case_grade.audit_id
         WHERE case_grade.inspection_id = $1 AND sampled_case.state = 'drawn'
         ORDER BY case_grade.reference, topic_grade.topic",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await?)
}

/// Which failings are asked for; an empty filter asks for all.
#[derive(Debug, Clone, Default)]
pub struct FailingFilter {
    /// Those under the criterion with that code.
    pub criterion: Option<String>,
    /// Those put down to the cause with that code.
    pub cause: Option<String>,
    /// Those of that case.
    pub reference: Option<String>,
}

/// A failing of a reading that stands.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct FailingRow {
    /// Its id.
    pub id: Text<FailingId>,
    /// The audit that names it.
    pub audit_id: Text<AuditId>,
    /// The case.
    pub reference: String,
    /// The criterion's code.
    pub criterion: String,
    /// The cause's code.
    pub cause: String,
    /// Where in the file it shows.
    pub passage: String,
    /// What was not done.
    pub detail: String,
}

/// The failings that stand, by criterion, cause and case.
///
/// # Errors
/// When the database does not answer.
pub async fn failings(
    pool: &AnyPool,
    inspection: &InspectionId,
    filter: &FailingFilter,
) -> Result<Vec<FailingRow>> {
    let text = |wanted: &Option<String>| wanted.clone().unwrap_or_default();
    Ok(sqlx::query_as(
        "SELECT failing.id, failing.audit_id, case_grade.reference, failing.criterion, failing.cause,
           failing.passage, failing.detail
         FROM case_grade
         JOIN sampled_case ON sampled_case.inspection_id = case_grade.inspection_id
           AND sampled_case.reference = case_grade.reference
         JOIN failing ON failing.audit_id = case_grade.audit_id
         WHERE case_grade.inspection_id = $1 AND sampled_case.state = 'drawn'
           AND ($2 = '' OR failing.criterion = $2)
           AND ($3 = '' OR failing.cause = $3)
           AND ($4 = '' OR case_grade.reference = $4)
         ORDER BY failing.criterion, failing.cause, case_grade.reference, failing.number, failing.id",
    )
    .bind(inspection.as_str())
    .bind(text(&filter.criterion))
    .bind(text(&filter.cause))
    .bind(text(&filter.reference))
    .fetch_all(pool)
    .await?)
}

/// The two grades of each case that was read twice, first reading first.
///
/// # Errors
/// When the database does not answer.
pub async fn agreement_pairs<'e>(
    executor: impl Executor<'e, Database = Any>,
    inspection: &InspectionId,
) -> Result<Vec<(String, String)>> {
    Ok(sqlx::query_as(
        "SELECT audit.grade, other.grade AS other_grade
         FROM audit
         JOIN audit AS other ON other.inspection_id = audit.inspection_id
           AND other.reference = audit.reference AND other.reading = 'second'
         JOIN sampled_case ON sampled_case.inspection_id = audit.inspection_id
           AND sampled_case.reference = audit.reference
         WHERE audit.inspection_id = $1 AND audit.reading = 'first' AND audit.state = 'submitted'
           AND other.state = 'submitted' AND sampled_case.state = 'drawn'
         ORDER BY audit.reference",
    )
    .bind(inspection.as_str())
    .fetch_all(executor)
    .await?)
}
