//! Work that takes longer than a page may: it goes on in the background, and a page says how far
//! it is.

pub mod store;

pub use store::Job;

use crate::app::Call;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use throughline_domain::id::JobId;

/// How far the jobs of this process are, told without the database: while a job has its turn as
/// the one writer, it can write nothing down that others would see.
#[derive(Debug, Default)]
pub struct Progress(Mutex<BTreeMap<JobId, (u64, &'static str)>>);

impl Progress {
    /// Says how far a job is.
    pub fn tell(&self, id: &JobId, done: u64, message: &'static str) {
        self.told().insert(id.clone(), (done, message));
    }

    fn forget(&self, id: &JobId) {
        self.told().remove(id);
    }

    fn find(&self, id: &JobId) -> Option<(u64, &'static str)> {
        self.told().get(id).copied()
    }

    fn told(&self) -> MutexGuard<'_, BTreeMap<JobId, (u64, &'static str)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins a job about a subject, such as `inspection/4k9xw2m8q0ab`, with so much to do.
///
/// # Errors
/// When the database does not answer.
pub async fn start(call: &Call, kind: &'static str, subject: &str, total: u64) -> Result<JobId> {
    let id = JobId::from_random(call.app.random());
    start_as(call, &id, kind, subject, total).await?;
    Ok(id)
}

/// The same under an id that was chosen before.
///
/// # Errors
/// When the database does not answer.
pub async fn start_as(
    call: &Call,
    id: &JobId,
    kind: &'static str,
    subject: &str,
    total: u64,
) -> Result<()> {
    store::insert(call, id, kind, subject, total).await
}

/// Tells how far a job is, with what it is at.
pub fn teller(
    call: &Call,
    id: &JobId,
    message: &'static str,
) -> impl Fn(u64) + Send + Sync + 'static {
    let (app, id) = (Arc::clone(&call.app), id.clone());
    move |done| app.progress.tell(&id, done, message)
}

/// Does a job's work in the background, and writes down how it ended.
pub fn carry_on(
    call: &Call,
    id: &JobId,
    work: impl Future<Output = Result<String>> + Send + 'static,
) {
    let (call, id) = (call.clone(), id.clone());
    tokio::spawn(async move {
        let ended = work.await;
        if finish(&call, &id, ended).await.is_err() {
            tracing::error!(job = %id, "a job's end could not be written down");
        }
    });
}

/// Ends a job: with the page to go to, or with what went wrong in a sentence for its page.
///
/// # Errors
/// When the database does not answer.
pub async fn finish(call: &Call, id: &JobId, ended: Result<String>) -> Result<()> {
    call.app.progress.forget(id);
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
    let mut job = store::find(call.reader(), id)
        .await?
        .filter(|job| job.subject == subject)
        .ok_or(Error::NotFound)?;
    if let Some((done, message)) = call
        .app
        .progress
        .find(id)
        .filter(|_| job.state == "running")
    {
        job.done = crate::store::whole(done);
        job.message = message.to_owned();
    }
    Ok(job)
}
