//! What a plan can tell before anything is drawn: how closely a share will be known, which change
//! the next round could notice, and the chance of meeting something rare.

use crate::error::{Error, Faults, Result};
use throughline_reports::chart::{Curve, CurveLine};
use throughline_reports::figure::{count, percent};
use throughline_stats::plan::{
    curve, discovery_chance, discovery_size, sample_size, smallest_change,
};
use throughline_stats::{Level, StatsError};

/// What is asked of a plan, as it was entered.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The share expected, in per cent.
    pub share: String,
    /// How closely it should be known, plus or minus, in percentage points.
    pub margin: String,
    /// How few cases of the list have the rare thing that should be met.
    pub rare: String,
}

/// What a plan can tell.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// In sentences.
    pub words: Vec<String>,
    /// Over the cases read: how closely a share is known with which change is noticed, and the
    /// chance of meeting at least one.
    pub curves: [Curve; 2],
}

/// A change that is there should be noticed in so many of 100 rounds.
const POWER: f64 = 0.8;

/// The rare thing should be met in so many of 100 samples.
const SURE: f64 = 0.95;

/// The numbers of cases over which a curve is drawn.
const SIZES: [u64; 17] = [
    10, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1_200, 1_600, 2_400, 3_200, 6_400, 12_800,
];

/// What reading so many of the list's cases can tell.
///
/// # Errors
/// When the question is not in numbers, or cannot be asked of this list.
pub fn outlook(size: u64, population: u64, question: &Question) -> Result<Outlook> {
    let asked = Asked::read(population, question)?;
    asked
        .outlook(size)
        .map_err(|error| Error::invalid("size", format!("This plan cannot be judged: {error}")))
}

/// The question in numbers.
struct Asked {
    population: u64,
    share: f64,
    margin: f64,
    rare: u64,
}

impl Asked {
    fn read(population: u64, question: &Question) -> Result<Self> {
        let mut faults = Faults::default();
        let share = faults.parsed(
            "share",
            &question.share,
            "Enter a whole number from 1 to 99",
        );
        let margin = faults.parsed(
            "margin",
            &question.margin,
            "Enter a whole number from 1 to 50",
        );
        let rare = faults.parsed("rare", &question.rare, "Enter a whole number from 1");
        let within =
            |value: Option<u64>, least, most| value.is_none_or(|v| (least..=most).contains(&v));
        if !within(share, 1, 99) {
            faults.add("share", "Enter a whole number from 1 to 99");
        }
        if !within(margin, 1, 50) {
            faults.add("margin", "Enter a whole number from 1 to 50");
        }
        if !within(rare, 1, population) {
            faults.add(
                "rare",
                format!("Enter a number from 1 to {population}, the length of the list"),
            );
        }
        faults.none()?;
        match (share, margin, rare) {
            (Some(share), Some(margin), Some(rare)) => Ok(Asked {
                population,
                share: share as f64 / 100.0,
                margin: margin as f64 / 100.0,
                rare,
            }),
            _ => Err(Error::Internal("a checked form lost a value".into())),
        }
    }

    fn outlook(&self, size: u64) -> Result<Outlook, StatsError> {
        let sizes = self.sizes(size);
        Ok(Outlook {
            words: vec![
                self.precision_in_words()?,
                self.change_in_words(size)?,
                self.rare_in_words(size)?,
            ],
            curves: [self.precision(size, &sizes)?, self.discovery(size, &sizes)?],
        })
    }

    /// Up to four times the plan, and never more than the list less one case.
    fn sizes(&self, size: u64) -> Vec<u64> {
        let most = (size * 4)
            .max(100)
            .min(self.population.saturating_sub(1))
            .max(1);
        let mut sizes: Vec<u64> = SIZES.into_iter().filter(|&n| n < most).collect();
        sizes.extend([size.min(most), most]);
        sizes.retain(|&n| n > 0);
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    fn precision_in_words(&self) -> Result<String, StatsError> {
        let needed = sample_size(
            self.share,
            self.margin,
            Some(self.population),
            Level::NINETY_FIVE,
        )?;
        Ok(format!(
            "To know a share near {} to within {} percentage points either way, read {} of the {} cases.",
            whole(self.share),
            (self.margin * 100.0).round(),
            count(needed.n.min(self.population)),
            count(self.population)
        ))
    }

    fn change_in_words(&self, size: u64) -> Result<String, StatsError> {
        let found = smallest_change(self.share, size, Level::NINETY_FIVE, POWER)?;
        let points = |change: f64| format!("{:.0} percentage points", (change * 100.0).ceil());
        let from = whole(self.share);
        Ok(match (found.down, found.up) {
            (Some(down), Some(up)) => format!(
                "If the next round reads as many, a fall of {} or a rise of {} from {from} would be noticed in 8 of 10 such rounds. A smaller change may pass for chance.",
                points(down),
                points(up)
            ),
            (Some(down), None) => format!(
                "If the next round reads as many, a fall of {} from {from} would be noticed in 8 of 10 such rounds; no rise is sure to be.",
                points(down)
            ),
            (None, Some(up)) => format!(
                "If the next round reads as many, a rise of {} from {from} would be noticed in 8 of 10 such rounds; no fall is sure to be.",
                points(up)
            ),
            (None, None) => format!(
                "So few cases that the next round could not be trusted to notice any change from {from}."
            ),
        })
    }

    fn rare_in_words(&self, size: u64) -> Result<String, StatsError> {
        let chance = discovery_chance(size.min(self.population), self.rare, self.population)?;
        let needed = discovery_size(self.rare, self.population, SURE)?;
        Ok(format!(
            "If {} of the {} cases {} something rare and grave, the chance that the sample meets at least one is {}. To meet one with a chance of {}, read {} cases.",
            count(self.rare),
            count(self.population),
            if self.rare == 1 { "holds" } else { "hold" },
            percent(chance),
            whole(SURE),
            count(needed)
        ))
    }

    fn precision(&self, size: u64, sizes: &[u64]) -> Result<Curve, StatsError> {
        let points = curve(
            self.share,
            Some(self.population),
            sizes,
            Level::NINETY_FIVE,
            POWER,
        )?;
        let line = |name: &str, points: Vec<(u64, Option<f64>)>| CurveLine {
            name: name.into(),
            points,
        };
        let margins = points
            .iter()
            .map(|point| (point.n, Some(point.margin)))
            .collect();
        let falls = points
            .iter()
            .map(|point| (point.n, point.change.down))
            .collect();
        Ok(Curve {
            id: "plan-precision".into(),
            caption: "What more cases would tell".into(),
            scale: "Percentage points".into(),
            top: 0.6,
            planned: size,
            lines: vec![
                line("Share known to within, either way", margins),
                line("Smallest fall noticed next round", falls),
            ],
        })
    }

    fn discovery(&self, size: u64, sizes: &[u64]) -> Result<Curve, StatsError> {
        let chance = |&n: &u64| Ok((n, Some(discovery_chance(n, self.rare, self.population)?)));
        let points: Result<Vec<_>, StatsError> = sizes.iter().map(chance).collect();
        Ok(Curve {
            id: "plan-discovery".into(),
            caption: format!(
                "The chance of meeting at least one of {} such cases",
                count(self.rare)
            ),
            scale: "Chance".into(),
            top: 1.0,
            planned: size,
            lines: vec![CurveLine {
                name: "Chance of meeting at least one".into(),
                points: points?,
            }],
        })
    }
}

fn whole(share: f64) -> String {
    percent(share).replacen(".0", "", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        Question {
            share: "50".into(),
            margin: "5".into(),
            rare: "10".into(),
        }
    }

    #[test]
    fn plan_says_what_it_can_tell_in_words_and_as_curves() {
        let found = outlook(374, 12_000, &question()).expect("an outlook");
        // Cochran: 384.1 from an endless list, 373 of 12,000.
        assert!(
            found.words[0].contains("read 373 of the 12,000 cases"),
            "{:?}",
            found.words
        );
        assert!(found.words[1].contains("8 of 10"));
        // 1 − C(11990, 374) ÷ C(12000, 374) = 0.2715.
        assert!(found.words[2].contains("is 27.1"), "{:?}", found.words);
        let planned = found.curves[0].lines[0]
            .points
            .iter()
            .find(|point| point.0 == 374);
        let margin = planned.expect("the plan").1.expect("a margin");
        // 1.96 √(¼ ÷ 374 × 11,626 ÷ 11,999)
        assert!((margin - 0.049_879_826).abs() < 1e-6, "{margin}");
    }

    #[test]
    fn tiny_lists_and_whole_lists_have_an_outlook_too() {
        for (size, population) in [(1, 2), (40, 40), (39, 40), (3, 1_000_000)] {
            let question = Question {
                rare: "1".into(),
                ..question()
            };
            let found = outlook(size, population, &question);
            assert!(found.is_ok(), "{size} of {population}: {found:?}");
        }
    }

    #[test]
    fn question_out_of_range_names_its_fields() {
        let wrong = Question {
            share: "0".into(),
            margin: "half".into(),
            rare: "50".into(),
        };
        let faults = outlook(10, 40, &wrong)
            .expect_err("refused")
            .into_faults()
            .expect("faults");
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["margin", "share", "rare"]);
    }
}
