//! A figure: one number, how sure we are of it, and how it was made.
//!
//! Figures are computed once elsewhere, frozen as JSON and shown here. Nothing in this
//! crate computes one, and nothing prints one except [`Measure::print`], so that a figure
//! reads the same in a sentence, a table, a chart, a PDF and a spreadsheet.

use serde::{Deserialize, Serialize};

mod number;
mod print;
mod set;

pub use number::{NO_BREAK, count, hours, hours_of, percent, points};
pub use print::{Form, Printed};
pub use set::{Figures, KeyTaken};

/// One published number with everything needed to understand and to repeat it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The name by which text refers to it: `below-good`.
    pub key: String,
    /// What it says, in words: "Cases graded below good".
    pub label: String,
    /// The number itself, or why there is none.
    pub measure: Measure,
    /// Where it comes from.
    pub basis: Basis,
}

/// The number itself, with its uncertainty, or why there is none.
///
/// Proportions and their bounds are fractions between 0 and 1, not percentages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Measure {
    /// A number of things, perhaps out of a whole.
    Count {
        /// How many.
        value: u64,
        /// Out of how many, where that is meaningful.
        of: Option<u64>,
    },
    /// A share with its confidence interval.
    Proportion {
        /// How many of the sample have the property.
        k: u64,
        /// The size of the sample.
        n: u64,
        /// The estimated share, which is not `k / n` where the sample was weighted.
        value: f64,
        /// Lower bound of the interval.
        lower: f64,
        /// Upper bound of the interval.
        upper: f64,
        /// Confidence level of the interval, such as 0.95.
        level: f64,
    },
    /// The change of a share between two rounds, as a fraction (0.05 is five percentage points).
    Difference {
        /// The earlier round, in words: "2023 inspection".
        from: String,
        /// The later round, in words.
        to: String,
        /// Later minus earlier.
        value: f64,
        /// Lower bound of the interval.
        lower: f64,
        /// Upper bound of the interval.
        upper: f64,
        /// Probability of a change at least this large by chance alone.
        p_value: f64,
        /// The conclusion in plain words: "no more than chance would bring".
        verdict: String,
    },
    /// A typical length of time, in hours.
    Duration {
        /// Median, in hours.
        median_hours: f64,
        /// Lower bound of the interval, in hours.
        lower: f64,
        /// Upper bound of the interval, in hours.
        upper: f64,
        /// How many times were measured.
        n: u64,
    },
    /// Nobody knows the number.
    Unknown {
        /// Why not, as the end of a sentence: "the force keeps no record of it".
        why: String,
    },
    /// The number is known and withheld.
    Suppressed {
        /// Why, as the end of a sentence: "so few children could be recognised".
        why: String,
    },
}

/// Where a figure comes from, so that anyone may repeat it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The sample or list that was counted: "374 cases drawn on 3 May 2016".
    pub sample: String,
    /// The estimator, by its name: "Wilson interval, stratified".
    pub method: String,
    /// The same in plain words for a reader without statistics.
    pub in_words: String,
    /// The number of cases that the figure speaks for, where known.
    pub population: Option<u64>,
    /// The recorded seed of the draw, where there was one.
    pub seed: Option<String>,
    /// The framework version under which it was graded.
    pub framework: String,
    /// When it was computed, RFC 3339.
    pub computed_at: String,
    /// Digest of everything that went into it.
    pub inputs_digest: String,
}

impl Figure {
    /// How the figure was made, in whole sentences.
    pub fn explanation(&self) -> String {
        let basis = &self.basis;
        let mut words = vec![sentence(&basis.in_words)];
        words.push(sentence(&format!("Counted from: {}", basis.sample)));
        words.push(sentence(&format!("Method: {}", basis.method)));
        if let Some(population) = basis.population {
            words.push(format!("It speaks for {} cases.", count(population)));
        }
        if let Some(seed) = &basis.seed {
            words.push(sentence(&format!("Seed of the draw: {seed}")));
        }
        words.push(sentence(&format!("Framework: {}", basis.framework)));
        words.extend(self.measure.remarks());
        words.retain(|sentence| !sentence.is_empty());
        words.join(" ")
    }

    /// The figure in one of its printed forms, or `None` where it has no such form.
    pub fn print(&self, form: Form) -> Option<Printed> {
        self.measure.print(form)
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    match text.chars().last() {
        None => String::new(),
        Some('.' | '?' | '!') => text.to_owned(),
        Some(_) => format!("{text}."),
    }
}

#[cfg(test)]
mod tests;
