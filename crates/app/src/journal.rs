//! The journal: everything done, and every read of case material, in a Merkle log.

use crate::app::Call;
use crate::error::{Error, Result};
use sqlx::AnyConnection;
use throughline_domain::access::Permit;
use throughline_domain::event::Event;
use throughline_journal::{Entry, Frontier};

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
    let mut head = read_head(connection).await?;
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
    insert(connection, &entry, &leaf.to_string()).await?;
    write_head(connection, &head).await
}

async fn read_head(connection: &mut AnyConnection) -> Result<Frontier> {
    let text: Option<String> = sqlx::query_scalar("SELECT frontier FROM journal_head WHERE id = 1")
        .fetch_optional(connection)
        .await?;
    let text = text.ok_or_else(|| Error::Internal("the journal's head is missing".into()))?;
    text.parse()
        .map_err(|_| Error::Internal("the journal's head is damaged: run journal verify".into()))
}

async fn write_head(connection: &mut AnyConnection, head: &Frontier) -> Result<()> {
    sqlx::query("UPDATE journal_head SET frontier = $1 WHERE id = 1")
        .bind(head.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert(connection: &mut AnyConnection, entry: &Entry, leaf: &str) -> Result<()> {
    let seq =
        i64::try_from(entry.seq).map_err(|_| Error::Internal("the journal is full".into()))?;
    sqlx::query(
        "INSERT INTO journal_entry (seq, at, actor, role, action, subject, reason, salt, change, leaf)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(seq)
    .bind(entry.at.as_str())
    .bind(entry.actor.as_str())
    .bind(entry.role.as_str())
    .bind(entry.action.as_str())
    .bind(entry.subject.as_str())
    .bind(entry.reason.as_deref())
    .bind(entry.salt.as_str())
    .bind(entry.change.as_str())
    .bind(leaf)
    .execute(connection)
    .await?;
    Ok(())
}
