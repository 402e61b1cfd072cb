//! Truth with three values, of which the middle one knows why.

use crate::verdict::Doubt;

/// A [`Sureness`](crate::verdict::Sureness) that says why it is unsure. Of several reasons the
/// greatest stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    No,
    Unsure(Doubt),
    Sure,
}

impl Truth {
    pub(super) fn of(holds: bool) -> Self {
        if holds { Truth::Sure } else { Truth::No }
    }

    /// Sure or no where one of these holds, which exclude each other.
    pub(super) fn sure_or_no(sure: bool, no: bool, doubt: Doubt) -> Self {
        match (sure, no) {
            (true, _) => Truth::Sure,
            (false, true) => Truth::No,
            (false, false) => Truth::Unsure(doubt),
        }
    }

    pub(super) fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Unsure(one), Truth::Unsure(two)) => Truth::Unsure(one.max(two)),
            _ => self.min(other),
        }
    }

    pub(super) fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    pub(super) fn not(self) -> Truth {
        match self {
            Truth::No => Truth::Sure,
            Truth::Sure => Truth::No,
            unsure => unsure,
        }
    }

    pub(super) fn doubt(self) -> Option<Doubt> {
        match self {
            Truth::Unsure(doubt) => Some(doubt),
            _ => None,
        }
    }

    pub(super) fn is_sure(self) -> bool {
        self == Truth::Sure
    }

    pub(super) fn is_no(self) -> bool {
        self == Truth::No
    }
}

/// Whether it holds of any.
pub(super) fn any<T>(things: impl IntoIterator<Item = T>, holds: impl Fn(T) -> Truth) -> Truth {
    things
        .into_iter()
        .fold(Truth::No, |so_far, thing| so_far.or(holds(thing)))
}

/// Whether it holds of all.
pub(super) fn all<T>(things: impl IntoIterator<Item = T>, holds: impl Fn(T) -> Truth) -> Truth {
    things
        .into_iter()
        .fold(Truth::Sure, |so_far, thing| so_far.and(holds(thing)))
}
