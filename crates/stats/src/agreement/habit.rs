//! What each reader tends to say, on which Conger's kappa rests.

use super::coefficient::Chance;
use super::{Readings, Weights};
use crate::StatsError;

/// The grades of each reader.
pub(super) struct Habits {
    /// For each reader the share of each grade among the cases that the reader read.
    shares: Vec<Vec<f64>>,
    /// How many cases each reader read.
    read: Vec<f64>,
}

impl Habits {
    pub(super) fn of(readings: &Readings) -> Result<Self, StatsError> {
        let mut shares = vec![vec![0.0; readings.grades()]; readings.readers()];
        let mut read = vec![0.0; readings.readers()];
        for (reader, grade) in readings.rows().iter().flat_map(|row| given(row)) {
            shares[reader][grade] += 1.0;
            read[reader] += 1.0;
        }
        if let Some(reader) = read.iter().position(|&count| count == 0.0) {
            let what = format!("reader {} read no case; leave the reader out", reader + 1);
            return Err(StatsError::Mismatch { what });
        }
        for (habit, count) in shares.iter_mut().zip(&read) {
            habit.iter_mut().for_each(|share| *share /= count);
        }
        Ok(Self { shares, read })
    }

    /// Chance agreement as the mean over all pairs of two readers with their own habits.
    pub(super) fn chance(&self, readings: &Readings, weights: Weights) -> Chance {
        let met = self.met(weights);
        let usual: Vec<f64> = self
            .shares
            .iter()
            .zip(&met)
            .map(|(own, met)| dot(own, met))
            .collect();
        let pairs = (readings.readers() * (readings.readers() - 1)) as f64;
        let cases = readings.cases() as f64;
        let moved = |row: &Vec<Option<usize>>| {
            let one = |(reader, grade): (usize, usize)| {
                cases / self.read[reader] * (met[reader][grade] - usual[reader])
            };
            2.0 * given(row).map(one).sum::<f64>() / pairs
        };
        Chance {
            expected: usual.iter().sum::<f64>() / pairs,
            moved: readings.rows().iter().map(moved).collect(),
        }
    }

    /// For each reader, how well each grade agrees with what all the others tend to say.
    fn met(&self, weights: Weights) -> Vec<Vec<f64>> {
        let grades = self.shares[0].len();
        let together = |grade: usize| self.shares.iter().map(|own| own[grade]).sum::<f64>();
        let others = |own: &Vec<f64>| -> Vec<f64> {
            (0..grades)
                .map(|grade| together(grade) - own[grade])
                .collect()
        };
        self.shares
            .iter()
            .map(|own| weights.applied(&others(own)))
            .collect()
    }
}

/// The readers that read a case, each with its grade.
fn given(row: &[Option<usize>]) -> impl Iterator<Item = (usize, usize)> + '_ {
    row.iter()
        .enumerate()
        .filter_map(|(reader, grade)| Some((reader, (*grade)?)))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
