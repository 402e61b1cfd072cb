//! The journal as JSON lines, in the form that anybody can check with `verify.py`.

use super::store;
use crate::app::Call;
use crate::error::{Error, Result};
use serde::Serialize;
use sqlx::AnyConnection;
use std::io::{self, Write};
use std::ops::ControlFlow;
use throughline_domain::access::{Action, Relation};
use throughline_domain::custody::JournalExported;
use throughline_journal::{Entry, Hash};

/// What of the entries is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// For outsiders: the commitment stands in the place of reason, salt and change.
    WithoutChanges,
    /// Everything that the journal holds.
    WithChanges,
}

/// An entry as one line; of reason and change either both are there or the commitment to them.
#[derive(Serialize)]
struct Line<'e> {
    seq: u64,
    at: &'e str,
    actor: &'e str,
    role: &'e str,
    action: &'e str,
    subject: &'e str,
    reason: Option<&'e str>,
    salt: Option<&'e str>,
    change: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commitment: Option<String>,
    leaf: String,
}

impl<'e> Line<'e> {
    fn of(entry: &'e Entry, leaf: &Hash, extent: Extent) -> Result<Self> {
        match extent {
            Extent::WithChanges => Ok(Self::whole(entry, leaf)),
            Extent::WithoutChanges => Self::committed(entry, leaf),
        }
    }

    fn committed(entry: &'e Entry, leaf: &Hash) -> Result<Self> {
        let commitment = entry.commitment().map_err(|error| {
            Error::Refused(format!(
                "entry {} of the journal cannot be written out: {error}; run journal verify",
                entry.seq
            ))
        })?;
        Ok(Line {
            reason: None,
            salt: None,
            change: None,
            commitment: Some(commitment.to_string()),
            ..Self::whole(entry, leaf)
        })
    }

    fn whole(entry: &'e Entry, leaf: &Hash) -> Self {
        Line {
            seq: entry.seq,
            at: &entry.at,
            actor: &entry.actor,
            role: &entry.role,
            action: &entry.action,
            subject: &entry.subject,
            reason: entry.reason.as_deref(),
            salt: Some(&entry.salt),
            change: Some(&entry.change),
            commitment: None,
            leaf: leaf.to_string(),
        }
    }
}

/// Writes the whole journal and returns how many entries that were. That it was written out
/// is an entry itself, and the last of them at the least.
///
/// # Errors
/// When it is not for this person, an entry is so damaged that nothing commits it to anything,
/// or the database or the writer fails.
pub async fn export(call: &Call, extent: Extent, out: &mut impl Write) -> Result<u64> {
    let leave = call.permit(Action::CopyDatabase, Relation::Open)?;
    let after_entry = super::head(call).await?.size();
    let event = JournalExported {
        after_entry,
        with_changes: extent == Extent::WithChanges,
    };
    call.begin().await?.commit(&leave, &event).await?;
    let mut snapshot = call.app.store.begin_snapshot().await?;
    write_all(&mut snapshot, extent, out).await
}

async fn write_all(
    connection: &mut AnyConnection,
    extent: Extent,
    out: &mut impl Write,
) -> Result<u64> {
    let mut count = 0;
    store::for_each_entry(connection, |entry, leaf| {
        count += 1;
        let line = Line::of(&entry, leaf, extent)?;
        serde_json::to_writer(&mut *out, &line).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(ControlFlow::Continue(()))
    })
    .await?;
    Ok(count)
}
