//! Limits, counted once for each day.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::calendar::{Calendar, elapsed};
use crate::standard::Limit;

/// The place of a limit in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct LimitId(pub(in crate::engine) u16);

/// That a deadline cannot be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct NoCalendar;

/// Not counted yet.
const BLANK: i64 = 0;
/// Cannot be counted.
const FAULT: i64 = i64::MIN;

/// A limit, with the deadlines that were counted so far: those in days hang on the day alone.
#[derive(Debug)]
pub(in crate::engine) struct LimitTable {
    pub(in crate::engine) limit: Limit,
    /// Its length in microseconds, in elapsed time.
    pub(in crate::engine) length: Option<i64>,
    ends: Vec<AtomicI64>,
    starts: Vec<AtomicI64>,
}

impl LimitTable {
    pub(super) fn new(limit: Limit, calendar: &Calendar) -> Self {
        let length = elapsed(limit);
        let days = if length.is_some() { 0 } else { calendar.days() };
        let blank = || (0..days).map(|_| AtomicI64::new(BLANK)).collect();
        Self {
            limit,
            length,
            ends: blank(),
            starts: blank(),
        }
    }

    /// The last instant within the limit from this one.
    pub(in crate::engine) fn deadline(
        &self,
        from: i64,
        calendar: &Calendar,
    ) -> Result<i64, NoCalendar> {
        match self.length {
            Some(length) => from.checked_add(length).ok_or(NoCalendar),
            None => remember(&self.ends, from, calendar, || {
                calendar.deadline(from, self.limit).ok()
            }),
        }
    }

    /// The first instant within the limit before this one.
    pub(in crate::engine) fn back(
        &self,
        from: i64,
        calendar: &Calendar,
    ) -> Result<i64, NoCalendar> {
        match self.length {
            Some(length) => from.checked_sub(length).ok_or(NoCalendar),
            None => remember(&self.starts, from, calendar, || {
                calendar.back(from, self.limit).ok()
            }),
        }
    }
}

fn remember(
    table: &[AtomicI64],
    from: i64,
    calendar: &Calendar,
    count: impl FnOnce() -> Option<i64>,
) -> Result<i64, NoCalendar> {
    let place = calendar.place(from).map_err(|_| NoCalendar)?;
    let entry = table.get(place).ok_or(NoCalendar)?;
    match entry.load(Ordering::Relaxed) {
        BLANK => {
            let counted = count();
            entry.store(counted.unwrap_or(FAULT), Ordering::Relaxed);
            counted.ok_or(NoCalendar)
        }
        FAULT => Err(NoCalendar),
        counted => Ok(counted),
    }
}
