//! The sheet on which the figures of one inspection are gathered, each with its basis.

use super::input::{Grades, Inputs, whole};
use super::protect::{Guard, Guarded, Known, WHY, Withheld, protect};
use super::statement::Cross;
use super::{FigureSet, Passage};
use crate::error::{Error, Result};
use jiff::Timestamp;
use throughline_domain::calendar::london_day;
use throughline_domain::framework::Framework;
use throughline_reports::chart::Chart;
use throughline_reports::document::date_in_words;
use throughline_reports::figure::{Basis, Figure, Figures, Measure, count};
use throughline_reports::table::Table;
use throughline_stats::disclosure::{Place, Statement, Table as Counts};
use throughline_stats::estimate::{Estimate, Method};

pub(super) struct Sheet<'a> {
    pub inputs: &'a Inputs,
    pub framework: &'a Framework,
    pub now: Timestamp,
    pub tables: Vec<Table>,
    pub charts: Vec<Chart>,
    pub passages: Vec<Passage>,
    /// Why grades may not leave the team yet.
    pub gate_shut: Option<String>,
    /// What earlier publications of this inspection say about which cases.
    pub earlier: Vec<Statement>,
    /// What the tables of this sheet say.
    pub statements: Vec<Statement>,
    figures: Figures,
    digest: String,
    sample: String,
}

/// What a count of all cases rests on.
pub(super) struct Origin {
    /// What was counted.
    pub source: String,
    /// How many cases that is.
    pub cases: u64,
    /// What was not counted, and why; empty where all was.
    pub left_out: String,
    /// Which standards, with the digest of their text.
    pub standards: String,
}

impl<'a> Sheet<'a> {
    pub fn new(
        inputs: &'a Inputs,
        framework: &'a Framework,
        earlier: Vec<Statement>,
        now: Timestamp,
    ) -> Self {
        Sheet {
            inputs,
            framework,
            now,
            gate_shut: None,
            earlier,
            statements: Vec::new(),
            tables: Vec::new(),
            charts: Vec::new(),
            passages: Vec::new(),
            figures: Figures::new(),
            digest: inputs.digest(),
            sample: sample_in_words(&inputs.grades),
        }
    }

    pub fn finish(self) -> FigureSet {
        FigureSet {
            figures: self.figures,
            tables: self.tables,
            charts: self.charts,
            passages: self.passages,
            asked: self.inputs.recommendations.clone(),
            gate_shut: self.gate_shut,
            statements: self.statements,
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

    /// A count of something that is not read from the sample.
    pub fn count_from(
        &mut self,
        source: &str,
        key: &str,
        label: &str,
        value: u64,
        in_words: &str,
    ) -> Result<Figure> {
        let measure = Measure::Count { value, of: None };
        let mut figure = self.figure(key, label, measure, "count", in_words);
        figure.basis.sample = source.into();
        figure.basis.seed = None;
        self.keep(figure)
    }

    /// A share, with how much each case counts in it, or why there is none.
    pub fn share(
        &mut self,
        key: &str,
        label: &str,
        estimate: Result<Estimate, String>,
        weights: &str,
    ) -> Result<Figure> {
        let figure = self.figure(
            key,
            label,
            Measure::Unknown { why: String::new() },
            "none",
            "",
        );
        let mut figure = estimated(figure, estimate, weights);
        figure.basis.left_out = left_out_in_words(self.inputs);
        self.keep(figure)
    }

    /// Protects a table of counts, says how well, and keeps what it says.
    pub fn protect(&mut self, counts: &Counts, cross: &Cross<'_>, known: Known) -> Result<Guarded> {
        let guarded = self.guard(counts, cross, known);
        let cells = (counts.rows() + 1) * (counts.columns() + 1);
        self.tell_withheld(cross.what, &guarded.withheld, cells as u64)?;
        Ok(guarded)
    }

    /// Hides what a table may not show, and keeps what it still says for later publications.
    pub fn guard(&mut self, counts: &Counts, cross: &Cross<'_>, known: Known) -> Guarded {
        self.guard_beside(counts, cross, known, Vec::new())
    }

    /// The same for somebody who knows these sums of its cells too.
    pub fn guard_beside(
        &mut self,
        counts: &Counts,
        cross: &Cross<'_>,
        known: Known,
        sums: Vec<Vec<Place>>,
    ) -> Guarded {
        let guard = Guard {
            threshold: u64::from(self.framework.disclosure_threshold),
            known,
            sums,
            withheld_before: cross.withheld_in(&self.earlier),
        };
        let guarded = protect(counts, &guard);
        self.statements
            .extend(cross.statements(&guarded.suppressed));
        guarded
    }

    /// How much of a table with so many cells is withheld, and how well, as figures.
    pub fn tell_withheld(
        &mut self,
        (what, table): (&str, &str),
        withheld: &Withheld,
        cells: u64,
    ) -> Result<()> {
        self.add(
            &format!("withheld-{what}"),
            &format!("Numbers withheld: {table}"),
            Measure::Count {
                value: withheld.cells,
                of: Some(cells),
            },
            withheld.method,
            "Numbers of the table, with its totals, that are not printed so that no child can be recognised.",
        )?;
        if let Some(fewest) = withheld.possible_min {
            self.add(
                &format!("possible-{what}"),
                &format!("Fewest possible values of a withheld number: {table}"),
                Measure::Count {
                    value: fewest,
                    of: None,
                },
                "the range of each withheld number by linear programming, the narrowest of all",
                "Somebody who has everything that is printed cannot narrow any withheld number to fewer values than this.",
            )?;
        }
        Ok(())
    }

    /// A figure that is withheld, with what protects it.
    pub fn withhold(&mut self, key: &str, label: &str, withheld: &Withheld) -> Result<Figure> {
        let measure = Measure::Suppressed { why: WHY.into() };
        let mut figure = self.figure(key, label, measure, withheld.method, "");
        figure.basis.withheld = withheld.note().unwrap_or_default();
        self.keep(figure)
    }

    /// A count of all cases, whose source is not the sample.
    pub fn count_of_all(
        &mut self,
        origin: &Origin,
        key: &str,
        label: &str,
        measure: Measure,
        in_words: &str,
    ) -> Result<Figure> {
        let mut figure = self.figure(key, label, measure, "full count", in_words);
        figure.basis = Basis {
            sample: origin.source.clone(),
            design: "not chosen: every case on the list that has a timeline".into(),
            population: Some(origin.cases),
            left_out: origin.left_out.clone(),
            standards: origin.standards.clone(),
            seed: None,
            ..figure.basis
        };
        if let Measure::Suppressed { .. } = figure.measure {
            figure.basis.withheld = format!("It is {WHY}");
        }
        self.keep(figure)
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
                computed_at: self.now.to_string(),
                inputs_digest: self.digest.clone(),
                ..basis(&self.inputs.grades, self.framework)
            },
        }
    }
}

/// A share that is not on a sheet: that of a round as its audits stand now.
pub(super) fn share_of(
    grades: &Grades,
    framework: &Framework,
    label: &str,
    estimate: Result<Estimate, String>,
    weights: &str,
) -> Figure {
    let figure = Figure {
        key: "below-good".into(),
        label: label.into(),
        measure: Measure::Unknown { why: String::new() },
        basis: basis(grades, framework),
    };
    estimated(figure, estimate, weights)
}

/// Everything that is said of a share comes from the estimate itself.
fn estimated(mut figure: Figure, estimate: Result<Estimate, String>, weights: &str) -> Figure {
    match estimate {
        Ok(estimate) => {
            figure.measure = proportion(&estimate);
            figure.basis.method = method_name(estimate.method).into();
            figure.basis.in_words = estimate.in_words();
            figure.basis.population = estimate.population;
            figure.basis.design = estimate.design;
            figure.basis.weights = weights.to_owned();
        }
        Err(why) => figure.measure = Measure::Unknown { why },
    }
    figure
}

/// What all figures of a round have in common.
fn basis(grades: &Grades, framework: &Framework) -> Basis {
    Basis {
        sample: sample_in_words(grades),
        method: "none".into(),
        in_words: String::new(),
        population: None,
        design: String::new(),
        weights: String::new(),
        left_out: String::new(),
        withheld: String::new(),
        seed: grades.draw.as_ref().map(|draw| draw.seed.clone()),
        framework: framework.id.to_string(),
        standards: String::new(),
        computed_at: String::new(),
        inputs_digest: String::new(),
    }
}

/// An estimate of a share as a measure.
fn proportion(estimate: &Estimate) -> Measure {
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

/// The drawn cases that were not read, in a few words; empty where all were.
fn left_out_in_words(inputs: &Inputs) -> String {
    let total: u64 = inputs
        .left_out
        .iter()
        .filter_map(|tally| whole(tally.n))
        .sum();
    match total {
        0 => String::new(),
        1 => "1 drawn case that could not be read".into(),
        n => format!("{} drawn cases that could not be read", count(n)),
    }
}

fn sample_in_words(grades: &Grades) -> String {
    let drawn = grades.drawn.len() as u64;
    let listed = grades.listed_in_all();
    match &grades.draw {
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
