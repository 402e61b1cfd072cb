//! The draw itself, and the certificate that records it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shuffle::Shuffle;
use super::{Allocation, Digest, DrawError, Frame, Origin, Plan, Seed};

/// The name of the procedure that the module describes; it changes when a step does.
pub(super) const SPECIFICATION: &str = "throughline-draw-v1";

/// The name of the only stratum of a simple random draw.
const WHOLE_LIST: &str = "whole list";

/// How the cases were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// From the whole list at once.
    SimpleRandom,
    /// From each stratum by itself.
    StratifiedRandom,
}

/// The chance with which a case came into the sample, exactly and as a number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Probability {
    /// Cases drawn from the case's stratum.
    pub numerator: u64,
    /// Cases in the stratum.
    pub denominator: u64,
    /// Numerator ÷ denominator.
    pub value: f64,
}

impl Probability {
    fn new(numerator: u64, denominator: u64) -> Self {
        Self {
            numerator,
            denominator,
            value: numerator as f64 / denominator as f64,
        }
    }
}

/// One stratum of a draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnStratum {
    /// Its name; `whole list` for a simple random draw.
    pub name: String,
    /// Cases in the list.
    pub population: u64,
    /// Cases drawn to be read.
    pub sampled: u64,
    /// Cases drawn as reserves.
    pub reserves: u64,
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
    /// The chance of any case of its stratum to be in the sample (reserves not counted).
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
    /// How the seed came about.
    pub origin: Origin,
    /// Simple or stratified.
    pub method: Method,
    /// What was asked for.
    pub plan: Plan,
    /// The strata in order.
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
    /// in a simple random draw, all.
    pub fn reserves<'a>(&'a self, stratum: &'a str) -> impl Iterator<Item = &'a DrawnCase> {
        let whole = self.method == Method::SimpleRandom;
        self.cases
            .iter()
            .filter(move |case| case.reserve && (whole || case.stratum == stratum))
    }
}

/// Draws from the list with a given seed.
///
/// # Errors
/// When the plan cannot be carried out on this list; see [`Plan::allocate`].
pub fn draw(frame: &Frame, plan: &Plan, seed: Seed) -> Result<Draw, DrawError> {
    draw_from(frame, plan, Origin::Given { seed })
}

/// Draws from the list with the seed of this origin.
///
/// # Errors
/// As [`draw`].
pub fn draw_from(frame: &Frame, plan: &Plan, origin: Origin) -> Result<Draw, DrawError> {
    let seed = origin.seed(&frame.digest());
    let sizes = plan.allocate(&frame.strata())?;
    let simple = plan.allocation == Allocation::SimpleRandom;
    let (mut strata, mut cases) = (Vec::new(), Vec::new());
    for (number, ((name, members), sampled)) in
        groups(frame, simple).into_iter().zip(sizes).enumerate()
    {
        let population = members.len() as u64;
        let reserves = plan.reserves_per_stratum.min(population - sampled);
        let order = Shuffle::new(seed, number as u64).first(members, (sampled + reserves) as usize);
        let probability = Probability::new(sampled, population);
        cases.extend(
            order
                .into_iter()
                .zip(1..)
                .map(|(case, position)| DrawnCase {
                    reference: case.reference.clone(),
                    stratum: case.stratum.clone(),
                    position,
                    inclusion_probability: probability,
                    reserve: position > sampled,
                }),
        );
        strata.push(DrawnStratum {
            name: name.into(),
            population,
            sampled,
            reserves,
        });
    }
    Ok(Draw {
        specification: SPECIFICATION.into(),
        frame_digest: frame.digest(),
        seed,
        origin,
        method: if simple {
            Method::SimpleRandom
        } else {
            Method::StratifiedRandom
        },
        plan: plan.clone(),
        strata,
        cases,
    })
}

/// The cases of each stratum in the order of the list, strata in order.
fn groups(frame: &Frame, simple: bool) -> BTreeMap<&str, Vec<&super::Listed>> {
    let mut groups: BTreeMap<&str, Vec<&super::Listed>> = BTreeMap::new();
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
