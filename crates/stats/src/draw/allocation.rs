//! How many cases each stratum gives: whole numbers that add up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DrawError;

/// Quotas are compared to nine decimals, so that rounding in the last bit never decides.
const NANO: f64 = 1e9;

/// How the sample is chosen, and shared out among the strata.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Allocation {
    /// No strata: every set of cases of this size is equally likely.
    SimpleRandom,
    /// In proportion to the size of the stratum, so that each case is about as likely as another.
    Proportional,
    /// The same number from each stratum, to compare strata.
    Equal,
    /// In proportion to size times spread, which makes the whole estimate most precise
    /// (Neyman 1934).
    Neyman {
        /// The standard deviation of the answer in each stratum; for a share p expected from
        /// earlier rounds, √(p(1−p)).
        spread: BTreeMap<String, f64>,
    },
    /// A number worked out beforehand for each stratum, such as
    /// [`stratum_sizes`](crate::plan::stratum_sizes) gives for the precision wanted in each.
    Given {
        /// Cases from each stratum; they add up to the plan's size.
        sizes: BTreeMap<String, u64>,
    },
    /// Every so many cases along the list sorted by stratum and reference, from a random start: every
    /// stretch of the list is in the sample, but no variance can be estimated without assumptions.
    Systematic,
    /// From the whole list, each case with a probability in proportion to its size, by elimination
    /// (Tillé 1996). Needs a list with sizes.
    ProportionalToSize,
    /// First areas (the strata of the list), then the same number of cases from each of them, in
    /// simple random draws: for cases that can only be read where they are kept.
    TwoStage {
        /// How many areas; the plan's size is a multiple of it. An area with fewer cases than its
        /// part gives all it has, which makes the sample smaller than the plan's size.
        areas: u64,
        /// Whether areas are drawn in proportion to their number of cases, which gives about every
        /// case the same chance, or all with the same chance.
        by_size: bool,
    },
}

/// What to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Cases to read, without reserves.
    pub size: u64,
    /// How they are shared out.
    pub allocation: Allocation,
    /// Every stratum gives at least this many, or all it has. Without meaning in a draw from the whole
    /// list or in two stages.
    pub minimum_per_stratum: u64,
    /// Further cases in random order that replace, first to last, those which cannot be read. A
    /// stratum with fewer left gives all it has.
    pub reserves_per_stratum: u64,
}

impl Plan {
    /// How many cases each stratum gives, in the order of the strata; adds up to the plan's size.
    ///
    /// Weights are the population (proportional), 1 (equal), or population × spread (Neyman; where
    /// all weights still in play are 0, the population). Each stratum has a floor, the smaller of
    /// the plan's minimum and its population, and a ceiling, its population. Then:
    ///
    /// 1. The quota of each open stratum is open size × weight ÷ sum of open weights.
    /// 2. Where quotas lie outside floor and ceiling: add up what is missing to the floors and what
    ///    is above the ceilings. If the first is at least the second, the strata below their floor
    ///    are settled at it, otherwise those above their ceiling at that; settled numbers leave the
    ///    open size; back to 1.
    /// 3. Otherwise quotas are rounded to nine decimals (halves away from zero), each stratum gets
    ///    the whole part, and the cases left over go one each to the largest remainders, the
    ///    earlier stratum first among equals.
    ///
    /// # Errors
    /// When the plan asks for nothing or too much, the minima do not fit, a spread is missing, not
    /// finite or below 0, unknown or 0 everywhere, a given number does not fit, or a stratum would get
    /// no case. Also for a draw in two stages, whose areas are only known once they are drawn.
    pub fn allocate(&self, strata: &BTreeMap<&str, u64>) -> Result<Vec<u64>, DrawError> {
        let population: u64 = strata.values().sum();
        self.check_size(population)?;
        match &self.allocation {
            Allocation::SimpleRandom | Allocation::Systematic | Allocation::ProportionalToSize => {
                return Ok(vec![self.size]);
            }
            Allocation::Given { sizes } => return self.given(strata, sizes),
            Allocation::TwoStage { .. } => {
                return Err(DrawError::Areas {
                    problem: "which areas give cases is only known once they are drawn".into(),
                });
            }
            Allocation::Proportional | Allocation::Equal | Allocation::Neyman { .. } => {}
        }
        let weights = self.weights(strata)?;
        let shares: Vec<Share> = strata
            .values()
            .zip(weights)
            .map(|(&population, weight)| Share {
                population,
                weight,
                floor: self.minimum_per_stratum.min(population),
            })
            .collect();
        let needed = shares.iter().map(|share| share.floor).sum();
        if needed > self.size {
            return Err(DrawError::MinimumTooHigh {
                minimum: self.minimum_per_stratum,
                needed,
                size: self.size,
            });
        }
        let sizes = share_out(self.size, &shares);
        match strata.keys().zip(&sizes).find(|(_, size)| **size == 0) {
            Some((stratum, _)) => Err(DrawError::LeftOut {
                stratum: (*stratum).into(),
            }),
            None => Ok(sizes),
        }
    }

    fn given(
        &self,
        strata: &BTreeMap<&str, u64>,
        sizes: &BTreeMap<String, u64>,
    ) -> Result<Vec<u64>, DrawError> {
        let refuse = |stratum: &str, problem: String| {
            Err(DrawError::Given {
                stratum: stratum.into(),
                problem,
            })
        };
        if let Some(name) = sizes
            .keys()
            .find(|name| !strata.contains_key(name.as_str()))
        {
            let problem =
                "a number is given but the list has no such stratum; take it out or mend its name";
            return refuse(name, problem.into());
        }
        let mut found = Vec::new();
        for (&name, &population) in strata {
            let least = self.minimum_per_stratum.min(population).max(1);
            match sizes.get(name) {
                None => return refuse(name, "no number is given; every stratum needs one".into()),
                Some(&size) if !(least..=population).contains(&size) => {
                    let problem =
                        format!("{size} cases are given; it must be {least} to {population}");
                    return refuse(name, problem);
                }
                Some(&size) => found.push(size),
            }
        }
        match found.iter().sum::<u64>() {
            sum if sum == self.size => Ok(found),
            sum => {
                let size = self.size;
                let problem = format!("the numbers add up to {sum} but the plan has {size}");
                refuse("(all)", problem)
            }
        }
    }

    pub(super) fn check_size(&self, population: u64) -> Result<(), DrawError> {
        match self.size {
            _ if population == 0 => Err(DrawError::EmptyFrame),
            0 => Err(DrawError::NothingWanted),
            size if size > population => Err(DrawError::TooMany { size, population }),
            _ => Ok(()),
        }
    }

    fn weights(&self, strata: &BTreeMap<&str, u64>) -> Result<Vec<f64>, DrawError> {
        match &self.allocation {
            Allocation::Equal => Ok(vec![1.0; strata.len()]),
            Allocation::Neyman { spread } => neyman_weights(strata, spread),
            _ => Ok(strata
                .values()
                .map(|&population| population as f64)
                .collect()),
        }
    }
}

fn neyman_weights(
    strata: &BTreeMap<&str, u64>,
    spread: &BTreeMap<String, f64>,
) -> Result<Vec<f64>, DrawError> {
    let refuse = |stratum: &str, problem: &str| {
        Err(DrawError::Spread {
            stratum: stratum.into(),
            problem: problem.into(),
        })
    };
    if let Some(name) = spread
        .keys()
        .find(|name| !strata.contains_key(name.as_str()))
    {
        return refuse(
            name,
            "a spread is given but the list has no such stratum; take it out or mend its name",
        );
    }
    let mut weights = Vec::new();
    for (&name, &population) in strata {
        match spread.get(name) {
            None => {
                return refuse(
                    name,
                    "no spread is given; Neyman allocation needs one for each stratum",
                );
            }
            Some(&s) if !(s.is_finite() && s >= 0.0) => {
                return refuse(name, "the spread must be a finite number, 0 or above");
            }
            Some(&s) => weights.push(population as f64 * s),
        }
    }
    if weights.iter().all(|&weight| weight == 0.0) {
        return refuse(
            "(all)",
            "every spread is 0; give at least one above 0, or allocate proportionally",
        );
    }
    Ok(weights)
}

struct Share {
    population: u64,
    weight: f64,
    floor: u64,
}

/// Steps 1 to 3 of [`Plan::allocate`]. Floors fit into `size`, and `size` into the populations.
fn share_out(size: u64, shares: &[Share]) -> Vec<u64> {
    let mut settled: Vec<Option<u64>> = vec![None; shares.len()];
    loop {
        let quotas = open_quotas(size, shares, &settled);
        let missing: f64 = quotas
            .iter()
            .map(|&(h, q)| (shares[h].floor as f64 - q).max(0.0))
            .sum();
        let above: f64 = quotas
            .iter()
            .map(|&(h, q)| (q - shares[h].population as f64).max(0.0))
            .sum();
        if missing * NANO < 0.5 && above * NANO < 0.5 {
            return round_to_size(size, &quotas, settled);
        }
        for (h, quota) in quotas {
            if missing >= above && quota < shares[h].floor as f64 {
                settled[h] = Some(shares[h].floor);
            } else if missing < above && quota > shares[h].population as f64 {
                settled[h] = Some(shares[h].population);
            }
        }
    }
}

fn open_quotas(size: u64, shares: &[Share], settled: &[Option<u64>]) -> Vec<(usize, f64)> {
    let left = (size - settled.iter().flatten().sum::<u64>()) as f64;
    let open: Vec<usize> = (0..shares.len())
        .filter(|&h| settled[h].is_none())
        .collect();
    let sum: f64 = open.iter().map(|&h| shares[h].weight).sum();
    let listed: f64 = open.iter().map(|&h| shares[h].population as f64).sum();
    let quota = |h: usize| match sum > 0.0 {
        true => left * shares[h].weight / sum,
        false => left * shares[h].population as f64 / listed,
    };
    open.into_iter().map(|h| (h, quota(h))).collect()
}

fn round_to_size(size: u64, quotas: &[(usize, f64)], settled: Vec<Option<u64>>) -> Vec<u64> {
    let mut sizes: Vec<u64> = settled.into_iter().map(Option::unwrap_or_default).collect();
    let mut remainders = Vec::new();
    for &(h, quota) in quotas {
        let nano = (quota * NANO).round() as u128;
        sizes[h] = (nano / NANO as u128) as u64;
        remainders.push((std::cmp::Reverse(nano % NANO as u128), h));
    }
    remainders.sort();
    let left = size - sizes.iter().sum::<u64>();
    for (_, h) in remainders.into_iter().take(left as usize) {
        sizes[h] += 1;
    }
    sizes
}
