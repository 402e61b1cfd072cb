//! Worked examples: a short timeline and what must be found of it, in a notation that stands in
//! files of standards and in their reference.
//!
//! ```text
//! 2026-01-05T09:00 REFERRAL_RECEIVED risk=H child=c1
//! 2026-01-06 CHILD_SEEN
//! as of 2026-01-31
//! S1 cannot tell (order within the day) due 2026-01-06T09:00
//! ```

mod check;
mod comparison;
mod line;

pub use comparison::Difference;

use jiff::civil::Date;

use crate::event::{Event, When};
use crate::standard::Library;
use crate::text::sentence::Read;
use crate::text::{ExampleLines, Fault, Line, Problem};
use crate::verdict::{Doubt, Lapse, Outcome};

/// A timeline and what must be found of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The day up to whose end the log is known.
    pub as_of: Date,
    /// The day at whose end it was known, where it is looked at as it stood then: events recorded
    /// later are left out of `events`.
    pub known_at: Option<Date>,
    /// What happened.
    pub events: Vec<Event>,
    /// What must be found, for some of the library's standards.
    pub expected: Vec<Expected>,
}

/// What must be found of one standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The line that says so, from 1.
    pub line: u32,
    /// The standard, by its place in the library.
    pub standard: u16,
    /// What must be found of each of its activations, in the order of their times; none where it
    /// does not apply.
    pub findings: Vec<Finding>,
}

/// What must be found of one activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The verdict.
    pub told: Told,
    /// The deadline, where the example names it.
    pub due: Option<When>,
}

/// A verdict, as far as an example says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// What would have been due need not be done.
    Excused,
    /// Kept.
    Met,
    /// Neither kept nor missed yet.
    Pending,
    /// The log does not say, and perhaps why.
    CannotTell(Option<Doubt>),
    /// Missed, and perhaps in which way.
    Missed(Option<Lapse>),
}

/// How each verdict is written.
const VERDICTS: [(&str, Told); 14] = [
    ("met", Told::Met),
    ("excused", Told::Excused),
    ("pending", Told::Pending),
    ("cannot tell", Told::CannotTell(None)),
    (
        "cannot tell (order within the day)",
        Told::CannotTell(Some(Doubt::OrderWithinDay)),
    ),
    (
        "cannot tell (missing value)",
        Told::CannotTell(Some(Doubt::MissingValue)),
    ),
    (
        "cannot tell (faulty row)",
        Told::CannotTell(Some(Doubt::FaultyRow)),
    ),
    (
        "cannot tell (no calendar)",
        Told::CannotTell(Some(Doubt::NoCalendar)),
    ),
    ("missed", Told::Missed(None)),
    ("missed (late)", Told::Missed(Some(Lapse::Late))),
    ("missed (never)", Told::Missed(Some(Lapse::Never))),
    ("missed (too many)", Told::Missed(Some(Lapse::TooMany))),
    ("missed (unmatched)", Told::Missed(Some(Lapse::Unmatched))),
    ("missed (forbidden)", Told::Missed(Some(Lapse::Forbidden))),
];

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let written = VERDICTS.iter().find(|(_, told)| told == self);
        f.write_str(written.map_or("", |(words, _)| words))
    }
}

impl From<Outcome> for Told {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Excused => Told::Excused,
            Outcome::Met => Told::Met,
            Outcome::Pending => Told::Pending,
            Outcome::CannotTell(doubt) => Told::CannotTell(Some(doubt)),
            Outcome::Missed(lapse) => Told::Missed(Some(lapse)),
        }
    }
}

impl Example {
    /// Reads an example of a library from its lines.
    ///
    /// # Errors
    ///
    /// The first fault.
    pub fn parse(text: &str, library: &Library) -> Result<Example, Fault> {
        let body = Line::all(text);
        let head = Line::start(body.first().copied());
        Self::read(&ExampleLines { head, body }, library).map_err(|fault| *fault)
    }

    pub(crate) fn read(lines: &ExampleLines<'_>, library: &Library) -> Read<Example> {
        let mut example = Example {
            line: lines.head.number,
            as_of: Date::MIN,
            known_at: None,
            events: Vec::new(),
            expected: Vec::new(),
        };
        let mut days = None;
        for line in &lines.body {
            match line::read(*line, library)? {
                line::Said::Event(event) => example.events.push(event),
                line::Said::AsOf(as_of, known_at) if days.is_none() => {
                    days = Some((as_of, known_at));
                }
                line::Said::AsOf(..) => {
                    let why = "an example has one `as of`".to_owned();
                    return Err(Box::new(line.fault_at_start(Problem::Unsound(why))));
                }
                line::Said::Expected(expected) => example.expected.push(expected),
            }
        }
        let Some((as_of, known_at)) = days else {
            let missing = Problem::Missing("the line `as of 2026-01-31`");
            return Err(Box::new(lines.head.fault_at_end(missing)));
        };
        if example.expected.is_empty() {
            let missing = Problem::Missing("what must be found, such as `S1 missed (late)`,");
            return Err(Box::new(lines.head.fault_at_end(missing)));
        }
        example.as_of = as_of;
        example.known_at = known_at;
        if let Some(day) = known_at {
            let end = line::first_instant_after(day, library, lines.head)?;
            let known = |event: &Event| event.recorded_at.is_none_or(|at| at < end);
            example.events.retain(known);
        }
        Ok(example)
    }
}

#[cfg(test)]
mod tests;
