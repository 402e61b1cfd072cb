//! A report: written, checked by the force, approved by somebody who did not write it,
//! published at a time set beforehand, corrected in the open.

use crate::access::{Action, Permit, Refusal};
use crate::code::coded;
use crate::event::Event;
use crate::id::{CommentId, InspectionId, ReportId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

mod step;
#[cfg(test)]
mod tests;

pub use step::{
    approve, approve_correction, begin, brief, comment, decide, finish_check, freeze,
    propose_correction, publish, save, schedule, send_for_accuracy_check, withdraw_correction,
};

coded! {
    /// Where a report stands.
    State "state of a report" {
        /// Being written; only the team sees it.
        Draft "draft" "Draft",
        /// With the force, which is checking the facts.
        AccuracyCheck "accuracy-check" "Accuracy check",
        /// Approved by somebody who did not write it; waits for its time.
        Approved "approved" "Approved",
        /// Public.
        Published "published" "Published",
    }
}

impl State {
    /// Whether the step may be taken from here.
    pub fn allows(self, step: Step) -> bool {
        match (self, step) {
            (
                State::Draft,
                Step::Save | Step::Freeze | Step::SendForAccuracyCheck | Step::Brief,
            ) => true,
            (
                State::AccuracyCheck,
                Step::Save
                | Step::Freeze
                | Step::Comment
                | Step::DecideComment
                | Step::FinishCheck
                | Step::Approve
                | Step::Brief,
            ) => true,
            (State::Approved, Step::Brief | Step::Schedule | Step::Publish) => true,
            (State::Published, Step::Correct | Step::ApproveCorrection) => true,
            (
                State::Draft,
                Step::Comment
                | Step::DecideComment
                | Step::FinishCheck
                | Step::Approve
                | Step::Schedule
                | Step::Publish
                | Step::Correct
                | Step::ApproveCorrection,
            )
            | (
                State::AccuracyCheck,
                Step::SendForAccuracyCheck
                | Step::Schedule
                | Step::Publish
                | Step::Correct
                | Step::ApproveCorrection,
            )
            | (
                State::Approved,
                Step::Save
                | Step::Freeze
                | Step::SendForAccuracyCheck
                | Step::Comment
                | Step::DecideComment
                | Step::FinishCheck
                | Step::Approve
                | Step::Correct
                | Step::ApproveCorrection,
            )
            | (
                State::Published,
                Step::Save
                | Step::Freeze
                | Step::SendForAccuracyCheck
                | Step::Comment
                | Step::DecideComment
                | Step::FinishCheck
                | Step::Approve
                | Step::Brief
                | Step::Schedule
                | Step::Publish,
            ) => false,
        }
    }
}

/// What may be done to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Save its text.
    Save,
    /// Compute its figures and freeze them.
    Freeze,
    /// Send it to the force.
    SendForAccuracyCheck,
    /// Say what is wrong in a passage.
    Comment,
    /// Decide such a comment.
    DecideComment,
    /// Say that the accuracy check is done.
    FinishCheck,
    /// Approve it.
    Approve,
    /// Name a reader under embargo.
    Brief,
    /// Set the time of its publication.
    Schedule,
    /// Publish it.
    Publish,
    /// Correct it after publication.
    Correct,
    /// Approve such a correction.
    ApproveCorrection,
}

impl Step {
    /// Every step, in the order of the work.
    pub const ALL: [Step; 12] = [
        Step::Save,
        Step::Freeze,
        Step::SendForAccuracyCheck,
        Step::Comment,
        Step::DecideComment,
        Step::FinishCheck,
        Step::Approve,
        Step::Brief,
        Step::Schedule,
        Step::Publish,
        Step::Correct,
        Step::ApproveCorrection,
    ];

    /// The action that gives leave for it.
    pub fn action(self) -> Action {
        match self {
            Step::Save | Step::Freeze => Action::WriteReport,
            Step::SendForAccuracyCheck => Action::SendForAccuracyCheck,
            Step::Comment | Step::FinishCheck => Action::CommentOnDraft,
            Step::DecideComment => Action::DecideComment,
            Step::Approve | Step::ApproveCorrection => Action::ApproveReport,
            Step::Brief => Action::BriefReader,
            Step::Schedule | Step::Publish => Action::PublishReport,
            Step::Correct => Action::CorrectReport,
        }
    }

    fn when(self) -> &'static str {
        match self {
            Step::Save => "Its text can be changed until it is approved.",
            Step::Freeze => "Its figures can be frozen again until it is approved.",
            Step::SendForAccuracyCheck => "Only a draft is sent to the force, and only once.",
            Step::Comment => "The force comments while the draft is with it.",
            Step::DecideComment => "Comments are decided before the report is approved.",
            Step::FinishCheck => "The force says so while the draft is with it.",
            Step::Approve => "A report is approved once the force has had it.",
            Step::Brief => "Readers are briefed until the report is published.",
            Step::Schedule | Step::Publish => "Only an approved report is published.",
            Step::Correct | Step::ApproveCorrection => "Only a published report is corrected.",
        }
    }
}

coded! {
    /// What is decided on a comment of the force.
    Decision "decision" {
        /// The report is changed as asked.
        Accepted "accepted" "Accepted",
        /// The report is changed, and not in all that was asked.
        AcceptedInPart "accepted-in-part" "Accepted in part",
        /// The report stays, and the reason says why.
        NotAccepted "not-accepted" "Not accepted",
    }
}

macro_rules! report_events {
    ($($(#[$doc:meta])* $name:ident $words:literal { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)? } $($reason:ident)?;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize)]
        pub struct $name {
            /// Which report.
            pub report: ReportId,
            $($(#[$field_doc])* pub $field: $kind),*
        }

        impl Event for $name {
            const NAME: &'static str = $words;
            fn subject(&self) -> String {
                format!("report/{}", self.report)
            }
            $(fn reason(&self) -> Option<&str> {
                Some(&self.$reason)
            })?
        }
    )+};
}

report_events! {
    /// A report was begun.
    ReportBegun "report begun" {
        /// Of which inspection.
        inspection: InspectionId,
        /// Its title.
        title: String,
    };
    /// Its text was saved.
    ReportSaved "report saved" {
        /// The revision that was made.
        revision: i64,
        /// The SHA-256 of the text, in hexadecimal.
        text_digest: String,
    };
    /// Its figures were computed and frozen.
    FiguresFrozen "figures frozen" {
        /// The digest of what they rest on.
        inputs_digest: String,
    };
    /// It went to the force.
    DraftSent "draft sent for accuracy check" {
        /// The last day for the force to say what is wrong.
        due_on: Date,
        /// The revision sent.
        revision: i64,
    };
    /// The force said what is wrong in a passage.
    DraftCommented "draft commented on" {
        /// The comment.
        comment: CommentId,
        /// The paragraph.
        passage: String,
        /// What is wrong.
        detail: String,
    };
    /// A comment was decided.
    CommentDecided "comment decided" {
        /// The comment.
        comment: CommentId,
        /// The decision.
        decision: Decision,
        /// Why.
        why: String,
    } why;
    /// The force said that its accuracy check is done.
    AccuracyCheckFinished "accuracy check finished" {
        /// The revision it had.
        revision: i64,
    };
    /// It was approved.
    ReportApproved "report approved" {
        /// The revision approved.
        revision: i64,
        /// The number of the freeze of the figures approved.
        freeze: i64,
    };
    /// A reader was named who may see it under embargo.
    ReaderBriefed "reader briefed" {
        /// Who.
        account: UserId,
    };
    /// Somebody outside the team read it before publication.
    DraftRead "draft read" {
        /// The revision they read.
        revision: i64,
    };
    /// The time of its publication was set.
    PublicationScheduled "publication scheduled" {
        /// When.
        publish_at: Timestamp,
    };
    /// It became public.
    ReportPublished "report published" {
        /// The SHA-256 of the whole document, in hexadecimal.
        document_digest: String,
    };
    /// A correction was written and waits for approval.
    CorrectionProposed "correction proposed" {
        /// Counts the corrections of the report.
        number: i64,
        /// What was wrong and what it says now.
        why: String,
    } why;
    /// A correction was withdrawn before it was approved.
    CorrectionWithdrawn "correction withdrawn" {
        /// Its number.
        number: i64,
        /// Why.
        why: String,
    } why;
    /// A corrected version became public; the earlier ones stay readable.
    ReportCorrected "report corrected" {
        /// The version that carries the correction.
        version: i64,
        /// What was wrong and what it says now.
        why: String,
        /// The SHA-256 of the whole document, in hexadecimal.
        document_digest: String,
    } why;
}

/// What stands in the way of approving a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Approval {
    /// Whether who approves has written in it.
    pub by_author: bool,
    /// Whether the force may still say what is wrong.
    pub check_open: bool,
    /// Comments of the force that nobody has decided.
    pub undecided: u32,
    /// Causes of concern that no recommendation answers.
    pub unanswered_concerns: u32,
    /// Whether something that the frozen figures rest on has changed since.
    pub stale: bool,
    /// Whether the programme's gate on agreement between readers is shut.
    pub readers_disagree: bool,
}

/// How a correction stands when somebody wants to approve it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CorrectionStanding {
    /// Whether who approves wrote it or in the report.
    pub by_author: bool,
}

/// A step is refused unless the state allows it.
fn hold(permit: &Permit, state: State, step: Step) -> Result<(), Refusal> {
    permit.is_for(step.action());
    if state.allows(step) {
        return Ok(());
    }
    Err(Refusal::not_now(format!(
        "The report stands at “{}”. {}",
        state.title().to_lowercase(),
        step.when()
    )))
}
