//! What the API answers with: wire types, converted by hand from what is published.

use crate::app::london_day;
use crate::error::Error;
use crate::published::Release;
use crate::published::profile::ForceEntry;
use crate::published::register::{Entry, Step};
use crate::published::round::kind_in_words;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use throughline_domain::published::PublishedInspection;
use utoipa::ToSchema;

/// A force about which something is published.
#[derive(Debug, Serialize, ToSchema)]
pub struct Force {
    /// Its name in addresses
    pub code: String,
    /// Its name
    pub name: String,
    /// Reports published by this service
    pub reports: usize,
    /// Rows of the published record
    pub record_rows: usize,
    /// The year of the latest of them; null where not known
    pub latest_year: Option<i16>,
    /// Its page
    pub page: String,
}

impl From<ForceEntry> for Force {
    fn from(force: ForceEntry) -> Self {
        Force {
            page: format!("/published/forces/{}", force.slug),
            code: force.slug,
            name: force.name,
            reports: force.reports,
            record_rows: force.rows,
            latest_year: force.latest_year,
        }
    }
}

/// A published report, in its latest version.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    /// Its id
    pub report: String,
    /// Its title
    pub title: String,
    /// The force's code
    pub force: String,
    /// The force's name
    pub force_name: String,
    /// What kind of round it is about
    pub round: String,
    /// The framework the cases were graded under, with its version
    pub framework: String,
    /// The day of its first publication, YYYY-MM-DD
    pub first_published: String,
    /// Its latest version
    pub version: i64,
    /// What that version corrects; null in a first version
    pub correction: Option<String>,
    /// Its page
    pub page: String,
    /// The whole report as JSON
    pub document: String,
}

impl From<Release> for Report {
    fn from(release: Release) -> Self {
        Report {
            report: release.report_id.to_string(),
            round: kind_in_words(&release),
            first_published: london_day(release.first_published_at.0).to_string(),
            page: format!("/published/reports/{}", release.report_id),
            document: format!("/api/v1/reports/{}", release.report_id),
            title: release.title,
            force: release.force_code,
            force_name: release.force_name,
            framework: release.framework,
            version: release.version,
            correction: release.correction,
        }
    }
}

/// A page of the register.
#[derive(Debug, Serialize, ToSchema)]
pub struct Register {
    /// Which page this is, from 1
    pub page: usize,
    /// How many pages there are
    pub pages: usize,
    /// How many recommendations there are on all of them
    pub total: usize,
    /// The recommendations of this page
    pub recommendations: Vec<Recommendation>,
}

/// A published recommendation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recommendation {
    /// Its id
    pub recommendation: String,
    /// Its number within the series of rounds
    pub number: i64,
    /// The force's code
    pub force: String,
    /// The force's name
    pub force_name: String,
    /// What is asked
    pub detail: String,
    /// Of whom
    pub owner: String,
    /// Its time limit in words
    pub time_limit: String,
    /// The day of publication, YYYY-MM-DD
    pub published_on: String,
    /// The last day of its time limit, YYYY-MM-DD
    pub due_on: Option<String>,
    /// The code of its last status; null where none was recorded
    pub status: Option<String>,
    /// That status in words
    pub status_in_words: String,
    /// Whether something is still owed
    pub open: bool,
    /// Whole days past its limit today, while open
    pub days_past_limit: i64,
    /// Its history since publication, oldest first; entries are only ever added
    pub history: Vec<HistoryEntry>,
}

/// An entry of a recommendation's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Its number in the history
    pub number: i64,
    /// Its day, YYYY-MM-DD
    pub day: String,
    /// The status it records, in words; null for a comment
    pub status: Option<String>,
    /// What was said
    pub detail: String,
    /// Which side said it
    pub by: String,
}

impl Recommendation {
    /// With its history.
    pub fn new(entry: Entry, steps: &[Step]) -> Self {
        Recommendation {
            history: steps
                .iter()
                .filter(|step| step.recommendation == entry.id)
                .map(HistoryEntry::from)
                .collect(),
            recommendation: entry.id.to_string(),
            number: entry.number,
            force: entry.force_code,
            force_name: entry.force_name,
            detail: entry.detail,
            owner: entry.owner,
            time_limit: entry.limit,
            published_on: entry.published_on.to_string(),
            due_on: entry.due_on.map(|day| day.to_string()),
            status: Some(entry.status_code).filter(|code| !code.is_empty()),
            status_in_words: entry.status,
            open: entry.open,
            days_past_limit: entry.days_over,
        }
    }
}

impl From<&Step> for HistoryEntry {
    fn from(step: &Step) -> Self {
        HistoryEntry {
            number: step.number,
            day: step.day.to_string(),
            status: step.status.clone(),
            detail: step.detail.clone(),
            by: step.by.to_owned(),
        }
    }
}

/// A row of the published record. A count that nobody published is null, never zero.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordRow {
    /// The force, or the set of forces
    pub force: String,
    /// The inspection, quarterly update or thematic report
    pub event: String,
    /// What part of the work was looked at
    pub scope: String,
    /// When the cases were read: a year, a month or a day, or two of these
    pub fieldwork: Option<String>,
    /// When the figures were published: a year, a month or a day
    pub published: Option<String>,
    /// The grade scale, best first
    pub scale: String,
    /// Whether the scale is an assumption of the record
    pub scale_assumed: bool,
    /// Who graded: inspectors or force
    pub graded_by: String,
    /// Cases graded
    pub cases: u64,
    /// Cases graded good
    pub good: Option<u64>,
    /// Cases in the middle grade of three
    pub middle: Option<u64>,
    /// Cases graded inadequate
    pub inadequate: Option<u64>,
    /// Cases graded below good
    pub below_good: Option<u64>,
    /// Cases sent straight back
    pub referred_back: Option<u64>,
    /// The page on which the figures were read
    pub source: String,
    /// What a reader must know
    pub note: Option<String>,
}

impl From<PublishedInspection> for RecordRow {
    fn from(row: PublishedInspection) -> Self {
        RecordRow {
            force: row.force,
            event: row.event,
            scope: row.scope.code().into(),
            fieldwork: row.fieldwork.map(|when| when.to_string()),
            published: row.published.map(|when| when.to_string()),
            scale: row.scale,
            scale_assumed: row.scale_assumed,
            graded_by: row.graded_by.code().into(),
            cases: row.cases,
            good: row.good,
            middle: row.middle,
            inadequate: row.inadequate,
            below_good: row.below_good,
            referred_back: row.referred_back,
            source: row.source,
            note: row.note,
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The reason, in a sentence
    pub error: String,
}

/// An error, told to a program.
#[derive(Debug)]
pub struct ApiError(Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        ApiError(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self.0 {
            Error::NotFound => {
                let problem = Problem {
                    error: "There is nothing published at this address.".into(),
                };
                (StatusCode::NOT_FOUND, Json(problem)).into_response()
            }
            other => {
                let status = other.into_response().status();
                let problem = Problem {
                    error: "This could not be answered; try again in a moment.".into(),
                };
                (status, Json(problem)).into_response()
            }
        }
    }
}
