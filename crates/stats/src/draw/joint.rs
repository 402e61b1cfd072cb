//! The chance of two cases to be in the sample together, on which the variance of an estimate rests.

use std::collections::BTreeMap;

use super::by_size::Elimination;
use super::certificate::{Draw, DrawnCase, groups};
use super::{Allocation, DrawError, Frame, systematic, verify};

/// For each two cases of the sample, in its order, the chance that both are in it; on the diagonal
/// the chance of the one.
///
/// In a systematic draw many of them are 0, so that no unbiased estimate of a variance exists.
///
/// # Errors
/// [`DrawError::OtherList`] when the certificate does not hold for this list; [`verify`] says why.
pub fn joint_probabilities(certificate: &Draw, frame: &Frame) -> Result<Vec<Vec<f64>>, DrawError> {
    if verify(certificate, frame).is_err() {
        return Err(DrawError::OtherList);
    }
    let sample: Vec<&DrawnCase> = certificate.sample().collect();
    let chances = Chances::new(certificate, frame);
    let row = |a: &&DrawnCase| {
        sample
            .iter()
            .map(|b| match a.reference == b.reference {
                true => Some(a.inclusion_probability.value),
                false => chances.of(a, b),
            })
            .collect::<Option<Vec<f64>>>()
    };
    sample
        .iter()
        .map(row)
        .collect::<Option<_>>()
        .ok_or(DrawError::OtherList)
}

struct Chances<'a> {
    certificate: &'a Draw,
    /// The place of each case or area in the order in which it is drawn from.
    places: BTreeMap<&'a str, usize>,
    elimination: Option<Elimination>,
    /// Cases listed and sampled of each stratum of the certificate.
    strata: BTreeMap<&'a str, (u64, u64)>,
}

impl<'a> Chances<'a> {
    fn new(certificate: &'a Draw, frame: &'a Frame) -> Self {
        let place = |names: Vec<&'a str>| names.into_iter().zip(0..).collect();
        let references = |cases: Vec<&'a super::Listed>| {
            place(cases.iter().map(|case| case.reference.as_str()).collect())
        };
        let (places, elimination) = match certificate.plan.allocation {
            Allocation::Systematic => (references(systematic::sorted(frame)), None),
            Allocation::ProportionalToSize => {
                let sizes = frame.cases().iter().map(|case| case.size).collect();
                let places = references(frame.cases().iter().collect());
                (places, Some(Elimination::of(sizes)))
            }
            Allocation::TwoStage { by_size, .. } => {
                let areas = groups(frame, false);
                let sizes = areas.values().map(|cases| cases.len() as u64).collect();
                let places = place(areas.into_keys().collect());
                (places, by_size.then(|| Elimination::of(sizes)))
            }
            _ => (BTreeMap::new(), None),
        };
        let strata = certificate.strata.iter();
        Self {
            certificate,
            places,
            elimination,
            strata: strata
                .map(|s| (s.name.as_str(), (s.population, s.sampled)))
                .collect(),
        }
    }

    fn of(&self, a: &DrawnCase, b: &DrawnCase) -> Option<f64> {
        let size = self.certificate.plan.size;
        match self.certificate.plan.allocation {
            Allocation::SimpleRandom => {
                let &(population, sampled) = self.strata.values().next()?;
                Some(pair(sampled, population))
            }
            Allocation::Systematic => {
                let all = self.places.len() as u64;
                let [a, b] = [a, b].map(|case| self.places.get(case.reference.as_str()));
                Some(systematic::joint(*a?, *b?, size, all))
            }
            Allocation::ProportionalToSize => {
                let [a, b] = [a, b].map(|case| self.places.get(case.reference.as_str()));
                Some(self.elimination.as_ref()?.joint(*a?, *b?, size))
            }
            Allocation::TwoStage { areas, .. } => self.in_areas(a, b, areas),
            _ if a.stratum == b.stratum => {
                let &(population, sampled) = self.strata.get(a.stratum.as_str())?;
                Some(pair(sampled, population))
            }
            _ => Some(a.inclusion_probability.value * b.inclusion_probability.value),
        }
    }

    fn in_areas(&self, a: &DrawnCase, b: &DrawnCase, areas: u64) -> Option<f64> {
        let within = |case: &DrawnCase| self.strata.get(case.stratum.as_str()).copied();
        let ((population, sampled), (_, other)) = (within(a)?, within(b)?);
        let [one, two] = [a, b].map(|case| self.places.get(case.stratum.as_str()));
        let (one, two) = (*one?, *two?);
        if one == two {
            let part = sampled as f64 / population as f64;
            return Some(a.inclusion_probability.value / part * pair(sampled, population));
        }
        let both = match &self.elimination {
            Some(elimination) => elimination.joint(one, two, areas),
            None => pair(areas, self.places.len() as u64),
        };
        let others = within(b)?.0;
        Some(both * sampled as f64 / population as f64 * other as f64 / others as f64)
    }
}

/// The chance of two among `all` to be both among `n` drawn with equal chances.
fn pair(n: u64, all: u64) -> f64 {
    if n == all {
        return 1.0;
    }
    n as f64 * n.saturating_sub(1) as f64 / (all as f64 * (all - 1) as f64)
}
