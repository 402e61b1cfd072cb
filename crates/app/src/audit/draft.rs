//! Writing an audit: opening it, saving each page of the form, submitting, and returning it.

use super::store::{self, Present, StepSaved, content};
use super::{Audit, Loaded, load_for};
use crate::app::{Call, Operation};
use crate::error::{Error, Fault, Result};
use crate::web::moment;
use std::collections::BTreeSet;
use throughline_domain::access::Action;
use throughline_domain::audit::{
    self as step, AuditRead, Content, DraftSaved, Failing, GradesPart, Part, Standing, Step,
    Strength, StrengthsPart, TopicPart,
};
use throughline_domain::id::{AuditId, FailingId, UserId};

/// An open audit: what it holds, and who else has it open.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The audit with what is around it.
    pub loaded: Loaded,
    /// What is written.
    pub content: Content,
    /// Who else has it open.
    pub others: Vec<Present>,
}

impl Draft {
    /// How far each page of the form has come.
    pub fn progress(&self) -> Vec<step::StepProgress> {
        step::progress(
            self.loaded.framework,
            &self.loaded.audit.category,
            &self.content,
        )
    }
}

/// Opens an audit: enters the read in the journal and tells others who have it open.
///
/// # Errors
/// As [`load_for`].
pub async fn open(call: &Call, id: &AuditId) -> Result<Draft> {
    let loaded = load_for(call, id, Action::ReadAudit).await?;
    let user = user(call)?;
    let mut operation = call.begin().await?;
    store::note_presence(operation.connection(), id, user, call.now).await?;
    let others = store::others_present(operation.connection(), id, user, call.now).await?;
    let content = content::load(operation.connection(), id).await?;
    let seen = AuditRead {
        inspection: loaded.inspection.id.0.clone(),
        reference: loaded.audit.reference.clone(),
        audit: id.clone(),
    };
    operation.commit(&loaded.leave, &seen).await?;
    Ok(Draft {
        loaded,
        content,
        others,
    })
}

/// The case of an audit that this person had open and that is another reader's by now; none when
/// it is still theirs, or never was.
///
/// # Errors
/// When the database does not answer.
pub async fn find_passed_on(call: &Call, id: &AuditId) -> Result<Option<String>> {
    let Some(audit) = store::find(call.reader(), id).await? else {
        return Ok(None);
    };
    let mut connection = call.reader().acquire().await?;
    let had_it = store::has_opened(&mut connection, id, user(call)?).await?;
    Ok((had_it && !call.actor.is(&audit.reader_id)).then_some(audit.reference))
}

fn user(call: &Call) -> Result<&UserId> {
    call.actor.user.as_ref().ok_or(Error::SignInFirst)
}

/// Saves the answers and failings of a topic, complete or not. `revision` is that of the audit
/// when the answers were begun; returns the new one.
///
/// # Errors
/// [`Error::Conflict`] when the page was saved since.
pub async fn save_topic(
    call: &Call,
    audit: &AuditId,
    revision: i64,
    topic: TopicPart,
) -> Result<i64> {
    save(call, audit, revision, Part::Topic(topic)).await
}

/// Saves the strengths. As [`save_topic`].
///
/// # Errors
/// As [`save_topic`].
pub async fn save_strengths(
    call: &Call,
    audit: &AuditId,
    revision: i64,
    strengths: Vec<Strength>,
) -> Result<i64> {
    let part = Part::Strengths(StrengthsPart { strengths });
    save(call, audit, revision, part).await
}

/// Saves the grades. As [`save_topic`].
///
/// # Errors
/// As [`save_topic`].
pub async fn save_grades(
    call: &Call,
    audit: &AuditId,
    revision: i64,
    grades: GradesPart,
) -> Result<i64> {
    save(call, audit, revision, Part::Grades(grades)).await
}

/// Saves a page of the form. As [`save_topic`].
///
/// # Errors
/// As [`save_topic`].
pub async fn save(call: &Call, audit: &AuditId, revision: i64, part: Part) -> Result<i64> {
    let loaded = load_for(call, audit, Action::WriteAudit).await?;
    let mut operation = call.begin().await?;
    let fresh = load_own(call, &mut operation, audit).await?;
    let before = find_step(&mut operation, audit, &part).await?;
    if let Some(before) = before.filter(|before| before.revision > revision) {
        return Err(Error::Conflict(format!(
            "{} saved this page at {}, after you had opened it. Nothing of yours is lost: it stands below, not yet saved.",
            before.saved_by_name,
            moment::time_of_day(*before.saved_at)
        )));
    }
    let (next, event) = write(call, &mut operation, &loaded, &fresh.standing(), part).await?;
    operation.commit(&loaded.leave, &event).await?;
    Ok(next.revision)
}

fn step_of(part: &Part) -> Step {
    match part {
        Part::Topic(topic) => Step::Topic(topic.topic.clone()),
        Part::Strengths(_) => Step::Strengths,
        Part::Grades(_) => Step::Grades,
    }
}

async fn find_step(
    operation: &mut Operation,
    audit: &AuditId,
    part: &Part,
) -> Result<Option<StepSaved>> {
    let step = step_of(part).code();
    Ok(store::find_step(operation.connection(), audit, &step).await?)
}

/// The audit as it stands in this transaction, still the person's own.
async fn load_own(call: &Call, operation: &mut Operation, id: &AuditId) -> Result<Audit> {
    let audit = store::find(operation.connection(), id)
        .await?
        .ok_or(Error::NotFound)?;
    if !call.actor.is(&audit.reader_id) {
        return Err(Error::NotFound);
    }
    if audit.strand.is_none() {
        return Err(Error::Refused(
            "This case is not to be read any more. Nothing more is written about it.".into(),
        ));
    }
    Ok(audit)
}

async fn write(
    call: &Call,
    operation: &mut Operation,
    loaded: &Loaded,
    standing: &Standing,
    part: Part,
) -> Result<(Standing, DraftSaved)> {
    let mut part = part.checked(loaded.framework, &loaded.audit.category)?;
    if let Part::Topic(topic) = &mut part {
        let before = content::load(operation.connection(), &standing.audit).await?;
        give_ids(call, &before, &mut topic.failings);
    }
    let (next, event) = step::save(&loaded.leave, standing, part)?;
    let connection = operation.connection();
    content::write(connection, &loaded.inspection.id, &next.audit, &event.part).await?;
    store::write_saved(connection, &next, call.now).await?;
    let code = step_of(&event.part).code();
    store::write_step(connection, &next, &code, user(call)?, call.now).await?;
    Ok((next, event))
}

/// A failing keeps the id it had in this audit; every other one gets a new id.
fn give_ids(call: &Call, before: &Content, failings: &mut [Failing]) {
    let mut known: BTreeSet<FailingId> = before
        .failings
        .iter()
        .filter_map(|failing| failing.id.clone())
        .collect();
    for failing in failings {
        let keeps = failing.id.as_ref().is_some_and(|id| known.remove(id));
        if !keeps {
            failing.id = Some(FailingId::from_random(call.app.random()));
        }
    }
}

/// Submits an audit in which nothing is missing; the last reading expected of a case settles
/// its final grade, unless two differ.
///
/// # Errors
/// [`Error::Invalid`] with everything that is missing, each field as `page#field`;
/// [`Error::Conflict`] when it was saved since that revision.
pub async fn submit(call: &Call, audit: &AuditId, revision: i64) -> Result<()> {
    let loaded = load_for(call, audit, Action::WriteAudit).await?;
    let mut operation = call.begin().await?;
    let fresh = load_own(call, &mut operation, audit).await?;
    if fresh.revision > revision {
        return Err(Error::Conflict(
            "The audit was saved after you had opened this page. Check it once more.".into(),
        ));
    }
    submit_within(call, operation, &loaded, &fresh.standing()).await
}

/// Saves a whole audit and submits it, through the same steps and in one transaction.
///
/// # Errors
/// As [`submit`].
pub async fn complete(call: &Call, audit: &AuditId, content: &Content) -> Result<()> {
    let loaded = load_for(call, audit, Action::WriteAudit).await?;
    let mut operation = call.begin().await?;
    let mut standing = load_own(call, &mut operation, audit).await?.standing();
    for part in parts(&loaded, content) {
        let (next, event) = write(call, &mut operation, &loaded, &standing, part).await?;
        operation.note(&loaded.leave, &event).await?;
        standing = next;
    }
    submit_within(call, operation, &loaded, &standing).await
}

/// The pages of the form that make up a content.
fn parts(loaded: &Loaded, content: &Content) -> Vec<Part> {
    let of_step = |step: Step| match step {
        Step::Topic(topic) => {
            let prefix = format!("{topic}.");
            let answers = content.answers.values();
            Part::Topic(TopicPart {
                answers: answers
                    .filter(|one| one.criterion.starts_with(&prefix))
                    .cloned()
                    .collect(),
                failings: content
                    .failings
                    .iter()
                    .filter(|one| one.criterion.starts_with(&prefix))
                    .cloned()
                    .collect(),
                topic,
            })
        }
        Step::Strengths => Part::Strengths(StrengthsPart {
            strengths: content.strengths.clone(),
        }),
        Step::Grades => Part::Grades(GradesPart {
            topic_grades: content.topic_grades.clone(),
            grade: content.grade.clone(),
            grade_reason: content.grade_reason.clone(),
        }),
    };
    step::steps(loaded.framework, &loaded.audit.category)
        .into_iter()
        .map(of_step)
        .collect()
}

async fn submit_within(
    call: &Call,
    mut operation: Operation,
    loaded: &Loaded,
    standing: &Standing,
) -> Result<()> {
    let content = content::load(operation.connection(), &standing.audit).await?;
    let missing = step::missing(loaded.framework, &loaded.audit.category, &content);
    if !missing.is_empty() {
        let faults = missing.into_iter().map(|one| Fault {
            field: format!("{}#{}", one.step.code(), one.field),
            message: one.message,
        });
        return Err(Error::Invalid(faults.collect()));
    }
    let (next, event) = step::submit(&loaded.leave, standing, &content, &missing)?;
    store::write_submitted(operation.connection(), &next, call.now).await?;
    settle(call, &mut operation, loaded).await?;
    operation.commit(&loaded.leave, &event).await
}

async fn settle(call: &Call, operation: &mut Operation, loaded: &Loaded) -> Result<()> {
    let audit = &loaded.audit;
    let readings = store::readings_of_case(
        operation.connection(),
        &audit.inspection_id,
        &audit.reference,
    )
    .await?;
    let readings: Vec<_> = readings.iter().map(Audit::submitted_reading).collect();
    if let Some(settled) = step::settle(&audit.inspection_id, &audit.reference, &readings) {
        store::settle(operation.connection(), &settled, None, call.now).await?;
        operation.note(&loaded.leave, &settled).await?;
    }
    Ok(())
}

/// Returns a submitted audit to its reader. The case has no final grade until it is submitted
/// again.
///
/// # Errors
/// When no reason is given, it is not submitted, or a finding rests on it.
pub async fn return_to_reader(call: &Call, audit: &AuditId, reason: &str) -> Result<()> {
    let loaded = load_for(call, audit, Action::ModerateAudit).await?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Say why it goes back"));
    }
    let mut operation = call.begin().await?;
    let fresh = store::find(operation.connection(), audit)
        .await?
        .ok_or(Error::NotFound)?;
    let settled = store::find_final(
        operation.connection(),
        &fresh.inspection_id,
        &fresh.reference,
    )
    .await?;
    let basis = store::basis(operation.connection(), &fresh).await?;
    let (next, event) = step::return_to_reader(
        &loaded.leave,
        &fresh.standing(),
        reason,
        settled.map(|one| one.grade),
        basis,
    )?;
    store::write_returned(operation.connection(), &next, reason).await?;
    store::unsettle(
        operation.connection(),
        &fresh.inspection_id,
        &fresh.reference,
    )
    .await?;
    operation.commit(&loaded.leave, &event).await
}
