//! What a check rests on: the case list, the timelines and the standards as they stand.

use super::{Order, Told};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection::Inspection;
use crate::screening::standards::{Standards, calendar};
use crate::screening::timeline::{as_events, parse};
use crate::screening::{load_standards, store};
use crate::wording::capital;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use throughline_domain::access::Permit;
use throughline_screening::block::Block;
use throughline_screening::engine::{Basis, CaseList, Plan};
use tokio::sync::mpsc;

/// What a screening rests on.
pub(super) struct Input {
    pub inspection: Inspection,
    pub leave: Permit,
    pub as_of: Date,
    pub known_at: Option<Date>,
    known_before: Option<i64>,
    pub case_list: u32,
    pub timelines: u32,
    pub standards: Standards,
    pub plan: Arc<Plan>,
    /// The places of the standards that the timelines say nothing of.
    pub unrecorded: BTreeSet<usize>,
    /// The cases with a timeline, in ascending order of the bytes of their reference.
    cases: Vec<store::ListedCase>,
    pub without_timeline: u64,
}

impl Input {
    /// Loads what was ordered.
    pub async fn load(call: &Call, order: Order) -> Result<Self> {
        let (inspection, timelines) = (order.inspection, order.timelines);
        let standards = load_standards(call, &inspection.id).await?;
        let unrecorded = standards.unrecorded(&timelines.activities()?);
        let plan = compile(&standards, &unrecorded, order.nation, order.as_of)?;
        // Read before the cases: a list that comes in between is noticed when the run ends.
        let mut connection = call.reader().acquire().await?;
        let standing = store::standing(&mut connection, &inspection.id).await?;
        drop(connection);
        let mut cases =
            store::listed_cases(call.reader(), &inspection.id, timelines.version).await?;
        let all = cases.len();
        cases.retain(|case| case.has_timeline());
        cases.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(Input {
            leave: order.leave,
            as_of: order.as_of,
            known_at: order.known_at,
            known_before: order.known_before,
            case_list: standing.case_list,
            timelines: u32::try_from(timelines.version).unwrap_or(u32::MAX),
            standards,
            plan: Arc::new(plan),
            unrecorded,
            without_timeline: (all - cases.len()) as u64,
            cases,
            inspection,
        })
    }

    /// What counts are broken down by.
    pub fn facts(&self) -> CaseList {
        let mut facts = CaseList::default();
        for case in &self.cases {
            facts.add(&case.reference, &case.area, &case.category);
        }
        facts
    }

    /// A case of the list.
    pub fn find_case(&self, reference: &str) -> Option<&store::ListedCase> {
        let found = self
            .cases
            .binary_search_by(|case| case.reference.as_str().cmp(reference));
        found.ok().map(|place| &self.cases[place])
    }

    /// Reads the timelines in order and hands them over as blocks, until nobody takes them any
    /// more; returns their digest.
    pub async fn read_all(
        &self,
        call: &Call,
        send: mpsc::Sender<Block>,
        at_once: usize,
        told: Told<'_>,
    ) -> Result<String> {
        let (mut digest, mut done) = (Sha256::new(), 0);
        for batch in self.cases.chunks(at_once) {
            let block = self.read(call, batch, &mut digest).await?;
            if send.send(block).await.is_err() {
                break;
            }
            done += batch.len() as u64;
            told(done);
        }
        Ok(hex::encode(digest.finalize()))
    }

    async fn read(
        &self,
        call: &Call,
        batch: &[store::ListedCase],
        digest: &mut Sha256,
    ) -> Result<Block> {
        let references: Vec<&str> = batch.iter().map(|case| case.reference.as_str()).collect();
        let (pool, version) = (call.reader(), i64::from(self.timelines));
        let timelines = store::timelines(pool, &self.inspection.id, version, &references).await?;
        let vocabulary = &self.standards.library.vocabulary;
        let mut cases = Vec::with_capacity(batch.len());
        for reference in references {
            let text = timelines.get(reference).map_or("[]", String::as_str);
            for part in [reference, "\n", text, "\n"] {
                digest.update(part.as_bytes());
            }
            let events = as_events(&parse(text)?, vocabulary, self.known_before)?;
            cases.push((reference, events));
        }
        Ok(self.plan.block(&cases))
    }
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
