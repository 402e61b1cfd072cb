//! Events from delimited texts.

use std::path::Path;

use super::chunk::Chunk;
use super::error::ReadError;
use super::fault::Origin;
use super::row::{Row, Rows};
use super::setting::Setting;
use super::text::{Part, Texts};

/// Which field of a row holds what.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    delimiter: u8,
    width: usize,
    case: usize,
    time: usize,
    activity: usize,
    date_only: Option<usize>,
    recorded_at: Option<usize>,
    /// For each attribute of the vocabulary; a place beyond the last where there is none.
    attributes: Vec<usize>,
}

impl Layout {
    pub fn of(texts: &Texts, setting: &Setting, path: &Path) -> Result<Self, ReadError> {
        let (header, columns) = (&texts.header, &setting.columns);
        let find = |name: &str| header.iter().position(|column| column == name);
        let need = |name: &'static str, column: &str| {
            find(column).ok_or_else(|| missing(path, name, column, header))
        };
        Ok(Self {
            delimiter: texts.delimiter,
            width: header.len(),
            case: need("case_reference", &columns.case)?,
            time: need("event_time", &columns.time)?,
            activity: need("activity", &columns.activity)?,
            date_only: find(&columns.date_only),
            recorded_at: match setting.known_before {
                Some(_) => Some(need("recorded_at", &columns.recorded_at)?),
                None => find(&columns.recorded_at),
            },
            attributes: columns
                .attributes
                .iter()
                .map(|column| find(column).unwrap_or(usize::MAX))
                .collect(),
        })
    }

    /// The places of the columns that nothing is read from.
    pub fn unused(&self) -> impl Iterator<Item = usize> + '_ {
        let spine = [self.case, self.time, self.activity];
        let optional = [self.date_only, self.recorded_at];
        (0..self.width).filter(move |place| {
            !spine.contains(place)
                && !optional.contains(&Some(*place))
                && !self.attributes.contains(place)
        })
    }

    /// Adds the rows of a part to a chunk.
    pub fn read(&self, part: &Part, file: u32, rows: &mut Rows, chunk: &mut Chunk) {
        part.for_each(self.delimiter, &mut |record| {
            let field = |place: Option<usize>| place.map_or(&b""[..], |place| record.field(place));
            let row = Row {
                origin: Origin::new(file, record.line),
                case: record.field(self.case),
                time: record.field(self.time),
                date_only: is_yes(field(self.date_only)),
                recorded_at: field(self.recorded_at),
                activity: record.field(self.activity),
                misshapen: record.len() != self.width,
            };
            rows.push(chunk, &row, |attribute| {
                record.field(self.attributes[attribute])
            });
        });
    }
}

/// Whether a text says yes.
pub(super) fn is_yes(text: &[u8]) -> bool {
    ["true", "yes", "1"]
        .iter()
        .any(|yes| text.eq_ignore_ascii_case(yes.as_bytes()))
}

/// The error of a missing column.
pub(super) fn missing(
    path: &Path,
    name: &'static str,
    column: &str,
    header: &[String],
) -> ReadError {
    ReadError::MissingColumn {
        path: path.to_owned(),
        name,
        column: column.to_owned(),
        found: header.join(", "),
    }
}
