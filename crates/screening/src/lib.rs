//! From timelines to verdicts: handling standards checked on every case, each verdict with its
//! proof. Knows no inspections.
//!
//! Standards are plain text ([`standard`] says what can be said); a timeline is the [`event`]s of
//! one case, or of one child across cases; every time that a standard applies, a
//! [`verdict`] says whether it was kept and which events prove it. Deadlines are counted on a
//! [`calendar`].
//!
//! Nothing here reads a clock: the day up to which a log is known is an argument.

pub mod block;
pub mod calendar;
pub mod definition;
pub mod engine;
pub mod event;
pub mod example;
pub mod explain;
#[cfg(any(test, feature = "testing"))]
pub mod random;
mod shipped;
pub mod standard;
pub mod text;
pub mod verdict;
pub mod vocabulary;
