//! The API's addresses.

use super::answer::{ApiError, Force, Problem, Recommendation, RecordRow, Register, Report};
use super::schema;
use crate::error::Error;
use crate::published::public::PublicVisit;
use crate::published::{self, collection, profile, register};
use crate::web::{At, Page, PageResult, Paging, Routes};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::ReportId;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/api", Action::ReadPublished, describe)
        .get("/api/v1/openapi.json", Action::ReadPublished, openapi)
        .get("/api/v1/forces", Action::ReadPublished, forces)
        .get("/api/v1/reports", Action::ReadPublished, reports)
        .get("/api/v1/reports/{report}", Action::ReadPublished, report)
        .get(
            "/api/v1/recommendations",
            Action::ReadPublished,
            recommendations,
        )
        .get("/api/v1/record", Action::ReadPublished, record)
}

type ApiResult = Result<Response, ApiError>;

/// The forces about which something is published, by name.
#[utoipa::path(get, path = "/api/v1/forces", tag = "published",
    responses((status = 200, description = "The forces", body = [Force])))]
pub(super) async fn forces(visit: PublicVisit) -> ApiResult {
    let forces = profile::list_forces(visit.call()).await?;
    let forces: Vec<Force> = forces.into_iter().map(Force::from).collect();
    Ok(visit.json(&forces)?)
}

/// The published reports, newest first, each in its latest version.
#[utoipa::path(get, path = "/api/v1/reports", tag = "published",
    responses((status = 200, description = "The reports", body = [Report])))]
pub(super) async fn reports(visit: PublicVisit) -> ApiResult {
    let reports = published::list_reports(visit.call()).await?;
    let reports: Vec<Report> = reports.into_iter().map(Report::from).collect();
    Ok(visit.json(&reports)?)
}

#[derive(Deserialize)]
pub(super) struct Edition {
    version: Option<String>,
}

/// A report in full: its sections, its tables, and every figure with how it was made. A
/// number withheld is `suppressed` with the reason, and a number nobody has `unknown`.
#[utoipa::path(get, path = "/api/v1/reports/{report}", tag = "published",
    params(
        ("report" = String, Path, description = "The report's id"),
        ("version" = Option<i64>, Query, description = "A version; without it the latest"),
    ),
    responses(
        (status = 200, description = "The document, as it was published", body = Object),
        (status = 404, description = "No such report was published", body = Problem),
    ))]
pub(super) async fn report(
    visit: PublicVisit,
    id: Result<At<ReportId>, Error>,
    Query(edition): Query<Edition>,
) -> ApiResult {
    let At(id) = id?;
    let version = match edition.version.as_deref() {
        None | Some("") => None,
        Some(text) => Some(text.parse().map_err(|_| Error::NotFound)?),
    };
    let report = published::load_report(visit.call(), &id, version).await?;
    Ok(visit.json(&report.document)?)
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    force: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    overdue: String,
    #[serde(default)]
    page: String,
}

/// The register of recommendations with their histories, fifty a page, those whose time limit
/// ends first at the beginning.
#[utoipa::path(get, path = "/api/v1/recommendations", tag = "published",
    params(
        ("force" = Option<String>, Query, description = "Only those to the force with this code"),
        ("status" = Option<String>, Query, description = "Only those whose last status has this code"),
        ("overdue" = Option<String>, Query, description = "`yes`: only those open past their limit"),
        ("page" = Option<usize>, Query, description = "Which page, from 1"),
    ),
    responses((status = 200, description = "A page of the register", body = Register)))]
pub(super) async fn recommendations(visit: PublicVisit, Query(asked): Query<Asked>) -> ApiResult {
    let filter = register::Filter {
        force: asked.force,
        status: asked.status,
        overdue: asked.overdue == "yes",
    };
    let total = register::count(visit.call(), &filter).await?;
    let paging = Paging::of(&asked.page, total, "");
    let rows = register::search(visit.call(), &filter, paging.limit_and_offset()).await?;
    let steps = register::list_steps_of(visit.call(), &rows).await?;
    let rows = rows.into_iter();
    Ok(visit.json(&Register {
        page: paging.page,
        pages: paging.pages,
        total: paging.total,
        recommendations: rows.map(|row| Recommendation::new(row, &steps)).collect(),
    })?)
}

/// The published record of earlier inspections, with the source of every row.
#[utoipa::path(get, path = "/api/v1/record", tag = "published",
    responses((status = 200, description = "The record", body = [RecordRow])))]
pub(super) async fn record(visit: PublicVisit) -> ApiResult {
    let published = collection::load(visit.call()).await?;
    let rows: Vec<RecordRow> = published
        .record
        .iter()
        .cloned()
        .map(RecordRow::from)
        .collect();
    Ok(visit.json(&rows)?)
}

async fn openapi(visit: PublicVisit) -> ApiResult {
    Ok(visit.json(&schema::openapi())?)
}

#[derive(Template)]
#[template(path = "api/show.html")]
struct ApiPage {
    page: Page,
    addresses: Vec<schema::Address>,
}

async fn describe(visit: PublicVisit) -> PageResult {
    visit.show(&ApiPage {
        page: visit.page("The public API"),
        addresses: schema::addresses(),
    })
}

#[expect(unused_imports, reason = "named in the annotations of the paths")]
use Problem as _;
