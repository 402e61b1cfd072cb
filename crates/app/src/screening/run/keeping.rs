//! What was found on its way into the database: in parts that no page reaches, and then at once.

use super::checking::CaseFound;
use super::input::Input;
use crate::app::Call;
use crate::error::{Error, Result};
use crate::screening::standards::KeptStandard;
use crate::screening::store;
use std::collections::BTreeSet;
use throughline_domain::id::{InspectionId, ScreeningId};
use throughline_domain::screening::{self as step, CasesScreened};
use throughline_screening::engine::Tally;
use tokio::sync::mpsc;

/// Rows of a run that was broken off which are taken away at once.
const ROWS_AT_ONCE: u32 = 2_000;

/// What a check came to, besides what it found in each case.
pub(super) struct Checked {
    pub input_digest: String,
    pub tally: Tally,
}

/// A screening, ready to be kept; what was found in its cases is written already.
pub(in crate::screening) struct Screened {
    pub tally: Tally,
    pub standards: Vec<KeptStandard>,
    pub library: String,
    pub without_timeline: u64,
    pub event: CasesScreened,
}

/// A run that is at work.
pub(super) struct Keeping<'k> {
    call: &'k Call,
    input: &'k Input,
    run: ScreeningId,
}

impl<'k> Keeping<'k> {
    /// Begins a run, in place of any other of the inspection that is still at work, and takes away
    /// what those left that were broken off.
    pub async fn begin(call: &'k Call, input: &'k Input) -> Result<Self> {
        let run = ScreeningId::from_random(call.app.random());
        let mut transaction = call.app.store.begin().await?;
        store::begin_run(&mut transaction, call, &input.inspection.id, &run).await?;
        transaction.commit().await?;
        sweep(call, &input.inspection.id).await?;
        Ok(Keeping { call, input, run })
    }

    /// Writes what was found part by part, until none comes any more.
    ///
    /// # Errors
    /// When another run took the place of this one.
    pub async fn take_all(&self, mut parts: mpsc::Receiver<Vec<CaseFound>>) -> Result<()> {
        while let Some(part) = parts.recv().await {
            let mut rows = store::PartRows::of(&self.run, self.input.as_of);
            for found in &part {
                let reference = &found.reference;
                let case = self.input.find_case(reference).ok_or_else(|| {
                    Error::Internal(format!("case {reference} was checked and is not listed"))
                })?;
                rows.add(case, found)?;
            }
            let mut transaction = self.call.app.store.begin().await?;
            store::check_run(&mut transaction, &self.run).await?;
            rows.insert(&mut transaction).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Makes the run a screening: from then on its pages show what was found.
    ///
    /// # Errors
    /// As [`Keeping::take_all`], and when what it rests on was changed meanwhile.
    pub async fn finish(&self, checked: Checked) -> Result<ScreeningId> {
        let input = self.input;
        let standards = standards_of(input, &checked.tally);
        let mut operation = self.call.begin().await?;
        let connection = operation.connection();
        store::check_run(connection, &self.run).await?;
        let standing = store::standing(connection, &input.inspection.id).await?;
        let number = store::next_number(connection, &input.inspection.id).await?;
        let event = step::screen(
            &input.leave,
            standing,
            CasesScreened {
                inspection: input.inspection.id.0.clone(),
                screening: self.run.clone(),
                number,
                case_list: input.case_list,
                timelines: input.timelines,
                standards: input.standards.version,
                standards_digest: input.standards.digest.clone(),
                input_digest: checked.input_digest,
                as_of: input.as_of,
                known_at: input.known_at,
                cases: checked.tally.cases,
                cases_missing: store::count_missing(connection, &self.run).await?,
            },
        )?;
        let screened = Screened {
            tally: checked.tally,
            standards,
            library: input.standards.name(),
            without_timeline: input.without_timeline,
            event,
        };
        store::insert_screening(connection, self.call, &screened).await?;
        operation.commit(&input.leave, &screened.event).await?;
        Ok(screened.event.screening)
    }

    /// Breaks the run off and takes away what it wrote. Where that fails too, the next run of the
    /// inspection does it.
    pub async fn give_up(&self) {
        if let Err(error) = self.break_off().await {
            let kind = error.kind();
            tracing::warn!(run = %self.run, kind, "what a run left could not be taken away yet");
        }
    }

    async fn break_off(&self) -> Result<()> {
        let mut transaction = self.call.app.store.begin().await?;
        store::break_off_run(&mut transaction, self.call, &self.run).await?;
        transaction.commit().await?;
        sweep(self.call, &self.input.inspection.id).await
    }
}

/// Takes away what runs left that were broken off, in short transactions.
async fn sweep(call: &Call, inspection: &InspectionId) -> Result<()> {
    for run in store::broken_off_runs(call.reader(), inspection).await? {
        let mut is_gone = false;
        while !is_gone {
            let mut transaction = call.app.store.begin().await?;
            is_gone = store::take_away(&mut transaction, &run, ROWS_AT_ONCE).await?;
            transaction.commit().await?;
        }
    }
    Ok(())
}

/// The standards that were checked, and those that could not be, as they were understood.
fn standards_of(input: &Input, tally: &Tally) -> Vec<KeptStandard> {
    let checked: BTreeSet<&str> = tally.standards.iter().map(|s| s.id.as_str()).collect();
    let mut standards = input.standards.explain();
    for &place in &input.unrecorded {
        standards[place].unrecorded = true;
    }
    standards.retain(|one| one.unrecorded || checked.contains(one.id.as_str()));
    standards
}
