//! Verdicts that were written, proved anew from the events.
//!
//! The engine is fast and therefore intricate. Here what it wrote is held against the
//! [`definition`](crate::definition): the events of each case that is chosen are read once more,
//! the slow checker says what follows from them, and every verdict that does not follow, or is
//! wanting, is shown with its reason. Of the log nothing is held but the events of the cases that
//! are chosen and, for standards that look across cases, those of the persons and things in them.

mod across;
mod choice;
mod comparison;
mod difference;
mod known;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub use choice::{Choice, Sample};
pub use difference::Difference;
pub use known::Values;

use crate::calendar::Calendar;
use crate::engine::Plan;
use crate::read::{Clock, GivenVerdict, Names, ReadError, Reading, Setting, Sources, read_given};
use crate::standard::{Key, Library};
use across::Across;
use comparison::Court;
use known::{Events, Known};

/// By what verdicts are proved.
#[derive(Clone, Copy)]
pub struct Grounds<'a> {
    /// The standards.
    pub library: &'a Library,
    /// What they were compiled to: it says which are checked and up to when the log is known.
    pub plan: &'a Plan,
    /// How days are counted.
    pub calendar: &'a Calendar,
    /// How times are written.
    pub clock: &'a Clock,
    /// Whether only the standards that look at one case are tried.
    pub single_cases: bool,
}

/// The verdicts of a file, those of the chosen cases.
#[derive(Debug)]
pub struct GivenFile {
    name: String,
    verdicts: BTreeMap<String, Vec<GivenVerdict>>,
}

impl GivenFile {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or holds something else.
    pub fn read(path: &Path, grounds: &Grounds, choice: &Choice) -> Result<Self, ReadError> {
        let mut verdicts: BTreeMap<String, Vec<GivenVerdict>> = BTreeMap::new();
        let names = Names::of(grounds.library);
        read_given(path, &names, grounds.clock, &mut |verdict| {
            if choice.holds(&verdict.case) {
                match verdicts.get_mut(&verdict.case) {
                    Some(of_case) => of_case.push(verdict),
                    None => {
                        verdicts.insert(verdict.case.clone(), vec![verdict]);
                    }
                }
            }
        })?;
        Ok(Self {
            name: path.display().to_string(),
            verdicts,
        })
    }

    /// The cases that it names.
    pub fn cases(&self) -> BTreeSet<String> {
        self.verdicts.keys().cloned().collect()
    }
}

/// What came of proving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// How many cases of the log were chosen.
    pub cases: u64,
    /// What came of each file.
    pub files: Vec<FileProof>,
}

/// What came of proving the verdicts of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileProof {
    /// The file.
    pub name: String,
    /// How many verdicts follow from the events.
    pub proved: u64,
    /// How many were not tried, as their standards look across cases.
    pub not_tried: u64,
    /// Those that do not follow, and those that are wanting; by case.
    pub differences: Vec<Difference>,
}

/// Proves the verdicts of some files, of the cases that are chosen, from a log. The setting's coding
/// must be these values.
///
/// # Errors
///
/// Where the log cannot be read.
pub fn prove(
    grounds: &Grounds,
    values: &Values,
    sources: &Sources,
    setting: &Setting,
    choice: &Choice,
    given: &[GivenFile],
) -> Result<Proof, ReadError> {
    let library = checked(grounds);
    let grounds = Grounds {
        library: &library,
        ..*grounds
    };
    let log = Log {
        values,
        sources,
        setting,
        choice,
    };
    let (mut court, mut across, is_ordered) = match log.prove_cases(grounds, given, true) {
        Err(ReadError::Unordered) => {
            let (court, across) = log.prove_cases(grounds, given, false)?;
            (court, across, false)
        }
        ordered => {
            let (court, across) = ordered?;
            (court, across, true)
        }
    };
    if !grounds.single_cases {
        if across.has_keys() {
            log.cases(is_ordered, &mut |reference, events| {
                let is_chosen = choice.holds(reference);
                across.take(reference, is_chosen, &events);
            })?;
        }
        across.judge(values, &mut court);
    }
    Ok(court.finish())
}

/// The library with all standards switched off that the plan does not check.
fn checked(grounds: &Grounds) -> Library {
    let mut library = grounds.library.clone();
    for (place, standard) in (0..).zip(&mut library.standards) {
        let is_tried = standard.key == Key::Case || !grounds.single_cases;
        if !(grounds.plan.checks(place) && is_tried) && standard.switched_off.is_none() {
            standard.switched_off = Some("it was not asked for".to_owned());
        }
    }
    library
}

/// From where events come, and those of which cases.
struct Log<'a> {
    values: &'a Values,
    sources: &'a Sources,
    setting: &'a Setting<'a>,
    choice: &'a Choice,
}

impl Log<'_> {
    /// Proves what hangs on one case alone, and notes whom the chosen cases are about.
    fn prove_cases<'g>(
        &self,
        grounds: Grounds<'g>,
        given: &'g [GivenFile],
        is_ordered: bool,
    ) -> Result<(Court<'g>, Across<'g>), ReadError> {
        let mut court = Court::new(grounds, given);
        let mut across = Across::new(grounds);
        self.cases(is_ordered, &mut |reference, events| {
            court.occurring.extend(events.activities());
            if self.choice.holds(reference) {
                let known: Vec<Known> = events.known().collect();
                across.choose(&known);
                let line = court.line(known, self.values);
                court.prove_case(reference, &line);
            }
        })?;
        Ok((court, across))
    }

    /// Gives every case in the order of the references; sorts the log first if it has them in
    /// another.
    fn cases(&self, is_ordered: bool, take: &mut dyn FnMut(&str, Events)) -> Result<(), ReadError> {
        let reading = match is_ordered {
            true => Reading::ordered(self.sources, self.setting),
            false => Reading::sorted(self.sources, self.setting)?,
        };
        for block in reading.pieces().flatten() {
            let block = block?;
            Events::of_cases(&block).for_each(|(reference, events)| take(reference, events));
        }
        Ok(())
    }
}
