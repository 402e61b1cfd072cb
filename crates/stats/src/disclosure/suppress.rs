//! Choosing what to hide.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::audit::reach;
use super::table::{Cell, Spot, Suppressed, Table, Why};

/// Why a single "k of n" would let somebody be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recognisable {
    /// So few have the answer that they may be known.
    Small,
    /// So few lack the answer that they may be known.
    Complement,
    /// Everybody has the answer, so it is known of each.
    Group,
}

/// Whether a published "k of n", or a percentage from which it follows, would let somebody be
/// recognised: 0 < k < threshold, 0 < n − k < threshold, or k = n > 0.
pub fn recognisable(k: u64, n: u64, threshold: u64) -> Option<Recognisable> {
    let rest = n.saturating_sub(k);
    match (k, rest) {
        (0, _) => None,
        (k, _) if k < threshold => Some(Recognisable::Small),
        (_, 0) => Some(Recognisable::Group),
        (_, rest) if rest < threshold => Some(Recognisable::Complement),
        _ => None,
    }
}

/// Hides what would let somebody be recognised, and as little more as a greedy search finds that
/// keeps it from being worked out; the module says by which rules. A threshold of 0 or 1 still hides
/// a cell that is its whole row. Always ends with a safe table, at worst with nothing shown.
pub fn suppress(table: &Table, threshold: u64) -> Suppressed {
    let primary: BTreeSet<Spot> = table
        .spots()
        .filter(|&spot| is_primary(table, spot, threshold))
        .collect();
    let guard = Guard {
        table,
        threshold: threshold.max(1),
        primary: &primary,
    };
    let mut hidden = primary.clone();
    while let Some(weak) = guard.weakest(&hidden) {
        hidden.extend(guard.rectangle(&hidden, weak));
    }
    publish(table, &primary, &hidden)
}

pub(super) fn is_primary(table: &Table, spot: Spot, threshold: u64) -> bool {
    let count = table.at(spot);
    let row_total = table.at((spot.0, table.columns()));
    let part_of_row = spot.1 < table.columns() && table.columns() > 1;
    match recognisable(count, row_total, threshold) {
        Some(Recognisable::Small) => true,
        Some(_) => part_of_row,
        None => false,
    }
}

pub(super) fn publish(
    table: &Table,
    primary: &BTreeSet<Spot>,
    hidden: &BTreeSet<Spot>,
) -> Suppressed {
    let cell = |spot: Spot| match (primary.contains(&spot), hidden.contains(&spot)) {
        (true, _) => Cell::Hidden(Why::Primary),
        (_, true) => Cell::Hidden(Why::Secondary),
        _ => Cell::Shown(table.at(spot)),
    };
    let (rows, columns) = (table.rows(), table.columns());
    Suppressed {
        rows: (0..rows)
            .map(|row| (0..columns).map(|column| cell((row, column))).collect())
            .collect(),
        row_totals: (0..rows).map(|row| cell((row, columns))).collect(),
        column_totals: (0..columns).map(|column| cell((rows, column))).collect(),
        total: cell((rows, columns)),
    }
}

/// What hiding a cell costs the reader; the first difference decides: totals, zeros, cells, cases.
type Cost = (usize, usize, usize, u64);

struct Guard<'a> {
    table: &'a Table,
    threshold: u64,
    primary: &'a BTreeSet<Spot>,
}

impl Guard<'_> {
    /// How wide the attacker's range must stay.
    fn needed(&self, spot: Spot) -> u64 {
        if self.primary.contains(&spot) {
            self.threshold
        } else {
            1
        }
    }

    fn width(&self, hidden: &BTreeSet<Spot>, spot: Spot) -> u64 {
        reach(self.table, hidden, spot).width()
    }

    /// The first hidden cell that is not protected, primary ones first.
    fn weakest(&self, hidden: &BTreeSet<Spot>) -> Option<Spot> {
        let others = hidden.difference(self.primary);
        self.primary
            .iter()
            .chain(others)
            .copied()
            .find(|&spot| self.width(hidden, spot) < self.needed(spot))
    }

    /// The cells to hide next for the sake of `weak`: the cheapest rectangle that protects it alone;
    /// else the one that widens its range most; else everything.
    fn rectangle(&self, hidden: &BTreeSet<Spot>, weak: Spot) -> Vec<Spot> {
        let mut choices: Vec<(Cost, [Spot; 4])> = self
            .rectangles(weak)
            .map(|corners| (self.cost(hidden, corners), corners))
            .filter(|(cost, _)| cost.2 > 0)
            .collect();
        choices.sort();
        let protects =
            |corners: &[Spot; 4]| self.width(&BTreeSet::from(*corners), weak) >= self.needed(weak);
        let alone = choices.iter().find(|(_, corners)| protects(corners));
        let before = self.width(hidden, weak);
        let widest = || {
            choices
                .iter()
                .rev()
                .map(|(_, corners)| {
                    (
                        self.width(&(hidden | &BTreeSet::from(*corners)), weak),
                        corners,
                    )
                })
                .max_by_key(|(width, _)| *width)
                .filter(|(width, _)| *width > before)
        };
        match alone
            .map(|(_, corners)| corners)
            .or_else(|| widest().map(|(_, corners)| corners))
        {
            Some(corners) => corners.to_vec(),
            None => self.table.spots().collect(),
        }
    }

    fn rectangles(&self, (row, column): Spot) -> impl Iterator<Item = [Spot; 4]> {
        self.table
            .spots()
            .filter(move |&(other_row, other_column)| other_row != row && other_column != column)
            .map(move |(r, c)| [(row, column), (row, c), (r, column), (r, c)])
    }

    fn cost(&self, hidden: &BTreeSet<Spot>, corners: [Spot; 4]) -> Cost {
        let fresh: Vec<Spot> = corners
            .into_iter()
            .filter(|corner| !hidden.contains(corner))
            .collect();
        let totals = fresh
            .iter()
            .filter(|&&spot| self.table.is_total(spot))
            .count();
        let zeros = fresh
            .iter()
            .filter(|&&spot| self.table.at(spot) == 0)
            .count();
        (
            totals,
            zeros,
            fresh.len(),
            fresh.iter().map(|&spot| self.table.at(spot)).sum(),
        )
    }
}
