//! What was said in a referral: each an event for the journal and an entry of its history.

use crate::code::coded;
use crate::event::Event;
use crate::id::{AuditId, InspectionId, ReferralId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An event that also stands in the referral's own history, for good.
pub trait Spoken: Event {
    /// The kind of entry.
    const KIND: &'static str;
}

macro_rules! spoken {
    ($($variant:ident $kind:literal $event:ident $name:literal $(because $reason:ident)?;)+) => {
        /// One entry of a referral's history, in structure.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Said {
            $(#[doc = concat!("`", $kind, "`")] $variant($event)),+
        }

        impl Said {
            /// Reads an entry that was stored.
            ///
            /// # Errors
            /// When the kind is unknown or the content does not fit it.
            pub fn read(kind: &str, content: &str) -> Result<Said, String> {
                match kind {
                    $($kind => serde_json::from_str(content)
                        .map(Said::$variant)
                        .map_err(|error| error.to_string()),)+
                    _ => Err(format!("no entry of a referral is called {kind:?}")),
                }
            }
        }

        $(impl Event for $event {
            const NAME: &'static str = $name;
            fn subject(&self) -> String {
                format!("referral/{}", self.referral)
            }
            $(fn reason(&self) -> Option<&str> {
                Some(&self.$reason)
            })?
        }

        impl Spoken for $event {
            const KIND: &'static str = $kind;
        })+
    };
}

spoken! {
    Raised "raised" CaseReferred "case referred";
    Acknowledged "acknowledged" ReferralAcknowledged "referral acknowledged";
    Protected "protected" ProtectiveStepRecorded "protective step recorded";
    Answered "answered" ResponseReceived "response received";
    Accepted "accepted" ResponseAccepted "response accepted";
    Refused "refused" ResponseRefused "response refused" because why;
    Escalated "escalated" ReferralEscalated "referral escalated" because why;
    Chased "chased" ReferralChased "referral chased";
    Withdrawn "withdrawn" ReferralWithdrawn "referral withdrawn" because why;
}

/// A case was sent straight back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseReferred {
    /// Which referral.
    pub referral: ReferralId,
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The audit in which the risk was seen. The force does not see it.
    pub audit: Option<AuditId>,
    /// The case.
    pub reference: String,
    /// Its number within the inspection.
    pub number: i64,
    /// The framework's code of the reason.
    pub reason: String,
    /// The risk, in administrative words.
    pub risk: String,
    /// To whom it was sent.
    pub addressed_to: String,
    /// The last moment for the acknowledgement.
    pub acknowledge_by: Timestamp,
    /// The last moment for the first protective step.
    pub protect_by: Timestamp,
    /// The last moment for the answer.
    pub answer_by: Timestamp,
}

/// The force confirmed that it has the referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralAcknowledged {
    /// Which referral.
    pub referral: ReferralId,
}

/// The force recorded a step that protects the child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectiveStepRecorded {
    /// Which referral.
    pub referral: ReferralId,
    /// What was done.
    pub done: String,
    /// When it was done, as the force says.
    pub taken_at: Timestamp,
    /// Whether it was the first, which stops the clock.
    pub first: bool,
}

coded! {
    /// What the force found when it looked at the case again.
    Found "way a force found a case" {
        /// The child was at risk.
        RiskConfirmed "risk-confirmed" "The risk is confirmed",
        /// No risk remains.
        NoFurtherRisk "no-further-risk" "There is no further risk",
        /// The force had dealt with it before it was sent back.
        AlreadyHandled "already-handled" "It had been dealt with already",
    }
}

coded! {
    /// Whether looking again brought up a risk that the referral did not name.
    FurtherRisk "answer about a further risk" {
        /// Yes.
        Yes "yes" "Yes, a further risk was found",
        /// No.
        No "no" "No further risk was found",
    }
}

coded! {
    /// Whether anyone was charged or cautioned.
    Outcome "outcome" {
        /// Nobody was.
        Nobody "nobody" "Nobody was charged or cautioned",
        /// Somebody was charged.
        Charged "charged" "Somebody was charged",
        /// Somebody was cautioned.
        Cautioned "cautioned" "Somebody was cautioned",
        /// Both happened.
        ChargedAndCautioned "charged-and-cautioned" "Somebody was charged and somebody cautioned",
        /// It is not decided.
        NotYetKnown "not-yet-known" "It is not yet known",
    }
}

/// What the force does because of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerAction {
    /// What.
    pub what: String,
    /// On which day it was or will be done.
    pub on: Date,
}

/// The force's answer, in structure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What was found.
    pub found: Found,
    /// The same in words.
    pub found_detail: String,
    /// What was done to protect the child, or to see that the child is safe.
    pub protected: String,
    /// When, as the force says.
    pub protected_at: Timestamp,
    /// Whether a further risk was found.
    pub further_risk: FurtherRisk,
    /// Which, and what was done about it; empty when none was found.
    pub further_detail: String,
    /// Whether anyone was charged or cautioned.
    pub outcome: Outcome,
    /// What else is done, and when.
    pub actions: Vec<AnswerAction>,
}

/// The force answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseReceived {
    /// Which referral.
    pub referral: ReferralId,
    /// The answer.
    pub answer: Answer,
}

/// The inspectorate accepted the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseAccepted {
    /// Which referral.
    pub referral: ReferralId,
    /// What the inspectorate says to it; may be empty.
    pub remark: String,
}

/// The inspectorate refused the answer. It goes round again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseRefused {
    /// Which referral.
    pub referral: ReferralId,
    /// Why, and what is missing.
    pub why: String,
    /// The last moment for the next answer.
    pub answer_by: Timestamp,
}

/// The next on the ladder was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralEscalated {
    /// Which referral.
    pub referral: ReferralId,
    /// The role told.
    pub to: String,
    /// Why.
    pub why: String,
}

/// The inspectorate asked after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralChased {
    /// Which referral.
    pub referral: ReferralId,
    /// What was asked, and of whom.
    pub words: String,
}

/// It was raised by mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralWithdrawn {
    /// Which referral.
    pub referral: ReferralId,
    /// Why.
    pub why: String,
}
