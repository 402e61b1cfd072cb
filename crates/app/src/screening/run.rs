//! Checking every case: from the kept timelines to what was found, in the background.
//!
//! Three work at the same time: one reads timelines, one checks them, one writes what was found.
//! It is written under the run's id, some cases at a time, each time in a short transaction of its
//! own, so that others can write meanwhile. No page reaches it before the last transaction makes
//! the run a screening. A newer run of the same inspection takes the place of one that is still at
//! work; what a run leaves that was broken off, the next one takes away.

mod checking;
mod input;
mod keeping;

pub(super) use checking::CaseFound;
pub(super) use keeping::Screened;

use self::checking::check;
use self::input::Input;
use self::keeping::{Checked, Keeping};
use super::standards::calendar;
use super::store::{self, ImportState, TimelineImport};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::job;
use crate::web::moment::day_in_words;
use crate::wording::capital;
use jiff::civil::Date;
use std::sync::Arc;
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{InspectionId, JobId, ScreeningId};
use tokio::sync::mpsc;

/// Cases whose timelines are read, and whose verdicts are written, at once.
const CASES_AT_ONCE: usize = 400;
/// Batches that may wait to be checked or written.
const BATCHES_WAITING: usize = 4;

/// Of which days a check is asked, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The last day of which the timelines are taken to know; empty for the last that they know.
    pub as_of: String,
    /// Only what had been recorded by the end of that day; empty for all.
    pub known_at: String,
}

impl From<&str> for Asked {
    /// As of that day, with all that the timelines hold.
    fn from(as_of: &str) -> Self {
        Asked {
            as_of: as_of.to_owned(),
            known_at: String::new(),
        }
    }
}

/// What the subject of a screening's job is.
pub fn subject(inspection: &InspectionId) -> String {
    format!("screening/{inspection}")
}

/// Checks every case of the list that has a timeline, in the background.
///
/// # Errors
/// When there are no timelines, or the day cannot be used.
pub async fn start(call: &Call, inspection: &InspectionId, asked: &Asked) -> Result<JobId> {
    let order = Order::accept(call, inspection, asked).await?;
    let about = subject(&order.inspection.id);
    let total = order.timelines.case_count.unsigned_abs();
    let id = job::start(call, "screening", &about, total).await?;
    let (begun_by, told) = (call.clone(), job::teller(call, &id, "Checking cases"));
    job::carry_on(call, &id, async move {
        let page = format!("/inspections/{}/screening", order.inspection.id);
        carry_out(&begun_by, order, CASES_AT_ONCE, &told).await?;
        Ok(page)
    });
    Ok(id)
}

/// Checks every case of the list that has a timeline, and waits for it.
///
/// # Errors
/// As [`start`], and when the case list, the timelines or the standards were changed meanwhile,
/// or another run took this one's place.
pub async fn run(
    call: &Call,
    inspection: &InspectionId,
    asked: impl Into<Asked>,
) -> Result<ScreeningId> {
    run_in_parts(call, inspection, asked, CASES_AT_ONCE).await
}

/// As [`run`], with so many cases in each part.
pub(super) async fn run_in_parts(
    call: &Call,
    inspection: &InspectionId,
    asked: impl Into<Asked>,
    at_once: usize,
) -> Result<ScreeningId> {
    let order = Order::accept(call, inspection, &asked.into()).await?;
    carry_out(call, order, at_once, &|_| {}).await
}

/// A check that can be made: what whoever asks for it must hear at once was looked at.
struct Order {
    inspection: Inspection,
    leave: Permit,
    timelines: TimelineImport,
    as_of: Date,
    known_at: Option<Date>,
    /// The first instant at which nothing had been recorded yet that is asked for.
    known_before: Option<i64>,
    nation: &'static str,
}

impl Order {
    async fn accept(call: &Call, inspection: &InspectionId, asked: &Asked) -> Result<Self> {
        let (inspection, leave) =
            inspection::load_for(call, inspection, Action::RunScreening).await?;
        let timelines = store::find_import(call.reader(), &inspection.id, ImportState::In, None)
            .await?
            .ok_or_else(|| {
                Error::Refused("There are no timelines to check yet: import them first.".into())
            })?;
        let known_at = known_at(&asked.known_at)?;
        Ok(Order {
            as_of: as_of(&asked.as_of, timelines.known_to.0)?,
            known_at,
            known_before: known_at.map(end_of).transpose()?,
            nation: nation(&inspection)?,
            timelines,
            inspection,
            leave,
        })
    }
}

/// The last day that is taken to be known: no later than the timelines know of.
fn as_of(text: &str, known_to: Date) -> Result<Date> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(known_to);
    }
    let day: Date = text.parse().map_err(|_| {
        Error::invalid(
            "as_of",
            "Enter the last day of which the timelines know, such as 2026-01-31",
        )
    })?;
    if day > known_to {
        let known = day_in_words(known_to);
        return Err(Error::invalid(
            "as_of",
            format!(
                "The timelines know of nothing after {known}, so what was done later would be said to be missed. Enter {known} or an earlier day, or import newer timelines"
            ),
        ));
    }
    Ok(day)
}

fn known_at(text: &str) -> Result<Option<Date>> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            Error::invalid(
                "known_at",
                "Enter the day up to which entries count, such as 2025-12-31, or leave it empty",
            )
        }),
    }
}

/// The first instant after a day, in microseconds since 1970.
fn end_of(day: Date) -> Result<i64> {
    calendar()
        .end_of(day)
        .map_err(|fault| Error::invalid("known_at", capital(&fault.to_string())))
}

/// Whose law applies to the force.
fn nation(inspection: &Inspection) -> Result<&'static str> {
    let code = inspection.nation.as_str();
    crate::force::NATIONS
        .iter()
        .find_map(|(known, name)| (*known == code).then_some(*name))
        .ok_or_else(|| {
            Error::Refused(format!(
                "The force’s nation is “{code}”, for which there are no standards: they are those of England or Wales."
            ))
        })
}

/// Hears how many cases are read.
type Told<'t> = &'t (dyn Fn(u64) + Send + Sync);

async fn carry_out(
    call: &Call,
    order: Order,
    at_once: usize,
    told: Told<'_>,
) -> Result<ScreeningId> {
    let input = Input::load(call, order).await?;
    let keeping = Keeping::begin(call, &input).await?;
    let ended = match check_all(call, &input, &keeping, at_once, told).await {
        Ok(checked) => keeping.finish(checked).await,
        Err(error) => Err(error),
    };
    if ended.is_err() {
        keeping.give_up().await;
    }
    ended
}

/// Reads, checks and writes what was found, all at the same time.
async fn check_all(
    call: &Call,
    input: &Input,
    keeping: &Keeping<'_>,
    at_once: usize,
    told: Told<'_>,
) -> Result<Checked> {
    let (to_check, blocks) = mpsc::channel(BATCHES_WAITING);
    let (to_keep, found) = mpsc::channel(BATCHES_WAITING);
    let (plan, facts) = (Arc::clone(&input.plan), input.facts());
    let checker =
        tokio::task::spawn_blocking(move || check(&plan, &facts, blocks, to_keep, at_once));
    let (read, kept) = tokio::join!(
        input.read_all(call, to_check, at_once, told),
        keeping.take_all(found)
    );
    let tally = checker.await;
    // Where writing fails, reading and checking stop because of it.
    kept?;
    Ok(Checked {
        input_digest: read?,
        tally: tally.map_err(|error| Error::Internal(error.to_string()))??,
    })
}
