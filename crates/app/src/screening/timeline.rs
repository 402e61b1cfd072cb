//! The timeline of a case, as it is kept.

mod change;
mod reading;
mod wording;

pub use change::Change;
pub use reading::{Contents, Order, read};

use crate::error::{Error, Result};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use throughline_domain::calendar::LONDON;
use throughline_screening::event::{Event, Happening, When};
use throughline_screening::read::Clock;
use throughline_screening::vocabulary::Vocabulary;

/// Bytes that a file of events may have as it is handed over.
pub const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KeptEvent {
    /// The code of what happened; empty where the row is faulty and does not say.
    #[serde(rename = "a")]
    pub activity: String,
    /// When: an instant, a day, two instants with a stroke between, or `any` where the row is
    /// faulty and does not say.
    #[serde(rename = "t")]
    pub time: String,
    /// The last moment at which it may have been entered, where that is known.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
    /// What was recorded with it, by column.
    #[serde(rename = "v", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// The timeline of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The case.
    pub reference: String,
    /// Its events, in order.
    pub events: Vec<KeptEvent>,
}

/// When something happened, where that is surely known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// On that day; the time is not known.
    Day(Date),
    /// At that instant.
    Instant(Timestamp),
}

/// How times are read and written.
static CLOCK: LazyLock<Clock> =
    LazyLock::new(|| Clock::new(LONDON).expect("the program knows London's clock"));

/// How times are read and written.
pub fn clock() -> &'static Clock {
    &CLOCK
}

impl std::str::FromStr for Moment {
    type Err = jiff::Error;

    /// A day, or an instant with its offset.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        if text.len() == "2025-01-31".len() {
            return text.parse().map(Moment::Day);
        }
        text.parse().map(Moment::Instant)
    }
}

/// The events of a case as they were kept.
///
/// # Errors
/// When what is stored is damaged.
pub fn parse(text: &str) -> Result<Vec<KeptEvent>> {
    serde_json::from_str(text).map_err(|fault| Error::Internal(fault.to_string()))
}

/// The events as the engine takes them: all, or those that had been recorded before an instant, in
/// microseconds since 1970. One of which nobody knows when it was recorded may then have been at
/// any time. Ignored ones are left out.
///
/// # Errors
/// When what is stored is damaged.
pub fn as_events(
    kept: &[KeptEvent],
    vocabulary: &Vocabulary,
    known_before: Option<i64>,
) -> Result<Vec<Event>> {
    let is_later = |event: &&KeptEvent| match (known_before, event.recorded_at) {
        (Some(before), Some(recorded)) => recorded.as_microsecond() >= before,
        _ => false,
    };
    kept.iter()
        .filter(|event| !vocabulary.ignored.contains(&event.activity) && !is_later(event))
        .map(|event| as_event(event, vocabulary, known_before))
        .collect()
}

fn as_event(
    event: &KeptEvent,
    vocabulary: &Vocabulary,
    known_before: Option<i64>,
) -> Result<Event> {
    let written = clock().read_written(&event.time);
    let when = written.ok_or_else(|| Error::Internal("a stored time is damaged".into()))?;
    let unsure = known_before.is_some() && event.recorded_at.is_none();
    Ok(Event {
        happening: vocabulary
            .find_activity(&event.activity)
            .map_or(Happening::Unknown, Happening::Known),
        when: if unsure { When::ANY } else { when },
        recorded_at: event.recorded_at.map(Timestamp::as_microsecond),
        values: vocabulary
            .attributes
            .iter()
            .map(|attribute| event.values.get(&attribute.column).cloned())
            .collect(),
    })
}

#[cfg(test)]
mod tests;
