//! A log screened, against merely decoding it and against DuckDB and Polars, in one run:
//! `cargo bench -p throughline-screening --bench screening`.
//!
//! `THROUGHLINE_BENCH_EVENTS` says about how many events the simulated log has (20 million if it
//! does not). Needs Python 3, from which the peers are installed under `target/`. Every measured
//! program is a process of its own, on one thread unless the table says otherwise.

mod log;
mod measure;
mod peer;
mod report;
mod standard;
mod task;

use std::path::Path;

use log::Log;
use measure::{Measured, Measurer};
use peer::Peers;
use report::Report;

/// How many events a log has unless another number is asked for.
const EVENTS: u64 = 20_000_000;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((first, rest)) if first == "task" => task::run(rest),
        Some((first, _)) if first == "--bench" => bench(),
        _ => {
            println!("screening: run with `cargo bench`, it takes minutes");
            Ok(())
        }
    }
}

fn bench() -> Result<(), String> {
    let events = match std::env::var("THROUGHLINE_BENCH_EVENTS") {
        Ok(text) => (text.parse()).map_err(|_| format!("`{text}` is no number of events"))?,
        Err(_) => EVENTS,
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screening");
    let peers = Peers::install(&folder)?;
    let log = Log::make(&folder, events, &peers)?;
    let measurer = Measurer::new(&peers)?;
    let report = measure_all(&log, &peers, &measurer)?;
    report.print();
    report.check()
}

fn measure_all(log: &Log, peers: &Peers, measurer: &Measurer) -> Result<Report, String> {
    let ours = |arguments: &[&str]| measurer.ours(arguments);
    let mut report = Report::new(log.events);
    let mut add = |name: &str, measured: Result<Measured, String>| {
        eprintln!("{name}");
        measured.map(|measured| report.add(name, measured))
    };
    add("decode", ours(&["decode", &log.sorted]))?;
    add("decode coded", ours(&["decode-coded", &log.sorted]))?;
    add("arrow-csv", measurer.run(&peers.decoder(log)))?;
    let screen = |what: &[&str]| ours(&[&["screen"], what].concat());
    add("ten", screen(&["ten", "counts", "1", &log.sorted]))?;
    add(
        "ten at instants",
        screen(&["ten-at-instants", "counts", "1", &log.sorted]),
    )?;
    add("ten kept", screen(&["ten", "findings", "1", &log.sorted]))?;
    add("all", screen(&["all", "counts", "1", &log.sorted]))?;
    add("all kept", screen(&["all", "findings", "1", &log.sorted]))?;
    add("all written", screen(&["all", "written", "1", &log.sorted]))?;
    add(
        "all, two threads",
        screen(&["all", "counts", "2", &log.sorted]),
    )?;
    add("ten csv", screen(&["ten", "counts", "1", &log.csv]))?;
    add("all csv", screen(&["all", "counts", "1", &log.csv]))?;
    add(
        "ten unsorted",
        screen(&["ten", "counts", "1", &log.unsorted]),
    )?;
    add(
        "all unsorted",
        screen(&["all", "counts", "1", &log.unsorted]),
    )?;
    add(
        "untouched",
        screen(&["untouched", "counts", "1", &log.sorted]),
    )?;
    for peer in peer::SCRIPTS {
        add(peer, measurer.run(&peers.command(peer, log)))?;
    }
    Ok(report)
}
