//! The force's plan, one action, and the forms that add to it.

use super::{Evidence, Line, NewAction, NewProgress, PlanAction, Progress, file_kind};
use crate::error::{Error, Fault, Result};
use crate::recommendation::{self, Recommendation, clock::Clock};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Routes, Upload, Visit, upload};
use askama::Template;
use axum::handler::Handler;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use throughline_domain::access::{Action, allowed};
use throughline_domain::id::{ActionId, EvidenceId, RecommendationId};
use throughline_domain::plan::{State, is_late};
use throughline_domain::recommendation::Standing;

/// Room for the largest file and the form around it; what is larger than the file may be is
/// then refused with a sentence instead of a broken connection.
const UPLOAD_BYTES_MAX: usize = file_kind::BYTES_MAX + 2 * 1024 * 1024;

/// The feature's routes.
pub fn routes() -> Routes {
    let take = add_evidence.layer(upload::limit(UPLOAD_BYTES_MAX));
    Routes::new()
        .get(
            "/recommendations/{recommendation}/plan",
            Action::ReadPlan,
            show,
        )
        .get(
            "/recommendations/{recommendation}/plan/new",
            Action::WritePlan,
            ask,
        )
        .post(
            "/recommendations/{recommendation}/plan/new",
            Action::WritePlan,
            add,
        )
        .get("/actions/{action}", Action::ReadPlan, show_action)
        .get(
            "/actions/{action}/progress",
            Action::WritePlan,
            ask_progress,
        )
        .post(
            "/actions/{action}/progress",
            Action::WritePlan,
            record_progress,
        )
        .get(
            "/actions/{action}/evidence",
            Action::AddEvidence,
            ask_evidence,
        )
        .post("/actions/{action}/evidence", Action::AddEvidence, take)
        .get("/evidence/{evidence}", Action::ReadEvidence, open_evidence)
}

/// The class of an action's state.
pub fn state_class(state: &State) -> &'static str {
    match state {
        State::Planned => "tl-tag tl-tag--draft",
        State::UnderWay => "tl-tag tl-tag--waiting",
        State::Done => "tl-tag tl-tag--closed",
    }
}

/// A size as people say it.
pub fn size_in_words(bytes: &i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[derive(Template)]
#[template(path = "plan/show.html")]
struct ShowPage {
    page: Page,
    recommendation: Recommendation,
    clock: Option<Clock>,
    actions: Vec<Line>,
    may_add: bool,
    late: usize,
}

async fn show(visit: Visit, At(id): At<RecommendationId>) -> PageResult {
    let call = &visit.call;
    let (recommendation, _) = recommendation::load_for(call, &id, Action::ReadPlan).await?;
    let relation = recommendation::relation(call, &recommendation).await?;
    let actions = super::lines(call, &recommendation).await?;
    render(&ShowPage {
        page: visit.page("The force’s plan"),
        clock: super::clock(&recommendation, call.today())?,
        late: actions
            .iter()
            .filter(|line| line.clock.has_run_out())
            .count(),
        actions,
        may_add: recommendation.standing() == Standing::Open
            && allowed(call.actor.role, Action::WritePlan, relation),
        recommendation,
    })
}

#[derive(Template)]
#[template(path = "plan/new.html")]
struct NewPage {
    page: Page,
    recommendation: Recommendation,
    form: ActionForm,
    faults: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
struct ActionForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due_on: String,
}

async fn ask(visit: Visit, At(id): At<RecommendationId>) -> PageResult {
    let (recommendation, _) = recommendation::load_for(&visit.call, &id, Action::WritePlan).await?;
    render(&NewPage {
        page: visit.page("Add an action"),
        recommendation,
        form: ActionForm::default(),
        faults: Vec::new(),
    })
}

async fn add(
    visit: Visit,
    At(id): At<RecommendationId>,
    Posted(form): Posted<ActionForm>,
) -> PageResult {
    let new = NewAction {
        title: form.title.clone(),
        owner: form.owner.clone(),
        due_on: form.due_on.clone(),
    };
    match super::add_action(&visit.call, &id, &new).await {
        Ok(_) => Ok(redirect_saying(
            &format!("/recommendations/{id}/plan"),
            "The action stands in the plan. The inspectorate sees it.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let (recommendation, _) =
                recommendation::load_for(&visit.call, &id, Action::WritePlan).await?;
            render_faulty(&NewPage {
                page: visit.page("Add an action").with_faults(&faults),
                recommendation,
                form,
                faults,
            })
        }
    }
}

#[derive(Template)]
#[template(path = "plan/action.html")]
struct ActionPage {
    page: Page,
    recommendation: Recommendation,
    line: Line,
    progress: Vec<Progress>,
    evidence: Vec<Evidence>,
    may_write: bool,
    unexplained: bool,
}

async fn show_action(visit: Visit, At(id): At<ActionId>) -> PageResult {
    let call = &visit.call;
    let (action, recommendation, _) = super::load_for(call, &id, Action::ReadPlan).await?;
    let relation = recommendation::relation(call, &recommendation).await?;
    let progress = super::store::progress(call.reader(), &id).await?;
    let explained = progress.iter().any(|entry| entry.lateness.is_some());
    let line = Line::new(action, call.today());
    render(&ActionPage {
        page: visit.page(line.action.title.clone()),
        unexplained: line.clock.has_run_out() && !explained,
        evidence: super::store::list_evidence(call.reader(), &id).await?,
        may_write: allowed(call.actor.role, Action::WritePlan, relation),
        progress,
        line,
        recommendation,
    })
}

#[derive(Template)]
#[template(path = "plan/progress.html")]
struct ProgressPage {
    page: Page,
    action: PlanAction,
    late: bool,
    states: Vec<(String, String)>,
    form: ProgressForm,
    faults: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
struct ProgressForm {
    #[serde(default)]
    state: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    lateness: String,
}

async fn progress_page(
    visit: &Visit,
    id: &ActionId,
    form: ProgressForm,
    faults: Vec<Fault>,
) -> Result<ProgressPage> {
    let (action, _, _) = super::load_for(&visit.call, id, Action::WritePlan).await?;
    let states = action.state.next().iter();
    Ok(ProgressPage {
        page: visit.page("Record progress").with_faults(&faults),
        late: is_late(action.state.0, action.due_on.0, visit.call.today()),
        states: states
            .map(|s| (s.code().to_owned(), s.title().to_owned()))
            .collect(),
        action,
        form,
        faults,
    })
}

async fn ask_progress(visit: Visit, At(id): At<ActionId>) -> PageResult {
    render(&progress_page(&visit, &id, ProgressForm::default(), Vec::new()).await?)
}

async fn record_progress(
    visit: Visit,
    At(id): At<ActionId>,
    Posted(form): Posted<ProgressForm>,
) -> PageResult {
    let new = NewProgress {
        state: form.state.clone(),
        detail: form.detail.clone(),
        lateness: form.lateness.clone(),
    };
    match super::record_progress(&visit.call, &id, &new).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/actions/{id}"),
            "The progress is recorded.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&progress_page(&visit, &id, form, faults).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "plan/evidence.html")]
struct EvidencePage {
    page: Page,
    action: PlanAction,
    faults: Vec<Fault>,
}

async fn evidence_page(visit: &Visit, id: &ActionId, faults: Vec<Fault>) -> Result<EvidencePage> {
    let (action, _, _) = super::load_for(&visit.call, id, Action::AddEvidence).await?;
    Ok(EvidencePage {
        page: visit.page("Add evidence").with_faults(&faults),
        action,
        faults,
    })
}

async fn ask_evidence(visit: Visit, At(id): At<ActionId>) -> PageResult {
    render(&evidence_page(&visit, &id, Vec::new()).await?)
}

#[derive(Debug, Deserialize)]
struct Empty {}

async fn add_evidence(
    visit: Visit,
    At(id): At<ActionId>,
    upload: Result<Upload<Empty>, Error>,
) -> PageResult {
    let (_, _, _leave) = super::load_for(&visit.call, &id, Action::AddEvidence).await?;
    let upload = upload?;
    let added = match upload.file("file") {
        Some(file) => super::add_evidence(&visit.call, &id, &file.name, &file.bytes).await,
        None => Err(Error::invalid("file", "Choose a file")),
    };
    match added {
        Ok(_) => Ok(redirect_saying(
            &format!("/actions/{id}"),
            "The file is kept as evidence.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&evidence_page(&visit, &id, faults).await?)
        }
    }
}

async fn open_evidence(visit: Visit, At(id): At<EvidenceId>) -> PageResult {
    let (evidence, bytes) = super::open_evidence(&visit.call, &id).await?;
    let headers = [
        (header::CONTENT_TYPE, evidence.media_type.clone()),
        (
            header::CONTENT_DISPOSITION,
            file_kind::attachment(&evidence.file_name),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox".into(),
        ),
    ];
    Ok((headers, bytes).into_response())
}
