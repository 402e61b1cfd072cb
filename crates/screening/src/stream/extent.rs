//! Of what a part of a log knows.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Of what a part of a log knows. Parts of one whole know what was recorded up to one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// The instant before which all of it was recorded, in microseconds since 1970; none where
    /// everything was read, whenever it was recorded.
    pub known_before: Option<i64>,
    /// The last instant of which it knows, in microseconds since 1970; none if of none.
    pub known_to: Option<i64>,
    /// The codes of what occurs.
    pub activities: BTreeSet<String>,
}

/// That parts know what was recorded up to different instants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it holds {}, but what came before it holds {}; screen all parts with one --known-at, or none",
    told(.theirs),
    told(.ours)
)]
pub struct OtherKnowledge {
    ours: Option<i64>,
    theirs: Option<i64>,
}

fn told(known_before: &Option<i64>) -> String {
    match known_before.map(Timestamp::from_microsecond) {
        None => "all that was recorded".to_owned(),
        Some(Ok(instant)) => format!("what was recorded before {instant}"),
        Some(Err(_)) => "what was recorded before an impossible time".to_owned(),
    }
}

impl Extent {
    /// Adds another part of the same whole.
    ///
    /// # Errors
    ///
    /// Where it knows what was recorded up to another instant.
    pub fn unite(&mut self, other: Extent) -> Result<(), OtherKnowledge> {
        if self.known_before != other.known_before {
            return Err(OtherKnowledge {
                ours: self.known_before,
                theirs: other.known_before,
            });
        }
        self.known_to = self.known_to.max(other.known_to);
        self.activities.extend(other.activities);
        Ok(())
    }
}
