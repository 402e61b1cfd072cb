//! `throughline screen prove`: verdicts that were written, proved anew from the events.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use throughline_screening::prove::{
    Choice, FileProof, GivenFile, Grounds as ProofGrounds, Sample, Values, prove,
};
use throughline_screening::read::{CaseList, Setting, Sources};

use super::basis::Grounds;
use super::option::{Column, bytes, column};
use super::{BasisArgs, columns, failure};
use crate::cli::{CommandResult, Failure};

/// The files of verdicts that `screen --out` writes.
const VERDICTS: [&str; 2] = ["verdicts.parquet", "verdicts.csv"];

/// Which verdicts to prove, and from what. The standards, dates, cases and columns must be those of
/// the screening.
#[derive(Debug, Args)]
pub struct Prove {
    #[command(flatten)]
    basis: BasisArgs,
    /// The verdicts: a CSV or Parquet file, of which the cases that it names are proved, or a
    /// directory that `screen --out` wrote, of which all cases are
    #[arg(long, value_name = "PATH")]
    verdicts: PathBuf,
    /// Files or folders of the events that were screened
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    events: Vec<PathBuf>,
    /// The case list, a CSV file: reference, category, area, opened, closed
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// Only what was recorded up to the end of this day
    #[arg(long, value_name = "DATE")]
    known_at: Option<Date>,
    /// Prove a share of the cases
    #[arg(long, value_name = "K/N", default_value = "1/1")]
    sample: Sample,
    /// Which cases are in the share
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// Leave out the standards that look across cases, such as those of a child: they cannot be
    /// proved where the events of some cases are not at hand
    #[arg(long)]
    single_cases: bool,
    /// How much memory sorting may take; more goes to the disk
    #[arg(long, value_name = "SIZE", default_value = "512MB", value_parser = bytes)]
    memory: usize,
    /// Say which column holds something, as for `screen`
    #[arg(long, value_name = "NAME=COLUMN", value_parser = column)]
    column: Vec<Column>,
}

impl Prove {
    pub fn run(self) -> CommandResult {
        let grounds = Grounds::new(&self.basis)?;
        let proof_grounds = ProofGrounds {
            library: &grounds.library,
            plan: &grounds.plan,
            calendar: &grounds.calendar,
            clock: &grounds.clock,
            single_cases: self.single_cases,
        };
        let mut choice = Choice::new(self.sample, self.seed);
        let given = files(&self.verdicts)?
            .iter()
            .map(|path| GivenFile::read(path, &proof_grounds, &choice).map_err(failure))
            .collect::<Result<Vec<_>, _>>()?;
        if let ([file], false) = (&given[..], self.verdicts.is_dir()) {
            choice = choice.only(file.cases());
        }
        let cases = match &self.cases {
            Some(path) => Some(CaseList::load(path, &grounds.clock, 0).map_err(failure)?),
            None => None,
        };
        let sources = Sources::find(&self.events).map_err(failure)?;
        let values = Values::of(&grounds.library);
        let setting = self.setting(&grounds, &values, cases.as_ref())?;
        let proof = prove(&proof_grounds, &values, &sources, &setting, &choice, &given);
        let proof = proof.map_err(failure)?;
        println!("{} cases were proved from their events", proof.cases);
        proof.files.iter().for_each(print);
        match proof.files.iter().map(|file| file.differences.len()).sum() {
            0 => Ok(()),
            1 => Err(Failure::new("1 verdict does not follow from the events")),
            many => Err(Failure::new(format!(
                "{many} verdicts do not follow from the events"
            ))),
        }
    }

    fn setting<'a>(
        &self,
        grounds: &'a Grounds,
        values: &'a Values,
        cases: Option<&'a CaseList>,
    ) -> Result<Setting<'a>, Failure> {
        let vocabulary = &grounds.library.vocabulary;
        let mut setting = Setting::new(values, vocabulary, grounds.clock.clone())
            .columns(columns(vocabulary, &self.column)?)
            .memory(self.memory);
        if let Some(cases) = cases {
            setting = setting.cases(cases);
        }
        if let Some(day) = self.known_at {
            let end = grounds.calendar.end_of(day).map_err(Failure::usage)?;
            setting = setting.known_before(end);
        }
        Ok(setting)
    }
}

/// The files of verdicts at a path.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let files: Vec<PathBuf> = (VERDICTS.iter().map(|name| path.join(name)))
        .filter(|file| file.exists())
        .collect();
    match files.is_empty() {
        false => Ok(files),
        true => Err(Failure::usage(format!(
            "{} holds no {}",
            path.display(),
            VERDICTS.join(" and no ")
        ))),
    }
}

fn print(file: &FileProof) {
    print!("{}: {} verdicts follow", file.name, file.proved);
    if file.not_tried > 0 {
        print!(
            ", {} were not tried, as their standards look across cases",
            file.not_tried
        );
    }
    match file.differences.len() {
        0 => println!(", none does not"),
        1 => println!(", 1 does not"),
        many => println!(", {many} do not"),
    }
    for difference in &file.differences {
        println!("{difference}");
    }
}
