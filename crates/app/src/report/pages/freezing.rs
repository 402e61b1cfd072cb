//! Working figures out: seconds in the background, and a page that says how it ended.

use super::super::{
    self as report, Beginning, beginning_subject, correcting_subject, freezing_subject,
    start_beginning, start_freezing,
};
use crate::error::{Error, Result};
use crate::inspection;
use crate::job::{self, Job};
use crate::web::page::render;
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, redirect};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::{InspectionId, JobId, ReportId};

#[derive(Deserialize)]
pub(super) struct Empty {}

pub(super) async fn begin(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    Ok(match start_beginning(&visit.call, &id).await? {
        Beginning::Begun(report) => redirect(&format!("/reports/{report}")),
        Beginning::Working(job) => {
            redirect(&format!("/inspections/{id}/report/beginning?job={job}"))
        }
    })
}

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
    /// Where to go back to, and what that is called.
    back: (String, String),
    /// Of which inspection the figures are.
    inspection: InspectionId,
    /// What a failure leaves as it was.
    unchanged: &'static str,
    job: Job,
}

/// What is worked out, and what is said of it.
struct Work {
    subject: String,
    /// The title of its page while it goes on, and when it failed.
    titles: [&'static str; 2],
    /// What is said when it is done.
    done: &'static str,
    unchanged: &'static str,
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
    let work = Work {
        subject: freezing_subject(&id),
        titles: ["Freezing the figures", "The figures were not frozen"],
        done: "The figures are computed anew and frozen.",
        unchanged: "The figures frozen before stand as they were.",
    };
    let back = (format!("/reports/{id}"), report.title);
    show(&visit, work, &which, back, report.inspection_id.0).await
}

pub(super) async fn beginning(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(which): Query<Which>,
) -> PageResult {
    let (inspection, _leave) = inspection::load_for(&visit.call, &id, Action::WriteReport).await?;
    let work = Work {
        subject: beginning_subject(&id),
        titles: ["Beginning the report", "The report was not begun"],
        done: "The report is begun, with its figures as they are now.",
        unchanged: "Nothing was changed.",
    };
    let back = (format!("/inspections/{id}"), inspection.title);
    show(&visit, work, &which, back, id).await
}

pub(super) async fn correcting(
    visit: Visit,
    At(id): At<ReportId>,
    Query(which): Query<Which>,
) -> PageResult {
    let (report, _leave) = report::load_for(&visit.call, &id, Action::CorrectReport).await?;
    let work = Work {
        subject: correcting_subject(&id),
        titles: [
            "Working out the new figures",
            "The correction was not proposed",
        ],
        done: "The correction waits for approval by a lead inspector who did not write it.",
        unchanged: "What is public stands as it was. Your words are still in the form if you go back to it in your browser.",
    };
    let back = (format!("/reports/{id}"), report.title);
    show(&visit, work, &which, back, report.inspection_id.0).await
}

async fn show(
    visit: &Visit,
    work: Work,
    which: &Which,
    back: (String, String),
    inspection: InspectionId,
) -> PageResult {
    let job = find(visit, &work.subject, which).await?;
    if let ("done", Some(page)) = (job.state.as_str(), &job.result) {
        return Ok(redirect_saying(page, work.done));
    }
    let [going_on, failed] = work.titles;
    render(&FreezingPage {
        page: visit.page(match job.state.as_str() {
            "failed" => failed,
            _ => going_on,
        }),
        back,
        inspection,
        unchanged: work.unchanged,
        job,
    })
}

async fn find(visit: &Visit, subject: &str, which: &Which) -> Result<Job> {
    let job: JobId = which.job.parse().map_err(|_| Error::NotFound)?;
    job::load(&visit.call, &job, subject).await
}
