//! The draw itself, whatever its seed came from.

use super::{plan, store};
use crate::app::{Call, Operation};
use crate::case_list::store as list_store;
use crate::error::{Error, Result};
use crate::inspection;
use crate::wording::sentence;
use sqlx::AnyConnection;
use throughline_domain::access::{Action, Permit};
use throughline_domain::case_list::CaseRow;
use throughline_domain::id::{CaseListId, InspectionId, SampleId};
use throughline_domain::sample::{self as step, SampleDrawn, SeedSource};
use throughline_stats::draw::{self, Bytes32, Frame, Origin, Plan};

/// Draws an inspection's sample with a given seed, for tests and measurements. Nothing shows that
/// the seed was not chosen, and event, certificate and page say so; no page offers it.
///
/// # Errors
/// When a sample was drawn before, or the plan cannot be carried out on the list.
pub async fn draw_with_seed(
    call: &Call,
    inspection: &InspectionId,
    size: u64,
    minimum_per_stratum: u64,
    reserves_per_stratum: u64,
    seed: [u8; 32],
) -> Result<SampleId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::DrawSample).await?;
    let plan = plan(size, minimum_per_stratum, reserves_per_stratum);
    let origin = Origin::Given {
        seed: Bytes32(seed),
    };
    let operation = call.begin().await?;
    let seed = (SeedSource::Given, origin);
    draw(call, operation, &leave, &inspection.id, &plan, seed).await
}

/// Draws once, from the present version of the list.
pub(super) async fn draw(
    call: &Call,
    mut operation: Operation,
    leave: &Permit,
    inspection: &InspectionId,
    plan: &Plan,
    (source, origin): (SeedSource, Origin),
) -> Result<SampleId> {
    let connection = operation.connection();
    let drawn_before = store::exists(connection, inspection).await?;
    let (list, frame) = present_frame(connection, inspection).await?;
    let certificate = draw::draw_from(&frame, plan, origin)
        .map_err(|fault| Error::invalid("size", sentence(&fault.to_string())))?;
    let event = step::draw(
        leave,
        drawn_before,
        SampleDrawn {
            inspection: inspection.clone(),
            sample: SampleId::from_random(call.app.random()),
            case_list: list,
            frame_digest: certificate.frame_digest.to_string(),
            seed: certificate.seed.to_string(),
            source,
            population: frame.population(),
            size: certificate.sample().count() as u64,
            reserves: certificate.cases.iter().filter(|case| case.reserve).count() as u64,
        },
    )?;
    store::insert(connection, call, &event, &certificate).await?;
    operation.commit(leave, &event).await?;
    Ok(event.sample)
}

/// The present version of the case list, and what can be drawn from.
pub(super) async fn present_frame(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> Result<(CaseListId, Frame)> {
    let list = store::present_list(connection, inspection)
        .await?
        .ok_or_else(|| Error::Refused("There is no case list to draw from yet.".into()))?;
    let frame = frame_of(list_store::present_rows(connection, inspection).await?)?;
    Ok((list, frame))
}

/// What can be drawn from, of these cases.
pub(super) fn frame_of(rows: Vec<CaseRow>) -> Result<Frame> {
    Frame::new(rows.into_iter().map(|case| (case.reference, case.category)))
        .map_err(|fault| Error::Refused(sentence(&fault.to_string())))
}
