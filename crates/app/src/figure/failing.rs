//! What was not done as it should be, and to what it is put down.

use super::protect::{Guarded, Known, published};
use super::sheet::Sheet;
use super::statement::Cross;
use crate::error::Result;
use throughline_domain::framework::{Cause, Criterion, Framework};
use throughline_reports::figure::Figure;
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};
use throughline_stats::disclosure::{Cell as Hidden, Table as Counts};

/// The failings in all, by cause, and the table of criterion and cause.
pub(super) fn figures(sheet: &mut Sheet<'_>) -> Result<()> {
    let framework = sheet.framework;
    let (criteria, rows) = count(sheet, framework);
    let total: u64 = rows.iter().flatten().sum();
    sheet.count(
        "failings",
        "Failings recorded",
        total,
        None,
        "Criteria not met in the readings that stand, counted once for each place in a file.",
    )?;
    let Ok(counts) = Counts::new(rows) else {
        for cause in &framework.causes {
            by_cause(sheet, cause, 0, total)?;
        }
        return Ok(());
    };
    let guarded = sheet.protect(&counts, &cross(framework, &criteria), Known::Total)?;
    let totals = &guarded.suppressed.column_totals;
    for (cause, &cell) in framework.causes.iter().zip(totals) {
        match cell {
            Hidden::Shown(value) => by_cause(sheet, cause, value, total)?,
            Hidden::Hidden(_) => sheet.withhold(&key(cause), &label(cause), &guarded.withheld)?,
        };
    }
    sheet.tables.push(table(sheet, &criteria, &guarded));
    Ok(())
}

fn cross<'f>(framework: &'f Framework, criteria: &[&'f Criterion]) -> Cross<'f> {
    let named = |criterion: &&'f Criterion| (criterion.code.as_str(), criterion.title.as_str());
    Cross {
        what: ("failings-by-cause", "Failings by cause"),
        rows: criteria.iter().map(named).collect(),
        all_rows: framework
            .criteria()
            .map(|criterion| criterion.code.as_str())
            .collect(),
        columns: framework
            .causes
            .iter()
            .map(|cause| (cause.code.as_str(), cause.title.as_str()))
            .collect(),
    }
}

fn key(cause: &Cause) -> String {
    format!("failings-{}", cause.code)
}

fn label(cause: &Cause) -> String {
    format!("Failings put down to {}", cause.title.to_lowercase())
}

fn by_cause(sheet: &mut Sheet<'_>, cause: &Cause, value: u64, total: u64) -> Result<Figure> {
    sheet.count(
        &key(cause),
        &label(cause),
        value,
        Some(total),
        "Counted, of all failings recorded.",
    )
}

fn count<'f>(sheet: &Sheet<'_>, framework: &'f Framework) -> (Vec<&'f Criterion>, Vec<Vec<u64>>) {
    let tally = |criterion: &str, cause: &str| {
        sheet
            .inputs
            .failings
            .iter()
            .filter(|failing| failing.criterion == criterion && failing.cause == cause)
            .filter_map(|failing| super::input::whole(failing.n))
            .sum::<u64>()
    };
    framework
        .criteria()
        .map(|criterion| {
            let row = framework
                .causes
                .iter()
                .map(|cause| tally(&criterion.code, &cause.code));
            (criterion, row.collect::<Vec<u64>>())
        })
        .filter(|(_, row)| row.iter().any(|&n| n > 0))
        .unzip()
}

fn table(sheet: &Sheet<'_>, criteria: &[&Criterion], guarded: &Guarded) -> Table {
    let hidden = &guarded.suppressed;
    let line = |name: &str, cells: &[Hidden], total: Hidden| {
        let mut line = vec![Cell::text(name)];
        line.extend(cells.iter().map(|&cell| published(cell)));
        line.push(published(total));
        line
    };
    let mut rows: Vec<Row> = criteria
        .iter()
        .zip(hidden.rows.iter().zip(&hidden.row_totals))
        .map(|(criterion, (cells, &total))| Row::part(line(&criterion.title, cells, total)))
        .collect();
    rows.push(Row::total(line(
        "All failings",
        &hidden.column_totals,
        hidden.total,
    )));
    let mut columns = vec![Column::new(
        "What was not met",
        ColumnKind::Text,
        "The framework’s criterion",
    )];
    columns.extend(sheet.framework.causes.iter().map(|cause| {
        Column::new(&cause.title, ColumnKind::Count, &cause.description).being(Part::Part)
    }));
    columns.push(
        Column::new(
            "All",
            ColumnKind::Count,
            "Failings of that criterion, the sum of its causes",
        )
        .being(Part::Total),
    );
    Table {
        id: "failings-by-cause".into(),
        caption: "Failings, by what was not met and to what it is put down".into(),
        columns,
        rows,
        additive: Additive::Both,
        notes: ["Criteria that were met in every case read are left out.".to_owned()]
            .into_iter()
            .chain(guarded.withheld.note())
            .collect(),
        source: sheet.source(),
    }
}
