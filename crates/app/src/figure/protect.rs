//! Hiding the small counts of a table whose totals for the whole force are published anyway.

use std::collections::BTreeMap;
use throughline_reports::table::Cell;
use throughline_stats::disclosure::{
    Cell as Hidden, Place, Suppressed, Table, Why, audit, suppress,
};

/// Which totals stand elsewhere in the report, so that hiding them here would protect nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// The total of each column and of all.
    ColumnTotals,
    /// The total of all.
    Total,
}

/// Why a cell is withheld, as the end of a sentence. The same for every cell, so that nothing
/// tells a small number from one that only protects it.
pub(super) const WHY: &str = "a number so small that a child could be recognised, or from which such a number could be worked out";

/// Hides what would let a child be recognised by somebody who knows those totals: first as
/// few cells as possible, then row by row, from the smallest, until each is as safe as hiding
/// everything would make it.
pub(super) fn protect(table: &Table, threshold: u64, known: Known) -> Suppressed {
    let mut hidden = suppress(table, threshold);
    show_known(table, &mut hidden, known);
    let safest = reach(table, &everything(table, known));
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    rows.sort_by_key(|&row| table.get(row_total(row)));
    for row in rows {
        if is_safe(table, &hidden, threshold, &safest) {
            return hidden;
        }
        hide_row(&mut hidden, row);
    }
    if is_safe(table, &hidden, threshold, &safest) {
        return hidden;
    }
    everything(table, known)
}

fn row_total(row: usize) -> Place {
    Place {
        row: Some(row),
        column: None,
    }
}

fn show_known(table: &Table, hidden: &mut Suppressed, known: Known) {
    let shown = |place| Hidden::Shown(table.get(place).unwrap_or_default());
    hidden.total = shown(Place {
        row: None,
        column: None,
    });
    if known == Known::ColumnTotals {
        for (column, cell) in hidden.column_totals.iter_mut().enumerate() {
            *cell = shown(Place {
                row: None,
                column: Some(column),
            });
        }
    }
}

fn hide_row(hidden: &mut Suppressed, row: usize) {
    let hide = |cell: &mut Hidden| {
        if cell.shown().is_some() {
            *cell = Hidden::Hidden(Why::Secondary);
        }
    };
    hidden.rows[row].iter_mut().for_each(hide);
    hide(&mut hidden.row_totals[row]);
}

fn everything(table: &Table, known: Known) -> Suppressed {
    let cell = Hidden::Hidden(Why::Secondary);
    let mut hidden = Suppressed {
        rows: vec![vec![cell; table.columns()]; table.rows()],
        row_totals: vec![cell; table.rows()],
        column_totals: vec![cell; table.columns()],
        total: cell,
    };
    show_known(table, &mut hidden, known);
    hidden
}

fn reach(table: &Table, hidden: &Suppressed) -> BTreeMap<Place, u64> {
    audit(table, hidden)
        .into_iter()
        .map(|reach| (reach.place, reach.width()))
        .collect()
}

/// Whether every cell that is small in itself keeps a range as wide as the threshold, or as
/// wide as it can have, and no other hidden cell can be worked out.
fn is_safe(
    table: &Table,
    hidden: &Suppressed,
    threshold: u64,
    safest: &BTreeMap<Place, u64>,
) -> bool {
    audit(table, hidden).into_iter().all(|reach| {
        let primary = hidden.get(reach.place) == Some(Hidden::Hidden(Why::Primary));
        let wanted = if primary { threshold } else { 1 };
        let possible = safest.get(&reach.place).copied().unwrap_or_default();
        reach.width() >= wanted.min(possible)
    })
}

/// A cell of a protected table as it is published.
pub(super) fn published(cell: Hidden) -> Cell {
    match cell.shown() {
        Some(count) => Cell::Count(count),
        None => Cell::Suppressed(WHY.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(hidden: &Suppressed) -> Vec<Vec<Option<u64>>> {
        hidden
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.shown()).collect())
            .collect()
    }

    #[test]
    fn large_counts_stay() {
        let table = Table::new(vec![vec![40, 30], vec![20, 50]]).expect("a table");
        let hidden = protect(&table, 10, Known::ColumnTotals);
        assert_eq!(shown(&hidden), [[Some(40), Some(30)], [Some(20), Some(50)]]);
    }

    #[test]
    fn small_count_cannot_be_worked_out_from_the_totals_of_the_force() {
        let table = Table::new(vec![vec![4, 30], vec![20, 50], vec![31, 42]]).expect("a table");
        let hidden = protect(&table, 10, Known::ColumnTotals);
        assert_eq!(hidden.column_totals[0].shown(), Some(55));
        for reach in audit(&table, &hidden) {
            let primary = hidden.get(reach.place) == Some(Hidden::Hidden(Why::Primary));
            assert!(reach.width() >= if primary { 10 } else { 1 }, "{reach:?}");
        }
    }

    #[test]
    fn where_nothing_is_large_only_the_totals_of_the_force_stay() {
        let table = Table::new(vec![vec![2, 2, 2], vec![1, 3, 2]]).expect("a table");
        let hidden = protect(&table, 10, Known::ColumnTotals);
        assert!(shown(&hidden).iter().flatten().all(Option::is_none));
        assert_eq!(hidden.total.shown(), Some(12));
        let totals: Vec<_> = hidden
            .column_totals
            .iter()
            .map(|cell| cell.shown())
            .collect();
        assert_eq!(totals, [Some(3), Some(5), Some(4)]);
    }
}
