//! The whole record leaving the program's hands, and coming back into them.

use crate::event::Event;
use serde::Serialize;

/// A backup of everything was taken.
#[derive(Debug, Clone, Serialize)]
pub struct DatabaseCopied {
    /// The last entry of the journal before the copy.
    pub after_entry: u64,
}

/// A database was filled from a backup.
#[derive(Debug, Clone, Serialize)]
pub struct DatabaseRestored {
    /// When the backup was taken, RFC 3339.
    pub taken_at: String,
    /// How many rows it held.
    pub rows: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub digest: String,
}

/// The journal was written out, for outsiders or with every reason and change in it.
#[derive(Debug, Clone, Serialize)]
pub struct JournalExported {
    /// The last entry of the journal before the export.
    pub after_entry: u64,
    /// Whether reasons and changes went with it.
    pub with_changes: bool,
}

impl Event for DatabaseCopied {
    const NAME: &'static str = "database copied";
    fn subject(&self) -> String {
        "database/whole".into()
    }
}

impl Event for DatabaseRestored {
    const NAME: &'static str = "database restored";
    fn subject(&self) -> String {
        "database/whole".into()
    }
}

impl Event for JournalExported {
    const NAME: &'static str = "journal exported";
    fn subject(&self) -> String {
        "journal/whole".into()
    }
}
