//! A figure: one number, how sure we are of it, and how it was made.
//!
//! Figures are computed once elsewhere, frozen as JSON and shown here. Nothing in this
//! crate computes one, and nothing prints one except [`Measure::print`], so that a figure
//! reads the same in a sentence, a table, a chart, a PDF and a spreadsheet.

use serde::{Deserialize, Serialize};

mod number;
mod print;
mod set;

pub use number::{NO_BREAK, coefficient, count, hours, hours_of, percent, points};
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
    /// How well readers agree, where 0 is what chance gives and 1 is always.
    Coefficient {
        /// The coefficient, from −1 to 1.
        value: f64,
        /// Lower bound of the interval.
        lower: f64,
        /// Upper bound of the interval.
        upper: f64,
        /// Confidence level of the interval, such as 0.95.
        level: f64,
        /// Cases that two readers read.
        n: u64,
    },
    /// A share of everything there is, every one of them counted: no sample, so no interval.
    Rate {
        /// How many have the property.
        k: u64,
        /// Of how many in which it can be told; at least one.
        n: u64,
        /// In how many more it cannot be told; absent where that number is withheld.
        untold: Option<u64>,
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
    /// How the cases were chosen; empty where every one was counted.
    #[serde(default)]
    pub design: String,
    /// How much each case counts; empty where each counts once.
    #[serde(default)]
    pub weights: String,
    /// What was left out, and why; empty where nothing was.
    #[serde(default)]
    pub left_out: String,
    /// What is withheld, and how well; empty where nothing is.
    #[serde(default)]
    pub withheld: String,
    /// The recorded seed of the draw, where there was one.
    pub seed: Option<String>,
    /// The framework version under which it was graded.
    pub framework: String,
    /// The handling standards that cases were checked against, with the digest of their text; empty
    /// where none were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub standards: String,
    /// When it was computed, RFC 3339.
    pub computed_at: String,
    /// Digest of everything that went into it.
    pub inputs_digest: String,
}

impl Figure {
    /// How the figure was made, in whole sentences.
    pub fn explanation(&self) -> String {
        let mut words = vec![sentence(&self.basis.in_words)];
        words.extend(
            self.how_made()
                .iter()
                .map(|(what, answer)| sentence(&format!("{what}: {answer}"))),
        );
        words.extend(self.measure.remarks());
        words.retain(|sentence| !sentence.is_empty());
        words.join(" ")
    }

    /// How the figure was made, question by question: from what it was counted, how the cases
    /// were chosen, by which method, what was left out and what is withheld. Only questions that
    /// have an answer.
    pub fn how_made(&self) -> Vec<(&'static str, String)> {
        let basis = &self.basis;
        let speaks_for = basis
            .population
            .map(|all| format!("{} cases", count(all)))
            .unwrap_or_default();
        let answers = [
            ("Counted from", basis.sample.clone()),
            ("It speaks for", speaks_for),
            ("How cases were chosen", basis.design.clone()),
            ("How each case counts", basis.weights.clone()),
            ("Method", basis.method.clone()),
            ("Left out", basis.left_out.clone()),
            ("Withheld", basis.withheld.clone()),
            ("Seed of the draw", basis.seed.clone().unwrap_or_default()),
            ("Framework", basis.framework.clone()),
            ("Handling standards", basis.standards.clone()),
        ];
        answers
            .into_iter()
            .filter(|(_, answer)| !answer.trim().is_empty())
            .collect()
    }

    /// What the figure says and what it must be read with, in whole sentences: the first part of
    /// [`explanation`](Self::explanation), beside [`how_made`](Self::how_made).
    pub fn in_words(&self) -> String {
        let mut words = vec![sentence(&self.basis.in_words)];
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
