//! `throughline simulate`: a believable, wholly fictional force, written to files.

use crate::cli::{CommandResult, Failure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use throughline_simulator::{Parameters, SimulateError, Summary, write_all};

/// What force to make.
#[derive(Debug, Args)]
pub struct Simulate {
    /// How many cases it has
    #[arg(long, value_name = "N", default_value_t = 1_200)]
    cases: u64,
    /// Where chance begins; the same seed gives the same files, byte for byte
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The directory to write to; it is made if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Writes the case list, the timelines and, apart from them, the truth.
///
/// # Errors
/// With code 2 when there can be no such force, with 1 when a file cannot be written.
pub async fn run(args: Simulate) -> CommandResult {
    let written = tokio::task::spawn_blocking(move || write(&args))
        .await
        .map_err(Failure::new)?;
    let summary = written.map_err(|error| match error {
        SimulateError::Write { .. }
        | SimulateError::Parquet { .. }
        | SimulateError::Spreadsheet { .. }
        | SimulateError::WorkerLost => Failure::new(error),
        other => Failure::usage(other),
    })?;
    print!("{summary}");
    Ok(())
}

fn write(args: &Simulate) -> Result<Summary, SimulateError> {
    let bar = ProgressBar::new(args.cases);
    if let Ok(style) = ProgressStyle::with_template(
        "Writing {bar:30} {human_pos} of {human_len} cases, {eta} left",
    ) {
        bar.set_style(style);
    }
    let parameters = Parameters::default_force(args.cases, args.seed);
    let written = write_all(&parameters, &args.out, &mut |cases| bar.set_position(cases));
    bar.finish_and_clear();
    written
}
