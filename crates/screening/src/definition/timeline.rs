//! The events of one key as they are known on a day, and what can be asked of them.

use super::truth::{Truth, all, any};
use crate::calendar::Calendar;
use crate::event::{Event, Happening, When};
use crate::standard::{Condition, EventTest, Pattern, Test};
use crate::verdict::Doubt;
use crate::vocabulary::AttributeId;

/// The events of one key as they are known on a day. An event goes by its place.
pub(super) struct Timeline<'a> {
    pub(super) calendar: &'a Calendar,
    pub(super) as_of: i64,
    all: &'a [Event],
    known: Vec<usize>,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(calendar: &'a Calendar, as_of: i64, all: &'a [Event]) -> Self {
        let mut known: Vec<usize> = (0..all.len())
            .filter(|&place| all[place].when.earliest < as_of)
            .collect();
        known.sort_by_key(|&place| (all[place].when, all[place].happening, place));
        Self {
            calendar,
            as_of,
            all,
            known,
        }
    }

    /// The known events: by their earliest instant, latest instant, activity and place.
    pub(super) fn events(&self) -> impl Iterator<Item = usize> + '_ {
        self.known.iter().copied()
    }

    /// The first known event of which something is sure.
    pub(super) fn first(&self, holds: impl Fn(usize) -> Truth) -> Option<usize> {
        self.events().find(|&event| holds(event).is_sure())
    }

    /// The last known event of which something is sure.
    pub(super) fn last(&self, holds: impl Fn(usize) -> Truth) -> Option<usize> {
        self.events().filter(|&event| holds(event).is_sure()).last()
    }

    pub(super) fn when(&self, event: usize) -> When {
        self.all[event].when
    }

    pub(super) fn happening(&self, event: usize) -> Happening {
        self.all[event].happening
    }

    pub(super) fn value(&self, event: usize, attribute: AttributeId) -> Option<&str> {
        let values = &self.all[event].values;
        values.get(usize::from(attribute.0))?.as_deref()
    }

    /// Whether one event is before another. None is before itself.
    pub(super) fn before(&self, one: usize, other: usize) -> Truth {
        if one == other {
            return Truth::No;
        }
        before(self.when(one), self.when(other))
    }

    /// Whether an event surely comes before one that is later in order: at one recorded instant the
    /// order stands.
    pub(super) fn comes_first(&self, one: usize, later: usize) -> bool {
        let (a, b) = (self.when(one), self.when(later));
        a.latest < b.earliest || (a == b && a.is_exact())
    }

    /// Whether an event is of a pattern.
    pub(super) fn matches(&self, event: usize, pattern: &Pattern) -> Truth {
        any(&pattern.any_of, |test| self.passes(event, test))
    }

    /// Whether an event is of a pattern that is awaited: an unknown activity may be that.
    pub(super) fn answers(&self, event: usize, pattern: &Pattern) -> Truth {
        match self.happening(event) {
            Happening::Unknown => Truth::Unsure(Doubt::FaultyRow),
            Happening::Known(_) => self.matches(event, pattern),
        }
    }

    /// Whether two events have the key in common, where one is asked for.
    pub(super) fn same(&self, one: usize, other: usize, key: Option<AttributeId>) -> Truth {
        let Some(key) = key else {
            return Truth::Sure;
        };
        match (self.value(one, key), self.value(other, key)) {
            (Some(one), Some(other)) => Truth::of(one == other),
            _ => Truth::Unsure(Doubt::MissingValue),
        }
    }

    fn passes(&self, event: usize, test: &EventTest) -> Truth {
        Truth::of(self.happening(event) == Happening::Known(test.activity))
            .and(all(&test.conditions, |condition| {
                self.meets(event, condition)
            }))
    }

    fn meets(&self, event: usize, condition: &Condition) -> Truth {
        let value = self.value(event, condition.attribute);
        if let Test::IsRecorded(recorded) = condition.test {
            return Truth::of(value.is_some() == recorded);
        }
        let found = value.and_then(|value| match &condition.test {
            Test::Is(values) => Some(values.iter().any(|one| one == value)),
            Test::IsNot(values) => Some(values.iter().all(|one| one != value)),
            Test::AtLeast(least) => Some(number(value)? >= *least),
            Test::AtMost(most) => Some(number(value)? <= *most),
            Test::SameAs(other) => Some(self.value(event, *other)? == value),
            Test::DiffersFrom(other) => Some(self.value(event, *other)? != value),
            Test::IsRecorded(_) => None,
        });
        found.map_or(Truth::Unsure(Doubt::MissingValue), Truth::of)
    }
}

/// Whether one time is before another.
pub(super) fn before(one: When, other: When) -> Truth {
    Truth::sure_or_no(
        one.latest < other.earliest,
        one.earliest >= other.latest,
        doubt(one, other),
    )
}

/// Whether a time is not after a deadline.
pub(super) fn by(one: When, deadline: When) -> Truth {
    Truth::sure_or_no(
        one.latest <= deadline.earliest,
        one.earliest > deadline.latest,
        doubt(one, one),
    )
}

/// Whether a time is faulty: it has no beginning or no end.
pub(super) fn is_faulty(when: When) -> bool {
    when.earliest == i64::MIN || when.latest == i64::MAX
}

fn doubt(one: When, other: When) -> Doubt {
    if is_faulty(one) || is_faulty(other) {
        Doubt::FaultyRow
    } else {
        Doubt::OrderWithinDay
    }
}

fn number(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite())
}
