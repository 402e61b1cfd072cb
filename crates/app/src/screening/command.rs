//! `throughline screen` and `throughline standards`.

mod basis;
mod merge;
pub(super) mod option;
mod outcome;
mod prove;
mod standards;
mod stream;

pub use standards::{Standards, run as run_standards};

use crate::cli::{CommandResult, Failure};
use basis::Grounds;
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use option::{ByValues, Column, ShardOf, bytes, column, shard_of};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use throughline_screening::log::{Screened, screen_log};
use throughline_screening::read::{
    CaseList, Columns, Progress, ReadError, Report, Setting, Sources,
};
use throughline_screening::standard::NATIONS;
use throughline_screening::stream::Extent;
use throughline_screening::vocabulary::Vocabulary;

/// Check handling standards on every case, or put parts of a screening together.
#[derive(Debug)]
pub enum Screen {
    /// A log.
    Log(Box<Screening>),
    /// Parts of a screening.
    Parts(Box<Parts>),
}

/// What a log needs stands with the command itself, and what parts need with theirs: so we look
/// first which of the two was given.
impl FromArgMatches for Screen {
    fn from_arg_matches(given: &ArgMatches) -> Result<Self, clap::Error> {
        match given.subcommand() {
            Some(_) => Parts::from_arg_matches(given).map(|parts| Screen::Parts(Box::new(parts))),
            None => Screening::from_arg_matches(given).map(|log| Screen::Log(Box::new(log))),
        }
    }

    fn update_from_arg_matches(&mut self, given: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(given)?;
        Ok(())
    }
}

impl Args for Screen {
    fn augment_args(command: Command) -> Command {
        Parts::augment_subcommands(Screening::augment_args(command))
            .subcommand_required(false)
            .arg_required_else_help(false)
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// What to do with parts of a screening.
#[derive(Debug, Subcommand)]
pub enum Parts {
    /// Put the parts of a screening together, as if it had been one. Which rows were faulty, and
    /// which listed cases have no event, stays with the parts
    Merge(merge::Merge),
    /// Prove verdicts anew from the events of their cases, by a second, slow checker that follows
    /// the definitions word for word
    Prove(prove::Prove),
}

/// On what a screening rests besides the log.
#[derive(Debug, Args)]
pub struct BasisArgs {
    /// The file of standards, or `england-and-wales` for those that are shipped
    #[arg(long, value_name = "FILE")]
    standards: String,
    /// The last day of which the log is known
    #[arg(long, value_name = "DATE")]
    as_of: Date,
    /// Only the standards of this nation and those of everywhere
    #[arg(long, value_name = "NATION", value_parser = NATIONS)]
    nation: Option<String>,
    /// The time zone in which days begin and end, in place of the one that the standards name
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Count by an attribute of the activating event too; with values, tell these apart
    #[arg(long, value_name = "ATTRIBUTE[=VALUE,…]")]
    by: Vec<ByValues>,
}

/// What to screen.
#[derive(Debug, Args)]
pub struct Screening {
    #[command(flatten)]
    basis: BasisArgs,
    /// Files or folders of events: Parquet, CSV, XES or OCEL 2.0; texts may end in .gz or .zst
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present = "stream")]
    events: Vec<PathBuf>,
    /// Be a filter: an Arrow IPC stream of events on standard input, in the order of their cases,
    /// becomes one of verdicts, and of parts for `screen merge`, on standard output
    #[arg(long, conflicts_with_all = ["events", "out", "json", "shard", "threads", "memory", "covers_to"])]
    stream: bool,
    /// The case list, a CSV file: reference, category, area, opened, closed
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// Only what was recorded up to the end of this day
    #[arg(long, value_name = "DATE")]
    known_at: Option<Date>,
    /// The last day that the log covers; without it, that of its latest event. The as-of day cannot
    /// be a later one
    #[arg(long, value_name = "DATE")]
    covers_to: Option<Date>,
    /// On how many threads
    #[arg(long, value_name = "N", default_value_t = 1)]
    threads: usize,
    /// How much memory sorting may take; more goes to the disk
    #[arg(long, value_name = "SIZE", default_value = "512MB", value_parser = bytes)]
    memory: usize,
    /// Write the verdicts, the faulty rows and the figures to this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
    /// Screen only the I-th of N parts of the cases, for `screen merge`; needs --out
    #[arg(long, value_name = "I/N", value_parser = shard_of, requires = "out")]
    shard: Option<ShardOf>,
    /// Say which column holds something: case_reference, event_time, date_only, recorded_at,
    /// activity, or an attribute of the standards
    #[arg(long, value_name = "NAME=COLUMN", value_parser = column)]
    column: Vec<Column>,
}

/// Runs the command.
///
/// # Errors
/// With code 2 when what was given must be mended, with 1 when something failed.
pub async fn run(screen: Screen) -> CommandResult {
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    // A filter that waits for input has nothing to take away: the signal ends it.
    let is_filter = matches!(&screen, Screen::Log(screening) if screening.stream);
    let work = tokio::task::spawn_blocking(move || match screen {
        Screen::Parts(parts) => match *parts {
            Parts::Merge(merge) => merge.run(),
            Parts::Prove(prove) => prove.run(),
        },
        Screen::Log(screening) => screening.run(&stop),
    });
    if !is_filter {
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                told.store(true, Ordering::Relaxed);
            }
        });
    }
    work.await.map_err(Failure::new)?
}

impl Screening {
    fn run(self, stop: &AtomicBool) -> CommandResult {
        let grounds = Grounds::new(&self.basis)?;
        let cases = match &self.cases {
            Some(path) => Some(CaseList::load(path, &grounds.clock, 0).map_err(failure)?),
            None => None,
        };
        if self.stream {
            let setting = self.setting(&grounds, cases.as_ref(), &ProgressBar::hidden())?;
            return stream::run(&grounds, &setting);
        }
        let sources = Sources::find(&self.events).map_err(failure)?;
        for skipped in sources.skipped() {
            eprintln!(
                "not read, as its name is of no known kind: {}",
                skipped.display()
            );
        }
        let bar = progress_bar(sources.bytes());
        let setting = self.setting(&grounds, cases.as_ref(), &bar)?.stop(stop);
        let folder = self.out.clone().unwrap_or_else(std::env::temp_dir);
        let made = outcome::make_folder(self.out.as_deref())?;
        let wanted = self.out.is_some();
        let screened = screen_log(&grounds.plan, &sources, &setting, &folder, wanted);
        bar.finish_and_clear();
        let screened = screened.map_err(failure)?;
        grounds.check_as_of(&screened.report, self.covers_to)?;
        let result = match self.shard {
            Some(_) => {
                let extent = self.extent(&grounds, &screened.report)?;
                outcome::write_part(screened, &grounds, &extent, &folder)
            }
            None => {
                let Screened {
                    shard,
                    mut spool,
                    report,
                } = screened;
                let tally = shard.finish(&grounds.plan, &mut spool).map_err(failure)?;
                let figures = grounds.figures(tally, &report, cases.as_ref());
                let [case, across] = spool.findings().map_err(Failure::new)?;
                let out = self.out.as_deref();
                let findings = vec![case, across];
                outcome::write_all(out, &grounds, &figures, findings, &report, true)?;
                outcome::print(&figures, self.json)
            }
        };
        made.keep_if(result.is_ok());
        result
    }

    fn setting<'a>(
        &self,
        grounds: &'a Grounds,
        cases: Option<&'a CaseList>,
        bar: &ProgressBar,
    ) -> Result<Setting<'a>, Failure> {
        let vocabulary = &grounds.library.vocabulary;
        let bar = bar.clone();
        let mut setting = Setting::new(&grounds.plan, vocabulary, grounds.clock.clone())
            .columns(columns(vocabulary, &self.column)?)
            .threads(self.threads)
            .memory(self.memory)
            .progress(move |progress| match progress {
                Progress::Bytes(bytes) => bar.inc(bytes),
                Progress::Sorting => {
                    bar.set_position(0);
                    bar.set_message("Sorting");
                }
            });
        if let Some(out) = &self.out {
            setting = setting.spill_to(out.clone());
        }
        if let Some(cases) = cases {
            setting = setting.cases(cases);
        }
        if let Some(end) = self.known_before(grounds)? {
            setting = setting.known_before(end);
        }
        if let Some(ShardOf { number, count }) = self.shard {
            setting = setting.shard(number, count);
        }
        Ok(setting)
    }

    fn known_before(&self, grounds: &Grounds) -> Result<Option<i64>, Failure> {
        let end = self.known_at.map(|day| grounds.calendar.end_of(day));
        end.transpose().map_err(Failure::usage)
    }

    /// Of what the log knows, all its parts together.
    fn extent(&self, grounds: &Grounds, report: &Report) -> Result<Extent, Failure> {
        let end = self.covers_to.map(|day| grounds.calendar.end_of(day));
        let end = end.transpose().map_err(Failure::usage)?;
        let codes = report.occurring.iter();
        Ok(Extent {
            known_before: self.known_before(grounds)?,
            known_to: end.map(|end| end - 1).or(report.known_to),
            activities: codes
                .filter_map(|place| grounds.plan.code(*place).map(str::to_owned))
                .collect(),
        })
    }
}

/// The columns of a log, with those that were named.
fn columns(vocabulary: &Vocabulary, named: &[Column]) -> Result<Columns, Failure> {
    let mut columns = Columns::of(vocabulary);
    for Column { name, column } in named {
        columns
            .set(vocabulary, name, column)
            .map_err(Failure::usage)?;
    }
    Ok(columns)
}

fn progress_bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    bar.set_message("Reading");
    if let Ok(style) =
        ProgressStyle::with_template("{msg} {bar:30} {bytes} of {total_bytes}, {eta} left")
    {
        bar.set_style(style);
    }
    bar
}

/// What cannot be read must be mended by whoever gave it; disks fail by themselves.
fn failure(error: ReadError) -> Failure {
    match error {
        ReadError::Spill { .. } | ReadError::Write(_) | ReadError::Stopped => Failure::new(error),
        _ => Failure::usage(error),
    }
}
