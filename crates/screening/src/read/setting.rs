//! How a log is read.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::case_list::CaseList;
use super::coding::{Coding, Wants, key_hash};
use super::column::Columns;
use super::stamp::Clock;
use crate::vocabulary::Vocabulary;

/// How far the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many more bytes of the files are read.
    Bytes(u64),
    /// The cases are not in order: the files are read again from the beginning, to be sorted.
    Sorting,
}

/// How a log is read: what is looked for, in which columns, by which clock.
pub struct Setting<'a> {
    pub(super) coding: &'a dyn Coding,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) wants: Wants,
    pub(super) clock: Clock,
    pub(super) columns: Columns,
    pub(crate) known_before: Option<i64>,
    pub(super) taken_at: Option<i64>,
    pub(super) bytes_max: u64,
    pub(super) cases: Option<&'a CaseList>,
    pub(super) shard: Option<(u64, u64)>,
    pub(super) threads: usize,
    pub(super) memory: usize,
    pub(super) spill: PathBuf,
    pub(super) progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
    pub(super) stop: Option<&'a AtomicBool>,
}

impl<'a> Setting<'a> {
    /// The usual columns, one thread, 512 MB for sorting, everything known.
    pub fn new(coding: &'a dyn Coding, vocabulary: &'a Vocabulary, clock: Clock) -> Self {
        Self {
            coding,
            vocabulary,
            wants: Wants::of(coding, vocabulary),
            columns: Columns::of(vocabulary),
            clock,
            known_before: None,
            taken_at: None,
            bytes_max: u64::MAX,
            cases: None,
            shard: None,
            threads: 1,
            memory: 512 << 20,
            spill: tempfile::env::temp_dir(),
            progress: None,
            stop: None,
        }
    }

    /// The clock by which times are read.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The case list.
    pub fn listed_cases(&self) -> Option<&'a CaseList> {
        self.cases
    }

    /// How many threads there are.
    pub fn thread_count(&self) -> usize {
        self.threads
    }

    /// With columns of these names.
    #[must_use]
    pub fn columns(mut self, columns: Columns) -> Self {
        self.columns = columns;
        self
    }

    /// Leaving out what was recorded at or after an instant, in microseconds since 1970.
    #[must_use]
    pub fn known_before(mut self, instant: i64) -> Self {
        self.known_before = Some(instant);
        self
    }

    /// Keeping when each event was recorded.
    #[must_use]
    pub fn keep_recorded(mut self) -> Self {
        self.wants.recorded = true;
        self
    }

    /// Taken at an instant, in microseconds since 1970: no time of it can lie after that.
    #[must_use]
    pub fn taken_at(mut self, instant: i64) -> Self {
        self.taken_at = Some(instant);
        self
    }

    /// Refusing a file of more bytes, counted when it is expanded. One that must be held in memory
    /// whole (OCEL) may have a quarter of them.
    #[must_use]
    pub fn at_most(mut self, bytes: u64) -> Self {
        self.bytes_max = bytes;
        self
    }

    /// With a case list, which says when each case was opened.
    #[must_use]
    pub fn cases(mut self, cases: &'a CaseList) -> Self {
        self.cases = Some(cases);
        self
    }

    /// Only the `number`-th of `count` parts of the cases, from 1; the parts are told apart by the
    /// hash of the reference.
    #[must_use]
    pub fn shard(mut self, number: u64, count: u64) -> Self {
        self.shard = Some((number, count));
        self
    }

    /// On this many threads, at least one.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Holding about so many bytes of events at most while sorting; more goes to disk.
    #[must_use]
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Putting aside what exceeds the memory in this folder.
    #[must_use]
    pub fn spill_to(mut self, folder: PathBuf) -> Self {
        self.spill = folder;
        self
    }

    /// Telling a function how far it is.
    #[must_use]
    pub fn progress(mut self, progress: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Stopping, with an error, soon after this is set.
    #[must_use]
    pub fn stop(mut self, stop: &'a AtomicBool) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Whether a case belongs to the part that is read.
    pub(super) fn wants_case(&self, reference: &str) -> bool {
        self.shard.is_none_or(|(number, count)| {
            let part = key_hash(reference.as_bytes()) % u128::from(count.max(1));
            part + 1 == u128::from(number)
        })
    }

    /// Whether an instant lies after the moment at which the log was taken.
    #[inline]
    pub(super) fn is_ahead(&self, instant: i64) -> bool {
        self.taken_at.is_some_and(|taken| instant > taken)
    }

    pub(super) fn tell(&self, progress: Progress) {
        if let Some(told) = &self.progress {
            told(progress);
        }
    }
}
