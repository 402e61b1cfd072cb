//! `throughline stats chart`.

use super::sheet::{Group, Row};
use super::{Answer, Fault, Question, Sheet};
use clap::{Args, ValueEnum};
use serde::Serialize;
use throughline_stats::StatsError;
use throughline_stats::chart::{
    Basis, Charted, PChart, Round, RunChart, Spread, join, p_chart, run_chart,
};

/// Rows of rounds in the order of time.
#[derive(Debug, Args)]
pub struct Chart {
    /// How wide the limits of the p-chart are
    #[arg(long, value_name = "SPREAD", value_enum, default_value_t = Limits::Laney)]
    spread: Limits,
}

/// How wide the limits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Limits {
    /// As the binomial distribution gives it
    Binomial,
    /// Widened by how much neighbouring rounds differ (p′)
    Laney,
}

#[derive(Serialize)]
struct Found {
    figure: Option<String>,
    run_chart: RunChart,
    centre: f64,
    spread: Spread,
    sigma_z: Option<f64>,
    rounds: Vec<OfRound>,
}

#[derive(Serialize)]
struct OfRound {
    round: String,
    #[serde(flatten)]
    charted: Charted,
}

impl Question for Chart {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        let basis = ["framework", "population", "design"];
        sheet.check(&["round", "from", "to", "k", "n"], &basis)?;
        sheet.answer_each(|group| self.found(sheet, group))
    }
}

impl Chart {
    fn found(&self, sheet: &Sheet, group: &Group<'_>) -> Result<Found, Fault> {
        let rounds = group.each(|row| round(sheet, row))?;
        let names: Vec<String> = rounds.iter().map(|round| round.label.clone()).collect();
        let spread = match self.spread {
            Limits::Binomial => Spread::Binomial,
            Limits::Laney => Spread::Laney,
        };
        let series = group.checked(join(rounds).map_err(|refused| StatsError::Mismatch {
            what: refused.to_string(),
        }))?;
        let run_chart = group.checked(run_chart(&series))?;
        let PChart {
            centre,
            spread,
            sigma_z,
            rounds,
        } = group.checked(p_chart(&series, spread))?;
        let named = names.into_iter().zip(rounds);
        Ok(Found {
            figure: group.figure.clone(),
            run_chart,
            centre,
            spread,
            sigma_z,
            rounds: named
                .map(|(round, charted)| OfRound { round, charted })
                .collect(),
        })
    }
}

/// A round; where the input does not say on what rounds rest, they rest on the same.
fn round(sheet: &Sheet, row: Row<'_>) -> Result<Round, Fault> {
    let basis = |field: &str| match sheet.has(field) {
        true => row.text(field).map(str::to_owned),
        false => Ok("the same throughout".to_owned()),
    };
    let design = match sheet.has("design") {
        true => row.find("design").map(str::to_owned),
        false => Some("random sample".to_owned()),
    };
    Ok(Round {
        label: row.text("round")?.to_owned(),
        from: row.text("from")?.to_owned(),
        to: row.text("to")?.to_owned(),
        k: row.whole("k")?,
        n: row.whole("n")?,
        basis: Basis {
            framework: basis("framework")?,
            population: basis("population")?,
            design,
        },
    })
}
