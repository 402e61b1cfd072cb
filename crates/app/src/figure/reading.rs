//! How far the readings can be trusted: cases left out, and cases read twice.

use super::Passage;
use super::input::whole;
use super::sheet::Sheet;
use crate::audit::agreement::Agreement;
use crate::error::Result;
use throughline_reports::document::{Block, Inline, NoteTone};
use throughline_reports::figure::Measure;
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Row, Table};
use throughline_stats::Level;
use throughline_stats::agreement::Coefficient;

/// Cases left out of the sample, by reason, and the agreement of second readings.
pub(super) fn figures(sheet: &mut Sheet<'_>) -> Result<()> {
    left_out(sheet)?;
    let read_twice = sheet.inputs.second_readings.len() as u64;
    let graded = sheet.inputs.grades.graded().count() as u64;
    sheet.count(
        "second-readings",
        "Cases read a second time, blind",
        read_twice,
        Some(graded),
        "Cases with two submitted readings, the second by somebody who did not know the first.",
    )?;
    agreement(sheet, graded)
}

/// How well two readers of a case agree, by each of its usual measures, and what the programme's
/// gate says of it.
fn agreement(sheet: &mut Sheet<'_>, graded: u64) -> Result<()> {
    let pairs: Vec<(String, String)> = sheet
        .inputs
        .second_readings
        .iter()
        .filter_map(|reading| Some((reading.first_grade.clone()?, reading.second_grade.clone()?)))
        .collect();
    let drawn = sheet.inputs.grades.drawn.len() as u64;
    let found = Agreement::of(sheet.framework, drawn, &pairs);
    let share = match found.read_twice {
        0 => Err(NOT_READ_TWICE.to_owned()),
        _ => found.share().map_err(|error| error.to_string()),
    };
    let label = "Second readings that came to the same grade";
    sheet.share("second-agreement", label, share, "")?;
    let all = found.coefficients.as_ref();
    for (key, name, words, value) in [
        ("agreement-ac1", "Gwet’s AC1", AC1, all.map(|all| all.ac1)),
        ("agreement-ac2", "Gwet’s AC2", AC2, all.map(|all| all.ac2)),
        (
            "agreement-kappa",
            "Cohen’s kappa",
            KAPPA,
            all.and_then(|all| all.kappa),
        ),
    ] {
        let label = format!("Agreement between readers, {name}");
        let method = format!("{name}, linearised standard error over cases, Student’s interval");
        sheet.add(key, &label, coefficient(value), &method, words)?;
    }
    said(sheet, &found, graded);
    Ok(())
}

const NOT_READ_TWICE: &str = "no case has been read twice";
const AC1: &str = "How often two readers grade a case alike, less what chance would give, where nought is chance and one is always. Steady where most cases have one grade.";
const AC2: &str = "As AC1, with grades near each other counting in part (quadratic weights).";
const KAPPA: &str = "How often two readers grade a case alike, less what each reader’s own habits would give by chance. It falls towards nought where nearly all cases have one grade.";

fn coefficient(found: Option<Coefficient>) -> Measure {
    let Some(found) = found else {
        return Measure::Unknown {
            why: format!("{NOT_READ_TWICE}, or every reading is the same grade"),
        };
    };
    match (found.lower, found.upper) {
        (Some(lower), Some(upper)) => Measure::Coefficient {
            value: found.value,
            lower,
            upper,
            level: Level::NINETY_FIVE.value(),
            n: found.read_twice,
        },
        _ => Measure::Unknown {
            why: "one case read twice tells nothing of agreement".into(),
        },
    }
}

/// What the gate says, for the report and for those who want to freeze its figures.
fn said(sheet: &mut Sheet<'_>, found: &Agreement, graded: u64) {
    // Before anything is graded there is nothing that readers could agree on.
    sheet.gate_shut = found.shut_because().filter(|_| graded > 0);
    let note = Block::Note {
        id: "agreement-in-words".into(),
        tone: NoteTone::Aside,
        inlines: vec![Inline::text(found.in_words())],
    };
    sheet.passages.push(Passage {
        id: "agreement".into(),
        blocks: if graded > 0 { vec![note] } else { Vec::new() },
    });
}

fn left_out(sheet: &mut Sheet<'_>) -> Result<()> {
    let tallies: Vec<(String, u64)> = sheet
        .inputs
        .left_out
        .iter()
        .filter_map(|tally| {
            let reason = sheet.framework.find_elimination(&tally.code);
            let title = reason.map_or(&tally.code, |reason| &reason.title).clone();
            Some((title, whole(tally.n)?))
        })
        .collect();
    let total: u64 = tallies.iter().map(|(_, n)| n).sum();
    sheet.count(
        "cases-left-out",
        "Drawn cases that were not read",
        total,
        None,
        "Cases of the draw that were taken out, each with its coded reason.",
    )?;
    if total == 0 {
        return Ok(());
    }
    let mut rows: Vec<Row> = tallies
        .into_iter()
        .map(|(title, n)| Row::part(vec![Cell::text(title), Cell::Count(n)]))
        .collect();
    rows.push(Row::total(vec![Cell::text("All"), Cell::Count(total)]));
    let table = Table {
        id: "cases-left-out-by-reason".into(),
        caption: "Drawn cases that were not read, by reason".into(),
        columns: vec![
            Column::new("Reason", ColumnKind::Text, "The framework’s coded reason"),
            Column::new(
                "Cases",
                ColumnKind::Count,
                "Cases taken out for that reason",
            ),
        ],
        rows,
        additive: Additive::Down,
        notes: Vec::new(),
        source: sheet.source(),
    };
    sheet.tables.push(table);
    Ok(())
}
