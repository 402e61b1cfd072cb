//! Secondary suppression chosen by optimisation.
//!
//! Which cells to hide is a whole-number programme with one yes or no for each cell. That a cell keeps
//! its protection interval is not written into it at once; instead, whenever a choice leaves an
//! attacker too narrow a range, the dual of the attacker's linear programme names a set of cells of
//! which enough must be hidden, and that condition is added (Fischetti & Salazar 2000, 2001). The
//! first choice that no attacker can break is the cheapest there is.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, SolveOptions, Variable};
use serde::{Deserialize, Serialize};

use super::attack::{CellReach, attack, failed, reach_of};
use super::linked::Cells;
use crate::StatsError;

mod push;

use push::Push;

/// What must be protected, and what cannot be changed any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The cells that would let somebody be recognised.
    pub primary: BTreeSet<usize>,
    /// Further cells that are hidden in any case, such as those hidden in an earlier publication.
    pub hidden: BTreeSet<usize>,
    /// Cells that are published already, so that hiding them protects nobody.
    pub published: BTreeSet<usize>,
    /// How wide an attacker's range must stay for each primary cell.
    pub threshold: u64,
}

/// What to hide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Protected {
    /// All cells to hide: primary, given and secondary.
    pub hidden: BTreeSet<usize>,
    /// What an attacker can reach about each, to be kept and not published.
    pub reach: Vec<CellReach>,
    /// Primary cells that cannot have the range wanted even if all is hidden that can be, with the
    /// range that they can have; empty when the protection is whole.
    pub weak: BTreeMap<usize, u64>,
    /// What the secondary cells cost: 1 each and a little for each case, 10 for a zero, 100 for a total.
    pub cost: f64,
    /// No choice could cost less than this.
    pub bound: f64,
}

impl Protected {
    /// Whether nothing cheaper exists, to within what the solver can tell (a ten-thousandth of a cell).
    pub fn is_best(&self) -> bool {
        self.cost <= self.bound + 1e-4
    }
}

/// How often conditions are looked for before what is found must do.
const ROUNDS: usize = 200;

/// How many branches the search for whole numbers may take in each round.
const NODES: u64 = 20_000;

/// Chooses what to hide besides the primary cells so that each of them keeps a range of `threshold` (or
/// the widest it can have), no other hidden cell can be worked out, and the cost is least.
///
/// # Errors
/// When a cell does not exist, a cell must be hidden but is published, or the solver fails.
pub fn protect(cells: &Cells, ask: &Ask) -> Result<Protected, StatsError> {
    check(cells, ask)?;
    let search = Search::new(cells, ask)?;
    let (hidden, bound) = search.run()?;
    let reach = attack(cells, &hidden)?;
    let cost = search.cost(&hidden);
    Ok(Protected {
        hidden,
        reach,
        weak: search.weak,
        cost,
        bound: bound.min(cost),
    })
}

fn check(cells: &Cells, ask: &Ask) -> Result<(), StatsError> {
    let named = ask.primary.iter().chain(&ask.hidden).chain(&ask.published);
    if let Some(cell) = named.copied().find(|&cell| cell >= cells.counts().len()) {
        let what = format!("cell {cell} is named but there is none");
        return Err(StatsError::Mismatch { what });
    }
    let mut secret = ask.primary.iter().chain(&ask.hidden);
    match secret.find(|cell| ask.published.contains(cell)) {
        Some(cell) => Err(StatsError::Mismatch {
            what: format!("cell {cell} is published already, so it cannot be hidden any more"),
        }),
        None => Ok(()),
    }
}

/// A condition: of these cells, each counting with its weight, enough must be hidden.
struct Cut {
    weights: Vec<(usize, f64)>,
    /// How much is enough.
    need: f64,
    /// The secondary cell for whose sake; absent for a primary one. Where it is shown nothing is needed.
    of: Option<usize>,
}

struct Search<'a> {
    cells: &'a Cells,
    ask: &'a Ask,
    /// The range that each cell must keep that is hidden in any case.
    needs: BTreeMap<usize, u64>,
    weak: BTreeMap<usize, u64>,
    prices: Vec<f64>,
    push: Push,
}

impl<'a> Search<'a> {
    fn new(cells: &'a Cells, ask: &'a Ask) -> Result<Self, StatsError> {
        let all: BTreeSet<usize> = (0..cells.counts().len())
            .filter(|cell| !ask.published.contains(cell))
            .collect();
        let (mut needs, mut weak) = (BTreeMap::new(), BTreeMap::new());
        let wanted = ask.threshold.max(1);
        for &cell in &ask.primary {
            let widest = reach_of(cells, &all, cell)?.width();
            needs.insert(cell, wanted.min(widest));
            if widest < wanted {
                weak.insert(cell, widest);
            }
        }
        for &cell in ask.hidden.difference(&ask.primary) {
            needs.insert(cell, reach_of(cells, &all, cell)?.width().min(1));
        }
        let most = cells.counts().iter().max().copied().unwrap_or(0) as f64 + 1.0;
        let price = |(cell, &count): (usize, &u64)| {
            let kind = match (cells.is_total(cell), count) {
                (true, _) => 100.0,
                (false, 0) => 10.0,
                _ => 1.0,
            };
            kind + 0.5 * count as f64 / most
        };
        Ok(Self {
            cells,
            ask,
            needs,
            weak,
            prices: cells.counts().iter().enumerate().map(price).collect(),
            push: Push::new(cells, &all),
        })
    }

    fn is_given(&self, cell: usize) -> bool {
        self.ask.primary.contains(&cell) || self.ask.hidden.contains(&cell)
    }

    fn cost(&self, hidden: &BTreeSet<usize>) -> f64 {
        let secondary = hidden.iter().filter(|&&cell| !self.is_given(cell));
        secondary.map(|&cell| self.prices[cell]).sum()
    }

    /// What to hide, and the least that anything safe costs.
    fn run(&self) -> Result<(BTreeSet<usize>, f64), StatsError> {
        let (mut cuts, mut whole, mut bound) = (Vec::new(), false, 0.0_f64);
        for _ in 0..ROUNDS {
            let (choice, least) = self.choose(&cuts, whole)?;
            bound = bound.max(least);
            let broken = self.broken(&choice)?;
            match (broken.is_empty(), whole) {
                (true, true) => {
                    let hidden = self.hidden(&choice);
                    if self.is_safe(&hidden)? {
                        return Ok((hidden, bound));
                    }
                    break;
                }
                (true, false) => whole = true,
                (false, _) => cuts.extend(broken),
            }
        }
        Ok((self.fall_back()?, bound))
    }

    fn hidden(&self, choice: &[f64]) -> BTreeSet<usize> {
        (0..choice.len())
            .filter(|&cell| choice[cell] > 0.5)
            .collect()
    }

    /// The cheapest choice under the conditions so far (in parts of cells, unless `whole`), and a bound
    /// for the cost of every choice.
    fn choose(&self, cuts: &[Cut], whole: bool) -> Result<(Vec<f64>, f64), StatsError> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let variables: Vec<Option<Variable>> = (0..self.prices.len())
            .map(|cell| {
                let open = !self.is_given(cell) && !self.ask.published.contains(&cell);
                open.then(|| match whole {
                    true => problem.add_binary_var(self.prices[cell]),
                    false => problem.add_var(self.prices[cell], (0.0, 1.0)),
                })
            })
            .collect();
        for cut in cuts {
            self.add(&mut problem, &variables, cut);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(NODES);
        let outcome = match problem.solve_with(options) {
            Ok(outcome) => outcome,
            Err(Error::Infeasible) => return Ok((self.everything_needed()?, 0.0)),
            Err(error) => return Err(failed(&error)),
        };
        let bound = outcome.stats().best_bound;
        let given = |cell| f64::from(u8::from(self.is_given(cell)));
        let Some(solution) = outcome.solution() else {
            return Ok((self.everything_needed()?, bound.unwrap_or(0.0)));
        };
        let value = |(cell, variable): (usize, &Option<Variable>)| match variable {
            Some(variable) if whole => solution.var_value(*variable).round(),
            Some(variable) => solution.var_value(*variable).clamp(0.0, 1.0),
            None => given(cell),
        };
        let choice = variables.iter().enumerate().map(value).collect();
        let optimal = outcome.is_optimal().then(|| solution.objective());
        Ok((choice, optimal.or(bound).unwrap_or(0.0)))
    }

    fn add(&self, problem: &mut Problem, variables: &[Option<Variable>], cut: &Cut) {
        let mut need = cut.need;
        let mut terms: BTreeMap<usize, f64> = BTreeMap::new();
        for &(cell, weight) in &cut.weights {
            match variables[cell] {
                Some(_) => *terms.entry(cell).or_default() += weight.min(cut.need),
                None if self.is_given(cell) => need -= weight.min(cut.need),
                None => {}
            }
        }
        if let Some(of) = cut.of.filter(|&of| variables[of].is_some()) {
            *terms.entry(of).or_default() -= cut.need;
            need -= cut.need;
        }
        let terms: Vec<(Variable, f64)> = terms
            .into_iter()
            .filter_map(|(cell, weight)| variables[cell].map(|variable| (variable, weight)))
            .filter(|(_, weight)| weight.abs() > 1e-9)
            .collect();
        if !terms.is_empty() {
            problem.add_constraint(terms, ComparisonOp::Ge, need);
        }
    }

    /// The conditions that a choice breaks.
    fn broken(&self, choice: &[f64]) -> Result<Vec<Cut>, StatsError> {
        let mut cuts = Vec::new();
        for (cell, &part) in choice.iter().enumerate() {
            let need = match self.needs.get(&cell) {
                Some(&need) => need as f64,
                None if part > 0.01 => 1.0,
                None => continue,
            };
            let of = (!self.needs.contains_key(&cell)).then_some(cell);
            let wanted = need * of.map_or(1.0, |_| part);
            let cut = self.cut(choice, cell, need, of)?;
            let kept: f64 = cut
                .weights
                .iter()
                .map(|&(other, w)| w * choice[other])
                .sum();
            if kept < wanted - 1e-6 {
                cuts.push(cut);
            }
        }
        Ok(cuts)
    }

    /// The condition, from the dual of the attacker's two programmes, that bounds how wide the range
    /// of `cell` is under a choice.
    fn cut(
        &self,
        choice: &[f64],
        cell: usize,
        need: f64,
        of: Option<usize>,
    ) -> Result<Cut, StatsError> {
        let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
        for sign in [1.0, -1.0] {
            for (other, weight) in self.push.bound(choice, cell, need, sign)? {
                *weights.entry(other).or_default() += weight;
            }
        }
        Ok(Cut {
            weights: weights.into_iter().collect(),
            need,
            of,
        })
    }

    fn is_safe(&self, hidden: &BTreeSet<usize>) -> Result<bool, StatsError> {
        for reach in attack(self.cells, hidden)? {
            let need = self.needs.get(&reach.cell).copied();
            if reach.width() < need.unwrap_or(1) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn everything_needed(&self) -> Result<Vec<f64>, StatsError> {
        let hidden = self.fall_back()?;
        let part = |cell| f64::from(u8::from(hidden.contains(&cell)));
        Ok((0..self.prices.len()).map(part).collect())
    }

    /// Everything that can be hidden, less, from the dearest, what need not be.
    fn fall_back(&self) -> Result<BTreeSet<usize>, StatsError> {
        let open = |cell: &usize| !self.ask.published.contains(cell);
        let mut hidden: BTreeSet<usize> = (0..self.prices.len()).filter(open).collect();
        let mut order: Vec<usize> = hidden
            .iter()
            .copied()
            .filter(|&c| !self.is_given(c))
            .collect();
        order.sort_by(|&a, &b| self.prices[b].total_cmp(&self.prices[a]));
        for cell in order {
            hidden.remove(&cell);
            if !self.is_safe(&hidden)? {
                hidden.insert(cell);
            }
        }
        Ok(hidden)
    }
}
