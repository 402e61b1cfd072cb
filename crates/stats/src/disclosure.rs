//! Disclosure: which figures would let somebody be recognised, and hiding them so that nobody can
//! work them out.
//!
//! **First round.** A count is hidden when it is above 0 and below the threshold; when it leaves a
//! remainder above 0 and below the threshold in its row (the complement); and when it is the whole
//! of a row of at least two columns (everybody in the group has the answer). Totals are counts like
//! any other.
//!
//! **Second round.** Further cells are hidden until an attacker who knows all that is shown, and
//! that no count is negative, is left with a range at least `threshold` wide for each cell hidden
//! in the first round, and cannot work out any other hidden cell. [`audit`] gives exactly the
//! ranges that the attacker can reach. It needs no general linear programming: a table with
//! its totals is a circulation in a network whose nodes are rows and columns (Hundepool et al.
//! 2012, section 4.2), so the reach of a cell is a maximal flow.
//!
//! [`suppress`] searches greedily, which is quick at any size. [`suppress_least`] and, for linked and
//! hierarchical tables or publications that follow one another, [`protect`] choose by optimisation and
//! say whether anything cheaper exists; [`attack`] is their audit. [`round_controlled`] is the other
//! choice: every count rounded, everything still adding up. [`differences`] looks through all that was
//! ever published for two figures whose difference gives somebody away.
//!
//! Zeros are shown as zero unless they are needed to protect others. A published table must not say
//! which hidden cells belong to the first round, for that alone would bound them: print
//! [`Cell::published`].

mod attack;
mod audit;
mod least;
mod linked;
mod protect;
mod rounding;
mod statement;
mod suppress;
mod table;

pub use attack::{CellReach, attack};
pub use audit::{Reach, audit};
pub use least::{Least, suppress_least};
pub use linked::{Cells, Sum};
pub use protect::{Ask, Protected, protect};
pub use rounding::{Rounded, round_controlled, rounded_reach};
pub use statement::{Exposure, Statement, differences};
pub use suppress::{Recognisable, recognisable, suppress};
pub use table::{Cell, Place, Suppressed, Table, Why};

#[cfg(test)]
mod tests;
