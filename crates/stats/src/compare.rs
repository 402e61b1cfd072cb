//! Comparing: is the difference between two rounds, or two groups, more than chance?
//!
//! The groups must be random samples of comparable cases; no test mends a comparison of unlike
//! things. Newcombe's interval stands beside Fisher's exact test; the simple (Wald) interval, which
//! claims certainty at 0 and 1, is not offered. Shares of weighted samples are compared by their
//! own intervals: [`shares_changed`].

mod difference;
mod mantel_haenszel;
mod mcnemar;
mod share;
mod words;

pub use difference::{Comparison, Counted, changed, fisher_exact, newcombe, pooled_z};
pub use mantel_haenszel::{
    BreslowDay, ChiSquared, CommonOdds, MantelHaenszel, TwoByTwo, mantel_haenszel,
};
pub use mcnemar::{McNemar, mcnemar};
pub use share::{EstimatedShare, ShareChange, shares_changed};

#[cfg(test)]
mod tests;
