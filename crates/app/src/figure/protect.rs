//! Hiding the small counts of a table whose totals for the whole force are published anyway.
//!
//! The cells to hide are chosen by optimisation: as few and as small as keep every small count
//! within a range as wide as the threshold. It is done once, when figures are frozen, and what an
//! attacker can still reach is kept beside the table. A table too large for it is protected by a
//! greedy search, which hides more and is as safe.

use std::collections::{BTreeMap, BTreeSet};
use throughline_reports::table::Cell;
use throughline_stats::disclosure::{
    Ask, Cell as Hidden, CellReach, Cells, Place, Protected, Sum, Suppressed, Table, Why, attack,
    audit, protect as choose, suppress,
};

/// Which totals stand elsewhere in the report, so that hiding them here would protect nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// The total of each column and of all.
    ColumnTotals,
    /// The total of all.
    Total,
}

/// What must be protected, and what an attacker knows already.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    /// Counts above 0 and below it are small.
    pub threshold: u64,
    /// The totals that stand elsewhere.
    pub known: Known,
    /// Sums of its cells that stand elsewhere.
    pub sums: Vec<Vec<Place>>,
    /// The cells that an earlier publication withheld: showing them now would show what they were.
    pub withheld_before: BTreeSet<Place>,
}

/// A table after hiding, with what is left to an attacker.
#[derive(Debug, Clone)]
pub(super) struct Guarded {
    /// The table.
    pub suppressed: Suppressed,
    /// What is hidden in it, and how well.
    pub withheld: Withheld,
}

/// How much is hidden, and what is left to an attacker.
#[derive(Debug, Clone, Copy)]
pub(super) struct Withheld {
    /// How many cells are hidden.
    pub cells: u64,
    /// The fewest values that somebody who knows all that is shown must think possible of a hidden
    /// cell; absent when nothing is hidden or nothing bounds any of them.
    pub possible_min: Option<u64>,
    /// How the cells were chosen.
    pub method: &'static str,
}

/// Why a cell is withheld, as the end of a sentence. The same for every cell, so that nothing
/// tells a small number from one that only protects it.
pub(super) const WHY: &str = "a number so small that a child could be recognised, or from which such a number could be worked out";

/// The largest table that is protected by optimisation, in cells with totals: some seconds.
const CELLS_MAX: usize = 300;

const OPTIMISED: &str = "the fewest cells hidden, chosen by integer optimisation; what can be worked out of them, by linear programming";
const GREEDY: &str =
    "cells hidden by a greedy search; what can be worked out of them, by linear programming";
const UNCHECKED: &str =
    "cells hidden by a greedy search; how far they can be worked out could not be checked";

/// Hides what would let a child be recognised by somebody who knows those totals.
pub(super) fn protect(table: &Table, guard: &Guard) -> Guarded {
    let cells = with_sums(table, &guard.sums);
    let ask = ask(table, &cells, guard);
    let small_enough = cells.counts().len() <= CELLS_MAX;
    let best = small_enough.then(|| choose(&cells, &ask).ok()).flatten();
    match best {
        Some(Protected { hidden, reach, .. }) => {
            let suppressed = published_table(table, &ask.primary, &hidden);
            Guarded {
                withheld: Withheld::of(&reach, OPTIMISED),
                suppressed,
            }
        }
        None => {
            let suppressed = hide_greedily(table, guard, &ask);
            let hidden = hidden_cells(table, &suppressed);
            let withheld = match attack(&cells, &hidden) {
                Ok(reach) => Withheld::of(&reach, GREEDY),
                Err(_) => Withheld {
                    cells: hidden.len() as u64,
                    possible_min: None,
                    method: UNCHECKED,
                },
            };
            Guarded {
                suppressed,
                withheld,
            }
        }
    }
}

impl Withheld {
    /// Nothing, where nothing had to be hidden.
    pub const NOTHING: Withheld = Withheld {
        cells: 0,
        possible_min: None,
        method: OPTIMISED,
    };

    /// This and that of another table of the same kind, as one.
    pub fn and(self, other: Withheld) -> Withheld {
        let narrowest = [self.possible_min, other.possible_min];
        Withheld {
            cells: self.cells + other.cells,
            possible_min: narrowest.into_iter().flatten().min(),
            method: if other.cells > 0 {
                other.method
            } else {
                self.method
            },
        }
    }

    fn of(reach: &[CellReach], method: &'static str) -> Self {
        let bounded = reach.iter().filter(|reach| reach.upper.is_some());
        Withheld {
            cells: reach.len() as u64,
            possible_min: bounded.map(|reach| reach.width() + 1).min(),
            method,
        }
    }

    /// What protects the numbers withheld, as notes beneath the table.
    pub fn note(&self) -> Option<String> {
        if self.cells == 0 {
            return None;
        }
        Some(match self.possible_min {
            Some(0 | 1) => "Numbers marked c are withheld. Some of them follow from the totals of the whole force, which are published on purpose.".into(),
            Some(fewest) => format!(
                "Numbers marked c are withheld. Nobody who has all that is published here can narrow one of them to fewer than {fewest} possible values."
            ),
            None if self.method == UNCHECKED => "Numbers marked c are withheld. How closely somebody could work them out was too much to compute.".into(),
            None => "Numbers marked c are withheld. Nothing that is published here sets a bound to any of them.".into(),
        })
    }
}

/// The table with the further sums, which come after its own places.
fn with_sums(table: &Table, sums: &[Vec<Place>]) -> Cells {
    let own = Cells::of_table(table);
    let places = places(table);
    let (mut counts, mut all) = (own.counts().to_vec(), own.sums().to_vec());
    for sum in sums {
        let part = |place: &Place| places.iter().position(|own| own == place);
        let parts: Vec<usize> = sum.iter().filter_map(part).collect();
        let count = parts.iter().map(|&part| own.counts()[part]).sum();
        all.push(Sum {
            total: counts.len(),
            parts,
            answers: false,
        });
        counts.push(count);
    }
    Cells::new(counts, all).unwrap_or(own)
}

fn ask(table: &Table, cells: &Cells, guard: &Guard) -> Ask {
    let places = places(table);
    let all = |wanted: &dyn Fn(Place) -> bool| -> BTreeSet<usize> {
        (0..places.len())
            .filter(|&cell| wanted(places[cell]))
            .collect()
    };
    // A sum of one cell is that cell.
    let alone = |place: Place| guard.sums.iter().any(|sum| *sum == [place]);
    let mut published = all(&|place| guard.known.holds(place) || alone(place));
    published.extend(places.len()..cells.counts().len());
    let primary: BTreeSet<usize> = cells
        .recognisable(guard.threshold)
        .difference(&published)
        .copied()
        .collect();
    let before = all(&|place| guard.withheld_before.contains(&place));
    Ask {
        hidden: &(&before - &published) - &primary,
        primary,
        published,
        threshold: guard.threshold,
    }
}

impl Known {
    fn holds(self, place: Place) -> bool {
        let of_rows = place.row.is_none();
        of_rows && (place.column.is_none() || self == Known::ColumnTotals)
    }
}

/// Every place of the table with its totals, in the order of [`Cells::of_table`].
fn places(table: &Table) -> Vec<Place> {
    let (rows, columns) = (table.rows(), table.columns());
    let place = |row: usize, column: usize| Place {
        row: (row < rows).then_some(row),
        column: (column < columns).then_some(column),
    };
    (0..=rows)
        .flat_map(|row| (0..=columns).map(move |column| place(row, column)))
        .collect()
}

fn hidden_cells(table: &Table, suppressed: &Suppressed) -> BTreeSet<usize> {
    let is_hidden = |place: &Place| {
        suppressed
            .get(*place)
            .is_some_and(|cell| cell.shown().is_none())
    };
    let places = places(table);
    (0..places.len())
        .filter(|&cell| is_hidden(&places[cell]))
        .collect()
}

fn published_table(
    table: &Table,
    primary: &BTreeSet<usize>,
    hidden: &BTreeSet<usize>,
) -> Suppressed {
    let width = table.columns() + 1;
    let cell = |row: usize, column: usize, place: Place| {
        let number = row * width + column;
        match (primary.contains(&number), hidden.contains(&number)) {
            (true, _) => Hidden::Hidden(Why::Primary),
            (_, true) => Hidden::Hidden(Why::Secondary),
            _ => Hidden::Shown(table.get(place).unwrap_or_default()),
        }
    };
    let (rows, columns) = (table.rows(), table.columns());
    let places = places(table);
    let at = |row: usize, column: usize| cell(row, column, places[row * width + column]);
    Suppressed {
        rows: (0..rows)
            .map(|row| (0..columns).map(|column| at(row, column)).collect())
            .collect(),
        row_totals: (0..rows).map(|row| at(row, columns)).collect(),
        column_totals: (0..columns).map(|column| at(rows, column)).collect(),
        total: at(rows, columns),
    }
}

/// First as few cells as the search finds, then row by row, from the smallest, until each is as
/// safe as hiding everything would make it.
fn hide_greedily(table: &Table, guard: &Guard, ask: &Ask) -> Suppressed {
    let found = hidden_cells(table, &suppress(table, guard.threshold));
    let hidden = &(&found | &ask.hidden) - &ask.published;
    let mut hidden = published_table(table, &ask.primary, &hidden);
    let safest = reach(table, &everything(table, ask));
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    rows.sort_by_key(|&row| table.get(row_total(row)));
    for row in rows {
        if is_safe(table, &hidden, guard.threshold, &safest) {
            return hidden;
        }
        hide_row(&mut hidden, row);
    }
    if is_safe(table, &hidden, guard.threshold, &safest) {
        return hidden;
    }
    everything(table, ask)
}

fn row_total(row: usize) -> Place {
    Place {
        row: Some(row),
        column: None,
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

fn everything(table: &Table, ask: &Ask) -> Suppressed {
    let all: BTreeSet<usize> = (0..places(table).len()).collect();
    published_table(table, &ask.primary, &(&all - &ask.published))
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
mod tests;
