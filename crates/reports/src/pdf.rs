//! The document as PDF.
