//! `throughline stats suppress`.

use super::sheet::{Group, Row};
use super::tree::Tree;
use super::{Answer, Fault, Question, Sheet};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::BTreeSet;
use throughline_stats::StatsError;
use throughline_stats::disclosure::{
    self, Cell, Cells, Exposure, Place, Statement, Suppressed, Table, Why,
};
use throughline_stats::draw::Seed;

/// What is printed in place of a hidden count.
const HIDDEN: &str = "c";

/// The table, and what protects it.
#[derive(Debug, Args)]
pub struct Suppress {
    /// What the rows are
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Rows::Counts)]
    rows: Rows,
    /// Counts above 0 and below this let somebody be recognised
    #[arg(long, value_name = "COUNT")]
    threshold: u64,
    /// How further cells are chosen
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Choice::Least)]
    choose: Choice,
    /// Totals that are published elsewhere and so cannot be hidden any more
    #[arg(long, value_name = "TOTALS", value_enum, value_delimiter = ',')]
    published: Vec<Totals>,
    /// Round to this base in place of hiding
    #[arg(long, value_name = "BASE", requires = "seed")]
    round: Option<u64>,
    /// Of rounding: 64 hexadecimal digits, secret and used once
    #[arg(
        long,
        value_name = "SEED",
        env = "THROUGHLINE_ROUNDING_SEED",
        hide_env_values = true
    )]
    seed: Option<Seed>,
}

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// Counts of a table: row, column, count; totals are made from them
    Counts,
    /// Figures published before or now: name, groups (with ; between), count (empty where hidden)
    /// and when (before or new)
    Figures,
}

/// How further cells are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    /// By optimisation, as few as possible
    Least,
    /// By a quick search
    Greedy,
}

/// Totals of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Totals {
    /// The total of each row
    Rows,
    /// The total of each column
    Columns,
    /// The total of all
    All,
}

#[derive(Serialize)]
struct Found {
    figure: Option<String>,
    threshold: u64,
    /// The table as it may be published.
    published: Vec<Tree>,
    keep_secret: Kept,
}

/// What is known besides, and must not be published.
#[derive(Serialize)]
struct Kept {
    /// Whether nothing cheaper keeps the table safe; absent for the quick search.
    is_best: Option<bool>,
    /// Cells that what is published elsewhere leaves with too narrow a range.
    weak: Vec<String>,
    /// For each hidden cell what an attacker can work out.
    reach: Vec<Reach>,
}

#[derive(Serialize)]
struct Reach {
    row: String,
    column: String,
    count: u64,
    why: Option<Why>,
    lower: u64,
    upper: Option<u64>,
}

#[derive(Serialize)]
struct Rounding {
    figure: Option<String>,
    base: u64,
    published: Vec<Tree>,
    /// The narrowest range that an attacker can reach about a count, as its width.
    narrowest_reach: Option<u64>,
}

#[derive(Serialize)]
struct Differences {
    figure: Option<String>,
    threshold: u64,
    exposed: Vec<Exposure>,
}

/// A table with its labels.
struct Labelled {
    rows: Vec<String>,
    columns: Vec<String>,
    table: Table,
}

impl Question for Suppress {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        match self.rows {
            Rows::Counts => sheet.check(&["row", "column", "count"], &[])?,
            Rows::Figures => sheet.check(&["name", "groups", "count", "when"], &[])?,
        }
        match (self.rows, self.round) {
            (Rows::Figures, _) => sheet.answer_each(|group| self.differences(group)),
            (Rows::Counts, Some(base)) => sheet.answer_each(|group| self.rounded(group, base)),
            (Rows::Counts, None) => sheet.answer_each(|group| self.suppressed(group)),
        }
    }
}

impl Suppress {
    fn suppressed(&self, group: &Group<'_>) -> Result<Found, Fault> {
        let table = labelled(group)?;
        let (suppressed, is_best, weak) = match self.choose {
            Choice::Greedy if self.published.is_empty() => (
                disclosure::suppress(&table.table, self.threshold),
                None,
                Vec::new(),
            ),
            Choice::Greedy => {
                return Err(group.refused(&StatsError::Mismatch {
                    what: "the quick search does not know what is published elsewhere; leave out --choose greedy".into(),
                }));
            }
            Choice::Least => {
                let known = self.published(&table);
                let found = disclosure::suppress_least(&table.table, self.threshold, &known);
                let found = group.checked(found)?;
                let is_best = Some(found.is_best());
                (found.suppressed, is_best, found.weak)
            }
        };
        Ok(Found {
            figure: group.figure.clone(),
            threshold: self.threshold,
            published: table.published(|place| shown(&suppressed, place)),
            keep_secret: Kept {
                is_best,
                weak: weak.into_iter().map(|place| table.name(place)).collect(),
                reach: table.reach(&suppressed),
            },
        })
    }

    fn published(&self, table: &Labelled) -> Vec<Place> {
        let is_known = |place: &Place| {
            let totals = match (place.row, place.column) {
                (Some(_), None) => Totals::Rows,
                (None, Some(_)) => Totals::Columns,
                (None, None) => Totals::All,
                (Some(_), Some(_)) => return false,
            };
            self.published.contains(&totals)
        };
        table.places().into_iter().filter(is_known).collect()
    }

    fn rounded(&self, group: &Group<'_>, base: u64) -> Result<Rounding, Fault> {
        let table = labelled(group)?;
        let cells = Cells::of_table(&table.table);
        let seed = self.seed.ok_or_else(|| {
            group.refused(&StatsError::Mismatch {
                what: "rounding needs a seed; give one with --seed".into(),
            })
        })?;
        let rounded = group.checked(disclosure::round_controlled(&cells, base, seed))?;
        let reach = group.checked(disclosure::rounded_reach(&cells, &rounded))?;
        let wide = table.columns.len() + 1;
        let at = |place: Place| {
            let row = place.row.unwrap_or(table.rows.len());
            let column = place.column.unwrap_or(table.columns.len());
            Tree::Whole(rounded.counts[row * wide + column])
        };
        Ok(Rounding {
            figure: group.figure.clone(),
            base,
            published: table.published(at),
            narrowest_reach: reach.iter().map(|reach| reach.width()).min(),
        })
    }

    fn differences(&self, group: &Group<'_>) -> Result<Differences, Fault> {
        let times = ["before".to_owned(), "new".to_owned()];
        let mut statements = [Vec::new(), Vec::new()];
        for row in &group.rows {
            statements[row.one_of("when", &times)?].push(statement(*row)?);
        }
        let [before, new] = statements;
        Ok(Differences {
            figure: group.figure.clone(),
            threshold: self.threshold,
            exposed: disclosure::differences(&before, &new, self.threshold),
        })
    }
}

fn statement(row: Row<'_>) -> Result<Statement, Fault> {
    let groups: BTreeSet<String> = row
        .text("groups")?
        .split(';')
        .map(|group| group.trim().to_owned())
        .collect();
    Ok(Statement {
        name: row.text("name")?.to_owned(),
        groups,
        count: row.find_whole("count")?,
    })
}

fn shown(suppressed: &Suppressed, place: Place) -> Tree {
    match suppressed.get(place).and_then(Cell::shown) {
        Some(count) => Tree::Whole(count),
        None => Tree::Text(HIDDEN.into()),
    }
}

impl Labelled {
    /// Every cell, row by row, totals last.
    fn places(&self) -> Vec<Place> {
        let numbers = |many: usize| (0..many).map(Some).chain([None]);
        numbers(self.rows.len())
            .flat_map(|row| numbers(self.columns.len()).map(move |column| Place { row, column }))
            .collect()
    }

    /// The table with labels and totals.
    fn published(&self, at: impl Fn(Place) -> Tree) -> Vec<Tree> {
        let line = |row: Option<usize>| {
            let mut fields = vec![("row".to_owned(), Tree::Text(self.row_name(row)))];
            for place in self.places().into_iter().filter(|place| place.row == row) {
                fields.push((self.column_name(place.column), at(place)));
            }
            Tree::Record(fields)
        };
        (0..self.rows.len())
            .map(Some)
            .chain([None])
            .map(line)
            .collect()
    }

    fn reach(&self, suppressed: &Suppressed) -> Vec<Reach> {
        let reach = |found: disclosure::Reach| Reach {
            row: self.row_name(found.place.row),
            column: self.column_name(found.place.column),
            count: self.table.get(found.place).unwrap_or(0),
            why: match suppressed.get(found.place) {
                Some(Cell::Hidden(why)) => Some(why),
                _ => None,
            },
            lower: found.lower,
            upper: found.upper,
        };
        let found = disclosure::audit(&self.table, suppressed);
        found.into_iter().map(reach).collect()
    }

    fn row_name(&self, row: Option<usize>) -> String {
        row.map_or_else(|| "total".into(), |row| self.rows[row].clone())
    }

    fn column_name(&self, column: Option<usize>) -> String {
        column.map_or_else(|| "total".into(), |column| self.columns[column].clone())
    }

    fn name(&self, place: Place) -> String {
        format!(
            "{} × {}",
            self.row_name(place.row),
            self.column_name(place.column)
        )
    }
}

/// The table of a figure; every row must have a count in every column.
fn labelled(group: &Group<'_>) -> Result<Labelled, Fault> {
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    let mut counts: Vec<Vec<Option<u64>>> = Vec::new();
    for row in &group.rows {
        let at = (
            label(*row, "row", &mut rows)?,
            label(*row, "column", &mut columns)?,
        );
        counts.resize(rows.len(), Vec::new());
        let line = &mut counts[at.0];
        line.resize(line.len().max(columns.len()), None);
        if line[at.1].replace(row.whole("count")?).is_some() {
            return Err(row.fault(
                "count",
                &format!(
                    "{} × {} stands twice; add its counts up",
                    rows[at.0], columns[at.1]
                ),
            ));
        }
    }
    let mut table = Vec::new();
    for (mut line, name) in counts.into_iter().zip(&rows) {
        line.resize(columns.len(), None);
        if let Some(missing) = line.iter().position(Option::is_none) {
            return Err(group.refused(&StatsError::Mismatch {
                what: format!(
                    "the table is ragged: {name} × {} has no count; give 0 if there is no such case",
                    columns[missing]
                ),
            }));
        }
        table.push(line.into_iter().flatten().collect());
    }
    let table = group.checked(Table::new(table))?;
    Ok(Labelled {
        rows,
        columns,
        table,
    })
}

fn label(row: Row<'_>, field: &str, names: &mut Vec<String>) -> Result<usize, Fault> {
    let name = row.text(field)?;
    if name == "total" || (field == "column" && name == "row") {
        return Err(row.fault(
            field,
            &format!(
                "{name} cannot be a name here; leave totals out, they are made from the counts"
            ),
        ));
    }
    if let Some(place) = names.iter().position(|other| other == name) {
        return Ok(place);
    }
    names.push(name.to_owned());
    Ok(names.len() - 1)
}
