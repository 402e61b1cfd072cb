//! `throughline stats`: the statistics by themselves, for whoever wants to use or to check them.
//!
//! Each command is a question that takes a [`Sheet`] of rows and gives an [`Answer`]: pure, without
//! database, clock or chance. Only [`run`] reads a file and prints.

mod adjust;
mod agree;
mod answer;
mod chart;
mod compare;
mod estimate;
mod fault;
mod funnel;
mod goal;
mod interval;
mod plan;
mod sheet;
mod strand;
mod suppress;
mod tree;

#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use fault::Fault;
pub use sheet::Sheet;

use crate::cli::{CommandResult, Failure};
use clap::{Args, Subcommand};
use serde::Serialize;
use sheet::Group;
use std::io::Read;
use std::path::PathBuf;
use throughline_stats::{Level, StatsError};

/// A question to the statistics.
#[derive(Debug, Subcommand)]
pub enum Statistics {
    /// How sure a share is, by every method side by side
    #[command(after_long_help = include_str!("statistics/example/interval.txt"))]
    Interval(Asked<interval::Interval>),
    /// What the cases read say about all of them, whatever the design
    #[command(after_long_help = include_str!("statistics/example/estimate.txt"))]
    Estimate(Asked<estimate::Estimate>),
    /// Whether two rounds differ by more than chance
    #[command(after_long_help = include_str!("statistics/example/compare.txt"))]
    Compare(Asked<compare::Compare>),
    /// Whether readers grade the same cases alike
    #[command(after_long_help = include_str!("statistics/example/agree.txt"))]
    Agree(Asked<agree::Agree>),
    /// How many cases to read, and what so many cannot show
    #[command(after_long_help = include_str!("statistics/example/plan.txt"))]
    Plan(Asked<plan::Plan>),
    /// A goal that allows for sampling error, and how easily chance meets it
    #[command(after_long_help = include_str!("statistics/example/goal.txt"))]
    Goal(Asked<goal::Goal>),
    /// Which of many tests hold when all are looked at together
    #[command(after_long_help = include_str!("statistics/example/adjust.txt"))]
    Adjust(Asked<adjust::Adjust>),
    /// Whether a figure moves over rounds, and whether they may be joined
    #[command(after_long_help = include_str!("statistics/example/chart.txt"))]
    Chart(Asked<chart::Chart>),
    /// Which force stands apart, and which is only small
    #[command(after_long_help = include_str!("statistics/example/funnel.txt"))]
    Funnel(Asked<funnel::Funnel>),
    /// Hide what would let somebody be recognised, or round it
    #[command(after_long_help = include_str!("statistics/example/suppress.txt"))]
    Suppress(Asked<suppress::Suppress>),
}

/// A question and where its input and output go.
#[derive(Debug, Args)]
pub struct Asked<Q: Args> {
    /// CSV with headings, or JSON; without it, standard input
    file: Option<PathBuf>,
    /// Print JSON, with every digit, in place of tables
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    question: Q,
}

/// What a command answers.
pub trait Question {
    /// The answer from these rows.
    ///
    /// # Errors
    /// The first thing in the input from which no true figure can be made.
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault>;
}

impl Statistics {
    fn parts(&self) -> (Option<&PathBuf>, bool, &dyn Question) {
        fn parts<Q: Args + Question>(asked: &Asked<Q>) -> (Option<&PathBuf>, bool, &dyn Question) {
            (asked.file.as_ref(), asked.json, &asked.question)
        }
        match self {
            Self::Interval(asked) => parts(asked),
            Self::Estimate(asked) => parts(asked),
            Self::Compare(asked) => parts(asked),
            Self::Agree(asked) => parts(asked),
            Self::Plan(asked) => parts(asked),
            Self::Goal(asked) => parts(asked),
            Self::Adjust(asked) => parts(asked),
            Self::Chart(asked) => parts(asked),
            Self::Funnel(asked) => parts(asked),
            Self::Suppress(asked) => parts(asked),
        }
    }

    /// What is printed for this input.
    ///
    /// # Errors
    /// The first thing in the input that must be mended.
    pub fn printed(&self, source_name: &str, text: &str) -> Result<String, Fault> {
        let (_, json, question) = self.parts();
        let answer = question.answer(&Sheet::read(source_name, text)?)?;
        Ok(match json {
            true => answer.json().to_owned(),
            false => answer.table(),
        })
    }
}

/// Runs the command.
///
/// # Errors
/// With code 2 when the input cannot be read or must be mended.
pub fn run(asked: &Statistics) -> CommandResult {
    let (file, _, _) = asked.parts();
    let (name, text) = match file {
        Some(file) => {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(file)
                .map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")))?;
            (name, text)
        }
        None => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| {
                    Failure::usage(format!("standard input cannot be read: {error}"))
                })?;
            ("standard input".to_owned(), text)
        }
    };
    println!("{}", asked.printed(&name, &text).map_err(Failure::usage)?);
    Ok(())
}

/// Reads a confidence level.
fn level(text: &str) -> Result<Level, StatsError> {
    Level::new(text.parse().unwrap_or(f64::NAN))
}

impl Sheet {
    /// An answer that holds these values.
    fn answer(&self, values: &impl Serialize) -> Result<Answer, Fault> {
        Answer::of(values)
            .map_err(|error| self.whole(&format!("its answer cannot be written: {error}")))
    }

    /// An answer with one entry for each figure.
    fn answer_each<T: Serialize>(
        &self,
        one: impl Fn(&Group<'_>) -> Result<T, Fault>,
    ) -> Result<Answer, Fault> {
        let found: Result<Vec<T>, Fault> = self.figures()?.iter().map(one).collect();
        self.answer(&found?)
    }
}

impl Group<'_> {
    /// The result of the statistics, a refusal naming these rows.
    fn checked<T>(&self, found: Result<T, StatsError>) -> Result<T, Fault> {
        found.map_err(|error| self.refused(&error))
    }

    /// What each row holds.
    fn each<T>(&self, one: impl Fn(sheet::Row<'_>) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        self.rows.iter().map(|row| one(*row)).collect()
    }
}
