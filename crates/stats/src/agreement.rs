//! Agreement: do different readers grade the same case alike?
//!
//! [`Readings`] holds what each reader said of each case; a reader may not have read a case. The
//! coefficients share one frame (Gwet 2014): (pₐ − pₑ) ÷ (1 − pₑ), where pₐ is the weighted share of
//! pairs of readings of one case that agree, and pₑ is what chance alone would give. They differ in
//! pₑ:
//!
//! | function | chance agreement |
//! |---|---|
//! | [`percent`] | none is taken off |
//! | [`conger`] | each reader keeps their own habits; with two readers and no gaps this is Cohen's kappa |
//! | [`fleiss`] | all readers share one habit; with two readers this is Scott's pi |
//! | [`gwet`] | AC1 (AC2 when weighted): only on cases that are hard to grade |
//! | [`brennan_prediger`] | every grade is equally likely |
//! | [`krippendorff`] | as Fleiss, corrected for few readings, with Krippendorff's own distances |
//!
//! Where nearly all cases have the same grade, kappa can be near 0 although readers hardly ever
//! differ, so no kappa is reported alone: [`summary`] gives them side by side.
//!
//! [`Gate`] says whether agreement is good enough to publish grades, [`benchmark`] what it may be
//! called, [`reader_profiles`] which reader is severe or drifts, and [`gap`] how a force's own
//! grades differ from the inspectors'.
//!
//! Definitions on which packages differ: a subject graded by one reader counts for the shares of
//! grades but not for pₐ; Conger's shares are of the cases that a reader did read (as R's irrCAC);
//! [`Weights::Ordinal`] are irrCAC's, [`Distance::Ordinal`] is Krippendorff's, and they are not the
//! same.

mod coefficient;
mod gap;
mod gate;
mod habit;
mod krippendorff;
mod reader;
mod readings;
mod weights;

pub use coefficient::{
    Coefficient, Summary, brennan_prediger, conger, fleiss, gwet, likelihood_above, percent,
    summary,
};
pub use gap::{Gap, gap};
pub use gate::{Benchmark, Gate, Grade, Verdict, benchmark, landis_koch};
pub use krippendorff::{Distance, krippendorff};
pub use reader::{ReaderProfile, Reading, Tested, reader_profiles};
pub use readings::Readings;
pub use weights::Weights;

#[cfg(test)]
mod tests;
