//! What is wrong with a text, where, and how to mend it.

use std::fmt;

/// A fault in an inspector's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupFault {
    /// Line, counted from 1.
    pub line: usize,
    /// Column, in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for MarkupFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "line {}, column {}: {}. {}",
            self.line, self.column, self.what, self.mend
        )
    }
}

impl std::error::Error for MarkupFault {}
