//! Why a log cannot be read.

use std::io;
use std::path::{Path, PathBuf};

use crate::engine::OutOfOrder;

/// Why a log cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A file cannot be opened or read, or a compressed one is damaged.
    #[error("{} cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file's name does not say what it holds.
    #[error(
        "{} is of no known kind; its name must end in .csv, .tsv, .parquet, .xes, .jsonocel, .json \
         or .xmlocel, texts with .gz or .zst after it if they are compressed{}", path.display(),
        remedy(path)
    )]
    UnknownKind {
        /// The file.
        path: PathBuf,
    },
    /// There is no file to read.
    #[error("{} holds no file of events", path.display())]
    Nothing {
        /// The folder.
        path: PathBuf,
    },
    /// A column is missing.
    #[error(
        "{}: there is no column `{column}` among {found}; name the one that stands for it with \
         --column {name}=COLUMN", path.display()
    )]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// What it is for.
        name: &'static str,
        /// The column that was looked for.
        column: String,
        /// Those that there are.
        found: String,
    },
    /// A column holds something else than it must.
    #[error("{}: column `{column}` holds {found}, not {expected}", path.display())]
    ColumnType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What it holds.
        found: String,
        /// What it must hold.
        expected: &'static str,
    },
    /// A file does not have the form that it must have.
    #[error("{}, {place}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where: a line, a byte, a row group.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// What does not fit into memory cannot be put aside on the disk.
    #[error("events cannot be put aside for sorting in {}: {source}", path.display())]
    Spill {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What was found cannot be written.
    #[error(transparent)]
    Write(#[from] crate::write::WriteError),
    /// In a stream, which cannot be sorted, a case does not stand after those before it.
    #[error(
        "{}: the case that begins in row {row} stands before one already read, or came before; send \
         the events of each case together and the cases in the order of the bytes of `{column}` \
         (in SQL ORDER BY; in Spark repartition(\"{column}\").sortWithinPartitions(\"{column}\"))",
        path.display()
    )]
    NotClustered {
        /// What the stream is called.
        path: PathBuf,
        /// The number of the row, from 1.
        row: u64,
        /// The column that holds the case.
        column: String,
    },
    /// It was asked to stop.
    #[error("stopped")]
    Stopped,
    /// Cases do not stand in the order of their references, so that they must be sorted first.
    #[error("the cases are not in the order of their references")]
    Unordered,
}

/// How a file of a kind that is not read becomes one that is.
fn remedy(path: &Path) -> &'static str {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("sqlite" | "sqlite3" | "db") => {
            "; OCEL 2.0 is read as JSON and XML: to convert it, run python3 -c 'import pm4py, sys; \
             pm4py.write_ocel2_json(pm4py.read_ocel2_sqlite(sys.argv[1]), sys.argv[2])' \
             log.sqlite log.jsonocel"
        }
        Some("xml") => "; call it .xes or .xmlocel, by what it holds",
        Some("xls" | "xlsx" | "ods") => "; save it as CSV UTF-8",
        Some("arrow" | "arrows" | "ipc") => {
            "; give an Arrow stream to `throughline screen --stream`"
        }
        _ => "",
    }
}

impl From<OutOfOrder> for ReadError {
    fn from(_: OutOfOrder) -> Self {
        ReadError::Unordered
    }
}

impl ReadError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> ReadError + '_ {
        |source| ReadError::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn malformed(path: &Path, place: impl ToString, problem: impl ToString) -> Self {
        ReadError::Malformed {
            path: path.to_owned(),
            place: place.to_string(),
            problem: problem.to_string(),
        }
    }
}
