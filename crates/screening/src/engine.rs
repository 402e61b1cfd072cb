//! Every case checked in one pass: all standards at once, in memory bounded by the largest case.
//!
//! A [`Plan`] is what a library of standards becomes for one calendar and one as-of day: tables
//! that say which activity concerns which standard, and for each value that standards ask for a
//! small number, its *class*. Readers make [`Block`](crate::block::Block)s with the plan's numbers.

mod across;
mod assemble;
mod counter;
mod evaluate;
mod facts;
mod finding;
mod fragment;
mod plan;
mod screen;
mod sink;
mod tally;
mod timeline;
mod truth;

pub use across::ShardFileError;
pub use assemble::{Screened, check, check_with};
pub use facts::{CaseFacts, CaseList, Facts, Labels, NoFacts};
pub use finding::{Evidence, Finding};
pub use plan::{Basis, Breakdown, CompileError, Plan};
pub use screen::{OutOfOrder, Shard, screen};
pub use sink::{CountsOnly, Sink};
pub use tally::{Counted, Counts, StandardTally, Tally, TallyMismatch, Times};

#[cfg(test)]
mod tests;
