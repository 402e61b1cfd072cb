//! A log in files, screened.

use std::path::Path;

use crate::engine::{Facts, NoFacts, Plan, Shard, screen};
use crate::read::{ReadError, Reading, Report, Setting, Sources};
use crate::write::Spool;

/// A log that was screened, before what lies across cases is judged.
pub struct Screened {
    /// What was counted and put aside.
    pub shard: Shard,
    /// The findings so far.
    pub spool: Spool,
    /// What was read.
    pub report: Report,
}

/// Screens the log in some files: in the order of its cases if it has them so, else sorted first.
/// Findings are put aside in a folder, or only counted if they are not `wanted`.
///
/// # Errors
///
/// Where a file cannot be read, findings cannot be put aside, or it was stopped.
pub fn screen_log(
    plan: &Plan,
    sources: &Sources,
    setting: &Setting,
    folder: &Path,
    wanted: bool,
) -> Result<Screened, ReadError> {
    let reading = Reading::ordered(sources, setting);
    match screen_reading(plan, reading, setting, folder, wanted) {
        Err(ReadError::Unordered) => {
            let reading = Reading::sorted(sources, setting)?;
            screen_reading(plan, reading, setting, folder, wanted)
        }
        screened => screened,
    }
}

fn screen_reading(
    plan: &Plan,
    reading: Reading,
    setting: &Setting,
    folder: &Path,
    wanted: bool,
) -> Result<Screened, ReadError> {
    let mut spool = Spool::new(folder, wanted)?;
    let nothing = NoFacts::default();
    let facts: &dyn Facts = match setting.listed_cases() {
        Some(cases) => cases,
        None => &nothing,
    };
    let shard = screen(
        plan,
        reading.pieces(),
        facts,
        setting.thread_count(),
        &mut spool,
    )?;
    Ok(Screened {
        shard,
        spool,
        report: reading.report(),
    })
}
