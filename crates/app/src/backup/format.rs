//! The form of a backup: lines of JSON, compressed with Zstandard.
//!
//! First the header, then each table with its columns and a line for each row, a table after
//! those that it refers to, and at the end how many rows there were and the SHA-256 of
//! everything before. Real numbers stand as texts, so that each comes back bit for bit.
//!
//! ```text
//! {"header":{"format":1,"taken_at":"2026-02-02T09:00:00Z","schema":[[1,"ab…"]]}}
//! {"table":{"name":"force","columns":[{"name":"id","kind":"text"}]}}
//! ["4k9xw2m8q0ab"]
//! {"end":{"rows":{"force":1},"sha256":"cd…"}}
//! ```

use crate::store::schema::{Column, Kind};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The version of this form.
pub const FORMAT: u32 = 1;

/// A line that is not a row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Line {
    /// The first.
    Header(Header),
    /// The rows of this table follow.
    Table(TableLine),
    /// The last.
    End(End),
}

/// What the backup is of.
#[derive(Debug, Serialize, Deserialize)]
pub struct Header {
    /// The version of the form.
    pub format: u32,
    /// When it was taken, RFC 3339.
    pub taken_at: String,
    /// The migrations of the database: number and checksum.
    pub schema: Vec<(i64, String)>,
}

/// A table and its columns.
#[derive(Debug, Serialize, Deserialize)]
pub struct TableLine {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the values in its rows.
    pub columns: Vec<Column>,
}

/// What everything before must amount to.
#[derive(Debug, Serialize, Deserialize)]
pub struct End {
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
    /// Of every byte before this line.
    pub sha256: String,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Of a text column.
    Text(Option<String>),
    /// Of a column of whole numbers.
    Whole(Option<i64>),
    /// Of a column of real numbers.
    Real(Option<f64>),
}

impl Cell {
    /// The value as a column of that kind holds it; nothing when it cannot.
    pub fn read(kind: Kind, value: Value) -> Option<Self> {
        Some(match (kind, value) {
            (Kind::Text, Value::Null) => Cell::Text(None),
            (Kind::Text, Value::String(text)) => Cell::Text(Some(text)),
            (Kind::Whole, Value::Null) => Cell::Whole(None),
            (Kind::Whole, Value::Number(number)) => Cell::Whole(Some(number.as_i64()?)),
            (Kind::Real, Value::Null) => Cell::Real(None),
            (Kind::Real, Value::String(text)) => Cell::Real(Some(text.parse().ok()?)),
            _ => return None,
        })
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Text(text) => text.serialize(serializer),
            Cell::Whole(number) => number.serialize(serializer),
            // The shortest text that reads back as the same number.
            Cell::Real(number) => number
                .map(|number| format!("{number:?}"))
                .serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn real_number_comes_back_bit_for_bit(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(!number.is_nan());
            let value = serde_json::to_value(Cell::Real(Some(number))).expect("a value");
            let Some(Cell::Real(Some(read))) = Cell::read(Kind::Real, value) else {
                panic!("it does not read back");
            };
            prop_assert_eq!(read.to_bits(), bits);
        }

        #[test]
        fn text_comes_back_as_it_was(text: String) {
            let cell = Cell::Text(Some(text));
            let line = serde_json::to_string(&cell).expect("a line");
            prop_assert!(!line.contains('\n'));
            let value = serde_json::from_str(&line).expect("a value");
            prop_assert_eq!(Cell::read(Kind::Text, value), Some(cell));
        }
    }

    #[test]
    fn value_of_another_kind_is_refused() {
        assert_eq!(Cell::read(Kind::Whole, Value::String("1".into())), None);
        assert_eq!(Cell::read(Kind::Whole, serde_json::json!(1.5)), None);
        assert_eq!(Cell::read(Kind::Text, serde_json::json!(1)), None);
    }
}
