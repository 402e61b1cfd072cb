//! A typed id for each kind of thing: twelve characters that can be read aloud.
//!
//! Ids are drawn at random from the app's generator, so that an address tells nobody how
//! many cases there are or which came first.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Crockford's base 32 in lower case: no `i`, `l`, `o` or `u`, so nothing is misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 12;

/// Twelve characters, 60 bits, from 64 random bits.
pub fn from_random(bits: u64) -> String {
    (0..LENGTH)
        .map(|n| char::from(ALPHABET[(bits >> (5 * n)) as usize & 31]))
        .collect()
}

fn is_well_formed(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// A text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is {LENGTH} characters of 0-9 and a-z without i, l, o and u")]
pub struct NotAnId;

macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new id from 64 random bits.
            pub fn from_random(bits: u64) -> Self {
                Self(from_random(bits))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if is_well_formed(text) { Ok(Self(text.to_owned())) } else { Err(NotAnId) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )+};
}

id_type! {
    /// A person who signs in.
    UserId,
    /// A police force.
    ForceId,
    /// One programme applied to one force in one round.
    InspectionId,
    /// The rounds that belong together: an inspection and all its follow-ups.
    SeriesId,
    /// One import of a force's case list.
    CaseListId,
    /// One check of every case against the handling standards.
    ScreeningId,
    /// One draw from a case list.
    SampleId,
    /// One reader's audit of one case.
    AuditId,
    /// A criterion not met in a case.
    FailingId,
    /// A case sent straight back.
    ReferralId,
    /// What the inspectorate concludes.
    FindingId,
    /// What the inspectorate asks for.
    RecommendationId,
    /// What the force undertakes.
    ActionId,
    /// A file the force shows.
    EvidenceId,
    /// A composed document and where it stands.
    ReportId,
    /// The force's comment on a passage of a draft.
    CommentId,
    /// Work done in the background.
    JobId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_itself() {
        let id = CaseListId::from_random(0x0123_4567_89ab_cdef);
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_eq!(id.as_str().len(), LENGTH);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "short", "0123456789abc", "0123456789aI", "../../etc/pw"] {
            assert_eq!(text.parse::<UserId>(), Err(NotAnId), "{text}");
        }
    }
}
