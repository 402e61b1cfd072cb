//! What a reader writes, in the database.

use crate::store::{Text, Value, insert_many};
use sqlx::{AnyConnection, FromRow};
use std::collections::{BTreeMap, BTreeSet};
use throughline_domain::audit::{
    Answer, Answered, Content, Failing, GradesPart, Part, Strength, StrengthsPart, TopicPart,
};
use throughline_domain::id::{AuditId, FailingId, InspectionId};

#[derive(FromRow)]
struct AnswerRow {
    criterion: String,
    answer: Option<Text<Answer>>,
    reason: Option<String>,
}

#[derive(FromRow)]
struct FailingRow {
    id: Text<FailingId>,
    criterion: String,
    cause: String,
    passage: String,
    detail: String,
}

#[derive(FromRow)]
struct GradeRow {
    grade: Option<String>,
    grade_reason: Option<String>,
}

/// Everything that an audit holds.
pub(in crate::audit) async fn load(
    connection: &mut AnyConnection,
    audit: &AuditId,
) -> sqlx::Result<Content> {
    let overall: GradeRow = sqlx::query_as("SELECT grade, grade_reason FROM audit WHERE id = $1")
        .bind(audit.as_str())
        .fetch_one(&mut *connection)
        .await?;
    Ok(Content {
        answers: load_answers(connection, audit).await?,
        failings: load_failings(connection, audit).await?,
        strengths: load_strengths(connection, audit).await?,
        topic_grades: load_topic_grades(connection, audit).await?,
        grade: overall.grade,
        grade_reason: overall.grade_reason.unwrap_or_default(),
    })
}

async fn load_answers(
    connection: &mut AnyConnection,
    audit: &AuditId,
) -> sqlx::Result<BTreeMap<String, Answered>> {
    let rows: Vec<AnswerRow> = sqlx::query_as(
        "SELECT criterion, answer, reason FROM audit_answer WHERE audit_id = $1 ORDER BY criterion",
    )
    .bind(audit.as_str())
    .fetch_all(connection)
    .await?;
    let answers = rows.into_iter().map(|row| {
        let answered = Answered {
            criterion: row.criterion.clone(),
            answer: row.answer.map(|answer| answer.0),
            reason: row.reason.unwrap_or_default(),
        };
        (row.criterion, answered)
    });
    Ok(answers.collect())
}

async fn load_failings(
    connection: &mut AnyConnection,
    audit: &AuditId,
) -> sqlx::Result<Vec<Failing>> {
    let rows: Vec<FailingRow> = sqlx::query_as(
        "SELECT id, criterion, cause, passage, detail FROM failing WHERE audit_id = $1
         ORDER BY criterion, number, id",
    )
    .bind(audit.as_str())
    .fetch_all(connection)
    .await?;
    let failings = rows.into_iter().map(|row| Failing {
        id: Some(row.id.0),
        criterion: row.criterion,
        cause: row.cause,
        passage: row.passage,
        detail: row.detail,
    });
    Ok(failings.collect())
}

async fn load_strengths(
    connection: &mut AnyConnection,
    audit: &AuditId,
) -> sqlx::Result<Vec<Strength>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT detail, passage FROM strength WHERE audit_id = $1 ORDER BY number")
            .bind(audit.as_str())
            .fetch_all(connection)
            .await?;
    let strengths = rows
        .into_iter()
        .map(|(detail, passage)| Strength { detail, passage });
    Ok(strengths.collect())
}

async fn load_topic_grades(
    connection: &mut AnyConnection,
    audit: &AuditId,
) -> sqlx::Result<BTreeMap<String, String>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT topic, grade FROM topic_grade WHERE audit_id = $1 ORDER BY topic")
            .bind(audit.as_str())
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().collect())
}

/// Puts one page of the form in place of what stood there. Its failings all have ids.
pub(in crate::audit) async fn write(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    audit: &AuditId,
    part: &Part,
) -> sqlx::Result<()> {
    match part {
        Part::Topic(part) => {
            write_answers(connection, audit, part).await?;
            write_failings(connection, inspection, audit, part).await
        }
        Part::Strengths(part) => write_strengths(connection, audit, part).await,
        Part::Grades(part) => write_grades(connection, audit, part).await,
    }
}

async fn write_answers(
    connection: &mut AnyConnection,
    audit: &AuditId,
    part: &TopicPart,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM audit_answer WHERE audit_id = $1 AND criterion LIKE $2")
        .bind(audit.as_str())
        .bind(of_topic(part))
        .execute(&mut *connection)
        .await?;
    let rows: Vec<Vec<Value>> = part
        .answers
        .iter()
        .map(|one| {
            vec![
                audit.as_str().into(),
                one.criterion.as_str().into(),
                one.answer
                    .map_or(Value::Missing, |answer| answer.code().into()),
                one.reason.as_str().into(),
            ]
        })
        .collect();
    let head = "INSERT INTO audit_answer (audit_id, criterion, answer, reason)";
    insert_many(connection, head, &rows).await
}

/// The criteria of a topic, as a pattern: codes hold no wildcard.
fn of_topic(part: &TopicPart) -> String {
    format!("{}.%", part.topic)
}

/// Failings keep their ids, since findings may rest on them.
async fn write_failings(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    audit: &AuditId,
    part: &TopicPart,
) -> sqlx::Result<()> {
    let before: Vec<Text<FailingId>> =
        sqlx::query_scalar("SELECT id FROM failing WHERE audit_id = $1 AND criterion LIKE $2")
            .bind(audit.as_str())
            .bind(of_topic(part))
            .fetch_all(&mut *connection)
            .await?;
    let kept: BTreeSet<&FailingId> = part.failings.iter().filter_map(|f| f.id.as_ref()).collect();
    for gone in before.iter().filter(|id| !kept.contains(&id.0)) {
        sqlx::query("DELETE FROM failing WHERE id = $1")
            .bind(gone.as_str())
            .execute(&mut *connection)
            .await?;
    }
    for (number, failing) in (1_i64..).zip(&part.failings) {
        write_failing(connection, inspection, audit, number, failing).await?;
    }
    Ok(())
}

async fn write_failing(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    audit: &AuditId,
    number: i64,
    failing: &Failing,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO failing (id, audit_id, inspection_id, criterion, number, cause, passage, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET criterion = excluded.criterion, number = excluded.number,
           cause = excluded.cause, passage = excluded.passage, detail = excluded.detail",
    )
    .bind(failing.id.as_ref().map(FailingId::as_str))
    .bind(audit.as_str())
    .bind(inspection.as_str())
    .bind(failing.criterion.as_str())
    .bind(number)
    .bind(failing.cause.as_str())
    .bind(failing.passage.as_str())
    .bind(failing.detail.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

async fn write_strengths(
    connection: &mut AnyConnection,
    audit: &AuditId,
    part: &StrengthsPart,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM strength WHERE audit_id = $1")
        .bind(audit.as_str())
        .execute(&mut *connection)
        .await?;
    let rows: Vec<Vec<Value>> = (1_i64..)
        .zip(&part.strengths)
        .map(|(number, one)| {
            vec![
                audit.as_str().into(),
                Value::Whole(number),
                one.detail.as_str().into(),
                one.passage.as_str().into(),
            ]
        })
        .collect();
    let head = "INSERT INTO strength (audit_id, number, detail, passage)";
    insert_many(connection, head, &rows).await
}

async fn write_grades(
    connection: &mut AnyConnection,
    audit: &AuditId,
    part: &GradesPart,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE audit SET grade = $1, grade_reason = $2 WHERE id = $3")
        .bind(part.grade.as_deref())
        .bind(part.grade_reason.as_str())
        .bind(audit.as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM topic_grade WHERE audit_id = $1")
        .bind(audit.as_str())
        .execute(&mut *connection)
        .await?;
    let rows: Vec<Vec<Value>> = part
        .topic_grades
        .iter()
        .map(|(topic, grade)| {
            vec![
                audit.as_str().into(),
                topic.as_str().into(),
                grade.as_str().into(),
            ]
        })
        .collect();
    let head = "INSERT INTO topic_grade (audit_id, topic, grade)";
    insert_many(connection, head, &rows).await
}
