//! The check of the whole journal, from the database.

use super::store;
use crate::error::Result;
use sqlx::AnyConnection;
use std::fmt;
use std::ops::ControlFlow;
use throughline_journal::{Checkpoint, Entry, Fault, Frontier, Hash, Verified, Verifier};

/// How many altered entries are named; the others are counted.
const NAMED_MAX: usize = 20;

/// A journal that verifies: every entry is there, unaltered and in order.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its size and root.
    pub verified: Verified,
    /// The time of the last entry; nothing in an empty journal.
    pub until: Option<String>,
}

/// A journal that does not verify, and where.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// The entries that were altered, without reason and change.
    altered: Vec<Entry>,
    altered_count: u64,
    /// The last entry that was read.
    last: Option<Entry>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the journal does not verify: {}", self.fault)?;
        for entry in &self.altered {
            write!(f, "\n  altered: {}", described(entry))?;
        }
        let unnamed = self.altered_count - self.altered.len() as u64;
        if unnamed > 0 {
            write!(f, "\n  and {unnamed} more")?;
        }
        if let Some(last) = self.last.as_ref().filter(|_| self.altered.is_empty()) {
            write!(f, "\n  the last that was read: {}", described(last))?;
        }
        Ok(())
    }
}

fn described(entry: &Entry) -> String {
    format!(
        "entry {}, {}, {}, {}",
        entry.seq, entry.at, entry.action, entry.subject
    )
}

/// Checks every entry, the order, the head, and that each earlier checkpoint's journal is how
/// this one begins. The connection should see one moment of the database.
///
/// # Errors
/// When the database does not answer. That the journal does not verify is a [`Finding`].
pub async fn verify(
    connection: &mut AnyConnection,
    checkpoints: &[Checkpoint],
) -> Result<Result<Held, Box<Finding>>> {
    let head = store::read_head(connection).await?;
    let mut check = Check::new(checkpoints);
    let mut at_the_end = true;
    store::for_each_entry(connection, |entry, leaf| {
        let pushed = check.push(entry, leaf);
        at_the_end = pushed.is_continue();
        Ok(pushed)
    })
    .await?;
    if at_the_end {
        check.expect_rows(store::count(connection).await?);
    }
    Ok(check.end(&head))
}

struct Check {
    verifier: Verifier,
    altered: Vec<Entry>,
    altered_count: u64,
    last: Option<Entry>,
    rows: u64,
    unnumbered: bool,
}

impl Check {
    fn new(checkpoints: &[Checkpoint]) -> Self {
        let verifier = checkpoints
            .iter()
            .fold(Verifier::new(), Verifier::expecting);
        Check {
            verifier,
            altered: Vec::new(),
            altered_count: 0,
            last: None,
            rows: 0,
            unnumbered: false,
        }
    }

    /// Goes on after an altered entry, to find them all; stops at every other fault.
    fn push(&mut self, entry: Entry, leaf: &Hash) -> ControlFlow<()> {
        self.rows += 1;
        let pushed = self.verifier.push(&entry, leaf);
        let altered = matches!(pushed, Err(Fault::Altered { .. }));
        if altered {
            self.altered_count += 1;
            if self.altered.len() < NAMED_MAX {
                self.altered.push(entry.clone());
            }
        }
        self.last = Some(entry);
        if pushed.is_ok() || altered {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }

    /// A row without a number is in no order, so only the count shows it.
    fn expect_rows(&mut self, count: i64) {
        self.unnumbered = u64::try_from(count) != Ok(self.rows);
    }

    fn end(self, head: &Frontier) -> Result<Held, Box<Finding>> {
        let unnumbered = Fault::OutOfOrder {
            seq: 0,
            expected: self.rows + 1,
        };
        let fault = match self.verifier.finish(head.size(), &head.root()) {
            Ok(_) if self.unnumbered => unnumbered,
            Ok(verified) => {
                return Ok(Held {
                    verified,
                    until: self.last.map(|entry| entry.at),
                });
            }
            Err(fault) => fault,
        };
        Err(Box::new(Finding {
            fault,
            altered: self.altered,
            altered_count: self.altered_count,
            last: self.last,
        }))
    }
}
