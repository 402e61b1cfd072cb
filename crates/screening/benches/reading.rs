//! How long reading takes: `cargo bench -p throughline-screening --bench reading -- PATH [THREADS]
//! [sort|screen|decode] [MEMORY]`, on events as the simulator writes them.
//!
//! `decode` only decodes the columns that are needed, as the floor to measure against.

use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::date;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use throughline_screening::calendar::{BankHolidays, Calendar};
use throughline_screening::engine::{Basis, Plan};
use throughline_screening::log::screen_log;
use throughline_screening::read::{Clock, Reading, Setting, Sources};
use throughline_screening::standard::Library;

/// The columns that the shipped standards ask for.
const NEEDED: [&str; 8] = [
    "case_reference",
    "child_key",
    "suspect_key",
    "event_time",
    "date_only",
    "activity",
    "risk",
    "outcome",
];

fn main() {
    // Cargo adds its own option.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let [path, rest @ ..] = &arguments[..] else {
        println!("reading: name a file of events to measure it");
        return;
    };
    let threads = rest.first().map_or(1, |n| n.parse().expect("a number"));
    let what = rest.get(1).map_or("read", String::as_str);
    let memory = rest
        .get(2)
        .map_or(1 << 30, |n| n.parse().expect("a number"));
    let begin = Instant::now();
    let events = match what {
        "decode" => decode(path),
        _ => read(path, threads, what, memory),
    };
    println!("{what} {path}: {events} events in {:?}", begin.elapsed());
}

fn decode(path: &str) -> u64 {
    let file = File::open(path).expect("the file opens");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("a footer");
    let mask = ProjectionMask::columns(builder.parquet_schema(), NEEDED);
    let batches = builder.with_projection(mask).build().expect("a reader");
    batches
        .map(|batch| batch.expect("a batch").num_rows() as u64)
        .sum()
}

fn read(path: &str, threads: usize, what: &str, memory: usize) -> u64 {
    let library = Library::england_and_wales();
    let holidays = BankHolidays {
        known_from: date(2014, 1, 1),
        known_to: date(2027, 12, 31),
        days: Vec::new(),
    };
    let calendar = Calendar::new(&library.zone, &holidays).expect("a calendar");
    let basis = Basis::new(Arc::new(calendar), date(2025, 9, 30));
    let plan = Plan::compile(&library, &basis).expect("a plan");
    let clock = Clock::new(&library.zone).expect("a clock");
    let setting = Setting::new(&plan, &library.vocabulary, clock)
        .threads(threads)
        .memory(memory);
    let sources = Sources::find(&[path]).expect("the file is there");
    if what == "screen" {
        let folder = std::env::temp_dir();
        let screened = screen_log(&plan, &sources, &setting, &folder, true).expect("screened");
        return screened.report.events;
    }
    let reading = match what {
        "sort" => Reading::sorted(&sources, &setting).expect("sorted"),
        _ => Reading::ordered(&sources, &setting),
    };
    for block in reading.pieces().flatten() {
        block.expect("a block");
    }
    reading.report().events
}
