//! The figures as a table for people.

use std::fmt::Write;

use super::figure::{Figures, StandardFigures};
use crate::engine::{Counted, StandardTally};

/// How long a title may be in the table.
const TITLE: usize = 44;

/// The figures as a table of plain text, a standard to a line.
pub fn table(figures: &Figures) -> String {
    let mut out = String::new();
    let tally = &figures.tally;
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "{} {}, as of {}",
        tally.library, tally.version, figures.as_of
    );
    let _ = writeln!(
        out,
        "{} cases with {} events{}\n",
        figures.input.cases,
        figures.input.events,
        match figures.input.cases_without_events {
            0 => String::new(),
            more => format!("; {more} more without any event"),
        }
    );
    let _ = writeln!(
        out,
        "{:<6} {:<TITLE$} {:>9} {:>9} {:>7} {:>9} {:>8} {:>8} {:>8}  of",
        "", "", "met", "missed", "% met", "pending", "excused", "unsure", "n/a"
    );
    for standard in &figures.standards {
        if let Some(counted) = tally.find_standard(&standard.id) {
            push_line(&mut out, standard, counted);
        }
    }
    push_unrecorded(&mut out, figures);
    push_faults(&mut out, figures);
    out
}

fn push_line(out: &mut String, standard: &StandardFigures, tally: &StandardTally) {
    let counts = tally.counted();
    let share = standard
        .share_met
        .map_or("-".to_owned(), |share| format!("{:.1}", 100.0 * share));
    let title = match standard.title.char_indices().nth(TITLE) {
        Some(_) => standard
            .title
            .chars()
            .take(TITLE - 1)
            .chain(['…'])
            .collect(),
        None => standard.title.clone(),
    };
    let of = match tally.counts {
        Counted::Activations => "times",
        Counted::Cases => "cases",
        Counted::Things(_) => "persons",
    };
    let _ = writeln!(
        out,
        "{:<6} {title:<TITLE$} {:>9} {:>9} {share:>7} {:>9} {:>8} {:>8} {:>8}  {of}",
        standard.id,
        counts.met,
        counts.missed(),
        counts.pending,
        counts.excused,
        counts.cannot_tell(),
        standard.cases_not_applicable,
    );
    if let Some(median) = tally.times.quantile(0.5) {
        let nine_tenths = tally.times.quantile(0.9).unwrap_or(median);
        let (median, nine_tenths) = (duration(median), duration(nine_tenths));
        let _ = writeln!(
            out,
            "{:<6} half within {median}, nine tenths within {nine_tenths}",
            ""
        );
    }
}

fn push_unrecorded(out: &mut String, figures: &Figures) {
    if !figures.unrecorded.is_empty() {
        let _ = writeln!(
            out,
            "\nnot judged, as nothing that they await is in the log: {}",
            figures.unrecorded.join(", ")
        );
    }
}

fn push_faults(out: &mut String, figures: &Figures) {
    let faulty = &figures.input.faulty;
    if faulty.is_empty() {
        return;
    }
    let rows: u64 = faulty.values().sum();
    let _ = writeln!(out, "\n{rows} faulty rows:");
    for (kind, count) in faulty {
        let _ = writeln!(out, "  {count:>9} {kind}");
    }
}

/// A length of time in words, from microseconds.
fn duration(micros: i64) -> String {
    let hours = micros as f64 / 3_600e6;
    if hours < 48.0 {
        format!("{hours:.1} hours")
    } else {
        format!("{:.1} days", hours / 24.0)
    }
}
