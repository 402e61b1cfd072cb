//! What can go wrong in an operation, and how a person is told.
//!
//! Operations return [`Error`]. Pages turn it into a page with the right status, commands
//! into a sentence and an exit code. What a person may not know to exist is [`Error::NotFound`]
//! everywhere. A database fault is logged without its values and shown without details.

use throughline_domain::access::Refusal;

/// A field of a form or file that must be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The form field's name, so that the page can jump to it.
    pub field: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Why an operation did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or not for this person.
    #[error("not found")]
    NotFound,
    /// They must sign in first.
    #[error("sign in first")]
    SignInFirst,
    /// It may not be done, or not now; the sentence says why.
    #[error("{0}")]
    Refused(String),
    /// What was entered must be mended.
    #[error("{}", in_one_line(.0))]
    Invalid(Vec<Fault>),
    /// Somebody else changed it meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// Too many people ask for it at once, or one of them too often.
    #[error("{0}")]
    Busy(String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    /// A file could not be read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// Something that cannot happen did.
    #[error("{0}")]
    Internal(String),
}

/// What an operation returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// One field to be mended.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Error::Invalid(vec![Fault {
            field: field.into(),
            message: message.into(),
        }])
    }

    /// What kind of error it is, for the log: never the values it may quote.
    pub fn kind(&self) -> String {
        match self {
            Error::NotFound => "not found".into(),
            Error::SignInFirst => "not signed in".into(),
            Error::Refused(_) => "refused".into(),
            Error::Invalid(_) => "what was entered has faults".into(),
            Error::Conflict(_) => "changed by somebody else".into(),
            Error::Busy(_) => "too much at once".into(),
            Error::Store(fault) => format!("the database failed: {}", kind_of_store(fault)),
            Error::File(fault) => format!("a file failed: {}", fault.kind()),
            Error::Internal(_) => "a fault in the program".into(),
        }
    }

    /// The faults, when what was entered must be mended; otherwise the error again.
    ///
    /// # Errors
    /// Every other error.
    pub fn into_faults(self) -> Result<Vec<Fault>> {
        match self {
            Error::Invalid(faults) => Ok(faults),
            other => Err(other),
        }
    }
}

/// The kind of a database fault, without the values it may quote.
fn kind_of_store(fault: &sqlx::Error) -> String {
    match fault {
        sqlx::Error::Database(error) => {
            format!("{:?} {}", error.kind(), error.code().unwrap_or_default())
        }
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} does not decode"),
        other => format!("{other:?}")
            .split(['(', '{'])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned(),
    }
}

fn in_one_line(faults: &[Fault]) -> String {
    let each: Vec<_> = faults
        .iter()
        .map(|fault| format!("{}: {}", fault.field, fault.message))
        .collect();
    each.join("; ")
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Hidden => Error::NotFound,
            Refusal::NotAllowed(why) | Refusal::NotNow(why) => Error::Refused(why),
        }
    }
}

/// Gathers the faults of a form, so that all are shown at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// A text that is shown as it stands in reports: no figure may be typed in it.
    pub fn without_figures(&mut self, field: &str, text: &str) {
        if let Err(found) = throughline_reports::markup::check_plain(text) {
            for fault in found {
                self.add(field, fault.to_string());
            }
        }
    }

    /// Notes a fault.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault {
            field: field.into(),
            message: message.into(),
        });
    }

    /// The text without surrounding space; a fault with that message when there is none.
    pub fn required(&mut self, field: &str, text: &str, message: &str) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.add(field, message);
        }
        text.to_owned()
    }

    /// The value, or a fault with the message when the text does not parse.
    pub fn parsed<T: std::str::FromStr>(
        &mut self,
        field: &str,
        text: &str,
        message: &str,
    ) -> Option<T> {
        let value = text.trim().parse().ok();
        if value.is_none() {
            self.add(field, message);
        }
        value
    }

    /// Nothing, when there was no fault.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every fault noted.
    pub fn none(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.0))
        }
    }
}
