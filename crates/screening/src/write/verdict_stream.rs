//! Verdicts, and what else comes of a screening, as an Arrow stream.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{Field, Schema, SchemaRef};

use super::VerdictFile;
use super::row::{VerdictRow, outcome_code, reason_code};
use super::verdict_parquet::{TIMES, Time};

/// How many verdicts are held before they are sent on.
const BATCH: usize = 1 << 13;

/// What a row of the stream is, as its column `kind` says it.
pub(crate) const VERDICT: &str = "verdict";
pub(crate) const PART: &str = "part";
pub(crate) const END: &str = "end";

/// The columns before and after the times.
const TEXTS: [&str; 7] = [
    "kind",
    "case",
    "standard",
    "activity",
    "outcome",
    "why",
    "deciding_activity",
];

/// Verdicts as an Arrow IPC stream, with rows of other kinds between and after them.
///
/// Every row has the same columns. Which of them are filled its `kind` says: `verdict` has those of
/// a file of verdicts; `part` has in `part` counts and what lies across cases, and in `summary` of
/// which cases; `end`, the last row, has in `summary` what was read and how many rows of the other
/// kinds there are.
pub struct VerdictStream<W: Write> {
    writer: StreamWriter<BufWriter<W>>,
    columns: Columns,
    schema: SchemaRef,
    count: usize,
}

#[derive(Default)]
struct Columns {
    texts: [StringBuilder; 7],
    times: [Time; 3],
    margin: Int64Builder,
    part: BinaryBuilder,
    summary: StringBuilder,
}

impl Columns {
    fn push_verdict(&mut self, row: &VerdictRow) {
        let texts = [
            VERDICT,
            row.case,
            row.standard,
            row.activity,
            outcome_code(row.outcome),
            reason_code(row.outcome),
            row.deciding.map_or("", |(activity, _)| activity),
        ];
        let times = [
            Some(row.activated_at),
            row.deciding.map(|(_, when)| when),
            row.due,
        ];
        self.push(texts, times, row.margin_seconds, None, None);
    }

    fn push(
        &mut self,
        texts: [&str; 7],
        times: [Option<crate::event::When>; 3],
        margin: Option<i64>,
        part: Option<&[u8]>,
        summary: Option<&str>,
    ) {
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.append_option((!text.is_empty()).then_some(text));
        }
        for (column, when) in self.times.iter_mut().zip(times) {
            column.push(when);
        }
        self.margin.append_option(margin);
        self.part.append_option(part);
        self.summary.append_option(summary);
    }

    fn finish(&mut self) -> Vec<(&'static str, ArrayRef)> {
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        for (name, texts) in TEXTS.into_iter().zip(&mut self.texts) {
            columns.push((name, Arc::new(texts.finish())));
        }
        for (names, time) in TIMES.into_iter().zip(&mut self.times) {
            columns.extend(names.into_iter().zip(time.finish()));
        }
        columns.push(("margin_seconds", Arc::new(self.margin.finish())));
        columns.push(("part", Arc::new(self.part.finish())));
        columns.push(("summary", Arc::new(self.summary.finish())));
        columns
    }
}

impl<W: Write> VerdictStream<W> {
    /// Begins the stream; its schema bears the metadata.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn begin(out: W, metadata: HashMap<String, String>) -> io::Result<Self> {
        let mut columns = Columns::default();
        let fields: Vec<Field> = (columns.finish().iter())
            .map(|(name, array)| Field::new(*name, array.data_type().clone(), *name != "kind"))
            .collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let writer = StreamWriter::try_new(BufWriter::new(out), &schema);
        Ok(Self {
            writer: writer.map_err(io::Error::other)?,
            columns,
            schema,
            count: 0,
        })
    }

    /// Writes a row of kind `part`, and all before it.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn push_part(&mut self, part: &[u8], summary: &str) -> io::Result<()> {
        let mut texts = [""; 7];
        texts[0] = PART;
        (self.columns).push(texts, [None; 3], None, Some(part), Some(summary));
        self.send()
    }

    /// Writes the last row, of kind `end`, and the end mark.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn finish(mut self, summary: &str) -> io::Result<()> {
        let mut texts = [""; 7];
        texts[0] = END;
        (self.columns).push(texts, [None; 3], None, None, Some(summary));
        self.send()?;
        self.writer.finish().map_err(io::Error::other)?;
        self.writer.flush().map_err(io::Error::other)
    }

    fn send(&mut self) -> io::Result<()> {
        self.count = 0;
        let arrays = self.columns.finish().into_iter().map(|(_, array)| array);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect());
        let batch = batch.map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(io::Error::other)?;
        self.writer.flush().map_err(io::Error::other)
    }
}

impl<W: Write> VerdictFile for VerdictStream<W> {
    fn push(&mut self, row: &VerdictRow) -> io::Result<()> {
        self.columns.push_verdict(row);
        self.count += 1;
        match self.count {
            BATCH.. => self.send(),
            _ => Ok(()),
        }
    }
}
