//! Controlled rounding: every count is rounded to a multiple of a base, up or down, so that everything
//! still adds up (Cox 1987).

use std::collections::BTreeSet;

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, SolveOptions, Variable};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::attack::{CellReach, failed};
use super::linked::Cells;
use crate::StatsError;
use crate::draw::Seed;

/// Counts after rounding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rounded {
    /// The base.
    pub base: u64,
    /// The rounded counts in the order of the cells.
    pub counts: Vec<u64>,
}

/// Rounds each count to the multiple of `base` below or above it (multiples, zero among them, stay) so
/// that all sums hold. Which way each goes is drawn with chances that make the rounded count right on
/// average; then as few as possible are turned round to make sums hold. The seed must be secret and
/// used once: who has it can undo the rounding.
///
/// # Errors
/// When the base is below 2, or, which can only happen where sums hang together in three ways or more,
/// no such rounding exists: then suppress instead.
pub fn round_controlled(cells: &Cells, base: u64, seed: Seed) -> Result<Rounded, StatsError> {
    if base < 2 {
        return Err(StatsError::OutOfRange {
            what: "base of rounding".into(),
            value: base as f64,
            wanted: "at least 2; 3 and 5 are usual".into(),
        });
    }
    let mut random = ChaCha20Rng::from_seed(seed.0);
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let up: Vec<Option<Variable>> = cells
        .counts()
        .iter()
        .map(|count| {
            let part = (count % base) as f64 / base as f64;
            let number = (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
            // Below 0 where the draw says up; further from 0 the surer it is.
            (count % base > 0).then(|| problem.add_binary_var(number - part))
        })
        .collect();
    for sum in cells.sums() {
        let parts = sum.parts.iter().map(|&part| (part, 1.0));
        let (mut terms, mut floor) = (Vec::new(), 0.0);
        for (cell, factor) in parts.chain([(sum.total, -1.0)]) {
            floor += factor * (cells.counts()[cell] / base) as f64;
            terms.extend(up[cell].map(|variable| (variable, factor)));
        }
        if !terms.is_empty() {
            problem.add_constraint(terms, ComparisonOp::Eq, -floor);
        }
    }
    let options = SolveOptions::default();
    let outcome = problem.solve_with(options).map_err(|error| match error {
        Error::Infeasible => StatsError::Mismatch {
            what: "these sums cannot all be rounded and still hold; suppress cells instead".into(),
        },
        error => failed(&error),
    })?;
    let solution = outcome
        .solution()
        .ok_or_else(|| failed(&Error::Infeasible))?;
    let rounded = |(count, up): (&u64, &Option<Variable>)| {
        let more = up.is_some_and(|up| solution.var_value(up) > 0.5);
        (count / base + u64::from(more)) * base
    };
    Ok(Rounded {
        base,
        counts: cells.counts().iter().zip(&up).map(rounded).collect(),
    })
}

/// What an attacker can reach about each count from the rounded ones, knowing the base and the sums.
///
/// # Errors
/// When the rounded counts do not belong to these cells, or the solver fails.
pub fn rounded_reach(cells: &Cells, rounded: &Rounded) -> Result<Vec<CellReach>, StatsError> {
    if rounded.counts.len() != cells.counts().len() {
        return Err(StatsError::Mismatch {
            what: format!(
                "{} rounded counts were given for {} cells",
                rounded.counts.len(),
                cells.counts().len()
            ),
        });
    }
    (0..rounded.counts.len())
        .map(|cell| {
            let extreme = |direction| rounded_extreme(cells, rounded, cell, direction);
            let lower = extreme(OptimizationDirection::Minimize)?;
            let upper = extreme(OptimizationDirection::Maximize)?;
            Ok(CellReach {
                cell,
                lower: (lower - 1e-6).ceil().max(0.0) as u64,
                upper: Some((upper + 1e-6).floor().max(0.0) as u64),
            })
        })
        .collect()
}

fn rounded_extreme(
    cells: &Cells,
    rounded: &Rounded,
    cell: usize,
    direction: OptimizationDirection,
) -> Result<f64, StatsError> {
    let mut problem = Problem::new(direction);
    let span = rounded.base as f64 - 1.0;
    let variables: Vec<Variable> = rounded
        .counts
        .iter()
        .enumerate()
        .map(|(other, &count)| {
            let (count, wanted) = (count as f64, f64::from(u8::from(other == cell)));
            problem.add_var(wanted, ((count - span).max(0.0), count + span))
        })
        .collect();
    for sum in cells.sums() {
        let names: BTreeSet<usize> = sum.parts.iter().copied().collect();
        let terms = names.into_iter().map(|part| (variables[part], 1.0));
        let terms: Vec<(Variable, f64)> = terms.chain([(variables[sum.total], -1.0)]).collect();
        problem.add_constraint(terms, ComparisonOp::Eq, 0.0);
    }
    let outcome = problem.solve().map_err(|error| failed(&error))?;
    let solution = outcome
        .solution()
        .ok_or_else(|| failed(&Error::Infeasible))?;
    Ok(solution.objective())
}
