//! The real published record: what inspections of child protection have found,
//! figure by figure with its source, and which figures may be set beside which.
//!
//! A figure that nobody published stays unknown. A row whose parts do not add up
//! is refused. And a trend is drawn only through figures that measure the same
//! thing in the same way; [`comparable`] says why two may not be joined.

use crate::code::coded;

use serde::Serialize;

mod comparison;
mod import;
mod partial_date;
mod read;
#[cfg(test)]
mod tests;

pub use comparison::{Difference, TrendRun, comparable, trend_groups};
pub use import::{ForceRecord, PublishedRecordImported, import};
pub use partial_date::{Fieldwork, PartialDate, PartialDateFault};
pub use read::{COLUMNS, PublishedFault, Reading, parse};

/// One published event: an inspection, a quarterly update, a thematic report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedInspection {
    /// The line of the file it was read from, from 1.
    pub line: u64,
    /// The force, or the set of forces, it is about.
    pub force: String,
    /// What was published.
    pub event: String,
    /// What was in scope.
    pub scope: Scope,
    /// When the cases were read.
    pub fieldwork: Option<Fieldwork>,
    /// When the figures were published.
    pub published: Option<PartialDate>,
    /// The grade scale in one line, best first, as [`crate::framework::Framework::scale`].
    pub scale: String,
    /// Whether the scale is an assumption of this record and not itself published.
    pub scale_assumed: bool,
    /// Who graded the cases.
    pub graded_by: Grader,
    /// Cases graded.
    pub cases: u64,
    /// Cases graded good.
    pub good: Option<u64>,
    /// Cases in the middle grade of three.
    pub middle: Option<u64>,
    /// Cases graded inadequate.
    pub inadequate: Option<u64>,
    /// Cases graded below good.
    pub below_good: Option<u64>,
    /// Cases sent straight back to the force.
    pub referred_back: Option<u64>,
    /// The address of the page the figures were read on.
    pub source: String,
    /// What a reader must know.
    pub note: Option<String>,
}

coded! {
    /// Who graded the cases of a published event.
    Grader "grader" {
        /// The inspectorate.
        Inspectors "inspectors" "inspectors",
        /// The force itself.
        Force "force" "the force itself",
    }
}

coded! {
    /// What part of the work an event looked at.
    Scope "scope" {
        /// All child protection work.
        ChildProtection "child-protection" "all child protection work",
        /// Sexual and criminal exploitation of children only.
        ChildExploitation "child-exploitation" "the exploitation of children only",
    }
}

impl Scope {
    fn of_event(event: &str) -> Scope {
        if event.to_lowercase().contains("exploitation") {
            Scope::ChildExploitation
        } else {
            Scope::ChildProtection
        }
    }
}

/// A count with the number it is out of, its source and its standing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedFigure<'a> {
    /// Which count.
    pub measure: Measure,
    /// How many cases.
    pub count: u64,
    /// Out of how many.
    pub of: u64,
    /// The address of the page it was read on.
    pub source: &'a str,
    /// How it was worked out where it is not in the record as such.
    pub worked_out: Option<String>,
}

/// What a published figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Cases graded good.
    Good,
    /// Cases in the middle grade of three.
    Middle,
    /// Cases graded inadequate.
    Inadequate,
    /// Cases graded below good.
    BelowGood,
    /// Cases sent straight back to the force.
    ReferredBack,
}

const SHIPPED: &str = include_str!("../data/published-inspections.csv");

/// The file of the record that comes with the program, as it stands.
#[must_use]
pub fn shipped_text() -> &'static str {
    SHIPPED
}

/// The record that comes with the program.
#[must_use]
pub fn shipped() -> Vec<PublishedInspection> {
    parse("published-inspections.csv", SHIPPED).inspections
}

impl PublishedInspection {
    /// Every figure that is known, and the cases below good also where they can
    /// only be worked out from the others.
    #[must_use]
    pub fn figures(&self) -> Vec<PublishedFigure<'_>> {
        let measures = [
            Measure::Good,
            Measure::Middle,
            Measure::Inadequate,
            Measure::BelowGood,
            Measure::ReferredBack,
        ];
        measures
            .into_iter()
            .filter_map(|measure| self.find_figure(measure))
            .collect()
    }

    /// One figure, if it is known.
    #[must_use]
    pub fn find_figure(&self, measure: Measure) -> Option<PublishedFigure<'_>> {
        let known = match measure {
            Measure::Good => self.good,
            Measure::Middle => self.middle,
            Measure::Inadequate => self.inadequate,
            Measure::BelowGood => self.below_good,
            Measure::ReferredBack => self.referred_back,
        };
        let (count, worked_out) = match (known, measure) {
            (Some(count), _) => (count, None),
            (None, Measure::BelowGood) => self.below_good_worked_out()?,
            (None, _) => return None,
        };
        Some(PublishedFigure {
            measure,
            count,
            of: self.cases,
            source: &self.source,
            worked_out,
        })
    }

    fn below_good_worked_out(&self) -> Option<(u64, Option<String>)> {
        if self.grades_in_scale() != 3 {
            return None;
        }
        if let (Some(middle), Some(inadequate)) = (self.middle, self.inadequate) {
            let how = format!("{middle} in the middle grade plus {inadequate} inadequate");
            return Some((middle.checked_add(inadequate)?, Some(how)));
        }
        let good = self.good?;
        let how = format!("{} cases minus {good} good", self.cases);
        Some((self.cases.checked_sub(good)?, Some(how)))
    }

    fn grades_in_scale(&self) -> usize {
        self.scale.split('/').count()
    }
}
