//! Verdicts from Arrow batches and Parquet.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, BinaryArray, PrimitiveArray, RecordBatch};
use arrow_array::{LargeBinaryArray, LargeStringArray, StringArray};
use arrow_ipc::reader::StreamReader;
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::{Fields, GivenVerdict, Names};
use crate::event::When;
use crate::read::error::ReadError;
use crate::read::parquet::guarded;

/// The columns of a batch of verdicts, of a file or of a stream.
pub(crate) struct VerdictTable<'b> {
    path: &'b Path,
    first_row: u64,
    texts: [Texts<'b>; 6],
    times: [&'b PrimitiveArray<TimestampMicrosecondType>; 6],
    margin: &'b PrimitiveArray<Int64Type>,
}

const TEXTS: [&str; 6] = [
    "case",
    "standard",
    "activity",
    "outcome",
    "why",
    "deciding_activity",
];
const TIMES: [&str; 6] = [
    "activated_earliest",
    "activated_latest",
    "deciding_earliest",
    "deciding_latest",
    "due_earliest",
    "due_latest",
];

impl<'b> VerdictTable<'b> {
    /// Finds the columns. `first_row` is the number of the first row in the file, from 1.
    pub(crate) fn of(
        batch: &'b RecordBatch,
        path: &'b Path,
        first_row: u64,
    ) -> Result<Self, ReadError> {
        let mut texts = [Texts::None; 6];
        for (column, name) in texts.iter_mut().zip(TEXTS) {
            *column = Texts::of(batch, name, path)?;
        }
        let [a, b, c, d, e, f] = TIMES.map(|name| times(batch, name, path));
        let margin = column(batch, "margin_seconds", path)?;
        let margin = (margin.as_primitive_opt::<Int64Type>())
            .ok_or_else(|| wrong_type(path, "margin_seconds", margin, "64-bit numbers"))?;
        Ok(Self {
            path,
            first_row,
            texts,
            times: [a?, b?, c?, d?, e?, f?],
            margin,
        })
    }

    /// The verdict in a row.
    pub(crate) fn verdict(&self, row: usize, names: &Names) -> Result<GivenVerdict, ReadError> {
        let [case, standard, activity, outcome, why, deciding_activity] =
            self.texts.map(|texts| texts.at(row));
        let fields = Fields {
            case,
            standard,
            activity,
            activated_at: self.when(0, row).unwrap_or(When::ANY),
            outcome,
            why,
            deciding_activity,
            deciding_at: self.when(2, row),
            due: self.when(4, row),
            margin_seconds: self.margin.is_valid(row).then(|| self.margin.value(row)),
        };
        fields.understand(names).map_err(|(column, problem)| {
            let row = self.first_row + row as u64;
            ReadError::malformed(self.path, format!("row {row}, column `{column}`"), problem)
        })
    }

    /// The time whose first instant is in a column and whose last is in the next.
    fn when(&self, column: usize, row: usize) -> Option<When> {
        let [earliest, latest] = [self.times[column], self.times[column + 1]];
        (earliest.is_valid(row) && latest.is_valid(row)).then(|| When {
            earliest: earliest.value(row),
            latest: latest.value(row),
        })
    }
}

/// A column of texts.
#[derive(Clone, Copy)]
pub(crate) enum Texts<'b> {
    Small(&'b StringArray),
    Large(&'b LargeStringArray),
    None,
}

impl<'b> Texts<'b> {
    pub(crate) fn of(
        batch: &'b RecordBatch,
        name: &'static str,
        path: &Path,
    ) -> Result<Self, ReadError> {
        let array = column(batch, name, path)?;
        match array.data_type() {
            DataType::Utf8 => Ok(Texts::Small(array.as_string())),
            DataType::LargeUtf8 => Ok(Texts::Large(array.as_string())),
            DataType::Null => Ok(Texts::None),
            _ => Err(wrong_type(path, name, array, "text")),
        }
    }

    /// The text of a row, empty where there is none.
    pub(crate) fn at(self, row: usize) -> &'b str {
        match self {
            Texts::Small(array) if array.is_valid(row) => array.value(row),
            Texts::Large(array) if array.is_valid(row) => array.value(row),
            _ => "",
        }
    }
}

/// A column of bytes.
pub(crate) enum Bytes<'b> {
    Small(&'b BinaryArray),
    Large(&'b LargeBinaryArray),
}

impl<'b> Bytes<'b> {
    pub(crate) fn of(
        batch: &'b RecordBatch,
        name: &'static str,
        path: &Path,
    ) -> Result<Self, ReadError> {
        let array = column(batch, name, path)?;
        match array.data_type() {
            DataType::Binary => Ok(Bytes::Small(array.as_binary())),
            DataType::LargeBinary => Ok(Bytes::Large(array.as_binary())),
            _ => Err(wrong_type(path, name, array, "bytes")),
        }
    }

    /// The bytes of a row, none where they are missing.
    pub(crate) fn at(&self, row: usize) -> &'b [u8] {
        match self {
            Bytes::Small(array) if array.is_valid(row) => array.value(row),
            Bytes::Large(array) if array.is_valid(row) => array.value(row),
            _ => &[],
        }
    }
}

fn column<'b>(
    batch: &'b RecordBatch,
    name: &'static str,
    path: &Path,
) -> Result<&'b dyn Array, ReadError> {
    let found = batch.column_by_name(name);
    found.map(|array| &**array).ok_or_else(|| {
        let fields = batch.schema_ref().fields().iter();
        let names: Vec<&str> = fields.map(|field| field.name().as_str()).collect();
        let names = names.join(", ");
        let problem = format!("there is no column `{name}` among {names}");
        ReadError::malformed(path, "its columns", problem)
    })
}

fn times<'b>(
    batch: &'b RecordBatch,
    name: &'static str,
    path: &Path,
) -> Result<&'b PrimitiveArray<TimestampMicrosecondType>, ReadError> {
    let array = column(batch, name, path)?;
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => Ok(array.as_primitive()),
        _ => Err(wrong_type(
            path,
            name,
            array,
            "times in microseconds with a zone",
        )),
    }
}

fn wrong_type(path: &Path, name: &str, array: &dyn Array, expected: &'static str) -> ReadError {
    ReadError::ColumnType {
        path: path.to_owned(),
        column: name.to_owned(),
        found: array.data_type().to_string(),
        expected,
    }
}

pub(super) fn read_parquet(
    path: &Path,
    names: &Names,
    take: &mut dyn FnMut(GivenVerdict),
) -> Result<(), ReadError> {
    let file = File::open(path).map_err(ReadError::io(path))?;
    let damaged = |problem: String| ReadError::malformed(path, "its content", problem);
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let mut reader = guarded(|| {
        ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)?
            .with_batch_size(1 << 14)
            .build()
    })
    .map_err(damaged)?;
    let mut row = 1;
    while let Some(batch) = guarded(|| reader.next().transpose()).map_err(damaged)? {
        let table = VerdictTable::of(&batch, path, row)?;
        for place in 0..batch.num_rows() {
            take(table.verdict(place, names)?);
        }
        row += batch.num_rows() as u64;
    }
    Ok(())
}

/// Gives every batch of a file that holds an Arrow stream, with the number of its first row.
pub(crate) fn read_batches(
    path: &Path,
    take: &mut dyn FnMut(&RecordBatch, u64) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let file = File::open(path).map_err(ReadError::io(path))?;
    let mut row = 1;
    let damaged = |row: u64| {
        move |problem: String| ReadError::malformed(path, format!("after row {}", row - 1), problem)
    };
    let mut reader =
        guarded(|| StreamReader::try_new_buffered(file, None)).map_err(damaged(row))?;
    while let Some(batch) = guarded(|| reader.next().transpose()).map_err(damaged(row))? {
        take(&batch, row)?;
        row += batch.num_rows() as u64;
    }
    Ok(())
}
