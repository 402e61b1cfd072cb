//! The waiting file in the database.

use crate::app::Call;
use crate::case_list::table::Table;
use crate::error::{Error, Result};
use crate::store::{Text, Value, insert_many, json, whole};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, FromRow};
use std::collections::HashSet;
use throughline_domain::case_list::{
    CaseRow, Checked, DeclaredTotals, InspectedPeriod, Mapping, ValueKind, propose_mapping,
};
use throughline_domain::id::{CaseListId, InspectionId};

/// A file that waits.
#[derive(Debug, Clone, FromRow)]
pub struct Waiting {
    /// The id that its list will have.
    pub id: Text<CaseListId>,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_digest: String,
    headings: String,
    /// Rows below the headings.
    pub row_count: i64,
    period_from: Text<Date>,
    period_to: Text<Date>,
    declared: String,
    mapping: Option<String>,
    /// `waiting`, `mapped`, `faulty` or `sound`.
    pub state: String,
    /// Faults that the check found.
    pub fault_count: i64,
    /// Rows that have one or more of them.
    pub faulty_rows: i64,
    /// Rows that repeat a reference.
    pub duplicates: i64,
    /// Rows that hold nothing.
    pub blank_rows: i64,
    /// Who handed it over.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: Text<Timestamp>,
}

impl Waiting {
    /// The headings, in the order of the columns.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn headings(&self) -> Result<Vec<String>> {
        parsed(&self.headings)
    }

    /// The days in which its cases were opened.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn period(&self) -> Result<InspectedPeriod> {
        InspectedPeriod::new(self.period_from.0, self.period_to.0)
            .map_err(|fault| Error::Internal(fault.to_string()))
    }

    /// The totals that the force declared.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn declared(&self) -> Result<DeclaredTotals> {
        parsed(&self.declared)
    }

    /// Which column serves as what, once somebody said.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn mapping(&self) -> Result<Option<Mapping>> {
        self.mapping.as_deref().map(parsed).transpose()
    }

    /// Which column serves as what: as somebody said, or as the headings suggest.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn mapping_or_proposal(&self) -> Result<Mapping> {
        match self.mapping()? {
            Some(mapping) => Ok(mapping),
            None => Ok(propose_mapping(&self.headings()?)),
        }
    }
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Internal(error.to_string()))
}

/// A fault of the waiting file.
#[derive(Debug, Clone, FromRow)]
pub struct ListFault {
    /// The row in the file.
    pub row_number: i64,
    /// The column.
    pub column_name: String,
    /// What kind of value stands there; never the value.
    pub kind: String,
    /// What is wrong.
    pub problem: String,
    /// How to mend it.
    pub mend: String,
}

/// A file as it arrives.
pub(super) struct Arrival<'a> {
    pub id: CaseListId,
    pub file_name: String,
    pub digest: String,
    pub table: &'a Table,
    pub bytes: &'a [u8],
    pub period: InspectedPeriod,
    pub declared: DeclaredTotals,
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    call: &Call,
    inspection: &InspectionId,
    arrival: &Arrival<'_>,
) -> Result<()> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let row = vec![
        inspection.as_str().into(),
        arrival.id.as_str().into(),
        arrival.file_name.as_str().into(),
        arrival.digest.as_str().into(),
        STANDARD.encode(arrival.bytes).into(),
        json(&arrival.table.header.cells)?.into(),
        Value::Whole(whole(arrival.table.rows.len() as u64)),
        arrival.period.first().to_string().into(),
        arrival.period.last().to_string().into(),
        json(&arrival.declared)?.into(),
        "waiting".into(),
        user.as_str().into(),
        call.now.to_string().into(),
    ];
    let head = "INSERT INTO case_list_upload (inspection_id, id, file_name, file_digest, content, headings,
        row_count, period_from, period_to, declared, state, uploaded_by, uploaded_at)";
    Ok(insert_many(connection, head, &[row]).await?)
}

pub(super) async fn find(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Option<Waiting>> {
    sqlx::query_as(
        "SELECT case_list_upload.id, file_name, file_digest, headings, row_count, period_from, period_to,
         declared, mapping, state, fault_count, faulty_rows, duplicates, blank_rows,
         account.name AS uploaded_by, uploaded_at
         FROM case_list_upload JOIN account ON account.id = case_list_upload.uploaded_by
         WHERE inspection_id = $1",
    )
    .bind(inspection.as_str())
    .fetch_optional(pool)
    .await
}

/// What is in the file.
pub(super) async fn content(pool: &AnyPool, id: &CaseListId) -> Result<Vec<u8>> {
    let content: Option<String> =
        sqlx::query_scalar("SELECT content FROM case_list_upload WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(pool)
            .await?;
    STANDARD
        .decode(content.ok_or_else(super::nothing_waits)?)
        .map_err(|error| Error::Internal(error.to_string()))
}

/// The cases of a file that was found sound.
pub(super) async fn accepted(pool: &AnyPool, id: &CaseListId) -> Result<Option<Vec<CaseRow>>> {
    let rows: Option<Option<String>> = sqlx::query_scalar(
        "SELECT accepted FROM case_list_upload WHERE id = $1 AND state = 'sound'",
    )
    .bind(id.as_str())
    .fetch_optional(pool)
    .await?;
    rows.flatten().as_deref().map(parsed).transpose()
}

/// Keeps the mapping, and forgets any earlier check. Returns the file's digest.
pub(super) async fn set_mapping(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    mapping: &Mapping,
) -> Result<Option<String>> {
    sqlx::query(
        "DELETE FROM case_list_fault WHERE upload_id IN
         (SELECT id FROM case_list_upload WHERE inspection_id = $1)",
    )
    .bind(inspection.as_str())
    .execute(&mut *connection)
    .await?;
    Ok(sqlx::query_scalar(
        "UPDATE case_list_upload SET mapping = $2, state = 'mapped', accepted = NULL,
         fault_count = 0, faulty_rows = 0, duplicates = 0, blank_rows = 0
         WHERE inspection_id = $1 RETURNING file_digest",
    )
    .bind(inspection.as_str())
    .bind(json(mapping)?)
    .fetch_optional(connection)
    .await?)
}

/// Keeps what the check found, unless the file or its mapping is another by now.
pub(super) async fn set_result(
    connection: &mut AnyConnection,
    waiting: &Waiting,
    checked: &Checked,
) -> Result<bool> {
    let sound = checked.faults.is_empty();
    let accepted = sound.then(|| json(&checked.rows)).transpose()?;
    let rows: HashSet<u64> = checked
        .faults
        .iter()
        .filter(|fault| fault.kind != ValueKind::Column)
        .map(|fault| fault.row)
        .collect();
    let done = sqlx::query(
        "UPDATE case_list_upload SET state = $3, accepted = $4, fault_count = $5, faulty_rows = $6,
         duplicates = $7, blank_rows = $8 WHERE id = $1 AND mapping = $2",
    )
    .bind(waiting.id.as_str())
    .bind(waiting.mapping.as_deref())
    .bind(if sound { "sound" } else { "faulty" })
    .bind(accepted)
    .bind(whole(checked.faults.len() as u64))
    .bind(whole(rows.len() as u64))
    .bind(whole(checked.duplicates))
    .bind(whole(checked.blank_rows))
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 1 {
        keep_faults(connection, waiting, checked).await?;
    }
    Ok(done.rows_affected() == 1)
}

async fn keep_faults(
    connection: &mut AnyConnection,
    waiting: &Waiting,
    checked: &Checked,
) -> Result<()> {
    sqlx::query("DELETE FROM case_list_fault WHERE upload_id = $1")
        .bind(waiting.id.as_str())
        .execute(&mut *connection)
        .await?;
    const AT_ONCE: usize = 20_000;
    for (batch, faults) in checked.faults.chunks(AT_ONCE).enumerate() {
        let rows: Vec<Vec<Value>> = faults
            .iter()
            .enumerate()
            .map(|(number, fault)| {
                vec![
                    waiting.id.as_str().into(),
                    Value::Whole(whole((batch * AT_ONCE + number) as u64)),
                    Value::Whole(whole(fault.row)),
                    fault.column.as_str().into(),
                    fault.kind.to_string().into(),
                    fault.problem.as_str().into(),
                    fault.mend.as_str().into(),
                ]
            })
            .collect();
        insert_many(
            connection,
            "INSERT INTO case_list_fault (upload_id, number, row_number, column_name, kind, problem, mend)",
            &rows,
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn faults(
    pool: &AnyPool,
    inspection: &InspectionId,
    from: u64,
    many: u64,
) -> sqlx::Result<Vec<ListFault>> {
    sqlx::query_as(
        "SELECT row_number, column_name, kind, problem, mend FROM case_list_fault
         JOIN case_list_upload ON case_list_upload.id = upload_id
         WHERE inspection_id = $1 AND number >= $2 AND number < $3 ORDER BY number",
    )
    .bind(inspection.as_str())
    .bind(whole(from))
    .bind(if many == 0 {
        i64::MAX
    } else {
        whole(from.saturating_add(many))
    })
    .fetch_all(pool)
    .await
}
