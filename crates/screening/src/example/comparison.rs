//! Whether what a checker found is what an example expects.

use std::fmt;

use super::{Example, Expected, Finding, Told};
use crate::event::Event;
use crate::standard::Library;
use crate::verdict::{Outcome, Verdict};

/// Where a checker found something else than an example expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line of the example that says what must be found, from 1.
    pub line: u32,
    /// The standard's identifier.
    pub standard: String,
    /// What must be found.
    pub expected: Vec<Finding>,
    /// What was found.
    pub found: Vec<Verdict>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.expected.iter().map(|finding| finding.told);
        let found = self.found.iter().map(|verdict| Told::from(verdict.outcome));
        let (line, standard) = (self.line, &self.standard);
        let (expected, found) = (in_words(expected), in_words(found));
        if expected == found {
            return write!(
                f,
                "line {line}: the example of {standard} expects another deadline than is found"
            );
        }
        write!(
            f,
            "line {line}: the example of {standard} expects {expected}; found: {found}"
        )
    }
}

fn in_words(told: impl Iterator<Item = Told>) -> String {
    let words: Vec<String> = told.map(|told| told.to_string()).collect();
    match words.is_empty() {
        true => "nothing".to_owned(),
        false => words.join(", "),
    }
}

impl std::error::Error for Difference {}

impl Example {
    /// The first standard of which these verdicts, found from [`events`](Self::events), are not what
    /// is expected. Verdicts of standards that the example does not name do not matter.
    pub fn find_difference(&self, library: &Library, found: &[Verdict]) -> Option<Difference> {
        self.expected.iter().find_map(|expected| {
            let found = of(expected, &self.events, found);
            let agrees = found.len() == expected.findings.len()
                && found
                    .iter()
                    .zip(&expected.findings)
                    .all(|(found, told)| told.agrees(found));
            (!agrees).then(|| Difference {
                line: expected.line,
                standard: library.standards[usize::from(expected.standard)].id.clone(),
                expected: expected.findings.clone(),
                found,
            })
        })
    }
}

/// The verdicts of a standard in the order of their activating events.
fn of(expected: &Expected, events: &[Event], found: &[Verdict]) -> Vec<Verdict> {
    let own = found.iter().filter(|one| one.standard == expected.standard);
    let mut own: Vec<Verdict> = own.copied().collect();
    own.sort_by_key(|one| {
        let when = events.get(one.activating as usize).map(|event| event.when);
        (when, one.activating)
    });
    own
}

impl Finding {
    /// Whether a verdict is as this says.
    pub fn agrees(&self, found: &Verdict) -> bool {
        self.told.agrees(found.outcome) && self.due.is_none_or(|due| found.due == Some(due))
    }
}

impl Told {
    fn agrees(self, found: Outcome) -> bool {
        match (self, found) {
            (Told::Excused, Outcome::Excused)
            | (Told::Met, Outcome::Met)
            | (Told::Pending, Outcome::Pending) => true,
            (Told::CannotTell(told), Outcome::CannotTell(doubt)) => {
                told.is_none_or(|told| told == doubt)
            }
            (Told::Missed(told), Outcome::Missed(lapse)) => told.is_none_or(|told| told == lapse),
            _ => false,
        }
    }
}
