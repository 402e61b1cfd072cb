//! A standard in plain English, so that its author sees what the program understood.

mod outcome;
mod sentence;

use std::fmt;

pub use sentence::sentence;

use crate::standard::{Counting, Key, Library, Standard};
use outcome::Outcomes;
use sentence::Speaker;

/// What a standard says, in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The standard's identifier.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The one sentence in which the program would have said it. Read as the sentence of a
    /// standard, it means the same.
    pub sentence: String,
    /// What it means, point by point.
    pub points: Vec<Point>,
}

/// One point of an [`Explanation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What it is about: `Clock`, `Met`, `Missed`.
    pub label: &'static str,
    /// A full sentence, or several.
    pub text: String,
}

/// What a standard of a library says.
pub fn explain(library: &Library, standard: &Standard) -> Explanation {
    let speaker = Speaker::new(&library.vocabulary);
    let outcomes = Outcomes::of(&speaker, &standard.rule);
    let meaning = [
        (
            "Applies",
            Some(applies(&speaker, standard, outcomes.applies)),
        ),
        ("Looks at", Some(looks_at(&speaker, standard))),
        ("Clock", outcomes.clock),
        ("Met", Some(outcomes.met)),
        ("Excused", outcomes.excused),
        ("Missed", outcomes.missed),
        ("Pending", outcomes.pending),
        ("Cannot tell", Some(outcomes.cannot_tell)),
        ("Counted", Some(counted(&speaker, standard.counts))),
    ];
    let said =
        |(label, text): (&'static str, Option<String>)| text.map(|text| Point { label, text });
    Explanation {
        id: standard.id.clone(),
        title: standard.title.clone(),
        sentence: speaker.sentence(standard.key, &standard.rule),
        points: meaning
            .into_iter()
            .chain(origin(standard))
            .filter_map(said)
            .collect(),
    }
}

fn applies(speaker: &Speaker<'_>, standard: &Standard, to: String) -> String {
    let days = match (standard.in_force_from, standard.in_force_to) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" on or after {from}"),
        (None, Some(to)) => format!(" on or before {to}"),
        (Some(from), Some(to)) => format!(" from {from} to {to}"),
    };
    let missing = speaker.asked_for(standard.rule.activating());
    let missing = match &missing[..] {
        [] => String::new(),
        names => format!(
            " Where {} is not recorded, it cannot be told.",
            names.join(" or ")
        ),
    };
    format!("{to}{days}.{missing}")
}

fn looks_at(speaker: &Speaker<'_>, standard: &Standard) -> String {
    match standard.key {
        Key::Case => "The events of one case.".to_owned(),
        Key::Attribute(key) => format!(
            "The events of one {}, in whichever cases they stand. The verdict belongs to the case of the event to which the standard applies.",
            speaker.name(key)
        ),
    }
}

fn counted(speaker: &Speaker<'_>, counts: Counting) -> String {
    let worst =
        "its worst verdict counts, in the order missed, cannot tell, pending, met, excused.";
    match counts {
        Counting::EachActivation => "Each time that it applies counts once.".to_owned(),
        Counting::EachCase => format!("Each case in which it applies counts once; {worst}"),
        Counting::Each(key) => {
            let name = speaker.name(key);
            format!("Each {name} for which it applies counts once; {worst}")
        }
    }
}

fn origin(standard: &Standard) -> [(&'static str, Option<String>); 4] {
    let all = |texts: &[String], between: &str| {
        (!texts.is_empty()).then(|| format!("{}.", texts.join(between)))
    };
    [
        ("Source", all(&standard.sources, "; ")),
        ("Nation", all(&standard.nations, " and ")),
        (
            "Bears on",
            standard.bears_on.as_ref().map(|on| format!("{on}.")),
        ),
        (
            "Switched off",
            standard
                .switched_off
                .as_ref()
                .map(|why| format!("Because {why}.")),
        ),
    ]
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}  {}", self.id, self.title)?;
        writeln!(f, "  {}", self.sentence)?;
        for point in &self.points {
            writeln!(f, "  {:<13} {}", point.label, point.text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
