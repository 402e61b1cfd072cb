//! Samples: which cases are read, drawn so that anyone can check the choice.

pub mod cli;
mod drawing;
pub mod opening;
pub mod pages;
pub mod picking;
pub mod planning;
pub mod store;

pub use drawing::draw_with_seed;
pub use picking::PickedCase;
pub use store::{Sample, SampledCase};

use crate::app::Call;
use crate::audit;
use crate::case_list::{framework_of, store as list_store};
use crate::error::{Error, Result};
use crate::inspection;
use crate::store::whole;
use crate::wording::sentence;
use std::collections::BTreeMap;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;
use throughline_domain::sample::{self as step, CaseReplaced};
use throughline_stats::Level;
use throughline_stats::draw::{self, Allocation, Draw, Plan};
use throughline_stats::plan::margin;

/// What to draw: in proportion to the categories, with a minimum for each.
pub fn plan(size: u64, minimum_per_stratum: u64, reserves_per_stratum: u64) -> Plan {
    Plan {
        size,
        allocation: Allocation::Proportional,
        minimum_per_stratum,
        reserves_per_stratum,
    }
}

/// One category in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allotted {
    /// The code of the category.
    pub stratum: String,
    /// Cases in the list.
    pub population: u64,
    /// Cases that would be read.
    pub size: u64,
    /// Cases that would be in reserve.
    pub reserves: u64,
}

/// How many cases each category would give.
///
/// # Errors
/// When the plan cannot be carried out on the list, as a fault of the field `size`.
pub async fn allot(call: &Call, inspection: &InspectionId, plan: &Plan) -> Result<Vec<Allotted>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ReadSample).await?;
    let strata = store::strata(call.reader(), &inspection.id).await?;
    let by_name: BTreeMap<&str, u64> = strata
        .iter()
        .map(|(stratum, population)| (stratum.as_str(), population.unsigned_abs()))
        .collect();
    let sizes = plan
        .allocate(&by_name)
        .map_err(|fault| Error::invalid("size", sentence(&fault.to_string())))?;
    Ok(by_name
        .into_iter()
        .zip(sizes)
        .map(|((stratum, population), size)| Allotted {
            stratum: stratum.into(),
            population,
            size,
            reserves: plan.reserves_per_stratum.min(population - size),
        })
        .collect())
}

/// What a sample of this size can tell, in words.
pub fn precision_in_words(size: u64, population: u64) -> String {
    if size >= population {
        return format!("All {population} cases are read, so every share is known exactly.");
    }
    let half_width = margin(0.5, size, Some(population), Level::NINETY_FIVE);
    let Some(half_width) = half_width.ok().filter(|width| width.is_finite()) else {
        return "No case is read, so nothing becomes known.".into();
    };
    let points = 100.0 * half_width;
    format!(
        "With {size} of {population} cases read, a share near one half is known to within {points:.1} \
         percentage points either way, in 95 of 100 such samples; a share nearer to nothing or all, \
         more closely. A single category is known less well than the whole."
    )
}

/// Takes a case out of the sample for one of the framework's reasons; the next reserve of its
/// category takes its place, where the reason lets one.
///
/// # Errors
/// When the case is not in the sample, was read, or the reason is none of the framework's.
pub async fn replace(
    call: &Call,
    inspection: &InspectionId,
    reference: &str,
    reason: &str,
) -> Result<CaseReplaced> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ReplaceCase).await?;
    let reason = framework_of(&inspection)?
        .find_elimination(reason)
        .ok_or_else(|| Error::invalid("reason", "Choose why the case cannot be read"))?;
    let mut operation = call.begin().await?;
    let case = store::load_for_replacement(operation.connection(), &inspection.id, reference)
        .await?
        .ok_or(Error::NotFound)?;
    let event = step::replace(&leave, &case, reason)?;
    store::replace(operation.connection(), call.now, &event).await?;
    operation.commit(&leave, &event).await?;
    Ok(event)
}

/// The inspection's sample, if it is drawn.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn find(call: &Call, inspection: &InspectionId) -> Result<Option<Sample>> {
    let (inspection, _) = inspection::load_for(call, inspection, Action::ReadSample).await?;
    Ok(store::find(call.reader(), &inspection.id).await?)
}

/// A case that is read beside the sample, as the page of the sample shows it.
#[derive(Debug, Clone)]
pub struct PickedBeside {
    /// The case.
    pub case: PickedCase,
    /// Whether this person is to read it themselves, and is not told why it was picked.
    pub still_to_read: bool,
}

/// The cases that were picked, in the order in which they were. Entered in the journal.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_beside(call: &Call, inspection: &InspectionId) -> Result<Vec<PickedBeside>> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ReadSample).await?;
    let picked = store::picking::picked(call.reader(), &inspection.id).await?;
    if picked.is_empty() {
        return Ok(Vec::new());
    }
    call.record_read(&leave, format!("case/{}", inspection.id))
        .await?;
    let hidden = audit::cases_still_to_read(call, &inspection.id).await?;
    let beside = picked.into_iter().map(|case| PickedBeside {
        still_to_read: hidden.contains(&case.reference),
        case,
    });
    Ok(beside.collect())
}

/// The cases of a sample from one on, so many, with what became of each. Entered in the journal.
///
/// # Errors
/// As [`inspection::load_for`].
pub async fn read_cases(
    call: &Call,
    inspection: &InspectionId,
    from: u64,
    many: u64,
) -> Result<Vec<SampledCase>> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ReadSample).await?;
    call.record_read(&leave, format!("case/{}", inspection.id.0))
        .await?;
    Ok(store::cases(call.reader(), &inspection.id, from, many).await?)
}

/// Draws again from the recorded certificate and the case list, and names everything that is
/// not the same; nothing, when the draw holds. Entered in the journal.
///
/// # Errors
/// When no sample is drawn.
pub async fn redraw(call: &Call, inspection: &InspectionId) -> Result<Vec<String>> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ReadSample).await?;
    let sample = store::find(call.reader(), &inspection.id)
        .await?
        .ok_or(Error::NotFound)?;
    call.record_read(&leave, format!("cases/{}", inspection.id))
        .await?;
    let certificate = match sample.certificate() {
        Ok(certificate) => certificate,
        Err(_) => return Ok(vec!["the recorded certificate cannot be read".into()]),
    };
    let mut connection = call.reader().acquire().await?;
    let frame =
        drawing::frame_of(list_store::present_rows(&mut connection, &inspection.id).await?)?;
    drop(connection);
    let mut differences: Vec<String> = match draw::verify(&certificate, &frame) {
        Ok(()) => Vec::new(),
        Err(differences) => differences.iter().map(ToString::to_string).collect(),
    };
    let kept = store::cases(call.reader(), &inspection.id, 0, 0).await?;
    differences.extend(compare_kept(&certificate, &kept));
    Ok(differences)
}

/// Where the cases kept for reading are not those of the certificate.
fn compare_kept(certificate: &Draw, kept: &[SampledCase]) -> Vec<String> {
    let place = |stratum: &str, position: i64| format!("{stratum}, place {position}");
    let drawn: BTreeMap<&str, String> = certificate
        .cases
        .iter()
        .map(|case| {
            let position = whole(case.position);
            (case.reference.as_str(), place(&case.stratum, position))
        })
        .collect();
    let here: BTreeMap<&str, String> = kept
        .iter()
        .map(|case| (case.reference.as_str(), place(&case.stratum, case.position)))
        .collect();
    let lost = drawn
        .iter()
        .filter(|(case, at)| here.get(*case) != Some(at));
    let strange = here.keys().filter(|case| !drawn.contains_key(*case));
    lost.map(|(case, at)| {
        format!("case {case}: the certificate has it as {at}, the sample does not")
    })
    .chain(strange.map(|case| format!("case {case} is in the sample but not in the certificate")))
    .collect()
}

#[cfg(test)]
pub(crate) mod tests;
