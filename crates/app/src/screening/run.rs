//! Checking every case: from the kept timelines to what was found, in the background.

use super::standards::{KeptStandard, Standards, calendar};
use super::store;
use super::timeline::{as_events, parse};
use super::verdict::KeptVerdict;
use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::job;
use crate::web::moment::day_in_words;
use crate::wording::capital;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{InspectionId, JobId, ScreeningId};
use throughline_domain::screening::{self as step, CasesScreened};
use throughline_screening::block::Block;
use throughline_screening::engine::{
    Basis, CaseList, Facts, Finding, OutOfOrder, Plan, Sink, Tally, screen,
};
use tokio::sync::mpsc;

/// Cases that are read at once.
const CASES_AT_ONCE: usize = 400;
/// Batches that may wait to be checked.
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
    let (inspection, leave) = inspection::load_for(call, inspection, Action::RunScreening).await?;
    let input = Input::load(call, inspection, asked).await?;
    let total = input.cases.len() as u64;
    let id = job::start(call, "screening", &subject(&input.inspection.id), total).await?;
    let (begun_by, told) = (call.clone(), job::teller(call, &id, "Checking cases"));
    job::carry_on(call, &id, async move {
        let page = format!("/inspections/{}/screening", input.inspection.id);
        carry_out(&begun_by, &leave, input, &told).await?;
        Ok(page)
    });
    Ok(id)
}

/// Checks every case of the list that has a timeline, and waits for it.
///
/// # Errors
/// As [`start`], and when the timelines or standards were changed meanwhile.
pub async fn run(
    call: &Call,
    inspection: &InspectionId,
    asked: impl Into<Asked>,
) -> Result<ScreeningId> {
    let asked = asked.into();
    let (inspection, leave) = inspection::load_for(call, inspection, Action::RunScreening).await?;
    let input = Input::load(call, inspection, &asked).await?;
    carry_out(call, &leave, input, &|_| {}).await
}

/// What a screening rests on.
struct Input {
    inspection: Inspection,
    as_of: Date,
    known_at: Option<Date>,
    /// The first instant at which nothing had been recorded yet that is asked for.
    known_before: Option<i64>,
    timelines: u32,
    standards: Standards,
    plan: Arc<Plan>,
    /// The places of the standards that the timelines say nothing of.
    unrecorded: BTreeSet<usize>,
    /// The cases with a timeline, in ascending order of the bytes of their reference.
    cases: Vec<store::ListedCase>,
    without_timeline: u64,
}

impl Input {
    async fn load(call: &Call, inspection: Inspection, asked: &Asked) -> Result<Self> {
        let import = store::find_import(call.reader(), &inspection.id, "in", None)
            .await?
            .ok_or_else(|| {
                Error::Refused("There are no timelines to check yet: import them first.".into())
            })?;
        let as_of = as_of(&asked.as_of, import.known_to.0)?;
        let known_at = known_at(&asked.known_at)?;
        let standards = super::load_standards(call, &inspection.id).await?;
        let unrecorded = standards.unrecorded(&import.activities()?);
        let plan = compile(&standards, &unrecorded, nation(&inspection)?, as_of)?;
        let listed = store::listed_cases(call.reader(), &inspection.id, import.version).await?;
        let all = listed.len();
        let mut cases = listed;
        cases.retain(|case| case.has_timeline());
        cases.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(Input {
            as_of,
            known_at,
            known_before: known_at.map(end_of).transpose()?,
            timelines: u32::try_from(import.version).unwrap_or(u32::MAX),
            standards,
            plan: Arc::new(plan),
            unrecorded,
            without_timeline: (all - cases.len()) as u64,
            cases,
            inspection,
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

fn compile(
    standards: &Standards,
    unrecorded: &BTreeSet<usize>,
    nation: &str,
    as_of: Date,
) -> Result<Plan> {
    let mut library = standards.library.clone();
    for &place in unrecorded {
        let why = "the timelines never record what it awaits";
        library.standards[place].switched_off = Some(why.to_owned());
    }
    let basis = Basis {
        nation: Some(nation.to_owned()),
        ..Basis::new(calendar(), as_of)
    };
    Plan::compile(&library, &basis)
        .map_err(|fault| Error::invalid("as_of", capital(&fault.to_string())))
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

/// What was found, ready to be kept.
pub(super) struct Screened {
    pub tally: Tally,
    pub standards: Vec<KeptStandard>,
    pub library: String,
    /// For each case with a verdict, all of them.
    pub verdicts: BTreeMap<String, Vec<KeptVerdict>>,
    pub cases: Vec<store::ListedCase>,
    pub without_timeline: u64,
    pub event: CasesScreened,
}

/// Hears how many cases are read.
type Told<'t> = &'t (dyn Fn(u64) + Send + Sync);

async fn carry_out(
    call: &Call,
    leave: &Permit,
    input: Input,
    told: Told<'_>,
) -> Result<ScreeningId> {
    let (send, receive) = mpsc::channel(BATCHES_WAITING);
    let facts = facts_of(&input.cases);
    let plan = Arc::clone(&input.plan);
    let checker = tokio::task::spawn_blocking(move || check(&plan, &facts, receive));
    let digest = read_all(call, &input, &send, told).await;
    drop(send);
    let checked = checker
        .await
        .map_err(|error| Error::Internal(error.to_string()))?;
    let (input_digest, (tally, verdicts)) = (digest?, checked?);
    keep(call, leave, input, input_digest, tally, verdicts).await
}

fn facts_of(cases: &[store::ListedCase]) -> CaseList {
    let mut facts = CaseList::default();
    for case in cases {
        facts.add(&case.reference, &case.area, &case.category);
    }
    facts
}

/// Reads the timelines in order and hands them over as blocks; returns their digest.
async fn read_all(
    call: &Call,
    input: &Input,
    send: &mpsc::Sender<Block>,
    told: Told<'_>,
) -> Result<String> {
    let (mut digest, mut done) = (Sha256::new(), 0);
    for batch in input.cases.chunks(CASES_AT_ONCE) {
        let references: Vec<&str> = batch.iter().map(|case| case.reference.as_str()).collect();
        let timelines = store::timelines(
            call.reader(),
            &input.inspection.id,
            i64::from(input.timelines),
            &references,
        )
        .await?;
        let mut cases = Vec::with_capacity(batch.len());
        for reference in references {
            let text = timelines.get(reference).map_or("[]", String::as_str);
            for part in [reference, "\n", text, "\n"] {
                digest.update(part.as_bytes());
            }
            let vocabulary = &input.standards.library.vocabulary;
            let events = as_events(&parse(text)?, vocabulary, input.known_before)?;
            cases.push((reference, events));
        }
        if send.send(input.plan.block(&cases)).await.is_err() {
            break;
        }
        done += batch.len() as u64;
        told(done);
    }
    Ok(hex::encode(digest.finalize()))
}

/// Gathers the verdicts of each case.
struct Gathered<'p> {
    plan: &'p Plan,
    verdicts: BTreeMap<String, Vec<KeptVerdict>>,
}

impl Gathered<'_> {
    fn add(&mut self, reference: &str, findings: &[Finding]) {
        let kept = findings.iter().map(|f| KeptVerdict::of(f, self.plan));
        let verdicts = self.verdicts.entry(reference.to_owned()).or_default();
        verdicts.extend(kept);
    }
}

impl Sink for Gathered<'_> {
    type Error = OutOfOrder;

    fn case(&mut self, reference: &str, findings: &[Finding]) -> Result<(), OutOfOrder> {
        self.add(reference, findings);
        Ok(())
    }

    fn across(&mut self, reference: &str, findings: &[Finding]) -> Result<(), OutOfOrder> {
        self.add(reference, findings);
        Ok(())
    }
}

type Checked = (Tally, BTreeMap<String, Vec<KeptVerdict>>);

fn check(plan: &Plan, facts: &dyn Facts, mut receive: mpsc::Receiver<Block>) -> Result<Checked> {
    let blocks = std::iter::from_fn(|| receive.blocking_recv());
    let parts = blocks.map(|block| Some(Ok::<_, OutOfOrder>(block)));
    let mut sink = Gathered {
        plan,
        verdicts: BTreeMap::new(),
    };
    let broken = |error: OutOfOrder| Error::Internal(error.to_string());
    let shard = screen(plan, parts, facts, 1, &mut sink).map_err(broken)?;
    let tally = shard.finish(plan, &mut sink).map_err(broken)?;
    Ok((tally, sink.verdicts))
}

async fn keep(
    call: &Call,
    leave: &Permit,
    input: Input,
    input_digest: String,
    tally: Tally,
    verdicts: BTreeMap<String, Vec<KeptVerdict>>,
) -> Result<ScreeningId> {
    let missing = verdicts
        .values()
        .filter(|of_case| of_case.iter().any(|verdict| verdict.found.is_missed()));
    let cases_missing = missing.count() as u64;
    let checked: BTreeSet<&str> = tally.standards.iter().map(|s| s.id.as_str()).collect();
    let mut standards = input.standards.explain();
    for &place in &input.unrecorded {
        standards[place].unrecorded = true;
    }
    standards.retain(|one| one.unrecorded || checked.contains(one.id.as_str()));
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    let standing = store::standing(connection, &input.inspection.id).await?;
    let number = store::next_number(connection, &input.inspection.id).await?;
    let event = step::screen(
        leave,
        standing,
        CasesScreened {
            inspection: input.inspection.id.0.clone(),
            screening: ScreeningId::from_random(call.app.random()),
            number,
            timelines: input.timelines,
            standards: input.standards.version,
            standards_digest: input.standards.digest.clone(),
            input_digest,
            as_of: input.as_of,
            known_at: input.known_at,
            cases: tally.cases,
            cases_missing,
        },
    )?;
    let screened = Screened {
        tally,
        standards,
        library: input.standards.name(),
        verdicts,
        cases: input.cases,
        without_timeline: input.without_timeline,
        event,
    };
    store::insert_screening(connection, call, &screened).await?;
    operation.commit(leave, &screened.event).await?;
    Ok(screened.event.screening)
}
