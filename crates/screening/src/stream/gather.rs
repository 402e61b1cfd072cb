//! The streams of many parts, put together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use serde::de::DeserializeOwned;

use super::{EndSummary, PartSummary};
use crate::engine::{Finding, Plan, Shard, Sink};
use crate::read::{Bytes, Names, ReadError, Texts, VerdictTable, read_batches};
use crate::standard::Library;
use crate::write::{END, PART, Spool, VERDICT};

/// Streams while they are put together.
pub struct Gathering<'p> {
    plan: &'p Plan,
    names: Names,
    folder: PathBuf,
    shard: Option<Shard>,
    spools: Vec<Spool>,
    digests: BTreeSet<String>,
    ends: Option<EndSummary>,
    /// How many rows there were of what the ends say there are.
    parts: u64,
    verdicts: u64,
}

/// Streams that were put together.
pub struct Gathered {
    /// What was counted and put aside; none if no stream had a case.
    pub shard: Option<Shard>,
    /// The findings on single cases, a spool to a stream.
    pub spools: Vec<Spool>,
    /// What was read, in all; none if there was no stream.
    pub ends: Option<EndSummary>,
    /// Whether the verdicts on single cases were left out of the streams.
    pub without_verdicts: bool,
}

impl<'p> Gathering<'p> {
    /// Nothing so far. Findings are put aside in a folder.
    pub fn new(plan: &'p Plan, library: &Library, folder: &Path) -> Self {
        Self {
            plan,
            names: Names::of(library),
            folder: folder.to_owned(),
            shard: None,
            spools: Vec::new(),
            digests: BTreeSet::new(),
            ends: None,
            parts: 0,
            verdicts: 0,
        }
    }

    /// Adds a file that holds what [`screen_stream`](super::screen_stream) wrote, or rows of kind
    /// `part` and `end` of many such streams. Its verdicts stand in the order of their cases.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, is of other standards or another day, knows what was recorded up to
    /// another instant than those before, or holds a part again.
    pub fn add(&mut self, path: &Path) -> Result<(), ReadError> {
        let mut case = Case::new(Spool::new(&self.folder, true)?);
        read_batches(path, &mut |batch, first_row| {
            self.take(batch, path, first_row, &mut case)
        })?;
        self.spools.push(case.finish()?);
        Ok(())
    }

    fn take(
        &mut self,
        batch: &RecordBatch,
        path: &Path,
        first_row: u64,
        case: &mut Case,
    ) -> Result<(), ReadError> {
        let table = VerdictTable::of(batch, path, first_row)?;
        let kinds = Texts::of(batch, "kind", path)?;
        let parts = Bytes::of(batch, "part", path)?;
        let summaries = Texts::of(batch, "summary", path)?;
        for row in 0..batch.num_rows() {
            let at = |column: &str| {
                let row = first_row + row as u64;
                let place = format!("row {row}, column `{column}`");
                move |problem: String| ReadError::malformed(path, place, problem)
            };
            match kinds.at(row) {
                VERDICT => {
                    let given = table.verdict(row, &self.names)?;
                    self.verdicts += 1;
                    case.take(&given.case, given.finding)
                        .map_err(|problem| match problem {
                            Trouble::Order => at("case")(OUT_OF_ORDER.to_owned()),
                            Trouble::Spool(error) => error,
                        })?;
                }
                PART => {
                    let summary = understand(summaries.at(row)).map_err(at("summary"))?;
                    self.part(parts.at(row), summary).map_err(at("part"))?;
                }
                END => {
                    let summary = understand(summaries.at(row)).map_err(at("summary"))?;
                    self.end(summary).map_err(at("summary"))?;
                }
                other => return Err(at("kind")(format!("`{other}` is no kind of row"))),
            }
        }
        Ok(())
    }

    fn part(&mut self, mut bytes: &[u8], summary: PartSummary) -> Result<(), String> {
        let shard = Shard::read(self.plan, &mut bytes).map_err(|error| error.to_string())?;
        if !self.digests.insert(summary.digest) {
            return Err("this part, with the same cases, was given before".to_owned());
        }
        self.parts += 1;
        match &mut self.shard {
            None => self.shard = Some(shard),
            Some(whole) => whole.merge(shard).map_err(|error| error.to_string())?,
        }
        Ok(())
    }

    fn end(&mut self, end: EndSummary) -> Result<(), String> {
        (self.plan.check(&end.plan)).map_err(|error| error.to_string())?;
        match &mut self.ends {
            None => self.ends = Some(end),
            Some(all) => all.add(end).map_err(|error| error.to_string())?,
        }
        Ok(())
    }

    /// All that was given, if it is whole.
    ///
    /// # Errors
    ///
    /// What is wanting of what the ends of the streams say there is. Verdicts may be left out
    /// altogether, but not some.
    pub fn finish(self) -> Result<Gathered, String> {
        let told = self.ends.as_ref();
        let (parts, verdicts) = told.map_or((0, 0), |ends| (ends.parts, ends.verdicts));
        if self.parts != parts {
            return Err(format!(
                "the streams say that they have {parts} parts, but {} were given; give every row \
                 of kind `part` and `end`",
                self.parts
            ));
        }
        let without_verdicts = self.verdicts == 0 && verdicts > 0;
        if self.verdicts != verdicts && !without_verdicts {
            return Err(format!(
                "the streams say that they have {verdicts} verdicts, but {} were given; give all \
                 or none",
                self.verdicts
            ));
        }
        Ok(Gathered {
            shard: self.shard,
            spools: self.spools,
            ends: self.ends,
            without_verdicts,
        })
    }
}

const OUT_OF_ORDER: &str =
    "the verdicts do not stand in the order of their cases; give each stream in a file of its own";

fn understand<T: DeserializeOwned>(summary: &str) -> Result<T, String> {
    serde_json::from_str(summary).map_err(|error| error.to_string())
}

/// The findings of the case that is being read, and of those before it.
struct Case {
    spool: Spool,
    reference: String,
    findings: Vec<Finding>,
}

enum Trouble {
    Order,
    Spool(ReadError),
}

impl Case {
    fn new(spool: Spool) -> Self {
        Self {
            spool,
            reference: String::new(),
            findings: Vec::new(),
        }
    }

    fn take(&mut self, reference: &str, finding: Finding) -> Result<(), Trouble> {
        if reference < self.reference.as_str() {
            return Err(Trouble::Order);
        }
        if reference > self.reference.as_str() {
            self.end().map_err(Trouble::Spool)?;
            reference.clone_into(&mut self.reference);
        }
        self.findings.push(finding);
        Ok(())
    }

    fn end(&mut self) -> Result<(), ReadError> {
        if !self.findings.is_empty() {
            self.spool.case(&self.reference, &self.findings)?;
            self.findings.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Spool, ReadError> {
        self.end()?;
        Ok(self.spool)
    }
}
