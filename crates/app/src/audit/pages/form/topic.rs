//! The page of one topic: each criterion, its answer, and its failings.

use super::super::Frame;
use super::super::view::{in_words, sections};
use super::{
    Fields, Refused, Shown, after_save, conflict, open_to_write, try_save, unless_passed_on,
};
use crate::audit::draft::{self, Draft};
use crate::audit::judging;
use crate::error::{Error, Result};
use crate::screening::judgement::{CaseVerdict, Said};
use crate::web::page::render;
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::audit::{
    Answer, Answered, Content, Failing, Part, Step, StepProgress, TopicPart, field,
};
use throughline_domain::framework::{Criterion, Topic};
use throughline_domain::id::AuditId;

#[derive(Template)]
#[template(path = "audit/topic.html")]
struct TopicPage {
    page: Page,
    frame: Frame,
    title: String,
    description: String,
    criteria: Vec<CriterionView>,
    causes: Vec<(String, String)>,
    refused: Option<Refused>,
    /// What the case's timeline shows of the criteria that are answered.
    verdicts: Vec<CaseVerdict>,
    topic: String,
}

/// A criterion as the page asks it.
struct CriterionView {
    number: usize,
    code: String,
    short: String,
    title: String,
    look_for: String,
    answer: Option<Answer>,
    reason: String,
    failings: Vec<FailingView>,
    missing: Vec<(String, String)>,
    /// Whether what belongs to "not met" is in sight whatever is answered.
    open: bool,
    /// Whether another failing was asked for.
    more: bool,
}

/// A failing as the page asks it.
struct FailingView {
    number: usize,
    id: String,
    cause: String,
    passage: String,
    detail: String,
    /// An empty one, for the next failing.
    blank: bool,
}

impl CriterionView {
    fn answer_field(&self) -> String {
        field::answer(&self.code)
    }

    fn reason_field(&self) -> String {
        field::reason(&self.code)
    }

    fn failing_field(&self, part: &str, number: &usize) -> String {
        field::failing(part, &self.code, *number)
    }

    fn is(&self, answer: &Answer) -> bool {
        self.answer == Some(*answer)
    }

    fn answers(&self) -> [Answer; 4] {
        Answer::ALL
    }

    /// What is missing in a field, once the page was saved.
    fn missing_in(&self, field: impl AsRef<str>) -> Option<&str> {
        self.missing
            .iter()
            .find(|(name, _)| name == field.as_ref())
            .map(|(_, message)| message.as_str())
    }
}

/// The topic and the criteria that the case is asked.
fn find_topic<'d>(draft: &'d Draft, code: &str) -> Result<(&'d Topic, Vec<&'d Criterion>)> {
    let loaded = &draft.loaded;
    let asked = loaded.framework.criteria_for(&loaded.audit.category);
    let criteria: Vec<_> = asked
        .into_iter()
        .filter(|(topic, _)| topic.code == code)
        .collect();
    let topic = criteria.first().map(|(topic, _)| *topic);
    let topic = topic.ok_or(Error::NotFound)?;
    Ok((
        topic,
        criteria
            .into_iter()
            .map(|(_, criterion)| criterion)
            .collect(),
    ))
}

fn topic_page(
    visit: &Visit,
    draft: &Draft,
    code: &str,
    shown: &Shown,
    content: &Content,
    refused: Option<Refused>,
) -> Result<TopicPage> {
    let (topic, criteria) = find_topic(draft, code)?;
    let step = Step::Topic(code.to_owned());
    let progress = draft.progress().into_iter().find(|one| one.step == step);
    let progress = progress.filter(|one| one.given > 0 || shown.marks_missing());
    Ok(TopicPage {
        page: visit.page(topic.title.clone()),
        frame: Frame::new(&visit.call, draft, Some(&step)),
        title: topic.title.clone(),
        description: topic.description.clone(),
        criteria: (1..)
            .zip(criteria)
            .map(|(number, criterion)| {
                criterion_view(number, criterion, content, progress.as_ref(), &shown.more)
            })
            .collect(),
        causes: draft
            .loaded
            .framework
            .causes
            .iter()
            .map(|cause| {
                (
                    cause.code.clone(),
                    format!("{}: {}", cause.title, cause.description),
                )
            })
            .collect(),
        refused,
        verdicts: Vec::new(),
        topic: code.to_owned(),
    })
}

/// The page with what the case's timeline shows of those of its criteria that are answered.
async fn with_verdicts(visit: &Visit, draft: &Draft, mut page: TopicPage) -> Result<TopicPage> {
    let mut verdicts = judging::verdicts(&visit.call, &draft.loaded, &draft.content).await?;
    verdicts.retain(|one| {
        page.criteria
            .iter()
            .any(|asked| asked.code == one.criterion)
    });
    page.verdicts = verdicts;
    Ok(page)
}

#[derive(Deserialize)]
pub(in crate::audit::pages) struct JudgeForm {
    #[serde(default)]
    standard: String,
    #[serde(default)]
    agrees: String,
    #[serde(default)]
    seen: String,
    #[serde(default)]
    topic: String,
}

pub(in crate::audit::pages) async fn judge(
    visit: Visit,
    At(id): At<AuditId>,
    Posted(form): Posted<JudgeForm>,
) -> PageResult {
    judging::judge(&visit.call, &id, &form.standard, &form.agrees, &form.seen).await?;
    let draft = draft::open(&visit.call, &id).await?;
    let _asked = find_topic(&draft, &form.topic)?;
    let said = "What you said of the verdict is kept. It changes nothing in your audit.";
    let page = format!("/audits/{id}/topics/{}#timeline", form.topic);
    Ok(redirect_saying(&page, said))
}

fn criterion_view(
    number: usize,
    criterion: &Criterion,
    content: &Content,
    progress: Option<&StepProgress>,
    more: &str,
) -> CriterionView {
    let code = criterion.code.as_str();
    let short = code.split_once('.').map_or(code, |(_, short)| short);
    let mut failings: Vec<FailingView> = (1..)
        .zip(content.failings_of(code))
        .map(|(number, failing)| failing_view(number, failing))
        .collect();
    let open = !failings.is_empty();
    if failings.is_empty() || more == short {
        failings.push(FailingView {
            number: failings.len() + 1,
            id: String::new(),
            cause: String::new(),
            passage: String::new(),
            detail: String::new(),
            blank: true,
        });
    }
    let suffixes = [format!("-{short}"), format!("-{short}-")];
    let missing = progress.into_iter().flat_map(|one| &one.missing);
    CriterionView {
        number,
        title: criterion.title.clone(),
        look_for: criterion.look_for.clone(),
        answer: content.answer_to(code),
        reason: content
            .answers
            .get(code)
            .map_or_else(String::new, |one| one.reason.clone()),
        missing: missing
            .filter(|one| one.field.ends_with(&suffixes[0]) || one.field.contains(&suffixes[1]))
            .map(|one| (one.field.clone(), one.message.clone()))
            .collect(),
        failings,
        open,
        more: more == short,
        short: short.to_owned(),
        code: code.to_owned(),
    }
}

fn failing_view(number: usize, failing: &Failing) -> FailingView {
    FailingView {
        number,
        id: failing
            .id
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        cause: failing.cause.clone(),
        passage: failing.passage.clone(),
        detail: failing.detail.clone(),
        blank: false,
    }
}

pub(in crate::audit::pages) async fn ask(
    visit: Visit,
    At((id, topic)): At<(AuditId, String)>,
    Query(shown): Query<Shown>,
) -> PageResult {
    match open_to_write(&visit, &id).await? {
        Ok(draft) => {
            let page = topic_page(&visit, &draft, &topic, &shown, &draft.content, None)?;
            render(&with_verdicts(&visit, &draft, page).await?)
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// What was typed, for the criteria that the case is asked.
fn typed(fields: &Fields, topic: &str, criteria: &[&Criterion]) -> TopicPart {
    let mut part = TopicPart {
        topic: topic.to_owned(),
        answers: Vec::new(),
        failings: Vec::new(),
    };
    for criterion in criteria {
        let code = &criterion.code;
        part.answers.push(Answered {
            criterion: code.clone(),
            answer: fields.get(&field::answer(code)).parse().ok(),
            reason: fields.text(&field::reason(code)),
        });
        part.failings.extend(typed_failings(fields, code));
    }
    part
}

fn typed_failings(fields: &Fields, code: &str) -> Vec<Failing> {
    let name = |part: &str, number| field::failing(part, code, number);
    (1..)
        .take_while(|&number| {
            ["cause", "passage", "detail"]
                .iter()
                .any(|part| fields.find(&name(part, number)).is_some())
        })
        .filter(|&number| fields.find(&name("remove", number)).is_none())
        .map(|number| Failing {
            id: fields.get(&name("failing", number)).parse().ok(),
            criterion: code.to_owned(),
            cause: fields.get(&name("cause", number)).to_owned(),
            passage: fields.text(&name("passage", number)),
            detail: fields.text(&name("detail", number)),
        })
        .filter(|one| !(one.cause.is_empty() && one.passage.is_empty() && one.detail.is_empty()))
        .collect()
}

pub(in crate::audit::pages) async fn save(
    visit: Visit,
    At((id, topic)): At<(AuditId, String)>,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> PageResult {
    let fields = Fields(fields);
    let saved = save_typed(&visit, &id, topic, &fields).await;
    unless_passed_on(&visit, &id, &fields, saved).await
}

async fn save_typed(visit: &Visit, id: &AuditId, topic: String, fields: &Fields) -> PageResult {
    let draft = draft::open(&visit.call, id).await?;
    let (_, criteria) = find_topic(&draft, &topic)?;
    let part = Part::Topic(typed(fields, &topic, &criteria));
    match try_save(visit, id, fields, part.clone()).await? {
        Ok(()) => Ok(after_save(&draft, &Step::Topic(topic), fields.get("go"))),
        Err(why) => {
            let draft = draft::open(&visit.call, id).await?;
            let wanted = draft.content.clone().with(&part);
            let refused = Refused {
                why,
                meanwhile: meanwhile(&draft, &wanted),
            };
            let page = topic_page(
                visit,
                &draft,
                &topic,
                &Shown::default(),
                &wanted,
                Some(refused),
            )?;
            conflict(render(&page))
        }
    }
}

/// What was saved meanwhile, of each criterion that differs from what was typed.
fn meanwhile(draft: &Draft, wanted: &Content) -> Vec<(String, String)> {
    let (framework, category) = (draft.loaded.framework, &draft.loaded.audit.category);
    let stored = sections(framework, category, &draft.content);
    let typed = sections(framework, category, wanted);
    let stored = stored.iter().flat_map(|section| &section.lines);
    let typed = typed.iter().flat_map(|section| &section.lines);
    stored
        .zip(typed)
        .map(|(stored, typed)| (stored, in_words(stored), in_words(typed)))
        .filter(|(_, stored, typed)| stored != typed)
        .map(|(line, stored, _)| (line.title.clone(), stored))
        .collect()
}
