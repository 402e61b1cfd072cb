//! Cases that were drawn but could not be read, made up for by those that could.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::StatsError;

/// A case of the sample, read or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// How many cases of the list it stands for.
    pub weight: f64,
    /// The class of cases that are alike, and alike in whether they can be read; fixed beforehand.
    pub class: String,
    /// Whether it was read.
    pub read: bool,
}

/// What happened to one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResponseClass {
    /// Cases drawn.
    pub drawn: u64,
    /// Cases read.
    pub read: u64,
    /// By what the weights of those read were multiplied.
    pub factor: f64,
}

/// Weights after the adjustment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adjusted {
    /// For each case in the order given its new weight; absent when it was not read.
    pub weights: Vec<Option<f64>>,
    /// The classes by name, to be shown beside every figure.
    pub classes: BTreeMap<String, ResponseClass>,
    /// The share of all weight that was read, 0 to 1.
    pub response_rate: f64,
}

/// Weighting classes: within each class, cases that were read take over the weight of those that were
/// not (Little & Rubin 2019, section 3.3). True only as far as the cases of a class that could not be
/// read are like the others.
///
/// # Errors
/// When there is no case, a weight is not a finite number above 0, or no case of a class was read.
pub fn adjust_for_unread(cases: &[Drawn]) -> Result<Adjusted, StatsError> {
    if cases.is_empty() {
        return Err(StatsError::Empty {
            what: "cases drawn".into(),
        });
    }
    let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
    for (case, row) in cases.iter().zip(1..) {
        if !(case.weight.is_finite() && case.weight > 0.0) {
            return Err(StatsError::OutOfRange {
                what: format!("weight of case {row}"),
                value: case.weight,
                wanted: "a finite number above 0".into(),
            });
        }
        sums.entry(case.class.as_str()).or_default().add(case);
    }
    if let Some((class, _)) = sums.iter().find(|(_, sum)| sum.read == 0) {
        return Err(StatsError::NothingRead {
            what: format!("class {class} (join it to another)"),
        });
    }
    let (read, all) = sums.values().fold((0.0, 0.0), |(read, all), sum| {
        (read + sum.weight_read, all + sum.weight)
    });
    let weight = |case: &Drawn| {
        sums.get(case.class.as_str())
            .map(|s| case.weight * s.factor())
    };
    Ok(Adjusted {
        weights: cases
            .iter()
            .map(|case| weight(case).filter(|_| case.read))
            .collect(),
        response_rate: read / all,
        classes: sums
            .iter()
            .map(|(&class, sum)| (class.to_owned(), sum.record()))
            .collect(),
    })
}

#[derive(Default)]
struct Sums {
    drawn: u64,
    read: u64,
    weight: f64,
    weight_read: f64,
}

impl Sums {
    fn add(&mut self, case: &Drawn) {
        self.drawn += 1;
        self.weight += case.weight;
        if case.read {
            self.read += 1;
            self.weight_read += case.weight;
        }
    }

    fn factor(&self) -> f64 {
        self.weight / self.weight_read
    }

    fn record(&self) -> ResponseClass {
        ResponseClass {
            drawn: self.drawn,
            read: self.read,
            factor: self.factor(),
        }
    }
}
