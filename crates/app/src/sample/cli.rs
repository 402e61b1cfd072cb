//! `throughline sample`: check a draw from the command line.

use crate::cli::{CommandResult, Failure, Outside, Place};
use clap::{Args, Subcommand};
use throughline_domain::id::InspectionId;

/// What to do with a sample.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Draw again from the recorded seed and the case list, and say whether it is the same
    Verify(Verify),
}

/// A draw to be checked.
#[derive(Debug, Args)]
pub struct Verify {
    /// The inspection whose sample it is
    #[arg(long, value_name = "ID")]
    inspection: InspectionId,
}

/// Runs the command.
///
/// # Errors
/// When the draw does not come out the same.
pub async fn run(place: &Place, command: Command, outside: Outside) -> CommandResult {
    let Command::Verify(Verify { inspection }) = command;
    let app = place.open(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    let differences = super::redraw(&call, &inspection).await?;
    app.store.close().await;
    if differences.is_empty() {
        println!(
            "The draw holds: drawing again from its seed gives the same cases in the same order."
        );
        return Ok(());
    }
    for difference in &differences {
        eprintln!("{difference}");
    }
    Err(Failure::new(
        "the draw does not hold: drawing again gives something else",
    ))
}
