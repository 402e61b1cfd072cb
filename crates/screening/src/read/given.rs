//! Verdicts as they were written, read back.

mod csv;
mod table;

use std::collections::HashMap;
use std::path::Path;

pub(crate) use table::{Bytes, Texts, VerdictTable, read_batches};

use super::error::ReadError;
use super::stamp::Clock;
use crate::block::Block;
use crate::engine::{Evidence, Finding};
use crate::event::When;
use crate::standard::Library;
use crate::verdict::Outcome;
use crate::write::{outcome_code, reason_code};

/// A verdict as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenVerdict {
    /// The reference of its case.
    pub case: String,
    /// What is said, with its evidence. Where a file has no column for it, a time that may be any
    /// is none.
    pub finding: Finding,
    /// How long before it was due the deciding event came, as the file says it.
    pub margin_seconds: Option<i64>,
}

/// What the names in a file of verdicts stand for.
#[derive(Clone, Debug)]
pub struct Names {
    standards: HashMap<String, u16>,
    activities: HashMap<String, u16>,
}

impl Names {
    /// Those of a library.
    pub fn of(library: &Library) -> Self {
        let standards = library.standards.iter().map(|one| one.id.clone());
        let activities = library.vocabulary.activities.iter();
        let activities = activities.map(|one| one.code.clone());
        Self {
            standards: standards.zip(0..).collect(),
            activities: activities.zip(0..).collect(),
        }
    }

    fn standard(&self, id: &str) -> Result<u16, String> {
        let known = self.standards.get(id).copied();
        known.ok_or_else(|| format!("the standards have no `{id}`; give those of the screening"))
    }

    fn activity(&self, code: &str) -> Result<u16, String> {
        match code {
            "" => Ok(Block::UNKNOWN),
            _ => (self.activities.get(code).copied())
                .ok_or_else(|| format!("the standards have no activity `{code}`")),
        }
    }
}

/// Gives every verdict of a file that `screen --out` wrote, a CSV or Parquet file by its name, in
/// the order of the file.
///
/// # Errors
///
/// Where the file cannot be read or holds something else, with the row and the column.
pub fn read_given(
    path: &Path,
    names: &Names,
    clock: &Clock,
    take: &mut dyn FnMut(GivenVerdict),
) -> Result<(), ReadError> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => csv::read(path, names, clock, take),
        Some("parquet") => table::read_parquet(path, names, take),
        _ => Err(ReadError::malformed(
            path,
            "its name",
            "verdicts stand in a file that ends in .csv or .parquet",
        )),
    }
}

/// A row of a file of verdicts, before its names are understood.
struct Fields<'r> {
    case: &'r str,
    standard: &'r str,
    activity: &'r str,
    activated_at: When,
    outcome: &'r str,
    why: &'r str,
    deciding_activity: &'r str,
    deciding_at: Option<When>,
    due: Option<When>,
    margin_seconds: Option<i64>,
}

impl Fields<'_> {
    /// The verdict, or the column that holds something else and what is wrong with it.
    fn understand(&self, names: &Names) -> Result<GivenVerdict, (&'static str, String)> {
        let at = |column| move |problem| (column, problem);
        let deciding = (!self.deciding_activity.is_empty() || self.deciding_at.is_some())
            .then_some(self.deciding_at.unwrap_or(When::ANY));
        let deciding = match deciding {
            None => None,
            Some(when) => Some(Evidence {
                when,
                activity: (names.activity(self.deciding_activity))
                    .map_err(at("deciding_activity"))?,
            }),
        };
        if self.case.is_empty() {
            return Err(("case", "it is empty".to_owned()));
        }
        Ok(GivenVerdict {
            case: self.case.to_owned(),
            finding: Finding {
                standard: names.standard(self.standard).map_err(at("standard"))?,
                outcome: outcome(self.outcome, self.why).map_err(at("outcome"))?,
                activating: Evidence {
                    when: self.activated_at,
                    activity: names.activity(self.activity).map_err(at("activity"))?,
                },
                deciding,
                due: self.due,
            },
            margin_seconds: self.margin_seconds,
        })
    }
}

fn outcome(code: &str, why: &str) -> Result<Outcome, String> {
    let is = |one: &Outcome| outcome_code(*one) == code && reason_code(*one) == why;
    (Outcome::ALL.iter().copied().find(is))
        .ok_or_else(|| format!("`{code}` with why `{why}` is no outcome"))
}
