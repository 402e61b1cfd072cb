//! Checking every case: from the kept timelines to what was found, in the background.

use super::standards::{KeptStandard, Standards, calendar};
use super::store;
use super::timeline::{as_events, parse};
use super::verdict::KeptVerdict;
use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::job;
use crate::wording::capital;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use throughline_domain::access::{Action, Permit};
use throughline_domain::id::{InspectionId, JobId, ScreeningId};
use throughline_domain::screening::{self as step, CasesScreened, Standing};
use throughline_screening::block::Block;
use throughline_screening::engine::{
    Basis, CaseList, Facts, Finding, OutOfOrder, Plan, Sink, Tally, screen,
};
use tokio::sync::mpsc;

/// Cases that are read at once.
const CASES_AT_ONCE: usize = 400;
/// Batches that may wait to be checked.
const BATCHES_WAITING: usize = 4;

/// What the subject of a screening's job is.
pub fn subject(inspection: &InspectionId) -> String {
    format!("screening/{inspection}")
}

/// Checks every case of the list that has a timeline, in the background.
///
/// # Errors
/// When there are no timelines, or the day cannot be used.
pub async fn start(call: &Call, inspection: &InspectionId, as_of: &str) -> Result<JobId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::RunScreening).await?;
    let input = Input::load(call, inspection, as_of).await?;
    let total = input.cases.len() as u64;
    let id = job::start(call, "screening", &subject(&input.inspection.id), total).await?;
    let (call, job) = (call.clone(), id.clone());
    tokio::spawn(async move {
        let done = Arc::new(AtomicU64::new(0));
        let teller = tokio::spawn(tell(call.clone(), job.clone(), Arc::clone(&done)));
        let page = format!("/inspections/{}/screening", input.inspection.id);
        let ended = carry_out(&call, &leave, input, &done).await;
        teller.abort();
        if job::finish(&call, &job, ended.map(|_| page)).await.is_err() {
            tracing::error!(%job, "a job's end could not be written down");
        }
    });
    Ok(id)
}

/// Checks every case of the list that has a timeline, and waits for it.
///
/// # Errors
/// As [`start`], and when the timelines or standards were changed meanwhile.
pub async fn run(call: &Call, inspection: &InspectionId, as_of: &str) -> Result<ScreeningId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::RunScreening).await?;
    let input = Input::load(call, inspection, as_of).await?;
    carry_out(call, &leave, input, &Arc::default()).await
}

async fn tell(call: Call, job: JobId, done: Arc<AtomicU64>) {
    let mut every = tokio::time::interval(Duration::from_millis(500));
    let mut told = 0;
    loop {
        every.tick().await;
        let now = done.load(Ordering::Relaxed);
        if now != told
            && job::report(&call, &job, now, "Checking cases")
                .await
                .is_ok()
        {
            told = now;
        }
    }
}

/// What a screening rests on.
struct Input {
    inspection: Inspection,
    as_of: Date,
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
    async fn load(call: &Call, inspection: Inspection, as_of: &str) -> Result<Self> {
        let import = store::find_import(call.reader(), &inspection.id)
            .await?
            .ok_or_else(|| {
                Error::Refused("There are no timelines to check yet: import them first.".into())
            })?;
        let as_of = match as_of.trim() {
            "" => import.known_to.0,
            text => text.parse().map_err(|_| {
                Error::invalid(
                    "as_of",
                    "Enter the last day of which the timelines know, such as 2026-01-31",
                )
            })?,
        };
        let standards = super::load_standards(call, &inspection.id).await?;
        let basis = Basis {
            nation: Some(nation(&inspection).to_owned()),
            ..Basis::new(calendar(), as_of)
        };
        let unrecorded = standards.unrecorded(&import.activities()?);
        let mut library = standards.library.clone();
        for &place in &unrecorded {
            let why = "the timelines never record what it awaits";
            library.standards[place].switched_off = Some(why.to_owned());
        }
        let plan = Plan::compile(&library, &basis)
            .map_err(|fault| Error::invalid("as_of", capital(&fault.to_string())))?;
        let mut cases = store::listed_cases(call.reader(), &inspection.id).await?;
        let listed = cases.len();
        cases.retain(|case| case.has_timeline());
        cases.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(Input {
            as_of,
            timelines: u32::try_from(import.version).unwrap_or(u32::MAX),
            standards,
            plan: Arc::new(plan),
            unrecorded,
            without_timeline: (listed - cases.len()) as u64,
            cases,
            inspection,
        })
    }

    fn standing(&self) -> Standing {
        Standing {
            timelines: Some(self.timelines),
            standards: self.standards.version,
        }
    }
}

/// Whose law applies to the force.
fn nation(inspection: &Inspection) -> &'static str {
    match inspection.nation.as_str() {
        "wales" => "Wales",
        _ => "England",
    }
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

async fn carry_out(
    call: &Call,
    leave: &Permit,
    input: Input,
    done: &Arc<AtomicU64>,
) -> Result<ScreeningId> {
    let (send, receive) = mpsc::channel(BATCHES_WAITING);
    let facts = facts_of(&input.cases);
    let plan = Arc::clone(&input.plan);
    let checker = tokio::task::spawn_blocking(move || check(&plan, &facts, receive));
    let digest = read_all(call, &input, &send, done).await;
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
    send: &mpsc::Sender<Result<Block>>,
    done: &AtomicU64,
) -> Result<String> {
    let mut digest = Sha256::new();
    for batch in input.cases.chunks(CASES_AT_ONCE) {
        let references: Vec<&str> = batch.iter().map(|case| case.reference.as_str()).collect();
        let timelines = store::timelines(call.reader(), &input.inspection.id, &references).await?;
        let mut cases = Vec::with_capacity(batch.len());
        for reference in references {
            let text = timelines.get(reference).map_or("[]", String::as_str);
            for part in [reference, "\n", text, "\n"] {
                digest.update(part.as_bytes());
            }
            let events = as_events(&parse(text)?, &input.standards.library.vocabulary)?;
            cases.push((reference, events));
        }
        if send.send(Ok(input.plan.block(&cases))).await.is_err() {
            break;
        }
        done.fetch_add(batch.len() as u64, Ordering::Relaxed);
    }
    Ok(hex::encode(digest.finalize()))
}

/// Why a check ended early.
struct Stopped(Error);

impl From<OutOfOrder> for Stopped {
    fn from(error: OutOfOrder) -> Self {
        Stopped(Error::Internal(error.to_string()))
    }
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
    type Error = Stopped;

    fn case(&mut self, reference: &str, findings: &[Finding]) -> Result<(), Stopped> {
        self.add(reference, findings);
        Ok(())
    }

    fn across(&mut self, reference: &str, findings: &[Finding]) -> Result<(), Stopped> {
        self.add(reference, findings);
        Ok(())
    }
}

type Checked = (Tally, BTreeMap<String, Vec<KeptVerdict>>);

fn check(
    plan: &Plan,
    facts: &dyn Facts,
    mut receive: mpsc::Receiver<Result<Block>>,
) -> Result<Checked> {
    let blocks = std::iter::from_fn(|| receive.blocking_recv());
    let parts = blocks.map(|block| Some(block.map_err(Stopped)));
    let mut sink = Gathered {
        plan,
        verdicts: BTreeMap::new(),
    };
    let shard = screen(plan, parts, facts, 1, &mut sink).map_err(|Stopped(error)| error)?;
    let tally = shard
        .finish(plan, &mut sink)
        .map_err(|Stopped(error)| error)?;
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
            timelines: input.standing().timelines.unwrap_or(0),
            standards: input.standards.version,
            standards_digest: input.standards.digest.clone(),
            input_digest,
            as_of: input.as_of,
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
