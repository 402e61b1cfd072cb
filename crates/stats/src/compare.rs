//! Comparing: is the difference between two rounds, or two groups, more than chance?
//!
//! The groups must be random samples of comparable cases; no test mends a comparison of unlike
//! things. Newcombe's interval stands beside Fisher's exact test; the simple (Wald) interval, which
//! claims certainty at 0 and 1, is not offered. Weighted and clustered samples are compared by
//! [`rao_scott`], grades in order by [`ordinal`], two estimates of any
//! design by [`between`], shares of which only the intervals are kept by [`shares_changed`].

mod between;
mod design;
mod difference;
mod mantel_haenszel;
mod mcnemar;
mod ordinal;
mod paired;
mod share;
mod words;

pub use between::{Change, between};
pub use design::{Classified, GroupShares, RaoScott, rao_scott};
pub use difference::{Comparison, Counted, changed, fisher_exact, newcombe, pooled_z};
pub use mantel_haenszel::{
    BreslowDay, ChiSquared, CommonOdds, MantelHaenszel, TwoByTwo, mantel_haenszel,
};
pub use mcnemar::{McNemar, mcnemar};
pub use ordinal::{BrunnerMunzel, OrdinalComparison, ordinal};
pub use paired::{Paired, paired_difference};
pub use share::{EstimatedShare, ShareChange, shares_changed};

#[cfg(test)]
mod tests;
