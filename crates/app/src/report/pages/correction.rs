//! A correction that waits: what it would make of the report, and the decision on it.

use super::super::{self as report, PendingCorrection, Report};
use super::{Offer, in_london};
use crate::error::{Error, Fault, Result};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit};
use askama::Template;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::ReportId;
use throughline_domain::report::Step;
use throughline_reports::html;

#[derive(Template)]
#[template(path = "report/correction.html")]
struct CorrectionPage {
    page: Page,
    report: Report,
    pending: PendingCorrection,
    body: String,
    approve: Offer,
    why: String,
    faults: Vec<Fault>,
}

impl CorrectionPage {
    fn when(&self, at: &jiff::Timestamp) -> String {
        in_london(at)
    }
}

async fn correction_page(
    visit: &Visit,
    id: &ReportId,
    why: String,
    faults: Vec<Fault>,
) -> Result<CorrectionPage> {
    let call = &visit.call;
    let (found, _leave) = report::load_for(call, id, Action::CorrectReport).await?;
    let relation = report::relation(call, &found).await?;
    let pending = report::find_correction(call, id).await?;
    let pending = pending.ok_or(Error::NotFound)?;
    let mut approve = Offer::of(visit, &found, relation, Step::ApproveCorrection);
    if call.actor.user.as_ref() == Some(&pending.proposed_by.0) {
        approve = Offer::because("You wrote this correction. Another lead inspector approves it.");
    }
    Ok(CorrectionPage {
        page: visit
            .page("A correction waits for approval")
            .with_faults(&faults),
        body: html::render(&report::preview_correction(call, id).await?),
        report: found,
        pending,
        approve,
        why,
        faults,
    })
}

pub(super) async fn show(visit: Visit, At(id): At<ReportId>) -> PageResult {
    render(&correction_page(&visit, &id, String::new(), Vec::new()).await?)
}

#[derive(Deserialize)]
pub(super) struct NumberForm {
    #[serde(default)]
    number: i64,
    #[serde(default)]
    why: String,
}

pub(super) async fn approve(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(form): Posted<NumberForm>,
) -> PageResult {
    let version = report::approve_correction(&visit.call, &id, form.number).await?;
    Ok(redirect_saying(
        &format!("/reports/{id}"),
        &format!("Version {version} is public. The earlier versions stay readable."),
    ))
}

pub(super) async fn withdraw(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(form): Posted<NumberForm>,
) -> PageResult {
    match report::withdraw_correction(&visit.call, &id, form.number, &form.why).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/reports/{id}"),
            "The correction is withdrawn. What is public stays as it is.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&correction_page(&visit, &id, form.why, faults).await?)
        }
    }
}
