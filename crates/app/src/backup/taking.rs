//! Taking a backup: every row of every table, as of one moment.

use super::format::{Cell, End, FORMAT, Header, Line, TableLine};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::journal;
use crate::store::schema::{Kind, Table};
use futures_util::TryStreamExt;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use std::collections::BTreeMap;
use std::io::{self, Write};
use throughline_domain::access::{Action, Relation};
use throughline_domain::custody::DatabaseCopied;

const COMPRESSION: i32 = 3;

/// Writes a backup and returns how many rows it holds. That it was taken is an entry of the
/// journal, and in the backup.
///
/// # Errors
/// When it is not for this person, or the database or the writer fails.
pub async fn take(call: &Call, out: &mut impl Write) -> Result<u64> {
    let leave = call.permit(Action::CopyDatabase, Relation::Open)?;
    let after_entry = journal::head(call).await?.size();
    let event = DatabaseCopied { after_entry };
    call.begin().await?.commit(&leave, &event).await?;
    let mut snapshot = call.app.store.begin_snapshot().await?;
    let tables = call.app.store.tables(&mut snapshot).await?;
    let mut lines = Lines::new(out)?;
    lines.write(&Line::Header(Header {
        format: FORMAT,
        taken_at: call.now.to_string(),
        schema: schema_versions(&mut snapshot).await?,
    }))?;
    let mut rows = BTreeMap::new();
    for table in tables {
        lines.write(&Line::Table(TableLine {
            name: table.name.clone(),
            columns: table.columns.clone(),
        }))?;
        let count = write_rows(&mut snapshot, &table, &mut lines).await?;
        rows.insert(table.name, count);
    }
    let total = rows.values().sum();
    lines.finish(rows)?;
    Ok(total)
}

/// The migrations that were applied to a database.
pub(super) async fn schema_versions(
    connection: &mut AnyConnection,
) -> sqlx::Result<Vec<(i64, String)>> {
    sqlx::query_as("SELECT version, checksum FROM schema_version ORDER BY version")
        .fetch_all(connection)
        .await
}

async fn write_rows<W: Write>(
    connection: &mut AnyConnection,
    table: &Table,
    lines: &mut Lines<'_, W>,
) -> Result<u64> {
    let mut rows = sqlx::query(AssertSqlSafe(select(table))).fetch(connection);
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        lines.write(&cells(table, &row)?)?;
        count += 1;
    }
    Ok(count)
}

fn select(table: &Table) -> String {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| quoted(&column.name))
        .collect();
    let key: Vec<String> = table.key.iter().map(|name| quoted(name)).collect();
    let order = if key.is_empty() { &names } else { &key };
    format!(
        "SELECT {} FROM {} ORDER BY {}",
        names.join(", "),
        quoted(&table.name),
        order.join(", ")
    )
}

/// A name in SQL, which may also be a word of SQL's own.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn cells(table: &Table, row: &AnyRow) -> Result<Vec<Cell>> {
    let cell = |(place, column): (usize, &crate::store::schema::Column)| {
        let read = match column.kind {
            Kind::Text => row.try_get(place).map(Cell::Text),
            Kind::Whole => row.try_get(place).map(Cell::Whole),
            Kind::Real => row.try_get(place).map(Cell::Real),
        };
        read.map_err(|_| {
            Error::Refused(format!(
                "a row of the table {} holds in its column {} what no program wrote there; \
                 nothing was copied. Run `throughline journal verify`",
                table.name, column.name
            ))
        })
    };
    table.columns.iter().enumerate().map(cell).collect()
}

/// The lines of the backup, digested and compressed on their way.
struct Lines<'w, W: Write> {
    encoder: zstd::Encoder<'static, &'w mut W>,
    digest: Sha256,
    line: Vec<u8>,
}

impl<'w, W: Write> Lines<'w, W> {
    fn new(out: &'w mut W) -> io::Result<Self> {
        let mut encoder = zstd::Encoder::new(out, COMPRESSION)?;
        encoder.include_checksum(true)?;
        Ok(Lines {
            encoder,
            digest: Sha256::new(),
            line: Vec::new(),
        })
    }

    fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        self.digest.update(&self.line);
        self.encoder.write_all(&self.line)
    }

    fn finish(mut self, rows: BTreeMap<String, u64>) -> io::Result<()> {
        let sha256 = hex::encode(self.digest.clone().finalize());
        self.write(&Line::End(End { rows, sha256 }))?;
        self.encoder.finish()?.flush()
    }
}
