//! Truth with three values in one byte; the middle one knows why.

use crate::event::When;
use crate::verdict::{Doubt, Sureness};

/// No, unsure for a reason, or sure. Of several reasons the greatest stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Truth(u8);

impl Truth {
    pub(super) const NO: Truth = Truth(0);
    pub(super) const SURE: Truth = Truth(u8::MAX);

    pub(super) const fn unsure(doubt: Doubt) -> Self {
        Truth(1 + doubt as u8)
    }

    pub(super) const fn of(holds: bool) -> Self {
        if holds { Truth::SURE } else { Truth::NO }
    }

    /// What a table of classes says; what is unsure there lacks a value.
    pub(super) fn of_value(sureness: Sureness) -> Self {
        match sureness {
            Sureness::No => Truth::NO,
            Sureness::Unsure => Truth::unsure(Doubt::MissingValue),
            Sureness::Sure => Truth::SURE,
        }
    }

    /// Sure or no where one of these holds.
    pub(super) fn sure_or_no(sure: bool, no: bool, doubt: impl FnOnce() -> Doubt) -> Self {
        match (sure, no) {
            (true, _) => Truth::SURE,
            (false, true) => Truth::NO,
            (false, false) => Truth::unsure(doubt()),
        }
    }

    pub(super) fn and(self, other: Truth) -> Truth {
        let least = self.min(other);
        match (self.doubt(), other.doubt()) {
            (Some(_), Some(_)) => self.max(other),
            _ => least,
        }
    }

    pub(super) fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    pub(super) fn not(self) -> Truth {
        match self {
            Truth::NO => Truth::SURE,
            Truth::SURE => Truth::NO,
            unsure => unsure,
        }
    }

    pub(super) fn is_sure(self) -> bool {
        self == Truth::SURE
    }

    pub(super) fn is_no(self) -> bool {
        self == Truth::NO
    }

    pub(super) fn doubt(self) -> Option<Doubt> {
        match self.0 {
            1 => Some(Doubt::OrderWithinDay),
            2 => Some(Doubt::MissingValue),
            3 => Some(Doubt::FaultyRow),
            4 => Some(Doubt::NoCalendar),
            _ => None,
        }
    }
}

/// Whether one time is before another.
pub(super) fn before(one: When, other: When) -> Truth {
    Truth::sure_or_no(
        one.latest < other.earliest,
        one.earliest >= other.latest,
        || doubt(one, other),
    )
}

/// Whether a time is not after a deadline.
pub(super) fn by(one: When, deadline: When) -> Truth {
    Truth::sure_or_no(
        one.latest <= deadline.earliest,
        one.earliest > deadline.latest,
        || doubt(one, one),
    )
}

/// Whether a time has no beginning or no end.
pub(super) fn is_faulty(when: When) -> bool {
    when.earliest == i64::MIN || when.latest == i64::MAX
}

/// Why the order of two times is unsure.
pub(super) fn doubt(one: When, other: When) -> Doubt {
    if is_faulty(one) || is_faulty(other) {
        Doubt::FaultyRow
    } else {
        Doubt::OrderWithinDay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsure_conjunction_has_the_greatest_reason_and_no_beats_it() {
        let day = Truth::unsure(Doubt::OrderWithinDay);
        let value = Truth::unsure(Doubt::MissingValue);
        assert_eq!(day.and(value), value);
        assert_eq!(day.and(Truth::SURE), day);
        assert_eq!(day.and(Truth::NO), Truth::NO);
        assert_eq!(day.or(Truth::SURE), Truth::SURE);
        assert_eq!(value.not(), value);
    }

    #[test]
    fn every_doubt_survives_the_byte() {
        for doubt in [
            Doubt::OrderWithinDay,
            Doubt::MissingValue,
            Doubt::FaultyRow,
            Doubt::NoCalendar,
        ] {
            assert_eq!(Truth::unsure(doubt).doubt(), Some(doubt));
        }
    }
}
