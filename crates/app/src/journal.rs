//! The journal: everything done, and every read of case material, in a Merkle log.

pub mod checkpoint;
pub mod cli;
pub mod export;
pub mod key;
pub mod pages;
pub mod store;
pub mod verification;

pub use store::{Filter, Line};
pub use verification::{Finding, Held, verify};

use crate::app::Call;
use crate::error::{Error, Result};
use sqlx::{AnyConnection, AnyPool};
use throughline_domain::access::{Action, Permit, Relation};
use throughline_domain::event::Event;
use throughline_journal::{Entry, Frontier};

/// How many lines a page of the journal has.
pub const PAGE_LINES: i64 = 50;

/// Appends what was done, inside the transaction that did it.
///
/// # Errors
/// When the database refuses or the stored head is damaged.
pub async fn append<E: Event>(
    connection: &mut AnyConnection,
    call: &Call,
    leave: &Permit,
    event: &E,
) -> Result<()> {
    let mut head = store::read_head(connection).await?;
    let entry = Entry {
        seq: head.next_seq(),
        at: call.now.to_string(),
        actor: leave.actor().user.as_ref().map_or_else(
            || leave.actor().name.clone(),
            |user| format!("{} ({user})", leave.actor().name),
        ),
        role: leave.actor().role.code().into(),
        action: E::NAME.into(),
        subject: event.subject(),
        reason: event.reason().map(Into::into),
        salt: format!("{:016x}{:016x}", call.app.random(), call.app.random()),
        change: serde_json::to_string(event).map_err(|error| Error::Internal(error.to_string()))?,
    };
    let leaf = entry
        .leaf()
        .map_err(|error| Error::Internal(error.to_string()))?;
    head.append(leaf);
    store::insert(connection, &entry, &leaf.to_string()).await?;
    store::write_head(connection, &head).await
}

/// The journal's head: its size and what its root is computed from.
///
/// # Errors
/// When the database does not answer or the head is damaged.
pub async fn head(call: &Call) -> Result<Frontier> {
    let mut connection = call.reader().acquire().await?;
    store::read_head(&mut connection).await
}

/// Who did what, newest first: a page of lines before an entry's number, without what they
/// changed.
///
/// # Errors
/// When it is not for this person.
pub async fn read(call: &Call, filter: &Filter, before: Option<i64>) -> Result<Vec<Line>> {
    let _leave = call.permit(Action::ReadJournal, Relation::Open)?;
    Ok(store::page(call.reader(), filter, before, PAGE_LINES + 1).await?)
}

/// Everything that happened to one thing, in order. Whoever may see the thing may see this:
/// the caller decides.
///
/// # Errors
/// When the database does not answer.
pub async fn history(pool: &AnyPool, subject: &str) -> Result<Vec<Line>> {
    Ok(store::history(pool, subject).await?)
}

#[cfg(test)]
mod tests;
