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
use throughline_domain::access::{Action, Permit, Relation, Role};
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
            || leave.actor().recorded_name(),
            |user| format!("{} ({user})", leave.actor().recorded_name()),
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
/// changed. Somebody who is not on a team of the inspection that a line is about learns only of
/// what kind its subject is, with a digest by which two lines can be told to be about the same.
/// That the journal was read is entered in it.
///
/// # Errors
/// When it is not for this person.
pub async fn read(call: &Call, filter: &Filter, before: Option<i64>) -> Result<Vec<Line>> {
    let leave = call.permit(Action::ReadJournal, Relation::Open)?;
    let filter = narrowed(call, filter).await?;
    let lines = store::page(call.reader(), &filter, before, PAGE_LINES + 1).await?;
    call.record_read(&leave, "journal/page").await?;
    let secret = store::secret(call.reader()).await?;
    let mut shown = Vec::with_capacity(lines.len());
    for line in lines {
        let open = may_know(call, &line.subject).await?;
        shown.push(if open { line } else { line.hidden(&secret) });
    }
    Ok(shown)
}

/// A filter by something that this person may not know asks for its kind alone, or they could
/// try out whether it is there.
async fn narrowed(call: &Call, filter: &Filter) -> Result<Filter> {
    let mut filter = filter.clone();
    if filter.subject.contains('/') && !may_know(call, &filter.subject).await? {
        filter.subject = kind_of(&filter.subject).to_owned();
    }
    Ok(filter)
}

/// What is no case material, whoever reads it.
const OPEN_KINDS: [&str; 5] = [
    "account",
    "force",
    "journal",
    "database",
    "published-record",
];

async fn may_know(call: &Call, subject: &str) -> Result<bool> {
    if OPEN_KINDS.contains(&kind_of(subject)) || call.actor.role == Role::Operator {
        return Ok(true);
    }
    match &call.actor.user {
        Some(user) if call.actor.role == Role::LeadInspector => {
            Ok(store::is_of_a_team(call.reader(), subject, user.as_str()).await?)
        }
        _ => Ok(false),
    }
}

fn kind_of(subject: &str) -> &str {
    subject.split('/').next().unwrap_or_default()
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
