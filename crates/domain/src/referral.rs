//! A case sent straight back, because a child may still be at risk.
//!
//! From the moment it is raised three clocks run: until the force acknowledges it, until it
//! takes a first step to protect the child, and until it answers in full. The inspectorate
//! accepts the answer, or refuses it and says why; then it goes round again under a fresh
//! answer clock. Being escalated is no state: an escalated referral still waits for the
//! same thing, only more people are told.

mod clock;
mod event;
mod round;
mod step;
#[cfg(test)]
mod tests;

pub use clock::{Clock, ClockName, ClockState, span_in_words};
pub use event::{
    Answer, AnswerAction, CaseReferred, Found, FurtherRisk, Outcome, ProtectiveStepRecorded,
    ReferralAcknowledged, ReferralChased, ReferralEscalated, ReferralWithdrawn, ResponseAccepted,
    ResponseReceived, ResponseRefused, Said, Spoken,
};
pub use round::{Due, Told, due_escalations, limit};
pub use step::{NewReferral, Step, WITHDRAW_MINUTES, raise};

use crate::id::{InspectionId, ReferralId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Where a referral stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Served on the force, which has not confirmed that it has it.
    Raised,
    /// The force has it, and owes its answer.
    Acknowledged,
    /// Answered; the inspectorate decides.
    Answered,
    /// The answer was refused, and the force owes another.
    Refused,
    /// The answer was accepted: closed.
    Accepted,
    /// Raised by mistake and withdrawn before the force acknowledged it.
    Withdrawn,
}

impl State {
    /// Every state, in the order of the work.
    pub const ALL: [State; 6] = [
        State::Raised,
        State::Acknowledged,
        State::Answered,
        State::Refused,
        State::Accepted,
        State::Withdrawn,
    ];

    /// The code stored with a referral.
    pub fn code(self) -> &'static str {
        match self {
            State::Raised => "raised",
            State::Acknowledged => "acknowledged",
            State::Answered => "answered",
            State::Refused => "refused",
            State::Accepted => "accepted",
            State::Withdrawn => "withdrawn",
        }
    }

    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            State::Raised => "Not yet acknowledged",
            State::Acknowledged => "Waiting for the force’s answer",
            State::Answered => "Waiting for the inspectorate’s decision",
            State::Refused => "Answer refused, waiting for another",
            State::Accepted => "Answer accepted",
            State::Withdrawn => "Withdrawn",
        }
    }

    /// Whether anything is still owed.
    pub fn is_open(self) -> bool {
        match self {
            State::Raised | State::Acknowledged | State::Answered | State::Refused => true,
            State::Accepted | State::Withdrawn => false,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for State {
    type Err = String;
    fn from_str(code: &str) -> Result<Self, String> {
        State::ALL
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or_else(|| format!("no state of a referral is called {code:?}"))
    }
}

/// A referral as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// Which.
    pub id: ReferralId,
    /// The inspection it belongs to.
    pub inspection: InspectionId,
    /// Where it stands.
    pub state: State,
    /// When it was raised, and so served on the force.
    pub raised_at: Timestamp,
    /// The last moment at which an acknowledgement is in time.
    pub acknowledge_by: Timestamp,
    /// The last moment at which a first protective step is in time.
    pub protect_by: Timestamp,
    /// From when the answer clock runs: raising, or the last refusal.
    pub answer_from: Timestamp,
    /// The last moment at which the answer now owed is in time.
    pub answer_by: Timestamp,
    /// When the force acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
    /// When the first step to protect the child was taken, as the force says.
    pub protected_at: Option<Timestamp>,
    /// When the answer that now stands came; none after a refusal.
    pub answered_at: Option<Timestamp>,
    /// When the very first answer came. A refusal does not unsay it.
    pub first_answered_at: Option<Timestamp>,
    /// When the answer was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// How many rungs of the framework's ladder were told; 0 for none.
    pub rungs_told: u32,
}

impl Referral {
    /// The soonest limit of a clock that still runs. None once nothing runs.
    pub fn next_limit(&self) -> Option<Timestamp> {
        let clocks = self.clocks(self.raised_at);
        let running = clocks.iter().filter(|clock| clock.stopped_at.is_none());
        running.map(|clock| clock.limit).min()
    }

    /// Whether a clock has run out that still runs.
    pub fn is_past_limit(&self, now: Timestamp) -> bool {
        self.next_limit().is_some_and(|limit| limit < now)
    }
}
