//! The program at work: what every operation needs, and the one way to change anything.

use crate::account::PasswordQueue;
use crate::arrival::Arrivals;
use crate::error::Result;
use crate::job::Progress;
use crate::journal;
use crate::published::Shelf;
use crate::store::Store;
use jiff::{Timestamp, Unit};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use serde::Serialize;
use sqlx::any::Any;
use sqlx::{AnyConnection, AnyPool, Transaction};
use std::sync::{Arc, Mutex, PoisonError};
use throughline_domain::access::{Action, Actor, Permit, Relation, permit};
use throughline_domain::event::Event;

/// The open program. Shared by every request, command and job.
#[derive(Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// What was made of published documents.
    pub shelf: Shelf,
    /// Where files that arrive are put aside.
    pub arrivals: Arrivals,
    /// How far this process's jobs are.
    pub progress: Progress,
    /// Where passwords wait to be looked at.
    pub passwords: PasswordQueue,
    random: Mutex<ChaCha20Rng>,
}

impl App {
    /// Opens the program on a database, with the seed of its random generator. Files that arrive
    /// are put aside in the system's temporary folder.
    pub fn new(store: Store, seed: [u8; 32]) -> Arc<Self> {
        let folder = std::env::temp_dir();
        Self::with_arrivals(store, seed, Arrivals::in_folder(folder))
    }

    /// The same, with a place for files that arrive.
    pub fn with_arrivals(store: Store, seed: [u8; 32], arrivals: Arrivals) -> Arc<Self> {
        Arc::new(App {
            store,
            arrivals,
            shelf: Shelf::default(),
            progress: Progress::default(),
            passwords: PasswordQueue::default(),
            random: Mutex::new(ChaCha20Rng::from_seed(seed)),
        })
    }

    /// Sixty-four random bits: an id, half a salt.
    pub fn random(&self) -> u64 {
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next_u64()
    }

    /// Thirty-two random bytes: a token, a seed.
    pub fn random_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        bytes
    }

    /// A call by somebody at a time.
    pub fn call(self: &Arc<Self>, actor: Actor, now: Timestamp) -> Call {
        Call {
            app: Arc::clone(self),
            actor,
            now: whole_seconds(now),
        }
    }
}

/// Times are kept in whole seconds, so that their texts have one width and sort.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// Who calls, and when: the first argument of every operation.
#[derive(Debug, Clone)]
pub struct Call {
    /// The program.
    pub app: Arc<App>,
    /// Who.
    pub actor: Actor,
    /// When, in whole seconds.
    pub now: Timestamp,
}

impl Call {
    /// The database, for reading.
    pub fn reader(&self) -> &AnyPool {
        self.app.store.reader()
    }

    /// Today's date in London, where the working day is counted.
    pub fn today(&self) -> jiff::civil::Date {
        london_day(self.now)
    }

    /// Leave for an action in that relation.
    ///
    /// # Errors
    /// The refusal, as the person may hear it.
    pub fn permit(&self, action: Action, relation: Relation) -> Result<Permit> {
        Ok(permit(&self.actor, action, relation)?)
    }

    /// Begins an operation: a transaction that only an event can commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self) -> Result<Operation> {
        let transaction = self.app.store.begin().await?;
        Ok(Operation {
            transaction,
            call: self.clone(),
        })
    }

    /// Enters a read of case material in the journal.
    ///
    /// # Errors
    /// When the database does not answer; then the material must not be shown.
    pub async fn record_read(&self, leave: &Permit, subject: impl Into<String>) -> Result<()> {
        self.record_reads(leave, vec![subject.into()]).await
    }

    /// Enters what one page shows of several things, all together.
    ///
    /// # Errors
    /// As [`Call::record_read`].
    pub async fn record_reads(&self, leave: &Permit, subjects: Vec<String>) -> Result<()> {
        let mut operation = self.begin().await?;
        for subject in subjects {
            operation.note(leave, &MaterialRead { subject }).await?;
        }
        Ok(operation.transaction.commit().await?)
    }
}

/// The day in London of a moment.
pub fn london_day(moment: Timestamp) -> jiff::civil::Date {
    throughline_domain::calendar::london_day(moment)
}

/// Case material was shown to somebody.
#[derive(Debug, Serialize)]
struct MaterialRead {
    #[serde(skip)]
    subject: String,
}

impl Event for MaterialRead {
    const NAME: &'static str = "read";
    fn subject(&self) -> String {
        self.subject.clone()
    }
}

/// One transaction. Dropped without an event, it changes nothing.
#[derive(Debug)]
pub struct Operation {
    transaction: Transaction<'static, Any>,
    call: Call,
}

impl Operation {
    /// The connection, for this transaction's statements.
    pub fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Commits, with the event entered in the journal in the same transaction.
    ///
    /// # Errors
    /// When the database refuses; nothing is changed then.
    pub async fn commit<E: Event>(mut self, leave: &Permit, event: &E) -> Result<()> {
        journal::append(&mut self.transaction, &self.call, leave, event).await?;
        self.transaction.commit().await?;
        Ok(())
    }

    /// Enters one of several events and goes on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note<E: Event>(&mut self, leave: &Permit, event: &E) -> Result<()> {
        journal::append(&mut self.transaction, &self.call, leave, event).await
    }
}

/// Whole hours between two moments, rounded down.
pub fn hours_between(from: Timestamp, to: Timestamp) -> i64 {
    to.since((Unit::Hour, from))
        .map_or(0, |span| i64::from(span.get_hours()))
}
