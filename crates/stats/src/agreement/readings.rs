//! What each reader said of each case.

use crate::StatsError;

/// Readings of cases: for each case one entry per reader, `None` where the reader did not read it.
/// Grades are numbered from 0 in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    grades: usize,
    readers: usize,
    rows: Vec<Vec<Option<usize>>>,
    pub(super) from_table: bool,
}

impl Readings {
    /// Readings with `grades` possible grades. Cases that nobody read are left out.
    ///
    /// # Errors
    /// When there are fewer than two grades or readers, rows differ in length, a grade is unknown, or
    /// no case was read by two readers.
    pub fn new(grades: usize, rows: Vec<Vec<Option<usize>>>) -> Result<Self, StatsError> {
        let readers = rows.first().map_or(0, Vec::len);
        if grades < 2 || readers < 2 {
            return refuse("agreement needs at least two grades and two readers".into());
        }
        check_rows(&rows, grades, readers)?;
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|row| row.iter().any(Option::is_some))
            .collect();
        let readings = Self {
            grades,
            readers,
            rows,
            from_table: false,
        };
        if readings.read_twice() == 0 {
            return refuse("no case was read by two readers, so agreement cannot be told; have some cases read twice".into());
        }
        Ok(readings)
    }

    /// Two readers' grades as a square table: entry (i, j) counts cases graded i by the first and j by
    /// the second. Standard errors then divide by n, as the large-sample formula of Fleiss, Cohen &
    /// Everitt 1969 and irrCAC's table functions do; those of [`Readings::new`] divide by n − 1.
    ///
    /// # Errors
    /// When the table is not square or counts no case.
    pub fn from_table(table: &[Vec<u64>]) -> Result<Self, StatsError> {
        let grades = table.len();
        if table.iter().any(|row| row.len() != grades) {
            return Err(StatsError::Mismatch {
                what: "a table of two readers must be square: the same grades both ways".into(),
            });
        }
        let mut rows = Vec::new();
        for (first, row) in table.iter().enumerate() {
            for (second, &count) in row.iter().enumerate() {
                rows.extend((0..count).map(|_| vec![Some(first), Some(second)]));
            }
        }
        if rows.is_empty() {
            return Err(StatsError::Empty {
                what: "table of two readers".into(),
            });
        }
        Ok(Self {
            from_table: true,
            ..Self::new(grades, rows)?
        })
    }

    /// How many grades there are.
    pub fn grades(&self) -> usize {
        self.grades
    }

    /// How many readers there are.
    pub fn readers(&self) -> usize {
        self.readers
    }

    /// How many cases at least one reader read.
    pub fn cases(&self) -> usize {
        self.rows.len()
    }

    /// How many cases at least two readers read.
    pub fn read_twice(&self) -> usize {
        self.rows
            .iter()
            .filter(|row| row.iter().flatten().count() >= 2)
            .count()
    }

    pub(super) fn rows(&self) -> &[Vec<Option<usize>>] {
        &self.rows
    }

    /// For each case, how many readers gave each grade.
    pub(super) fn counts(&self) -> Vec<Vec<f64>> {
        let count = |row: &Vec<Option<usize>>| {
            let mut counts = vec![0.0; self.grades];
            row.iter().flatten().for_each(|&grade| counts[grade] += 1.0);
            counts
        };
        self.rows.iter().map(count).collect()
    }
}

fn check_rows(
    rows: &[Vec<Option<usize>>],
    grades: usize,
    readers: usize,
) -> Result<(), StatsError> {
    for (row, number) in rows.iter().zip(1..) {
        if row.len() != readers {
            let found = row.len();
            return refuse(format!(
                "case {number} has {found} readings but case 1 has {readers}; mark those missing"
            ));
        }
        if let Some(grade) = row.iter().flatten().find(|&&grade| grade >= grades) {
            let last = grades - 1;
            return refuse(format!(
                "case {number} has grade number {grade}, but they go from 0 to {last}"
            ));
        }
    }
    Ok(())
}

fn refuse<T>(what: String) -> Result<T, StatsError> {
    Err(StatsError::Mismatch { what })
}
