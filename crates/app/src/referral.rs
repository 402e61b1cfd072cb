//! Straight back: a case in which a child may still be at risk, until the force's answer is
//! accepted. Both sides' words are kept for good.

pub mod answer;
pub mod counts;
pub mod pages;
pub mod store;
pub mod view;
pub mod watch;

pub use counts::{CountedReferral, ReferralCounts, counted_referrals};
pub use store::{Recipient, Record};
pub use watch::escalate_overdue;

use crate::app::{Call, Operation};
use crate::audit;
use crate::error::{Error, Faults, Result};
use crate::framework;
use crate::inspection::{self, Inspection};
use jiff::Timestamp;
use sqlx::AnyConnection;
use std::collections::BTreeSet;
use throughline_domain::access::{Action, Permit, Relation, Role, allowed};
use throughline_domain::framework::{Framework, ReferralClocks};
use throughline_domain::id::{AuditId, InspectionId, ReferralId};
use throughline_domain::referral::{
    self as step, Answer, NewReferral, Referral, Said, Spoken, Step,
};

/// The longest text of a field, in characters.
const TEXT_MAX: usize = 4000;

/// A referral to be raised, as it was entered.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The audit in which the risk was seen; may be empty.
    pub audit: String,
    /// The case.
    pub reference: String,
    /// The framework's code of the reason.
    pub reason: String,
    /// The risk, in administrative words.
    pub risk: String,
    /// The account it is sent to, or [`EVERYBODY`].
    pub addressed_to: String,
}

/// Sent to everybody who answers for the force.
pub const EVERYBODY: &str = "everybody";

/// Sends a case straight back. The force sees it at once and its clocks run.
///
/// # Errors
/// When something is missing, the case is not on the list, or an open referral says the same.
pub async fn raise(call: &Call, inspection: &InspectionId, draft: &Draft) -> Result<ReferralId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::RaiseReferral).await?;
    let framework = framework_of(&inspection.framework)?;
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    let mut new = check(call, connection, &inspection, draft).await?;
    new.number = store::next_number(connection, &new.inspection).await?;
    let clocks = &framework.referral.clocks;
    let nation = store::nation(&inspection.nation);
    let (referral, event) = step::raise(&leave, new, clocks, nation, call.now)?;
    let raiser = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let force = &inspection.force_id;
    store::insert(
        operation.connection(),
        &referral,
        &event,
        force,
        raiser.as_str(),
    )
    .await?;
    inspection::serve(&mut operation, &inspection.id, call.now).await?;
    finish(call, operation, &leave, &referral.id, &event).await?;
    Ok(referral.id)
}

/// The referral as it would be raised, for the page that asks whether to. Raises nothing.
///
/// # Errors
/// As [`raise`].
pub async fn foresee(call: &Call, inspection: &Inspection, draft: &Draft) -> Result<NewReferral> {
    let mut connection = call.reader().acquire().await?;
    check(call, &mut connection, inspection, draft).await
}

async fn check(
    call: &Call,
    connection: &mut AnyConnection,
    inspection: &Inspection,
    draft: &Draft,
) -> Result<NewReferral> {
    let new = fill_in(call, inspection, draft).await?;
    let same = store::find_open(connection, &new.inspection, &new.reference, &new.reason).await?;
    match same {
        Some(number) => Err(Error::invalid(
            "reason",
            format!("Referral {number} is open on this case for this reason; chase or escalate it"),
        )),
        None => Ok(new),
    }
}

async fn fill_in(call: &Call, inspection: &Inspection, draft: &Draft) -> Result<NewReferral> {
    let framework = framework_of(&inspection.framework)?;
    let mut faults = Faults::default();
    let audit: Option<AuditId> = draft.audit.trim().parse().ok();
    let reference = reference_of(call, inspection, draft, audit.as_ref()).await?;
    if reference.is_none() {
        faults.add(
            "reference",
            "Enter the reference of a case on this inspection’s case list",
        );
    }
    if framework.find_referral_reason(&draft.reason).is_none() {
        faults.add("reason", "Choose why the case is sent back");
    }
    let risk = text(&mut faults, "risk", &draft.risk, "Say what the risk is");
    let addressed_to = addressed_to(call, inspection, &draft.addressed_to).await?;
    if addressed_to.is_none() {
        faults.add("addressed_to", "Choose to whom it goes");
    }
    faults.none()?;
    let (Some(reference), Some(addressed_to)) = (reference, addressed_to) else {
        return Err(Error::Internal("a checked form lost a value".into()));
    };
    Ok(NewReferral {
        referral: ReferralId::from_random(call.app.random()),
        inspection: inspection.id.0.clone(),
        audit,
        reference,
        number: 0,
        reason: draft.reason.clone(),
        risk,
        addressed_to,
    })
}

/// A text that must be there and not be longer than the record holds.
fn text(faults: &mut Faults, field: &str, entered: &str, message: &str) -> String {
    let entered = faults.required(field, entered, message);
    let length = entered.chars().count();
    if length > TEXT_MAX {
        faults.add(
            field,
            format!("This has {length} characters; shorten it to {TEXT_MAX} or fewer"),
        );
    }
    entered
}

/// The case meant: the audit's, or the one entered, where it is on the list.
async fn reference_of(
    call: &Call,
    inspection: &Inspection,
    draft: &Draft,
    audit: Option<&AuditId>,
) -> Result<Option<String>> {
    if let Some(audit) = audit {
        return Ok(store::case_of_audit(call.reader(), &inspection.id, audit).await?);
    }
    let entered = draft.reference.trim();
    let exists = store::case_exists(call.reader(), &inspection.id, entered).await?;
    Ok(exists.then(|| entered.to_owned()))
}

async fn addressed_to(call: &Call, inspection: &Inspection, to: &str) -> Result<Option<String>> {
    if to == EVERYBODY {
        return Ok(Some(format!(
            "Everybody who answers for {}",
            inspection.force_name
        )));
    }
    let recipients = store::recipients(call.reader(), &inspection.force_id).await?;
    let chosen = recipients.into_iter().find(|recipient| recipient.id == to);
    Ok(chosen.map(|recipient| format!("{}, {}", recipient.name, recipient.role.title())))
}

/// Those of the force to whom a referral can be sent.
///
/// # Errors
/// When the database does not answer.
pub async fn recipients(call: &Call, inspection: &Inspection) -> Result<Vec<Recipient>> {
    Ok(store::recipients(call.reader(), &inspection.force_id).await?)
}

/// The case that an audit of the inspection is about.
///
/// # Errors
/// When there is no such audit in this inspection.
pub async fn case_of_audit(
    call: &Call,
    inspection: &InspectionId,
    audit: &AuditId,
) -> Result<String> {
    let found = store::case_of_audit(call.reader(), inspection, audit).await?;
    found.ok_or(Error::NotFound)
}

/// The framework of a record.
///
/// # Errors
/// When the program does not know it: a fault in the installation.
pub(crate) fn framework_of(id: &str) -> Result<&'static Framework> {
    framework::find(id).ok_or_else(|| Error::Internal(format!("the framework {id} is not known")))
}

/// A referral, with leave for an action on it.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it is not for this person, or not yet: they are
/// still to read its case themselves, and it is not they who raised it.
pub async fn load_for(call: &Call, id: &ReferralId, action: Action) -> Result<(Record, Permit)> {
    let record = store::find(call.reader(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let (_, leave) = inspection::load_for(call, &record.inspection_id, action).await?;
    if let Some(user) = &call.actor.user
        && store::is_still_to_be_read_by(call.reader(), id, user.as_str()).await?
    {
        let _hidden = call.permit(action, Relation::Blind)?;
    }
    Ok((record, leave))
}

/// A referral for its page: whoever of the team sees it reads its case no more blind. The read
/// is entered in the journal.
///
/// # Errors
/// As [`load_for`].
pub async fn open(call: &Call, id: &ReferralId) -> Result<Record> {
    let (record, leave) = load_for(call, id, Action::ReadReferral).await?;
    call.record_read(&leave, format!("referral/{id}")).await?;
    if call.actor.role.is_inspecting() {
        let case = BTreeSet::from([record.reference.clone()]);
        audit::note_shown(call, &record.inspection_id, &case).await?;
    }
    Ok(record)
}

/// Takes a step: reads the referral inside the transaction, writes how it stands afterwards
/// and what was said, and commits with the event.
async fn take<E: Spoken>(
    call: &Call,
    id: &ReferralId,
    action: Action,
    step: impl FnOnce(&Record, &Referral, &Permit) -> Result<(Referral, E)>,
) -> Result<E> {
    let (_, leave) = load_for(call, id, action).await?;
    let mut operation = call.begin().await?;
    let record = load(&mut operation, id).await?;
    let (after, event) = step(&record, &record.referral(), &leave)?;
    store::save(operation.connection(), &after).await?;
    finish(call, operation, &leave, id, &event).await?;
    Ok(event)
}

async fn load(operation: &mut Operation, id: &ReferralId) -> Result<Record> {
    let found = store::find(operation.connection(), id).await?;
    found.ok_or(Error::NotFound)
}

async fn finish<E: Spoken>(
    call: &Call,
    mut operation: Operation,
    leave: &Permit,
    id: &ReferralId,
    event: &E,
) -> Result<()> {
    let content =
        serde_json::to_string(event).map_err(|error| Error::Internal(error.to_string()))?;
    store::add_entry(operation.connection(), call, id, E::KIND, &content).await?;
    operation.commit(leave, event).await
}

/// The force confirms that it has the referral.
///
/// # Errors
/// When it has done so already, or the referral is closed.
pub async fn acknowledge(call: &Call, id: &ReferralId) -> Result<()> {
    let step = |_: &Record, referral: &Referral, leave: &Permit| {
        Ok(referral.acknowledge(leave, call.now)?)
    };
    take(call, id, Action::AcknowledgeReferral, step).await?;
    Ok(())
}

/// The force records a step that protects the child.
///
/// # Errors
/// When the referral is closed, or the step lies in the future.
pub async fn record_protective_step(
    call: &Call,
    id: &ReferralId,
    done: &str,
    taken_at: Option<Timestamp>,
) -> Result<()> {
    let (_, _leave) = load_for(call, id, Action::AnswerReferral).await?;
    let mut faults = Faults::default();
    let done = text(&mut faults, "done", done, "Say what was done");
    let taken_at = answer::moment(&mut faults, "day", taken_at, call.now);
    faults.none()?;
    let step = |_: &Record, referral: &Referral, leave: &Permit| {
        Ok(referral.record_protective_step(leave, done, taken_at, call.now)?)
    };
    take(call, id, Action::AnswerReferral, step).await?;
    Ok(())
}

/// The force answers.
///
/// # Errors
/// When it was not acknowledged, or an answer is with the inspectorate already.
pub async fn answer(call: &Call, id: &ReferralId, answer: Answer) -> Result<()> {
    let step = |_: &Record, referral: &Referral, leave: &Permit| {
        Ok(referral.answer(leave, answer, call.now)?)
    };
    take(call, id, Action::AnswerReferral, step).await?;
    Ok(())
}

/// The inspectorate accepts the answer.
///
/// # Errors
/// When no answer waits for a decision.
pub async fn accept(call: &Call, id: &ReferralId, remark: &str) -> Result<()> {
    let remark = remark.trim().to_owned();
    let step = |_: &Record, referral: &Referral, leave: &Permit| {
        Ok(referral.accept(leave, remark, call.now)?)
    };
    take(call, id, Action::DecideReferral, step).await?;
    Ok(())
}

/// The inspectorate refuses the answer and says why.
///
/// # Errors
/// When no answer waits for a decision, or no reason is given.
pub async fn refuse(call: &Call, id: &ReferralId, why: &str) -> Result<()> {
    let why = said(
        call,
        id,
        Action::DecideReferral,
        why,
        "Say what is missing from the answer",
    )
    .await?;
    let step = |record: &Record, referral: &Referral, leave: &Permit| {
        let clocks = clocks_of(record)?;
        Ok(referral.refuse(leave, why, clocks, record.nation(), call.now)?)
    };
    take(call, id, Action::DecideReferral, step).await?;
    Ok(())
}

fn clocks_of(record: &Record) -> Result<&'static ReferralClocks> {
    Ok(&framework_of(&record.framework)?.referral.clocks)
}

/// An inspector tells the next role on the ladder.
///
/// # Errors
/// When nothing is owed by the force, everybody was told, or no reason is given.
pub async fn escalate(call: &Call, id: &ReferralId, why: &str) -> Result<()> {
    let action = Action::EscalateReferral;
    let why = said(call, id, action, why, "Say why it is escalated").await?;
    let (_, leave) = load_for(call, id, action).await?;
    let mut operation = call.begin().await?;
    let record = load(&mut operation, id).await?;
    let ladder = &clocks_of(&record)?.escalation;
    let (after, event) = record.referral().escalate(&leave, ladder, why, call.now)?;
    store::save(operation.connection(), &after).await?;
    store::escalated(operation.connection(), id, &event.to, call.now).await?;
    finish(call, operation, &leave, id, &event).await
}

/// The inspectorate asks after it.
///
/// # Errors
/// When nothing is owed by the force, or nothing is said.
pub async fn chase(call: &Call, id: &ReferralId, words: &str) -> Result<()> {
    let action = Action::EscalateReferral;
    let words = said(call, id, action, words, "Say what you asked, and of whom").await?;
    let step = |_: &Record, referral: &Referral, leave: &Permit| {
        Ok(referral.chase(leave, words, call.now)?)
    };
    take(call, id, action, step).await?;
    Ok(())
}

/// The inspectorate takes back what was raised by mistake.
///
/// # Errors
/// Once the force has acknowledged it, too late, or without a reason.
pub async fn withdraw(call: &Call, id: &ReferralId, why: &str) -> Result<()> {
    let action = Action::RaiseReferral;
    let why = said(call, id, action, why, "Say why it was a mistake").await?;
    let step = |_: &Record, referral: &Referral, leave: &Permit| {
        Ok(referral.withdraw(leave, why, call.now)?)
    };
    take(call, id, action, step).await?;
    Ok(())
}

/// What was said, once it is certain that this person may say it.
async fn said(
    call: &Call,
    id: &ReferralId,
    action: Action,
    words: &str,
    message: &str,
) -> Result<String> {
    let (_, _leave) = load_for(call, id, action).await?;
    let mut faults = Faults::default();
    let words = text(&mut faults, "words", words, message);
    faults.none()?;
    Ok(words)
}

/// Whether a step can be taken now by somebody who may.
///
/// # Errors
/// Why not.
pub fn check_step(record: &Record, step: Step, now: Timestamp) -> Result<()> {
    let referral = record.referral();
    referral.check(step, now)?;
    if step == Step::Escalate {
        referral.next_to_tell(&clocks_of(record)?.escalation)?;
    }
    Ok(())
}

/// The steps of this person's side, each with why it cannot be taken now, if it cannot.
///
/// # Errors
/// When the framework is not known.
pub fn offers(call: &Call, record: &Record) -> Result<Vec<(Step, Option<String>)>> {
    let role = call.actor.role;
    let relation = if role.is_inspecting() {
        Relation::Team
    } else {
        Relation::Served
    };
    let own = Step::ALL
        .into_iter()
        .filter(|step| allowed(role, step.action(), relation));
    own.map(|step| match check_step(record, step, call.now) {
        Ok(()) => Ok((step, None)),
        Err(Error::Refused(why)) => Ok((step, Some(why))),
        Err(other) => Err(other),
    })
    .collect()
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One inspection's, or empty for all.
    pub inspection: String,
    /// A state's code, `open`, `past-limit`, or empty for all.
    pub state: String,
}

/// The referrals that this person may see, what is overdue first, and how many there are.
/// `rows` is how many, and after how many others. That they were listed is entered in the
/// journal.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call, filter: &Filter, rows: (i64, i64)) -> Result<(Vec<Record>, i64)> {
    let Some(whose) = whose(call) else {
        return Ok((Vec::new(), 0));
    };
    let total = store::count(call.reader(), &whose, filter, call.now).await?;
    let listed = store::list(call.reader(), &whose, filter, call.now, rows).await?;
    record_listed(call, &listed, whose.of_force).await?;
    Ok((listed, total))
}

/// Enters in the journal of which inspections referrals were listed.
async fn record_listed(call: &Call, listed: &[Record], of_force: bool) -> Result<()> {
    if listed.is_empty() {
        return Ok(());
    }
    let inspections: BTreeSet<&InspectionId> = listed
        .iter()
        .map(|record| &record.inspection_id.0)
        .collect();
    let relation = if of_force {
        Relation::Served
    } else {
        Relation::Team
    };
    let leave = call.permit(Action::ReadReferral, relation)?;
    let subjects = inspections.iter().map(|id| format!("referrals/{id}"));
    call.record_reads(&leave, subjects.collect()).await
}

/// How many referrals of this person's there are.
///
/// # Errors
/// When the database does not answer.
pub async fn count(call: &Call, filter: &Filter) -> Result<i64> {
    match whose(call) {
        Some(whose) => Ok(store::count(call.reader(), &whose, filter, call.now).await?),
        None => Ok(0),
    }
}

/// Whose referrals somebody sees: their force's, or those of their teams.
fn whose(call: &Call) -> Option<store::Whose> {
    match (&call.actor.user, &call.actor.force) {
        (Some(_), Some(force)) => Some(store::Whose {
            id: force.to_string(),
            of_force: true,
        }),
        (Some(user), None) => Some(store::Whose {
            id: user.to_string(),
            of_force: false,
        }),
        (None, _) => None,
    }
}

/// One entry of a referral's history.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// In what role.
    pub role: Role,
    /// What was said.
    pub said: Said,
}

/// Everything that was said, in order.
///
/// # Errors
/// When the database does not answer or an entry is damaged.
pub async fn history(call: &Call, record: &Record) -> Result<Vec<Entry>> {
    let rows = store::history(call.reader(), &record.id).await?;
    rows.into_iter()
        .map(|row| {
            let said = Said::read(&row.kind, &row.content).map_err(|error| {
                Error::Internal(format!(
                    "an entry of referral {} is damaged: {error}",
                    record.id
                ))
            })?;
            Ok(Entry {
                at: row.at.0,
                actor: row.actor,
                role: row.role.0,
                said,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
