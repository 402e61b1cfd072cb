//! Which events a standard speaks of.

use super::Limit;
use crate::vocabulary::{ActivityId, AttributeId};

/// Events of any of these kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The kinds; at least one.
    pub any_of: Vec<EventTest>,
}

/// Events of one activity that meet all conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct EventTest {
    /// What happened.
    pub activity: ActivityId,
    /// What must hold of it.
    pub conditions: Vec<Condition>,
}

/// What must hold of an attribute of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The attribute.
    pub attribute: AttributeId,
    /// What must hold of its value. Unsure where the value is missing, save for
    /// [`Test::IsRecorded`].
    pub test: Test,
}

/// What must hold of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is one of these: `with risk H or VH`.
    Is(Vec<String>),
    /// It is none of these: `with risk not L`.
    IsNot(Vec<String>),
    /// It is a number and at least this one; a value that is no number is unsure.
    AtLeast(f64),
    /// It is a number and at most this one; a value that is no number is unsure.
    AtMost(f64),
    /// It is there (true) or missing (false). Never unsure.
    IsRecorded(bool),
    /// It is the same as another attribute of the event: `with initiating officer the same as
    /// designated officer`. Unsure where either is missing.
    SameAs(AttributeId),
    /// It differs from another attribute of the event. Unsure where either is missing.
    DiffersFrom(AttributeId),
}

/// What activates a standard.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// The event.
    pub pattern: Pattern,
    /// Which of them: every one where there is none.
    pub nth: Option<Nth>,
}

/// `the 3rd … in 90 days`: an event that has at least `count - 1` others of its kind that come first
/// and are not earlier than the period before it, both as in [`AtMost`](super::AtMost). An event
/// of which that is unsure is an activation that cannot be told; one of which it is surely not so
/// is none. The *first of them* is the earliest of the `count - 1` nearest ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nth {
    /// The count, 2 or more.
    pub count: u32,
    /// The period; the whole timeline where there is none.
    pub within: Option<Limit>,
}
