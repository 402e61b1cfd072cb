//! `throughline stats funnel`.

use super::sheet::Group;
use super::{Answer, Fault, Question, Sheet, level};
use clap::{Args, ValueEnum};
use serde::Serialize;
use throughline_stats::compare::Counted;
use throughline_stats::funnel::{
    self, Dispersed, Dispersion, Expected, Position, Ranked, Standardised,
};
use throughline_stats::{Level, StatsError};

/// Rows of forces, perhaps by category of case.
#[derive(Debug, Args)]
pub struct Funnel {
    /// The share that limits are drawn around; without it, that of all forces together
    #[arg(long, value_name = "SHARE")]
    target: Option<f64>,
    /// How wide the limits are; 0.95 and 0.998 are usual
    #[arg(long, value_name = "LEVEL", default_value = "0.998", value_parser = level)]
    level: Level,
    /// Allow for forces that differ among themselves
    #[arg(long, value_name = "HOW", value_enum)]
    dispersion: Option<Allowance>,
    /// The part of the most extreme z values at either end that is pulled in first
    #[arg(long, value_name = "PART", default_value_t = 0.1)]
    winsorise: f64,
    /// Rank the forces, with how sure their ranks are
    #[arg(long)]
    ranks: bool,
}

/// How limits allow for differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Allowance {
    /// Every standard error times the same factor
    Multiplicative,
    /// A variance between forces added to each
    Additive,
}

#[derive(Serialize)]
struct Found {
    figure: Option<String>,
    target: f64,
    level: Level,
    /// The mean squared z value: well above 1 where forces differ by more than chance.
    dispersion: Option<f64>,
    forces: Vec<OfForce<Position>>,
    dispersed: Option<OfDispersed>,
    ranking: Option<OfRanking>,
    directly_standardised: Option<Vec<OfForce<Standardised>>>,
    indirectly_standardised: Option<Vec<OfForce<Expected>>>,
}

#[derive(Serialize)]
struct OfForce<T: Serialize> {
    force: String,
    #[serde(flatten)]
    found: T,
}

#[derive(Serialize)]
struct OfDispersed {
    dispersion: Dispersion,
    phi: f64,
    tau: f64,
    forces: Vec<OfForce<Dispersed>>,
}

#[derive(Serialize)]
struct OfRanking {
    mean: f64,
    spread: f64,
    level: Level,
    lowest: Option<String>,
    highest: Option<String>,
    words: String,
    forces: Vec<OfForce<Ranked>>,
}

/// The forces by name, each with its counts by category.
struct Forces {
    names: Vec<String>,
    counts: Vec<Vec<Counted>>,
}

impl Question for Funnel {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        sheet.check(&["force", "k", "n"], &["category"])?;
        sheet.answer_each(|group| {
            let forces = forces(sheet, group)?;
            group.checked(self.found(sheet, group, &forces))
        })
    }
}

impl Funnel {
    fn found(
        &self,
        sheet: &Sheet,
        group: &Group<'_>,
        forces: &Forces,
    ) -> Result<Found, StatsError> {
        let whole = forces.whole();
        let funnel = funnel::funnel(&whole, self.target, self.level)?;
        let dispersed = self.dispersion.map(|how| self.dispersed(forces, how));
        let ranking = self.ranks.then(|| self.ranking(forces));
        let mixed = sheet.has("category");
        let direct = mixed.then(|| funnel::direct(&forces.counts, &forces.standard(), self.level));
        let indirect = mixed.then(|| funnel::indirect(&forces.counts, self.level));
        Ok(Found {
            figure: group.figure.clone(),
            target: funnel.target,
            level: funnel.level,
            dispersion: funnel.dispersion,
            forces: forces.named(funnel.positions),
            dispersed: dispersed.transpose()?,
            ranking: ranking.transpose()?,
            directly_standardised: direct.transpose()?.map(|found| forces.named(found)),
            indirectly_standardised: indirect.transpose()?.map(|found| forces.named(found)),
        })
    }

    fn dispersed(&self, forces: &Forces, how: Allowance) -> Result<OfDispersed, StatsError> {
        let dispersion = match how {
            Allowance::Multiplicative => Dispersion::Multiplicative,
            Allowance::Additive => Dispersion::Additive,
        };
        let found = funnel::dispersed_funnel(
            &forces.whole(),
            self.target,
            self.level,
            dispersion,
            self.winsorise,
        )?;
        Ok(OfDispersed {
            dispersion,
            phi: found.phi,
            tau: found.tau,
            forces: forces.named(found.positions),
        })
    }

    fn ranking(&self, forces: &Forces) -> Result<OfRanking, StatsError> {
        let found = funnel::rank(&forces.whole(), self.level)?;
        let names: Vec<&str> = forces.names.iter().map(String::as_str).collect();
        let name = |force: Option<usize>| force.map(|force| forces.names[force].clone());
        Ok(OfRanking {
            mean: found.mean,
            spread: found.spread,
            level: found.level,
            lowest: name(found.lowest),
            highest: name(found.highest),
            words: found.lowest_in_words(&names),
            forces: forces.named(found.forces),
        })
    }
}

impl Forces {
    /// Each force over all categories.
    fn whole(&self) -> Vec<Counted> {
        let sum = |counts: &Vec<Counted>| {
            let (k, n) = counts.iter().fold((0, 0), |(k, n), c| (k + c.k, n + c.n));
            Counted::new(k, n)
        };
        self.counts.iter().map(sum).collect()
    }

    /// The number of cases of each category in all forces.
    fn standard(&self) -> Vec<f64> {
        let categories = self.counts.first().map_or(0, Vec::len);
        (0..categories)
            .map(|category| self.counts.iter().map(|c| c[category].n as f64).sum())
            .collect()
    }

    fn named<T: Serialize>(&self, found: Vec<T>) -> Vec<OfForce<T>> {
        let named = self.names.iter().cloned().zip(found);
        named
            .map(|(force, found)| OfForce { force, found })
            .collect()
    }
}

fn forces(sheet: &Sheet, group: &Group<'_>) -> Result<Forces, Fault> {
    let mut categories: Vec<String> = Vec::new();
    let mut found: Vec<(String, Vec<Option<Counted>>)> = Vec::new();
    for row in &group.rows {
        let category = match sheet.has("category") {
            true => row.text("category")?,
            false => "all",
        };
        let category = place(&mut categories, category);
        let name = row.text("force")?;
        let force = match found.iter().position(|(other, _)| other == name) {
            Some(force) => force,
            None => {
                found.push((name.to_owned(), Vec::new()));
                found.len() - 1
            }
        };
        let counts = &mut found[force].1;
        counts.resize(counts.len().max(category + 1), None);
        let counted = Counted::new(row.whole("k")?, row.whole("n")?);
        if counted.k > counted.n {
            return Err(row.refused(&StatsError::MoreThanRead {
                what: format!("force {name}"),
                k: counted.k,
                n: counted.n,
            }));
        }
        if counts[category].replace(counted).is_some() {
            return Err(row.fault("force", &format!("{name} stands twice; join its rows")));
        }
    }
    complete(group, &categories, found)
}

fn place(names: &mut Vec<String>, name: &str) -> usize {
    match names.iter().position(|other| other == name) {
        Some(place) => place,
        None => {
            names.push(name.to_owned());
            names.len() - 1
        }
    }
}

/// Refuses forces that lack a category.
fn complete(
    group: &Group<'_>,
    categories: &[String],
    found: Vec<(String, Vec<Option<Counted>>)>,
) -> Result<Forces, Fault> {
    let (mut names, mut counts) = (Vec::new(), Vec::new());
    for (name, mut partial) in found {
        partial.resize(categories.len(), None);
        let whole: Option<Vec<Counted>> = partial.iter().copied().collect();
        let Some(whole) = whole else {
            let missing = partial.iter().position(Option::is_none).unwrap_or(0);
            return Err(group.refused(&StatsError::Mismatch {
                what: format!(
                    "force {name} has no row for category {}; give one with n 0 if it had no such case",
                    categories[missing]
                ),
            }));
        };
        names.push(name);
        counts.push(whole);
    }
    Ok(Forces { names, counts })
}
