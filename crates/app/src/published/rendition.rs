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

/// How many PDFs and workbooks are kept. The one kept longest makes room.
const FILES_MAX: usize = 24;
/// How many headlines are kept; they are a few words each.
const HEADLINES_MAX: usize = 20_000;
/// How many of these are set at a time, so that visitors of pages do not wait for them.
const SETTING_MAX: usize = 2;

/// The shelf of what was made.
#[derive(Debug)]
pub struct Shelf {
    files: Mutex<Vec<(String, Arc<Vec<u8>>)>>,
    headlines: Mutex<HashMap<Edition, Headline>>,
    setting: Semaphore,
    /// Locked while it is made, so that it is made once.
    pub(super) collection: tokio::sync::Mutex<Option<(Stamp, Arc<Collection>)>>,
}

impl Default for Shelf {
    fn default() -> Self {
        Shelf {
            files: Mutex::default(),
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

    fn find_file(&self, name: &str) -> Option<Arc<Vec<u8>>> {
        let kept = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|(key, _)| key == name)
            .map(|(_, file)| Arc::clone(file))
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
        let set = move || setting(&document).map_err(|fault| Error::Internal(fault.to_string()));
        self.file(format!("{name}.pdf"), set).await
    }

    /// The workbook with a document's tables, set once for each name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn workbook(&self, name: String, document: Document) -> Result<Arc<Vec<u8>>> {
        let set = move || super::open_data::workbook(&document);
        self.file(format!("{name}.xlsx"), set).await
    }

    /// What is kept under a name, or else set aside from the threads that serve pages. Whoever
    /// waited for their turn looks again first: the one before may have set the same.
    async fn file(
        &self,
        name: String,
        set: impl FnOnce() -> Result<Vec<u8>> + Send + 'static,
    ) -> Result<Arc<Vec<u8>>> {
        if let Some(file) = self.find_file(&name) {
            return Ok(file);
        }
        let internal = |error: String| Error::Internal(error);
        let _turn = self
            .setting
            .acquire()
            .await
            .map_err(|error| internal(error.to_string()))?;
        if let Some(file) = self.find_file(&name) {
            return Ok(file);
        }
        let set = tokio::task::spawn_blocking(set)
            .await
            .map_err(|error| internal(error.to_string()))?;
        let file = Arc::new(set?);
        let mut kept = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= FILES_MAX {
            kept.remove(0);
        }
        kept.push((name, Arc::clone(&file)));
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn what_many_ask_for_at_once_is_set_once() {
        let shelf = Shelf::default();
        let times = Arc::new(AtomicUsize::new(0));
        let ask = || {
            let times = Arc::clone(&times);
            shelf.file("a".into(), move || {
                times.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(20));
                Ok(vec![1])
            })
        };
        let asked = futures_util::future::join_all((0..6).map(|_| ask())).await;
        assert!(asked.iter().all(Result::is_ok));
        // Two may begin side by side before anything is kept.
        assert!(times.load(Ordering::SeqCst) <= 2);
    }
}
