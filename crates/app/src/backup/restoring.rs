//! Filling an empty database from a backup: all of it, checked, or nothing.

use super::format::{Cell, End, FORMAT, Header, Line, TableLine};
use super::taking::{quoted, schema_versions};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::journal;
use crate::store::schema::{Column, Table};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use throughline_domain::access::{Action, Relation};
use throughline_domain::custody::DatabaseRestored;

/// SQLite knows each parameter by name, and looks through all names for each: so many at a time,
const BATCH_PARAMETERS: usize = 1_000;
/// or this many bytes.
const BATCH_BYTES: usize = 1 << 20;

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When the backup was taken.
    pub taken_at: String,
    /// How many rows it held.
    pub rows: u64,
    /// How many entries its journal has, all of which verify.
    pub entries: u64,
}

/// Fills an empty database in one transaction. The journal must verify before it is kept.
///
/// # Errors
/// When the database is not empty, or the backup is of another version, damaged, cut short,
/// or holds a journal that does not verify. Nothing is changed then.
pub async fn restore(call: &Call, backup: impl Read) -> Result<Restored> {
    let leave = call.permit(Action::CopyDatabase, Relation::Open)?;
    let mut lines = Lines::new(backup)?;
    let mut operation = call.begin().await?;
    let tables = call.app.store.tables(operation.connection()).await?;
    refuse_unless_empty(operation.connection(), &tables).await?;
    let header = read_header(operation.connection(), &mut lines).await?;
    let mut filling = Filling::new(operation.connection(), tables);
    let digest = filling.fill(&mut lines).await?;
    let rows = filling.counts.values().sum();
    let entries = match journal::verify(operation.connection(), &[]).await? {
        Ok(held) => held.verified.size,
        Err(finding) => {
            return Err(Error::Refused(format!("{finding}. Nothing was restored")));
        }
    };
    let event = DatabaseRestored {
        taken_at: header.taken_at.clone(),
        rows,
        digest,
    };
    operation.commit(&leave, &event).await?;
    Ok(Restored {
        taken_at: header.taken_at,
        rows,
        entries,
    })
}

/// The one row that a new database has: the head of a journal without entries.
const HEAD: &str = "journal_head";

async fn refuse_unless_empty(connection: &mut AnyConnection, tables: &[Table]) -> Result<()> {
    for table in tables {
        let condition = if table.name == HEAD {
            "WHERE frontier <> '0'"
        } else {
            ""
        };
        let sql = format!(
            "SELECT CAST(1 AS BIGINT) FROM {} {condition} LIMIT 1",
            quoted(&table.name)
        );
        let row: Option<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_optional(&mut *connection)
            .await?;
        if row.is_some() {
            return Err(Error::Refused(format!(
                "the database is not empty (the table {} has rows), and a backup is restored \
                 into an empty one only: give --data a new directory, or --database a new database",
                table.name
            )));
        }
    }
    Ok(())
}

async fn read_header<R: Read>(
    connection: &mut AnyConnection,
    lines: &mut Lines<R>,
) -> Result<Header> {
    let first = lines.next()?.unwrap_or_default();
    let Ok(Line::Header(header)) = serde_json::from_str(&first) else {
        return Err(lines.fault("it does not begin as a backup does"));
    };
    if header.format != FORMAT {
        return Err(lines.fault(format!(
            "it is of form {}, and this program reads form {FORMAT}",
            header.format
        )));
    }
    let here = schema_versions(connection).await?;
    if header.schema != here {
        let last = |schema: &[(i64, String)]| schema.last().map_or(0, |(version, _)| *version);
        return Err(lines.fault(format!(
            "it was taken by another version of the program (its last migration is {}, here it is {}): \
             restore it with that version, then upgrade",
            last(&header.schema),
            last(&here)
        )));
    }
    Ok(header)
}

/// The database being filled.
struct Filling<'c> {
    connection: &'c mut AnyConnection,
    tables: BTreeMap<String, Table>,
    counts: BTreeMap<String, u64>,
    open: Option<Batch>,
}

/// Rows of the table that is being read, not yet inserted.
struct Batch {
    table: String,
    columns: Vec<Column>,
    cells: Vec<Cell>,
    bytes: usize,
}

impl<'c> Filling<'c> {
    fn new(connection: &'c mut AnyConnection, tables: Vec<Table>) -> Self {
        Filling {
            connection,
            tables: tables
                .into_iter()
                .map(|table| (table.name.clone(), table))
                .collect(),
            counts: BTreeMap::new(),
            open: None,
        }
    }

    /// Reads to the end and returns the digest of what was read.
    async fn fill<R: Read>(&mut self, lines: &mut Lines<R>) -> Result<String> {
        loop {
            let digest = lines.digest();
            let Some(line) = lines.next()? else {
                return Err(lines.fault("it is cut short: its last line is missing"));
            };
            if line.starts_with('[') {
                self.add_row(&line, lines).await?;
                continue;
            }
            match serde_json::from_str(&line) {
                Ok(Line::Table(table)) => self.begin_table(table, lines).await?,
                Ok(Line::End(end)) => {
                    self.insert().await?;
                    self.check_end(&end, &digest, lines)?;
                    return Ok(digest);
                }
                _ => return Err(lines.fault("this is no line of a backup")),
            }
        }
    }

    async fn begin_table<R: Read>(&mut self, line: TableLine, lines: &Lines<R>) -> Result<()> {
        self.insert().await?;
        let Some(table) = self.tables.get(&line.name) else {
            return Err(lines.fault(format!("there is no table {} here", line.name)));
        };
        let sorted = |columns: &[Column]| {
            let mut pairs: Vec<_> = columns
                .iter()
                .map(|c| (c.name.clone(), c.kind as u8))
                .collect();
            pairs.sort();
            pairs
        };
        if sorted(&table.columns) != sorted(&line.columns) {
            return Err(lines.fault(format!("the table {} has other columns here", line.name)));
        }
        if self.counts.insert(line.name.clone(), 0).is_some() {
            return Err(lines.fault(format!("the table {} comes twice", line.name)));
        }
        self.open = Some(Batch {
            table: line.name,
            columns: line.columns,
            cells: Vec::new(),
            bytes: 0,
        });
        Ok(())
    }

    async fn add_row<R: Read>(&mut self, line: &str, lines: &Lines<R>) -> Result<()> {
        let Some(batch) = &mut self.open else {
            return Err(lines.fault("a row stands before its table"));
        };
        let values: Vec<Value> =
            serde_json::from_str(line).map_err(|_| lines.fault("this is no row"))?;
        if values.len() != batch.columns.len() {
            return Err(lines.fault("the row has not as many values as its table has columns"));
        }
        for (column, value) in batch.columns.iter().zip(values) {
            let cell = Cell::read(column.kind, value).ok_or_else(|| {
                lines.fault(format!(
                    "the value of the column {} is of another kind",
                    column.name
                ))
            })?;
            batch.cells.push(cell);
        }
        batch.bytes += line.len();
        *self.counts.entry(batch.table.clone()).or_default() += 1;
        if batch.bytes > BATCH_BYTES || batch.cells.len() >= BATCH_PARAMETERS {
            self.insert().await?;
        }
        Ok(())
    }

    /// Inserts the rows that were read so far.
    async fn insert(&mut self) -> Result<()> {
        let Some(batch) = &mut self.open else {
            return Ok(());
        };
        let cells = std::mem::take(&mut batch.cells);
        batch.bytes = 0;
        if cells.is_empty() {
            return Ok(());
        }
        // The head is there already, and whoever writes waits for its row: it is never taken away.
        let sql = if batch.table == HEAD {
            replacement(batch, cells.len())?
        } else {
            insertion(batch, cells.len())
        };
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for cell in cells {
            query = match cell {
                Cell::Text(text) => query.bind(text),
                Cell::Whole(number) => query.bind(number),
                Cell::Real(number) => query.bind(number),
            };
        }
        query.execute(&mut *self.connection).await?;
        Ok(())
    }

    fn check_end<R: Read>(&self, end: &End, digest: &str, lines: &mut Lines<R>) -> Result<()> {
        if end.sha256 != digest {
            return Err(lines.fault("it was altered: its SHA-256 is not the one it ends with"));
        }
        if end.rows != self.counts {
            return Err(lines.fault("its tables have not as many rows as it says at the end"));
        }
        if let Some(missing) = self
            .tables
            .keys()
            .find(|name| !self.counts.contains_key(*name))
        {
            return Err(lines.fault(format!("the table {missing} is missing")));
        }
        if lines.next()?.is_some() {
            return Err(lines.fault("something stands after its end"));
        }
        Ok(())
    }
}

/// As [`insertion`], for the table that has its one row from the beginning.
fn replacement(batch: &Batch, parameters: usize) -> Result<String> {
    if parameters != batch.columns.len() {
        return Err(Error::Refused(
            "the backup has more than one head of the journal; nothing was restored".into(),
        ));
    }
    let set: Vec<String> = batch
        .columns
        .iter()
        .zip(1..)
        .map(|(column, number)| format!("{} = ${number}", quoted(&column.name)))
        .collect();
    Ok(format!("UPDATE {HEAD} SET {} WHERE id = 1", set.join(", ")))
}

fn insertion(batch: &Batch, parameters: usize) -> String {
    let names: Vec<String> = batch
        .columns
        .iter()
        .map(|column| quoted(&column.name))
        .collect();
    let width = names.len();
    let row = |first: usize| {
        let numbers: Vec<String> = (first..first + width).map(|n| format!("${n}")).collect();
        format!("({})", numbers.join(","))
    };
    let rows: Vec<String> = (0..parameters / width)
        .map(|n| row(n * width + 1))
        .collect();
    format!(
        "INSERT INTO {} ({}) VALUES {}",
        quoted(&batch.table),
        names.join(", "),
        rows.join(",")
    )
}

/// The lines of a backup, decompressed and digested on their way.
struct Lines<R: Read> {
    reader: BufReader<zstd::Decoder<'static, BufReader<R>>>,
    digest: Sha256,
    number: u64,
}

impl<R: Read> Lines<R> {
    fn new(backup: R) -> Result<Self> {
        Ok(Lines {
            reader: BufReader::with_capacity(1 << 18, zstd::Decoder::new(backup)?),
            digest: Sha256::new(),
            number: 0,
        })
    }

    fn next(&mut self) -> Result<Option<String>> {
        let mut line = String::new();
        self.number += 1;
        match self.reader.read_line(&mut line) {
            Ok(0) => Ok(None),
            Ok(_) => {
                self.digest.update(&line);
                Ok(Some(line))
            }
            Err(error) => Err(self.fault(format!("it is damaged or cut short ({error})"))),
        }
    }

    /// The digest of the lines so far.
    fn digest(&self) -> String {
        hex::encode(self.digest.clone().finalize())
    }

    fn fault(&self, what: impl std::fmt::Display) -> Error {
        Error::Refused(format!(
            "line {} of the backup: {what}. Nothing was restored",
            self.number
        ))
    }
}
