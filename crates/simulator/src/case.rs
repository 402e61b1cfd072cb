//! One case: what the case list says of it, its timeline, and the truth about it.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::category::Category;
use crate::event::Event;
use crate::truth::Truth;

/// One case of the force.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedCase {
    /// The case's own reference.
    pub reference: CaseReference,
    /// What the case is about.
    pub category: Category,
    /// Code of the area that has the case.
    pub area: Arc<str>,
    /// Day on which it was opened, in London.
    pub opened_on: Date,
    /// Day on which it was last closed, where it stands closed at the end of the last day.
    pub closed_on: Option<Date>,
    /// The child, by pseudonym; some children have several cases.
    pub child_key: ChildKey,
    /// What was recorded, in order of time. Empty where no timelines were asked for.
    pub events: Vec<Event>,
    /// How the case was really handled.
    pub truth: Truth,
}

/// The reference of a case, such as `CP-2025-0004711`. References sort as cases were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseReference {
    pub(crate) year: i16,
    pub(crate) number: u64,
    pub(crate) digits: u8,
}

impl fmt::Display for CaseReference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = usize::from(self.digits);
        write!(out, "CP-{:04}-{:0digits$}", self.year, self.number)
    }
}

/// A pseudonym for a child, such as `C-09f3a6b1c2d4`: the same child has the same key in every
/// case of the force, and nothing else can be read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChildKey(pub(crate) u64);

impl fmt::Display for ChildKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "C-{:012x}", self.0)
    }
}

/// A pseudonym for a suspect or a managed offender, such as `S-09f3a6b1c2d4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SuspectKey(pub(crate) u64);

impl fmt::Display for SuspectKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "S-{:012x}", self.0)
    }
}
