//! `throughline import timelines`: the timelines of an inspection's cases from a file.

use super::command::option::{Column, column};
use super::import::{
    EventFile, discard, must_be_free, read_faults, read_file, read_strangers, take,
};
use super::{RowFault, Stranger, TimelineImport};
use crate::app::Call;
use crate::arrival::Arrived;
use crate::cli::{CommandResult, Failure, Outside, Place};
use clap::Args;
use jiff::civil::Date;
use std::path::PathBuf;
use throughline_domain::id::InspectionId;

/// Faulty rows, and references, that are shown; the pages of the inspection have all.
const SHOWN_MAX: u64 = 20;

/// Timelines, from a file of events.
#[derive(Debug, Args)]
pub struct Timelines {
    /// The inspection to whose cases they belong
    #[arg(long, value_name = "ID")]
    inspection: InspectionId,
    /// The events: Parquet, CSV, XES or OCEL 2.0; a text may end in .gz or .zst
    file: PathBuf,
    /// Say which column holds something: case_reference, event_time, date_only, recorded_at,
    /// activity, or what a standard asks about
    #[arg(long, value_name = "NAME=COLUMN", value_parser = column)]
    column: Vec<Column>,
    /// The last day that the file covers; without it, that of its latest event or entry
    #[arg(long, value_name = "DATE")]
    covers_to: Option<Date>,
    /// Say what the file holds and what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// With code 2 when the file must be mended.
pub async fn run(place: &Place, args: Timelines, outside: Outside) -> CommandResult {
    let there = Arrived::at(&args.file).await.map_err(|error| {
        Failure::usage(format!("{} cannot be read: {error}", args.file.display()))
    })?;
    let app = place.open_existing(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    let columns = args.column.into_iter();
    let file = EventFile {
        file: there,
        column_names: columns.map(|one| (one.name, one.column)).collect(),
        covers_to: args.covers_to,
    };
    let ended = read_and_take(&call, &args.inspection, file, args.dry_run).await;
    app.store.close().await;
    ended
}

async fn read_and_take(
    call: &Call,
    inspection: &InspectionId,
    file: EventFile,
    dry_run: bool,
) -> CommandResult {
    let name = file.file.name.clone();
    if dry_run {
        must_be_free(call, inspection).await?;
    }
    let Some(waiting) = read_file(call, inspection, file).await? else {
        println!("{name} is the very file that is in. Nothing was changed.");
        return Ok(());
    };
    let part = (0, SHOWN_MAX);
    let faults = read_faults(call, &waiting, inspection, part).await?;
    let strangers = read_strangers(call, &waiting, inspection, part).await?;
    println!("{}", in_words(&waiting)?);
    show_problems(&waiting, &faults, &strangers);
    if dry_run {
        discard(call, inspection, waiting.arrival.as_str()).await?;
        println!("Nothing was changed.");
        return Ok(());
    }
    let taken = take(call, inspection, waiting.arrival.as_str()).await?;
    println!("They are in, as version {}.", taken.version);
    Ok(())
}

/// What the file holds, and what it changes.
fn in_words(import: &TimelineImport) -> Result<String, Failure> {
    let mut lines = vec![format!(
        "{}: {} cases with {} events, known to {}.",
        import.file_name, import.case_count, import.event_count, import.known_to
    )];
    if import.version > 1 {
        lines.push(format!(
            "Against version {}: {} events are new and {} are gone, in {} cases.",
            import.version - 1,
            import.events_added,
            import.events_gone,
            import.cases_touched
        ));
    }
    let unused = import.unused()?;
    if !unused.is_empty() {
        lines.push(format!("Not used: {}.", unused.join(", ")));
    }
    for (column, count) in import.left_out()? {
        lines.push(format!(
            "{column}: {count} different values are not codes, and were left out."
        ));
    }
    Ok(lines.join("\n"))
}

fn show_problems(import: &TimelineImport, faults: &[RowFault], strangers: &[Stranger]) {
    for stranger in strangers {
        eprintln!(
            "{} is not in the case list: {} events left out",
            stranger.reference, stranger.event_count
        );
    }
    show_rest(import.stranger_count, strangers.len(), "such references");
    for fault in faults {
        eprintln!(
            "row {}: {}; {}",
            fault.row_number,
            fault.words(),
            fault.consequence()
        );
    }
    show_rest(import.fault_count, faults.len(), "faulty rows");
}

/// How many there are besides those that are shown.
fn show_rest(all: i64, shown: usize, what: &str) {
    let rest = all.unsigned_abs().saturating_sub(shown as u64);
    if rest > 0 {
        eprintln!("and {rest} {what} more");
    }
}
