//! From a plain text file of standards to a [`Library`], and the faults of such a file.
//!
//! A line that begins at the margin begins a section (`library`, `zone`, `activities`,
//! `attributes`, `ignored`, `standard`); lines that belong to it are indented. A line that begins
//! with `#` is a remark. The sentence of a standard may run over several lines; articles and
//! capitals do not matter in it. `docs/standards.md` is the reference.
//!
//! ```
//! use throughline_screening::{explain, text};
//!
//! let library = text::parse(
//!     "library \"An example\" version \"1\"
//! zone Europe/London
//! activities
//!   MISSING_RETURNED  missing child returns
//!   RETURN_INTERVIEW  return interview
//! standard H16
//!   title  Return home interview within 72 hours
//!   when a missing child returns, a return interview within 72 hours",
//! )?;
//! let standard = &library.standards[0];
//! assert_eq!(
//!     explain::sentence(&library.vocabulary, standard.key, &standard.rule),
//!     "when a missing child returns, a return interview within 72 hours"
//! );
//! # Ok::<(), text::Faults>(())
//! ```

mod declaration;
mod entry;
mod fault;
mod line;
mod phrase;
pub(crate) mod sentence;
mod slip;

pub(crate) use entry::ExampleLines;
pub(crate) use fault::nearest;
pub use fault::{Fault, Faults, Problem};
pub(crate) use line::{Line, Word};
pub(crate) use phrase::Phrases;

use crate::example::Example;
use crate::standard::{Library, Standard};

/// What a file of standards holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The standards.
    pub library: Library,
    /// The worked examples that stand with them.
    pub examples: Vec<Example>,
}

/// The standards of a text.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn parse(text: &str) -> Result<Library, Faults> {
    read(text).map(|reading| reading.library)
}

/// The standards of a text and their worked examples.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn read(text: &str) -> Result<Reading, Faults> {
    let mut faults = Vec::new();
    let sections = sections(&Line::all(text), &mut faults);
    let mut library = declaration::read(&sections, &mut faults);
    let examples = read_standards(&sections, &mut library, &mut faults);
    let examples = examples
        .iter()
        .filter_map(|lines| keep(Example::read(lines, &library), &mut faults))
        .collect();
    if faults.is_empty() {
        return Ok(Reading { library, examples });
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    Err(Faults(faults))
}

/// A library with the standards of a text behind its own. The text is read by itself: it says
/// nothing but standards, in the words that the library declares, and its lines are counted from
/// its own first.
///
/// # Errors
///
/// Everything that is wrong with the text.
pub fn extend(base: &Library, text: &str) -> Result<Library, Faults> {
    let mut faults = Vec::new();
    let sections = sections(&Line::all(text), &mut faults);
    for section in sections.iter().filter(|section| section.name != "standard") {
        faults.push(section.head.fault_at_start(Problem::Unsound(
            "only standards can be added: the rest is declared by the library that they are added to"
                .to_owned(),
        )));
    }
    let mut added = Library {
        standards: Vec::new(),
        ..base.clone()
    };
    let examples = read_standards(&sections, &mut added, &mut faults);
    for standard in &added.standards {
        if base.standards.iter().any(|other| other.id == standard.id) {
            let heads = sections.iter().map(|section| section.head);
            let head = heads.clone().find(|head| head.number == standard.line);
            let head = Line::start(head);
            faults.push(head.fault_at_start(Problem::Unsound(
                "the library has a standard of this name already; give it another".to_owned(),
            )));
        }
    }
    for lines in &examples {
        keep(Example::read(lines, &added), &mut faults);
    }
    if !faults.is_empty() {
        faults.sort_by_key(|fault| (fault.line, fault.column));
        return Err(Faults(faults));
    }
    let mut whole = base.clone();
    whole.standards.extend(added.standards);
    Ok(whole)
}

/// A line at the margin and the lines that belong to it.
pub(crate) struct Section<'a> {
    /// Its first word.
    pub name: &'static str,
    /// The line at the margin.
    pub head: Line<'a>,
    /// The indented lines after it.
    pub body: Vec<Line<'a>>,
}

const SECTIONS: [&str; 6] = [
    "library",
    "zone",
    "activities",
    "attributes",
    "ignored",
    "standard",
];

fn sections<'a>(lines: &[Line<'a>], faults: &mut Vec<Fault>) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    for line in lines {
        let first = line.said().split_whitespace().next().unwrap_or_default();
        let known = SECTIONS
            .iter()
            .find(|name| first.eq_ignore_ascii_case(name));
        match (known, sections.last_mut()) {
            (_, Some(section)) if line.indent > 0 => section.body.push(*line),
            (Some(name), _) if line.indent == 0 => sections.push(Section {
                name,
                head: *line,
                body: Vec::new(),
            }),
            _ => faults.push(misplaced(*line, first)),
        }
    }
    sections
}

fn misplaced(line: Line<'_>, first: &str) -> Fault {
    let expected = SECTIONS.iter().map(|name| format!("`{name}`"));
    let mut fault = line.fault_at_start(Problem::Expected(expected.collect()));
    fault.nearest = nearest(first, SECTIONS);
    if fault.nearest.is_none() {
        fault.problem = Problem::Unsound(
            "a line at the margin begins a section; lines that belong to a section are indented"
                .to_owned(),
        );
    }
    fault
}

fn read_standards<'a>(
    sections: &[Section<'a>],
    library: &mut Library,
    faults: &mut Vec<Fault>,
) -> Vec<ExampleLines<'a>> {
    let phrases = Phrases::new(&library.vocabulary);
    let mut standards: Vec<Standard> = Vec::new();
    let mut examples = Vec::new();
    for section in sections.iter().filter(|section| section.name == "standard") {
        let Some((standard, its_examples)) = entry::read(section, &phrases, faults) else {
            continue;
        };
        examples.extend(its_examples);
        match standards.iter().find(|other| other.id == standard.id) {
            Some(other) => faults.push(section.head.fault_at_start(Problem::Twice {
                what: "a standard of this name",
                line: other.line,
            })),
            None => standards.push(standard),
        }
    }
    if standards.len() > usize::from(u16::MAX) {
        let line = sections[0].head;
        faults.push(line.fault_at_start(Problem::Unsound(
            "a library holds at most 65,535 standards; make two of it".to_owned(),
        )));
    }
    library.standards = standards;
    examples
}

/// The thing, or its fault among the others.
fn keep<T>(read: sentence::Read<T>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(*fault)).ok()
}

#[cfg(test)]
mod tests;
