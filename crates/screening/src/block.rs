//! Many events as columns: what readers make and the engine takes.

/// Events of many cases, as columns of the same length, clustered by case: the events of a case
/// stand together, cases in ascending order of the bytes of their reference. Within a case the
/// order is free. The first and the last case may be continued in the blocks before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The references of the cases, one after the other.
    pub references: String,
    /// The cases, in order.
    pub cases: Vec<CaseSpan>,
    /// For each event its activity's place in the vocabulary, or [`Block::UNKNOWN`].
    pub activities: Vec<u16>,
    /// For each event the first instant at which it may have happened; microseconds since 1970.
    pub earliest: Vec<i64>,
    /// For each event the last.
    pub latest: Vec<i64>,
    /// For each attribute of the vocabulary, in its order, a column: the class of each value for an
    /// attribute of kind [`Value`](crate::vocabulary::AttributeKind::Value) that a standard asks
    /// for, and else empty. What the classes are, the engine's plan says.
    pub classes: Vec<Vec<u16>>,
    /// For each attribute of the vocabulary, in its order, a column: a stable 128-bit hash of each
    /// value (0 where it is missing) for an attribute that standards compare, and else empty.
    pub hashes: Vec<Vec<u128>>,
    /// For each event the last instant at which it may have been recorded, where that is known; a
    /// column only where a reader was asked to keep it, and else empty.
    pub recorded: Vec<Option<i64>>,
}

/// A case in a [`Block`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseSpan {
    /// Where its reference ends in [`Block::references`]; it begins where the one before ends.
    pub reference_end: u32,
    /// Where its events end in the columns; they begin where those of the one before end.
    pub events_end: u32,
}

impl Block {
    /// The place of an activity that the vocabulary does not know.
    pub const UNKNOWN: u16 = u16::MAX;

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.activities.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.activities.is_empty()
    }
}
