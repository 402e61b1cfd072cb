//! What may happen to a referral, and what follows.

use super::{
    Answer, CaseReferred, Due, ProtectiveStepRecorded, Referral, ReferralAcknowledged,
    ReferralChased, ReferralEscalated, ReferralWithdrawn, ResponseAccepted, ResponseReceived,
    ResponseRefused, State, limit,
};
use crate::access::{Action, Permit, Refusal};
use crate::calendar::{CalendarFault, Nation, Period};
use crate::framework::{EscalationStep, ReferralClocks};
use crate::id::{AuditId, InspectionId, ReferralId};
use jiff::{SignedDuration, Timestamp};

/// How long a referral raised by mistake may be withdrawn, in minutes.
pub const WITHDRAW_MINUTES: i64 = 15;

/// Something that is done to a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The force confirms that it has it.
    Acknowledge,
    /// The force records a step that protects the child.
    RecordProtectiveStep,
    /// The force answers.
    Answer,
    /// The inspectorate accepts the answer.
    Accept,
    /// The inspectorate refuses the answer.
    Refuse,
    /// The next on the ladder is told.
    Escalate,
    /// The inspectorate asks after it.
    Chase,
    /// The inspectorate takes back what was raised by mistake.
    Withdraw,
}

impl Step {
    /// Every step, in the order of the work.
    pub const ALL: [Step; 8] = [
        Step::Acknowledge,
        Step::RecordProtectiveStep,
        Step::Answer,
        Step::Accept,
        Step::Refuse,
        Step::Escalate,
        Step::Chase,
        Step::Withdraw,
    ];

    /// The action of the access table that it needs leave for.
    pub fn action(self) -> Action {
        match self {
            Step::Acknowledge => Action::AcknowledgeReferral,
            Step::RecordProtectiveStep | Step::Answer => Action::AnswerReferral,
            Step::Accept | Step::Refuse => Action::DecideReferral,
            Step::Escalate | Step::Chase => Action::EscalateReferral,
            Step::Withdraw => Action::RaiseReferral,
        }
    }
}

impl State {
    /// The state after a step.
    ///
    /// # Errors
    /// Why the step cannot be taken in this state, for the person who would take it.
    pub fn after(self, step: Step) -> Result<State, &'static str> {
        use State::{Accepted, Acknowledged, Answered, Raised, Refused, Withdrawn};
        match (self, step) {
            (Accepted, _) => Err("The answer is accepted and the referral closed."),
            (Withdrawn, _) => Err("The referral was withdrawn."),

            (Raised, Step::Acknowledge) => Ok(Acknowledged),
            (Acknowledged | Answered | Refused, Step::Acknowledge) => {
                Err("The referral is acknowledged already.")
            }

            (Raised | Acknowledged | Answered | Refused, Step::RecordProtectiveStep) => Ok(self),

            (Raised, Step::Answer) => Err("Acknowledge the referral first."),
            (Acknowledged | Refused, Step::Answer) => Ok(Answered),
            (Answered, Step::Answer) => {
                Err("Your answer is with the inspectorate, which now decides.")
            }

            (Answered, Step::Accept) => Ok(Accepted),
            (Answered, Step::Refuse) => Ok(Refused),
            (Raised | Acknowledged, Step::Accept | Step::Refuse) => {
                Err("The force has not answered yet.")
            }
            (Refused, Step::Accept | Step::Refuse) => {
                Err("The answer was refused, and the force has not given another yet.")
            }

            (Raised | Acknowledged | Refused, Step::Escalate | Step::Chase) => Ok(self),
            (Answered, Step::Escalate | Step::Chase) => {
                Err("The force has answered: decide on the answer first.")
            }

            (Raised, Step::Withdraw) => Ok(Withdrawn),
            (Acknowledged | Answered | Refused, Step::Withdraw) => {
                Err("The force has acknowledged it, so it can only be answered.")
            }
        }
    }
}

/// A referral to be raised.
#[derive(Debug, Clone)]
pub struct NewReferral {
    /// Its id.
    pub referral: ReferralId,
    /// The inspection.
    pub inspection: InspectionId,
    /// The audit in which the risk was seen.
    pub audit: Option<AuditId>,
    /// The case.
    pub reference: String,
    /// Its number within the inspection.
    pub number: i64,
    /// The framework's code of the reason.
    pub reason: String,
    /// The risk, in administrative words.
    pub risk: String,
    /// To whom it is sent.
    pub addressed_to: String,
}

/// Sends a case straight back. Its clocks run from now.
///
/// # Errors
/// When a limit lies beyond the years a date can hold.
pub fn raise(
    permit: &Permit,
    new: NewReferral,
    clocks: &ReferralClocks,
    nation: Nation,
    now: Timestamp,
) -> Result<(Referral, CaseReferred), Refusal> {
    permit.is_for(Action::RaiseReferral);
    let until = |period| limit(period, now, nation).map_err(|fault| beyond(&fault));
    let acknowledge_by = until(Period::Hours(clocks.acknowledge_hours))?;
    let protect_by = until(Period::Hours(clocks.protective_step_hours))?;
    let answer_by = until(clocks.answer)?;
    let referral = Referral {
        id: new.referral.clone(),
        inspection: new.inspection.clone(),
        state: State::Raised,
        raised_at: now,
        acknowledge_by,
        protect_by,
        answer_from: now,
        answer_by,
        acknowledged_at: None,
        protected_at: None,
        answered_at: None,
        first_answered_at: None,
        accepted_at: None,
        withdrawn_at: None,
        rungs_told: 0,
    };
    let event = CaseReferred {
        referral: new.referral,
        inspection: new.inspection,
        audit: new.audit,
        reference: new.reference,
        number: new.number,
        reason: new.reason,
        risk: new.risk,
        addressed_to: new.addressed_to,
        acknowledge_by,
        protect_by,
        answer_by,
    };
    Ok((referral, event))
}

fn beyond(fault: &CalendarFault) -> Refusal {
    Refusal::not_now(fault.to_string())
}

type Stepped<E> = Result<(Referral, E), Refusal>;

impl Referral {
    /// Whether a step can be taken now.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, step: Step, now: Timestamp) -> Result<State, Refusal> {
        let next = self.state.after(step).map_err(Refusal::not_now)?;
        let minutes = SignedDuration::from_mins(WITHDRAW_MINUTES);
        if step == Step::Withdraw && now.duration_since(self.raised_at) > minutes {
            return Err(Refusal::not_now(format!(
                "A referral can be withdrawn within {WITHDRAW_MINUTES} minutes of raising it."
            )));
        }
        Ok(next)
    }

    fn take(&self, permit: &Permit, step: Step, now: Timestamp) -> Result<Referral, Refusal> {
        permit.is_for(step.action());
        let state = self.check(step, now)?;
        Ok(Referral {
            state,
            ..self.clone()
        })
    }

    /// The force confirms that it has the referral.
    ///
    /// # Errors
    /// When it has done so already, or the referral is closed.
    pub fn acknowledge(&self, permit: &Permit, now: Timestamp) -> Stepped<ReferralAcknowledged> {
        let mut after = self.take(permit, Step::Acknowledge, now)?;
        after.acknowledged_at = Some(now);
        let event = ReferralAcknowledged {
            referral: self.id.clone(),
        };
        Ok((after, event))
    }

    /// The force records a step that protects the child. The first stops the clock, at the
    /// time at which it was taken.
    ///
    /// # Errors
    /// When the referral is closed, or the step would be taken in the future.
    pub fn record_protective_step(
        &self,
        permit: &Permit,
        done: String,
        taken_at: Timestamp,
        now: Timestamp,
    ) -> Stepped<ProtectiveStepRecorded> {
        let mut after = self.take(permit, Step::RecordProtectiveStep, now)?;
        not_in_the_future(taken_at, now)?;
        let first = self.protected_at.is_none_or(|earlier| taken_at < earlier);
        if first {
            after.protected_at = Some(taken_at);
        }
        let event = ProtectiveStepRecorded {
            referral: self.id.clone(),
            done,
            taken_at,
            first,
        };
        Ok((after, event))
    }

    /// The force answers. An answer says what was done to protect the child, so it stops
    /// that clock too, where no step was recorded before.
    ///
    /// # Errors
    /// When it was not acknowledged, or an answer is with the inspectorate already.
    pub fn answer(
        &self,
        permit: &Permit,
        answer: Answer,
        now: Timestamp,
    ) -> Stepped<ResponseReceived> {
        let mut after = self.take(permit, Step::Answer, now)?;
        not_in_the_future(answer.protected_at, now)?;
        after.answered_at = Some(now);
        after.first_answered_at = self.first_answered_at.or(Some(now));
        after.protected_at = self.protected_at.or(Some(answer.protected_at));
        let event = ResponseReceived {
            referral: self.id.clone(),
            answer,
        };
        Ok((after, event))
    }

    /// The inspectorate accepts the answer: closed.
    ///
    /// # Errors
    /// When no answer waits for a decision.
    pub fn accept(
        &self,
        permit: &Permit,
        remark: String,
        now: Timestamp,
    ) -> Stepped<ResponseAccepted> {
        let mut after = self.take(permit, Step::Accept, now)?;
        after.accepted_at = Some(now);
        let event = ResponseAccepted {
            referral: self.id.clone(),
            remark,
        };
        Ok((after, event))
    }

    /// The inspectorate refuses the answer, which goes round again under a fresh clock.
    ///
    /// # Errors
    /// When no answer waits for a decision.
    pub fn refuse(
        &self,
        permit: &Permit,
        why: String,
        clocks: &ReferralClocks,
        nation: Nation,
        now: Timestamp,
    ) -> Stepped<ResponseRefused> {
        let mut after = self.take(permit, Step::Refuse, now)?;
        after.answered_at = None;
        after.answer_from = now;
        after.answer_by = limit(clocks.answer, now, nation).map_err(|fault| beyond(&fault))?;
        let event = ResponseRefused {
            referral: self.id.clone(),
            why,
            answer_by: after.answer_by,
        };
        Ok((after, event))
    }

    /// An inspector tells the next role on the ladder, without waiting for a limit.
    ///
    /// # Errors
    /// When nothing is owed by the force, or everybody on the ladder was told.
    pub fn escalate(
        &self,
        permit: &Permit,
        ladder: &[EscalationStep],
        why: String,
        now: Timestamp,
    ) -> Stepped<ReferralEscalated> {
        let mut after = self.take(permit, Step::Escalate, now)?;
        let to = self.next_to_tell(ladder)?.to_owned();
        after.rungs_told += 1;
        let event = ReferralEscalated {
            referral: self.id.clone(),
            to,
            why,
        };
        Ok((after, event))
    }

    /// The role that an escalation would tell next.
    ///
    /// # Errors
    /// When everybody on the ladder was told.
    pub fn next_to_tell<'l>(&self, ladder: &'l [EscalationStep]) -> Result<&'l str, Refusal> {
        ladder
            .get(self.rungs_told as usize)
            .map(|step| step.tell.as_str())
            .ok_or_else(|| Refusal::not_now("Everybody on the ladder has been told."))
    }

    /// The clock tells a rung of the ladder that a limit has passed.
    ///
    /// # Errors
    /// When nothing is owed by the force any more.
    pub fn escalate_overdue(
        &self,
        permit: &Permit,
        due: &Due,
        now: Timestamp,
    ) -> Stepped<ReferralEscalated> {
        let mut after = self.take(permit, Step::Escalate, now)?;
        after.rungs_told = self.rungs_told.max(due.told.rung + 1);
        let why = format!("{} is past its limit.", due.told.clock.title());
        let event = ReferralEscalated {
            referral: self.id.clone(),
            to: due.to.clone(),
            why,
        };
        Ok((after, event))
    }

    /// The inspectorate asks after it.
    ///
    /// # Errors
    /// When nothing is owed by the force.
    pub fn chase(&self, permit: &Permit, words: String, now: Timestamp) -> Stepped<ReferralChased> {
        let after = self.take(permit, Step::Chase, now)?;
        let event = ReferralChased {
            referral: self.id.clone(),
            words,
        };
        Ok((after, event))
    }

    /// The inspectorate takes back what was raised by mistake. It stays on record.
    ///
    /// # Errors
    /// Once the force has acknowledged it, or after [`WITHDRAW_MINUTES`].
    pub fn withdraw(
        &self,
        permit: &Permit,
        why: String,
        now: Timestamp,
    ) -> Stepped<ReferralWithdrawn> {
        let mut after = self.take(permit, Step::Withdraw, now)?;
        after.withdrawn_at = Some(now);
        let event = ReferralWithdrawn {
            referral: self.id.clone(),
            why,
        };
        Ok((after, event))
    }
}

fn not_in_the_future(taken_at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if taken_at > now {
        return Err(Refusal::not_now(
            "A protective step cannot have been taken in the future.",
        ));
    }
    Ok(())
}
