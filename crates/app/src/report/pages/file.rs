//! A report as PDF, its tables as spreadsheet and as CSV.

use super::super as report;
use crate::error::Error;
use crate::web::{At, PageResult, Visit};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use throughline_domain::id::ReportId;
use throughline_reports::document::Document;
use throughline_reports::table::table_csv;
use throughline_reports::{pdf as typeset, xlsx};

fn attached(bytes: Vec<u8>, media_type: &'static str, name: &str) -> PageResult {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|_| Error::NotFound)?;
    let mut response: Response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

fn name_of(document: &Document, ending: &str) -> String {
    let reference: String = document
        .reference
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
        .collect();
    format!("{reference}-v{}{ending}", document.version)
}

/// Builds a file away from the threads that serve pages.
async fn built<F>(build: F) -> Result<Vec<u8>, Error>
where
    F: FnOnce() -> Result<Vec<u8>, String> + Send + 'static,
{
    tokio::task::spawn_blocking(build)
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|why| Error::Refused(format!("This file cannot be made yet: {why}")))
}

pub(super) async fn pdf(visit: Visit, At(id): At<ReportId>) -> PageResult {
    let document = report::document(&visit.call, &id).await?;
    let name = name_of(&document, ".pdf");
    let bytes = built(move || typeset::render(&document).map_err(|e| e.to_string())).await?;
    attached(bytes, "application/pdf", &name)
}

pub(super) async fn spreadsheet(visit: Visit, At(id): At<ReportId>) -> PageResult {
    let document = report::document(&visit.call, &id).await?;
    let name = name_of(&document, "-tables.xlsx");
    let bytes = built(move || xlsx::render(&document).map_err(|e| e.to_string())).await?;
    attached(
        bytes,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &name,
    )
}

pub(super) async fn table(visit: Visit, At((id, table)): At<(ReportId, String)>) -> PageResult {
    let document = report::document(&visit.call, &id).await?;
    let found = document.tables().into_iter().find(|one| one.id == table);
    let found = found.ok_or(Error::NotFound)?;
    let name = name_of(&document, &format!("-{}.csv", found.id));
    attached(
        table_csv(&found).into_bytes(),
        "text/csv; charset=utf-8",
        &name,
    )
}
