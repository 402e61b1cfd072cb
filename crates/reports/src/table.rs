//! Tables: numbers that can be compared, with their parts beside their total.

use serde::{Deserialize, Serialize};

use crate::document::date_in_words;
use crate::figure::{Figure, Form, Measure, Printed, count, hours, percent};

mod csv;
mod sums;

pub(crate) use csv::data_heading;
pub use csv::{data_dictionary, table_csv};
pub use sums::SumFault;

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Anchor: lower-case letters, digits and hyphens.
    pub id: String,
    /// What the table shows.
    pub caption: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// In which directions its parts add up to its totals.
    pub additive: Additive,
    /// What must be known to read it, as whole sentences.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Where the numbers come from.
    pub source: Option<String>,
}

/// A column with its description for the data dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Heading.
    pub name: String,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// What its cells mean, for someone who has only the data.
    pub description: String,
    /// Whether it is a part of, or the total of, its row. Read only in tables additive along rows.
    #[serde(default)]
    pub part: Part,
}

impl Column {
    /// A column that takes no part in a sum along its row.
    pub fn new(name: impl Into<String>, kind: ColumnKind, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind,
            description: description.into(),
            part: Part::Neither,
        }
    }

    /// The same column, as a part or a total.
    #[must_use]
    pub fn being(self, part: Part) -> Self {
        Self { part, ..self }
    }
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnKind {
    /// Words.
    Text,
    /// A number of things.
    Count,
    /// A share.
    Percent,
    /// A length of time in hours.
    Hours,
    /// A day.
    Date,
    /// Figures of differing kinds, each printed in full.
    Figure,
}

impl ColumnKind {
    /// The kind in words, for the data dictionary.
    pub fn words(self) -> &'static str {
        match self {
            ColumnKind::Text => "text",
            ColumnKind::Count => "whole number",
            ColumnKind::Percent => "percentage",
            ColumnKind::Hours => "hours",
            ColumnKind::Date => "date (YYYY-MM-DD)",
            ColumnKind::Figure => "figure as printed",
        }
    }

    /// Whether its cells are aligned as numbers.
    pub fn is_number(self) -> bool {
        !matches!(self, ColumnKind::Text | ColumnKind::Date)
    }
}

/// Whether a row or a column is a part or a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Takes no part in a sum.
    #[default]
    Neither,
    /// One of the parts.
    Part,
    /// The sum of the parts before it, back to the total before that.
    Total,
}

/// In which directions a table adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Additive {
    /// Nothing is promised.
    #[default]
    No,
    /// Down each column of counts.
    Down,
    /// Along each row.
    Along,
    /// Both.
    Both,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Whether it is a part or a total.
    #[serde(default)]
    pub part: Part,
    /// One cell for each column.
    pub cells: Vec<Cell>,
}

impl Row {
    /// A row that is a part of the totals below it.
    pub fn part(cells: Vec<Cell>) -> Self {
        Self {
            part: Part::Part,
            cells,
        }
    }

    /// A row that is the total of the parts above it.
    pub fn total(cells: Vec<Cell>) -> Self {
        Self {
            part: Part::Total,
            cells,
        }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "cell", content = "value", rename_all = "kebab-case")]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number of things.
    Count(u64),
    /// A share, as a fraction between 0 and 1.
    Percent(f64),
    /// A length of time in hours.
    Hours(f64),
    /// A day, `YYYY-MM-DD`; read in words, kept as it is in data.
    Date(String),
    /// One of the document's figures, carried with its measure so that a table can leave the
    /// document alone. [`crate::document::Document::check`] compares the two.
    Figure {
        /// Its key.
        key: String,
        /// In which form it is shown.
        form: Form,
        /// The measure as frozen.
        measure: Measure,
    },
    /// A number withheld, and why.
    Suppressed(String),
    /// A number nobody has, and why.
    Unknown(String),
    /// Nothing belongs here.
    Blank,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    /// A figure of the document in one of its forms.
    pub fn figure(figure: &Figure, form: Form) -> Self {
        Cell::Figure {
            key: figure.key.clone(),
            form,
            measure: figure.measure.clone(),
        }
    }

    /// The cell as it is read.
    pub fn print(&self) -> Printed {
        match self {
            Cell::Text(text) => Printed::plain(text.as_str()),
            Cell::Date(date) => Printed::plain(date_in_words(date)),
            Cell::Count(value) => Printed::plain(count(*value)),
            Cell::Percent(value) => Printed::plain(percent(*value)),
            Cell::Hours(value) => Printed::plain(hours(*value)),
            Cell::Figure { form, measure, .. } => measure
                .print(*form)
                .unwrap_or_else(|| measure.print_in_full()),
            Cell::Suppressed(why) => Printed::suppressed(why),
            Cell::Unknown(why) => Printed::unknown(why),
            Cell::Blank => Printed::plain(""),
        }
    }

    /// The cell as plain data: a number where it is one, words otherwise.
    pub fn datum(&self) -> Datum {
        let number = match self {
            Cell::Count(value) => Some(Datum::Count(*value)),
            Cell::Percent(value) => Some(Datum::Fraction(*value)),
            Cell::Hours(value) => Some(Datum::Hours(*value)),
            Cell::Figure {
                form: Form::Value,
                measure,
                ..
            } => measure_datum(measure),
            Cell::Date(date) => Some(Datum::Text(date.clone())),
            _ => None,
        };
        number.unwrap_or_else(|| Datum::Text(self.print().text))
    }

    /// Whether its number is withheld.
    pub fn is_suppressed(&self) -> bool {
        matches!(
            self,
            Cell::Suppressed(_)
                | Cell::Figure {
                    measure: Measure::Suppressed { .. },
                    ..
                }
        )
    }
}

/// A cell as plain data.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// Words.
    Text(String),
    /// A number of things.
    Count(u64),
    /// A fraction between 0 and 1.
    Fraction(f64),
    /// Hours.
    Hours(f64),
}

fn measure_datum(measure: &Measure) -> Option<Datum> {
    match measure {
        Measure::Count { value, .. } => Some(Datum::Count(*value)),
        Measure::Proportion { value, .. } => Some(Datum::Fraction(*value)),
        Measure::Rate { k, n, .. } => Some(Datum::Fraction(*k as f64 / (*n).max(1) as f64)),
        Measure::Duration { median_hours, .. } => Some(Datum::Hours(*median_hours)),
        Measure::Difference { .. }
        | Measure::Coefficient { .. }
        | Measure::Unknown { .. }
        | Measure::Suppressed { .. } => None,
    }
}

impl Table {
    /// Every line that stands beneath the table: its notes, its signs, its source.
    pub fn lines_beneath(&self) -> Vec<String> {
        let sign = self.has_suppressed().then(|| SUPPRESSED_NOTE.to_owned());
        let source = self
            .source
            .as_ref()
            .map(|source| format!("Source: {source}"));
        self.notes
            .iter()
            .cloned()
            .chain(sign)
            .chain(source)
            .collect()
    }

    /// Whether a number in it is withheld, so that the sign `c` wants explaining.
    pub fn has_suppressed(&self) -> bool {
        self.rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(Cell::is_suppressed)
    }
}

/// The words that explain the sign `c` beneath a table.
pub const SUPPRESSED_NOTE: &str = "c: a number so small that a child could be recognised, or from which such a number could be worked out.";
