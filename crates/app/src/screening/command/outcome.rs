//! What comes of a screening: files, a table, JSON.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use throughline_screening::log::Screened;
use throughline_screening::read::Report;
use throughline_screening::stream::Extent;
use throughline_screening::write::{
    Figures, Findings, OutputDirectory, VerdictCsv, VerdictFile, VerdictParquet, merge, table,
    unrecorded,
};

use super::basis::Grounds;
use crate::cli::{CommandResult, Failure};

/// The file of a part that holds its counts and what lies across cases.
pub(super) const PART: &str = "part.shard";
/// The file of a part that holds the findings on its cases.
pub(super) const PART_FINDINGS: &str = "part.findings";
/// The file of a part that says of what the log knows.
pub(super) const PART_EXTENT: &str = "part.json";
/// The file of a part that holds its faulty rows.
const FAULTY: &str = "faulty-rows.csv";

/// A folder that was made for the output, and is taken away again if there is none.
pub(super) struct Made(Option<PathBuf>);

impl Made {
    pub fn keep_if(mut self, good: bool) {
        if good {
            self.0 = None;
        }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            // It holds something only if someone else put it there.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes the folder of the output if there is none.
pub(super) fn make_folder(out: Option<&Path>) -> Result<Made, Failure> {
    let Some(out) = out.filter(|out| !out.exists()) else {
        return Ok(Made(None));
    };
    fs::create_dir_all(out)
        .map_err(|error| Failure::new(format!("{} cannot be made: {error}", out.display())))?;
    Ok(Made(Some(out.to_owned())))
}

/// Writes all files, or none.
pub(super) fn write_all(
    out: Option<&Path>,
    grounds: &Grounds,
    figures: &Figures,
    findings: Vec<Findings>,
    report: &Report,
    with_faults: bool,
) -> CommandResult {
    let Some(out) = out else {
        return Ok(());
    };
    let mut directory = OutputDirectory::open(out).map_err(Failure::new)?;
    let csv = directory.begin("verdicts.csv").map_err(Failure::new)?;
    let mut csv = VerdictCsv::begin(csv, grounds.clock.clone())?;
    let parquet = directory.begin("verdicts.parquet").map_err(Failure::new)?;
    let mut parquet = VerdictParquet::begin(parquet)?;
    let files: &mut [&mut dyn VerdictFile] = &mut [&mut csv, &mut parquet];
    let left_out = unrecorded(&grounds.library, report);
    merge(findings, &grounds.plan, &left_out, files)?;
    csv.finish()?;
    parquet.finish()?;
    if with_faults {
        let mut rows = directory.begin(FAULTY).map_err(Failure::new)?;
        report.faults.write_csv(&mut rows)?;
        rows.flush()?;
    }
    let mut summary = directory.begin("summary.json").map_err(Failure::new)?;
    serde_json::to_writer_pretty(&mut summary, figures).map_err(Failure::new)?;
    summary.flush()?;
    for file in directory.commit().map_err(Failure::new)? {
        eprintln!("wrote {}", file.display());
    }
    Ok(())
}

/// Writes a part, to be merged with the others.
pub(super) fn write_part(
    screened: Screened,
    grounds: &Grounds,
    extent: &Extent,
    out: &Path,
) -> CommandResult {
    let Screened {
        shard,
        spool,
        report,
    } = screened;
    let mut directory = OutputDirectory::open(out).map_err(Failure::new)?;
    let mut part = directory.begin(PART).map_err(Failure::new)?;
    shard.write(&grounds.plan, &mut part)?;
    part.flush()?;
    let mut findings = directory.begin(PART_FINDINGS).map_err(Failure::new)?;
    spool.save(&mut findings)?;
    findings.flush()?;
    let mut about = directory.begin(PART_EXTENT).map_err(Failure::new)?;
    serde_json::to_writer(&mut about, extent).map_err(Failure::new)?;
    about.flush()?;
    let mut rows = directory.begin(FAULTY).map_err(Failure::new)?;
    report.faults.write_csv(&mut rows)?;
    rows.flush()?;
    for file in directory.commit().map_err(Failure::new)? {
        println!("wrote {}", file.display());
    }
    Ok(())
}

/// Prints the figures.
pub(super) fn print(figures: &Figures, json: bool) -> CommandResult {
    let text = match json {
        true => serde_json::to_string_pretty(figures).map_err(Failure::new)? + "\n",
        false => table(figures),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
