//! Checkpoints that were made public: each a signed note of how long the journal was and what
//! it held, and no entry.

use crate::app::Call;
use crate::error::Result;
use crate::store::{Text, whole};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::FromRow;
use throughline_domain::access::{Action, Relation};
use throughline_domain::event::Event;
use throughline_journal::note::SigningKey;
use throughline_journal::{Checkpoint, CheckpointError};

/// A checkpoint as it was made public.
#[derive(Debug, Clone, FromRow)]
pub struct Published {
    /// How many entries the journal had.
    pub size: i64,
    /// The signed note.
    pub note: String,
    /// The key it is verified with.
    pub public_key: String,
    /// When it was made public.
    pub published_at: Text<Timestamp>,
}

impl Published {
    /// The day on which it was made public, in words.
    pub fn day(&self) -> String {
        crate::web::moment::day_in_words(crate::app::london_day(self.published_at.0))
    }
}

/// A checkpoint was made public.
#[derive(Debug, Serialize)]
struct CheckpointPublished {
    size: u64,
    root: String,
}

impl Event for CheckpointPublished {
    const NAME: &'static str = "checkpoint published";
    fn subject(&self) -> String {
        format!("checkpoint/{}", self.size)
    }
}

/// Signs a checkpoint and makes it public. It is of the journal before this entry.
///
/// # Errors
/// When it is not for this person, the checkpoint cannot be signed, or the database refuses.
pub async fn publish(call: &Call, checkpoint: &Checkpoint, key: &SigningKey) -> Result<String> {
    let leave = call.permit(Action::PublishCheckpoint, Relation::Open)?;
    let note = checkpoint.sign(key).map_err(unsigned)?;
    let event = CheckpointPublished {
        size: checkpoint.size,
        root: checkpoint.root.to_base64(),
    };
    let mut operation = call.begin().await?;
    sqlx::query(
        "INSERT INTO journal_checkpoint (size, note, public_key, published_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(whole(checkpoint.size))
    .bind(note.as_str())
    .bind(key.vkey())
    .bind(Text(call.now))
    .execute(operation.connection())
    .await?;
    operation.commit(&leave, &event).await?;
    Ok(note)
}

fn unsigned(fault: CheckpointError) -> crate::error::Error {
    crate::error::Error::Internal(fault.to_string())
}

/// The latest checkpoint that was made public.
///
/// # Errors
/// When the database does not answer.
pub async fn find_latest(call: &Call) -> Result<Option<Published>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(sqlx::query_as(
        "SELECT size, note, public_key, published_at FROM journal_checkpoint ORDER BY size DESC LIMIT 1",
    )
    .fetch_optional(call.reader())
    .await?)
}
