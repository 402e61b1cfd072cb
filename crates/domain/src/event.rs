//! What happened, in the words of the journal.

use serde::Serialize;

/// Something that happened to one thing. Steps return it; an operation cannot commit
/// without it, so that the journal is complete by construction.
///
/// Events are past participles: `CaseReferred`, `ResponseReceived`.
pub trait Event: Serialize {
    /// What happened, as the journal says it: `case referred`.
    const NAME: &'static str;

    /// What it happened to: a kind and an id, such as `referral/4k9xw2m8q0ab`.
    fn subject(&self) -> String;

    /// Why, where a reason was asked for.
    fn reason(&self) -> Option<&str> {
        None
    }
}
