//! The journal as JSON lines, in the form that anybody can check with `verify.py`.

use super::store;
use crate::app::Call;
use crate::error::Result;
use serde::Serialize;
use sqlx::AnyConnection;
use std::io::{self, Write};
use std::ops::ControlFlow;
use throughline_domain::access::{Action, Relation};
use throughline_domain::custody::JournalExported;
use throughline_journal::{Entry, Hash};

/// An entry as one line.
#[derive(Serialize)]
struct Line<'e> {
    seq: u64,
    at: &'e str,
    actor: &'e str,
    role: &'e str,
    action: &'e str,
    subject: &'e str,
    reason: Option<&'e str>,
    salt: &'e str,
    change: &'e str,
    leaf: String,
}

impl<'e> Line<'e> {
    fn of(entry: &'e Entry, leaf: &Hash) -> Self {
        Line {
            seq: entry.seq,
            at: &entry.at,
            actor: &entry.actor,
            role: &entry.role,
            action: &entry.action,
            subject: &entry.subject,
            reason: entry.reason.as_deref(),
            salt: &entry.salt,
            change: &entry.change,
            leaf: leaf.to_string(),
        }
    }
}

/// Writes the whole journal and returns how many entries that were. That it was written out
/// is an entry itself, and the last of them at the least.
///
/// # Errors
/// When it is not for this person, or the database or the writer fails.
pub async fn export(call: &Call, out: &mut impl Write) -> Result<u64> {
    let leave = call.permit(Action::CopyDatabase, Relation::Open)?;
    let after_entry = super::head(call).await?.size();
    let event = JournalExported { after_entry };
    call.begin().await?.commit(&leave, &event).await?;
    let mut snapshot = call.app.store.begin_snapshot().await?;
    write_all(&mut snapshot, out).await
}

async fn write_all(connection: &mut AnyConnection, out: &mut impl Write) -> Result<u64> {
    let mut count = 0;
    store::for_each_entry(connection, |entry, leaf| {
        count += 1;
        serde_json::to_writer(&mut *out, &Line::of(&entry, leaf)).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(ControlFlow::Continue(()))
    })
    .await?;
    Ok(count)
}
