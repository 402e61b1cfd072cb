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

use crate::code::coded;
use crate::id::{InspectionId, ReferralId};
use jiff::Timestamp;

coded! {
    /// Where a referral stands.
    State "state of a referral" {
        /// Served on the force, which has not confirmed that it has it.
        Raised "raised" "Not yet acknowledged",
        /// The force has it, and owes its answer.
        Acknowledged "acknowledged" "Waiting for the force’s answer",
        /// Answered; the inspectorate decides.
        Answered "answered" "Waiting for the inspectorate’s decision",
        /// The answer was refused, and the force owes another.
        Refused "refused" "Answer refused, waiting for another",
        /// The answer was accepted: closed.
        Accepted "accepted" "Answer accepted",
        /// Raised by mistake and withdrawn before the force acknowledged it.
        Withdrawn "withdrawn" "Withdrawn",
    }
}

impl State {
    /// Whether anything is still owed.
    pub fn is_open(self) -> bool {
        match self {
            State::Raised | State::Acknowledged | State::Answered | State::Refused => true,
            State::Accepted | State::Withdrawn => false,
        }
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
