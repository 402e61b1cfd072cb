//! Verdicts from CSV.

use std::path::Path;

use super::{Fields, GivenVerdict, Names};
use crate::event::When;
use crate::read::error::ReadError;
use crate::read::file::open_text;
use crate::read::stamp::Clock;

/// The columns, in the order of [`Row`]'s fields.
const COLUMNS: [&str; 10] = [
    "case",
    "standard",
    "activated_at",
    "activity",
    "outcome",
    "why",
    "deciding_activity",
    "deciding_at",
    "due",
    "margin_seconds",
];

pub(super) fn read(
    path: &Path,
    names: &Names,
    clock: &Clock,
    take: &mut dyn FnMut(GivenVerdict),
) -> Result<(), ReadError> {
    let mut reader = csv::Reader::from_reader(open_text(path, None)?);
    let broken = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        ReadError::malformed(path, format!("line {line}"), error)
    };
    let header = reader.headers().map_err(broken)?.clone();
    let place = |name: &'static str| {
        let place = header.iter().position(|column| column == name);
        place.ok_or_else(|| {
            let found: Vec<&str> = header.iter().collect();
            let found = found.join(", ");
            ReadError::malformed(
                path,
                "its header",
                format!("there is no column `{name}` among {found}"),
            )
        })
    };
    let mut places = [0; COLUMNS.len()];
    for (to, name) in places.iter_mut().zip(COLUMNS) {
        *to = place(name)?;
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(broken)? {
        let fields = places.map(|place| record.get(place).unwrap_or(""));
        let verdict = understand(fields, names, clock).map_err(|(column, problem)| {
            let line = record.position().map_or(0, csv::Position::line);
            ReadError::malformed(path, format!("line {line}, column `{column}`"), problem)
        })?;
        take(verdict);
    }
    Ok(())
}

fn understand(
    fields: [&str; COLUMNS.len()],
    names: &Names,
    clock: &Clock,
) -> Result<GivenVerdict, (&'static str, String)> {
    let [
        case,
        standard,
        activated_at,
        activity,
        outcome,
        why,
        deciding_activity,
        deciding_at,
        due,
        margin,
    ] = fields;
    let time = |column: &'static str, text: &str| -> Result<Option<When>, (&'static str, String)> {
        match text {
            "" => Ok(None),
            _ => (clock.read_written(text).map(Some))
                .ok_or_else(|| (column, format!("`{text}` is no time"))),
        }
    };
    let margin_seconds = match margin {
        "" => None,
        _ => Some(margin.parse().map_err(|_| {
            let problem = format!("`{margin}` is no whole number of seconds");
            ("margin_seconds", problem)
        })?),
    };
    let activated_at = time("activated_at", activated_at)?
        .ok_or_else(|| ("activated_at", "it is empty".to_owned()))?;
    let fields = Fields {
        case,
        standard,
        activity,
        activated_at,
        outcome,
        why,
        deciding_activity,
        deciding_at: time("deciding_at", deciding_at)?,
        due: time("due", due)?,
        margin_seconds,
    };
    fields.understand(names)
}
