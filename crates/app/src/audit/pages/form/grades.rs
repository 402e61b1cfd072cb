//! The page of the topic grades and the overall grade.

use super::super::Frame;
use super::super::view::grade_label;
use super::{
    Fields, Refused, Shown, after_save, conflict, open_to_write, try_save, unless_passed_on,
};
use crate::audit::draft::{self, Draft};
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Posted, Visit};
use askama::Template;
use axum::extract::Query;
use throughline_domain::audit::{Answer, Content, GradesPart, Part, Step, field, steps};
use throughline_domain::framework::{Framework, Grade};
use throughline_domain::id::AuditId;

#[derive(Template)]
#[template(path = "audit/grades.html")]
struct GradesPage {
    page: Page,
    frame: Frame,
    scale: &'static [Grade],
    topics: Vec<TopicGradeView>,
    grade: String,
    grade_reason: String,
    missing: Vec<(String, String)>,
    refused: Option<Refused>,
}

/// A topic to be graded, with what was answered in it.
struct TopicGradeView {
    field: String,
    title: String,
    tally: String,
    grade: String,
}

impl GradesPage {
    fn missing_in(&self, field: &str) -> Option<&str> {
        self.missing
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, message)| message.as_str())
    }
}

/// The graded topics that the case is asked.
fn graded_topics(draft: &Draft) -> Vec<&'static throughline_domain::framework::Topic> {
    let framework: &'static Framework = draft.loaded.framework;
    steps(framework, &draft.loaded.audit.category)
        .into_iter()
        .filter_map(|step| match step {
            Step::Topic(code) => framework.find_topic(&code),
            Step::Strengths | Step::Grades => None,
        })
        .filter(|topic| topic.graded)
        .collect()
}

fn grades_page(
    visit: &Visit,
    draft: &Draft,
    grades: &GradesPart,
    shown: &Shown,
    refused: Option<Refused>,
) -> GradesPage {
    let framework: &'static Framework = draft.loaded.framework;
    let category = &draft.loaded.audit.category;
    let progress = draft.progress().into_iter();
    let here = progress
        .filter(|one| one.step == Step::Grades && (one.given > 0 || shown.marks_missing()))
        .flat_map(|one| one.missing);
    GradesPage {
        page: visit.page("Grades"),
        frame: Frame::new(&visit.call, draft, Some(&Step::Grades)),
        scale: &framework.grades,
        topics: graded_topics(draft)
            .into_iter()
            .map(|topic| TopicGradeView {
                field: field::topic_grade(&topic.code),
                title: topic.title.clone(),
                tally: tally(framework, category, &topic.code, &draft.content),
                grade: grades
                    .topic_grades
                    .get(&topic.code)
                    .cloned()
                    .unwrap_or_default(),
            })
            .collect(),
        grade: grades.grade.clone().unwrap_or_default(),
        grade_reason: grades.grade_reason.clone(),
        missing: here.map(|one| (one.field, one.message)).collect(),
        refused,
    }
}

/// What was answered in a topic, in few words: `2 met, 1 not met`.
fn tally(framework: &Framework, category: &str, topic: &str, content: &Content) -> String {
    let answers: Vec<Option<Answer>> = framework
        .criteria_for(category)
        .into_iter()
        .filter(|(one, _)| one.code == topic)
        .map(|(_, criterion)| content.answer_to(&criterion.code))
        .collect();
    let kinds = Answer::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .filter_map(|kind| {
            let count = answers.iter().filter(|one| **one == kind).count();
            let words = kind.map_or("not answered".into(), |one| one.title().to_lowercase());
            (count > 0).then(|| format!("{count} {words}"))
        });
    kinds.collect::<Vec<_>>().join(", ")
}

pub(in crate::audit::pages) async fn ask(
    visit: Visit,
    At(id): At<AuditId>,
    Query(shown): Query<Shown>,
) -> PageResult {
    match open_to_write(&visit, &id).await? {
        Ok(draft) => {
            let stored = stored(&draft.content);
            render(&grades_page(&visit, &draft, &stored, &shown, None))
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

fn stored(content: &Content) -> GradesPart {
    GradesPart {
        topic_grades: content.topic_grades.clone(),
        grade: content.grade.clone(),
        grade_reason: content.grade_reason.clone(),
    }
}

fn typed(fields: &Fields, draft: &Draft) -> GradesPart {
    let chosen = |name: &str| Some(fields.get(name).to_owned()).filter(|code| !code.is_empty());
    GradesPart {
        topic_grades: graded_topics(draft)
            .into_iter()
            .filter_map(|topic| {
                chosen(&field::topic_grade(&topic.code)).map(|grade| (topic.code.clone(), grade))
            })
            .collect(),
        grade: chosen("grade"),
        grade_reason: fields.text("grade_reason"),
    }
}

pub(in crate::audit::pages) async fn save(
    visit: Visit,
    At(id): At<AuditId>,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> PageResult {
    let fields = Fields(fields);
    let saved = save_typed(&visit, &id, &fields).await;
    unless_passed_on(&visit, &id, &fields, saved).await
}

async fn save_typed(visit: &Visit, id: &AuditId, fields: &Fields) -> PageResult {
    let draft = draft::open(&visit.call, id).await?;
    let grades = typed(fields, &draft);
    match try_save(visit, id, fields, Part::Grades(grades.clone())).await? {
        Ok(()) => Ok(after_save(&draft, &Step::Grades, fields.get("go"))),
        Err(why) => {
            let draft = draft::open(&visit.call, id).await?;
            let meanwhile = meanwhile(&draft, &grades);
            let refused = Refused { why, meanwhile };
            let shown = Shown::default();
            let page = grades_page(visit, &draft, &grades, &shown, Some(refused));
            conflict(render(&page))
        }
    }
}

/// What was saved meanwhile, of each grade that differs from what was chosen.
fn meanwhile(draft: &Draft, typed: &GradesPart) -> Vec<(String, String)> {
    let framework = draft.loaded.framework;
    let label =
        |code: Option<&String>| code.map_or("no grade".into(), |code| grade_label(framework, code));
    let content = &draft.content;
    let mut differing: Vec<(String, String)> = graded_topics(draft)
        .into_iter()
        .filter(|topic| {
            content.topic_grades.get(&topic.code) != typed.topic_grades.get(&topic.code)
        })
        .map(|topic| {
            let grade = content.topic_grades.get(&topic.code);
            (topic.title.clone(), label(grade))
        })
        .collect();
    if content.grade != typed.grade || content.grade_reason != typed.grade_reason {
        differing.push((
            "Overall grade".into(),
            format!(
                "{}. {}",
                label(content.grade.as_ref()),
                content.grade_reason
            ),
        ));
    }
    differing
}
