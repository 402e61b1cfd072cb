//! A force as the public sees it: its rounds, its reports, its recommendations.

use super::Release;
use super::collection::{self, Collection};
use super::register::{self, Entry};
use super::round::{Round, Run};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::force;
use throughline_domain::access::{Action, Relation};
use throughline_domain::published::PublishedInspection;

/// A force about which something is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForceEntry {
    /// Its name in addresses: its code, or its name where only the record knows it.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Reports published here.
    pub reports: usize,
    /// Rows of the published record.
    pub rows: usize,
    /// The year of the latest, where known.
    pub latest_year: Option<i16>,
}

/// The name of a force of the record in addresses: `metropolitan-police`.
pub fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

impl ForceEntry {
    /// A force of which nothing is counted yet.
    pub fn new(slug: String, name: &str) -> Self {
        ForceEntry {
            slug,
            name: name.to_owned(),
            reports: 0,
            rows: 0,
            latest_year: None,
        }
    }
}

/// The forces about which something is published, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list_forces(call: &Call) -> Result<Vec<ForceEntry>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(collection::load(call).await?.forces.clone())
}

/// A force with everything published about it.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its rounds, in the order of publication.
    pub rounds: Vec<Round>,
    /// The same, in groups that may each be joined.
    pub runs: Vec<Run>,
    /// The reports published here, newest first.
    pub reports: Vec<Release>,
    /// Its published recommendations.
    pub recommendations: Vec<Entry>,
}

impl Profile {
    /// The group a round belongs to.
    pub fn run_of(&self, round: &Round) -> Option<&Run> {
        self.runs.iter().find(|run| {
            run.rounds
                .iter()
                .any(|other| other.event.line == round.event.line)
        })
    }

    /// The latest round whose share below good is known.
    pub fn latest_known(&self) -> Option<&Round> {
        self.rounds.iter().rev().find(|round| round.is_known())
    }

    /// Whether a share stands for the whole list, and not only for the cases read.
    pub fn has_weighted_share(&self) -> bool {
        self.rounds.iter().any(Round::is_weighted)
    }

    /// Where the figures come from, each address once.
    pub fn sources(&self) -> Vec<&str> {
        let mut sources: Vec<&str> = Vec::new();
        for round in &self.rounds {
            if !sources.contains(&round.event.source.as_str()) {
                sources.push(&round.event.source);
            }
        }
        sources
    }
}

/// A force by its name in addresses.
///
/// # Errors
/// [`Error::NotFound`] when neither this service nor the record knows it.
pub async fn load(call: &Call, slug_asked: &str) -> Result<Profile> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    let published = collection::load(call).await?;
    let force = find(call, &published, slug_asked).await?;
    let history = published.history(&force.name);
    let recommendations = match force.code.as_str() {
        "" => Vec::new(),
        code => register::list(call, code).await?,
    };
    let is_its = |release: &&Release| release.force_name == force.name;
    Ok(Profile {
        rounds: history.rounds,
        runs: history.runs,
        reports: published.releases.iter().filter(is_its).cloned().collect(),
        recommendations,
        slug: if force.code.is_empty() {
            slug(&force.name)
        } else {
            force.code
        },
        name: force.name,
    })
}

/// A force as this service or the record knows it.
struct Named {
    /// Empty where only the record knows it.
    code: String,
    name: String,
}

async fn find(call: &Call, published: &Collection, slug_asked: &str) -> Result<Named> {
    let known = force::list(call).await?;
    if let Some(force) = known.iter().find(|force| force.code == slug_asked) {
        return Ok(Named {
            code: force.code.clone(),
            name: force.name.clone(),
        });
    }
    let of_that_name = |row: &&PublishedInspection| slug(&row.force) == slug_asked;
    let row = published.record.iter().find(of_that_name);
    let name = row.ok_or(Error::NotFound)?.force.clone();
    let code = known.into_iter().find(|force| force.name == name);
    Ok(Named {
        code: code.map(|force| force.code).unwrap_or_default(),
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn forces_of_the_record_have_readable_addresses() {
        assert_eq!(slug("Metropolitan Police"), "metropolitan-police");
        assert_eq!(
            slug("Eight forces, first thematic report"),
            "eight-forces-first-thematic-report"
        );
    }
}
