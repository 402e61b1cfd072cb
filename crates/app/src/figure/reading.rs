//! How far the readings can be trusted: cases left out, and cases read twice.

use super::input::whole;
use super::sheet::Sheet;
use crate::error::Result;
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Row, Table};
use throughline_stats::Level;
use throughline_stats::estimate::proportion;

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
    let agreed = sheet
        .inputs
        .second_readings
        .iter()
        .filter(|reading| reading.first_grade == reading.second_grade)
        .count() as u64;
    let agreement = match read_twice {
        0 => Err("no case has been read twice".to_owned()),
        n => proportion(agreed, n, None, Level::NINETY_FIVE).map_err(|error| error.to_string()),
    };
    sheet.share(
        "second-agreement",
        "Second readings that came to the same grade",
        agreement,
    )?;
    Ok(())
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
