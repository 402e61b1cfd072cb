//! A whole force written to a directory, in constant memory.
//!
//! Threads make chunks of cases, ready encoded, and the caller's thread writes them in order: the
//! files do not depend on how many threads there were. Every file grows under a temporary name and
//! takes its own only when all are complete.

mod chunk;
mod directory;
mod event_csv;
mod event_table;
mod readme;
mod row;
mod spreadsheet;

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::error::SimulateError;
use crate::force::Force;
use crate::parameters::Parameters;
use chunk::{CHUNK, Chunk};
use directory::{OutputDirectory, PartFile};
use event_table::EventTable;
use spreadsheet::CaseSheet;

/// The most cases that are written as a spreadsheet too: Excel has 1,048,576 rows.
const SPREADSHEET_CASES_MAX: u64 = 1_000_000;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The files, in the order of their names.
    pub files: Vec<PathBuf>,
    /// Cases in the case list.
    pub cases: u64,
    /// Events in the timelines.
    pub events: u64,
    /// Cases that are below good in truth.
    pub below_good: u64,
    /// Cases in which a child is still at risk in truth.
    pub still_at_risk: u64,
    /// Whether there is a spreadsheet.
    pub spreadsheet: Spreadsheet,
}

/// Whether the case list was written as a spreadsheet too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spreadsheet {
    /// It was.
    Written,
    /// It was not: there are more cases than a sheet has rows for.
    TooManyCases,
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{} cases, {} events", self.cases, self.events)?;
        writeln!(
            out,
            "in truth {} cases are below good; in {} a child is still at risk",
            self.below_good, self.still_at_risk
        )?;
        if self.spreadsheet == Spreadsheet::TooManyCases {
            writeln!(
                out,
                "no case-list.xlsx: a sheet has room for {SPREADSHEET_CASES_MAX} cases; use case-list.csv"
            )?;
        }
        for file in &self.files {
            writeln!(out, "wrote {}", file.display())?;
        }
        Ok(())
    }
}

/// Writes a force to a directory, which is made if it does not exist, on two threads beside the
/// caller's. `progress` hears how many cases are written, in growing numbers.
///
/// Files of the same names are replaced. Without timelines in the parameters there is no
/// `events.csv` and no `events.parquet`.
///
/// # Errors
///
/// Where the parameters make no sense, or a file cannot be written; nothing is left behind then.
pub fn write_all(
    parameters: &Parameters,
    out_dir: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<Summary, SimulateError> {
    write_all_with_threads(
        parameters,
        out_dir,
        NonZeroUsize::MIN.saturating_add(1),
        progress,
    )
}

/// As [`write_all`], on this many threads beside the caller's. The files are the same.
///
/// # Errors
///
/// As [`write_all`].
pub fn write_all_with_threads(
    parameters: &Parameters,
    out_dir: &Path,
    threads: NonZeroUsize,
    progress: &mut dyn FnMut(u64),
) -> Result<Summary, SimulateError> {
    let force = Force::new(parameters)?;
    let mut directory = OutputDirectory::open(out_dir)?;
    let mut summary = Summary {
        files: Vec::new(),
        cases: 0,
        events: 0,
        below_good: 0,
        still_at_risk: 0,
        spreadsheet: if parameters.cases > SPREADSHEET_CASES_MAX {
            Spreadsheet::TooManyCases
        } else {
            Spreadsheet::Written
        },
    };
    let mut files = Files::begin(&force, &mut directory, summary.spreadsheet)?;
    for_each_chunk(&force, threads.get(), |chunk| {
        summary.cases += chunk.tally.cases;
        summary.events += chunk.tally.events;
        summary.below_good += chunk.tally.below_good;
        summary.still_at_risk += chunk.tally.still_at_risk;
        files.append(chunk)?;
        progress(summary.cases);
        Ok(())
    })?;
    files.finish()?;
    let readme = directory.begin("README.txt")?;
    readme.write(readme::text(parameters, &summary).as_bytes())?;
    summary.files = directory.commit()?;
    Ok(summary)
}

/// The files of a force while they grow.
struct Files {
    case_list: PartFile,
    truth: PartFile,
    events: Option<(PartFile, EventTable)>,
    sheet: Option<CaseSheet>,
}

impl Files {
    fn begin(
        force: &Force,
        directory: &mut OutputDirectory,
        spreadsheet: Spreadsheet,
    ) -> Result<Self, SimulateError> {
        let case_list = directory.begin("case-list.csv")?;
        case_list.write(row::CASE_HEADER.as_bytes())?;
        let sheet = match spreadsheet {
            Spreadsheet::Written => {
                let part = directory.begin("case-list.xlsx")?;
                Some(CaseSheet::begin(
                    force.parameters(),
                    directory.path(),
                    part,
                )?)
            }
            Spreadsheet::TooManyCases => None,
        };
        let events = if force.parameters().timelines {
            let csv = directory.begin("events.csv")?;
            csv.write(event_csv::HEADER.as_bytes())?;
            Some((csv, EventTable::begin(directory.begin("events.parquet")?)?))
        } else {
            None
        };
        let truth = directory.begin("truth.csv")?;
        truth.write(row::truth_header().as_bytes())?;
        Ok(Self {
            case_list,
            truth,
            events,
            sheet,
        })
    }

    fn append(&mut self, chunk: Chunk) -> Result<(), SimulateError> {
        self.case_list.write(&chunk.case_rows)?;
        self.truth.write(&chunk.truth_rows)?;
        if let Some((csv, table)) = &mut self.events {
            csv.write(&chunk.event_rows)?;
            if let Some(group) = chunk.row_group {
                table.append(group)?;
            }
        }
        if let Some(sheet) = &mut self.sheet {
            sheet.append(&chunk.case_rows)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<(), SimulateError> {
        if let Some((_, table)) = self.events {
            table.finish()?;
        }
        self.sheet.map_or(Ok(()), CaseSheet::finish)
    }
}

/// Makes every chunk on these threads and takes them in order. Each thread runs at most one
/// finished chunk ahead, which bounds the memory.
fn for_each_chunk(
    force: &Force,
    threads: usize,
    mut take: impl FnMut(Chunk) -> Result<(), SimulateError>,
) -> Result<(), SimulateError> {
    let chunks = force.parameters().cases.div_ceil(CHUNK);
    thread::scope(|scope| {
        let lanes: Vec<Receiver<_>> = (0..threads)
            .map(|thread| {
                let (sender, receiver) = sync_channel(0);
                scope.spawn(move || make_chunks(force, thread, threads, &sender));
                receiver
            })
            .collect();
        for chunk in 0..chunks {
            let lane = &lanes[(chunk % threads as u64) as usize];
            take(lane.recv().map_err(|_| SimulateError::WorkerLost)??)?;
        }
        Ok(())
    })
}

fn make_chunks(
    force: &Force,
    thread: usize,
    threads: usize,
    sender: &SyncSender<Result<Chunk, SimulateError>>,
) {
    let chunks = force.parameters().cases.div_ceil(CHUNK);
    for chunk in (thread as u64..chunks).step_by(threads) {
        // The other end is gone only when writing failed, and that is reported there.
        if sender.send(Chunk::make(force, chunk)).is_err() {
            return;
        }
    }
}

fn write_bytes(mut file: &File, path: &Path, bytes: &[u8]) -> Result<(), SimulateError> {
    file.write_all(bytes)
        .map_err(|source| SimulateError::Write {
            path: path.to_owned(),
            source,
        })
}
