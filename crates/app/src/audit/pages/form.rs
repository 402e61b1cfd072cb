//! The form: its list of pages, and checking and submitting it. Each kind of page is a file.

pub(super) mod grades;
pub(super) mod strengths;
pub(super) mod topic;

use super::Frame;
use super::view::{Section, grade_label, sections};
use crate::audit::draft::{self, Draft};
use crate::error::{Error, Fault, Result};
use crate::web::form::TOKEN_FIELD;
use crate::web::page::render;
use crate::web::response::{redirect, redirect_saying};
use crate::web::{At, Page, PageResult, Posted, Visit};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use throughline_domain::access::Relation;
use throughline_domain::audit::{Part, Step, steps};
use throughline_domain::id::AuditId;

/// A form's fields as they came, for forms whose fields the framework decides.
#[derive(Debug)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn find(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The text of a field, with the line ends that everybody else uses.
    fn text(&self, name: &str) -> String {
        self.get(name).trim().replace("\r\n", "\n")
    }

    /// What was typed, with the name of each field as a person may read it.
    fn in_words(&self) -> Vec<(String, String)> {
        const OF_THE_FORM: [&str; 4] = [TOKEN_FIELD, "revision", "go", "failing"];
        let kind = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
        let is_typed = |(name, value): &&(String, String)| {
            !OF_THE_FORM.contains(&kind(name).as_str()) && !value.trim().is_empty()
        };
        let said = |(name, value): &(String, String)| {
            let words = name.replace(['-', '_'], " ");
            let mut letters = words.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string());
            let name_in_words = first.unwrap_or_default() + letters.as_str();
            let value = match kind(name).as_str() {
                "answer" | "cause" | "grade" if name != "grade_reason" => value.replace('-', " "),
                _ => value.trim().to_owned(),
            };
            (name_in_words, value)
        };
        self.0.iter().filter(is_typed).map(said).collect()
    }

    /// The revision it was begun from; without one, older than every save.
    fn revision(&self) -> i64 {
        self.get("revision").parse().unwrap_or(-1)
    }
}

/// An open audit whose form this person may write; otherwise where to read it instead.
async fn open_to_write(
    visit: &Visit,
    id: &AuditId,
) -> Result<std::result::Result<Draft, Response>> {
    let draft = draft::open(&visit.call, id).await?;
    let own = draft.loaded.relation == Relation::Own;
    let submitted = *draft.loaded.audit.state == throughline_domain::audit::State::Submitted;
    Ok(if own && !submitted {
        Ok(draft)
    } else {
        Err(redirect(&format!("/audits/{id}/read")))
    })
}

/// Where a saved page leads: back, on, or to itself.
fn after_save(draft: &Draft, step: &Step, go: &str) -> Response {
    let audit = &draft.loaded.audit;
    let all = steps(draft.loaded.framework, &audit.category);
    let here = all.iter().position(|one| one == step).unwrap_or(0);
    let path = |step: &Step| format!("/audits/{}/{}", audit.id, step.code());
    match go {
        "previous" => match here.checked_sub(1).and_then(|n| all.get(n)) {
            Some(previous) => redirect(&path(previous)),
            None => redirect(&format!("/audits/{}", audit.id)),
        },
        "stay" => redirect_saying(&path(step), "Your draft is saved."),
        _ => match go.strip_prefix("more:") {
            Some(what) => redirect(&format!("{}?more={what}#more", path(step))),
            None => match all.get(here + 1) {
                Some(next) => redirect(&path(next)),
                None => redirect(&format!("/audits/{}/check", audit.id)),
            },
        },
    }
}

/// A refused save: nothing typed is lost, and what stands in the database is shown beside it.
struct Refused {
    why: String,
    meanwhile: Vec<(String, String)>,
}

/// Saves a page; a refusal comes back as words, to be shown above what was typed.
async fn try_save(
    visit: &Visit,
    id: &AuditId,
    fields: &Fields,
    part: Part,
) -> Result<std::result::Result<(), String>> {
    match draft::save(&visit.call, id, fields.revision(), part).await {
        Ok(_) => Ok(Ok(())),
        Err(Error::Conflict(why) | Error::Refused(why)) => Ok(Err(why)),
        Err(other) => Err(other),
    }
}

#[derive(Template)]
#[template(path = "audit/passed_on.html")]
struct PassedOnPage {
    page: Page,
    reference: String,
    typed: Vec<(String, String)>,
}

/// A save of somebody whose audit was passed on while they had it open: what they typed is not
/// saved, but shown to them, so that they can hand it on.
async fn unless_passed_on(
    visit: &Visit,
    id: &AuditId,
    fields: &Fields,
    saved: PageResult,
) -> PageResult {
    let Err(why @ (Error::NotFound | Error::Refused(_))) = saved else {
        return saved;
    };
    match draft::find_passed_on(&visit.call, id).await? {
        Some(reference) => conflict(render(&PassedOnPage {
            page: visit.page("This audit was passed on"),
            reference,
            typed: fields.in_words(),
        })),
        None => Err(why),
    }
}

fn conflict(page: PageResult) -> PageResult {
    Ok((StatusCode::CONFLICT, page?).into_response())
}

/// What a page's address may ask of it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Shown {
    /// The criterion, or the kind of row, of which one more is wanted.
    #[serde(default)]
    more: String,
    /// Whether what is missing is marked although the page was never saved.
    #[serde(default)]
    missing: String,
}

impl Shown {
    fn marks_missing(&self) -> bool {
        !self.missing.is_empty()
    }
}

#[derive(Template)]
#[template(path = "audit/tasks.html")]
struct TasksPage {
    page: Page,
    frame: Frame,
}

pub(super) async fn tasks(visit: Visit, At(id): At<AuditId>) -> PageResult {
    let draft = match open_to_write(&visit, &id).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    render(&TasksPage {
        page: visit.page(format!("Audit of {}", draft.loaded.audit.reference)),
        frame: Frame {
            with_steps: false,
            ..Frame::new(&visit.call, &draft, None)
        },
    })
}

#[derive(Template)]
#[template(path = "audit/check.html")]
struct CheckPage {
    page: Page,
    frame: Frame,
    sections: Vec<Section>,
    grade: Option<String>,
    grade_reason: String,
    strengths: usize,
    notice: Option<String>,
    faults: Vec<Fault>,
}

impl CheckPage {
    /// The place of what is missing, on its page, where it is marked.
    fn place(&self, fault: &Fault) -> String {
        let place = fault.field.replacen('#', "?missing=yes#", 1);
        format!("/audits/{}/{place}", self.frame.audit.id)
    }
}

fn check_page(visit: &Visit, draft: &Draft, faults: Vec<Fault>) -> CheckPage {
    let framework = draft.loaded.framework;
    CheckPage {
        page: visit.page("Check and submit").with_faults(&faults),
        frame: Frame::new(&visit.call, draft, None),
        sections: sections(framework, &draft.loaded.audit.category, &draft.content),
        grade: draft
            .content
            .grade
            .as_ref()
            .map(|code| grade_label(framework, code)),
        grade_reason: draft.content.grade_reason.clone(),
        strengths: draft.content.strengths.len(),
        notice: None,
        faults,
    }
}

pub(super) async fn check(visit: Visit, At(id): At<AuditId>) -> PageResult {
    match open_to_write(&visit, &id).await? {
        Ok(draft) => render(&check_page(&visit, &draft, Vec::new())),
        Err(elsewhere) => Ok(elsewhere),
    }
}

#[derive(Deserialize)]
pub(super) struct SubmitForm {
    #[serde(default)]
    revision: i64,
}

pub(super) async fn submit(
    visit: Visit,
    At(id): At<AuditId>,
    Posted(form): Posted<SubmitForm>,
) -> PageResult {
    match draft::submit(&visit.call, &id, form.revision).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/audits/{id}/read"),
            "The audit is submitted.",
        )),
        Err(Error::Conflict(why)) => {
            let draft = draft::open(&visit.call, &id).await?;
            let mut page = check_page(&visit, &draft, Vec::new());
            page.notice = Some(why);
            conflict(render(&page))
        }
        Err(error) => {
            let faults = error.into_faults()?;
            let draft = draft::open(&visit.call, &id).await?;
            crate::web::page::render_faulty(&check_page(&visit, &draft, faults))
        }
    }
}
