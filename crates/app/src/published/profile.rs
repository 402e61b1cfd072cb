//! A force as the public sees it: its rounds, its reports, its recommendations.

use super::register::{self, Entry};
use super::round::{Round, Run, runs};
use super::{Release, list_report_rounds, store};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::{force, published_record};
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

/// The forces about which something is published, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list_forces(call: &Call) -> Result<Vec<ForceEntry>> {
    let record = published_record::list(call).await?;
    let releases = super::list_reports(call).await?;
    let mut entries: Vec<ForceEntry> = force::list(call)
        .await?
        .into_iter()
        .map(|force| entry(force.code, force.name, &record, &releases))
        .collect();
    for row in &record {
        if !entries.iter().any(|entry| entry.name == row.force) {
            entries.push(entry(
                slug(&row.force),
                row.force.clone(),
                &record,
                &releases,
            ));
        }
    }
    entries.retain(|entry| entry.reports + entry.rows > 0);
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

fn entry(
    slug: String,
    name: String,
    record: &[PublishedInspection],
    releases: &[Release],
) -> ForceEntry {
    let rows: Vec<_> = record.iter().filter(|row| row.force == name).collect();
    let reports: Vec<_> = releases
        .iter()
        .filter(|release| release.force_name == name)
        .collect();
    let of_record = rows
        .iter()
        .filter_map(|row| row.published)
        .map(|date| date.first_day().year());
    let of_reports = reports
        .iter()
        .map(|release| crate::app::london_day(release.first_published_at.0).year());
    ForceEntry {
        latest_year: of_record.chain(of_reports).max(),
        slug,
        name,
        reports: reports.len(),
        rows: rows.len(),
    }
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
    let record = published_record::list(call).await?;
    let known = force::list(call).await?;
    let (code, name) = match known.iter().find(|force| force.code == slug_asked) {
        Some(force) => (force.code.clone(), force.name.clone()),
        None => {
            let row = record
                .iter()
                .find(|row| slug(&row.force) == slug_asked)
                .ok_or(Error::NotFound)?;
            let code = known
                .iter()
                .find(|force| force.name == row.force)
                .map(|force| force.code.clone());
            (code.unwrap_or_default(), row.force.clone())
        }
    };
    let reports = match code.as_str() {
        "" => Vec::new(),
        code => store::list_releases(call.reader(), code).await?,
    };
    let mut rounds: Vec<Round> = record
        .into_iter()
        .filter(|row| row.force == name)
        .map(Round::of_record)
        .collect();
    rounds.extend(list_report_rounds(call, &reports).await?);
    let runs = runs(&mut rounds);
    let recommendations = match code.as_str() {
        "" => Vec::new(),
        code => register::list(call, code).await?,
    };
    Ok(Profile {
        slug: if code.is_empty() { slug(&name) } else { code },
        name,
        rounds,
        runs,
        reports,
        recommendations,
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
