//! `throughline stats estimate`.

use super::sheet::Group;
use super::strand::{Origin, list_sizes, weight};
use super::{Answer, Fault, Question, Sheet, level};
use clap::{Args, ValueEnum};
use serde::Serialize;
use throughline_stats::estimate::{
    self, Accuracy, Adjusted, Chosen, Crossed, DomainStratum, Drawn, Estimate as Figure,
    Observation, RandomStrand, Screened, Stratum, Unit,
};
use throughline_stats::{Level, StatsError};

/// What the rows are, and what is asked of them.
#[derive(Debug, Args)]
pub struct Estimate {
    /// What the rows are
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Rows::Strata)]
    rows: Rows,
    /// How sure the interval is meant to be, from 0.5 and below 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: Level,
    /// Of strata: the wider interval of Clopper and Pearson in place of Wilson's
    #[arg(long)]
    cautious: bool,
    /// What values count: a share of cases, or waiting times
    #[arg(long, value_name = "UNIT", value_enum, default_value_t = Counts::Share)]
    unit: Counts,
    /// Of waits: the share of cases that do not wait longer
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    quantile: f64,
}

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// Strata of a random sample: population, n, k
    Strata,
    /// Strata seen from a category: population, n, members, k
    Category,
    /// One simple random sample: n, k and perhaps population
    Counts,
    /// Cases with weights: value, weight and perhaps stratum, cluster,
    /// clusters_listed, cases_listed
    Cases,
    /// Cases with chances: value, probability and `joint_1`, `joint_2` … for each pair
    Chances,
    /// All cases of the list: screening, audit (empty where none) and perhaps stratum
    Screened,
    /// Audits counted beside screening: population, both, only_screening, only_audit, neither
    Audits,
    /// Waiting times of a simple random sample: value
    Waits,
    /// Cases drawn, read or not: weight, class, read
    Response,
}

/// What values count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Counts {
    /// 1 with the answer, 0 without
    Share,
    /// Hours waited
    Hours,
    /// Days waited
    Days,
}

#[derive(Serialize)]
struct Found {
    figure: Option<String>,
    #[serde(flatten)]
    estimate: Figure,
    /// The same as a number of cases, where the list's size is known.
    total: Option<Total>,
    words: String,
}

#[derive(Serialize)]
struct Total {
    value: f64,
    lower: f64,
    upper: f64,
}

#[derive(Serialize)]
struct Named<T: Serialize> {
    figure: Option<String>,
    #[serde(flatten)]
    found: T,
}

impl Rows {
    fn fields(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Strata => (&["population", "n", "k"], &["stratum"]),
            Self::Category => (&["population", "n", "members", "k"], &["stratum"]),
            Self::Counts => (&["n", "k"], &["population"]),
            Self::Cases => (
                &["value", "weight"],
                &["stratum", "cluster", "clusters_listed", "cases_listed"],
            ),
            Self::Chances => (&["value", "probability"], &[]),
            Self::Screened => (&["screening", "audit"], &["stratum"]),
            Self::Audits => (
                &[
                    "population",
                    "both",
                    "only_screening",
                    "only_audit",
                    "neither",
                ],
                &["stratum"],
            ),
            Self::Waits => (&["value"], &[]),
            Self::Response => (&["weight", "class", "read"], &[]),
        }
    }
}

impl Question for Estimate {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        self.check(sheet)?;
        match self.rows {
            Rows::Audits => sheet.answer_each(|group| self.accuracy(group)),
            Rows::Response => sheet.answer_each(response),
            _ => sheet.answer_each(|group| {
                let estimate = self.estimate(sheet, group)?;
                Ok(found(group, estimate))
            }),
        }
    }
}

impl Estimate {
    fn check(&self, sheet: &Sheet) -> Result<(), Fault> {
        let (needed, optional) = self.rows.fields();
        let joint: Vec<&str> = sheet
            .fields()
            .iter()
            .map(String::as_str)
            .filter(|field| self.rows == Rows::Chances && field.starts_with("joint_"))
            .collect();
        sheet.check(needed, &[optional, &joint].concat())
    }

    fn estimate(&self, sheet: &Sheet, group: &Group<'_>) -> Result<Figure, Fault> {
        match self.rows {
            Rows::Strata => self.strata(group),
            Rows::Category => self.category(group),
            Rows::Counts => self.counts(group),
            Rows::Cases => self.cases(sheet, group),
            Rows::Chances => self.chances(group),
            Rows::Screened => self.screened(sheet, group),
            Rows::Waits => self.waits(group),
            Rows::Audits | Rows::Response => Err(group.rows[0].fault("rows", "hold no estimate")),
        }
    }

    fn strata(&self, group: &Group<'_>) -> Result<Figure, Fault> {
        let strata = group.each(|row| {
            let (population, n) = (row.whole("population")?, row.whole("n")?);
            let stratum = Stratum {
                population,
                n,
                k: row.whole("k")?,
            };
            match n {
                0 => Err(row.fault(
                    "n",
                    "no case of this stratum was read, so nothing can be said of the whole; read some, or join the stratum to another",
                )),
                _ => Ok(stratum),
            }
        })?;
        group.checked(match self.cautious {
            true => estimate::stratified_cautious(&strata, self.level),
            false => estimate::stratified(&strata, self.level),
        })
    }

    fn category(&self, group: &Group<'_>) -> Result<Figure, Fault> {
        let strata = group.each(|row| {
            Ok(DomainStratum {
                population: row.whole("population")?,
                n: row.whole("n")?,
                members: row.whole("members")?,
                k: row.whole("k")?,
            })
        })?;
        group.checked(estimate::domain(&strata, self.level))
    }

    fn counts(&self, group: &Group<'_>) -> Result<Figure, Fault> {
        let row = group.rows[0];
        if let Some(second) = group.rows.get(1) {
            return Err(second.fault(
                "n",
                "is a second row of the same figure; name figures apart, or give strata",
            ));
        }
        let (k, n) = (row.whole("k")?, row.whole("n")?);
        let population = row.find_whole("population")?;
        group.checked(estimate::proportion(k, n, population, self.level))
    }

    fn cases(&self, sheet: &Sheet, group: &Group<'_>) -> Result<Figure, Fault> {
        let read = |(row, number): (&super::sheet::Row<'_>, usize)| {
            let origin = Origin::read(sheet, *row, number, "all")?;
            Ok(Observation {
                value: row.number("value")?,
                weight: origin.weight,
                stratum: origin.stratum,
                cluster: origin.cluster,
            })
        };
        let cases: Vec<Observation> = group
            .rows
            .iter()
            .zip(1..)
            .map(read)
            .collect::<Result<_, Fault>>()?;
        let strata: Vec<String> = cases.iter().map(|case| case.stratum.clone()).collect();
        let listed = list_sizes(sheet, group, &strata)?;
        let strand = group.checked(RandomStrand::new(cases, listed))?;
        group.checked(match self.unit() {
            Unit::Share => estimate::weighted_share(&strand, self.level),
            unit => estimate::weighted_mean(&strand, unit, self.level),
        })
    }

    fn chances(&self, group: &Group<'_>) -> Result<Figure, Fault> {
        let sample = group.each(|row| {
            Ok(Chosen {
                value: row.number("value")?,
                probability: row.number("probability")?,
            })
        })?;
        let joint = group.each(|row| {
            (1..=sample.len())
                .map(|other| row.number(&format!("joint_{other}")))
                .collect::<Result<Vec<f64>, Fault>>()
        })?;
        group.checked(match self.unit() {
            Unit::Share => estimate::expanded_share(&sample, &joint, self.level),
            unit => estimate::expanded_mean(&sample, &joint, unit, self.level),
        })
    }

    fn screened(&self, sheet: &Sheet, group: &Group<'_>) -> Result<Figure, Fault> {
        let cases = group.each(|row| {
            Ok(Screened {
                stratum: match sheet.has("stratum") {
                    true => row.text("stratum")?.to_owned(),
                    false => "all".to_owned(),
                },
                screening: row.number("screening")?,
                audit: row.find_truth("audit")?,
            })
        })?;
        group.checked(estimate::two_phase_share(&cases, self.level))
    }

    fn waits(&self, group: &Group<'_>) -> Result<Figure, Fault> {
        let waits = group.each(|row| row.number("value"))?;
        let unit = match self.unit {
            Counts::Days => Unit::Days,
            Counts::Share | Counts::Hours => Unit::Hours,
        };
        group.checked(estimate::quantile(&waits, self.quantile, unit, self.level))
    }

    fn accuracy(&self, group: &Group<'_>) -> Result<Named<Accuracy>, Fault> {
        let strata = group.each(|row| {
            Ok(Crossed {
                population: row.whole("population")?,
                both: row.whole("both")?,
                only_screening: row.whole("only_screening")?,
                only_audit: row.whole("only_audit")?,
                neither: row.whole("neither")?,
            })
        })?;
        Ok(Named {
            figure: group.figure.clone(),
            found: group.checked(estimate::accuracy(&strata, self.level))?,
        })
    }

    fn unit(&self) -> Unit {
        match self.unit {
            Counts::Share => Unit::Share,
            Counts::Hours => Unit::Hours,
            Counts::Days => Unit::Days,
        }
    }
}

fn response(group: &Group<'_>) -> Result<Named<Adjusted>, Fault> {
    let cases = group.each(|row| {
        let read = row.find_truth("read")?;
        Ok(Drawn {
            weight: weight(row)?,
            class: row.text("class")?.to_owned(),
            read: read.ok_or_else(|| row.fault("read", "is empty; give 1 or 0"))?,
        })
    })?;
    Ok(Named {
        figure: group.figure.clone(),
        found: group.checked(estimate::adjust_for_unread(&cases))?,
    })
}

fn found(group: &Group<'_>, estimate: Figure) -> Found {
    let total = |whole: Result<Figure, StatsError>| {
        whole.ok().map(|whole| Total {
            value: whole.value,
            lower: whole.lower,
            upper: whole.upper,
        })
    };
    Found {
        figure: group.figure.clone(),
        total: total(estimate.total()),
        words: estimate.in_words(),
        estimate,
    }
}
