//! What was not done as it should be, and to what it is put down.

use super::protect::{Known, WHY, protect, published};
use super::sheet::Sheet;
use crate::error::Result;
use throughline_domain::framework::{Criterion, Framework};
use throughline_reports::figure::Measure;
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};
use throughline_stats::disclosure::{Cell as Hidden, Suppressed, Table as Counts};

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
            by_cause(sheet, &cause.code, &cause.title, Hidden::Shown(0), total)?;
        }
        return Ok(());
    };
    let threshold = u64::from(framework.disclosure_threshold);
    let hidden = protect(&counts, threshold, Known::Total);
    for (cause, &cell) in framework.causes.iter().zip(&hidden.column_totals) {
        by_cause(sheet, &cause.code, &cause.title, cell, total)?;
    }
    sheet.tables.push(table(sheet, &criteria, &hidden));
    Ok(())
}

fn by_cause(
    sheet: &mut Sheet<'_>,
    code: &str,
    title: &str,
    cell: Hidden,
    total: u64,
) -> Result<()> {
    let measure = match cell.shown() {
        Some(value) => Measure::Count {
            value,
            of: Some(total),
        },
        None => Measure::Suppressed { why: WHY.into() },
    };
    let key = format!("failings-{code}");
    let label = format!("Failings put down to {}", title.to_lowercase());
    sheet.add(
        &key,
        &label,
        measure,
        "count",
        "Counted, of all failings recorded.",
    )?;
    Ok(())
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

fn table(sheet: &Sheet<'_>, criteria: &[&Criterion], hidden: &Suppressed) -> Table {
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
        notes: vec!["Criteria that were met in every case read are left out.".into()],
        source: sheet.source(),
    }
}
