//! Moderation: the cases whose readings differ, and settling one.

use super::view::{FailingLine, Line, grade_label, sections};
use crate::audit::moderation::{self as operation, Decision, Pair, Waiting};
use crate::audit::{Audit, framework_of};
use crate::error::{Fault, Result};
use crate::inspection::Inspection;
use crate::inspection::line::{Stop, line};
use crate::web::moment::day_in_words;
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit};
use askama::Template;
use serde::Deserialize;
use throughline_domain::framework::Grade;
use throughline_domain::id::{AuditId, InspectionId};

#[derive(Template)]
#[template(path = "audit/moderation_queue.html")]
struct QueuePage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    waiting: Vec<WaitingView>,
}

#[derive(Template)]
#[template(path = "audit/moderation_queues.html")]
struct QueuesPage {
    page: Page,
    queues: Vec<Queue>,
}

/// The cases of one inspection that wait.
struct Queue {
    inspection: Inspection,
    waiting: Vec<WaitingView>,
}

struct WaitingView {
    audit: Audit,
    category: String,
    own: bool,
}

fn waiting_views(inspection: &Inspection, waiting: Vec<Waiting>) -> Result<Vec<WaitingView>> {
    let framework = framework_of(inspection)?;
    let view = |one: Waiting| WaitingView {
        category: framework.category_title(&one.audit.category),
        audit: one.audit,
        own: one.own,
    };
    Ok(waiting.into_iter().map(view).collect())
}

pub(super) async fn queue(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let (inspection, waiting) = operation::queue(&visit.call, &id).await?;
    render(&QueuePage {
        page: visit.page("Moderation"),
        line: line(&visit.call, &inspection).await?,
        waiting: waiting_views(&inspection, waiting)?,
        inspection,
    })
}

pub(super) async fn queues(visit: Visit) -> PageResult {
    let mut queues = Vec::new();
    for (inspection, waiting) in operation::queues(&visit.call).await? {
        queues.push(Queue {
            waiting: waiting_views(&inspection, waiting)?,
            inspection,
        });
    }
    render(&QueuesPage {
        page: visit.page("Gradings to settle"),
        queues,
    })
}

#[derive(Template)]
#[template(path = "audit/moderation.html")]
struct ModerationPage {
    page: Page,
    inspection: Inspection,
    audit: Audit,
    category: String,
    readings: Vec<ReadingView>,
    topics: Vec<TopicRows>,
    agreeing: usize,
    scale: &'static [Grade],
    settled: Option<(String, Option<String>, Option<String>)>,
    /// Whether the person read the case, so that somebody else settles it.
    own: bool,
    form: DecisionForm,
    faults: Vec<Fault>,
}

/// One reading at a glance.
struct ReadingView {
    id: String,
    title: &'static str,
    reader: String,
    submitted_on: String,
    grade: String,
    reason: String,
    failings: usize,
}

/// A topic with both readings of each criterion in it.
struct TopicRows {
    title: String,
    rows: Vec<Row>,
    grades: Option<[String; 2]>,
    grades_differ: bool,
}

struct Row {
    title: String,
    sides: [Line; 2],
    differs: bool,
}

impl Row {
    fn failings(&self) -> impl Iterator<Item = &FailingLine> {
        self.sides.iter().flat_map(|side| &side.failings)
    }
}

#[derive(Default, Deserialize)]
pub(super) struct DecisionForm {
    #[serde(default)]
    grade: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    standing: String,
}

fn reading_view(pair: &Pair, number: usize) -> Option<ReadingView> {
    let (audit, content) = pair.readings.get(number)?;
    let submitted = audit.submitted_at?;
    Some(ReadingView {
        id: audit.id.to_string(),
        title: audit.reading.title(),
        reader: audit.reader_name.clone(),
        submitted_on: day_in_words(crate::app::london_day(*submitted)),
        grade: grade_label(
            pair.loaded.framework,
            content.grade.as_deref().unwrap_or_default(),
        ),
        reason: content.grade_reason.clone(),
        failings: content.failings.len(),
    })
}

fn topic_rows(pair: &Pair) -> Vec<TopicRows> {
    let [(_, first), (_, second)] = pair.readings.as_slice() else {
        return Vec::new();
    };
    let side = |content| sections(pair.loaded.framework, &pair.loaded.audit.category, content);
    side(first)
        .into_iter()
        .zip(side(second))
        .map(|(one, other)| TopicRows {
            title: one.title,
            grades_differ: one.grade != other.grade,
            grades: one.grade.zip(other.grade).map(|(a, b)| [a, b]),
            rows: one
                .lines
                .into_iter()
                .zip(other.lines)
                .map(|(one, other)| Row {
                    title: one.title.clone(),
                    differs: one.answer != other.answer,
                    sides: [one, other],
                })
                .collect(),
        })
        .collect()
}

async fn moderation_page(
    visit: &Visit,
    id: &AuditId,
    form: DecisionForm,
    faults: Vec<Fault>,
) -> Result<ModerationPage> {
    let pair = operation::open_pair(&visit.call, id).await?;
    let framework = pair.loaded.framework;
    let topics = topic_rows(&pair);
    let agreeing = topics
        .iter()
        .flat_map(|topic| &topic.rows)
        .filter(|row| !row.differs && row.failings().count() == 0)
        .count();
    let audit = pair.loaded.audit.clone();
    Ok(ModerationPage {
        page: visit
            .page(format!("Settle {}", audit.reference))
            .with_faults(&faults),
        category: framework.category_title(&audit.category),
        readings: (0..2).filter_map(|n| reading_view(&pair, n)).collect(),
        own: pair
            .readings
            .iter()
            .any(|(audit, _)| visit.call.actor.is(&audit.reader_id)),
        topics,
        agreeing,
        scale: &framework.grades,
        settled: pair.settled.map(|settled| {
            (
                grade_label(framework, &settled.grade),
                settled.reason,
                settled.settled_by_name,
            )
        }),
        inspection: pair.loaded.inspection,
        audit,
        form,
        faults,
    })
}

pub(super) async fn ask(visit: Visit, At(id): At<AuditId>) -> PageResult {
    render(&moderation_page(&visit, &id, DecisionForm::default(), Vec::new()).await?)
}

pub(super) async fn settle(
    visit: Visit,
    At(id): At<AuditId>,
    Posted(form): Posted<DecisionForm>,
) -> PageResult {
    let decision = Decision {
        grade: form.grade.clone(),
        reason: form.reason.clone(),
        standing: form.standing.clone(),
    };
    match operation::moderate(&visit.call, &id, &decision).await {
        Ok(inspection) => Ok(redirect_saying(
            &format!("/inspections/{inspection}/moderation"),
            "The case is settled.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&moderation_page(&visit, &id, form, faults).await?)
        }
    }
}
