//! The register: every published recommendation, where it stands, and how it came there.

use super::store::{self, EntryRow, RecommendationRow, Wanted};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::framework;
use jiff::civil::Date;
use throughline_domain::access::{Action, Relation};
use throughline_domain::id::{InspectionId, RecommendationId};

pub use super::store::Tally;

/// A recommendation, as the register says it today.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: RecommendationId,
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Its number within the series of rounds.
    pub number: i64,
    /// The force's code.
    pub force_code: String,
    /// The force's name.
    pub force_name: String,
    /// What is asked.
    pub detail: String,
    /// Of whom.
    pub owner: String,
    /// Its time limit, in words.
    pub limit: String,
    /// The day of publication.
    pub published_on: Date,
    /// The last day of its time limit.
    pub due_on: Option<Date>,
    /// The code of its status.
    pub status_code: String,
    /// Its status in words.
    pub status: String,
    /// The day of that status.
    pub status_on: Option<Date>,
    /// Whether something is still owed.
    pub open: bool,
    /// Whole days since publication.
    pub age_days: i64,
    /// Whole days past its time limit, while open; 0 when it is not past it.
    pub days_over: i64,
}

impl Entry {
    fn new(row: RecommendationRow, today: Date) -> Self {
        let framework = framework::find(&row.framework);
        let limit = framework
            .and_then(|framework| framework.find_recommendation_limit(&row.time_limit))
            .map_or_else(|| row.time_limit.clone(), |limit| limit.title.clone());
        let (status, open) = status_in_words(&row.framework, row.status.as_deref());
        let due_on = row.due_on.map(|due| due.0);
        let over = due_on.map_or(0, |due| days_between(due, today));
        Entry {
            id: row.id.0,
            inspection: row.inspection_id.0,
            number: row.number,
            force_code: row.force_code,
            force_name: row.force_name,
            detail: row.detail,
            owner: row.owner,
            limit,
            published_on: row.published_on.0,
            due_on,
            status_code: row.status.unwrap_or_default(),
            status,
            status_on: row.status_on.map(|day| day.0),
            open,
            age_days: days_between(row.published_on.0, today).max(0),
            days_over: if open { over.max(0) } else { 0 },
        }
    }

    /// Whether it is open past its time limit.
    pub fn is_overdue(&self) -> bool {
        self.days_over > 0
    }

    /// The first words of what is asked, for a table.
    pub fn opening(&self) -> String {
        const LETTERS_MAX: usize = 160;
        if self.detail.chars().count() <= LETTERS_MAX {
            return self.detail.clone();
        }
        let kept: String = self.detail.chars().take(LETTERS_MAX).collect();
        let end = kept.rfind(' ').unwrap_or(kept.len());
        format!("{} …", &kept[..end])
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// A status in words, and whether something is still owed. One that the framework does not
/// know stays as it is, and open.
fn status_in_words(framework: &str, code: Option<&str>) -> (String, bool) {
    let Some(code) = code else {
        return ("No status yet".into(), true);
    };
    framework::find(framework)
        .and_then(|framework| framework.find_status(code))
        .map_or_else(
            || (code.to_owned(), true),
            |status| (status.title.clone(), status.open),
        )
}

/// Every status that a register may show, with its code, each once.
pub fn statuses() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for status in framework::all().iter().flat_map(|f| &f.statuses) {
        if !all.iter().any(|(code, _)| *code == status.code) {
            all.push((status.code.clone(), status.title.clone()));
        }
    }
    all
}

/// All published recommendations to a force, or to all forces when the code is empty.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call, force_code: &str) -> Result<Vec<Entry>> {
    let filter = Filter {
        force: force_code.to_owned(),
        ..Filter::default()
    };
    search(call, &filter, (i64::MAX, 0)).await
}

/// How many recommendations are published, and how many of them are owed and late.
///
/// # Errors
/// When the database does not answer.
pub async fn tally(call: &Call) -> Result<Tally> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(store::tally(call.reader(), call.today()).await?)
}

/// What a reader of the register asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The force's code, or empty.
    pub force: String,
    /// The status's code, or empty.
    pub status: String,
    /// Only those open past their limit.
    pub overdue: bool,
}

impl Filter {
    fn wanted(&self, today: Date) -> Wanted<'_> {
        Wanted {
            force_code: &self.force,
            status: &self.status,
            overdue_on: self.overdue.then_some(today),
        }
    }
}

/// The forces to which a recommendation is published: the code of each with its name, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list_forces(call: &Call) -> Result<Vec<(String, String)>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(store::list_forces_asked(call.reader()).await?)
}

/// How many recommendations a filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn count(call: &Call, filter: &Filter) -> Result<i64> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(store::count_recommendations(call.reader(), &filter.wanted(call.today())).await?)
}

/// The recommendations that a filter lets through: so many, from a place on.
///
/// # Errors
/// When the database does not answer.
pub async fn search(
    call: &Call,
    filter: &Filter,
    limit_and_offset: (i64, i64),
) -> Result<Vec<Entry>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    let today = call.today();
    let wanted = filter.wanted(today);
    let rows = store::list_recommendations(call.reader(), &wanted, limit_and_offset).await?;
    Ok(rows.into_iter().map(|row| Entry::new(row, today)).collect())
}

/// One entry of a history.
#[derive(Debug, Clone)]
pub struct Step {
    /// Of which recommendation.
    pub recommendation: RecommendationId,
    /// Its number in that history.
    pub number: i64,
    /// Its day.
    pub day: Date,
    /// The status it records, in words; none for a comment.
    pub status: Option<String>,
    /// What was said.
    pub detail: String,
    /// Who said it: a side, never a person.
    pub by: &'static str,
}

impl Step {
    fn new(row: EntryRow) -> Self {
        let status = (row.kind == "status")
            .then(|| status_in_words(&row.framework, row.status.as_deref()).0);
        Step {
            recommendation: row.recommendation_id.0,
            number: row.number,
            day: row.day.0,
            status,
            detail: row.detail,
            by: side(&row.role),
        }
    }
}

fn side(role: &str) -> &'static str {
    match role {
        "force-liaison" | "force-chief" => "the force",
        "reader" => "the local policing body",
        _ => "the inspectorate",
    }
}

/// A published recommendation with its history, oldest first.
///
/// # Errors
/// [`Error::NotFound`] when it is not published.
pub async fn load(call: &Call, id: &RecommendationId) -> Result<(Entry, Vec<Step>)> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    let row = store::find_recommendation(call.reader(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let steps = store::list_entries(call.reader(), id).await?;
    Ok((
        Entry::new(row, call.today()),
        steps.into_iter().map(Step::new).collect(),
    ))
}

/// The histories of all published recommendations.
///
/// # Errors
/// When the database does not answer.
pub async fn list_steps(call: &Call) -> Result<Vec<Step>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    let rows = store::list_all_entries(call.reader()).await?;
    Ok(rows.into_iter().map(Step::new).collect())
}

/// The histories of these recommendations, as far as they are published.
///
/// # Errors
/// When the database does not answer.
pub async fn list_steps_of(call: &Call, entries: &[Entry]) -> Result<Vec<Step>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    let ids: Vec<&RecommendationId> = entries.iter().map(|entry| &entry.id).collect();
    let rows = store::list_entries_of(call.reader(), &ids).await?;
    Ok(rows.into_iter().map(Step::new).collect())
}

/// How many entries the histories of all published recommendations have.
///
/// # Errors
/// When the database does not answer.
pub async fn count_steps(call: &Call) -> Result<i64> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(store::count_entries(call.reader()).await?)
}
