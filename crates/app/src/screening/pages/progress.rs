//! How far a job is: a page that looks again by itself and leads on when the job is done.

use crate::error::{Error, Result};
use crate::inspection::line::thousands;
use crate::inspection::{self, Inspection};
use crate::job::{self, Job};
use crate::screening::{import, run};
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Visit, redirect};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::{InspectionId, JobId};

/// How long the bar of a job is when all is done, in the drawing's own units.
const WIDTH: i64 = 600;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProgressQuery {
    job: String,
}

/// A job that somebody watches.
enum Watched {
    /// It goes on, or failed.
    Here(Box<Job>),
    /// It is done, and leads to this page.
    Done(String),
}

async fn watch(visit: &Visit, query: &ProgressQuery, subject: &str) -> Result<Watched> {
    let job: JobId = query.job.parse().map_err(|_| Error::NotFound)?;
    let job = job::load(&visit.call, &job, subject).await?;
    Ok(match (job.state.as_str(), &job.result) {
        ("done", Some(page)) => Watched::Done(page.clone()),
        _ => Watched::Here(Box::new(job)),
    })
}

/// How much of a job is done, of a whole.
fn part_of(job: &Job, whole: i64) -> i64 {
    job.done.clamp(0, job.total.max(0)) * whole / job.total.max(1)
}

/// One title for a job that failed, another for one that goes on.
fn title(job: &Job, failed: &'static str, going_on: &'static str) -> &'static str {
    match job.state.as_str() {
        "failed" => failed,
        _ => going_on,
    }
}

#[derive(Template)]
#[template(path = "screening/progress.html")]
struct RunPage {
    page: Page,
    inspection: Inspection,
    done: String,
    total: String,
    width: i64,
    seconds: i64,
    job: Box<Job>,
}

/// Of a check of every case.
pub(super) async fn of_run(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProgressQuery>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::RunScreening).await?;
    let job = match watch(&visit, &query, &run::subject(&id)).await? {
        Watched::Done(page) => return Ok(redirect(&page)),
        Watched::Here(job) => job,
    };
    let title = title(&job, "The cases were not checked", "Checking every case");
    render(&RunPage {
        page: visit.page(title),
        done: thousands(job.done),
        total: thousands(job.total),
        width: part_of(&job, WIDTH),
        seconds: visit.call.now.as_second() - job.started_at.as_second(),
        job,
        inspection,
    })
}

#[derive(Template)]
#[template(path = "screening/timelines_progress.html")]
struct ReadingPage {
    page: Page,
    inspection: Inspection,
    percent: i64,
    width: i64,
    job: Box<Job>,
}

/// Of the reading of a file of timelines.
pub(super) async fn of_reading(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProgressQuery>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ImportTimelines).await?;
    let job = match watch(&visit, &query, &import::subject(&id)).await? {
        Watched::Done(page) => return Ok(redirect(&page)),
        Watched::Here(job) => job,
    };
    let title = title(&job, "The file could not be read", "Reading the timelines");
    render(&ReadingPage {
        page: visit.page(title),
        percent: part_of(&job, 100),
        width: part_of(&job, WIDTH),
        job,
        inspection,
    })
}
