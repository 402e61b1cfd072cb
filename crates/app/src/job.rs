//! Work that takes longer than a page may: it goes on in the background, and a page says how far
//! it is.

pub mod store;

pub use store::Job;

use crate::app::Call;
use crate::error::{Error, Result};
use throughline_domain::id::JobId;

/// Begins a job about a subject, such as `inspection/4k9xw2m8q0ab`, with so much to do.
///
/// # Errors
/// When the database does not answer.
pub async fn start(call: &Call, kind: &'static str, subject: &str, total: u64) -> Result<JobId> {
    let id = JobId::from_random(call.app.random());
    store::insert(call, &id, kind, subject, total).await?;
    Ok(id)
}

/// Says how far a job is.
///
/// # Errors
/// When the database does not answer.
pub async fn report(call: &Call, id: &JobId, done: u64, message: &str) -> Result<()> {
    store::report(call, id, done, message).await
}

/// Ends a job: with the page to go to, or with what went wrong in a sentence for its page.
///
/// # Errors
/// When the database does not answer.
pub async fn finish(call: &Call, id: &JobId, ended: Result<String>) -> Result<()> {
    match ended {
        Ok(page) => store::finish(call, id, "done", "", Some(&page)).await,
        Err(error) => {
            if matches!(error, Error::Store(_) | Error::Internal(_)) {
                tracing::error!(job = %id, "a job failed");
            }
            store::finish(call, id, "failed", &in_words(&error), None).await
        }
    }
}

/// What a person may hear of the error.
fn in_words(error: &Error) -> String {
    match error {
        Error::Store(_) | Error::Internal(_) => {
            "Something went wrong in the program. Nothing was changed; try again.".into()
        }
        Error::Invalid(faults) => faults
            .iter()
            .map(|fault| fault.message.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        other => other.to_string(),
    }
}

/// A job about a subject.
///
/// # Errors
/// When there is none of that subject.
pub async fn load(call: &Call, id: &JobId, subject: &str) -> Result<Job> {
    store::find(call.reader(), id)
        .await?
        .filter(|job| job.subject == subject)
        .ok_or(Error::NotFound)
}
