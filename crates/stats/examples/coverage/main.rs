//! How often intervals hold the truth and tests alarm without cause, by drawing many samples from
//! populations whose truth is known.
//!
//! `cargo run --release -p throughline-stats --example coverage -- SAMPLES PLOT` prints tables in
//! Markdown and writes the plot, in SVG, to the file named. The same number of samples gives the same
//! figures on every machine.

mod alarm;
mod by_size;
mod chance;
mod design;
mod page;
mod plot;
mod population;

use std::process::ExitCode;

/// The shares around which populations are made.
const TRUTHS: [f64; 5] = [0.05, 0.25, 0.50, 0.75, 0.95];

/// How often an interval held the truth.
struct Coverage {
    design: &'static str,
    interval: &'static str,
    /// Whether it promises to cover at least so often as it says, not only about so often.
    at_least: bool,
    /// Why it promises so much or, where it does not, why it may cover more often than it says.
    reason: &'static str,
    truth: f64,
    samples: u64,
    covered: u64,
    /// Samples from which the statistics refused to make an interval.
    refused: u64,
    width: f64,
}

/// How often a test alarmed though nothing differed.
struct Alarm {
    test: &'static str,
    design: &'static str,
    truth: f64,
    samples: u64,
    alarms: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(samples), Some(file)) = (
        arguments.first().and_then(|text| text.parse().ok()),
        arguments.get(1),
    ) else {
        eprintln!("give the number of samples and the file of the plot");
        return ExitCode::from(2);
    };
    let coverages = design::all(samples);
    let alarms = alarm::all(samples);
    print!("{}", page::write(&coverages, &alarms));
    match std::fs::write(file, plot::draw(&coverages)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{file} cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What a study finds at each truth, in their order. They run side by side; each is given a number for a
/// stream of chance of its own, so that the figures are the same however many run at once.
fn at_each_truth<T: Send>(study: impl Fn(f64, u64) -> Vec<T> + Sync) -> Vec<T> {
    let study = &study;
    std::thread::scope(|scope| {
        let runs: Vec<_> = TRUTHS
            .into_iter()
            .zip(1..)
            .map(|(truth, number)| scope.spawn(move || study(truth, number)))
            .collect();
        let ended = runs.into_iter().map(|run| run.join());
        ended
            .flat_map(|found| found.expect("a study runs to its end"))
            .collect()
    })
}
