//! The published record: what inspectorates have published, taken in from a file.
//!
//! A file whose rows do not all add up is refused whole, with every fault. What nobody
//! published stays unknown, and each row keeps the address where its figures were read.

pub mod cli;
pub mod store;

use crate::app::Call;
use crate::error::{Error, Fault, Result};
use sha2::{Digest, Sha256};
use throughline_domain::access::{Action, Relation};
use throughline_domain::published::{self, PublishedFault, PublishedInspection};

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows of the file.
    pub rows: usize,
    /// Rows that are new or read otherwise than before.
    pub new_rows: usize,
    /// Rows that no longer stand as they did.
    pub rows_gone: usize,
}

/// Takes a file into the record, whole or not at all. The same file again changes nothing.
///
/// # Errors
/// [`Error::Invalid`] with every fault of the file, each naming its line.
pub async fn import(call: &Call, text: &str, file_name: &str) -> Result<Imported> {
    let leave = call.permit(Action::ImportPublishedRecord, Relation::Open)?;
    let reading = published::parse(file_name, text);
    if !reading.faults.is_empty() {
        return Err(Error::Invalid(reading.faults.iter().map(told).collect()));
    }
    let digest = hex::encode(Sha256::digest(text.as_bytes()));
    let mut operation = call.begin().await?;
    let current = store::list_standing(operation.connection()).await?;
    let rows = reading.inspections.len();
    let Some(event) = published::import(&leave, file_name, &digest, &current, &reading.inspections)
    else {
        return Ok(Imported {
            rows,
            ..Imported::default()
        });
    };
    for change in &event.changes {
        store::withdraw(operation.connection(), &change.force, call.now).await?;
        for row in &change.after {
            let random = call.app.random();
            store::insert(operation.connection(), row, random, &digest, call.now).await?;
        }
    }
    let sum = |part: fn(&published::ForceRecord) -> usize| event.changes.iter().map(part).sum();
    let imported = Imported {
        rows,
        new_rows: sum(published::ForceRecord::new_rows),
        rows_gone: sum(published::ForceRecord::rows_gone),
    };
    operation.commit(&leave, &event).await?;
    Ok(imported)
}

fn told(fault: &PublishedFault) -> Fault {
    let message = match fault.column.as_str() {
        "" => format!("{}; {}", fault.problem, fault.mend),
        column => format!("{column}: {}; {}", fault.problem, fault.mend),
    };
    Fault {
        field: format!("{}:{}", fault.file, fault.line),
        message,
    }
}

/// The record as it stands, each force's rows in the order of its file.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call) -> Result<Vec<PublishedInspection>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    let mut connection = call.reader().acquire().await?;
    Ok(store::list_standing(&mut connection).await?)
}

#[cfg(test)]
mod tests;
