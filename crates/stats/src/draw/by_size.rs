//! Probability in proportion to size without replacement, by Tillé's elimination procedure (1996,
//! Biometrika 83:238–241), as the parent module specifies it.
//!
//! Of all exact procedures it was chosen because inclusion probabilities of one case and of two are
//! known exactly for every size of sample, because it needs only whole numbers, so that every
//! implementation draws the same cases, and because samples are nested: the case that was eliminated
//! last is the first reserve. In a very short list with very different sizes the chance of a pair of
//! small cases can be 0.

use super::certificate::{Group, Probability, WHOLE_LIST};
use super::shuffle::Shuffle;
use super::{DrawError, Frame, Plan, Seed};

pub(super) fn draw<'a>(frame: &'a Frame, plan: &Plan, seed: Seed) -> Result<Group<'a>, DrawError> {
    if !frame.has_sizes() {
        return Err(DrawError::NoSizes);
    }
    let population = frame.population();
    let elimination = Elimination::of(frame.cases().iter().map(|case| case.size).collect());
    let order = elimination.order(Shuffle::new(seed, 0));
    let reserves = plan.reserves_per_stratum.min(population - plan.size);
    let order = order
        .into_iter()
        .take((plan.size + reserves) as usize)
        .map(|unit| (&frame.cases()[unit], elimination.chance(unit, plan.size)))
        .collect();
    Ok(Group {
        name: WHOLE_LIST,
        population,
        sampled: plan.size,
        chance: None,
        order,
    })
}

/// Units with sizes, and for each number of units kept which are certain to be among them.
pub(super) struct Elimination {
    sizes: Vec<u64>,
    /// The place of each unit in the order of falling size.
    rank: Vec<u64>,
    /// For k units kept: how many are certain, and the sum of the sizes of the others.
    stages: Vec<Stage>,
}

#[derive(Clone, Copy)]
struct Stage {
    certain: u64,
    open: u64,
}

impl Elimination {
    pub(super) fn of(sizes: Vec<u64>) -> Self {
        let mut falling: Vec<usize> = (0..sizes.len()).collect();
        falling.sort_by_key(|&unit| (std::cmp::Reverse(sizes[unit]), unit));
        let mut rank = vec![0; sizes.len()];
        for (&unit, place) in falling.iter().zip(0..) {
            rank[unit] = place;
        }
        let mut stage = Stage {
            certain: 0,
            open: sizes.iter().sum(),
        };
        let mut stages = vec![stage];
        for kept in 1..=sizes.len() as u64 {
            while let Some(&next) = falling.get(stage.certain as usize)
                && (kept - stage.certain) * sizes[next] >= stage.open
            {
                stage.certain += 1;
                stage.open -= sizes[next];
            }
            stages.push(stage);
        }
        Self {
            sizes,
            rank,
            stages,
        }
    }

    /// The chance of a unit to be among the last `kept`.
    pub(super) fn chance(&self, unit: usize, kept: u64) -> Probability {
        let stage = self.stages[kept as usize];
        if self.rank[unit] < stage.certain {
            return Probability::new(1, 1);
        }
        Probability::new((kept - stage.certain) * self.sizes[unit], stage.open)
    }

    /// The chance of two units to be both among the last `kept`.
    pub(super) fn joint(&self, a: usize, b: usize, kept: u64) -> f64 {
        (kept..self.sizes.len() as u64)
            .map(|kept| {
                let all = self.all_weights(kept);
                // Two that cannot both be left may weigh more than all that are.
                let both = self.weight(a, kept) + self.weight(b, kept);
                all.saturating_sub(both) as f64 / all as f64
            })
            .product()
    }

    /// How likely the unit is to be the one eliminated when `kept` are to be left, against
    /// [`Elimination::all_weights`].
    fn weight(&self, unit: usize, kept: u64) -> u64 {
        let (now, before) = (self.stages[kept as usize], self.stages[kept as usize + 1]);
        let open_units = kept + 1 - before.certain;
        match self.rank[unit] {
            rank if rank < now.certain => 0,
            rank if rank < before.certain => {
                (now.open - (kept - now.certain) * self.sizes[unit]) * open_units.max(1)
            }
            _ => now.open * open_units - (kept - now.certain) * before.open,
        }
    }

    fn all_weights(&self, kept: u64) -> u64 {
        let before = self.stages[kept as usize + 1];
        self.stages[kept as usize].open * (kept + 1 - before.certain).max(1)
    }

    /// All units, the one eliminated last first.
    pub(super) fn order(&self, mut stream: Shuffle) -> Vec<usize> {
        let mut left: Vec<usize> = (0..self.sizes.len()).collect();
        let mut order = Vec::new();
        for kept in (0..self.sizes.len() as u64).rev() {
            let place = if kept == 0 {
                0
            } else {
                self.fallen(&left, kept, stream.below(self.all_weights(kept)))
            };
            order.push(left.remove(place));
        }
        order.reverse();
        order
    }

    /// Which of those left the number hits, their weights laid end to end.
    fn fallen(&self, left: &[usize], kept: u64, mut number: u64) -> usize {
        for (place, &unit) in left.iter().enumerate() {
            let weight = self.weight(unit, kept);
            if number < weight {
                return place;
            }
            number -= weight;
        }
        unreachable!("the weights of the units left add up to all_weights")
    }
}
