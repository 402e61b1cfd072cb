//! Timelines on their way into the database.

use crate::app::Call;
use crate::error::Result;
use crate::screening::store;
use crate::screening::timeline::{self, Change, Contents, Timeline};
use jiff::civil::Date;
use sqlx::Transaction;
use sqlx::any::Any;
use throughline_domain::access::Permit;
use throughline_domain::id::{InspectionId, JobId};
use throughline_domain::screening::TimelinesRead;
use tokio::sync::mpsc;

/// Faulty rows, or references, that are written at once.
const ROWS_AT_ONCE: usize = 2_000;

/// Timelines that are written under a number on which nothing rests yet.
pub(super) struct Writing<'w> {
    call: &'w Call,
    inspection: &'w InspectionId,
    arrival: &'w JobId,
    version: u32,
    before: Option<i64>,
    change: Change,
}

impl<'w> Writing<'w> {
    /// Of a file as a version, held against the one before.
    pub fn new(
        call: &'w Call,
        inspection: &'w InspectionId,
        arrival: &'w JobId,
        (version, before): (u32, Option<i64>),
    ) -> Self {
        Writing {
            call,
            inspection,
            arrival,
            version,
            before,
            change: Change::default(),
        }
    }

    /// Writes batch by batch, until none comes any more.
    ///
    /// # Errors
    /// When the file was thrown away meanwhile.
    pub async fn take_all(&mut self, batches: &mut mpsc::Receiver<Vec<Timeline>>) -> Result<()> {
        while let Some(batch) = batches.recv().await {
            self.compare(&batch).await?;
            let mut transaction = self.begin_part().await?;
            store::insert_timelines(&mut transaction, self.inspection, self.version, &batch)
                .await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Counts what is other than in the version before.
    async fn compare(&mut self, batch: &[Timeline]) -> Result<()> {
        let Some(before) = self.before else {
            return Ok(());
        };
        let references: Vec<&str> = batch.iter().map(|case| case.reference.as_str()).collect();
        let pool = self.call.reader();
        let kept = store::timelines(pool, self.inspection, before, &references).await?;
        for case in batch {
            let events = match kept.get(&case.reference) {
                Some(text) => timeline::parse(text)?,
                None => Vec::new(),
            };
            self.change.add(Change::of_case(&events, &case.events));
        }
        Ok(())
    }

    /// Writes down what the file holds; it waits from then on.
    ///
    /// # Errors
    /// As [`Writing::take_all`].
    pub async fn finish(
        mut self,
        leave: &Permit,
        file_digest: String,
        contents: &Contents,
        known_to: Date,
    ) -> Result<()> {
        if let Some(before) = self.before {
            let pool = self.call.reader();
            let (cases, events) = store::gone(pool, self.inspection, before, self.version).await?;
            self.change.add(Change {
                added: 0,
                gone: events.unsigned_abs(),
                cases: cases.unsigned_abs(),
            });
        }
        self.write_problems(contents).await?;
        let event = TimelinesRead {
            inspection: self.inspection.clone(),
            version: self.version,
            file_digest,
            cases: contents.cases,
            events: contents.events,
            faults: contents.faults.len() as u64,
            strangers: contents.strangers.len() as u64,
        };
        let mut operation = self.call.begin().await?;
        let connection = operation.connection();
        store::check_arrival(connection, self.inspection, self.arrival).await?;
        let (version, change) = (self.version, self.change);
        store::wait(
            connection,
            self.inspection,
            version,
            contents,
            change,
            known_to,
        )
        .await?;
        operation.commit(leave, &event).await
    }
    /// Writes down what is wrong with the file: all of it, however much, in short transactions.
    async fn write_problems(&self, contents: &Contents) -> Result<()> {
        let (inspection, version) = (self.inspection, self.version);
        let mut first = 0;
        for part in contents.faults.chunks(ROWS_AT_ONCE) {
            let mut transaction = self.begin_part().await?;
            store::insert_faults(&mut transaction, inspection, version, first, part).await?;
            transaction.commit().await?;
            first += part.len() as u64;
        }
        let strangers: Vec<_> = contents.strangers.iter().collect();
        for part in strangers.chunks(ROWS_AT_ONCE) {
            let mut transaction = self.begin_part().await?;
            store::insert_strangers(&mut transaction, inspection, version, part).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Begins to write some more, unless the file was thrown away meanwhile.
    async fn begin_part(&self) -> Result<Transaction<'static, Any>> {
        let mut transaction = self.call.app.store.begin().await?;
        store::check_arrival(&mut transaction, self.inspection, self.arrival).await?;
        Ok(transaction)
    }
}
