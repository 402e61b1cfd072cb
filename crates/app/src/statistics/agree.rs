//! `throughline stats agree`.

use super::sheet::{Group, Row};
use super::{Answer, Fault, Question, Sheet, level};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use throughline_stats::agreement::{
    self, Benchmark, Coefficient, Distance, Gap, Gate, ReaderProfile, Reading, Readings, Verdict,
    Weights,
};
use throughline_stats::{Level, StatsError};

/// The grades, and how agreement is measured.
#[derive(Debug, Args)]
pub struct Agree {
    /// What the rows are
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Rows::Readings)]
    rows: Rows,
    /// The grades there are, in their order, lowest first, with commas between
    #[arg(long, value_name = "GRADES", value_delimiter = ',', required = true)]
    grades: Vec<String>,
    /// How much two different grades still agree
    #[arg(long, value_name = "WEIGHTS", value_enum, default_value_t = Weighing::Identity)]
    weights: Weighing,
    /// Krippendorff's distance between grades
    #[arg(long, value_name = "DISTANCE", value_enum, default_value_t = Metric::Nominal)]
    distance: Metric,
    /// How sure intervals are meant to be, from 0.5 and below 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: Level,
    /// A gate: Gwet's coefficient must lie above this
    #[arg(long, value_name = "THRESHOLD")]
    gate: Option<f64>,
    /// How likely the benchmark and the gate must be met
    #[arg(long, value_name = "CHANCE", default_value_t = 0.95)]
    confidence: f64,
    /// The fewest cases read twice from which the gate opens
    #[arg(long, value_name = "CASES", default_value_t = 30)]
    cases_min: u64,
    /// The fewest shared cases from which anything is said of a reader
    #[arg(long, value_name = "CASES", default_value_t = 30)]
    shared_min: u64,
}

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// One reading each: case, reader, grade and perhaps day, for severity and drift
    Readings,
    /// Two readers' grades counted: first, second, count
    Table,
}

/// How much two different grades still agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Weighing {
    /// Not at all
    Identity,
    /// By how many steps they are apart
    Linear,
    /// By the square of that
    Quadratic,
    /// By the ordinal weights of irrCAC
    Ordinal,
}

/// Krippendorff's distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Metric {
    /// The same or not
    Nominal,
    /// How many readings lie between
    Ordinal,
    /// Squared difference of the grades' places
    Interval,
    /// Squared difference over squared sum
    Ratio,
}

#[derive(Serialize)]
struct Found {
    figure: Option<String>,
    grades: usize,
    readers: usize,
    cases: usize,
    read_twice: usize,
    weights: Weights,
    distance: Distance,
    level: Level,
    percent: Coefficient,
    gwet: Coefficient,
    brennan_prediger: Coefficient,
    /// Absent where every reading is the same grade.
    conger: Option<Coefficient>,
    fleiss: Option<Coefficient>,
    krippendorff: Option<Alpha>,
    /// Landis and Koch's word that Gwet's coefficient earns.
    benchmark: Option<Benchmark>,
    gate: Option<Judged>,
    /// The first reader's grades less the second's, where there are two.
    gap: Option<Gap>,
    readers_found: Option<Vec<ReaderProfile>>,
}

/// Krippendorff's alpha, whose disagreement is a distance and no share.
#[derive(Serialize)]
struct Alpha {
    value: f64,
    standard_error: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    read_twice: u64,
}

#[derive(Serialize)]
struct Judged {
    #[serde(flatten)]
    verdict: Verdict,
    open: bool,
    words: String,
}

/// The readings, and what else follows from them.
struct Input {
    readings: Readings,
    pairs: Option<Vec<(usize, usize)>>,
    dated: Option<Vec<Reading>>,
}

impl Question for Agree {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        match self.rows {
            Rows::Readings => sheet.check(&["case", "reader", "grade"], &["day"])?,
            Rows::Table => sheet.check(&["first", "second", "count"], &[])?,
        }
        sheet.answer_each(|group| {
            let input = match self.rows {
                Rows::Readings => self.readings(sheet, group)?,
                Rows::Table => self.table(group)?,
            };
            group.checked(self.found(group, &input))
        })
    }
}

impl Agree {
    fn found(&self, group: &Group<'_>, input: &Input) -> Result<Found, StatsError> {
        let (readings, level) = (&input.readings, self.level);
        let (weights, distance) = (self.weights.into(), self.distance.into());
        let summary = agreement::summary(readings, weights, level)?;
        let words = agreement::landis_koch();
        let dated =
            |dated: &Vec<Reading>| agreement::reader_profiles(dated, self.shared_min, level);
        Ok(Found {
            figure: group.figure.clone(),
            grades: readings.grades(),
            readers: readings.readers(),
            cases: readings.cases(),
            read_twice: readings.read_twice(),
            weights,
            distance,
            level,
            brennan_prediger: agreement::brennan_prediger(readings, weights, level)?,
            krippendorff: agreement::krippendorff(readings, distance, level)
                .ok()
                .map(Alpha::from),
            benchmark: agreement::benchmark(&summary.gwet, &words, self.confidence).ok(),
            gate: self
                .gate
                .map(|at| self.judged(at, &summary.gwet))
                .transpose()?,
            gap: input
                .pairs
                .as_ref()
                .map(|pairs| agreement::gap(pairs, level))
                .transpose()?,
            readers_found: input.dated.as_ref().map(dated).transpose()?,
            percent: summary.percent,
            gwet: summary.gwet,
            conger: summary.conger,
            fleiss: summary.fleiss,
        })
    }

    fn judged(&self, threshold: f64, gwet: &Coefficient) -> Result<Judged, StatsError> {
        let gate = Gate {
            threshold,
            confidence: self.confidence,
            cases_min: self.cases_min,
        };
        let verdict = gate.judge(gwet)?;
        Ok(Judged {
            verdict,
            open: verdict.is_open(),
            words: verdict.in_words(&gate),
        })
    }

    fn readings(&self, sheet: &Sheet, group: &Group<'_>) -> Result<Input, Fault> {
        let mut readers: BTreeSet<&str> = BTreeSet::new();
        let mut cases: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut dated = Vec::new();
        for row in &group.rows {
            let (case, reader) = (row.text("case")?, row.text("reader")?);
            let grade = row.one_of("grade", &self.grades)?;
            readers.insert(reader);
            if cases
                .entry(case)
                .or_default()
                .insert(reader, grade)
                .is_some()
            {
                return Err(row.fault(
                    "reader",
                    &format!("{reader} has read case {case} before; give each reading once"),
                ));
            }
            if sheet.has("day") {
                dated.push(reading(*row, grade)?);
            }
        }
        let line = |grades: &BTreeMap<&str, usize>| -> Vec<Option<usize>> {
            let grade = |reader: &&str| grades.get(reader).copied();
            readers.iter().map(grade).collect()
        };
        let rows: Vec<Vec<Option<usize>>> = cases.values().map(line).collect();
        let both = |row: &Vec<Option<usize>>| Some((row[0]?, row[1]?));
        let pairs = (readers.len() == 2)
            .then(|| rows.iter().filter_map(both).collect::<Vec<_>>())
            .filter(|pairs| !pairs.is_empty());
        Ok(Input {
            readings: group.checked(Readings::new(self.grades.len(), rows))?,
            pairs,
            dated: sheet.has("day").then_some(dated),
        })
    }

    fn table(&self, group: &Group<'_>) -> Result<Input, Fault> {
        let size = self.grades.len();
        let mut table = vec![vec![0; size]; size];
        let mut pairs = Vec::new();
        for row in &group.rows {
            let first = row.one_of("first", &self.grades)?;
            let second = row.one_of("second", &self.grades)?;
            let count = row.whole("count")?;
            if count > 10_000_000 {
                return Err(row.fault("count", "is above 10,000,000; check it"));
            }
            table[first][second] += count;
            pairs.extend((0..count).map(|_| (first, second)));
        }
        Ok(Input {
            readings: group.checked(Readings::from_table(&table))?,
            pairs: Some(pairs),
            dated: None,
        })
    }
}

fn reading(row: Row<'_>, grade: usize) -> Result<Reading, Fault> {
    Ok(Reading {
        reader: row.text("reader")?.into(),
        case: row.text("case")?.into(),
        grade: grade as f64,
        day: row.number("day")?,
    })
}

impl From<Coefficient> for Alpha {
    fn from(found: Coefficient) -> Self {
        Self {
            value: found.value,
            standard_error: found.standard_error,
            lower: found.lower,
            upper: found.upper,
            read_twice: found.read_twice,
        }
    }
}

impl From<Weighing> for Weights {
    fn from(weighing: Weighing) -> Self {
        match weighing {
            Weighing::Identity => Self::Identity,
            Weighing::Linear => Self::Linear,
            Weighing::Quadratic => Self::Quadratic,
            Weighing::Ordinal => Self::Ordinal,
        }
    }
}

impl From<Metric> for Distance {
    fn from(metric: Metric) -> Self {
        match metric {
            Metric::Nominal => Self::Nominal,
            Metric::Ordinal => Self::Ordinal,
            Metric::Interval => Self::Interval,
            Metric::Ratio => Self::Ratio,
        }
    }
}
