//! What a library becomes for one calendar and one as-of day.

mod class;
mod condition;
mod limit;
mod mark;
mod rule;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

pub(super) use class::Classes;
pub(super) use condition::{CompiledCondition, CompiledPattern, PatternId};
pub(super) use limit::{LimitId, LimitTable, NoCalendar};
pub use mark::{OtherPlan, PlanMark};
pub(super) use rule::{
    AtMostForm, Clock, ElapsedForm, Form, NeverWhileForm, NotWithinForm, NthForm, PrecedenceForm,
    ResponseForm, Rule, SinceForm, TriggerForm,
};

use crate::block::Block;
use crate::calendar::{Calendar, CountFault};
use crate::standard::{Counting, Key, Library, Standard};
use crate::vocabulary::AttributeId;

/// On what a check rests besides the library and the log.
#[derive(Clone, Debug)]
pub struct Basis {
    /// How days and working days are counted; in the library's zone.
    pub calendar: Arc<Calendar>,
    /// The last day of which the log is known.
    pub as_of: Date,
    /// Whose standards are checked: those of this nation and those of everywhere. All, where there
    /// is none.
    pub nation: Option<String>,
    /// By which attributes of the activating event the tallies are broken down.
    pub breakdowns: Vec<Breakdown>,
}

impl Basis {
    /// All standards, with no breakdowns.
    pub fn new(calendar: Arc<Calendar>, as_of: Date) -> Self {
        Self {
            calendar,
            as_of,
            nation: None,
            breakdowns: Vec::new(),
        }
    }
}

/// An attribute by which tallies are broken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// The attribute.
    pub attribute: AttributeId,
    /// The values that are told apart, besides those that standards ask for; all others are
    /// counted together.
    pub values: Vec<String>,
}

/// Why a library cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The as-of day lies outside the calendar.
    #[error("the as-of day {day} cannot be used: {fault}")]
    AsOf {
        /// The day.
        day: Date,
        /// Why.
        fault: CountFault,
    },
    /// A standard speaks of an activity or attribute that its library's vocabulary does not have.
    #[error(
        "standard {standard} speaks of a word at place {place} of the vocabulary, which has none there"
    )]
    NotInVocabulary {
        /// The standard's identifier.
        standard: String,
        /// The place.
        place: u16,
    },
    /// A breakdown is by an attribute that the vocabulary does not have.
    #[error(
        "a breakdown is by the attribute at place {place} of the vocabulary, which has none there"
    )]
    UnknownBreakdown {
        /// The place.
        place: u16,
    },
    /// A standard stops a clock that is not counted in elapsed time.
    #[error(
        "standard {standard} stops a clock that counts days; only minutes, hours and elapsed days can stop and go on"
    )]
    PauseInDays {
        /// The standard's identifier.
        standard: String,
    },
    /// There is too much of something to be numbered.
    #[error("too many {what}; at most {most} can be numbered")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
}

/// A library of standards, ready to be checked on any number of cases by any number of threads.
#[derive(Debug)]
pub struct Plan {
    title: String,
    version: String,
    codes: HashMap<Vec<u8>, Option<u16>>,
    activities: Vec<String>,
    attributes: Vec<AttributePlan>,
    standards: Vec<StandardPlan>,
    breakdowns: Vec<AttributeId>,
    fingerprint: u128,
    pub(super) as_of: i64,
    pub(super) calendar: Arc<Calendar>,
    pub(super) patterns: Vec<CompiledPattern>,
    pub(super) limits: Vec<LimitTable>,
    pub(super) groups: Vec<Group>,
    /// For each day of the calendar its month, counted from the first year's January as 1.
    months: Vec<u16>,
}

/// The year from which months are numbered, before all that a calendar knows.
const FIRST_YEAR: u16 = 1900;

/// What a plan asks of an attribute.
#[derive(Debug)]
struct AttributePlan {
    classes: Option<Classes>,
    hashed: bool,
}

/// What tallies need to know of a standard.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StandardPlan {
    pub(super) id: String,
    pub(super) counts: Counting,
    pub(super) checked: bool,
    pub(super) measures: bool,
}

/// The rules that look at the same timelines: those of cases, or those of one key.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) key: Key,
    pub(super) rules: Vec<Rule>,
    /// For each activity and at the end for unknown ones, which patterns an event of it may be of.
    asking: Vec<Vec<Asking>>,
    /// In the same manner whether it activates any rule.
    activating: Vec<bool>,
    /// How many events of activities that activate a rule there are at least where one applies.
    pub(super) least: usize,
    /// The attributes of which its rules need the class, and the hash.
    pub(super) classes: Vec<usize>,
    pub(super) hashes: Vec<usize>,
}

/// That an event of an activity may be one of a pattern.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) pattern: PatternId,
    pub(super) how: How,
}

/// Whether an event of an activity is one of a pattern.
#[derive(Debug)]
pub(super) enum How {
    Surely,
    /// If all conditions hold in one of these ways.
    If(Vec<Vec<CompiledCondition>>),
    /// Of an unknown activity, where the pattern is awaited.
    Perhaps,
}

impl Group {
    /// The place of an activity in its tables.
    fn slot(&self, activity: u16) -> usize {
        usize::from(activity).min(self.asking.len() - 1)
    }

    /// The patterns that an event of an activity may be of.
    pub(super) fn asking(&self, activity: u16) -> &[Asking] {
        &self.asking[self.slot(activity)]
    }

    /// Whether an activity activates any rule.
    pub(super) fn activates(&self, activity: u16) -> bool {
        self.activating[self.slot(activity)]
    }

    /// Whether any rule asks about an activity.
    pub(super) fn asks(&self, activity: u16) -> bool {
        !self.asking(activity).is_empty()
    }
}

impl Plan {
    /// Compiles a library. Standards that are switched off, and those of other nations, are not
    /// checked; they keep their places.
    ///
    /// # Errors
    ///
    /// Where the as-of day is outside the calendar or the library contradicts itself.
    pub fn compile(library: &Library, basis: &Basis) -> Result<Self, CompileError> {
        compile::plan(library, basis)
    }

    /// The place of an activity by its code in a log: [`Block::UNKNOWN`] if the vocabulary does
    /// not know it, none if events with this code are to be left out.
    pub fn activity(&self, code: &[u8]) -> Option<u16> {
        self.codes
            .get(code)
            .copied()
            .unwrap_or(Some(Block::UNKNOWN))
    }

    /// The code of the activity at a place; none for [`Block::UNKNOWN`].
    pub fn code(&self, activity: u16) -> Option<&str> {
        self.activities
            .get(usize::from(activity))
            .map(String::as_str)
    }

    /// The class of a value: 0 where it is missing. Values that no standard tells apart have the
    /// same class.
    pub fn class_of(&self, attribute: AttributeId, value: Option<&[u8]>) -> u16 {
        match (self.classes(attribute), value) {
            (Some(classes), Some(value)) => classes.class_of(value),
            _ => Classes::MISSING,
        }
    }

    /// Whether blocks need the classes of an attribute.
    pub fn wants_class(&self, attribute: AttributeId) -> bool {
        self.classes(attribute).is_some()
    }

    /// Whether blocks need the hashes of an attribute.
    pub fn wants_hash(&self, attribute: AttributeId) -> bool {
        self.attributes
            .get(usize::from(attribute.0))
            .is_some_and(|plan| plan.hashed)
    }

    /// How many attributes the vocabulary has: the number of class and hash columns of a block.
    pub fn attribute_count(&self) -> usize {
        self.attributes.len()
    }

    /// How many standards the library has, those not checked included.
    pub fn standard_count(&self) -> usize {
        self.standards.len()
    }

    /// The identifier of the standard at a place of the library.
    pub fn standard_id(&self, standard: u16) -> &str {
        &self.standards[usize::from(standard)].id
    }

    /// Whether a standard is checked.
    pub fn checks(&self, standard: u16) -> bool {
        self.standards[usize::from(standard)].checked
    }

    /// What the library is called, and its version.
    pub fn library(&self) -> (&str, &str) {
        (&self.title, &self.version)
    }

    /// The first instant after the as-of day; events at or after it are not looked at.
    pub fn as_of(&self) -> i64 {
        self.as_of
    }

    /// The hash by which blocks tell values apart, never 0.
    pub fn hash_of(value: &[u8]) -> u128 {
        twox_hash::XxHash3_128::oneshot(value).max(1)
    }

    /// A hash of everything that the numbers of blocks and findings hang on, so that parts checked
    /// with other standards are not put together.
    pub fn fingerprint(&self) -> u128 {
        self.fingerprint
    }

    pub(super) fn classes(&self, attribute: AttributeId) -> Option<&Classes> {
        self.attributes
            .get(usize::from(attribute.0))?
            .classes
            .as_ref()
    }

    pub(super) fn standards(&self) -> &[StandardPlan] {
        &self.standards
    }

    pub(super) fn breakdowns(&self) -> &[AttributeId] {
        &self.breakdowns
    }

    /// The month in which an instant lies, as a number; 0 if it is not known.
    pub(super) fn month_of(&self, instant: i64) -> u16 {
        match self.calendar.place(instant) {
            Ok(day) => self.months.get(day).copied().unwrap_or(0),
            Err(_) => 0,
        }
    }

    /// The name of a month by its number.
    pub(super) fn month_name(month: u16) -> String {
        match month.checked_sub(1) {
            None => "unknown".to_owned(),
            Some(month) => format!("{}-{:02}", FIRST_YEAR + month / 12, month % 12 + 1),
        }
    }
}

/// For each day of a calendar the number of its month.
fn months(calendar: &Calendar) -> Vec<u16> {
    let mut months = Vec::with_capacity(calendar.days());
    while months.len() < calendar.days() {
        let day = calendar.date_at(months.len());
        let years = day.year().unsigned_abs().saturating_sub(FIRST_YEAR);
        let month = years * 12 + u16::from(day.month().unsigned_abs());
        let rest = day.days_in_month() - day.day() + 1;
        let end = months.len() + usize::from(rest.unsigned_abs());
        months.resize(end.min(calendar.days()), month);
    }
    months
}

/// Whether a standard is checked for a nation.
fn is_checked(standard: &Standard, nation: Option<&str>) -> bool {
    let ours = nation.is_none_or(|nation| {
        standard.nations.is_empty() || standard.nations.iter().any(|n| n == nation)
    });
    standard.switched_off.is_none() && ours
}

mod compile;
