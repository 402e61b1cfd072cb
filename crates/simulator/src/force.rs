//! The force itself: its cases, each made from its number alone.

use std::ops::Range;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{Calendar, DAY, date_of, epoch_day};
use crate::case::{CaseReference, ChildKey, SimulatedCase, SuspectKey};
use crate::category::Category;
use crate::chance::{Chance, scatter};
use crate::child::{Child, Children, Cipher};
use crate::error::SimulateError;
use crate::event::{Activity, Event};
use crate::handling::{Handling, share_below_good};
use crate::parameters::Parameters;
use crate::situation::Situation;
use crate::standard::{Standard, Verdict};
use crate::timeline::Timeline;
use crate::truth::Truth;

/// Of the children with a second referral within 30 days, the share over whom the agencies were
/// never called together.
const WITHHELD: f64 = 0.12;
/// The window in which a second referral calls for a discussion.
const SECOND_REFERRAL: i64 = 30 * DAY;
/// Pseudonyms have 48 bits.
const PSEUDONYMS: u64 = 1 << 48;

/// A force, ready to yield its cases.
#[derive(Clone, Debug)]
pub struct Force {
    parameters: Parameters,
    key: u64,
    calendar: Calendar,
    children: Children,
    areas: Vec<Arc<str>>,
    area_weights: Vec<f64>,
    first_instant: i64,
    /// The instant at which the last day ends and the timelines were taken.
    cutoff: i64,
    digits: u8,
}

impl Force {
    /// Prepares a force.
    ///
    /// # Errors
    ///
    /// Where the parameters make no sense; see [`Parameters::check`].
    pub fn new(parameters: &Parameters) -> Result<Self, SimulateError> {
        parameters.check()?;
        let parameters = parameters.clone();
        let last_known = parameters.last_day.saturating_add(3.years());
        let calendar = Calendar::between(parameters.first_day.saturating_sub(7.days()), last_known);
        let first_instant = calendar.start_of(epoch_day(parameters.first_day));
        let cutoff = calendar.start_of(epoch_day(parameters.last_day) + 1);
        let key = parameters
            .force_code
            .bytes()
            .fold(scatter(parameters.seed), |key, byte| {
                scatter(key ^ u64::from(byte))
            });
        let days = ((cutoff - first_instant) / DAY) as u64;
        Ok(Self {
            key,
            calendar,
            children: Children::new(scatter(key ^ 1), parameters.cases, days),
            areas: parameters
                .areas
                .iter()
                .map(|area| area.code.as_str().into())
                .collect(),
            area_weights: parameters.areas.iter().map(|area| area.weight).collect(),
            first_instant,
            cutoff,
            digits: parameters.cases.to_string().len().max(7) as u8,
            parameters,
        })
    }

    /// What the force was made from.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Every case, in the order of their references.
    pub fn cases(&self) -> impl Iterator<Item = SimulatedCase> + '_ {
        self.cases_between(0..self.parameters.cases)
    }

    /// The cases with these numbers, counted from 0; numbers beyond the last case yield nothing.
    pub fn cases_between(&self, numbers: Range<u64>) -> impl Iterator<Item = SimulatedCase> + '_ {
        let end = numbers.end.min(self.parameters.cases);
        (numbers.start..end).map(|number| self.case(number))
    }

    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    fn case(&self, number: u64) -> SimulatedCase {
        let opened_at = self.opened_at(number);
        let opened_on = date_of(self.calendar.day_of(opened_at));
        let child = self.children.of(number);
        let mut draft = self.draft(number, &child);
        if draft.verdicts[Standard::DiscussionAfterSecondReferral as usize] == Verdict::Pending {
            self.look_for_discussion(number, &child, &mut draft);
        }
        let Draft {
            area,
            situation,
            handling,
            verdicts,
            events,
            closed_at,
        } = draft;
        SimulatedCase {
            reference: CaseReference {
                year: opened_on.year(),
                number: number + 1,
                digits: self.digits,
            },
            category: situation.category,
            area: self.areas[area].clone(),
            opened_on,
            closed_on: closed_at.map(|at| date_of(self.calendar.day_of(at))),
            child_key: ChildKey(self.pseudonym(2, child.number)),
            events: if self.parameters.timelines {
                events
            } else {
                Vec::new()
            },
            truth: Truth {
                grade: handling.grade,
                five_grade: handling.five_grade,
                still_at_risk: handling.still_at_risk,
                qualities: handling.qualities,
                answers: handling.answers,
                verdicts,
            },
        }
    }

    /// Cases come evenly over the period, each at its own moment, in the order of their numbers.
    fn opened_at(&self, number: u64) -> i64 {
        let within = scatter(self.key ^ scatter(number ^ 0x0a)) >> 32;
        let place = (u128::from(number) << 32) + u128::from(within);
        let period = (self.cutoff - self.first_instant) as u128;
        self.first_instant + (place * period / (u128::from(self.parameters.cases) << 32)) as i64
    }

    fn draft(&self, number: u64, child: &Child) -> Draft {
        let mut chance = Chance::stream(self.key, number);
        let category = Category::ALL[chance.weighted(&Category::SHARES)];
        let area = chance.weighted(&self.area_weights);
        let opened_at = self.opened_at(number);
        let situation = Situation::draw(
            category,
            self.referred_before(number, child),
            self.discussions_withheld(child),
            &mut chance,
        );
        let below_good = self.below_good(area, category, opened_at);
        let handling = Handling::draw(&situation, area, below_good, &mut chance);
        let mut timeline = Timeline::new(
            &self.calendar,
            self.cutoff,
            opened_at,
            &situation,
            &handling,
            chance,
        );
        timeline.suspect_keys =
            [0, 1].map(|suspect| SuspectKey(self.pseudonym(3, number * 2 + suspect)));
        let (events, verdicts, closed_at) = timeline.build();
        Draft {
            area,
            situation,
            handling,
            verdicts,
            events,
            closed_at,
        }
    }

    fn below_good(&self, area: usize, category: Category, opened_at: i64) -> f64 {
        let profile = &self.parameters.areas[area];
        let quarter = quarters_between(
            self.parameters.first_day,
            date_of(self.calendar.day_of(opened_at)),
        );
        let change = self.parameters.trend_per_quarter * profile.pace * f64::from(quarter);
        share_below_good(profile.below_good, change, category)
    }

    /// When the child was last referred before this case, if that was within 30 days.
    fn referred_before(&self, number: u64, child: &Child) -> Option<i64> {
        let before = child
            .cases
            .iter()
            .copied()
            .filter(|other| *other < number)
            .max()?;
        let at = self.opened_at(before);
        (self.opened_at(number) - at <= SECOND_REFERRAL).then_some(at)
    }

    fn discussions_withheld(&self, child: &Child) -> bool {
        let often = child
            .cases
            .iter()
            .any(|case| self.referred_before(*case, child).is_some());
        often && Chance::stream(self.key ^ 4, child.number).happens(WITHHELD)
    }

    /// A discussion in another case of the child counts too.
    fn look_for_discussion(&self, number: u64, child: &Child, draft: &mut Draft) {
        let Some(after) = draft.situation.referred_before_at else {
            return;
        };
        let by = self.opened_at(number) + 7 * DAY;
        let held = child
            .cases
            .iter()
            .filter(|other| **other != number)
            .any(|other| {
                self.draft(*other, child).events.iter().any(|event| {
                    event.activity == Activity::StrategyDiscussion
                        && event.at > after
                        && event.at <= by
                })
            });
        if held {
            draft.verdicts[Standard::DiscussionAfterSecondReferral as usize] = Verdict::Met;
        }
    }

    fn pseudonym(&self, kind: u64, number: u64) -> u64 {
        Cipher::new(scatter(self.key ^ kind), PSEUDONYMS).forward(number)
    }
}

/// A case before it has its reference.
struct Draft {
    area: usize,
    situation: Situation,
    handling: Handling,
    verdicts: [Verdict; crate::standard::STANDARDS],
    events: Vec<Event>,
    closed_at: Option<i64>,
}

/// Whole quarters of a year from one day to a later one.
fn quarters_between(first: Date, day: Date) -> i32 {
    let months = (i32::from(day.year()) - i32::from(first.year())) * 12 + i32::from(day.month())
        - i32::from(first.month());
    let begun = i32::from(day.day() < first.day());
    ((months - begun) / 3).max(0)
}
