//! What is made of published documents, kept while it is asked for: a document does not change
//! once it is published, so what was made of it stays true.

use super::collection::Collection;
use super::round::Headline;
use super::store::Stamp;
use crate::error::{Error, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use throughline_domain::id::ReportId;
use throughline_reports::document::Document;
use throughline_reports::pdf::PdfFault;
use tokio::sync::Semaphore;

/// A version of a report.
pub type Edition = (ReportId, i64);

/// How a document is set: [`throughline_reports::pdf::render`] or
/// [`throughline_reports::pdf::render_brief`].
pub type Setting = fn(&Document) -> std::result::Result<Vec<u8>, PdfFault>;

/// How many PDFs are kept. The one kept longest makes room.
const PDFS_MAX: usize = 24;
/// How many headlines are kept; they are a few words each.
const HEADLINES_MAX: usize = 20_000;
/// How many PDFs are set at a time, so that visitors of pages do not wait for them.
const SETTING_MAX: usize = 2;

/// The shelf of what was made.
#[derive(Debug)]
pub struct Shelf {
    pdfs: Mutex<Vec<(String, Arc<Vec<u8>>)>>,
    headlines: Mutex<HashMap<Edition, Headline>>,
    setting: Semaphore,
    /// Locked while it is made, so that it is made once.
    pub(super) collection: tokio::sync::Mutex<Option<(Stamp, Arc<Collection>)>>,
}

impl Default for Shelf {
    fn default() -> Self {
        Shelf {
            pdfs: Mutex::default(),
            headlines: Mutex::default(),
            setting: Semaphore::new(SETTING_MAX),
            collection: tokio::sync::Mutex::default(),
        }
    }
}

impl Shelf {
    pub(super) fn find_headline(&self, edition: &Edition) -> Option<Headline> {
        let kept = self
            .headlines
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        kept.get(edition).cloned()
    }

    pub(super) fn keep_headline(&self, edition: Edition, headline: Headline) {
        let mut kept = self
            .headlines
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= HEADLINES_MAX {
            kept.clear();
        }
        kept.insert(edition, headline);
    }

    fn find_pdf(&self, name: &str) -> Option<Arc<Vec<u8>>> {
        let kept = self.pdfs.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|(key, _)| key == name)
            .map(|(_, pdf)| Arc::clone(pdf))
    }

    /// The PDF of a document, set once for each name. Another document needs another name.
    ///
    /// # Errors
    /// When it cannot be set.
    pub async fn pdf(
        &self,
        name: String,
        document: Document,
        setting: Setting,
    ) -> Result<Arc<Vec<u8>>> {
        if let Some(pdf) = self.find_pdf(&name) {
            return Ok(pdf);
        }
        let pdf = Arc::new(self.set(document, setting).await?);
        let mut kept = self.pdfs.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= PDFS_MAX {
            kept.remove(0);
        }
        kept.push((name, Arc::clone(&pdf)));
        Ok(pdf)
    }

    /// Sets a document aside from the threads that serve pages.
    async fn set(&self, document: Document, setting: Setting) -> Result<Vec<u8>> {
        let _turn = self
            .setting
            .acquire()
            .await
            .map_err(|error| Error::Internal(error.to_string()))?;
        tokio::task::spawn_blocking(move || setting(&document))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
            .map_err(|fault| Error::Internal(fault.to_string()))
    }
}
