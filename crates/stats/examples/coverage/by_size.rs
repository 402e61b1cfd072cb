//! A list whose cases have sizes, drawn from in proportion to them.

use super::population::shifted;
use throughline_stats::draw::{Allocation, Bytes32, Frame, Plan, Seed, draw, joint_probabilities};
use throughline_stats::estimate::Chosen;

/// Cases with sizes from 1 to 8, of which larger ones more often have the answer.
pub struct BySize {
    frame: Frame,
    plan: Plan,
    answers: Vec<bool>,
    /// The chances of pairs of cases, as far as they have come up.
    pairs: Vec<Option<f64>>,
}

impl BySize {
    /// A list of `population` cases around a share, of which `size` are to be drawn.
    pub fn new(population: usize, size: u64, share: f64) -> Self {
        let size_of = |case: usize| 1 + case as u64 % 8;
        let mut answers = vec![false; population];
        for size in 1..=8 {
            let alike: Vec<usize> = (0..population)
                .filter(|&case| size_of(case) == size)
                .collect();
            let own = shifted(share, 0.15 * (size as f64 - 4.5));
            let hits = (alike.len() as f64 * own).round() as usize;
            alike[..hits].iter().for_each(|&case| answers[case] = true);
        }
        let cases = (0..population).map(|case| (format!("{case:04}"), "all", size_of(case)));
        Self {
            frame: Frame::with_sizes(cases).expect("references differ and sizes are above 0"),
            plan: Plan {
                size,
                allocation: Allocation::ProportionalToSize,
                minimum_per_stratum: 0,
                reserves_per_stratum: 0,
            },
            answers,
            pairs: vec![None; population * population],
        }
    }

    /// The share of all cases with the answer.
    pub fn share(&self) -> f64 {
        let hits = self.answers.iter().filter(|hit| **hit).count();
        hits as f64 / self.answers.len() as f64
    }

    /// A sample with the chances of its pairs.
    pub fn drawn(&mut self, seed: [u8; 32]) -> (Vec<Chosen>, Vec<Vec<f64>>) {
        let seed: Seed = Bytes32(seed);
        let certificate = draw(&self.frame, &self.plan, seed).expect("the plan fits the list");
        let (mut places, mut sample) = (Vec::new(), Vec::new());
        for case in certificate.sample() {
            let place: usize = case.reference.parse().expect("references are numbers");
            places.push(place);
            sample.push(Chosen {
                value: f64::from(u8::from(self.answers[place])),
                probability: case.inclusion_probability.value,
            });
        }
        if let Some(joint) = self.known(&places) {
            return (sample, joint);
        }
        let joint = joint_probabilities(&certificate, &self.frame).expect("the list drawn from");
        for (a, row) in places.iter().zip(&joint) {
            for (b, chance) in places.iter().zip(row) {
                self.pairs[a * self.answers.len() + b] = Some(*chance);
            }
        }
        (sample, joint)
    }

    fn known(&self, places: &[usize]) -> Option<Vec<Vec<f64>>> {
        let row = |a: &usize| {
            places
                .iter()
                .map(|b| self.pairs[a * self.answers.len() + b])
                .collect()
        };
        places.iter().map(row).collect()
    }
}
