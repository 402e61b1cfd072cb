//! A published report: the page, the PDF, the workbook, the tables.

use super::super::public::{CSV, PDF, PublicVisit, XLSX};
use super::super::round::{day_in_words, kind_in_words};
use super::super::{PublishedReport, load_report};
use crate::app::london_day;
use crate::error::{Error, Result};
use crate::web::{At, Page, PageResult, Routes};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::ReportId;
use throughline_reports::table::{Table, table_csv};
use throughline_reports::{html, pdf};

/// The routes of published reports.
pub fn routes() -> Routes {
    Routes::new()
        .get("/published/reports/{report}", Action::ReadPublished, show)
        .get(
            "/published/reports/{report}/report.pdf",
            Action::ReadPublished,
            read_pdf,
        )
        .get(
            "/published/reports/{report}/tables.xlsx",
            Action::ReadPublished,
            workbook,
        )
        .get(
            "/published/reports/{report}/tables/{table}",
            Action::ReadPublished,
            table,
        )
}

/// Which version: `?version=1`; the latest without.
#[derive(Deserialize)]
struct Edition {
    version: Option<String>,
}

async fn load(visit: &PublicVisit, id: &ReportId, edition: &Edition) -> Result<PublishedReport> {
    let version = match edition.version.as_deref() {
        None | Some("") => None,
        Some(text) => Some(text.parse().map_err(|_| Error::NotFound)?),
    };
    load_report(visit.call(), id, version).await
}

struct VersionLine {
    version: i64,
    published: String,
    correction: Option<String>,
    current: bool,
}

#[derive(Template)]
#[template(path = "published/report.html")]
struct ReportPage {
    page: Page,
    report: PublishedReport,
    published: String,
    kind: String,
    versions: Vec<VersionLine>,
    superseded: bool,
    /// The rest of the address, which keeps to this version.
    query: String,
    tables: Vec<Table>,
    body: String,
}

async fn show(
    visit: PublicVisit,
    At(id): At<ReportId>,
    Query(edition): Query<Edition>,
) -> PageResult {
    let report = load(&visit, &id, &edition).await?;
    let versions = report
        .versions
        .iter()
        .map(|version| VersionLine {
            version: version.version,
            published: day_in_words(london_day(version.published_at.0)),
            correction: version.correction.clone(),
            current: version.version == report.release.version,
        })
        .collect();
    let superseded = report.is_superseded();
    visit.show(&ReportPage {
        page: visit.page(&report.document.title),
        published: day_in_words(london_day(report.release.published_at.0)),
        kind: kind_in_words(&report.release),
        versions,
        superseded,
        query: if superseded {
            format!("?version={}", report.release.version)
        } else {
            String::new()
        },
        tables: report.document.tables(),
        body: html::render(&report.document),
        report,
    })
}

fn name(report: &PublishedReport, ending: &str) -> String {
    format!(
        "{}-{}-v{}{ending}",
        report.release.force_code, report.release.report_id, report.release.version
    )
}

async fn read_pdf(
    visit: PublicVisit,
    At(id): At<ReportId>,
    Query(edition): Query<Edition>,
) -> PageResult {
    let report = load(&visit, &id, &edition).await?;
    let name = name(&report, ".pdf");
    let key = format!("{}/{}", report.release.report_id, report.release.version);
    if let Some(unchanged) = visit.unchanged(&key)? {
        return Ok(unchanged);
    }
    let shelf = &visit.call().app.shelf;
    let bytes = shelf.pdf(key.clone(), report.document, pdf::render).await?;
    visit.open_edition_file(PDF, &name, bytes.to_vec(), &key)
}

async fn workbook(
    visit: PublicVisit,
    At(id): At<ReportId>,
    Query(edition): Query<Edition>,
) -> PageResult {
    let report = load(&visit, &id, &edition).await?;
    let name = name(&report, "-tables.xlsx");
    let key = format!("{}/{}", report.release.report_id, report.release.version);
    if let Some(unchanged) = visit.unchanged(&key)? {
        return Ok(unchanged);
    }
    let shelf = &visit.call().app.shelf;
    let bytes = shelf.workbook(key.clone(), report.document).await?;
    visit.edition_file(XLSX, &name, bytes.to_vec(), &key)
}

async fn table(
    visit: PublicVisit,
    At((id, file)): At<(ReportId, String)>,
    Query(edition): Query<Edition>,
) -> PageResult {
    let report = load(&visit, &id, &edition).await?;
    let wanted = file.strip_suffix(".csv").ok_or(Error::NotFound)?;
    let tables = report.document.tables();
    let table = tables
        .iter()
        .find(|table| table.id == wanted)
        .ok_or(Error::NotFound)?;
    let name = name(&report, &format!("-{wanted}.csv"));
    visit.file(CSV, &name, table_csv(table).into_bytes())
}
