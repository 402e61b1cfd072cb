//! Cells that are sums of one another in any way: a table, tables that share margins, a hierarchy of
//! areas, quarters and their running totals.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::suppress::{Recognisable, recognisable};
use super::table::{Spot, Table};
use crate::StatsError;

/// One cell that is the sum of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// The cell that is the sum, by its place in the list of counts.
    pub total: usize,
    /// The cells that add up to it.
    pub parts: Vec<usize>,
    /// Whether the parts are the answers that the cases of the total can have, so that a part which
    /// holds nearly or quite all of them tells something about each.
    pub answers: bool,
}

/// Counts and which of them are sums of which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cells {
    counts: Vec<u64>,
    sums: Vec<Sum>,
}

impl Cells {
    /// Counts with their sums.
    ///
    /// # Errors
    /// When there is no count, a sum names a cell that is not there or twice the same, or does not add
    /// up.
    pub fn new(counts: Vec<u64>, sums: Vec<Sum>) -> Result<Self, StatsError> {
        if counts.is_empty() {
            return Err(StatsError::Empty {
                what: "counts".into(),
            });
        }
        for (sum, number) in sums.iter().zip(1..) {
            check_sum(&counts, sum, number)?;
        }
        Ok(Self { counts, sums })
    }

    /// A two-way table: row by row, the row total last in each, and the row of column totals last.
    pub fn of_table(table: &Table) -> Self {
        let (rows, columns) = (table.rows(), table.columns());
        let place = |(row, column): Spot| row * (columns + 1) + column;
        let row = |row: usize| Sum {
            total: place((row, columns)),
            parts: (0..columns).map(|column| place((row, column))).collect(),
            answers: columns > 1,
        };
        let column = |column: usize| Sum {
            total: place((rows, column)),
            parts: (0..rows).map(|row| place((row, column))).collect(),
            answers: false,
        };
        Self {
            counts: table.spots().map(|spot| table.at(spot)).collect(),
            sums: (0..=rows)
                .map(row)
                .chain((0..=columns).map(column))
                .collect(),
        }
    }

    /// The counts.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The sums.
    pub fn sums(&self) -> &[Sum] {
        &self.sums
    }

    /// The cells that would let somebody be recognised: counts above 0 and below the threshold, and
    /// answers that all but a few, or all, cases of their total have.
    pub fn recognisable(&self, threshold: u64) -> BTreeSet<usize> {
        let small = |cell: &usize| (1..threshold).contains(&self.counts[*cell]);
        let answers = self.sums.iter().filter(|sum| sum.answers);
        let telling = answers.flat_map(|sum| {
            let all = self.counts[sum.total];
            let tells = move |cell: &usize| {
                let found = recognisable(self.counts[*cell], all, threshold);
                matches!(found, Some(Recognisable::Complement | Recognisable::Group))
            };
            sum.parts.iter().copied().filter(tells)
        });
        (0..self.counts.len())
            .filter(small)
            .chain(telling)
            .collect()
    }

    /// Whether a cell is the sum of others.
    pub(super) fn is_total(&self, cell: usize) -> bool {
        self.sums.iter().any(|sum| sum.total == cell)
    }
}

fn check_sum(counts: &[u64], sum: &Sum, number: usize) -> Result<(), StatsError> {
    let refuse = |problem: String| {
        Err(StatsError::Mismatch {
            what: format!("sum {number} {problem}"),
        })
    };
    let mut seen = BTreeSet::from([sum.total]);
    for &cell in &sum.parts {
        if !seen.insert(cell) {
            return refuse(format!("names cell {cell} twice"));
        }
    }
    if let Some(cell) = seen.iter().find(|&&cell| cell >= counts.len()) {
        return refuse(format!(
            "names cell {cell}, but cells go from 0 to {}",
            counts.len() - 1
        ));
    }
    let parts = sum
        .parts
        .iter()
        .try_fold(0_u64, |all, &cell| all.checked_add(counts[cell]));
    match parts {
        Some(parts) if parts == counts[sum.total] => Ok(()),
        _ => refuse(format!(
            "does not add up: its total is {} but its parts do not make it",
            counts[sum.total]
        )),
    }
}
