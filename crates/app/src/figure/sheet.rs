//! The sheet on which the figures of one inspection are gathered, each with its basis.

use super::input::Inputs;
use super::{FigureSet, Passage};
use crate::error::{Error, Result};
use jiff::Timestamp;
use throughline_domain::calendar::london_day;
use throughline_domain::framework::Framework;
use throughline_reports::chart::Chart;
use throughline_reports::document::date_in_words;
use throughline_reports::figure::{Basis, Figure, Figures, Measure, count};
use throughline_reports::table::Table;
use throughline_stats::estimate::{Estimate, Method};

pub(super) struct Sheet<'a> {
    pub inputs: &'a Inputs,
    pub framework: &'a Framework,
    pub now: Timestamp,
    pub tables: Vec<Table>,
    pub charts: Vec<Chart>,
    pub passages: Vec<Passage>,
    figures: Figures,
    digest: String,
    sample: String,
}

impl<'a> Sheet<'a> {
    pub fn new(inputs: &'a Inputs, framework: &'a Framework, now: Timestamp) -> Self {
        Sheet {
            inputs,
            framework,
            now,
            tables: Vec::new(),
            charts: Vec::new(),
            passages: Vec::new(),
            figures: Figures::new(),
            digest: inputs.digest(),
            sample: sample_in_words(inputs),
        }
    }

    pub fn finish(self) -> FigureSet {
        FigureSet {
            figures: self.figures,
            tables: self.tables,
            charts: self.charts,
            passages: self.passages,
            framework: self.framework.id.to_string(),
            inputs_digest: self.digest,
            computed_at: self.now.to_string(),
        }
    }

    /// The sample that everything is counted from, as the source of a table.
    pub fn source(&self) -> Option<String> {
        Some(self.sample.clone())
    }

    /// A plain count.
    pub fn count(
        &mut self,
        key: &str,
        label: &str,
        value: u64,
        of: Option<u64>,
        in_words: &str,
    ) -> Result<Figure> {
        self.add(key, label, Measure::Count { value, of }, "count", in_words)
    }

    /// A share, or why there is none.
    pub fn share(
        &mut self,
        key: &str,
        label: &str,
        estimate: Result<Estimate, String>,
    ) -> Result<Figure> {
        match estimate {
            Ok(estimate) => {
                let mut figure = self.figure(
                    key,
                    label,
                    proportion(&estimate),
                    method_name(estimate.method),
                    &estimate.in_words(),
                );
                figure.basis.population = estimate.population;
                self.keep(figure)
            }
            Err(why) => self.add(key, label, Measure::Unknown { why }, "none", ""),
        }
    }

    /// Any measure.
    pub fn add(
        &mut self,
        key: &str,
        label: &str,
        measure: Measure,
        method: &str,
        in_words: &str,
    ) -> Result<Figure> {
        let figure = self.figure(key, label, measure, method, in_words);
        self.keep(figure)
    }

    fn keep(&mut self, figure: Figure) -> Result<Figure> {
        self.figures
            .add(figure.clone())
            .map_err(|error| Error::Internal(error.to_string()))?;
        Ok(figure)
    }

    fn figure(
        &self,
        key: &str,
        label: &str,
        measure: Measure,
        method: &str,
        in_words: &str,
    ) -> Figure {
        Figure {
            key: key.into(),
            label: label.into(),
            measure,
            basis: Basis {
                sample: self.sample.clone(),
                method: method.into(),
                in_words: in_words.into(),
                population: None,
                seed: self
                    .inputs
                    .grades
                    .draw
                    .as_ref()
                    .map(|draw| draw.seed.clone()),
                framework: self.framework.id.to_string(),
                computed_at: self.now.to_string(),
                inputs_digest: self.digest.clone(),
            },
        }
    }
}

/// An estimate of a share as a measure.
pub(super) fn proportion(estimate: &Estimate) -> Measure {
    Measure::Proportion {
        k: estimate.k.unwrap_or_default(),
        n: estimate.n,
        value: estimate.value,
        lower: estimate.lower,
        upper: estimate.upper,
        level: estimate.level.value(),
    }
}

fn method_name(method: Method) -> &'static str {
    match method {
        Method::Census => "full count",
        Method::Wilson => "Wilson’s score interval",
        Method::ExactFinite => "exact hypergeometric interval for a finite list",
        Method::StratifiedWilson => {
            "stratified estimate with finite population correction; Wilson’s score interval on the effective sample size"
        }
        Method::StratifiedClopperPearson => {
            "stratified estimate with finite population correction; Clopper and Pearson’s interval on the effective sample size"
        }
        Method::DomainWilson => {
            "ratio estimate for a category; Wilson’s score interval on the effective sample size"
        }
        Method::OrderStatistics => "sample median with order-statistics interval",
        Method::KornGraubard => {
            "weighted estimate with linearised design variance; Korn and Graubard’s interval"
        }
        Method::Linearised => "weighted mean with linearised design variance; Student’s interval",
        Method::SenYatesGrundy => {
            "estimate by inclusion probabilities; variance by Sen, Yates and Grundy"
        }
        Method::TwoPhaseDifference => {
            "difference estimator from screening and audits; Wilson’s score interval on the effective sample size"
        }
    }
}

fn sample_in_words(inputs: &Inputs) -> String {
    let drawn = inputs.grades.drawn.len() as u64;
    let listed = inputs.grades.listed_in_all();
    match &inputs.grades.draw {
        None => "no sample has been drawn".into(),
        Some(draw) => {
            let day = draw
                .drawn_at
                .parse::<Timestamp>()
                .map(|at| date_in_words(&london_day(at).to_string()))
                .unwrap_or_else(|_| draw.drawn_at.clone());
            format!(
                "{} cases drawn at random on {day} from a list of {}",
                count(drawn),
                count(listed)
            )
        }
    }
}
