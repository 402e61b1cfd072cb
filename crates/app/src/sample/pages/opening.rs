//! The open draw: what the lead sees while the force is asked, and where the force gives its part.

use super::{Empty, Strata};
use crate::case_list::framework_of;
use crate::error::{Error, Fault, Result};
use crate::inspection::line::{Stop, line};
use crate::inspection::{self, Inspection};
use crate::sample::opening::{self, contribute as give};
use crate::sample::store::opening::Opening;
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Routes, Visit};
use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::id::InspectionId;
use throughline_domain::sample::NoContribution;

pub(super) fn routes() -> Routes {
    Routes::new()
        .post(
            "/inspections/{inspection}/sample/draw",
            Action::DrawSample,
            draw,
        )
        .get(
            "/inspections/{inspection}/sample/certificate.json",
            Action::ReadSample,
            certificate,
        )
        .get(
            "/inspections/{inspection}/draw",
            Action::ContributeToDraw,
            ask,
        )
        .post(
            "/inspections/{inspection}/draw",
            Action::ContributeToDraw,
            contribute,
        )
        .post(
            "/inspections/{inspection}/draw/lot",
            Action::ContributeToDraw,
            contribute_by_lot,
        )
}

#[derive(Template)]
#[template(path = "sample/opened.html")]
struct OpenedPage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    opening: Opening,
    strata: Strata,
    size: u64,
    may_draw: bool,
    is_over: bool,
    reasons: Vec<(String, String)>,
    reason: String,
    faults: Vec<Fault>,
}

pub(super) async fn show(visit: &Visit, inspection: Inspection) -> PageResult {
    render(&opened_page(visit, inspection, String::new(), Vec::new()).await?)
}

async fn opened_page(
    visit: &Visit,
    inspection: Inspection,
    reason: String,
    faults: Vec<Fault>,
) -> Result<OpenedPage> {
    let call = &visit.call;
    let opening = opening::find(call, &inspection.id)
        .await?
        .ok_or(Error::NotFound)?;
    let plan = opening.plan()?;
    let allotted = crate::sample::allot(call, &inspection.id, &plan).await?;
    Ok(OpenedPage {
        page: visit.page("Sample").with_faults(&faults),
        line: line(call, &inspection).await?,
        strata: Strata::of_plan(framework_of(&inspection)?, allotted),
        size: plan.size,
        may_draw: allowed(call.actor.role, Action::DrawSample, Relation::Team),
        is_over: call.now >= opening.due_at.0,
        reasons: NoContribution::ALL
            .map(|reason| (reason.code().to_owned(), reason.title().to_owned()))
            .into(),
        opening,
        inspection,
        reason,
        faults,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DrawForm {
    reason: String,
}

impl DrawForm {
    /// Why the draw goes without the force's part: none where the form did not ask.
    fn why_alone(&self) -> Result<Option<NoContribution>> {
        match self.reason.as_str() {
            "" => Ok(None),
            code => code.parse().map(Some).map_err(|_| {
                Error::invalid(
                    "reason",
                    "Choose one of the reasons why the force gave no part",
                )
            }),
        }
    }
}

async fn draw(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<DrawForm>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::DrawSample).await?;
    let drawn = match form.why_alone() {
        Ok(reason) => opening::draw(&visit.call, &id, reason).await,
        Err(error) => Err(error),
    };
    match drawn {
        Ok(_) => Ok(redirect_saying(
            &format!("/inspections/{id}/sample"),
            "The sample is drawn. Its certificate lets anyone draw it again.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&opened_page(&visit, inspection, form.reason, faults).await?)
        }
    }
}

/// The certificate as a file. It names the drawn cases, so that it was taken is in the journal.
async fn certificate(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let sample = crate::sample::find(&visit.call, &id)
        .await?
        .ok_or(Error::NotFound)?;
    let (_, leave) = inspection::load_for(&visit.call, &id, Action::ReadSample).await?;
    visit.call.record_read(&leave, format!("case/{id}")).await?;
    let name = format!("attachment; filename=\"certificate-{id}.json\"");
    let head = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((head, sample.certificate_text().to_owned()).into_response())
}

#[derive(Template)]
#[template(path = "sample/contribute.html")]
struct ContributePage {
    page: Page,
    inspection: Inspection,
    opening: Option<Opening>,
    size: u64,
    text: String,
    faults: Vec<Fault>,
}

async fn contribute_page(
    visit: &Visit,
    id: &InspectionId,
    text: String,
    faults: Vec<Fault>,
) -> Result<ContributePage> {
    let (inspection, _) = inspection::load_for(&visit.call, id, Action::ContributeToDraw).await?;
    let opening = opening::find_for_force(&visit.call, id).await?;
    Ok(ContributePage {
        page: visit.page("Your part of the draw").with_faults(&faults),
        size: opening
            .as_ref()
            .map_or(Ok(0), |opening| opening.plan().map(|plan| plan.size))?,
        inspection,
        opening,
        text,
        faults,
    })
}

async fn ask(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&contribute_page(&visit, &id, String::new(), Vec::new()).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ContributeForm {
    contribution: String,
}

async fn contribute(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<ContributeForm>,
) -> PageResult {
    if form.contribution.trim().is_empty() {
        let fault = Fault {
            field: "contribution".into(),
            message: "Enter your part, or have it drawn for you".into(),
        };
        let page = contribute_page(&visit, &id, form.contribution, vec![fault]).await?;
        return render_faulty(&page);
    }
    give(&visit.call, &id, Some(&form.contribution)).await?;
    Ok(given(&id))
}

async fn contribute_by_lot(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    give(&visit.call, &id, None).await?;
    Ok(given(&id))
}

fn given(id: &InspectionId) -> axum::response::Response {
    redirect_saying(
        &format!("/inspections/{id}/draw"),
        "Your part is given. Keep a copy of this page: with it you can check the draw.",
    )
}
