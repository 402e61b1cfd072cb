//! The draw itself, and the certificate that records it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shuffle::Shuffle;
use super::{
    Allocation, Digest, DrawError, Frame, Listed, Plan, Seed, by_size, systematic, two_stage,
};

/// The name of the procedure that the module describes; it changes when a step does.
pub(super) const SPECIFICATION: &str = "throughline-draw-v1";

/// The name of the only stratum of a draw from the whole list.
pub(super) const WHOLE_LIST: &str = "whole list";

/// How the cases were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// From the whole list at once.
    SimpleRandom,
    /// From each stratum by itself.
    StratifiedRandom,
    /// At equal steps along the sorted list.
    Systematic,
    /// Larger cases with a larger chance.
    ProportionalToSize,
    /// Areas first, then cases within them.
    TwoStage,
}

impl Method {
    fn of(allocation: &Allocation) -> Self {
        match allocation {
            Allocation::SimpleRandom => Self::SimpleRandom,
            Allocation::Systematic => Self::Systematic,
            Allocation::ProportionalToSize => Self::ProportionalToSize,
            Allocation::TwoStage { .. } => Self::TwoStage,
            Allocation::Proportional
            | Allocation::Equal
            | Allocation::Neyman { .. }
            | Allocation::Given { .. } => Self::StratifiedRandom,
        }
    }

    /// Whether the list is drawn from as one, so that a reserve may replace any case.
    fn takes_the_whole_list(self) -> bool {
        matches!(
            self,
            Self::SimpleRandom | Self::Systematic | Self::ProportionalToSize
        )
    }
}

/// The chance with which a case came into the sample, exactly and as a number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Probability {
    /// In a simple or stratified draw, the cases drawn from the case's stratum.
    pub numerator: u64,
    /// In a simple or stratified draw, the cases in the stratum.
    pub denominator: u64,
    /// Numerator ÷ denominator.
    pub value: f64,
}

impl Probability {
    pub(super) fn new(numerator: u64, denominator: u64) -> Self {
        Self {
            numerator,
            denominator,
            value: numerator as f64 / denominator as f64,
        }
    }

    /// The chance of this and, given this, of `next`.
    pub(super) fn then(self, next: Self) -> Self {
        Self::new(
            self.numerator * next.numerator,
            self.denominator * next.denominator,
        )
    }
}

/// One stratum of a draw, or one area that was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnStratum {
    /// Its name; `whole list` where the list was drawn from as one.
    pub name: String,
    /// Cases in the list.
    pub population: u64,
    /// Cases drawn to be read.
    pub sampled: u64,
    /// Cases drawn as reserves.
    pub reserves: u64,
    /// The chance of the area to be drawn; absent where cases come from every stratum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inclusion_probability: Option<Probability>,
}

/// One case of a draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnCase {
    /// The case's reference.
    pub reference: String,
    /// Its stratum in the list.
    pub stratum: String,
    /// Its place in the random order of what it was drawn from, from 1; reserves follow the sample.
    pub position: u64,
    /// Its chance to be in the sample (reserves not counted).
    pub inclusion_probability: Probability,
    /// Whether the case only waits to replace another.
    pub reserve: bool,
}

/// A draw and its certificate in one: everything that a stranger with the list needs to redraw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draw {
    /// The version of the procedure: `throughline-draw-v1`.
    pub specification: String,
    /// The digest of the list.
    pub frame_digest: Digest,
    /// The seed.
    pub seed: Seed,
    /// How the cases were chosen.
    pub method: Method,
    /// What was asked for.
    pub plan: Plan,
    /// The strata in order; in a draw in two stages the areas as they were drawn.
    pub strata: Vec<DrawnStratum>,
    /// The cases: stratum by stratum, each in its random order, reserves last.
    pub cases: Vec<DrawnCase>,
}

impl Draw {
    /// The cases to read, without the reserves.
    pub fn sample(&self) -> impl Iterator<Item = &DrawnCase> {
        self.cases.iter().filter(|case| !case.reserve)
    }

    /// The reserves that may replace a case of `stratum`, first to last: those of the stratum, or,
    /// where the list was drawn from as one, all.
    pub fn reserves<'a>(&'a self, stratum: &'a str) -> impl Iterator<Item = &'a DrawnCase> {
        let whole = self.method.takes_the_whole_list();
        self.cases
            .iter()
            .filter(move |case| case.reserve && (whole || case.stratum == stratum))
    }
}

/// What was drawn from one stratum: the sample and then the reserves.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) population: u64,
    pub(super) sampled: u64,
    /// The chance of the stratum itself, where it is an area.
    pub(super) chance: Option<Probability>,
    /// Each case with its own chance.
    pub(super) order: Vec<(&'a Listed, Probability)>,
}

/// Draws from the list.
///
/// # Errors
/// When the plan cannot be carried out on this list; see [`Plan::allocate`]. A draw by size needs a
/// list with sizes; one in two stages needs at least two areas and a size that is a multiple of
/// their number.
pub fn draw(frame: &Frame, plan: &Plan, seed: Seed) -> Result<Draw, DrawError> {
    plan.check_size(frame.population())?;
    let groups = match plan.allocation {
        Allocation::Systematic => vec![systematic::draw(frame, plan, seed)],
        Allocation::ProportionalToSize => vec![by_size::draw(frame, plan, seed)?],
        Allocation::TwoStage { areas, by_size } => {
            two_stage::draw(frame, plan, seed, areas, by_size)?
        }
        _ => from_strata(frame, plan, seed)?,
    };
    let (strata, cases): (Vec<_>, Vec<_>) = groups.into_iter().map(Group::record).unzip();
    Ok(Draw {
        specification: SPECIFICATION.into(),
        frame_digest: frame.digest(),
        seed,
        method: Method::of(&plan.allocation),
        plan: plan.clone(),
        strata,
        cases: cases.concat(),
    })
}

impl Group<'_> {
    fn record(self) -> (DrawnStratum, Vec<DrawnCase>) {
        let stratum = DrawnStratum {
            name: self.name.into(),
            population: self.population,
            sampled: self.sampled,
            reserves: self.order.len() as u64 - self.sampled,
            inclusion_probability: self.chance,
        };
        let case = |((case, chance), position): ((&Listed, Probability), u64)| DrawnCase {
            reference: case.reference.clone(),
            stratum: case.stratum.clone(),
            position,
            inclusion_probability: chance,
            reserve: position > self.sampled,
        };
        (stratum, self.order.into_iter().zip(1..).map(case).collect())
    }
}

fn from_strata<'a>(frame: &'a Frame, plan: &Plan, seed: Seed) -> Result<Vec<Group<'a>>, DrawError> {
    let sizes = plan.allocate(&frame.strata())?;
    let groups = groups(frame, plan.allocation == Allocation::SimpleRandom);
    let drawn = groups.into_iter().zip(sizes).zip(0..);
    Ok(drawn
        .map(|(((name, members), sampled), number)| {
            simple(name, members, sampled, plan, Shuffle::new(seed, number))
        })
        .collect())
}

/// A simple random draw of `sampled` of the members, and the plan's reserves.
pub(super) fn simple<'a>(
    name: &'a str,
    members: Vec<&'a Listed>,
    sampled: u64,
    plan: &Plan,
    shuffle: Shuffle,
) -> Group<'a> {
    let population = members.len() as u64;
    let reserves = plan.reserves_per_stratum.min(population - sampled);
    let chance = Probability::new(sampled, population);
    let order = shuffle.first(members, (sampled + reserves) as usize);
    Group {
        name,
        population,
        sampled,
        chance: None,
        order: order.into_iter().map(|case| (case, chance)).collect(),
    }
}

/// The cases of each stratum in the order of the list, strata in order.
pub(super) fn groups(frame: &Frame, simple: bool) -> BTreeMap<&str, Vec<&Listed>> {
    let mut groups: BTreeMap<&str, Vec<&Listed>> = BTreeMap::new();
    for case in frame.cases() {
        let name = if simple {
            WHOLE_LIST
        } else {
            case.stratum.as_str()
        };
        groups.entry(name).or_default().push(case);
    }
    groups
}
