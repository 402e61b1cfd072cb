//! How far an attacker can push a cell, and which cells would have to be hidden to let it move further:
//! the dual of the attacker's linear programme.

use std::collections::BTreeSet;

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use crate::StatsError;
use crate::disclosure::attack::failed;
use crate::disclosure::linked::Cells;

/// Cells that can be hidden and the sums in which they stand.
pub(super) struct Push {
    cells: Vec<Row>,
    sums: usize,
}

struct Row {
    cell: usize,
    count: f64,
    /// Sums in which the cell stands, with 1 as a part and −1 as the total.
    sums: Vec<(usize, f64)>,
}

impl Row {
    /// How far the cell may move up and down. None has to move by more than what is needed.
    fn room(&self, need: f64) -> (f64, f64) {
        (need, self.count.min(need))
    }
}

impl Push {
    pub(super) fn new(cells: &Cells, open: &BTreeSet<usize>) -> Self {
        let row = |&cell: &usize| {
            let numbered = cells.sums().iter().enumerate();
            let factor = |sum: &crate::disclosure::linked::Sum| match sum.total == cell {
                true => Some(-1.0),
                false => sum.parts.contains(&cell).then_some(1.0),
            };
            Row {
                cell,
                count: cells.counts()[cell] as f64,
                sums: numbered
                    .filter_map(|(number, sum)| factor(sum).map(|f| (number, f)))
                    .collect(),
            }
        };
        Self {
            cells: open.iter().map(row).collect(),
            sums: cells.sums().len(),
        }
    }

    /// How far the attacker can push `cell` up (or, with sign −1, down), at most `need`: no further
    /// than Σ weight × part hidden, whatever is hidden. The weights are those least for this choice.
    pub(super) fn bound(
        &self,
        choice: &[f64],
        cell: usize,
        need: f64,
        sign: f64,
    ) -> Result<Vec<(usize, f64)>, StatsError> {
        let own = |row: &Row| if row.cell == cell { sign } else { 0.0 };
        // A little of every cell, so that weights are small where nothing else decides.
        let part = |row: &Row| choice[row.cell].max(1e-4);
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let multiples = self.multiples(&mut problem, need, part);
        for row in &self.cells {
            let (up, down) = row.room(need);
            let over = problem.add_var((up + down) * part(row), (0.0, f64::INFINITY));
            let terms = row.sums.iter().map(|&(sum, f)| (multiples[sum], f));
            let terms: Vec<(Variable, f64)> = terms.chain([(over, 1.0)]).collect();
            problem.add_constraint(terms, ComparisonOp::Ge, own(row));
        }
        let outcome = problem.solve().map_err(|error| failed(&error))?;
        let solution = outcome
            .solution()
            .ok_or_else(|| failed(&microlp::Error::Infeasible))?;
        let weight = |row: &Row| {
            let sums = row.sums.iter();
            let left = own(row)
                - sums
                    .map(|&(s, f)| f * solution.var_value(multiples[s]))
                    .sum::<f64>();
            let (up, down) = row.room(need);
            let weight = if left > 0.0 { up * left } else { -down * left };
            (weight > 1e-9).then_some((row.cell, weight))
        };
        Ok(self.cells.iter().filter_map(weight).collect())
    }

    /// One multiple for each sum, with what it costs through the cells that may move down.
    fn multiples(
        &self,
        problem: &mut Problem,
        need: f64,
        part: impl Fn(&Row) -> f64,
    ) -> Vec<Variable> {
        let mut prices = vec![0.0; self.sums];
        for row in &self.cells {
            let down = row.room(need).1 * part(row);
            row.sums
                .iter()
                .for_each(|&(sum, f)| prices[sum] += down * f);
        }
        prices
            .into_iter()
            .map(|price| problem.add_var(price, (-20.0, 20.0)))
            .collect()
    }
}
