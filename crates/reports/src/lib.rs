//! From figures to a document, from a document to HTML, PDF and spreadsheet.
