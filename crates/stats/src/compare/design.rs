//! Two rounds, or several groups, from weighted and clustered samples.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::StatsError;
use crate::distribution::f_upper_tail;
use crate::estimate::{ListSizes, Observation, RandomStrand, covariance};
use crate::linear::{product, solve, trace};

/// A case with its group and its answer, and how it was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// The round or other group.
    pub group: String,
    /// The answer, such as a grade.
    pub answer: String,
    /// How many cases of the list it stands for.
    pub weight: f64,
    /// The stratum it was drawn in; rounds drawn apart have strata of different names.
    pub stratum: String,
    /// What was drawn first and holds the case; the case itself where cases were drawn.
    pub cluster: String,
}

/// The weighted share of each answer in a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupShares {
    /// The group.
    pub group: String,
    /// Cases read.
    pub n: u64,
    /// The share of each answer within the group.
    pub shares: BTreeMap<String, f64>,
}

/// The result of Rao and Scott's test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RaoScott {
    /// The groups by name.
    pub groups: Vec<GroupShares>,
    /// Pearson's statistic of the weighted table, scaled to the number of cases read.
    pub pearson: f64,
    /// The mean design effect by which it is divided.
    pub design_effect: f64,
    /// The F statistic.
    pub f: f64,
    /// Its first degrees of freedom (Satterthwaite).
    pub df: f64,
    /// Its second degrees of freedom.
    pub df_error: f64,
    /// The chance of one at least as large, were groups alike.
    pub p: f64,
}

/// Tests whether groups differ in their answers, for samples with strata, clusters and weights:
/// Pearson's statistic with Rao and Scott's second-order correction (1984), referred to F as R's
/// `svychisq(statistic = "F")` does (Thomas & Rao 1987). `listed` says how large the list is, at both stages
/// where cases were drawn within clusters; see [`RandomStrand::new`].
///
/// # Errors
/// When there are fewer than two groups or two answers, a weight is not above 0, a stratum has only one
/// cluster of several, or the clusters are too few for so many answers.
pub fn rao_scott(cases: &[Classified], listed: Option<ListSizes>) -> Result<RaoScott, StatsError> {
    let table = Table::of(cases)?;
    let strand = strand(cases, listed)?;
    let variance = covariance(&strand, &table.scores(cases))?;
    let df_error = strand.degrees_of_freedom() as f64;
    let n = cases.len() as f64;
    let delta = table
        .design_effects(&variance, n)
        .filter(|_| df_error > 0.0)
        .ok_or_else(|| StatsError::Mismatch {
            what: "too few clusters for so many groups and answers; join answers or strata".into(),
        })?;
    let (sum, squares) = (trace(&delta), trace(&product(&delta, &delta)));
    if sum <= 0.0 || squares <= 0.0 {
        return Err(StatsError::Mismatch {
            what: "the answers of a group never vary between clusters, so no test is possible"
                .into(),
        });
    }
    let (pearson, df) = (table.pearson(n), sum * sum / squares);
    let (f, df_error) = (pearson / sum, df * df_error);
    Ok(RaoScott {
        groups: table.group_shares(cases),
        pearson,
        design_effect: sum / delta.len() as f64,
        f,
        df,
        df_error,
        p: f_upper_tail(f, df, df_error),
    })
}

fn strand(cases: &[Classified], listed: Option<ListSizes>) -> Result<RandomStrand, StatsError> {
    let observation = |case: &Classified| Observation {
        value: 0.0,
        weight: case.weight,
        stratum: case.stratum.clone(),
        cluster: case.cluster.clone(),
    };
    RandomStrand::new(cases.iter().map(observation).collect(), listed)
}

/// Weighted shares of the whole, group by group.
struct Table {
    groups: Vec<String>,
    answers: Vec<String>,
    /// Share of each group and answer, groups one after the other.
    cells: Vec<f64>,
    weight: f64,
}

impl Table {
    fn of(cases: &[Classified]) -> Result<Self, StatsError> {
        let names = |name: fn(&Classified) -> &String| -> Vec<String> {
            let names: BTreeSet<&String> = cases.iter().map(name).collect();
            names.into_iter().cloned().collect()
        };
        let (groups, answers) = (names(|case| &case.group), names(|case| &case.answer));
        if groups.len() < 2 || answers.len() < 2 {
            return Err(StatsError::Mismatch {
                what: format!(
                    "a comparison needs two groups and two answers; there are {} and {}",
                    groups.len(),
                    answers.len()
                ),
            });
        }
        let weight = cases.iter().map(|case| case.weight).sum();
        let mut table = Self {
            cells: vec![0.0; groups.len() * answers.len()],
            groups,
            answers,
            weight,
        };
        for case in cases {
            let cell = table.cell(case);
            table.cells[cell] += case.weight / weight;
        }
        Ok(table)
    }

    fn cell(&self, case: &Classified) -> usize {
        let group = self.groups.partition_point(|name| *name < case.group);
        let answer = self.answers.partition_point(|name| *name < case.answer);
        group * self.answers.len() + answer
    }

    fn group_share(&self, group: usize) -> f64 {
        let width = self.answers.len();
        self.cells[group * width..(group + 1) * width].iter().sum()
    }

    fn answer_share(&self, answer: usize) -> f64 {
        self.cells
            .iter()
            .skip(answer)
            .step_by(self.answers.len())
            .sum()
    }

    fn scores(&self, cases: &[Classified]) -> Vec<Vec<f64>> {
        let row = |case: &Classified| {
            let own = self.cell(case);
            let part = case.weight / self.weight;
            let score =
                |(cell, share): (usize, &f64)| part * (f64::from(u8::from(cell == own)) - share);
            self.cells.iter().enumerate().map(score).collect()
        };
        cases.iter().map(row).collect()
    }

    fn pearson(&self, n: f64) -> f64 {
        let width = self.answers.len();
        let term = |(cell, share): (usize, &f64)| {
            let expected = self.group_share(cell / width) * self.answer_share(cell % width);
            (share - expected).powi(2) / expected
        };
        n * self.cells.iter().enumerate().map(term).sum::<f64>()
    }

    /// (C'D⁻¹C/n)⁻¹ · C'D⁻¹VD⁻¹C for the contrasts C of interaction.
    fn design_effects(&self, variance: &[Vec<f64>], n: f64) -> Option<Vec<Vec<f64>>> {
        let scaled: Vec<Vec<f64>> = self
            .contrasts()
            .iter()
            .map(|contrast| {
                let cells = contrast.iter().zip(&self.cells);
                cells
                    .map(|(c, &share)| if share == 0.0 { 0.0 } else { c / share })
                    .collect()
            })
            .collect();
        let turned = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> {
            (0..self.cells.len())
                .map(|cell| rows.iter().map(|row| row[cell]).collect())
                .collect()
        };
        let simple = product(&scaled, &turned(&self.contrasts()));
        let simple = simple
            .into_iter()
            .map(|row| row.into_iter().map(|x| x / n).collect())
            .collect();
        let design = product(&product(&scaled, variance), &turned(&scaled));
        solve(simple, design)
    }

    /// One row of cells for each degree of freedom: (group − last group) × (answer − last answer).
    fn contrasts(&self) -> Vec<Vec<f64>> {
        let (height, width) = (self.groups.len(), self.answers.len());
        let sign = |here: usize, of: usize, last: usize| match here {
            _ if here == of => 1.0,
            _ if here == last => -1.0,
            _ => 0.0,
        };
        (0..(height - 1) * (width - 1))
            .map(|row| {
                let (group, answer) = (row / (width - 1), row % (width - 1));
                (0..height * width)
                    .map(|cell| {
                        sign(cell / width, group, height - 1)
                            * sign(cell % width, answer, width - 1)
                    })
                    .collect()
            })
            .collect()
    }

    fn group_shares(&self, cases: &[Classified]) -> Vec<GroupShares> {
        let width = self.answers.len();
        let shares = |group: usize| {
            let all = self.group_share(group);
            let cells = &self.cells[group * width..(group + 1) * width];
            let shares = cells.iter().map(|share| share / all);
            self.answers.iter().cloned().zip(shares).collect()
        };
        let groups = self.groups.iter().enumerate();
        groups
            .map(|(group, name)| GroupShares {
                group: name.clone(),
                n: cases.iter().filter(|case| case.group == *name).count() as u64,
                shares: shares(group),
            })
            .collect()
    }
}
