//! `throughline screen merge`: the parts of a screening put together.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use throughline_screening::engine::Shard;
use throughline_screening::read::Report;
use throughline_screening::stream::Gathering;
use throughline_screening::write::{Findings, Spool};

use super::basis::Grounds;
use super::outcome::{self, PART, PART_ACTIVITIES, PART_FINDINGS};
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
        let mut occurring = BTreeSet::new();
        for part in &self.parts {
            if part.is_dir() {
                shards.push(load_shard(&grounds, part)?);
                occurring.extend(load_activities(&grounds, part)?);
                let path = part.join(PART_FINDINGS);
                findings.push(Findings::open(&path).map_err(|error| cannot_read(&path, error))?);
            } else {
                gathering.add(part).map_err(failure)?;
            }
        }
        let gathered = gathering.finish().map_err(Failure::usage)?;
        let streamed = gathered.ends.activities.iter();
        occurring.extend(streamed.filter_map(|code| grounds.plan.activity(code.as_bytes())));
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
        let report = Report {
            cases: tally.cases,
            events: tally.events,
            ignored: gathered.ends.ignored,
            later: gathered.ends.recorded_later,
            occurring,
            ..Report::default()
        };
        let mut figures = grounds.figures(tally, &report, None);
        figures.input.faulty = gathered.ends.faulty;
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

/// The activities that occur in the log, as a part saw it.
fn load_activities(grounds: &Grounds, part: &Path) -> Result<Vec<u16>, Failure> {
    let path = part.join(PART_ACTIVITIES);
    let text = std::fs::read_to_string(&path).map_err(|error| cannot_read(&path, error))?;
    let places = text
        .lines()
        .filter_map(|code| grounds.plan.activity(code.as_bytes()));
    Ok(places.collect())
}

fn cannot_read(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::usage(format!("{} cannot be read: {error}", path.display()))
}
