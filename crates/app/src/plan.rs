//! The force's plan: what it undertakes under a recommendation, its progress, its evidence.

pub mod file_kind;
pub mod pages;
pub mod store;

pub use store::{Evidence, PlanAction, Progress};

use crate::app::Call;
use crate::error::{Error, Faults, Result};
use crate::recommendation::clock::Clock;
use crate::recommendation::{self, Recommendation, framework_of, nation};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use sqlx::AnyPool;
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{ActionId, EvidenceId, ForceId, RecommendationId};
use throughline_domain::plan::{
    self as step, ActionAdded, EvidenceAdded, EvidenceOpened, ProgressRecorded, State, Undertaken,
};
use throughline_domain::recommendation::plan_due_on;

/// An action to be added, as entered.
#[derive(Debug, Clone, Default)]
pub struct NewAction {
    /// What is undertaken.
    pub title: String,
    /// Who in the force does it.
    pub owner: String,
    /// By when, ISO 8601.
    pub due_on: String,
}

/// Adds an action to the force's plan.
///
/// # Errors
/// When something is missing, or the recommendation is not open.
pub async fn add_action(call: &Call, id: &RecommendationId, new: &NewAction) -> Result<ActionId> {
    let (loaded, leave) = recommendation::load_for(call, id, Action::WritePlan).await?;
    let by = call.actor.user.clone().ok_or(Error::SignInFirst)?;
    let mut faults = Faults::default();
    let title = faults.required("title", &new.title, "Say what the force will do");
    let owner = faults.required("owner", &new.owner, "Say who does it");
    let due_on: Option<Date> =
        faults.parsed("due_on", &new.due_on, "Enter a day, such as 2026-02-01");
    if due_on.is_some_and(|due| due < call.today()) {
        faults.add("due_on", "Enter a day that is not over yet");
    }
    faults.none()?;
    let due_on = due_on.ok_or_else(|| Error::Internal("a checked form lost a value".into()))?;
    let mut operation = call.begin().await?;
    let now = recommendation::store::find(operation.connection(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let event = step::add(
        &leave,
        now.standing(),
        ActionAdded {
            action: ActionId::from_random(call.app.random()),
            recommendation: id.clone(),
            title,
            owner,
            due_on,
        },
    )?;
    store::insert(
        operation.connection(),
        &event,
        &loaded.force_id,
        &by,
        call.now,
    )
    .await?;
    operation.commit(&leave, &event).await?;
    Ok(event.action)
}

/// Progress to be recorded, as entered.
#[derive(Debug, Clone, Default)]
pub struct NewProgress {
    /// The code of the state it has come to.
    pub state: String,
    /// What was done.
    pub detail: String,
    /// Why it is late; needed once its due day is over.
    pub lateness: String,
}

/// Records progress on an action.
///
/// # Errors
/// When something is missing, among it why a late action is late.
pub async fn record_progress(call: &Call, id: &ActionId, new: &NewProgress) -> Result<()> {
    let (_, _, leave) = load_for(call, id, Action::WritePlan).await?;
    let mut operation = call.begin().await?;
    let action = store::find(operation.connection(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let late = step::is_late(action.state.0, action.due_on.0, call.today());
    let mut faults = Faults::default();
    let state: Option<State> = faults.parsed("state", &new.state, "Choose how far it has come");
    let detail = faults.required("detail", &new.detail, "Say what was done");
    let lateness = new.lateness.trim();
    if late && lateness.is_empty() {
        faults.add(
            "lateness",
            "The due day is over: say why it is late, and what will be done about it",
        );
    }
    faults.none()?;
    let event = step::record_progress(
        &leave,
        Undertaken {
            state: action.state.0,
            due_on: action.due_on.0,
        },
        call.today(),
        ProgressRecorded {
            action: id.clone(),
            number: action.entries + 1,
            state: state.ok_or_else(|| Error::Internal("a checked form lost a value".into()))?,
            detail,
            lateness: (late && !lateness.is_empty()).then(|| lateness.to_owned()),
        },
    )?;
    store::record(
        operation.connection(),
        &event,
        &call.actor,
        call.now,
        call.today(),
    )
    .await?;
    operation.commit(&leave, &event).await
}

/// Adds a file that shows what was done. What it is follows from its content.
///
/// # Errors
/// When the file is not taken, or is there already.
pub async fn add_evidence(
    call: &Call,
    id: &ActionId,
    file_name: &str,
    bytes: &[u8],
) -> Result<EvidenceId> {
    let (_, _, leave) = load_for(call, id, Action::AddEvidence).await?;
    leave.is_for(Action::AddEvidence);
    let by = call.actor.user.clone().ok_or(Error::SignInFirst)?;
    let kind = file_kind::recognise(file_name, bytes)
        .map_err(|fault| Error::invalid("file", fault.to_string()))?;
    let event = EvidenceAdded {
        evidence: EvidenceId::from_random(call.app.random()),
        action: id.clone(),
        file_name: file_kind::safe_name(file_name, kind),
        media_type: kind.media_type().into(),
        size: i64::try_from(bytes.len()).map_err(|error| Error::Internal(error.to_string()))?,
        digest: digest(bytes),
    };
    let mut operation = call.begin().await?;
    if store::has_digest(operation.connection(), id, &event.digest).await? {
        return Err(Error::invalid("file", "This very file is there already"));
    }
    store::insert_evidence(operation.connection(), &event, &by, call.now, bytes).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.evidence)
}

/// A file of evidence with its bytes. That it was opened is entered in the journal.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it is not for this person; [`Error::Internal`]
/// when what is stored is not what was added.
pub async fn open_evidence(call: &Call, id: &EvidenceId) -> Result<(Evidence, Vec<u8>)> {
    let evidence = store::find_evidence(call.reader(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let (_, _, leave) = load_for(call, &evidence.action_id, Action::ReadEvidence).await?;
    let bytes = store::evidence_bytes(call.reader(), id)
        .await?
        .unwrap_or_default();
    if digest(&bytes) != evidence.digest {
        return Err(Error::Internal(format!(
            "the stored bytes of evidence {id} do not have the digest they were added with"
        )));
    }
    let event = EvidenceOpened {
        evidence: id.clone(),
        digest: evidence.digest.clone(),
    };
    call.begin().await?.commit(&leave, &event).await?;
    Ok((evidence, bytes))
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// An action, its recommendation, and leave for what is to be done.
///
/// # Errors
/// [`Error::NotFound`] when there is none or it is not for this person.
pub async fn load_for(
    call: &Call,
    id: &ActionId,
    action: Action,
) -> Result<(PlanAction, Recommendation, Permit)> {
    let mut connection = call.reader().acquire().await?;
    let found = store::find(&mut connection, id).await?;
    drop(connection);
    let found = found.ok_or(Error::NotFound)?;
    let (recommendation, leave) =
        recommendation::load_for(call, &found.recommendation_id, action).await?;
    Ok((found, recommendation, leave))
}

/// An action as a list shows it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The action.
    pub action: PlanAction,
    /// Its clock.
    pub clock: Clock,
}

impl Line {
    fn new(action: PlanAction, today: Date) -> Self {
        let due = action.due_on.0;
        let clock = match action.done_on {
            Some(on) => Clock::stopped("Done", due, on.0),
            None if step::is_late(action.state.0, due, today) => {
                let mut clock = Clock::until_day("", due, today);
                clock.words = clock.words.trim_start().replace("overdue", "late");
                clock.capitalised()
            }
            None => Clock::until_day("", due, today).capitalised(),
        };
        Line { action, clock }
    }
}

/// The actions under a recommendation, late ones first, then by due day.
///
/// # Errors
/// When the database does not answer.
pub async fn lines(call: &Call, recommendation: &Recommendation) -> Result<Vec<Line>> {
    let today = call.today();
    let actions = store::list(call.reader(), &recommendation.id).await?;
    let mut lines: Vec<Line> = actions
        .into_iter()
        .map(|action| Line::new(action, today))
        .collect();
    lines.sort_by_key(|line| line.clock.standing);
    Ok(lines)
}

/// The actions of a force whose due day is over and that are not done: what its handover
/// counts. Callers decide who may read them.
pub(crate) async fn late_of_force(
    pool: &AnyPool,
    force: &ForceId,
    today: Date,
) -> Result<Vec<Line>> {
    let undone = store::list_undone_of_force(pool, force).await?;
    Ok(undone
        .into_iter()
        .filter(|action| step::is_late(action.state.0, action.due_on.0, today))
        .map(|action| Line::new(action, today))
        .collect())
}

/// The clock of the plan itself: none before publication, stopped by the first action.
///
/// # Errors
/// When the framework's limit cannot be counted.
pub fn clock(recommendation: &Recommendation, today: Date) -> Result<Option<Clock>> {
    let Some(published) = recommendation.published_on else {
        return Ok(None);
    };
    let limits = &framework_of(&recommendation.framework)?.time_limits;
    let due = plan_due_on(limits, published.0, nation(&recommendation.nation))
        .map_err(|fault| Error::Refused(fault.to_string()))?;
    Ok(Some(match recommendation.plan_begun_at {
        Some(at) => Clock::stopped("Plan begun", due, crate::app::london_day(at.0)),
        None => Clock::until_day("Plan", due, today),
    }))
}

#[cfg(test)]
mod tests;
