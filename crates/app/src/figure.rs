//! Figures: computed once from the audits of one inspection, frozen, and shown everywhere.
//!
//! Nothing else computes a figure. A set carries the figures with their basis, the tables and
//! charts made of them, already without the small counts that may not leave the house, and
//! the conclusions that stand beside them.

mod conclusion;
mod failing;
mod grade;
mod input;
mod protect;
mod reading;
mod referral;
mod series;
mod sheet;
mod store;

pub use series::{Change, Round};

use crate::app::{Call, Operation};
use crate::error::{Error, Result};
use crate::framework;
use crate::inspection::{self, Inspection};
use input::Inputs;
use serde::{Deserialize, Serialize};
use sheet::Sheet;
use throughline_domain::access::Permit;
use throughline_domain::id::ReportId;
use throughline_reports::chart::{Chart, IntervalDots};
use throughline_reports::document::Block;
use throughline_reports::figure::Figures;
use throughline_reports::table::Table;

/// All that one inspection says in numbers, with what it concludes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureSet {
    /// The figures, each under its key.
    pub figures: Figures,
    /// The tables made of them.
    pub tables: Vec<Table>,
    /// The charts made of them.
    pub charts: Vec<Chart>,
    /// Findings, recommendations and judgements as they stood.
    pub passages: Vec<Passage>,
    /// The framework's id with its version.
    pub framework: String,
    /// The SHA-256 of every row that it all rests on, in hexadecimal.
    pub inputs_digest: String,
    /// When it was computed, RFC 3339.
    pub computed_at: String,
}

/// Blocks that stand together in a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// The name by which a section shows it.
    pub id: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

impl FigureSet {
    /// What a section shows under that name: a table, a chart or a passage. Nothing, where the
    /// inspection has nothing of the kind.
    pub fn show(&self, id: &str) -> Vec<Block> {
        if let Some(passage) = self.passages.iter().find(|passage| passage.id == id) {
            return passage.blocks.clone();
        }
        let chart = self.charts.iter().find(|chart| chart.id() == id).cloned();
        let table = self.tables.iter().find(|table| table.id == id).cloned();
        chart
            .map(Block::Chart)
            .into_iter()
            .chain(table.map(Block::Table))
            .collect()
    }
}

/// Computes the figures of an inspection from everything recorded so far.
///
/// # Errors
/// When the database does not answer.
pub async fn compute(call: &Call, _leave: &Permit, inspection: &Inspection) -> Result<FigureSet> {
    let mut moment = call.app.store.begin_snapshot().await?;
    let inputs = store::read(&mut moment, inspection).await?;
    drop(moment);
    let known = framework::find(&inputs.framework)
        .ok_or_else(|| grade::unknown_framework(&inputs.framework))?;
    let rounds = rounds_until(call, inspection).await?;
    let mut sheet = Sheet::new(&inputs, known, call.now);
    grade::figures(&mut sheet)?;
    failing::figures(&mut sheet)?;
    reading::figures(&mut sheet)?;
    referral::figures(&mut sheet)?;
    conclusion::figures(&mut sheet)?;
    series::figures(&mut sheet, &rounds)?;
    Ok(sheet.finish())
}

/// The digest of what the figures of an inspection rest on now: it differs from that of a
/// frozen set when something has changed since.
///
/// # Errors
/// When the database does not answer.
pub async fn digest(call: &Call, _leave: &Permit, inspection: &Inspection) -> Result<String> {
    let mut moment = call.app.store.begin_snapshot().await?;
    let inputs: Inputs = store::read(&mut moment, inspection).await?;
    Ok(inputs.digest())
}

/// The same digest as it stands in a transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn digest_within(
    operation: &mut Operation,
    _leave: &Permit,
    inspection: &Inspection,
) -> Result<String> {
    Ok(store::read(operation.connection(), inspection)
        .await?
        .digest())
}

/// The rounds of a series up to this one, each with its share below good.
async fn rounds_until(call: &Call, inspection: &Inspection) -> Result<Vec<Round>> {
    let mut rounds = read_rounds(call, inspection).await?;
    rounds.retain(|round| round.inspection.round <= inspection.round);
    Ok(rounds)
}

/// Every round of the series that an inspection belongs to, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn rounds(call: &Call, _leave: &Permit, inspection: &Inspection) -> Result<Vec<Round>> {
    read_rounds(call, inspection).await
}

async fn read_rounds(call: &Call, inspection: &Inspection) -> Result<Vec<Round>> {
    let series = inspection::store::list_of_series(call.reader(), &inspection.series_id).await?;
    let mut moment = call.app.store.begin_snapshot().await?;
    let mut rounds = Vec::new();
    for inspection in series {
        let grades = store::read_grades(&mut moment, &inspection.id).await?;
        let framework = inspection.framework.clone();
        let round = Round::new(inspection, &grades);
        rounds.push(round.ok_or_else(|| grade::unknown_framework(&framework))?);
    }
    Ok(rounds)
}

/// The chart of rounds, in groups that may be compared.
pub fn chart_of_rounds(rounds: &[Round]) -> IntervalDots {
    series::chart(rounds, &|round| {
        Some(format!("below-good-round-{}", round.inspection.round))
    })
}

/// Freezes a set of figures for a report, inside the transaction of the step that does it.
/// Earlier freezes stay.
///
/// # Errors
/// When the database refuses.
pub async fn freeze(
    operation: &mut Operation,
    _leave: &Permit,
    report: &ReportId,
    set: &FigureSet,
    now: jiff::Timestamp,
) -> Result<i64> {
    store::insert_frozen(operation.connection(), report, set, now).await
}

/// The figures of a report as last frozen, with the number of the freeze.
///
/// # Errors
/// When the database does not answer or what it kept is damaged.
pub async fn find_frozen(
    call: &Call,
    _leave: &Permit,
    report: &ReportId,
) -> Result<Option<(i64, FigureSet)>> {
    let Some((number, text)) = store::find_frozen(call.reader(), report).await? else {
        return Ok(None);
    };
    let set = serde_json::from_str(&text)
        .map_err(|error| Error::Internal(format!("the frozen figures of {report}: {error}")))?;
    Ok(Some((number, set)))
}

#[cfg(test)]
mod tests;
