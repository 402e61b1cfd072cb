//! What an attacker can work out about hidden cells.
//!
//! Rows and columns of the table with totals are nodes; each cell is an arc between its row and its
//! column, inner cells and the grand total from row to column, totals from column to row; then
//! "every row and column adds up" says that at each node as much flows in as out. Shown cells are
//! fixed. Raising a hidden cell by one means sending one unit back from its head to its tail through
//! the other hidden cells, forwards without limit, backwards as far as their count goes.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::table::{Place, Spot, Suppressed, Table};

/// The least and greatest count of a hidden cell that agree with everything shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Where the cell stands.
    pub place: Place,
    /// The least count possible.
    pub lower: u64,
    /// The greatest count possible; `None` when nothing shown bounds it.
    pub upper: Option<u64>,
}

impl Reach {
    /// How many counts beyond one remain possible; the greatest number when there is no bound.
    pub fn width(self) -> u64 {
        self.upper.map_or(u64::MAX, |upper| upper - self.lower)
    }
}

/// The reach of every hidden cell, totals included, row by row: exact, for whole numbers.
/// `suppressed` must be made from `table`; cells that it lacks count as shown.
pub fn audit(table: &Table, suppressed: &Suppressed) -> Vec<Reach> {
    let is_hidden = |spot: &Spot| {
        suppressed
            .get(table.place(*spot))
            .is_some_and(|cell| cell.shown().is_none())
    };
    let hidden: BTreeSet<Spot> = table.spots().filter(is_hidden).collect();
    hidden
        .iter()
        .map(|&spot| reach(table, &hidden, spot))
        .collect()
}

/// The reach of one hidden cell among those of `hidden`.
pub(super) fn reach(table: &Table, hidden: &BTreeSet<Spot>, spot: Spot) -> Reach {
    let count = table.at(spot);
    let up = Network::new(table, hidden, spot).flow(false, None);
    let down = Network::new(table, hidden, spot).flow(true, Some(count));
    Reach {
        place: table.place(spot),
        lower: count - down.unwrap_or(count).min(count),
        upper: up.map(|up| count + up),
    }
}

/// An arc from node `tail` to node `head` and how much it may lose.
struct Arc {
    tail: usize,
    head: usize,
    count: u64,
}

/// The hidden cells but one, whose ends are `tail` and `head`.
struct Network {
    arcs: Vec<Arc>,
    nodes: usize,
    tail: usize,
    head: usize,
}

impl Network {
    fn new(table: &Table, hidden: &BTreeSet<Spot>, but: Spot) -> Self {
        let rows = table.rows() + 1;
        let arc = |spot: Spot| {
            let (row, column) = (spot.0, rows + spot.1);
            let grand = spot == (table.rows(), table.columns());
            let (tail, head) = if table.is_total(spot) && !grand {
                (column, row)
            } else {
                (row, column)
            };
            Arc {
                tail,
                head,
                count: table.at(spot),
            }
        };
        let arcs = hidden
            .iter()
            .filter(|&&spot| spot != but)
            .map(|&spot| arc(spot))
            .collect();
        let own = arc(but);
        Self {
            arcs,
            nodes: rows + table.columns() + 1,
            tail: own.tail,
            head: own.head,
        }
    }

    /// How much can flow from head to tail (or, `reversed`, from tail to head), at most `limit`;
    /// `None` when there is no bound.
    fn flow(mut self, reversed: bool, limit: Option<u64>) -> Option<u64> {
        let (from, to) = if reversed {
            (self.tail, self.head)
        } else {
            (self.head, self.tail)
        };
        let mut sent = 0;
        while limit.is_none_or(|limit| sent < limit) {
            let Some(path) = self.path(from, to) else {
                return Some(sent);
            };
            let backward = path
                .iter()
                .filter(|step| !step.forward)
                .map(|step| self.arcs[step.arc].count)
                .min();
            let room = limit.map(|limit| limit - sent);
            let amount = match (backward, room) {
                (None, None) => return None,
                (None, Some(amount)) | (Some(amount), None) => amount,
                (Some(amount), Some(room)) => amount.min(room),
            };
            self.push(&path, amount);
            sent += amount;
        }
        Some(sent)
    }

    fn push(&mut self, path: &[Step], amount: u64) {
        for step in path {
            let count = &mut self.arcs[step.arc].count;
            *count = if step.forward {
                *count + amount
            } else {
                *count - amount
            };
        }
    }

    /// The shortest path with room (Edmonds & Karp 1972). An endless one, all of forward steps, is
    /// found at the latest when no other is left.
    fn path(&self, from: usize, to: usize) -> Option<Vec<Step>> {
        let mut came: Vec<Option<(usize, Step)>> = vec![None; self.nodes];
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            for (next, step) in self.steps(node) {
                if next != from && came[next].is_none() {
                    came[next] = Some((node, step));
                    queue.push_back(next);
                }
            }
        }
        let mut path = Vec::new();
        let mut node = to;
        while node != from {
            let (before, step) = came[node]?;
            path.push(step);
            node = before;
        }
        Some(path)
    }

    fn steps(&self, node: usize) -> impl Iterator<Item = (usize, Step)> {
        self.arcs.iter().enumerate().filter_map(move |(arc, cell)| {
            if cell.tail == node {
                Some((cell.head, Step { arc, forward: true }))
            } else if cell.head == node && cell.count > 0 {
                Some((
                    cell.tail,
                    Step {
                        arc,
                        forward: false,
                    },
                ))
            } else {
                None
            }
        })
    }
}

/// One arc of a path, with or against its direction.
#[derive(Clone, Copy)]
struct Step {
    arc: usize,
    forward: bool,
}
