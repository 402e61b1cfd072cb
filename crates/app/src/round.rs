//! Follow-up rounds: the series side by side, the next round, and the judgement on each
//! recommendation.

pub mod pages;
mod store;

pub use store::Judged;

use crate::app::Call;
use crate::error::{Error, Faults, Result};
use crate::figure::{self, Round};
use crate::framework;
use crate::inspection::{self, Inspection};
use throughline_domain::access::Action;
use throughline_domain::id::{InspectionId, RecommendationId};
use throughline_domain::inspection::{self as step, InspectionOpened, Kind};
use throughline_domain::progress::{self, ProgressJudged};

/// A round to be opened, as it was entered.
#[derive(Debug, Clone, Default)]
pub struct NewRound {
    /// The code of its kind: quarterly-update, review or re-inspection.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The framework's id with its version.
    pub framework: String,
    /// First day of the field work, ISO 8601.
    pub fieldwork_from: String,
    /// Last day of the field work, ISO 8601.
    pub fieldwork_to: String,
}

/// Opens the next round of the series that an inspection belongs to, with the same team.
///
/// # Errors
/// When something is missing, or the series has a later round than `from`.
pub async fn open(call: &Call, from: &InspectionId, new: &NewRound) -> Result<InspectionId> {
    let (inspection, leave) = inspection::load_for(call, from, Action::OpenRound).await?;
    let event = check(call, &inspection, new)?;
    let mut operation = call.begin().await?;
    let last = store::last_round(operation.connection(), &inspection.series_id).await?;
    if last != inspection.round {
        return Err(Error::Refused(
            "This series has a later round already. The next is opened from the last.".into(),
        ));
    }
    let opened = step::open(&leave, event)?;
    inspection::store::insert(operation.connection(), &opened, call.now).await?;
    for member in store::team(operation.connection(), from).await? {
        inspection::store::join(
            operation.connection(),
            &opened.inspection,
            &member.0,
            call.now,
        )
        .await?;
    }
    operation.commit(&leave, &opened).await?;
    Ok(opened.inspection)
}

fn check(call: &Call, before: &Inspection, new: &NewRound) -> Result<InspectionOpened> {
    let mut faults = Faults::default();
    let kind: Option<Kind> = faults.parsed("kind", &new.kind, "Choose the kind of round");
    if kind == Some(Kind::Inspection) {
        faults.add(
            "kind",
            "A follow-up is a quarterly update, a review or a re-inspection",
        );
    }
    let title = faults.required(
        "title",
        &new.title,
        "Enter a title, such as Quarterly update, May 2026",
    );
    inspection::check_framework(&mut faults, &new.framework);
    let fieldwork =
        inspection::check_fieldwork(&mut faults, &new.fieldwork_from, &new.fieldwork_to);
    faults.none()?;
    let (Some(kind), Some((fieldwork_from, fieldwork_to))) = (kind, fieldwork) else {
        return Err(Error::Internal("a checked form lost a value".into()));
    };
    Ok(InspectionOpened {
        inspection: InspectionId::from_random(call.app.random()),
        series: before.series_id.0.clone(),
        force: before.force_id.0.clone(),
        framework: new.framework.clone(),
        round: u32::try_from(before.round).unwrap_or_default() + 1,
        kind,
        title,
        fieldwork_from,
        fieldwork_to,
    })
}

/// The rounds of a series beside each other.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn series(call: &Call, id: &InspectionId) -> Result<(Inspection, Vec<Round>)> {
    let (inspection, leave) = inspection::load_for(call, id, Action::ReadRound).await?;
    let rounds = figure::rounds(call, &leave, &inspection).await?;
    Ok((inspection, rounds))
}

/// The published recommendations of the series, each with the judgement of this round where
/// there is one, and of the round before.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn judgements(call: &Call, id: &InspectionId) -> Result<(Inspection, Vec<Judged>)> {
    let (inspection, _leave) = inspection::load_for(call, id, Action::JudgeProgress).await?;
    let judged = store::judged(call.reader(), &inspection).await?;
    Ok((inspection, judged))
}

/// Judges a recommendation of the series in a follow-up round.
///
/// # Errors
/// When the judgement or what it rests on is missing, or the recommendation is not a
/// published one of an earlier round.
pub async fn judge(
    call: &Call,
    id: &InspectionId,
    recommendation: &RecommendationId,
    judgement: &str,
    rests_on: &str,
) -> Result<()> {
    let (inspection, leave) = inspection::load_for(call, id, Action::JudgeProgress).await?;
    let framework = framework::find(&inspection.framework).ok_or_else(|| {
        Error::Internal(format!(
            "the framework {} is not known",
            inspection.framework
        ))
    })?;
    let judge = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let mut faults = Faults::default();
    if framework.find_progress(judgement).is_none() {
        faults.add("judgement", "Choose how far the recommendation has come");
    }
    let rests_on = faults.required("rests_on", rests_on, "Say what your judgement rests on");
    faults.without_figures("rests_on", &rests_on);
    faults.none()?;
    let mut operation = call.begin().await?;
    if !store::is_judgeable(operation.connection(), &inspection, recommendation).await? {
        return Err(Error::NotFound);
    }
    let event = progress::judge(
        &leave,
        inspection.round,
        framework,
        ProgressJudged {
            inspection: id.clone(),
            recommendation: recommendation.clone(),
            judgement: judgement.to_owned(),
            rests_on,
        },
    )?;
    store::keep_judgement(operation.connection(), &event, judge, call.now).await?;
    operation.commit(&leave, &event).await
}

#[cfg(test)]
mod tests;
