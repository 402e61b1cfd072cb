//! Events from Parquet files, a row group at a time on any thread.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;
use parquet::file::metadata::ColumnChunkMetaData;

use super::chunk::Chunk;
use super::error::ReadError;
use super::row::Rows;
use super::setting::Setting;
use super::table::{Table, TableLayout};

/// How many rows are decoded at once at most: few enough that what they become is still at hand when
/// they are checked, and that their memory is used again.
const BATCH: usize = 1 << 14;

/// A Parquet file whose footer was read.
pub(super) struct ParquetFile {
    path: PathBuf,
    file: u32,
    metadata: ArrowReaderMetadata,
    layout: TableLayout,
    needed: Vec<usize>,
    /// The number of the first row of each row group, from 1.
    first_rows: Vec<u64>,
}

impl ParquetFile {
    pub fn open(path: &Path, file: u32, setting: &Setting) -> Result<Self, ReadError> {
        let input = File::open(path).map_err(ReadError::io(path))?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = guarded(|| ArrowReaderMetadata::load(&input, options))
            .map_err(|problem| ReadError::malformed(path, "its footer", problem))?;
        let layout = TableLayout::of(metadata.schema(), setting, path)?;
        check_size(&metadata, setting.bytes_max)
            .map_err(|problem| ReadError::malformed(path, "its footer", problem))?;
        let mut row = 1;
        let mut first_rows = Vec::new();
        for group in metadata.metadata().row_groups() {
            first_rows.push(row);
            row += u64::try_from(group.num_rows()).unwrap_or(0);
        }
        let needed = layout.needed();
        Ok(Self {
            path: path.to_owned(),
            file,
            layout: layout.projected(&needed),
            needed,
            first_rows,
            metadata,
        })
    }

    pub fn groups(&self) -> usize {
        self.first_rows.len()
    }

    /// The names of the columns that nothing is read from.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        let fields = self.metadata.schema().fields().iter().enumerate();
        fields
            .filter(|(place, _)| !self.needed.contains(place))
            .map(|(_, field)| field.name().as_str())
    }

    /// How long a row group is in the file, in bytes.
    pub fn group_bytes(&self, group: usize) -> u64 {
        let group = self.metadata.metadata().row_group(group);
        u64::try_from(group.compressed_size()).unwrap_or(0)
    }

    fn reader(&self, group: usize) -> parquet::errors::Result<ParquetRecordBatchReader> {
        let options = ArrowReaderOptions::new().with_schema(self.schema_of(group));
        let metadata = Arc::clone(self.metadata.metadata());
        let metadata = ArrowReaderMetadata::try_new(metadata, options)?;
        // Each reader seeks in a file of its own: a copy of the handle would share its place.
        let input = File::open(&self.path)?;
        let columns = self.needed.iter().copied();
        let mask = ProjectionMask::roots(metadata.parquet_schema(), columns);
        ParquetRecordBatchReaderBuilder::new_with_metadata(input, metadata)
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(BATCH)
            .build()
    }

    /// The file's schema, with texts as dictionaries where this row group has them so.
    fn schema_of(&self, group: usize) -> SchemaRef {
        let group = self.metadata.metadata().row_group(group);
        let field = |field: &Arc<Field>| {
            let text = matches!(field.data_type(), DataType::Utf8 | DataType::Binary);
            let coded =
                |column: &&ColumnChunkMetaData| column.column_path().string() == *field.name();
            if !text
                || !group
                    .columns()
                    .iter()
                    .find(coded)
                    .is_some_and(has_dictionary)
            {
                return Arc::clone(field);
            }
            let kind = Box::new(field.data_type().clone());
            let kind = DataType::Dictionary(Box::new(DataType::Int32), kind);
            Arc::new(Field::new(field.name(), kind, field.is_nullable()))
        };
        let schema = self.metadata.schema();
        let fields: Vec<_> = schema.fields().iter().map(field).collect();
        Arc::new(Schema::new(fields))
    }
}

/// How many bytes a row counts at least, however well it is packed.
const ROW_BYTES: u64 = 16;

/// Refuses a file that says of itself that it is larger, expanded, than it may be.
fn check_size(metadata: &ArrowReaderMetadata, most: u64) -> Result<(), String> {
    let groups = metadata.metadata().row_groups().iter();
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let bytes: u64 = groups
        .map(|group| {
            let rows = count(group.num_rows()).saturating_mul(ROW_BYTES);
            count(group.total_byte_size()).max(rows)
        })
        .fold(0, u64::saturating_add);
    match bytes > most {
        true => Err(super::bounded::too_large(most)),
        false => Ok(()),
    }
}

/// A row group while it is decoded.
pub(super) struct Group {
    file: Arc<ParquetFile>,
    number: usize,
    /// None before the first rows are asked for.
    reader: Option<ParquetRecordBatchReader>,
    /// The number of the next row in the file, from 1.
    next_row: u64,
}

impl Group {
    pub fn new(file: Arc<ParquetFile>, number: usize) -> Self {
        Self {
            next_row: file.first_rows[number],
            file,
            number,
            reader: None,
        }
    }

    /// Adds the next rows to a chunk; false if there are no more.
    pub fn decode_next(
        &mut self,
        setting: &Setting,
        rows: &mut Rows,
        chunk: &mut Chunk,
    ) -> Result<bool, ReadError> {
        let Some(batch) = self.next_batch()? else {
            return Ok(false);
        };
        let table = Table {
            batch: &batch,
            layout: &self.file.layout,
            path: &self.file.path,
            file: self.file.file,
            first_row: self.next_row,
        };
        table.read(setting, rows, chunk)?;
        self.next_row += batch.num_rows() as u64;
        Ok(true)
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let (file, number) = (&self.file, self.number);
        let damaged = |problem: String| {
            ReadError::malformed(&file.path, format!("row group {}", number + 1), problem)
        };
        let reader = match &mut self.reader {
            Some(reader) => reader,
            none => none.insert(guarded(|| file.reader(number)).map_err(damaged)?),
        };
        guarded(|| reader.next().transpose()).map_err(damaged)
    }
}

/// Whether every page of a column is coded by a dictionary.
fn has_dictionary(column: &ColumnChunkMetaData) -> bool {
    let only_dictionary = column.page_encoding_stats_mask().is_some_and(|mask| {
        mask.is_only(Encoding::PLAIN_DICTIONARY) || mask.is_only(Encoding::RLE_DICTIONARY)
    });
    column.dictionary_page_offset().is_some() && only_dictionary
}

/// Calls the decoder, which panics on some damaged files.
pub(super) fn guarded<T, E: ToString>(call: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("it is damaged".to_owned()),
    }
}
