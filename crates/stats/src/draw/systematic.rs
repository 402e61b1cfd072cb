//! Every so many cases along the sorted list, as the parent module specifies it.

use std::collections::BTreeSet;

use super::certificate::{Group, Probability, WHOLE_LIST};
use super::shuffle::Shuffle;
use super::{Frame, Listed, Plan, Seed};

/// The cases sorted by stratum and, within it, by reference.
pub(super) fn sorted(frame: &Frame) -> Vec<&Listed> {
    let mut cases: Vec<&Listed> = frame.cases().iter().collect();
    cases.sort_by(|a, b| a.stratum.as_bytes().cmp(b.stratum.as_bytes()));
    cases
}

pub(super) fn draw<'a>(frame: &'a Frame, plan: &Plan, seed: Seed) -> Group<'a> {
    let (population, n) = (frame.population(), plan.size);
    let cases = sorted(frame);
    let mut stream = Shuffle::new(seed, 0);
    let start = stream.below(population);
    let place = |i: u64| {
        ((u128::from(start) + u128::from(i) * u128::from(population)) / u128::from(n)) as usize
    };
    let places: BTreeSet<usize> = (0..n).map(place).collect();
    let rest: Vec<&Listed> = (0..cases.len())
        .filter(|place| !places.contains(place))
        .map(|place| cases[place])
        .collect();
    let reserves = stream.first(rest, plan.reserves_per_stratum as usize);
    let chance = Probability::new(n, population);
    let sample = places.iter().map(|&place| cases[place]);
    Group {
        name: WHOLE_LIST,
        population,
        sampled: n,
        chance: None,
        order: sample.chain(reserves).map(|case| (case, chance)).collect(),
    }
}

/// The chance that the cases at two places of the sorted list are both drawn: the share of starts that
/// hit both.
pub(super) fn joint(a: usize, b: usize, n: u64, population: u64) -> f64 {
    let hits = |place: usize| {
        let first = (place as u128 * u128::from(n) % u128::from(population)) as u64;
        (first..first + n).map(move |start| start % population)
    };
    let first: BTreeSet<u64> = hits(a).collect();
    hits(b).filter(|start| first.contains(start)).count() as f64 / population as f64
}
