//! Which rounds may be joined by a line, and why others may not.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::check_count;

/// What a share is a share of, and by which rules; rounds are comparable only where all of it is the
/// same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The version of the framework whose rules the answers follow.
    pub framework: String,
    /// Which cases were drawn from, such as the kinds of case and the area.
    pub population: String,
    /// How cases were drawn; `None` for cases picked for a reason, which are comparable to nothing.
    pub design: Option<String>,
}

/// One round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Its name on the chart.
    pub label: String,
    /// The first day of the period that its cases are from, as `2026-01-31`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Cases with the answer.
    pub k: u64,
    /// Cases read.
    pub n: u64,
    /// What it rests on.
    pub basis: Basis,
}

/// Rounds that may be joined, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Series {
    rounds: Vec<Round>,
}

impl Series {
    /// The rounds.
    pub fn rounds(&self) -> &[Round] {
        &self.rounds
    }

    pub(super) fn shares(&self) -> Vec<f64> {
        let share = |round: &Round| round.k as f64 / round.n as f64;
        self.rounds.iter().map(share).collect()
    }
}

/// Why two neighbouring rounds may not be joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// The rules changed.
    Framework {
        /// Before.
        before: String,
        /// After.
        after: String,
    },
    /// Other cases were drawn from.
    Population {
        /// Before.
        before: String,
        /// After.
        after: String,
    },
    /// Cases were drawn otherwise.
    Design {
        /// Before.
        before: String,
        /// After.
        after: String,
    },
    /// The cases of a round were picked, not drawn.
    Picked {
        /// The round.
        round: String,
    },
    /// The periods overlap or are out of order, so that cases would count twice.
    Period {
        /// The last day of the earlier round.
        before: String,
        /// The first day of the later one.
        after: String,
    },
    /// A round's own numbers or days make no sense.
    Numbers {
        /// What is wrong.
        problem: String,
    },
}

/// Rounds that must not be joined by a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Error)]
pub struct NotComparable {
    /// The earlier round.
    pub earlier: String,
    /// The later round; the same where one round alone is the trouble.
    pub later: String,
    /// Every reason.
    pub reasons: Vec<Reason>,
}

impl fmt::Display for NotComparable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons: Vec<String> = self.reasons.iter().map(Reason::to_string).collect();
        let (earlier, later) = (&self.earlier, &self.later);
        write!(
            out,
            "{earlier} and {later} must not be joined: {}; show them apart",
            reasons.join("; ")
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Framework { before, after } => {
                write!(out, "the rules changed from {before} to {after}")
            }
            Self::Population { before, after } => {
                write!(
                    out,
                    "the first was drawn from {before}, the second from {after}"
                )
            }
            Self::Design { before, after } => {
                write!(out, "the first is a {before}, the second a {after}")
            }
            Self::Picked { round } => {
                write!(
                    out,
                    "the cases of {round} were picked for a reason, not drawn at random"
                )
            }
            Self::Period { before, after } => write!(
                out,
                "the first goes on to {before} but the second begins on {after}"
            ),
            Self::Numbers { problem } => write!(out, "{problem}"),
        }
    }
}

/// Joins rounds, in the order given, into a series.
///
/// # Errors
/// The first two neighbours that must not be joined, with every reason: other rules, other cases,
/// another way of drawing, cases that were picked, periods that overlap; or a round whose numbers or
/// days make no sense.
pub fn join(rounds: Vec<Round>) -> Result<Series, NotComparable> {
    for round in &rounds {
        refuse(round, round, own_reasons(round))?;
    }
    for pair in rounds.windows(2) {
        refuse(&pair[0], &pair[1], reasons(&pair[0], &pair[1]))?;
    }
    Ok(Series { rounds })
}

fn refuse(earlier: &Round, later: &Round, reasons: Vec<Reason>) -> Result<(), NotComparable> {
    if reasons.is_empty() {
        return Ok(());
    }
    Err(NotComparable {
        earlier: earlier.label.clone(),
        later: later.label.clone(),
        reasons,
    })
}

fn own_reasons(round: &Round) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Err(problem) = check_count(&round.label, round.k, round.n) {
        let problem = problem.to_string();
        reasons.push(Reason::Numbers { problem });
    }
    for day in [&round.from, &round.to] {
        if !is_day(day) {
            let problem = format!("{day:?} is not a day such as 2026-01-31");
            reasons.push(Reason::Numbers { problem });
        }
    }
    if round.basis.design.is_none() {
        reasons.push(Reason::Picked {
            round: round.label.clone(),
        });
    }
    if round.from > round.to {
        let problem = format!("{} begins after it ends", round.label);
        reasons.push(Reason::Numbers { problem });
    }
    reasons
}

fn reasons(earlier: &Round, later: &Round) -> Vec<Reason> {
    let (a, b) = (&earlier.basis, &later.basis);
    let both = |before: &str, after: &str| (before.to_owned(), after.to_owned());
    let mut reasons = Vec::new();
    if a.framework != b.framework {
        let (before, after) = both(&a.framework, &b.framework);
        reasons.push(Reason::Framework { before, after });
    }
    if a.population != b.population {
        let (before, after) = both(&a.population, &b.population);
        reasons.push(Reason::Population { before, after });
    }
    if let (Some(first), Some(second)) = (&a.design, &b.design)
        && first != second
    {
        let (before, after) = both(first, second);
        reasons.push(Reason::Design { before, after });
    }
    if earlier.to >= later.from {
        let (before, after) = both(&earlier.to, &later.from);
        reasons.push(Reason::Period { before, after });
    }
    reasons
}

fn is_day(text: &str) -> bool {
    let number = |part: &str, least: u32, most: u32| {
        part.bytes().all(|byte| byte.is_ascii_digit())
            && part
                .parse::<u32>()
                .is_ok_and(|x| (least..=most).contains(&x))
    };
    match text.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => {
            (year.len(), month.len(), day.len()) == (4, 2, 2)
                && number(year, 1, 9999)
                && number(month, 1, 12)
                && number(day, 1, 31)
        }
        _ => false,
    }
}
