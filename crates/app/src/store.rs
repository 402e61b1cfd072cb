//! One store on two databases: the same SQL text on SQLite and on PostgreSQL.
//!
//! The SQL keeps to what both understand: `$1` placeholders, TEXT, BIGINT and DOUBLE
//! PRECISION columns, `ON CONFLICT`, `RETURNING`. A sum or count that PostgreSQL would
//! widen is cast: `CAST(SUM(n) AS BIGINT)`.
//!
//! Writers go one at a time on either database: SQLite begins immediately, PostgreSQL takes
//! the journal's head row first. So what a transaction read stays true until it commits, and
//! nothing need be retried.

mod migration;
pub mod schema;
mod text;

use migration::make_or_check;
pub use migration::{MigrationFault, migrate};
pub use text::Text;

use sqlx::any::{Any, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, Executor, Transaction};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Which database answers. Only the store itself may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server that several processes may share.
    Postgres,
}

/// The open database.
#[derive(Debug, Clone)]
pub struct Store {
    writer: AnyPool,
    reader: AnyPool,
    engine: Engine,
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached or is not a database.
    #[error("the database cannot be opened: {0}")]
    Unreachable(#[from] sqlx::Error),
    /// Its tables could not be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationFault),
    /// Neither `sqlite:` nor `postgres:`.
    #[error("a database is given as postgres://…, or by --data as a directory; not as {0:?}")]
    UnknownKind(String),
}

/// The embedded database's file in its directory.
const FILE_NAME: &str = "throughline.sqlite3";
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 12;
/// Writers go one at a time; the others wait for it on connections of their own, so that
/// readers never wait for them.
const POSTGRES_WRITERS: u32 = 4;

impl Store {
    /// Whether there is an embedded database in a directory.
    pub fn is_in(directory: &Path) -> bool {
        directory.join(FILE_NAME).is_file()
    }

    /// The address of the embedded database in a directory, which must exist. Makes its file
    /// where there is none: only its owner may read it, and what the database puts beside it.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn address_in(directory: &Path) -> std::io::Result<String> {
        let file = directory.join(FILE_NAME);
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&file)?;
        let path = file
            .to_string_lossy()
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23");
        Ok(format!("sqlite://{path}?mode=rwc"))
    }

    /// Opens the embedded database in a directory, which must exist, and brings it up to date.
    ///
    /// # Errors
    /// When it cannot be opened or brought up to date.
    pub async fn open_directory(directory: &Path) -> Result<Self, OpenError> {
        let address = Self::address_in(directory).map_err(sqlx::Error::from)?;
        Self::open(&address).await
    }

    /// Opens an embedded database that is whole only when it was closed: what is written is
    /// brought to the disk then, instead of at every transaction's end.
    ///
    /// # Errors
    /// When it cannot be opened or brought up to date.
    pub async fn open_to_fill(directory: &Path) -> Result<Self, OpenError> {
        let store = Self::open_directory(directory).await?;
        sqlx::raw_sql("PRAGMA synchronous = NORMAL")
            .execute(&store.writer)
            .await?;
        Ok(store)
    }

    /// Opens a database by its address and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be opened or brought up to date.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let store = Self::connect(url).await?;
        migrate(&store).await?;
        Ok(store)
    }

    /// Opens a database by its address, beside a program that may be running on it: makes its
    /// tables where there are none, and otherwise refuses one of another version.
    ///
    /// # Errors
    /// When it cannot be opened, or is of another version.
    pub async fn open_as_it_is(url: &str) -> Result<Self, OpenError> {
        let store = Self::connect(url).await?;
        make_or_check(&store).await?;
        Ok(store)
    }

    async fn connect(url: &str) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        match url.split(':').next() {
            Some("sqlite") => Self::open_sqlite(url).await,
            Some("postgres" | "postgresql") => Self::open_postgres(url).await,
            other => Err(OpenError::UnknownKind(other.unwrap_or_default().into())),
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self, OpenError> {
        let writer = pool(
            1,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -65536",
        )
        .connect(url)
        .await?;
        let reader = pool(
            SQLITE_READERS,
            "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000;
            PRAGMA query_only = ON; PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456",
        )
        .connect(url)
        .await?;
        Ok(Store {
            writer,
            reader,
            engine: Engine::Sqlite,
        })
    }

    async fn open_postgres(url: &str) -> Result<Self, OpenError> {
        let writer = pool(
            POSTGRES_WRITERS,
            "SET TIME ZONE 'UTC'; SET lock_timeout = '30s'",
        )
        .connect(url)
        .await?;
        let reader = pool(POSTGRES_READERS, "SET TIME ZONE 'UTC'")
            .connect(url)
            .await?;
        Ok(Store {
            writer,
            reader,
            engine: Engine::Postgres,
        })
    }

    /// For reading only.
    pub fn reader(&self) -> &AnyPool {
        &self.reader
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Begins a writing transaction: the only one at its time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self) -> sqlx::Result<Transaction<'static, Any>> {
        match self.engine {
            Engine::Sqlite => self.writer.begin_with("BEGIN IMMEDIATE").await,
            Engine::Postgres => {
                let mut transaction = self.writer.begin().await?;
                let taken = (&mut *transaction)
                    .execute("UPDATE journal_head SET frontier = frontier WHERE id = 1")
                    .await?;
                if taken.rows_affected() != 1 {
                    return Err(sqlx::Error::RowNotFound);
                }
                Ok(transaction)
            }
        }
    }

    /// Begins a transaction that sees one moment of the whole database, for a backup.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_snapshot(&self) -> sqlx::Result<Transaction<'static, Any>> {
        match self.engine {
            Engine::Sqlite => self.reader.begin().await,
            Engine::Postgres => {
                self.reader
                    .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await
            }
        }
    }

    /// Every table there is, each after those that it refers to.
    ///
    /// # Errors
    /// When the database does not answer, or has a table that this program does not know how
    /// to read.
    pub async fn tables(
        &self,
        connection: &mut AnyConnection,
    ) -> crate::error::Result<Vec<schema::Table>> {
        schema::read(connection, self.engine).await
    }

    /// Begins without taking the journal's head, which may not exist yet.
    async fn begin_bare(&self) -> sqlx::Result<Transaction<'static, Any>> {
        match self.engine {
            Engine::Sqlite => self.writer.begin_with("BEGIN IMMEDIATE").await,
            Engine::Postgres => self.writer.begin().await,
        }
    }

    /// Closes every connection, so that nothing is left to be written.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

fn pool(connections: u32, on_connect: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(on_connect).execute(connection).await?;
                Ok(())
            })
        })
}

/// Inserts many rows, many to a statement.
///
/// `head` is everything before `VALUES`; each row has the same number of texts. Whole
/// numbers are passed as [`Value::Whole`].
///
/// # Errors
/// When the database refuses a row: none of a failed statement's rows are kept.
pub async fn insert_many(
    connection: &mut AnyConnection,
    head: &'static str,
    rows: &[Vec<Value>],
) -> sqlx::Result<()> {
    insert_many_or(connection, head, rows, "").await
}

/// As [`insert_many`], with what to do about rows that are there already: `ON CONFLICT …`.
///
/// # Errors
/// As [`insert_many`].
pub async fn insert_many_or(
    connection: &mut AnyConnection,
    head: &'static str,
    rows: &[Vec<Value>],
    otherwise: &'static str,
) -> sqlx::Result<()> {
    /// SQLite knows `$1` by name and looks through all names for each, so that a statement of
    /// 30,000 takes a second. The statement is prepared once, so smaller ones cost nothing.
    const PARAMETERS: usize = 1_000;
    let Some(width) = rows.first().map(Vec::len) else {
        return Ok(());
    };
    let at_once = (PARAMETERS / width).max(1);
    let statement = |rows| format!("{head} VALUES {} {otherwise}", placeholders(rows, width));
    let full = Arc::<str>::from(statement(at_once.min(rows.len())));
    for batch in rows.chunks(at_once) {
        let sql = if batch.len() == at_once.min(rows.len()) {
            Arc::clone(&full)
        } else {
            statement(batch.len()).into()
        };
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for value in batch.iter().flatten() {
            query = match value {
                Value::Text(text) => query.bind(text.as_str()),
                Value::Missing => query.bind(None::<String>),
                Value::Whole(number) => query.bind(*number),
                Value::Real(number) => query.bind(*number),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// A count as a BIGINT column holds it.
pub fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A value as a TEXT column holds it, in JSON.
///
/// # Errors
/// When the value has no JSON, which is a fault in the program.
pub fn json(value: &impl serde::Serialize) -> crate::error::Result<String> {
    serde_json::to_string(value).map_err(|error| crate::error::Error::Internal(error.to_string()))
}

/// One value of a row for [`insert_many`].
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// An empty text column.
    Missing,
    /// A whole number.
    Whole(i64),
    /// A real number.
    Real(f64),
}

impl<T: Into<String>> From<T> for Value {
    fn from(text: T) -> Self {
        Value::Text(text.into())
    }
}

fn placeholders(rows: usize, width: usize) -> String {
    let row = |n: usize| {
        let numbers: Vec<String> = (1..=width).map(|k| format!("${}", n * width + k)).collect();
        format!("({})", numbers.join(","))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(",")
}
