//! The document's tables as a workbook.
