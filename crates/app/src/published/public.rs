//! A visit to what everybody may read: browsers and caches may keep its pages and files, and ask
//! each time whether they have changed, so that what is published is seen at once.

use crate::app::Call;
use crate::error::Error;
use crate::web::{Page, PageResult, Visit, Web};
use askama::Template;
use axum::body::Body;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use sha2::{Digest, Sha256};

const HTML: &str = "text/html; charset=utf-8";
/// CSV as it is downloaded.
pub const CSV: &str = "text/csv; charset=utf-8; header=present";
/// Text as it stands.
pub const PLAIN: &str = "text/plain; charset=utf-8";
/// A workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// A PDF.
pub const PDF: &str = "application/pdf";
/// JSON.
pub const JSON: &str = "application/json";

/// The visit, and which version of the page the visitor has already.
#[derive(Debug, Clone)]
pub struct PublicVisit {
    visit: Visit,
    has: Option<String>,
    /// Whether the page would say what was just done, which is for this visitor only.
    personal: bool,
}

impl<S> FromRequestParts<S> for PublicVisit
where
    Web: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let has = parts
            .headers
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let page = visit.page("");
        Ok(PublicVisit {
            has,
            personal: page.signed_in() || page.said.is_some(),
            visit,
        })
    }
}

impl PublicVisit {
    /// For operations.
    pub fn call(&self) -> &Call {
        &self.visit.call
    }

    /// A page with a title.
    pub fn page(&self, title: impl Into<String>) -> Page {
        self.visit.page(title)
    }

    /// The page.
    ///
    /// # Errors
    /// When the template fails, which is a fault in the program.
    pub fn show(&self, template: &impl Template) -> PageResult {
        let html = template
            .render()
            .map_err(|error| Error::Internal(error.to_string()))?;
        self.answer(HTML, None, html.into_bytes())
    }

    /// A file to keep, under a name.
    ///
    /// # Errors
    /// When the name cannot stand in a header.
    pub fn file(&self, media_type: &'static str, name: &str, bytes: Vec<u8>) -> PageResult {
        self.answer(
            media_type,
            Some(format!("attachment; filename=\"{}\"", file_name(name))),
            bytes,
        )
    }

    /// A file to be read in the browser, under a name.
    ///
    /// # Errors
    /// When the name cannot stand in a header.
    pub fn open_file(&self, media_type: &'static str, name: &str, bytes: Vec<u8>) -> PageResult {
        self.answer(
            media_type,
            Some(format!("inline; filename=\"{}\"", file_name(name))),
            bytes,
        )
    }

    /// A value as JSON.
    ///
    /// # Errors
    /// When it cannot be written, which is a fault in the program.
    pub fn json(&self, value: &impl Serialize) -> PageResult {
        let bytes =
            serde_json::to_vec(value).map_err(|error| Error::Internal(error.to_string()))?;
        self.answer(JSON, None, bytes)
    }

    fn answer(
        &self,
        media_type: &'static str,
        disposition: Option<String>,
        bytes: Vec<u8>,
    ) -> PageResult {
        let tag = format!("W/\"{}\"", &hex::encode(Sha256::digest(&bytes))[..32]);
        let mut response = Response::builder().header(header::VARY, "Cookie");
        if !self.personal {
            response = response
                .header(header::CACHE_CONTROL, "public, no-cache")
                .header(header::ETAG, &tag);
            if self.has.as_deref().is_some_and(|has| has.contains(&tag)) {
                return made(response.status(StatusCode::NOT_MODIFIED), Vec::new());
            }
        }
        response = response.header(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        if let Some(disposition) = disposition {
            response = response.header(header::CONTENT_DISPOSITION, disposition);
        }
        made(response, bytes)
    }
}

fn made(response: axum::http::response::Builder, bytes: Vec<u8>) -> PageResult {
    response
        .body(Body::from(bytes))
        .map_err(|error| Error::Internal(error.to_string()))
}

/// A name that every system can keep: letters, digits, full stops and hyphens.
fn file_name(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' => c,
            _ => '-',
        })
        .collect()
}
