//! What is wrong in a framework's text, where, and how to mend it.

use std::fmt;

/// One fault. A faulty text gets all of its faults at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameworkFault {
    /// The file's name, as given to [`super::Framework::parse`].
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The path of the field, entries of a list counted from 0:
    /// `topic[2].criterion[0].code`. Empty where the text cannot be read at all.
    pub field: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for FrameworkFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        write!(f, "{}; {}", self.problem, self.mend)
    }
}

impl std::error::Error for FrameworkFault {}
