//! Taking a file into the published record.
//!
//! A file holds the whole record of each force that it names. Forces that it does not name
//! keep what they have, and a force whose rows are as they were is left alone, so that the
//! same file again changes nothing.

use serde::Serialize;

use super::PublishedInspection;
use crate::access::{Action, Permit};
use crate::event::Event;

/// The record of one force as it was and as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForceRecord {
    /// The force, or the set of forces.
    pub force: String,
    /// Its rows until now, in order.
    pub before: Vec<PublishedInspection>,
    /// Its rows from now on, in order.
    pub after: Vec<PublishedInspection>,
}

impl ForceRecord {
    /// How many rows are new or read otherwise than before.
    #[must_use]
    pub fn new_rows(&self) -> usize {
        missing_from(&self.after, &self.before)
    }

    /// How many rows are no longer in the record as they stood.
    #[must_use]
    pub fn rows_gone(&self) -> usize {
        missing_from(&self.before, &self.after)
    }
}

fn missing_from(rows: &[PublishedInspection], others: &[PublishedInspection]) -> usize {
    rows.iter()
        .filter(|row| !others.iter().any(|other| same(row, other)))
        .count()
}

/// A file was taken into the published record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedRecordImported {
    /// The file's name.
    pub file: String,
    /// The digest of its text, in hexadecimal digits.
    pub digest: String,
    /// What changed, force by force.
    pub changes: Vec<ForceRecord>,
}

impl Event for PublishedRecordImported {
    const NAME: &'static str = "published record imported";
    fn subject(&self) -> String {
        "published-record".into()
    }
}

/// Takes the rows of a file into the record as it stands; `None` when nothing changes.
#[must_use]
pub fn import(
    permit: &Permit,
    file: &str,
    digest: &str,
    current: &[PublishedInspection],
    read: &[PublishedInspection],
) -> Option<PublishedRecordImported> {
    permit.is_for(Action::ImportPublishedRecord);
    let mut forces: Vec<&str> = Vec::new();
    for row in read {
        if !forces.contains(&row.force.as_str()) {
            forces.push(&row.force);
        }
    }
    let changes: Vec<ForceRecord> = forces
        .into_iter()
        .map(|force| ForceRecord {
            force: force.to_owned(),
            before: of_force(current, force),
            after: of_force(read, force),
        })
        .filter(|record| !unchanged(record))
        .collect();
    (!changes.is_empty()).then(|| PublishedRecordImported {
        file: file.to_owned(),
        digest: digest.to_owned(),
        changes,
    })
}

fn of_force(rows: &[PublishedInspection], force: &str) -> Vec<PublishedInspection> {
    rows.iter()
        .filter(|row| row.force == force)
        .cloned()
        .collect()
}

fn unchanged(record: &ForceRecord) -> bool {
    record.before.len() == record.after.len()
        && record
            .before
            .iter()
            .zip(&record.after)
            .all(|(before, after)| same(before, after))
}

/// The same row, wherever in a file it stands.
fn same(one: &PublishedInspection, other: &PublishedInspection) -> bool {
    let line = one.line;
    *one == PublishedInspection {
        line,
        ..other.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::shipped;
    use super::*;
    use crate::access::{Actor, Relation, permit};

    fn leave() -> Permit {
        permit(
            &Actor::operator(),
            Action::ImportPublishedRecord,
            Relation::Open,
        )
        .expect("the operator may import")
    }

    #[test]
    fn the_same_file_again_changes_nothing() {
        let record = shipped();
        assert_eq!(import(&leave(), "a.csv", "digest", &record, &record), None);
        let mut lower: Vec<_> = record.clone();
        for row in &mut lower {
            row.line += 7;
        }
        assert_eq!(import(&leave(), "a.csv", "digest", &record, &lower), None);
    }

    #[test]
    fn a_corrected_row_changes_its_force_and_no_other() {
        let record = shipped();
        let mut corrected = record.clone();
        corrected[0].referred_back = None;
        let event = import(&leave(), "a.csv", "digest", &record, &corrected).expect("a change");
        let [change] = &event.changes[..] else {
            panic!("one force changed")
        };
        assert_eq!(change.force, "Metropolitan Police");
        assert_eq!((change.new_rows(), change.rows_gone()), (1, 1));
    }

    #[test]
    fn forces_that_a_file_does_not_name_keep_what_they_have() {
        let record = shipped();
        let derbyshire: Vec<_> = of_force(&record, "Derbyshire Constabulary");
        assert_eq!(import(&leave(), "a.csv", "d", &record, &derbyshire), None);
    }

    #[test]
    #[should_panic(expected = "another action")]
    fn another_permit_does_not_do() {
        let other = permit(&Actor::operator(), Action::ReadPublished, Relation::Open)
            .expect("everybody reads what is published");
        let _ = import(&other, "a.csv", "digest", &[], &shipped());
    }
}
