//! The document as PDF: tagged, PDF/UA-1, set by Typst in this process.
//!
//! Text reaches Typst as data, never as markup, and Typst sees no files but those made here
//! from the document. The same document makes the same bytes.

use std::fmt;

use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::document::{Document, DocumentFault};

mod desk;
mod manuscript;

/// Why no PDF was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PdfFault {
    /// The document would not pass [`Document::check`].
    Document(Vec<DocumentFault>),
    /// Typst could not set it, or it would not satisfy PDF/UA-1.
    Typesetting(Vec<String>),
}

impl fmt::Display for PdfFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PdfFault::Document(faults) => {
                write!(out, "the report cannot be set until its faults are mended:")?;
                faults
                    .iter()
                    .try_for_each(|fault| write!(out, "\n- {fault}"))
            }
            PdfFault::Typesetting(messages) => {
                write!(
                    out,
                    "the report could not be set as an accessible PDF: {}",
                    messages.join("; ")
                )
            }
        }
    }
}

impl std::error::Error for PdfFault {}

/// How many renderings what Typst has learnt is kept for before it is forgotten.
const MEMORY_AGE_MAX: usize = 2;

/// The document as PDF/UA-1.
///
/// # Errors
/// The document has faults, or cannot be set: a character that no font of ours has, for one.
pub fn render(document: &Document) -> Result<Vec<u8>, PdfFault> {
    render_in(document, Setting::Report)
}

/// The document as PDF/UA-1 on as little paper as can be read with ease: for a brief that
/// must stand on one page.
///
/// # Errors
/// As [`render`].
pub fn render_brief(document: &Document) -> Result<Vec<u8>, PdfFault> {
    render_in(document, Setting::Brief)
}

/// How generously a document is set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    Report,
    Brief,
}

fn render_in(document: &Document, setting: Setting) -> Result<Vec<u8>, PdfFault> {
    document.check().map_err(PdfFault::Document)?;
    let desk = desk::Desk::new(manuscript::files(document, setting));
    let result = set(&desk);
    typst::comemo::evict(MEMORY_AGE_MAX);
    result
}

fn set(desk: &desk::Desk) -> Result<Vec<u8>, PdfFault> {
    let Warned { output, .. } = typst::compile::<PagedDocument>(desk);
    let pages = output.map_err(|faults| typesetting(&faults))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|fault| PdfFault::Typesetting(vec![fault.message().to_string()]))?;
    let options = PdfOptions {
        standards,
        creator: Smart::Custom(Some("Throughline".into())),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&pages, &options).map_err(|faults| typesetting(&faults))
}

fn typesetting(faults: &[SourceDiagnostic]) -> PdfFault {
    PdfFault::Typesetting(
        faults
            .iter()
            .map(|fault| fault.message.to_string())
            .collect(),
    )
}
