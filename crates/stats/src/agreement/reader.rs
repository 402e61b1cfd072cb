//! Readers: who grades more severely than the others, and who drifts over time.
//!
//! Only cases read by two or more readers tell, since a reader's cases may simply be worse. The model
//! is additive: a grade is what the case is worth, plus what the reader adds (severities sum to 0),
//! plus chance, fitted by least squares; grades count as numbers in equal steps. What is said of a
//! reader with too few shared cases is nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::adjust::{Adjustment, adjust};
use crate::distribution::{t_quantile, t_two_sided};
use crate::interval::Interval;
use crate::linear::solve;
use crate::{Level, StatsError};

/// One reader's grade of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The reader.
    pub reader: String,
    /// The case.
    pub case: String,
    /// The grade as a number, higher for better handling.
    pub grade: f64,
    /// The day of the reading, counted from any fixed day.
    pub day: f64,
}

/// A number that may or may not be chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// The value.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
    /// The two-sided p value.
    pub p: f64,
    /// The p value adjusted for all readers looked at together (Holm).
    pub p_adjusted: f64,
}

/// What can be said of one reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReaderProfile {
    /// The reader.
    pub reader: String,
    /// Cases shared with others.
    pub shared: u64,
    /// How many grades the reader lies above (below, when negative) the mean reader on the same cases;
    /// absent when too few cases are shared. Negative is severe.
    pub severity: Option<Tested>,
    /// How many grades the reader's distance from the others moves in 91 days; absent when too few
    /// cases are shared or all were read on one day.
    pub drift: Option<Tested>,
}

/// A quarter of a year.
const QUARTER_DAYS: f64 = 91.0;

/// Severity and drift of each reader who shares at least `shared_min` cases with others.
///
/// # Errors
/// When a grade or day is not finite, a reader read a case twice, no case was read by two readers, there
/// is no spread left to judge by, or readers fall into groups that share no case even through others.
pub fn reader_profiles(
    readings: &[Reading],
    shared_min: u64,
    level: Level,
) -> Result<Vec<ReaderProfile>, StatsError> {
    let shared = shared_cases(readings)?;
    let fit = Fit::new(&shared)?;
    let silent = |reader: usize| fit.shared(reader) < shared_min.max(3);
    let severities: Vec<Option<(f64, f64, f64)>> = (0..fit.readers.len())
        .map(|reader| (!silent(reader)).then(|| fit.severity(reader)))
        .collect();
    let drifts: Vec<Option<(f64, f64, f64)>> = (0..fit.readers.len())
        .map(|reader| (!silent(reader)).then(|| fit.drift(reader)).flatten())
        .collect();
    let (severities, drifts) = (tested(&severities, level)?, tested(&drifts, level)?);
    let profiles = fit.readers.iter().zip(severities).zip(drifts).enumerate();
    Ok(profiles
        .map(|(reader, ((name, severity), drift))| ReaderProfile {
            reader: (*name).into(),
            shared: fit.shared(reader),
            severity,
            drift,
        })
        .collect())
}

/// Values with standard error and degrees of freedom, as intervals and adjusted p values.
fn tested(
    found: &[Option<(f64, f64, f64)>],
    level: Level,
) -> Result<Vec<Option<Tested>>, StatsError> {
    let p = |&(value, error, df): &(f64, f64, f64)| match error > 0.0 {
        true => t_two_sided(value / error, df),
        false => f64::from(u8::from(value == 0.0)),
    };
    let chances: Vec<f64> = found.iter().flatten().map(p).collect();
    if chances.is_empty() {
        return Ok(vec![None; found.len()]);
    }
    let mut adjusted = adjust(&chances, Adjustment::Holm)?.into_iter();
    let one = |found: &Option<(f64, f64, f64)>| {
        found.as_ref().map(|found| {
            let (value, error, df) = *found;
            let reach = error * t_quantile(1.0 - level.alpha() / 2.0, df);
            Tested {
                value,
                interval: Interval {
                    lower: value - reach,
                    upper: value + reach,
                },
                p: p(found),
                p_adjusted: adjusted.next().unwrap_or(1.0),
            }
        })
    };
    Ok(found.iter().map(one).collect())
}

/// The readings of each case that at least two readers read.
fn shared_cases(readings: &[Reading]) -> Result<Vec<Vec<&Reading>>, StatsError> {
    let mut cases: BTreeMap<&str, Vec<&Reading>> = BTreeMap::new();
    for (one, row) in readings.iter().zip(1..) {
        for (what, value) in [("grade", one.grade), ("day", one.day)] {
            if !value.is_finite() {
                return Err(StatsError::OutOfRange {
                    what: format!("{what} of reading {row}"),
                    value,
                    wanted: "a finite number".into(),
                });
            }
        }
        let case = cases.entry(&one.case).or_default();
        if case.iter().any(|other| other.reader == one.reader) {
            let what = format!(
                "{} read case {} twice; keep one reading",
                one.reader, one.case
            );
            return Err(StatsError::Mismatch { what });
        }
        case.push(one);
    }
    let shared: Vec<_> = cases.into_values().filter(|case| case.len() > 1).collect();
    if shared.is_empty() {
        return Err(StatsError::Mismatch {
            what: "no case was read by two readers, so no reader can be told from the cases; have some cases read twice".into(),
        });
    }
    Ok(shared)
}

struct Fit<'a> {
    readers: Vec<&'a str>,
    cases: &'a [Vec<&'a Reading>],
    severities: Vec<f64>,
    /// The inverse of the readers' equations.
    inverse: Vec<Vec<f64>>,
    residual: f64,
    df: f64,
}

impl<'a> Fit<'a> {
    fn new(cases: &'a [Vec<&'a Reading>]) -> Result<Self, StatsError> {
        let names: BTreeSet<&str> = cases
            .iter()
            .flatten()
            .map(|one| one.reader.as_str())
            .collect();
        let readers: Vec<&str> = names.into_iter().collect();
        let place = |one: &Reading| readers.partition_point(|name| *name < one.reader.as_str());
        let count = readers.len();
        // Cases taken out, a reader's equation is about deviations from case means; adding 1 to each
        // coefficient makes severities sum to 0.
        let mut left = vec![vec![1.0; count]; count];
        let mut right = vec![vec![0.0]; count];
        for case in cases {
            let size = case.len() as f64;
            let mean = case.iter().map(|one| one.grade).sum::<f64>() / size;
            for one in case {
                right[place(one)][0] += one.grade - mean;
                left[place(one)][place(one)] += 1.0;
                case.iter()
                    .for_each(|other| left[place(one)][place(other)] -= 1.0 / size);
            }
        }
        let identity =
            (0..count).map(|i| (0..count).map(|j| f64::from(u8::from(i == j))).collect());
        let inverse = solve(left, identity.collect()).ok_or_else(|| StatsError::Mismatch {
            what: "readers fall into groups that share no case even through others; let some cases cross the groups".into(),
        })?;
        let severities = crate::linear::product(&inverse, &right);
        let mut fit = Self {
            readers,
            cases,
            severities: severities.into_iter().map(|row| row[0]).collect(),
            inverse,
            residual: 0.0,
            df: 0.0,
        };
        fit.judge_spread()?;
        Ok(fit)
    }

    fn judge_spread(&mut self) -> Result<(), StatsError> {
        let readings: usize = self.cases.iter().map(Vec::len).sum();
        let fitted = self.cases.len() + self.readers.len() - 1;
        if readings <= fitted {
            return Err(StatsError::TooFew {
                what: "readings of shared cases".into(),
                n: readings as u64,
                needed: fitted as u64 + 1,
            });
        }
        let squares: f64 = self.cases.iter().map(|case| self.squares(case)).sum();
        self.df = (readings - fitted) as f64;
        self.residual = squares / self.df;
        Ok(())
    }

    fn squares(&self, case: &[&Reading]) -> f64 {
        let rest: Vec<f64> = case
            .iter()
            .map(|one| one.grade - self.severity_of(one))
            .collect();
        let mean = rest.iter().sum::<f64>() / rest.len() as f64;
        rest.iter().map(|x| (x - mean).powi(2)).sum()
    }

    fn severity_of(&self, one: &Reading) -> f64 {
        let place = self
            .readers
            .partition_point(|name| *name < one.reader.as_str());
        self.severities[place]
    }

    fn of(&self, reader: usize) -> impl Iterator<Item = (&'a Reading, &'a [&'a Reading])> {
        let name = self.readers[reader];
        self.cases.iter().filter_map(move |case| {
            let own = case.iter().find(|one| one.reader == name)?;
            Some((*own, case.as_slice()))
        })
    }

    fn shared(&self, reader: usize) -> u64 {
        self.of(reader).count() as u64
    }

    /// Value, standard error, degrees of freedom.
    fn severity(&self, reader: usize) -> (f64, f64, f64) {
        // The added 1 adds 1/count² to each element of the inverse.
        let count = self.readers.len() as f64;
        let variance = (self.inverse[reader][reader] - 1.0 / (count * count)).max(0.0);
        (
            self.severities[reader],
            (self.residual * variance).sqrt(),
            self.df,
        )
    }

    /// The slope over time of the distance from the others' grades, their severities taken off.
    fn drift(&self, reader: usize) -> Option<(f64, f64, f64)> {
        let points: Vec<(f64, f64)> = self
            .of(reader)
            .map(|(own, case)| {
                let others = case.iter().filter(|one| one.reader != own.reader);
                let grades = others.map(|one| one.grade - self.severity_of(one));
                let mean = grades.sum::<f64>() / (case.len() - 1) as f64;
                (own.day / QUARTER_DAYS, own.grade - mean)
            })
            .collect();
        slope(&points)
    }
}

/// The least-squares slope with its standard error and degrees of freedom; `None` without spread.
fn slope(points: &[(f64, f64)]) -> Option<(f64, f64, f64)> {
    let n = points.len() as f64;
    let mean = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    if spread <= 1e-12 || n < 3.0 {
        return None;
    }
    let slope = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / spread;
    let rest: f64 = points
        .iter()
        .map(|p| (p.1 - y - slope * (p.0 - x)).powi(2))
        .sum();
    let df = n - 2.0;
    Some((slope, (rest / df / spread).sqrt(), df))
}
