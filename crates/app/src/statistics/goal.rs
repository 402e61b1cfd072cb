//! `throughline stats goal`.

use super::sheet::{FIGURE, Row};
use super::{Answer, Fault, Question, Sheet, level};
use clap::Args;
use serde::Serialize;
use throughline_stats::compare::{Comparison, Counted, changed};
use throughline_stats::goal::{self, Goal as Set};
use throughline_stats::{Level, StatsError};

/// Rows of a baseline, and perhaps of the later round.
#[derive(Debug, Args)]
pub struct Goal {
    /// How sure the two-sample test beside the goal is meant to be, from 0.5 and below 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: Level,
}

#[derive(Serialize)]
struct Found {
    figure: Option<String>,
    #[serde(flatten)]
    goal: Set,
    later: Option<Later>,
}

/// What became of it.
#[derive(Serialize)]
struct Later {
    k: u64,
    met: bool,
    /// Whether the two rounds differ by more than chance.
    beyond_chance: bool,
    test: Comparison,
}

impl Question for Goal {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        sheet.check(&["baseline_k", "baseline_n"], &["later_n", "later_k"])?;
        let rows = sheet.rows();
        let found: Result<Vec<Found>, Fault> = rows.iter().map(|row| self.found(*row)).collect();
        sheet.answer(&found?)
    }
}

impl Goal {
    fn found(&self, row: Row<'_>) -> Result<Found, Fault> {
        let baseline = Counted::new(row.whole("baseline_k")?, row.whole("baseline_n")?);
        let later_n = row.find_whole("later_n")?.unwrap_or(baseline.n);
        let later_k = row.find_whole("later_k")?;
        let found = || -> Result<Found, StatsError> {
            let goal = goal::set_goal(baseline, later_n)?;
            let later = later_k.map(|k| self.later(baseline, Counted::new(k, later_n), &goal));
            Ok(Found {
                figure: row.find(FIGURE).map(str::to_owned),
                later: later.transpose()?,
                goal,
            })
        };
        found().map_err(|error| row.refused(&error))
    }

    fn later(&self, baseline: Counted, later: Counted, goal: &Set) -> Result<Later, StatsError> {
        let test = changed(baseline, later, self.level)?;
        Ok(Later {
            k: later.k,
            met: later.k >= goal.needed,
            beyond_chance: test.beyond_chance(),
            test,
        })
    }
}
