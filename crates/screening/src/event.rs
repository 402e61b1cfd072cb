//! What a timeline is made of.

use crate::vocabulary::ActivityId;

/// When something happened, in microseconds since 1970 (UTC): at one instant in
/// `[earliest, latest]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    /// The first instant at which it may have happened.
    pub earliest: i64,
    /// The last.
    pub latest: i64,
}

impl When {
    /// The time of an event whose time is faulty: anywhere at all.
    pub const ANY: When = When {
        earliest: i64::MIN,
        latest: i64::MAX,
    };

    /// A recorded instant.
    pub const fn at(instant: i64) -> When {
        When {
            earliest: instant,
            latest: instant,
        }
    }

    /// Whether the instant is recorded.
    pub const fn is_exact(self) -> bool {
        self.earliest == self.latest
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Happening {
    /// An activity of the vocabulary.
    Known(ActivityId),
    /// An activity that the vocabulary does not know: it may be whatever a standard awaits.
    Unknown,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub happening: Happening,
    /// When.
    pub when: When,
    /// When it was entered, where that is known; microseconds since 1970.
    pub recorded_at: Option<i64>,
    /// The values of the vocabulary's attributes, in its order; none where it is missing.
    pub values: Vec<Option<String>>,
}
