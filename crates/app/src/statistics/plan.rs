//! `throughline stats plan`.

use super::sheet::{FIGURE, Group, Row};
use super::{Answer, Fault, Question, Sheet, level};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::BTreeMap;
use throughline_stats::plan::{self, CurvePoint, LotRule, PerRound, SampleSize, Wanted};
use throughline_stats::{Level, StatsError};

/// What is to be planned.
#[derive(Debug, Args)]
pub struct Plan {
    /// What the rows ask
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Rows::Margin)]
    rows: Rows,
    /// How sure intervals and tests are meant to be, from 0.5 and below 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: Level,
    /// The chance with which a change that is there must be found
    #[arg(long, value_name = "CHANCE", default_value_t = 0.8)]
    power: f64,
    /// Of discovery: the chance to meet at least one
    #[arg(long, value_name = "CHANCE", default_value_t = 0.95)]
    confidence: f64,
    /// Of strata: the fewest cases from each
    #[arg(long, value_name = "CASES", default_value_t = 2)]
    minimum: u64,
    /// Of lots: the greatest chance of either error
    #[arg(long, value_name = "CHANCE", default_value_t = 0.1)]
    error_max: f64,
}

/// What the rows ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// Cases for a share known to within a margin: share, margin and perhaps population
    Margin,
    /// Cases in each of two rounds to find a change: from, to
    Change,
    /// What so many cases can show, one point of the curve a row: share, n and perhaps population
    Curve,
    /// Cases to meet at least one: defects and population, or rate; perhaps n, for its chance
    Discovery,
    /// Cases in each stratum for its own margin: stratum, population, share, margin
    Strata,
    /// Rules that tell a good area from a bad one: n, low, high
    Lot,
}

#[derive(Serialize)]
struct Named<T: Serialize> {
    figure: Option<String>,
    #[serde(flatten)]
    found: T,
}

#[derive(Serialize)]
struct Discovery {
    /// Cases to read.
    n: u64,
    confidence: f64,
    /// The chance of the `n` that was asked about.
    chance_of_n: Option<f64>,
}

#[derive(Serialize)]
struct OfStratum {
    stratum: String,
    n: u64,
}

#[derive(Serialize)]
struct Strata {
    total: u64,
    strata: Vec<OfStratum>,
}

#[derive(Serialize)]
struct Lot {
    /// Empty when so few cases cannot tell the two apart.
    rules: Vec<LotRule>,
}

impl Rows {
    fn fields(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Margin => (&["share", "margin"], &["population"]),
            Self::Change => (&["from", "to"], &[]),
            Self::Curve => (&["share", "n"], &["population"]),
            Self::Discovery => (&[], &["defects", "population", "rate", "n"]),
            Self::Strata => (&["stratum", "population", "share", "margin"], &[]),
            Self::Lot => (&["n", "low", "high"], &[]),
        }
    }
}

impl Question for Plan {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        let (needed, optional) = self.rows.fields();
        sheet.check(needed, optional)?;
        match self.rows {
            Rows::Margin => each_row(sheet, |row| self.margin(row)),
            Rows::Change => each_row(sheet, |row| self.change(row)),
            Rows::Curve => each_row(sheet, |row| self.point(row)),
            Rows::Discovery => each_row(sheet, |row| self.discovery(row)),
            Rows::Lot => each_row(sheet, |row| self.lot(row)),
            Rows::Strata => sheet.answer_each(|group| self.strata(group)),
        }
    }
}

/// An answer with one entry for each row.
fn each_row<T: Serialize>(
    sheet: &Sheet,
    one: impl Fn(Row<'_>) -> Result<T, Fault>,
) -> Result<Answer, Fault> {
    let found: Result<Vec<Named<T>>, Fault> = sheet
        .rows()
        .into_iter()
        .map(|row| {
            Ok(Named {
                figure: row.find(FIGURE).map(str::to_owned),
                found: one(row)?,
            })
        })
        .collect();
    sheet.answer(&found?)
}

impl Plan {
    fn margin(&self, row: Row<'_>) -> Result<SampleSize, Fault> {
        let (share, margin) = (row.number("share")?, row.number("margin")?);
        let population = row.find_whole("population")?;
        plan::sample_size(share, margin, population, self.level)
            .map_err(|error| row.refused(&error))
    }

    fn change(&self, row: Row<'_>) -> Result<PerRound, Fault> {
        let (from, to) = (row.number("from")?, row.number("to")?);
        plan::per_round(from, to, self.level, self.power).map_err(|error| row.refused(&error))
    }

    fn point(&self, row: Row<'_>) -> Result<CurvePoint, Fault> {
        let (share, n) = (row.number("share")?, row.whole("n")?);
        let population = row.find_whole("population")?;
        let points = plan::curve(share, population, &[n], self.level, self.power);
        let points = points.map_err(|error| row.refused(&error))?;
        let nothing = || row.fault("n", "gives no point of the curve");
        points.into_iter().next().ok_or_else(nothing)
    }

    fn discovery(&self, row: Row<'_>) -> Result<Discovery, Fault> {
        let asked = row.find_whole("n")?;
        let found = match row.find_number("rate")? {
            Some(rate) => endless(rate, asked, self.confidence),
            None => {
                let (defects, population) = (row.whole("defects")?, row.whole("population")?);
                listed(defects, population, asked, self.confidence)
            }
        };
        let (n, chance_of_n) = found.map_err(|error| row.refused(&error))?;
        Ok(Discovery {
            n,
            confidence: self.confidence,
            chance_of_n,
        })
    }

    fn lot(&self, row: Row<'_>) -> Result<Lot, Fault> {
        let (n, low, high) = (row.whole("n")?, row.number("low")?, row.number("high")?);
        let rules = plan::lot_rules(n, low, high, self.error_max);
        Ok(Lot {
            rules: rules.map_err(|error| row.refused(&error))?,
        })
    }

    fn strata(&self, group: &Group<'_>) -> Result<Named<Strata>, Fault> {
        let mut strata = BTreeMap::new();
        for row in &group.rows {
            let name = row.text("stratum")?;
            let wanted = Wanted {
                population: row.whole("population")?,
                share: row.number("share")?,
                margin: row.number("margin")?,
            };
            if strata.insert(name.to_owned(), wanted).is_some() {
                return Err(row.fault("stratum", &format!("{name} stands twice; join its rows")));
            }
        }
        let sizes = group.checked(plan::stratum_sizes(&strata, self.minimum, self.level))?;
        Ok(Named {
            figure: group.figure.clone(),
            found: Strata {
                total: sizes.values().sum(),
                strata: sizes
                    .into_iter()
                    .map(|(stratum, n)| OfStratum { stratum, n })
                    .collect(),
            },
        })
    }
}

type Found = Result<(u64, Option<f64>), StatsError>;

fn listed(defects: u64, population: u64, asked: Option<u64>, confidence: f64) -> Found {
    let chance = asked.map(|n| plan::discovery_chance(n, defects, population));
    Ok((
        plan::discovery_size(defects, population, confidence)?,
        chance.transpose()?,
    ))
}

fn endless(rate: f64, asked: Option<u64>, confidence: f64) -> Found {
    let n = plan::discovery_size_endless(rate, confidence)?;
    Ok((n, asked.map(|n| 1.0 - (1.0 - rate).powf(n as f64))))
}
