//! Reading an audit: one calm page, fit to print.

use super::Frame;
use super::view::{Section, grade_label, sections};
use crate::audit::draft::{self, Draft};
use crate::audit::store::Final;
use crate::audit::{self};
use crate::error::{Fault, Result};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, moment};
use askama::Template;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::audit::Strength;
use throughline_domain::id::AuditId;

#[derive(Template)]
#[template(path = "audit/read.html")]
struct ReadPage {
    page: Page,
    frame: Frame,
    opened_on: String,
    closed_on: Option<String>,
    submitted_at: Option<String>,
    grade: Option<String>,
    grade_meaning: String,
    grade_reason: String,
    settled: Option<SettledView>,
    sections: Vec<Section>,
    strengths: Vec<Strength>,
    may_write: bool,
    may_return: bool,
    reason: String,
    faults: Vec<Fault>,
}

/// The final grade, in words.
struct SettledView {
    grade: String,
    how: &'static str,
    by: Option<String>,
    reason: Option<String>,
}

fn settled_view(draft: &Draft, settled: Final) -> SettledView {
    let how = settled
        .settled
        .parse()
        .map_or("", throughline_domain::audit::Settled::title);
    SettledView {
        grade: grade_label(draft.loaded.framework, &settled.grade),
        how,
        by: settled.settled_by_name,
        reason: settled.reason,
    }
}

async fn read_page(
    visit: &Visit,
    id: &AuditId,
    reason: String,
    faults: Vec<Fault>,
) -> Result<ReadPage> {
    let draft = draft::open(&visit.call, id).await?;
    let settled = audit::moderation::find_final(&visit.call, &draft.loaded).await?;
    let framework = draft.loaded.framework;
    let audit = draft.loaded.audit.clone();
    let frame = Frame::new(&visit.call, &draft, None);
    let grade = draft
        .content
        .grade
        .as_ref()
        .and_then(|code| framework.find_grade(code));
    let role = visit.call.actor.role;
    Ok(ReadPage {
        page: visit
            .page(format!("Audit of {}", audit.reference))
            .with_faults(&faults),
        opened_on: moment::day_in_words(*audit.opened_on),
        closed_on: audit.closed_on.map(|on| moment::day_in_words(*on)),
        submitted_at: audit.submitted_at.map(|at| moment::in_words(*at)),
        grade: grade.map(|grade| grade.label.clone()),
        grade_meaning: grade.map_or_else(String::new, |grade| grade.description.clone()),
        grade_reason: draft.content.grade_reason.clone(),
        settled: settled.map(|settled| settled_view(&draft, settled)),
        sections: sections(framework, &audit.category, &draft.content),
        strengths: draft.content.strengths.clone(),
        may_write: draft.loaded.relation == Relation::Own && !frame.submitted,
        may_return: frame.submitted && allowed(role, Action::ModerateAudit, draft.loaded.relation),
        reason,
        faults,
        frame,
    })
}

pub(super) async fn show(visit: Visit, At(id): At<AuditId>) -> PageResult {
    render(&read_page(&visit, &id, String::new(), Vec::new()).await?)
}

#[derive(Deserialize)]
pub(super) struct ReturnForm {
    #[serde(default)]
    reason: String,
}

pub(super) async fn return_to_reader(
    visit: Visit,
    At(id): At<AuditId>,
    Posted(form): Posted<ReturnForm>,
) -> PageResult {
    match draft::return_to_reader(&visit.call, &id, &form.reason).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/audits/{id}/read"),
            "The audit is with its reader again, with your reason.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&read_page(&visit, &id, form.reason, faults).await?)
        }
    }
}
