//! The figures of a screening, as they are written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::engine::{Plan, Tally};
use crate::read::{CaseList, Report};
use crate::standard::{Library, Standard};

/// The figures of a screening.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// The last day of which the log is known.
    pub as_of: String,
    /// What was read.
    pub input: InputFigures,
    /// What was counted.
    pub tally: Tally,
    /// The standards that were checked, in words, in the order of the library.
    pub standards: Vec<StandardFigures>,
    /// The standards of which the log records nothing that they await: they were not judged.
    pub unrecorded: Vec<String>,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputFigures {
    /// The files.
    pub files: Vec<String>,
    /// Cases with events.
    pub cases: u64,
    /// Events.
    pub events: u64,
    /// Cases of the case list without any event, to which no standard applies.
    pub cases_without_events: u64,
    /// Rows whose activity the library says to ignore.
    pub ignored: u64,
    /// Rows recorded later than what was to be known.
    pub recorded_later: u64,
    /// Faulty rows, by what is wrong with them.
    pub faulty: BTreeMap<String, u64>,
    /// Whether the log had to be sorted.
    pub sorted: bool,
    /// How many bytes were put aside on disk for it.
    pub put_aside_bytes: u64,
}

/// A standard in words, with what its rates are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StandardFigures {
    /// Its identifier.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The law or guidance that it rests on.
    pub sources: Vec<String>,
    /// What it bears on.
    pub bears_on: Option<String>,
    /// The share met of those met or missed.
    pub share_met: Option<f64>,
    /// Cases to which it does not apply, those without events included.
    pub cases_not_applicable: u64,
}

impl Figures {
    /// The figures of a screening.
    pub fn of(
        library: &Library,
        plan: &Plan,
        mut tally: Tally,
        report: &Report,
        cases: Option<&CaseList>,
        as_of: String,
    ) -> Self {
        let unrecorded = unrecorded(library, report);
        let names = |place: &usize| library.standards[*place].id.clone();
        let unrecorded_ids: Vec<String> = unrecorded.iter().map(names).collect();
        tally
            .standards
            .retain(|one| !unrecorded_ids.contains(&one.id));
        let without = |cases: &CaseList| cases.cases().filter(|(_, seen)| !seen).count() as u64;
        let without = cases.map_or(0, without);
        let standards = (library.standards.iter().enumerate())
            .filter(|(place, _)| plan.checks(u16::try_from(*place).unwrap_or(u16::MAX)))
            .filter(|(place, _)| !unrecorded.contains(place))
            .map(|(_, standard)| StandardFigures::of(standard, &tally, without))
            .collect();
        let counts = report.faults.counts().into_iter();
        let files = report.faults.files.iter();
        Self {
            as_of,
            input: InputFigures {
                files: files.map(|file| file.display().to_string()).collect(),
                cases: report.cases,
                events: report.events,
                cases_without_events: without,
                ignored: report.ignored,
                recorded_later: report.later,
                faulty: counts
                    .map(|(kind, count)| (kind.code().to_owned(), count))
                    .collect(),
                sorted: report.sorted,
                put_aside_bytes: report.spilled,
            },
            tally,
            standards,
            unrecorded: unrecorded_ids,
        }
    }
}

/// The places of the standards that await something of which nothing was read.
pub fn unrecorded(library: &Library, report: &Report) -> BTreeSet<usize> {
    library.find_unrecorded(|activity| report.occurring.contains(&activity.0))
}

impl StandardFigures {
    fn of(standard: &Standard, tally: &Tally, cases_without_events: u64) -> Self {
        let counted = tally.find_standard(&standard.id);
        Self {
            id: standard.id.clone(),
            title: standard.title.clone(),
            sources: standard.sources.clone(),
            bears_on: standard.bears_on.clone(),
            share_met: counted.and_then(|counted| counted.counted().share_met()),
            cases_not_applicable: cases_without_events
                + counted.map_or(0, |counted| tally.not_applicable(counted)),
        }
    }
}
