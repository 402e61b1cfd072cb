//! The draw from both sides: opened by the lead, contributed to by the force, then drawn.

use super::store::opening::{self as store, Opening};
use super::{drawing, plan as plan_of, store as sample_store};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection;
use crate::wording::sentence;
use jiff::Timestamp;
use throughline_domain::access::Action;
use throughline_domain::calendar::hours_after;
use throughline_domain::id::{InspectionId, SampleId};
use throughline_domain::sample::{
    self as step, CONTRIBUTION_HOURS, DrawOpened, NoContribution, SeedSource,
};
use throughline_stats::draw::{Bytes32, Origin, commit};

/// Opens the draw: fixes the list and the plan, and commits to a secret that nobody is shown.
///
/// # Errors
/// When there is no list, the plan cannot be carried out on it, or the draw is open or done.
pub async fn open(
    call: &Call,
    inspection: &InspectionId,
    size: u64,
    minimum_per_stratum: u64,
    reserves_per_stratum: u64,
) -> Result<()> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::DrawSample).await?;
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    let drawn = sample_store::exists(connection, &inspection.id).await?;
    let opened = store::find(connection, &inspection.id).await?.is_some();
    let (list, frame) = drawing::present_frame(connection, &inspection.id).await?;
    let plan = plan_of(size, minimum_per_stratum, reserves_per_stratum);
    plan.allocate(&frame.strata())
        .map_err(|fault| Error::invalid("size", sentence(&fault.to_string())))?;
    let secret = Bytes32(call.app.random_bytes());
    let event = step::open(
        &leave,
        drawn,
        opened,
        DrawOpened {
            inspection: inspection.id.0.clone(),
            case_list: list,
            frame_digest: frame.digest().to_string(),
            commitment: commit(&secret).0.to_string(),
            size,
            minimum_per_stratum,
            reserves_per_stratum,
            due_at: hours_after(call.now, CONTRIBUTION_HOURS)
                .map_err(|fault| Error::Internal(fault.to_string()))?,
        },
    )?;
    store::insert(connection, call, &event, &plan, secret).await?;
    // Who is asked for a part must be able to see what for.
    inspection::serve(&mut operation, &inspection.id, call.now).await?;
    operation.commit(&leave, &event).await
}

/// The force gives its part of the seed; without a text of its own, one is drawn for it.
///
/// # Errors
/// When no draw is open, or the force cannot give its part any more.
pub async fn contribute(call: &Call, inspection: &InspectionId, text: Option<&str>) -> Result<()> {
    let (inspection, leave) =
        inspection::load_for(call, inspection, Action::ContributeToDraw).await?;
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    let opening = store::find(connection, &inspection.id)
        .await?
        .ok_or(Error::NotFound)?;
    let drawn = sample_store::exists(connection, &inspection.id).await?;
    let text = text.map_or_else(
        || Bytes32(call.app.random_bytes()).to_string(),
        str::to_owned,
    );
    let event = step::contribute(&leave, &opening.standing(drawn), &text)?;
    store::contribute(connection, call, &opening.case_list_id, &event).await?;
    operation.commit(&leave, &event).await
}

/// Draws the sample of an opened draw: with the joint seed where the force gave its part,
/// otherwise, when its time is over, with the secret alone and the reason.
///
/// # Errors
/// When no draw from the present list is open, or the seed cannot be made yet.
pub async fn draw(
    call: &Call,
    inspection: &InspectionId,
    reason: Option<NoContribution>,
) -> Result<SampleId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::DrawSample).await?;
    let mut operation = call.begin().await?;
    let opening = store::find(operation.connection(), &inspection.id)
        .await?
        .ok_or_else(|| {
            Error::Refused(
                "No draw from the present case list is open: open it, so that the force can give \
                 its part of the seed."
                    .into(),
            )
        })?;
    let source = step::choose_source(&leave, &opening.standing(false), call.now, reason)?;
    let (plan, origin) = (opening.plan()?, origin_of(&opening, source)?);
    drawing::draw(
        call,
        operation,
        &leave,
        &inspection.id,
        &plan,
        (source, origin),
    )
    .await
}

fn origin_of(opening: &Opening, source: SeedSource) -> Result<Origin> {
    let secret: Bytes32 = opening
        .secret
        .parse()
        .map_err(|_| Error::Internal("the secret of the draw cannot be read".into()))?;
    let commitment = commit(&secret);
    Ok(match source {
        SeedSource::Joint => Origin::Joint {
            commitment,
            secret,
            contribution: opening.contribution.clone().unwrap_or_default(),
        },
        SeedSource::InspectorateAlone(reason) => Origin::InspectorateAlone {
            commitment,
            secret,
            reason: reason.code().into(),
        },
        SeedSource::Given => {
            return Err(Error::Internal("an opened draw takes no given seed".into()));
        }
    })
}

/// The open draw from the present list, for the team.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find(call: &Call, inspection: &InspectionId) -> Result<Option<Opening>> {
    find_for(call, inspection, Action::ReadSample).await
}

/// The open draw from the present list, for the force.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find_for_force(call: &Call, inspection: &InspectionId) -> Result<Option<Opening>> {
    find_for(call, inspection, Action::ContributeToDraw).await
}

async fn find_for(
    call: &Call,
    inspection: &InspectionId,
    action: Action,
) -> Result<Option<Opening>> {
    let (inspection, _) = inspection::load_for(call, inspection, action).await?;
    let mut connection = call.reader().acquire().await?;
    Ok(store::find(&mut connection, &inspection.id).await?)
}

/// A draw that waits for the force's part.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Of which inspection.
    pub inspection: String,
    /// Its title.
    pub title: String,
    /// Until when the force may give it undisturbed.
    pub due_at: Timestamp,
}

/// The draws that wait for the part of this person's force, the first due first.
///
/// # Errors
/// When they are of no force, or the database does not answer.
pub async fn waiting(call: &Call) -> Result<Vec<Waiting>> {
    let force = call.actor.force.as_ref().ok_or(Error::NotFound)?;
    let mut connection = call.reader().acquire().await?;
    let rows = store::waiting_for(&mut connection, force.as_str()).await?;
    Ok(rows
        .into_iter()
        .map(|(inspection, title, due_at)| Waiting {
            inspection,
            title,
            due_at: due_at.0,
        })
        .collect())
}
