//! Numbers about samples: drawing, estimating, comparing, suppressing. Knows no inspections.
//!
//! Each module answers one question that an inspector asks:
//!
//! | module | question |
//! |---|---|
//! | [`draw`] | which cases do we read, and can anyone check that the choice was not steered? |
//! | [`interval`] | how sure is one share? |
//! | [`estimate`] | what do the cases we read say about all of them? |
//! | [`compare`] | is the change from one round to the next more than chance? |
//! | [`adjust`] | which of many changes hold when all are looked at together? |
//! | [`goal`] | what must a force reach, and how easily could it get there by chance? |
//! | [`plan`] | how many cases must we read, and what can so many not show? |
//! | [`agreement`] | do different readers grade the same case alike? |
//! | [`chart`] | does a figure move over time, and may its rounds be joined at all? |
//! | [`funnel`] | which force stands apart, and which is only small? |
//! | [`disclosure`] | which cells of a table would let somebody be recognised? |
//!
//! Nothing here reads a clock, the operating system or a file: seeds are arguments, and the same
//! input gives the same answer on every machine. Bad input is an error that says what is wrong and
//! how to mend it; no function returns a value that is not a number.

pub mod adjust;
pub mod agreement;
pub mod chart;
pub mod compare;
pub mod disclosure;
pub mod draw;
pub mod estimate;
pub mod funnel;
pub mod goal;
pub mod interval;
pub mod plan;

mod distribution;
mod error;
mod level;
mod linear;

pub use error::StatsError;
pub use level::Level;
