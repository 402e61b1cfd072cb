//! A verdict proved anew.

use crate::calendar::Calendar;
use crate::event::Event;
use crate::standard::Library;
use crate::verdict::Verdict;

/// Why a verdict does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refutation {
    /// The library has no such standard.
    #[error("the library has no standard {0}")]
    UnknownStandard(u16),
}

/// Proves a verdict.
pub fn prove(
    _library: &Library,
    _calendar: &Calendar,
    _as_of: i64,
    _events: &[Event],
    claimed: &Verdict,
) -> Result<(), Refutation> {
    Err(Refutation::UnknownStandard(claimed.standard))
}
