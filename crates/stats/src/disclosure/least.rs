//! The fewest cells of a table that keep it safe.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::linked::Cells;
use super::protect::{Ask, protect};
use super::suppress::{is_primary, publish};
use super::table::{Place, Spot, Suppressed, Table};
use crate::StatsError;

/// A table with as little hidden as possible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Least {
    /// The table after hiding.
    pub suppressed: Suppressed,
    /// What the secondary cells cost; see [`Protected`](super::Protected).
    pub cost: f64,
    /// No choice could cost less.
    pub bound: f64,
    /// Primary cells that cannot have the whole range, because `published` gives too much away; empty
    /// when the protection is whole.
    pub weak: Vec<Place>,
}

impl Least {
    /// Whether nothing cheaper exists; see [`Protected::is_best`](super::Protected::is_best).
    pub fn is_best(&self) -> bool {
        self.cost <= self.bound + 1e-4
    }
}

/// As [`suppress`](super::suppress), with the secondary cells chosen by optimisation. Totals that are
/// `published` elsewhere are shown, and cells are hidden knowing that. Takes seconds for tables of some
/// hundred cells.
///
/// # Errors
/// When the solver fails, or a published total would let somebody be recognised by itself.
pub fn suppress_least(
    table: &Table,
    threshold: u64,
    published: &[Place],
) -> Result<Least, StatsError> {
    let cells = Cells::of_table(table);
    let spots: Vec<Spot> = table.spots().collect();
    let known: BTreeSet<usize> = (0..spots.len())
        .filter(|&cell| published.contains(&table.place(spots[cell])))
        .collect();
    let primary: BTreeSet<Spot> = table
        .spots()
        .filter(|&spot| is_primary(table, spot, threshold))
        .collect();
    let ask = Ask {
        primary: (0..spots.len())
            .filter(|&cell| primary.contains(&spots[cell]))
            .collect(),
        hidden: BTreeSet::new(),
        published: known,
        threshold,
    };
    let found = protect(&cells, &ask)?;
    let hidden = found.hidden.iter().map(|&cell| spots[cell]).collect();
    Ok(Least {
        suppressed: publish(table, &primary, &hidden),
        cost: found.cost,
        bound: found.bound,
        weak: found
            .weak
            .keys()
            .map(|&cell| table.place(spots[cell]))
            .collect(),
    })
}
