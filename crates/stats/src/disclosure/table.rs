//! A table of counts with its totals, before and after hiding.

use serde::{Deserialize, Serialize};

use crate::StatsError;

/// A two-way table of counts. Its totals are made from the counts, never given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Counts with the row totals as last column and the column totals as last row.
    extended: Vec<Vec<u64>>,
}

/// Where a cell or a total stands: `None` for the row means the total over rows, `None` for the
/// column the total over columns. Counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The row; `None` in the row of column totals.
    pub row: Option<usize>,
    /// The column; `None` in the column of row totals.
    pub column: Option<usize>,
}

/// Why a cell is hidden. For the keeper of the table, not for publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It would let somebody be recognised.
    Primary,
    /// It would let a primary cell be worked out.
    Secondary,
}

/// A cell after hiding. A hidden cell does not hold its count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Shown.
    Shown(u64),
    /// Hidden.
    Hidden(Why),
}

impl Cell {
    /// The count, unless it is hidden.
    pub fn shown(self) -> Option<u64> {
        match self {
            Self::Shown(count) => Some(count),
            Self::Hidden(_) => None,
        }
    }

    /// What is printed: the count, or `c` whatever the reason for hiding.
    pub fn published(self) -> String {
        self.shown()
            .map_or_else(|| "c".into(), |count| count.to_string())
    }
}

impl Cell {
    /// The share of `whole` that this cell may be published as, wherever it is printed: none when either
    /// is hidden, since a share and one count give the other away, or when the whole is 0.
    pub fn share_of(self, whole: Cell) -> Option<f64> {
        let (count, all) = (self.shown()?, whole.shown()?);
        (all > 0).then(|| count as f64 / all as f64)
    }
}

/// A table after hiding, with its totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// The cells, row by row.
    pub rows: Vec<Vec<Cell>>,
    /// The total of each row.
    pub row_totals: Vec<Cell>,
    /// The total of each column.
    pub column_totals: Vec<Cell>,
    /// The total of all.
    pub total: Cell,
}

impl Suppressed {
    /// The cell or total at `place`, if there is one.
    pub fn get(&self, place: Place) -> Option<Cell> {
        match (place.row, place.column) {
            (Some(row), Some(column)) => self.rows.get(row)?.get(column).copied(),
            (Some(row), None) => self.row_totals.get(row).copied(),
            (None, Some(column)) => self.column_totals.get(column).copied(),
            (None, None) => Some(self.total),
        }
    }
}

impl Table {
    /// A table from its rows.
    ///
    /// # Errors
    /// When there is no row or no column, rows differ in length, or the total is too large to add up.
    pub fn new(rows: Vec<Vec<u64>>) -> Result<Self, StatsError> {
        let columns = rows.first().map_or(0, Vec::len);
        if columns == 0 {
            return Err(StatsError::Empty {
                what: "table of counts".into(),
            });
        }
        if let Some(row) = rows.iter().position(|row| row.len() != columns) {
            let (found, number) = (rows[row].len(), row + 1);
            return Err(StatsError::Mismatch {
                what: format!(
                    "row {number} of the table has {found} counts but row 1 has {columns}; give each row the same columns"
                ),
            });
        }
        let sum = rows
            .iter()
            .flatten()
            .try_fold(0_u64, |sum, &count| sum.checked_add(count));
        if sum.is_none_or(|sum| sum > 1 << 60) {
            return Err(StatsError::Mismatch {
                what: "the counts of the table add up to more than can be counted".into(),
            });
        }
        Ok(Self {
            extended: with_totals(rows),
        })
    }

    /// The count or total at `place`, if there is one.
    pub fn get(&self, place: Place) -> Option<u64> {
        let row = place.row.unwrap_or(self.rows());
        let column = place.column.unwrap_or(self.columns());
        self.extended.get(row)?.get(column).copied()
    }

    /// Rows without the row of totals.
    pub fn rows(&self) -> usize {
        self.extended.len() - 1
    }

    /// Columns without the column of totals.
    pub fn columns(&self) -> usize {
        self.extended[0].len() - 1
    }

    /// The count at a row and column of the table with totals.
    pub(super) fn at(&self, spot: Spot) -> u64 {
        self.extended[spot.0][spot.1]
    }

    /// Every row and column of the table with totals, row by row.
    pub(super) fn spots(&self) -> impl Iterator<Item = Spot> + use<> {
        let (rows, columns) = (self.rows(), self.columns());
        (0..=rows).flat_map(move |row| (0..=columns).map(move |column| (row, column)))
    }

    /// Whether the spot is a total.
    pub(super) fn is_total(&self, spot: Spot) -> bool {
        spot.0 == self.rows() || spot.1 == self.columns()
    }

    pub(super) fn place(&self, spot: Spot) -> Place {
        Place {
            row: (spot.0 < self.rows()).then_some(spot.0),
            column: (spot.1 < self.columns()).then_some(spot.1),
        }
    }
}

/// Row and column in the table with totals.
pub(super) type Spot = (usize, usize);

fn with_totals(mut rows: Vec<Vec<u64>>) -> Vec<Vec<u64>> {
    let columns = rows[0].len();
    let mut totals: Vec<u64> = (0..columns)
        .map(|column| rows.iter().map(|row| row[column]).sum())
        .collect();
    totals.push(totals.iter().sum());
    for row in &mut rows {
        row.push(row.iter().sum());
    }
    rows.push(totals);
    rows
}
