//! What is wrong with files of timelines, in the database: faulty rows, and references that the case
//! list does not have.

use crate::error::{Error, Result};
use crate::store::{Value, insert_many, whole};
use sqlx::{AnyConnection, AnyPool, FromRow};
use throughline_domain::id::InspectionId;
use throughline_screening::read::FaultKind;

/// A faulty row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFault {
    /// The row, or the event's number where the file has no rows.
    pub row_number: i64,
    /// What is wrong with it.
    pub kind: FaultKind,
}

impl RowFault {
    /// What is wrong, and how to mend it.
    pub fn words(&self) -> &'static str {
        self.kind.words()
    }

    /// What follows for the verdicts.
    pub fn consequence(&self) -> &'static str {
        self.kind.consequence()
    }
}

/// A reference of a file that the case list does not have.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stranger {
    /// The reference, where it is a code.
    pub reference: String,
    /// Events of it, none of which was kept.
    pub event_count: i64,
}

/// Writes some faulty rows of a version down, the first of them under a number.
pub(in crate::screening) async fn insert_faults(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    version: u32,
    first: u64,
    faults: &[(u64, FaultKind)],
) -> sqlx::Result<()> {
    let numbered = (first..).zip(faults);
    let rows: Vec<Vec<Value>> = numbered
        .map(|(number, (row, kind))| {
            vec![
                inspection.as_str().into(),
                Value::Whole(i64::from(version)),
                Value::Whole(whole(number)),
                Value::Whole(whole(*row)),
                kind.code().into(),
            ]
        })
        .collect();
    let head = "INSERT INTO timeline_fault (inspection_id, version, number, row_number, reason)";
    insert_many(connection, head, &rows).await
}

/// Writes down some references of a version that the case list does not have.
pub(in crate::screening) async fn insert_strangers(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    version: u32,
    strangers: &[(&String, &u64)],
) -> sqlx::Result<()> {
    let row = |&(reference, events): &(&String, &u64)| {
        vec![
            inspection.as_str().into(),
            Value::Whole(i64::from(version)),
            reference.as_str().into(),
            Value::Whole(whole(*events)),
        ]
    };
    let rows: Vec<Vec<Value>> = strangers.iter().map(row).collect();
    let head = "INSERT INTO timeline_stranger (inspection_id, version, reference, event_count)";
    insert_many(connection, head, &rows).await
}

/// Faulty rows of a version, so many from one on.
pub(in crate::screening) async fn faults(
    pool: &AnyPool,
    inspection: &InspectionId,
    version: i64,
    (from, many): (u64, u64),
) -> Result<Vec<RowFault>> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT row_number, reason FROM timeline_fault
         WHERE inspection_id = $1 AND version = $2 AND number >= $3 ORDER BY number LIMIT $4",
    )
    .bind(inspection.as_str())
    .bind(version)
    .bind(whole(from))
    .bind(whole(many))
    .fetch_all(pool)
    .await?;
    let read = |(row_number, reason): (i64, String)| {
        let kind = FaultKind::of_code(&reason).ok_or_else(|| {
            Error::Internal(format!(
                "the faulty row {row_number} of the timelines of version {version} has the unknown code {reason:?}"
            ))
        })?;
        Ok(RowFault { row_number, kind })
    };
    rows.into_iter().map(read).collect()
}

/// The references of a version that the case list does not have, so many from one on.
pub(in crate::screening) async fn strangers(
    pool: &AnyPool,
    inspection: &InspectionId,
    version: i64,
    (from, many): (u64, u64),
) -> sqlx::Result<Vec<Stranger>> {
    sqlx::query_as(
        "SELECT reference, event_count FROM timeline_stranger
         WHERE inspection_id = $1 AND version = $2 ORDER BY reference LIMIT $3 OFFSET $4",
    )
    .bind(inspection.as_str())
    .bind(version)
    .bind(whole(many))
    .bind(whole(from))
    .fetch_all(pool)
    .await
}
