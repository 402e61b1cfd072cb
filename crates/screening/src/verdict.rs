//! What a check finds, and what proves it.

use crate::event::When;

/// Three-valued truth, in order: *and* is the least, *or* the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sureness {
    /// Surely not so.
    No,
    /// It may be so.
    Unsure,
    /// Surely so.
    Sure,
}

/// What was found of one activation of one standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The standard, by its place in the library.
    pub standard: u16,
    /// The activating event, by its place in the timeline.
    pub activating: u32,
    /// What was found.
    pub outcome: Outcome,
    /// The event that decides: the one that meets, excuses, comes too late or is forbidden; for an
    /// unmatched opening the opening.
    pub deciding: Option<u32>,
    /// By when something was or is due, where there is a deadline; microseconds since 1970.
    pub due: Option<When>,
}

/// What was found. In the order in which the worst of several stands for all: the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// What would have been due need not be done.
    Excused,
    /// Kept.
    Met,
    /// Neither kept nor missed yet.
    Pending,
    /// The log does not say.
    CannotTell(Doubt),
    /// Missed.
    Missed(Lapse),
}

impl Outcome {
    /// Every outcome, each at its [`place`](Self::place).
    pub const ALL: [Outcome; 12] = [
        Outcome::Excused,
        Outcome::Met,
        Outcome::Pending,
        Outcome::CannotTell(Doubt::OrderWithinDay),
        Outcome::CannotTell(Doubt::MissingValue),
        Outcome::CannotTell(Doubt::FaultyRow),
        Outcome::CannotTell(Doubt::NoCalendar),
        Outcome::Missed(Lapse::Late),
        Outcome::Missed(Lapse::Never),
        Outcome::Missed(Lapse::TooMany),
        Outcome::Missed(Lapse::Unmatched),
        Outcome::Missed(Lapse::Forbidden),
    ];

    /// Its place in [`ALL`](Self::ALL), by which files keep it.
    pub const fn place(self) -> usize {
        match self {
            Outcome::Excused => 0,
            Outcome::Met => 1,
            Outcome::Pending => 2,
            Outcome::CannotTell(doubt) => 3 + doubt as usize,
            Outcome::Missed(lapse) => 7 + lapse as usize,
        }
    }
}

/// In which way a standard was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lapse {
    /// What was due came too late.
    Late,
    /// What was due did not come.
    Never,
    /// Something happened too often.
    TooMany,
    /// Something happened while something else stood open.
    Unmatched,
    /// Something happened that must not.
    Forbidden,
}

/// Why the log does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// The answer hangs on the order of events within a day.
    OrderWithinDay,
    /// A value that the standard asks for is missing.
    MissingValue,
    /// A faulty row may hold the answer.
    FaultyRow,
    /// The bank holidays of the time are not known.
    NoCalendar,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_its_own_place() {
        for (place, outcome) in Outcome::ALL.iter().enumerate() {
            assert_eq!(outcome.place(), place);
        }
    }
}
