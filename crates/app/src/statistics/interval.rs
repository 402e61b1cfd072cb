//! `throughline stats interval`.

use super::sheet::{FIGURE, Row};
use super::{Answer, Fault, Question, Sheet, level};
use clap::Args;
use serde::Serialize;
use throughline_stats::interval::{
    CaseRange, Interval as Bounds, clopper_pearson, exact_finite, wilson, wilson_corrected,
    wilson_finite,
};
use throughline_stats::{Level, StatsError};

/// Rows of k of n, perhaps out of a list.
#[derive(Debug, Args)]
pub struct Interval {
    /// How sure the intervals are meant to be, from 0.5 and below 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: Level,
}

#[derive(Serialize)]
struct Found {
    figure: Option<String>,
    k: u64,
    n: u64,
    share: f64,
    level: Level,
    wilson: Bounds,
    wilson_corrected: Bounds,
    clopper_pearson: Bounds,
    list: Option<OfList>,
}

/// Intervals for the cases of a list.
#[derive(Serialize)]
struct OfList {
    population: u64,
    exact_cases: CaseRange,
    exact: Bounds,
    wilson: Bounds,
}

impl Question for Interval {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        sheet.check(&["k", "n"], &["population"])?;
        let rows = sheet.rows();
        let found: Result<Vec<Found>, Fault> = rows.iter().map(|row| self.found(*row)).collect();
        sheet.answer(&found?)
    }
}

impl Interval {
    fn found(&self, row: Row<'_>) -> Result<Found, Fault> {
        let (k, n) = (row.whole("k")?, row.whole("n")?);
        let population = row.find_whole("population")?;
        let list = population.map(|all| self.of_list(k, n, all)).transpose();
        let found = || -> Result<Found, StatsError> {
            Ok(Found {
                figure: row.find(FIGURE).map(str::to_owned),
                k,
                n,
                wilson: wilson(k, n, self.level)?,
                wilson_corrected: wilson_corrected(k, n, self.level)?,
                clopper_pearson: clopper_pearson(k, n, self.level)?,
                share: k as f64 / n as f64,
                level: self.level,
                list: list?,
            })
        };
        found().map_err(|error| row.refused(&error))
    }

    fn of_list(&self, k: u64, n: u64, population: u64) -> Result<OfList, StatsError> {
        let cases = exact_finite(k, n, population, self.level)?;
        let all = population as f64;
        Ok(OfList {
            population,
            exact_cases: cases,
            exact: Bounds {
                lower: cases.lower as f64 / all,
                upper: cases.upper as f64 / all,
            },
            wilson: wilson_finite(k, n, population, self.level)?,
        })
    }
}
