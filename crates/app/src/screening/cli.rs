//! `throughline import timelines`: the timelines of an inspection's cases from a file.

use super::{FileFaults, Imported, TimelinesTaken, import_timelines};
use crate::cli::{CommandResult, Failure, Outside, Place};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;
use throughline_domain::id::InspectionId;

/// Timelines, from a file of events.
#[derive(Debug, Args)]
pub struct Timelines {
    /// The inspection to whose cases they belong
    #[arg(long, value_name = "ID")]
    inspection: InspectionId,
    /// The events, as CSV: case_reference, event_time, activity, and the columns that standards ask about
    file: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// With code 2 and every fault when the file must be mended.
pub async fn run(place: &Place, args: Timelines, outside: Outside) -> CommandResult {
    let bytes = std::fs::read(&args.file).map_err(|error| {
        Failure::usage(format!("{} cannot be read: {error}", args.file.display()))
    })?;
    let name = args.file.file_name().unwrap_or(args.file.as_os_str());
    let name = name.to_string_lossy().into_owned();
    let app = place.open_existing(outside).await?;
    let actor = place.actor(&app).await?;
    let call = app.call(actor, (outside.clock)());
    let imported = import_timelines(&call, &args.inspection, &name, Arc::new(bytes)).await;
    app.store.close().await;
    match imported? {
        Imported::As(taken) => {
            println!("{name}: {}", in_words(&taken));
            Ok(())
        }
        Imported::Faulty(faults) => Err(refuse(&faults)),
    }
}

fn in_words(taken: &TimelinesTaken) -> String {
    let without = match taken.without {
        0 => "every case of the list has one".to_owned(),
        1 => "1 case of the list has none".to_owned(),
        many => format!("{many} cases of the list have none"),
    };
    format!(
        "timelines of {} cases with {} events are in, as version {}; {without}.",
        taken.cases, taken.events, taken.version
    )
}

/// Each fault on a line of its own.
fn refuse(faults: &FileFaults) -> Failure {
    let lines: Vec<String> = faults
        .shown
        .iter()
        .map(|fault| format!("\nrow {}, {}: {}", fault.row, fault.column, fault.problem))
        .collect();
    let more = match faults.count - faults.shown.len() as u64 {
        0 => String::new(),
        more => format!("\nand {more} more"),
    };
    Failure::usage(format!(
        "nothing was imported; {} to mend:{}{more}",
        faults.count,
        lines.concat()
    ))
}
