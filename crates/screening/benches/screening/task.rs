//! What is measured, each in a process of its own.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use throughline_screening::engine::{Counts, Plan, Tally};
use throughline_screening::log::{Screened, screen_log};
use throughline_screening::read::{Clock, Columns, Setting, Sources};
use throughline_screening::standard::Library;
use throughline_screening::write::{VerdictParquet, merge};

use crate::standard;

/// The columns that the ten standards ask for.
const NEEDED: [&str; 7] = [
    "case_reference",
    "child_key",
    "suspect_key",
    "event_time",
    "date_only",
    "activity",
    "risk",
];
const BATCH: usize = 1 << 16;

/// Runs the task of this name on a file.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["decode", path] => decode(path, false),
        ["decode-coded", path] => decode(path, true),
        ["screen", choice, what, threads, path] => screen(choice, what, threads, path),
        _ => Err(format!("there is no task {arguments:?}")),
    }
}

/// Decodes the columns from Parquet; with texts as dictionaries, if they are `coded`.
fn decode(path: &str, coded: bool) -> Result<(), String> {
    let file = File::open(path).map_err(text)?;
    let mut options = ArrowReaderOptions::new();
    if coded {
        let metadata = ArrowReaderMetadata::load(&file, options.clone()).map_err(text)?;
        options = options.with_schema(Arc::new(with_dictionaries(metadata.schema())));
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options);
    let builder = builder.map_err(text)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), NEEDED);
    let batches = builder
        .with_projection(mask)
        .with_batch_size(BATCH)
        .build()
        .map_err(text)?;
    count(batches)
}

fn with_dictionaries(schema: &Schema) -> Schema {
    let coded = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 => {
            let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(Field::new(field.name(), kind, field.is_nullable()))
        }
        _ => Arc::clone(field),
    };
    Schema::new(schema.fields().iter().map(coded).collect::<Vec<_>>())
}

fn count<E: ToString>(
    batches: impl Iterator<Item = Result<arrow_array::RecordBatch, E>>,
) -> Result<(), String> {
    let mut rows = 0;
    for batch in batches {
        rows += batch.map_err(text)?.num_rows();
    }
    println!("rows,{rows}");
    Ok(())
}

/// Screens a log: `counts` only, keeps the `findings`, or has the verdicts `written` to Parquet.
fn screen(choice: &str, what: &str, threads: &str, path: &str) -> Result<(), String> {
    let library = standard::library(choice)?;
    let plan = standard::plan(&library)?;
    let clock = Clock::new(&library.zone).map_err(text)?;
    let mut columns = Columns::of(&library.vocabulary);
    if choice == "ten-at-instants" {
        // A date is read as the instant at which the day begins, as the peers do.
        (columns.set(&library.vocabulary, "date_only", "none")).map_err(text)?;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let setting = Setting::new(&plan, &library.vocabulary, clock)
        .columns(columns)
        .threads(threads.parse().map_err(text)?)
        .spill_to(folder.to_owned());
    let sources = Sources::find(&[path]).map_err(text)?;
    let wanted = what != "counts";
    let screened = screen_log(&plan, &sources, &setting, folder, wanted).map_err(text)?;
    let tally = finish(&plan, screened, what == "written")?;
    print(&library, &tally);
    Ok(())
}

fn finish(plan: &Plan, screened: Screened, written: bool) -> Result<Tally, String> {
    let Screened {
        shard, mut spool, ..
    } = screened;
    let tally = shard.finish(plan, &mut spool).map_err(text)?;
    if written {
        let file = tempfile::tempfile_in(env!("CARGO_TARGET_TMPDIR")).map_err(text)?;
        let mut verdicts = VerdictParquet::begin(file).map_err(text)?;
        let findings = spool.findings().map_err(text)?;
        merge(
            findings.into(),
            plan,
            &BTreeSet::new(),
            &mut [&mut verdicts],
        )
        .map_err(text)?;
        verdicts.finish().map_err(text)?;
    }
    Ok(tally)
}

/// Prints for each standard how many activations were met, missed, pending, excused, and cannot be
/// told.
fn print(library: &Library, tally: &Tally) {
    for standard in &library.standards {
        let Some(found) = tally.find_standard(&standard.id) else {
            continue;
        };
        let counts: &Counts = &found.activations;
        let (missed, unsure) = (counts.missed(), counts.cannot_tell());
        println!(
            "{},{},{missed},{},{},{unsure}",
            standard.id, counts.met, counts.pending, counts.excused
        );
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
