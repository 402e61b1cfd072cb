//! Everything published, force by force: made once and kept until more is published, whichever
//! process published it.

use super::league::{self, League};
use super::profile::{ForceEntry, slug};
use super::round::{Round, Run, runs};
use super::{Release, list_report_rounds, store};
use crate::app::Call;
use crate::error::Result;
use crate::force::{self, Force};
use crate::published_record;
use std::collections::BTreeMap;
use std::sync::Arc;
use throughline_domain::published::PublishedInspection;

/// What is published, as public pages show it.
#[derive(Debug, Default)]
pub struct Collection {
    /// The forces about which something is published, by name.
    pub forces: Vec<ForceEntry>,
    /// The latest version of every report, newest first.
    pub releases: Vec<Release>,
    /// The published record of earlier inspections.
    pub record: Vec<PublishedInspection>,
    /// Across forces.
    pub league: League,
    histories: BTreeMap<String, History>,
}

/// A force's rounds, in the order of publication and in groups that may be joined.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The rounds.
    pub rounds: Vec<Round>,
    /// The same, in groups.
    pub runs: Vec<Run>,
}

impl History {
    /// The group that a round belongs to.
    pub fn run_of(&self, round: &Round) -> Option<&Run> {
        let is_in = |run: &&Run| run.rounds.iter().any(|r| r.event.line == round.event.line);
        self.runs.iter().find(is_in)
    }
}

impl Collection {
    /// The rounds of the force of that name; none when nothing is published about it.
    pub fn history(&self, force_name: &str) -> History {
        self.histories.get(force_name).cloned().unwrap_or_default()
    }

    /// Every force with its rounds, by name.
    pub fn histories(&self) -> impl Iterator<Item = (&String, &History)> {
        self.histories.iter()
    }
}

/// What is published by now. Asks the database only whether it is still all.
///
/// # Errors
/// When the database does not answer.
pub async fn load(call: &Call) -> Result<Arc<Collection>> {
    let mut kept = call.app.shelf.collection.lock().await;
    // Read before the rest: what is published in between makes the next visit look again.
    let stamp = store::stamp(call.reader()).await?;
    if let Some((made_at, collection)) = kept.as_ref()
        && *made_at == stamp
    {
        return Ok(Arc::clone(collection));
    }
    let collection = Arc::new(gather(call).await?);
    *kept = Some((stamp, Arc::clone(&collection)));
    Ok(collection)
}

async fn gather(call: &Call) -> Result<Collection> {
    let record = published_record::list(call).await?;
    let releases = store::list_releases(call.reader()).await?;
    let rounds = list_report_rounds(call, &releases).await?;
    let forces = entries(force::list(call).await?, &record, &releases);
    let histories = histories(&record, rounds);
    Ok(Collection {
        league: league::compare(&forces, &histories),
        forces,
        releases,
        record,
        histories,
    })
}

fn histories(record: &[PublishedInspection], reported: Vec<Round>) -> BTreeMap<String, History> {
    let mut histories: BTreeMap<String, History> = BTreeMap::new();
    let of_record = record.iter().cloned().map(Round::of_record);
    for round in of_record.chain(reported) {
        let history = histories.entry(round.event.force.clone()).or_default();
        history.rounds.push(round);
    }
    for history in histories.values_mut() {
        history.runs = runs(&mut history.rounds);
    }
    histories
}

/// The forces about which something is published, by name. One that only the record knows has
/// its name in addresses.
fn entries(
    known: Vec<Force>,
    record: &[PublishedInspection],
    releases: &[Release],
) -> Vec<ForceEntry> {
    let mut entries: BTreeMap<&str, ForceEntry> = BTreeMap::new();
    for row in record {
        let entry = entries
            .entry(&row.force)
            .or_insert_with(|| ForceEntry::new(slug(&row.force), &row.force));
        entry.rows += 1;
        entry.latest_year = entry
            .latest_year
            .max(row.published.map(|date| date.first_day().year()));
    }
    for release in releases {
        let entry = entries
            .entry(&release.force_name)
            .or_insert_with(|| ForceEntry::new(String::new(), &release.force_name));
        entry.reports += 1;
        let year = crate::app::london_day(release.first_published_at.0).year();
        entry.latest_year = entry.latest_year.max(Some(year));
    }
    for force in known {
        if let Some(entry) = entries.get_mut(force.name.as_str()) {
            entry.slug = force.code;
        }
    }
    entries.into_values().collect()
}
