//! What a set of figures says about which cases, so that it can be held against everything that
//! was published before: a table that is safe alone may give somebody away beside an older one.
//!
//! Cases of different inspections are different groups, so only earlier publications of the same
//! inspection, its corrections, can be taken from one another.

use super::protect::WHY;
use std::collections::BTreeSet;
use throughline_stats::disclosure::{Exposure, Place, Statement, Suppressed, differences};

/// The groups of a two-way table: what its rows and columns are, by their codes. Rows that count
/// nothing stand in no table and are part of its totals all the same.
pub(super) struct Cross<'a> {
    /// What is counted, in a word, and of which table people read it.
    pub what: (&'a str, &'a str),
    /// The code and the title of each row of the table.
    pub rows: Vec<(&'a str, &'a str)>,
    /// The codes of all rows that there could be.
    pub all_rows: Vec<&'a str>,
    /// The code and the title of each column.
    pub columns: Vec<(&'a str, &'a str)>,
}

impl Cross<'_> {
    fn groups(&self, place: Place) -> BTreeSet<String> {
        let rows: Vec<&str> = match place.row {
            Some(row) => vec![self.rows[row].0],
            None => self.all_rows.clone(),
        };
        let columns: Vec<&str> = match place.column {
            Some(column) => vec![self.columns[column].0],
            None => self.columns.iter().map(|column| column.0).collect(),
        };
        let group = |row: &str, column: &str| format!("{}/{row}/{column}", self.what.0);
        rows.iter()
            .flat_map(|row| columns.iter().map(move |column| group(row, column)))
            .collect()
    }

    fn name(&self, place: Place) -> String {
        let row = place.row.map_or("all", |row| self.rows[row].1);
        let column = place.column.map_or("all", |column| self.columns[column].1);
        format!("{}: {row}, {column}", self.what.1)
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        let rows = (0..self.rows.len()).map(Some).chain([None]);
        let columns = self.columns.len();
        rows.flat_map(move |row| {
            let columns = (0..columns).map(Some).chain([None]);
            columns.map(move |column| Place { row, column })
        })
    }

    /// The places of the table that an earlier publication withheld.
    pub fn withheld_in(&self, earlier: &[Statement]) -> BTreeSet<Place> {
        let hidden: BTreeSet<&BTreeSet<String>> = earlier
            .iter()
            .filter(|statement| statement.count.is_none())
            .map(|statement| &statement.groups)
            .collect();
        self.places()
            .filter(|&place| hidden.contains(&self.groups(place)))
            .collect()
    }

    /// What the protected table says.
    pub fn statements(&self, table: &Suppressed) -> Vec<Statement> {
        self.places()
            .filter_map(|place| {
                Some(Statement {
                    name: self.name(place),
                    groups: self.groups(place),
                    count: table.get(place)?.shown(),
                })
            })
            .collect()
    }
}

/// What the new figures give away only together with those published before, in sentences.
pub(super) fn give_away(earlier: &[Statement], new: &[Statement], threshold: u64) -> Vec<String> {
    let alone: BTreeSet<BTreeSet<String>> = differences(&[], new, threshold)
        .into_iter()
        .chain(differences(&[], earlier, threshold))
        .map(|exposure| exposure.groups)
        .collect();
    let mut together = differences(earlier, new, threshold);
    together.retain(|exposure| !alone.contains(&exposure.groups));
    let mut sentences: Vec<String> = together.iter().map(in_words).collect();
    sentences.extend(shown_again(earlier, new));
    sentences.dedup();
    sentences
}

fn in_words(exposure: &Exposure) -> String {
    let (whole, part) = (&exposure.whole, &exposure.part);
    match exposure.uncovers.first() {
        Some(hidden) => format!(
            "“{whole}” less “{part}”, of which one is published already, would give away “{hidden}”, which is withheld"
        ),
        None => format!(
            "“{whole}” less “{part}”, of which one is published already, would give away {WHY}"
        ),
    }
}

/// Numbers that were withheld and would now be printed.
fn shown_again<'a>(
    earlier: &'a [Statement],
    new: &'a [Statement],
) -> impl Iterator<Item = String> + 'a {
    new.iter()
        .filter(|one| one.count.is_some())
        .filter_map(|one| {
            let before = earlier
                .iter()
                .find(|before| before.count.is_none() && before.groups == one.groups)?;
            Some(format!(
                "“{}” was withheld when it was published before, and would now be printed",
                before.name
            ))
        })
}

#[cfg(test)]
mod tests;
