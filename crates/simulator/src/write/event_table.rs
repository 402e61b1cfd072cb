//! `events.parquet`: the columns of `events.csv`, typed, one row group to a chunk of cases.
//!
//! The threads that make the cases also encode and compress the row groups; the writing thread
//! only puts them one after another.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::writer::{ColumnCloseResult, get_column_writer, get_typed_column_writer};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnPath, SchemaDescriptor};

use super::directory::PartFile;
use super::row::push_reference;
use crate::case::SimulatedCase;
use crate::error::SimulateError;
use crate::text::push_hex;

/// Times are in UTC. Where `date_only` is true the time is the beginning of the day in London.
const SCHEMA: &str = "
    message event {
        required binary case_reference (STRING);
        required binary child_key (STRING);
        optional binary suspect_key (STRING);
        required int64 event_time (TIMESTAMP(MILLIS, true));
        required boolean date_only;
        required int64 recorded_at (TIMESTAMP(MILLIS, true));
        required binary activity (STRING);
        optional binary risk (STRING);
        optional binary agency (STRING);
        optional binary outcome (STRING);
    }";

static DESCRIPTION: LazyLock<SchemaDescriptor> = LazyLock::new(|| {
    let schema = parse_message_type(SCHEMA).expect("the schema above is sound");
    SchemaDescriptor::new(Arc::new(schema))
});

static PROPERTIES: LazyLock<WriterPropertiesPtr> = LazyLock::new(|| {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for column in ["event_time", "recorded_at"] {
        let path = ColumnPath::from(column);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    Arc::new(properties.build())
});

/// The Parquet file while it grows.
pub(super) struct EventTable {
    writer: SerializedFileWriter<File>,
    path: PathBuf,
}

/// The columns of one row group, encoded and compressed.
pub(super) struct RowGroup {
    columns: Vec<(Bytes, ColumnCloseResult)>,
}

impl EventTable {
    pub(super) fn begin(part: PartFile) -> std::result::Result<Self, SimulateError> {
        let PartFile { file, path } = part;
        let schema = DESCRIPTION.root_schema_ptr();
        match SerializedFileWriter::new(file, schema, PROPERTIES.clone()) {
            Ok(writer) => Ok(Self { writer, path }),
            Err(source) => Err(SimulateError::Parquet { path, source }),
        }
    }

    pub(super) fn append(&mut self, group: RowGroup) -> std::result::Result<(), SimulateError> {
        splice(&mut self.writer, group).map_err(|source| SimulateError::Parquet {
            path: self.path.clone(),
            source,
        })
    }

    pub(super) fn finish(self) -> std::result::Result<(), SimulateError> {
        let Self { writer, path } = self;
        match writer.close() {
            Ok(_) => Ok(()),
            Err(source) => Err(SimulateError::Parquet { path, source }),
        }
    }
}

fn splice(writer: &mut SerializedFileWriter<File>, group: RowGroup) -> Result<()> {
    let mut open = writer.next_row_group()?;
    for (bytes, close) in group.columns {
        open.append_column(&bytes, close)?;
    }
    open.close()?;
    Ok(())
}

/// A column whose values may be absent.
#[derive(Default)]
struct Optional {
    values: Vec<ByteArray>,
    /// 1 where there is a value, 0 where there is none.
    levels: Vec<i16>,
}

impl Optional {
    fn push(&mut self, value: Option<ByteArray>) {
        self.levels.push(i16::from(value.is_some()));
        self.values.extend(value);
    }
}

/// The events of a chunk, by column.
#[derive(Default)]
pub(super) struct EventColumns {
    case_reference: Vec<ByteArray>,
    child_key: Vec<ByteArray>,
    suspect_key: Optional,
    event_time: Vec<i64>,
    date_only: Vec<bool>,
    recorded_at: Vec<i64>,
    activity: Vec<ByteArray>,
    risk: Optional,
    agency: Optional,
    outcome: Optional,
}

impl EventColumns {
    pub(super) fn push(&mut self, case: &SimulatedCase) {
        let reference = bytes_of(|out| push_reference(out, case.reference));
        let child = key(b"C-", case.child_key.0);
        for event in &case.events {
            self.case_reference.push(reference.clone());
            self.child_key.push(child.clone());
            self.suspect_key
                .push(event.suspect_key.map(|suspect| key(b"S-", suspect.0)));
            self.event_time.push(event.at * 1_000);
            self.date_only.push(event.date_only);
            self.recorded_at.push(event.recorded_at * 1_000);
            self.activity.push(fixed(event.activity.code()));
            self.risk.push(event.risk.map(|risk| fixed(risk.code())));
            self.agency
                .push(event.agency.map(|agency| fixed(agency.code())));
            self.outcome
                .push(event.outcome.map(|outcome| fixed(outcome.code())));
        }
    }

    /// Encodes the columns, in the order of the schema.
    pub(super) fn encode(&self) -> std::result::Result<RowGroup, SimulateError> {
        self.encode_columns()
            .map(|columns| RowGroup { columns })
            .map_err(|source| SimulateError::Parquet {
                path: "events.parquet".into(),
                source,
            })
    }

    fn encode_columns(&self) -> Result<Vec<(Bytes, ColumnCloseResult)>> {
        Ok(vec![
            encode::<ByteArrayType>(0, &self.case_reference, None)?,
            encode::<ByteArrayType>(1, &self.child_key, None)?,
            encode_optional(2, &self.suspect_key)?,
            encode::<Int64Type>(3, &self.event_time, None)?,
            encode::<BoolType>(4, &self.date_only, None)?,
            encode::<Int64Type>(5, &self.recorded_at, None)?,
            encode::<ByteArrayType>(6, &self.activity, None)?,
            encode_optional(7, &self.risk)?,
            encode_optional(8, &self.agency)?,
            encode_optional(9, &self.outcome)?,
        ])
    }
}

fn encode_optional(place: usize, column: &Optional) -> Result<(Bytes, ColumnCloseResult)> {
    encode::<ByteArrayType>(place, &column.values, Some(&column.levels))
}

fn encode<T: DataType>(
    place: usize,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(Bytes, ColumnCloseResult)> {
    let mut sink = TrackedWrite::new(Vec::new());
    let close = {
        let pages = Box::new(SerializedPageWriter::new(&mut sink));
        let column = get_column_writer(DESCRIPTION.column(place), PROPERTIES.clone(), pages);
        let mut column = get_typed_column_writer::<T>(column);
        column.write_batch(values, levels, None)?;
        column.close()?
    };
    let bytes = sink
        .into_inner()
        .map_err(|error| ParquetError::General(error.to_string()))?;
    Ok((bytes.into(), close))
}

fn bytes_of(push: impl FnOnce(&mut Vec<u8>)) -> ByteArray {
    let mut out = Vec::with_capacity(20);
    push(&mut out);
    out.into()
}

fn key(prefix: &[u8], number: u64) -> ByteArray {
    bytes_of(|out| {
        out.extend_from_slice(prefix);
        push_hex(out, number);
    })
}

/// A code, without copying it.
fn fixed(code: &'static str) -> ByteArray {
    Bytes::from_static(code.as_bytes()).into()
}
