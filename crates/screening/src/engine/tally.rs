//! How many were met and missed, and what each number is a share of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::verdict::{Doubt, Lapse, Outcome};

/// The counts of a screening. Those of parts add up to those of the whole, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// What the library of standards is called.
    pub library: String,
    /// Its version.
    pub version: String,
    /// The first instant of which nothing is known any more; microseconds since 1970.
    pub as_of: i64,
    /// How many cases there are.
    pub cases: u64,
    /// How many events they have that were known.
    pub events: u64,
    /// The standards that were checked, in the order of the library.
    pub standards: Vec<StandardTally>,
}

/// The counts of a standard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardTally {
    /// The standard's identifier.
    pub id: String,
    /// What it counts.
    pub counts: Counted,
    /// Each time that it applies.
    pub activations: Counts,
    /// Each case in which it applies, by the worst that was found in it.
    pub cases: Counts,
    /// Each person or thing for which it applies, by the worst that was found of it, where the
    /// standard counts those; one that is not named counts each time. Empty in the tally of a part.
    pub things: Counts,
    /// What it counts, by the month of the activation, as `2025-03`; of a case or thing the first
    /// of those with its worst finding. `unknown` where the time is.
    pub by_month: BTreeMap<String, Counts>,
    /// What it counts, by area of the case; empty where the case list does not say.
    pub by_area: BTreeMap<String, Counts>,
    /// What it counts, by category of the case; empty where the case list does not say.
    pub by_category: BTreeMap<String, Counts>,
    /// What it counts, by attributes of the activating event: for each attribute's place in the
    /// vocabulary, by value. `other` stands for all values that were not declared, and an empty
    /// value for a missing one.
    pub by_attribute: BTreeMap<u16, BTreeMap<String, Counts>>,
    /// The times that it measured.
    pub times: Times,
}

/// What a standard counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Each time that it applies.
    #[default]
    Activations,
    /// Each case.
    Cases,
    /// Each person or thing: the values of the attribute at this place of the vocabulary.
    Things(u16),
}

/// How often each outcome was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// What would have been due need not be done.
    pub excused: u64,
    /// Kept.
    pub met: u64,
    /// Neither kept nor missed yet.
    pub pending: u64,
    /// Cannot be told: it hangs on the order of events within a day.
    pub order_within_day: u64,
    /// Cannot be told: a value is missing.
    pub missing_value: u64,
    /// Cannot be told: a faulty row may hold the answer.
    pub faulty_row: u64,
    /// Cannot be told: the bank holidays are not known.
    pub no_calendar: u64,
    /// Missed: too late.
    pub late: u64,
    /// Missed: not at all.
    pub never: u64,
    /// Missed: too often.
    pub too_many: u64,
    /// Missed: while something else stood open.
    pub unmatched: u64,
    /// Missed: what must not happen.
    pub forbidden: u64,
}

/// How often each outcome was found, by its place.
pub(super) type Cells = [u64; Outcome::ALL.len()];

impl From<&Cells> for Counts {
    fn from(cells: &Cells) -> Self {
        let mut counts = Counts::default();
        for (outcome, count) in Outcome::ALL.iter().zip(cells) {
            *counts.of_mut(*outcome) += count;
        }
        counts
    }
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, outcome: Outcome) {
        *self.of_mut(outcome) += 1;
    }

    fn of_mut(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Excused => &mut self.excused,
            Outcome::Met => &mut self.met,
            Outcome::Pending => &mut self.pending,
            Outcome::CannotTell(Doubt::OrderWithinDay) => &mut self.order_within_day,
            Outcome::CannotTell(Doubt::MissingValue) => &mut self.missing_value,
            Outcome::CannotTell(Doubt::FaultyRow) => &mut self.faulty_row,
            Outcome::CannotTell(Doubt::NoCalendar) => &mut self.no_calendar,
            Outcome::Missed(Lapse::Late) => &mut self.late,
            Outcome::Missed(Lapse::Never) => &mut self.never,
            Outcome::Missed(Lapse::TooMany) => &mut self.too_many,
            Outcome::Missed(Lapse::Unmatched) => &mut self.unmatched,
            Outcome::Missed(Lapse::Forbidden) => &mut self.forbidden,
        }
    }

    /// How many were missed, in whatever way.
    pub const fn missed(&self) -> u64 {
        self.late + self.never + self.too_many + self.unmatched + self.forbidden
    }

    /// How many cannot be told, for whatever reason.
    pub const fn cannot_tell(&self) -> u64 {
        self.order_within_day + self.missing_value + self.faulty_row + self.no_calendar
    }

    /// How many were met or missed: what a rate is a share of.
    pub const fn decided(&self) -> u64 {
        self.met + self.missed()
    }

    /// How many there are.
    pub const fn total(&self) -> u64 {
        self.excused + self.pending + self.cannot_tell() + self.decided()
    }

    /// The share met of those met or missed; none where there is none of either.
    pub fn share_met(&self) -> Option<f64> {
        (self.decided() > 0).then(|| self.met as f64 / self.decided() as f64)
    }

    /// Adds others.
    pub fn merge(&mut self, other: &Counts) {
        self.excused += other.excused;
        self.met += other.met;
        self.pending += other.pending;
        self.order_within_day += other.order_within_day;
        self.missing_value += other.missing_value;
        self.faulty_row += other.faulty_row;
        self.no_calendar += other.no_calendar;
        self.late += other.late;
        self.never += other.never;
        self.too_many += other.too_many;
        self.unmatched += other.unmatched;
        self.forbidden += other.forbidden;
    }
}

/// Times that were measured, in microseconds from the first possible instant of one event to that
/// of the other: for each, how often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times(BTreeMap<i64, u64>);

impl Times {
    /// Those of a list in any order.
    pub fn of(mut times: Vec<i64>) -> Self {
        times.sort_unstable();
        let runs = times.chunk_by(|a, b| a == b);
        Self(runs.map(|run| (run[0], run.len() as u64)).collect())
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The shortest time that at least this share, from 0 to 1, do not exceed; none where nothing
    /// was measured.
    pub fn quantile(&self, share: f64) -> Option<i64> {
        let needed = (share.clamp(0.0, 1.0) * self.count() as f64)
            .ceil()
            .max(1.0) as u64;
        let mut so_far = 0;
        self.0.iter().find_map(|(time, count)| {
            so_far += count;
            (so_far >= needed).then_some(*time)
        })
    }

    /// Every time with how often it was measured, the shortest first.
    pub fn iter(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.0.iter().map(|(time, count)| (*time, *count))
    }

    fn merge(&mut self, other: Times) {
        for (time, count) in other.0 {
            *self.0.entry(time).or_default() += count;
        }
    }
}

/// Why two tallies are not of one whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "these counts are of {theirs}, the others of {ours}; count all parts with one library on one day"
)]
pub struct TallyMismatch {
    pub(super) ours: String,
    pub(super) theirs: String,
}

impl Tally {
    /// What it is the tally of.
    fn subject(&self) -> String {
        let ids: Vec<&str> = self.standards.iter().map(|s| s.id.as_str()).collect();
        format!(
            "{} {} as of {} with {}",
            self.library,
            self.version,
            self.as_of,
            ids.join(", ")
        )
    }

    /// Adds that of another part of the same whole.
    ///
    /// # Errors
    ///
    /// Where it is of other standards or another day.
    pub fn merge(&mut self, other: Tally) -> Result<(), TallyMismatch> {
        let (ours, theirs) = (self.subject(), other.subject());
        if ours != theirs {
            return Err(TallyMismatch { ours, theirs });
        }
        self.cases += other.cases;
        self.events += other.events;
        for (own, theirs) in self.standards.iter_mut().zip(other.standards) {
            own.merge(theirs);
        }
        Ok(())
    }

    /// The counts of a standard.
    pub fn find_standard(&self, id: &str) -> Option<&StandardTally> {
        self.standards.iter().find(|standard| standard.id == id)
    }

    /// To how many cases a standard does not apply.
    pub fn not_applicable(&self, standard: &StandardTally) -> u64 {
        self.cases - standard.cases.total()
    }
}

impl StandardTally {
    /// What the standard counts, with the outcome of each.
    pub fn counted(&self) -> &Counts {
        match self.counts {
            Counted::Activations => &self.activations,
            Counted::Cases => &self.cases,
            Counted::Things(_) => &self.things,
        }
    }

    pub(super) fn merge(&mut self, other: StandardTally) {
        self.activations.merge(&other.activations);
        self.cases.merge(&other.cases);
        self.things.merge(&other.things);
        merge_map(&mut self.by_month, other.by_month);
        merge_map(&mut self.by_area, other.by_area);
        merge_map(&mut self.by_category, other.by_category);
        for (attribute, counts) in other.by_attribute {
            merge_map(self.by_attribute.entry(attribute).or_default(), counts);
        }
        self.times.merge(other.times);
    }
}

fn merge_map(own: &mut BTreeMap<String, Counts>, other: BTreeMap<String, Counts>) {
    for (key, counts) in other {
        own.entry(key).or_default().merge(&counts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_time_that_was_measured() {
        let times = Times::of(vec![5, 1, 1, 9]);
        assert_eq!(times.quantile(0.0), Some(1));
        assert_eq!(times.quantile(0.5), Some(1));
        assert_eq!(times.quantile(0.51), Some(5));
        assert_eq!(times.quantile(1.0), Some(9));
        assert_eq!(Times::default().quantile(0.5), None);
    }

    #[test]
    fn a_rate_is_a_share_of_what_was_decided() {
        let mut counts = Counts::default();
        counts.add(Outcome::Met);
        counts.add(Outcome::Missed(Lapse::Late));
        counts.add(Outcome::Pending);
        counts.add(Outcome::CannotTell(Doubt::FaultyRow));
        assert_eq!(counts.share_met(), Some(0.5));
        assert_eq!(counts.total(), 4);
        assert_eq!(Counts::default().share_met(), None);
    }
}
