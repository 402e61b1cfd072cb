//! Freezing the figures: seconds of work in the background, and a page that says how it ended.

use super::super::{self as report, Report, freezing_subject, start_freezing};
use crate::error::Error;
use crate::job::{self, Job};
use crate::web::page::render;
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, redirect};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::{JobId, ReportId};

#[derive(Deserialize)]
pub(super) struct Empty {}

pub(super) async fn start(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    let job = start_freezing(&visit.call, &id).await?;
    Ok(redirect(&format!("/reports/{id}/freezing?job={job}")))
}

#[derive(Template)]
#[template(path = "report/freezing.html")]
struct FreezingPage {
    page: Page,
    report: Report,
    job: Job,
}

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    job: String,
}

pub(super) async fn progress(
    visit: Visit,
    At(id): At<ReportId>,
    Query(which): Query<Which>,
) -> PageResult {
    let (report, _leave) = report::load_for(&visit.call, &id, Action::WriteReport).await?;
    let job: JobId = which.job.parse().map_err(|_| Error::NotFound)?;
    let job = job::load(&visit.call, &job, &freezing_subject(&id)).await?;
    if let ("done", Some(page)) = (job.state.as_str(), &job.result) {
        return Ok(redirect_saying(
            page,
            "The figures are computed anew and frozen.",
        ));
    }
    let title = match job.state.as_str() {
        "failed" => "The figures were not frozen",
        _ => "Freezing the figures",
    };
    render(&FreezingPage {
        page: visit.page(title),
        report,
        job,
    })
}
