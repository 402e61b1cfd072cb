//! From figures to a document, from a document to HTML, PDF and spreadsheet.
//!
//! A [`figure::Figure`] is one number with its uncertainty and its origin. The inspectors'
//! own paragraphs refer to figures and never type them ([`markup`]). Both make up a
//! [`document::Document`], and from that one value come the page ([`html`]), the PDF
//! ([`pdf`]), the spreadsheet ([`xlsx`]), the CSV files ([`table::table_csv`]) and the
//! charts ([`chart`]). Nothing here reads a clock or a file.

pub mod chart;
pub mod document;
pub mod figure;
pub mod html;
pub mod markup;
pub mod pdf;
pub mod table;
pub mod xlsx;
