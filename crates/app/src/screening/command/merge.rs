//! `throughline screen merge`: the parts of a screening put together.

use std::fmt::Display;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use throughline_screening::engine::{Shard, Tally};
use throughline_screening::read::Report;
use throughline_screening::stream::{EndSummary, Extent, Gathering};
use throughline_screening::write::{Findings, Spool};

use super::basis::Grounds;
use super::outcome::{self, PART, PART_EXTENT, PART_FINDINGS};
use super::{BasisArgs, failure};
use crate::cli::{CommandResult, Failure};

/// Which parts to put together.
#[derive(Debug, Args)]
pub struct Merge {
    #[command(flatten)]
    basis: BasisArgs,
    /// The directories to which the parts were written, and files that `screen --stream` gave
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,
    /// The last day that the streams cover; without it, that of their latest event. The as-of day
    /// cannot be a later one
    #[arg(long, value_name = "DATE")]
    covers_to: Option<Date>,
    /// Write the verdicts and the figures to this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

impl Merge {
    pub fn run(self) -> CommandResult {
        let grounds = Grounds::new(&self.basis)?;
        let folder = std::env::temp_dir();
        let mut gathering = Gathering::new(&grounds.plan, &grounds.library, &folder);
        let mut shards = Vec::new();
        let mut findings = Vec::new();
        let mut extent = None;
        for part in &self.parts {
            if part.is_dir() {
                shards.push(load_shard(&grounds, part)?);
                add(&mut extent, load_extent(part)?, part.display())?;
                let path = part.join(PART_FINDINGS);
                findings.push(Findings::open(&path).map_err(|error| cannot_read(&path, error))?);
            } else {
                gathering.add(part).map_err(failure)?;
            }
        }
        let gathered = gathering.finish().map_err(Failure::usage)?;
        if let Some(ends) = &gathered.ends {
            add(&mut extent, ends.extent.clone(), "a stream")?;
        }
        let ends = gathered.ends.unwrap_or_default();
        if gathered.without_verdicts {
            eprintln!(
                "the verdicts on single cases were not given; only those across cases follow"
            );
        }
        for spool in gathered.spools {
            findings.extend(spool.findings().map_err(Failure::new)?);
        }
        let whole = put_together(gathered.shard.into_iter().chain(shards))?;
        let mut spool = Spool::new(&folder, true).map_err(Failure::new)?;
        let tally = whole.finish(&grounds.plan, &mut spool).map_err(failure)?;
        findings.extend(spool.findings().map_err(Failure::new)?);
        let report = report(&grounds, &tally, &ends, extent.unwrap_or_default());
        grounds.check_as_of(&report, self.covers_to)?;
        let mut figures = grounds.figures(tally, &report, None);
        figures.input.faulty = ends.faulty;
        let out = self.out.as_deref();
        outcome::write_all(out, &grounds, &figures, findings, &report, false)?;
        outcome::print(&figures, self.json)
    }
}

fn put_together(shards: impl Iterator<Item = Shard>) -> Result<Shard, Failure> {
    let mut whole: Option<Shard> = None;
    for shard in shards {
        match &mut whole {
            None => whole = Some(shard),
            Some(whole) => whole.merge(shard).map_err(Failure::usage)?,
        }
    }
    whole.ok_or_else(|| Failure::usage("there is no case in what is to be put together"))
}

fn load_shard(grounds: &Grounds, part: &Path) -> Result<Shard, Failure> {
    let path = part.join(PART);
    let file = File::open(&path).map_err(|error| cannot_read(&path, error))?;
    Shard::read(&grounds.plan, &mut BufReader::new(file)).map_err(|error| cannot_read(&path, error))
}

/// Of what the log knows of which a directory holds a part.
fn load_extent(part: &Path) -> Result<Extent, Failure> {
    let path = part.join(PART_EXTENT);
    let text = std::fs::read_to_string(&path).map_err(|error| cannot_read(&path, error))?;
    serde_json::from_str(&text).map_err(|error| cannot_read(&path, error))
}

fn add(whole: &mut Option<Extent>, part: Extent, name: impl Display) -> Result<(), Failure> {
    match whole {
        None => *whole = Some(part),
        Some(whole) => {
            (whole.unite(part)).map_err(|error| Failure::usage(format!("{name}: {error}")))?
        }
    }
    Ok(())
}

/// What was read, in all parts.
fn report(grounds: &Grounds, tally: &Tally, ends: &EndSummary, extent: Extent) -> Report {
    let codes = extent.activities.iter();
    Report {
        cases: tally.cases,
        events: tally.events,
        ignored: ends.ignored,
        later: ends.recorded_later,
        known_to: extent.known_to,
        occurring: codes
            .filter_map(|code| grounds.plan.activity(code.as_bytes()))
            .collect(),
        ..Report::default()
    }
}

fn cannot_read(path: &Path, error: impl Display) -> Failure {
    Failure::usage(format!("{} cannot be read: {error}", path.display()))
}
