//! Verdicts as Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{
    Int64Builder, StringBuilder, StringDictionaryBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::VerdictFile;
use super::row::{VerdictRow, outcome_code, reason_code};
use crate::event::When;

/// How many verdicts are held before they are encoded.
const BATCH: usize = 1 << 14;

/// Verdicts as Parquet. A time is two columns, the first and the last instant in UTC, which are the
/// same where it is known exactly; both are missing where it may be any.
pub struct VerdictParquet<W: Write + Send> {
    writer: ArrowWriter<W>,
    columns: Columns,
    count: usize,
}

#[derive(Default)]
struct Columns {
    case: StringBuilder,
    codes: [StringDictionaryBuilder<Int32Type>; 5],
    times: [Time; 3],
    margin: Int64Builder,
}

/// The columns of the first and the last instant of a time.
#[derive(Default)]
pub(super) struct Time {
    earliest: TimestampMicrosecondBuilder,
    latest: TimestampMicrosecondBuilder,
}

const CODES: [&str; 5] = [
    "standard",
    "activity",
    "outcome",
    "why",
    "deciding_activity",
];
pub(super) const TIMES: [[&str; 2]; 3] = [
    ["activated_earliest", "activated_latest"],
    ["deciding_earliest", "deciding_latest"],
    ["due_earliest", "due_latest"],
];

impl Time {
    pub(super) fn push(&mut self, when: Option<When>) {
        let when = when.filter(|when| *when != When::ANY);
        self.earliest.append_option(when.map(|when| when.earliest));
        self.latest.append_option(when.map(|when| when.latest));
    }

    pub(super) fn finish(&mut self) -> [ArrayRef; 2] {
        [&mut self.earliest, &mut self.latest]
            .map(|builder| Arc::new(builder.finish().with_timezone("UTC")) as ArrayRef)
    }
}

impl Columns {
    fn batch(&mut self) -> io::Result<RecordBatch> {
        let mut columns: Vec<(&str, ArrayRef, bool)> =
            vec![("case", Arc::new(self.case.finish()), false)];
        for (name, codes) in CODES.into_iter().zip(&mut self.codes) {
            columns.push((name, Arc::new(codes.finish()), true));
        }
        for (names, time) in TIMES.into_iter().zip(&mut self.times) {
            for (name, instants) in names.into_iter().zip(time.finish()) {
                columns.push((name, instants, true));
            }
        }
        columns.push(("margin_seconds", Arc::new(self.margin.finish()), true));
        RecordBatch::try_from_iter_with_nullable(columns).map_err(io::Error::other)
    }
}

impl<W: Write + Send> VerdictParquet<W> {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn begin(out: W) -> io::Result<Self> {
        let mut columns = Columns::default();
        let schema = columns.batch()?.schema();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(1 << 18))
            .build();
        let writer =
            ArrowWriter::try_new(out, schema, Some(properties)).map_err(io::Error::other)?;
        Ok(Self {
            writer,
            columns,
            count: 0,
        })
    }

    /// Writes what is still held back, and the footer.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.encode()?;
        let mut out = self.writer.into_inner().map_err(io::Error::other)?;
        out.flush()?;
        Ok(out)
    }

    fn encode(&mut self) -> io::Result<()> {
        self.count = 0;
        let batch = self.columns.batch()?;
        self.writer.write(&batch).map_err(io::Error::other)
    }
}

impl<W: Write + Send> VerdictFile for VerdictParquet<W> {
    fn push(&mut self, row: &VerdictRow) -> io::Result<()> {
        let columns = &mut self.columns;
        columns.case.append_value(row.case);
        let codes = [
            row.standard,
            row.activity,
            outcome_code(row.outcome),
            reason_code(row.outcome),
            row.deciding.map_or("", |(activity, _)| activity),
        ];
        for (column, code) in columns.codes.iter_mut().zip(codes) {
            column.append_option((!code.is_empty()).then_some(code));
        }
        let times = [
            Some(row.activated_at),
            row.deciding.map(|(_, when)| when),
            row.due,
        ];
        for (column, when) in columns.times.iter_mut().zip(times) {
            column.push(when);
        }
        columns.margin.append_option(row.margin_seconds);
        self.count += 1;
        match self.count {
            BATCH.. => self.encode(),
            _ => Ok(()),
        }
    }
}
