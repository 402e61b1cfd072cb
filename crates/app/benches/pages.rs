//! How long each page takes at 100,000 audits, alone and with fifty people at work.
//!
//! `cargo xtask bench pages`, or `cargo bench --bench pages -- AUDITS SECONDS` for another
//! size and another length of work. With THROUGHLINE_BENCH_POSTGRES naming an empty PostgreSQL
//! database, on that one too. It is meant for two cores, which also do the visiting.

#[path = "pages/crowd.rs"]
mod crowd;
#[path = "pages/document.rs"]
mod document;
#[path = "pages/place.rs"]
mod place;
#[path = "pages/record.rs"]
mod record;

use crowd::Measured;
use std::sync::Arc;
use std::time::{Duration, Instant};
use throughline::app::App;
use throughline::store::Store;

const AUDITS: usize = 100_000;
const SECONDS: u64 = 180;
/// What a page may take, for 99 of 100.
const LIMIT: Duration = Duration::from_millis(50);

#[tokio::main(worker_threads = 2)]
async fn main() {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let audits = numbers.first().copied().unwrap_or(AUDITS);
    let seconds = numbers.get(1).map_or(SECONDS, |&seconds| seconds as u64);
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open_directory(directory.path())
        .await
        .expect("a database");
    measure("SQLite", store, audits, seconds).await;
    if let Ok(address) = std::env::var("THROUGHLINE_BENCH_POSTGRES") {
        let store = Store::open(&address)
            .await
            .expect("the PostgreSQL database");
        measure("PostgreSQL", store, audits, seconds).await;
    }
}

async fn measure(database: &str, store: Store, audits: usize, seconds: u64) {
    let begun = Instant::now();
    let app = App::new(store, [1; 32]);
    let place = Arc::new(place::build(&app, audits).await);
    println!(
        "{database}: {audits} audits in {} inspections, filled in {:.0} s; {} people at work for {seconds} s",
        place.inspections.len(),
        begun.elapsed().as_secs_f64(),
        place.people.len(),
    );
    let measured = crowd::measure(&app, place, Duration::from_secs(seconds)).await;
    print(&measured);
}

fn print(measured: &[Measured]) {
    println!(
        "{:<28} {:>9} {:>7} {:>9} {:>9} {:>9} {:>9}",
        "page, times in ms", "alone", "opened", "median", "95 %", "99 %", "longest"
    );
    let mut all = Vec::new();
    for kind in measured {
        let Some(alone) = kind.alone else {
            println!("{:<28} {:>9}  {}", kind.name, "-", kind.faulty_address);
            continue;
        };
        row(kind.name, Some(alone), kind.crowded.clone());
        if kind.faulty > 0 {
            println!(
                "  {} answers were no page: {}",
                kind.faulty, kind.faulty_address
            );
        }
        all.extend(&kind.crowded);
    }
    let within = all.iter().filter(|took| **took <= LIMIT).count();
    let share = 100.0 * within as f64 / all.len().max(1) as f64;
    row("every page", None, all);
    println!("{share:.2} % took at most {} ms", LIMIT.as_millis());
}

fn row(name: &str, alone: Option<Duration>, mut crowded: Vec<Duration>) {
    crowded.sort();
    let alone = alone.map_or_else(|| "-".to_owned(), in_ms);
    let at = |share: f64| {
        let place = (share * crowded.len() as f64).ceil() as usize;
        crowded
            .get(place.saturating_sub(1))
            .map_or_else(|| "-".to_owned(), |took| in_ms(*took))
    };
    println!(
        "{name:<28} {alone:>9} {:>7} {:>9} {:>9} {:>9} {:>9}",
        crowded.len(),
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
}

fn in_ms(took: Duration) -> String {
    format!("{:.1}", took.as_secs_f64() * 1000.0)
}
