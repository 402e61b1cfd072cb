//! What an attacker can work out about hidden cells of linked tables, by linear programming: the least
//! and greatest value of each that agree with everything shown and with no count being negative.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, Variable};
use serde::{Deserialize, Serialize};

use super::linked::Cells;
use crate::StatsError;

/// What an attacker can reach about one hidden cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellReach {
    /// The cell, by its place in the list of counts.
    pub cell: usize,
    /// The least count possible.
    pub lower: u64,
    /// The greatest count possible; `None` when nothing shown bounds it.
    pub upper: Option<u64>,
}

impl CellReach {
    /// How many counts beyond one remain possible; the greatest number when there is no bound.
    pub fn width(self) -> u64 {
        self.upper
            .map_or(u64::MAX, |upper| upper.saturating_sub(self.lower))
    }
}

/// The reach of every hidden cell, in order. The bounds are those of linear programming, rounded in to
/// whole numbers.
///
/// # Errors
/// When the solver fails, which it does rather than give an answer that it could not check.
pub fn attack(cells: &Cells, hidden: &BTreeSet<usize>) -> Result<Vec<CellReach>, StatsError> {
    hidden
        .iter()
        .map(|&cell| reach_of(cells, hidden, cell))
        .collect()
}

pub(super) fn reach_of(
    cells: &Cells,
    hidden: &BTreeSet<usize>,
    cell: usize,
) -> Result<CellReach, StatsError> {
    let model = Model::around(cells, hidden, cell);
    let lower = model.extreme(cell, OptimizationDirection::Minimize)?;
    let upper = model.extreme(cell, OptimizationDirection::Maximize)?;
    Ok(CellReach {
        cell,
        lower: lower.map_or(0, |value| (value - 1e-6).ceil().max(0.0) as u64),
        upper: upper.map(|value| (value + 1e-6).floor().max(0.0) as u64),
    })
}

/// The equations in which hidden cells occur that hang together with one of them.
struct Model {
    hidden: BTreeSet<usize>,
    /// Coefficients of hidden cells, and what they add up to.
    equations: Vec<(Vec<(usize, f64)>, f64)>,
}

impl Model {
    fn around(cells: &Cells, hidden: &BTreeSet<usize>, start: usize) -> Self {
        let mut left: Vec<_> = cells
            .sums()
            .iter()
            .map(|sum| equation(cells, hidden, sum))
            .collect();
        let mut model = Self {
            hidden: BTreeSet::from([start]),
            equations: Vec::new(),
        };
        loop {
            let (touching, others): (Vec<_>, Vec<_>) = left
                .into_iter()
                .partition(|(terms, _)| terms.iter().any(|(cell, _)| model.hidden.contains(cell)));
            left = others;
            if touching.is_empty() {
                return model;
            }
            let found = touching.iter().flat_map(|(terms, _)| terms.iter());
            model.hidden.extend(found.map(|(cell, _)| *cell));
            model.equations.extend(touching);
        }
    }

    /// The least or greatest value of the cell; `None` when there is no bound.
    fn extreme(
        &self,
        cell: usize,
        direction: OptimizationDirection,
    ) -> Result<Option<f64>, StatsError> {
        let mut problem = Problem::new(direction);
        let variables: BTreeMap<usize, Variable> = self
            .hidden
            .iter()
            .map(|&other| {
                let wanted = f64::from(u8::from(other == cell));
                (other, problem.add_var(wanted, (0.0, f64::INFINITY)))
            })
            .collect();
        for (terms, sum) in &self.equations {
            let terms = terms
                .iter()
                .map(|(cell, factor)| (variables[cell], *factor));
            problem.add_constraint(terms.collect::<Vec<_>>(), ComparisonOp::Eq, *sum);
        }
        match problem.solve() {
            Ok(outcome) => Ok(outcome.solution().map(|solution| solution.objective())),
            Err(Error::Unbounded) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }
}

/// Parts less total is 0: what is shown goes to the right side.
fn equation(
    cells: &Cells,
    hidden: &BTreeSet<usize>,
    sum: &super::linked::Sum,
) -> (Vec<(usize, f64)>, f64) {
    let all = sum.parts.iter().map(|&part| (part, 1.0));
    let all = all.chain([(sum.total, -1.0)]);
    let (secret, shown): (Vec<_>, Vec<_>) = all.partition(|(cell, _)| hidden.contains(cell));
    let known: f64 = shown
        .iter()
        .map(|&(cell, factor)| factor * cells.counts()[cell] as f64)
        .sum();
    (secret, -known)
}

pub(super) fn failed(error: &Error) -> StatsError {
    StatsError::Mismatch {
        what: format!("the linear programme could not be solved ({error}); publish less, or round"),
    }
}
