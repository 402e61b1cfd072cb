//! Every case checked in one pass: all standards at once, in memory bounded by the largest case.
//!
//! A [`Plan`] is what a library of standards becomes for one calendar and one as-of day: tables
//! that say which activity concerns which standard, and for each value that standards ask for a
//! small number, its *class*. Readers make [`Block`](crate::block::Block)s with the plan's numbers.

mod evaluate;
mod plan;
mod timeline;
mod truth;

pub use plan::{Basis, Breakdown, CompileError, Plan};
