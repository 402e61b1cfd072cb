//! Figures: computed once from the audits of one inspection, frozen, and shown everywhere.
//!
//! Nothing else computes a figure. A set carries the figures with their basis, the tables and
//! charts made of them, already without the small counts that may not leave the house, and
//! the conclusions that stand beside them.

mod conclusion;
mod failing;
mod grade;
mod input;
mod own_grade;
mod protect;
mod reading;
mod referral;
mod series;
mod sheet;
mod standard;
mod statement;
mod store;

pub use series::{Change, Round, estimated};

use crate::app::{Call, Operation};
use crate::error::{Error, Fault, Result};
use crate::framework;
use crate::inspection::{self, Inspection};
use crate::recommendation::Asked;
use input::{EarlierRound, Inputs};
use serde::{Deserialize, Serialize};
use sheet::Sheet;
use sqlx::AnyConnection;
use throughline_domain::access::Permit;
use throughline_domain::framework::Framework;
use throughline_domain::id::ReportId;
use throughline_reports::chart::{Chart, IntervalDots};
use throughline_reports::document::Block;
use throughline_reports::figure::{Figure, Figures};
use throughline_reports::table::Table;
use throughline_stats::disclosure::Statement;

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
    /// What is asked of the force, in the words that were frozen.
    #[serde(default)]
    pub asked: Vec<Asked>,
    /// Why grades may not leave the team yet, where readers do not agree as the programme asks.
    #[serde(default)]
    pub gate_shut: Option<String>,
    /// What the protected tables say about which cases. It holds no number that is withheld, and
    /// is kept to hold later publications against.
    #[serde(default)]
    pub statements: Vec<Statement>,
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

/// Computes the figures of an inspection from everything recorded so far, and protects their
/// tables. It takes seconds of arithmetic, away from the threads that answer pages: it is for the
/// steps that freeze figures, and no page that shows them calls it.
///
/// # Errors
/// When the database does not answer, a conclusion holds a typed figure, or the figures would give
/// away something beside those published before.
pub async fn compute(call: &Call, _leave: &Permit, inspection: &Inspection) -> Result<FigureSet> {
    let (inputs, rounds) = read(call, inspection).await?;
    let earlier = store::published_statements(call.reader(), &inspection.id).await?;
    let now = call.now;
    tokio::task::spawn_blocking(move || work_out(&inputs, &rounds, earlier, now))
        .await
        .map_err(|error| Error::Internal(format!("working out the figures: {error}")))?
}

fn work_out(
    inputs: &Inputs,
    rounds: &[Round],
    earlier: Vec<Statement>,
    now: jiff::Timestamp,
) -> Result<FigureSet> {
    let known = known_framework(&inputs.framework)?;
    let mut sheet = Sheet::new(inputs, known, earlier, now);
    grade::figures(&mut sheet)?;
    failing::figures(&mut sheet)?;
    own_grade::figures(&mut sheet)?;
    standard::figures(&mut sheet)?;
    reading::figures(&mut sheet)?;
    referral::figures(&mut sheet)?;
    conclusion::figures(&mut sheet)?;
    series::figures(&mut sheet, rounds)?;
    check_against_published(&sheet)?;
    Ok(sheet.finish())
}

/// Nothing is frozen that gives somebody away beside what was published before.
fn check_against_published(sheet: &Sheet<'_>) -> Result<()> {
    let threshold = u64::from(sheet.framework.disclosure_threshold);
    let found = statement::give_away(&sheet.earlier, &sheet.statements, threshold);
    if found.is_empty() {
        return Ok(());
    }
    let fault = |what: String| Fault {
        field: "report".into(),
        message: format!(
            "These figures cannot stand beside those published before: {what}. Correct the words without new figures, or wait until more has changed."
        ),
    };
    Err(Error::Invalid(found.into_iter().map(fault).collect()))
}

/// The digest of what the figures of an inspection rest on now: it differs from that of a
/// frozen set when something has changed since.
///
/// # Errors
/// When the database does not answer.
pub async fn digest(call: &Call, _leave: &Permit, inspection: &Inspection) -> Result<String> {
    Ok(read(call, inspection).await?.0.digest())
}

/// Everything that the figures rest on at one moment, with the rounds of the series up to this
/// one. Earlier rounds are what their reports say; this one is what its audits say.
async fn read(call: &Call, inspection: &Inspection) -> Result<(Inputs, Vec<Round>)> {
    let series = inspection::store::list_of_series(call.reader(), &inspection.series_id).await?;
    let mut moment = call.app.store.begin_snapshot().await?;
    let (mut earlier, mut rounds) = (Vec::new(), Vec::new());
    for before in series {
        if before.round < inspection.round {
            let published = store::find_published(&mut moment, &before.id).await?;
            let missed = published.as_ref().map(standard::shares_missed);
            let round = published_round(&mut moment, before, published).await?;
            earlier.push(EarlierRound {
                inspection: round.inspection.id.to_string(),
                below_good: round.measure.clone(),
                missed: missed.unwrap_or_default(),
            });
            rounds.push(round);
        }
    }
    let inputs = store::read(&mut moment, inspection, earlier).await?;
    let known = known_framework(&inputs.framework)?;
    let share = series::share_below_good(&inputs.grades, known);
    rounds.push(round(inspection.clone(), share)?);
    Ok((inputs, rounds))
}

/// Every round of the series that an inspection belongs to, in order: as their reports have it,
/// and as their audits stand where nothing was published.
///
/// # Errors
/// When the database does not answer.
pub async fn rounds(call: &Call, _leave: &Permit, inspection: &Inspection) -> Result<Vec<Round>> {
    let series = inspection::store::list_of_series(call.reader(), &inspection.series_id).await?;
    let mut moment = call.app.store.begin_snapshot().await?;
    let mut rounds = Vec::new();
    for inspection in series {
        let published = store::find_published(&mut moment, &inspection.id).await?;
        rounds.push(published_round(&mut moment, inspection, published).await?);
    }
    Ok(rounds)
}

/// A round with the share below good that was published of it, or that its audits give now.
async fn published_round(
    connection: &mut AnyConnection,
    inspection: Inspection,
    published: Option<Figures>,
) -> Result<Round> {
    if let Some(figure) = published.and_then(|figures| figures.find("below-good").cloned()) {
        return round(inspection, figure);
    }
    let grades = store::read_grades(connection, &inspection.id).await?;
    let known = known_framework(&inspection.framework)?;
    round(inspection, series::share_below_good(&grades, known))
}

fn round(inspection: Inspection, share: Figure) -> Result<Round> {
    let framework = inspection.framework.clone();
    Round::new(inspection, share).ok_or_else(|| grade::unknown_framework(&framework))
}

fn known_framework(id: &str) -> Result<&'static Framework> {
    framework::find(id).ok_or_else(|| grade::unknown_framework(id))
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
