//! Patterns, with their tests as tables over classes.

use crate::verdict::Sureness;

/// The place of a pattern in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct PatternId(pub(in crate::engine) u16);

/// Which events are meant: for each activity the ways in which they may be.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::engine) struct CompiledPattern {
    /// Each activity once, with the alternatives of which one must hold; none where it is enough.
    pub(in crate::engine) activities: Vec<(u16, Vec<Vec<CompiledCondition>>)>,
    /// Whether it is awaited, so that an event of an unknown activity may be it.
    pub(in crate::engine) awaited: bool,
}

/// What must hold of an event.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::engine) enum CompiledCondition {
    /// Its value's class decides.
    Class {
        attribute: usize,
        table: Box<[Sureness]>,
    },
    /// Two of its attributes have the same value, or not.
    Compare {
        left: usize,
        right: usize,
        same: bool,
    },
}
