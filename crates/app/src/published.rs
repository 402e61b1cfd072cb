//! What is published, for everybody: reports, the register of recommendations, a page for
//! each force, comparison across forces, and the data.
//!
//! Everything here needs only leave to read what is published, and reads only what was.

pub mod collection;
pub mod league;
pub mod open_data;
pub mod pages;
pub mod profile;
pub mod public;
pub mod register;
pub mod rendition;
pub mod round;
pub mod store;

pub use profile::{ForceEntry, Profile};
pub use rendition::Shelf;
pub use round::{Round, Run};
pub use store::Release;

use crate::app::Call;
use crate::error::{Error, Result};
use round::Headline;
use throughline_domain::access::{Action, Relation};
use throughline_domain::id::{InspectionId, ReportId};
use throughline_reports::document::Document;

/// The latest version of every published report, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_reports(call: &Call) -> Result<Vec<Release>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(collection::load(call).await?.releases.clone())
}

/// The latest version of the reports on an inspection, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_reports_of(call: &Call, inspection: &InspectionId) -> Result<Vec<Release>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(store::list_of_inspection(call.reader(), inspection).await?)
}

/// A published version of a report, with what else was published of it.
#[derive(Debug, Clone)]
pub struct PublishedReport {
    /// The version asked for.
    pub release: Release,
    /// Every version, newest first.
    pub versions: Vec<Release>,
    /// What was published, whole.
    pub document: Document,
}

impl PublishedReport {
    /// Whether there is a later version.
    pub fn is_superseded(&self) -> bool {
        self.versions
            .first()
            .is_some_and(|latest| latest.version > self.release.version)
    }
}

/// A report as it was published: the latest version unless another is asked for.
///
/// # Errors
/// [`Error::NotFound`] when it was not published, or not in that version.
pub async fn load_report(
    call: &Call,
    report: &ReportId,
    version: Option<i64>,
) -> Result<PublishedReport> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    let versions = store::list_versions(call.reader(), report).await?;
    let release = versions
        .iter()
        .find(|release| version.is_none_or(|version| version == release.version))
        .cloned()
        .ok_or(Error::NotFound)?;
    let document = load_document(call, &release).await?;
    Ok(PublishedReport {
        release,
        versions,
        document,
    })
}

async fn load_document(call: &Call, release: &Release) -> Result<Document> {
    let text = store::find_document(call.reader(), &release.report_id, release.version)
        .await?
        .ok_or(Error::NotFound)?;
    serde_json::from_str(&text).map_err(|fault| {
        Error::Internal(format!(
            "version {} of report {} does not read as a document: {fault}",
            release.version, release.report_id
        ))
    })
}

/// The rounds that reports of ours are about, oldest first.
async fn list_report_rounds(call: &Call, releases: &[Release]) -> Result<Vec<Round>> {
    let mut rounds = Vec::with_capacity(releases.len());
    for release in releases.iter().rev() {
        let key = (release.report_id.0.clone(), release.version);
        let headline = match call.app.shelf.find_headline(&key) {
            Some(headline) => headline,
            None => {
                let headline = Headline::of(&load_document(call, release).await?);
                call.app.shelf.keep_headline(key, headline.clone());
                headline
            }
        };
        rounds.push(Round::of_report(release, &headline));
    }
    Ok(rounds)
}

#[cfg(test)]
pub(crate) mod tests;
