//! `throughline case-list`: check or import a list from a file.

use super::table::{self, Table};
use super::{AcceptedList, Imported, check_table, framework_of, import_rows, preview};
use crate::app::Call;
use crate::cli::{CommandResult, Failure, Outside, Place};
use crate::{framework, inspection};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use std::path::PathBuf;
use throughline_domain::access::Action;
use throughline_domain::case_list::{
    Checked, DeclaredTotals, InspectedPeriod, Mapping, Role, RowFault, Summary, propose_mapping,
};
use throughline_domain::framework::Framework;
use throughline_domain::id::InspectionId;

/// What to do with a case list.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a list row by row and take it in, whole or not at all
    Import(Import),
    /// Check a list row by row, without a database
    Check(Check),
}

/// A list to be taken in.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    list: ListFile,
    /// The inspection it is for
    #[arg(long, value_name = "ID")]
    inspection: InspectionId,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// A list to be checked.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    list: ListFile,
    /// The framework whose categories it uses, such as child-protection-2016@1
    #[arg(long, value_name = "ID")]
    framework: String,
}

/// A file and how to read it.
#[derive(Debug, Args)]
struct ListFile {
    /// The list, as CSV or XLSX
    file: PathBuf,
    /// The days in which its cases were opened, such as 2025-01-01..2025-09-30
    #[arg(long, value_name = "FROM..TO")]
    period: String,
    /// Which column serves as what, where its heading does not say: reference="Crime ref"
    #[arg(long, value_name = "ROLE=HEADING")]
    column: Vec<String>,
    /// Leave a column out
    #[arg(long, value_name = "HEADING")]
    drop: Vec<String>,
    /// How many cases the force declared
    #[arg(long, value_name = "N")]
    declared: Option<u64>,
}

/// Runs the command.
///
/// # Errors
/// With code 2 when the list or the arguments must be mended.
pub async fn run(place: &Place, command: Command, outside: Outside) -> CommandResult {
    match command {
        Command::Import(import) => run_import(place, import, outside).await,
        Command::Check(check) => run_check(check).await,
    }
}

async fn run_check(args: Check) -> CommandResult {
    let framework = framework::find(&args.framework).ok_or_else(|| {
        let known: Vec<_> = framework::all().iter().map(|f| f.id.to_string()).collect();
        Failure::usage(format!(
            "no framework is called {}; there are {}",
            args.framework,
            known.join(", ")
        ))
    })?;
    let list = read_sound(args.list, framework).await?;
    println!("{}", in_words(&list));
    Ok(())
}

async fn run_import(place: &Place, args: Import, outside: Outside) -> CommandResult {
    let app = place.open(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    let (inspection, _) =
        inspection::load_for(&call, &args.inspection, Action::ImportCaseList).await?;
    let list = read_sound(args.list, framework_of(&inspection)?).await?;
    println!("{}", in_words(&list));
    if args.dry_run {
        return say_what_would_change(&call, &args.inspection, &list).await;
    }
    let bar = spinner("Writing the cases");
    let imported = import_rows(&call, &args.inspection, &list).await;
    bar.finish_and_clear();
    match imported? {
        Imported::As(_, counts) => println!(
            "Version {} is in: {} cases; {} new, {} changed, {} withdrawn.",
            counts.version, counts.cases, counts.added, counts.changed, counts.withdrawn
        ),
        Imported::Already(version) => {
            println!("This is the very list that is in as version {version}. Nothing was changed.");
        }
    }
    app.store.close().await;
    Ok(())
}

async fn say_what_would_change(
    call: &Call,
    inspection: &InspectionId,
    list: &AcceptedList,
) -> CommandResult {
    let changes = preview(call, inspection, &list.rows).await?;
    println!(
        "Would add {}, change {} and withdraw {} cases, and leave {} as they are. Nothing was changed.",
        changes.added.len(),
        changes.changed.len(),
        changes.removed.len(),
        changes.unchanged
    );
    Ok(())
}

/// Reads and checks; every fault goes to standard error.
async fn read_sound(
    args: ListFile,
    framework: &'static Framework,
) -> Result<AcceptedList, Failure> {
    let period = read_period(&args.period)?;
    let bytes = std::fs::read(&args.file)
        .map_err(|error| Failure::usage(format!("{}: {error}", args.file.display())))?;
    let digest = table::digest(&bytes);
    let table = blocking(move || table::read(&bytes))
        .await?
        .map_err(Failure::usage)?;
    let mapping = read_mapping(&table, &args.column, &args.drop)?;
    let (total, chosen) = (table.rows.len(), mapping.clone());
    let checked = blocking(move || check_with_bar(&table, &chosen, framework, period)).await?;
    let rows = checked.accept().map_err(|faults| refuse(&faults, total))?;
    let file_name = args.file.file_name().unwrap_or_default().to_string_lossy();
    Ok(AcceptedList {
        file_name: file_name.into_owned(),
        digest,
        mapping,
        period,
        declared: DeclaredTotals {
            cases: args.declared,
            ..DeclaredTotals::default()
        },
        rows,
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Failure::new)
}

fn check_with_bar(
    table: &Table,
    mapping: &Mapping,
    framework: &Framework,
    period: InspectedPeriod,
) -> Checked {
    let bar = ProgressBar::new(table.rows.len() as u64);
    if let Ok(style) =
        ProgressStyle::with_template("Checking {bar:30} {human_pos} of {human_len} rows")
    {
        bar.set_style(style);
    }
    let checked = check_table(table, mapping, framework, period, |rows| {
        bar.set_position(rows)
    });
    bar.finish_and_clear();
    checked
}

fn spinner(message: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(message);
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

fn read_period(text: &str) -> Result<InspectedPeriod, Failure> {
    let days: Option<(Date, Date)> = text
        .split_once("..")
        .and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to) = days
        .ok_or_else(|| Failure::usage("--period: give two days, such as 2025-01-01..2025-09-30"))?;
    InspectedPeriod::new(from, to).map_err(Failure::usage)
}

fn read_mapping(table: &Table, columns: &[String], drops: &[String]) -> Result<Mapping, Failure> {
    let headings = &table.header.cells;
    let find = |heading: &str| {
        headings
            .iter()
            .position(|own| own.trim().eq_ignore_ascii_case(heading.trim()))
            .ok_or_else(|| Failure::usage(format!("no column has the heading {heading:?}")))
    };
    let mut mapping = propose_mapping(headings);
    for pair in columns {
        let (role, heading) = pair
            .split_once('=')
            .and_then(|(role, heading)| {
                Some((Role::ALL.into_iter().find(|own| own.heading() == role)?, heading))
            })
            .ok_or_else(|| {
                Failure::usage(format!(
                    "--column {pair:?}: write a role (reference, category, area, opened, closed or own_grade), = and the heading"
                ))
            })?;
        mapping.assign(role, find(heading)?);
    }
    for heading in drops {
        mapping.dropped.insert(find(heading)?);
    }
    Ok(mapping)
}

/// Every fault as a row of a table, and how to go on.
fn refuse(faults: &[RowFault], rows: usize) -> Failure {
    eprintln!(
        "{:>8}  {:<24}  {:<18}  fault and mend",
        "row", "column", "value"
    );
    for fault in faults {
        eprintln!(
            "{:>8}  {:<24}  {:<18}  {}; {}",
            fault.row,
            fault.column,
            fault.kind.to_string(),
            fault.problem,
            fault.mend
        );
    }
    Failure::usage(format!(
        "{} in a list of {rows} rows. Nothing was imported: mend the list and try again.",
        match faults.len() {
            1 => "1 fault".to_owned(),
            many => format!("{many} faults"),
        }
    ))
}

/// What the list holds, and every difference from what the force declared.
fn in_words(list: &AcceptedList) -> String {
    let summary = Summary::of(&list.rows, list.period);
    let mut lines = vec![format!(
        "{} cases without a fault, {} of them open, opened from {} to {}.",
        summary.cases,
        summary.open,
        list.period.first(),
        list.period.last()
    )];
    for (noun, counts) in [
        ("category", &summary.by_category),
        ("area", &summary.by_area),
    ] {
        let each: Vec<_> = counts
            .iter()
            .map(|(name, n)| format!("{name} {n}"))
            .collect();
        lines.push(format!("By {noun}: {}.", each.join(", ")));
    }
    if !summary.gaps.is_empty() {
        let gaps: Vec<_> = summary.gaps.iter().map(ToString::to_string).collect();
        lines.push(format!("No case in {}.", gaps.join(", ")));
    }
    lines.extend(
        summary
            .compare(&list.declared)
            .iter()
            .map(ToString::to_string),
    );
    lines.join("\n")
}
