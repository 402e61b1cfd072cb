//! The first page after signing in: what is urgent, what is due, what waits for whom.
//!
//! It only counts and lists; nothing is done here. Case references stand beside a person's
//! own audits, and nothing else of a case.

mod force;
pub mod hub;
mod office;
pub mod pages;
mod store;
mod team;

pub use store::Published;

use crate::app::Call;
use crate::error::Result;
use crate::inspection::line::thousands;
use crate::referral::{self, Record, view};
use crate::web::moment::day_in_words;
use jiff::civil::Date;
use throughline_domain::access::{Action, Relation, Role};

/// A number with its name, leading to what it counts.
#[derive(Debug, Clone)]
pub struct Card {
    /// What is counted.
    pub label: &'static str,
    /// How many, set for reading.
    pub figure: String,
    /// What the number means today.
    pub note: String,
    /// Where it leads.
    pub path: &'static str,
    /// Whether it may not be overlooked.
    pub urgent: bool,
}

impl Card {
    fn new(label: &'static str, count: i64, path: &'static str, note: impl Into<String>) -> Self {
        Card {
            label,
            figure: thousands(count),
            note: note.into(),
            path,
            urgent: false,
        }
    }
}

/// One thing to do.
#[derive(Debug, Clone)]
pub struct Task {
    /// What.
    pub title: String,
    /// Where it is done.
    pub path: String,
    /// Of which inspection, for which force.
    pub note: String,
    /// When it is due, in words.
    pub due: String,
    /// How its being due is marked: a clock's classes, or that the day has passed.
    pub mark: &'static str,
}

/// The mark of a day that is due.
fn mark(due: Date, today: Date) -> &'static str {
    if due < today {
        "tl-task__due--late"
    } else {
        ""
    }
}

/// Things to do of one kind, the first due first.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its heading.
    pub heading: &'static str,
    /// What is listed.
    pub tasks: Vec<Task>,
    /// How many there are in all.
    pub total: i64,
    /// What it means that there is none.
    pub empty: &'static str,
    /// Where all of them are.
    pub all: Option<&'static str>,
}

impl Section {
    /// How many are not listed here.
    pub fn further(&self) -> i64 {
        self.total - i64::try_from(self.tasks.len()).unwrap_or(i64::MAX)
    }
}

/// What a person's first page says.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// Referrals past a limit, longest first.
    pub urgent: Vec<Record>,
    /// How many of these there are in all.
    pub urgent_total: i64,
    /// The numbers.
    pub cards: Vec<Card>,
    /// What to do.
    pub sections: Vec<Section>,
}

/// How many things of one kind the page lists.
const LISTED: i64 = 10;

/// What this person's first page says.
///
/// # Errors
/// When nobody is signed in, or the database does not answer.
pub async fn overview(call: &Call) -> Result<Work> {
    let _leave = call.permit(Action::ReadWork, Relation::Own)?;
    match call.actor.role {
        Role::Inspector | Role::LeadInspector => team::overview(call).await,
        Role::ForceLiaison | Role::ForceChief => force::overview(call).await,
        Role::Administrator => office::administrator(call).await,
        Role::Reader => office::reader(call).await,
        Role::Public | Role::Operator | Role::Clock => Ok(Work::default()),
    }
}

/// Every audit that this person has to write, the first due first.
///
/// # Errors
/// When nobody is signed in, or the database does not answer.
pub async fn own_audits(call: &Call) -> Result<Section> {
    let _leave = call.permit(Action::ReadWork, Relation::Own)?;
    team::own_audits(call).await
}

/// The latest published reports, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn latest_published(call: &Call) -> Result<Vec<Published>> {
    let _leave = call.permit(Action::ReadPublished, Relation::Open)?;
    Ok(store::latest_published(call.reader()).await?)
}

/// The referrals in a state, for the page: the first few and how many there are.
async fn referrals(call: &Call, state: &str) -> Result<(Vec<Record>, i64)> {
    referral::list(call, &in_state(state), (LISTED, 0)).await
}

fn in_state(state: &str) -> referral::Filter {
    referral::Filter {
        inspection: String::new(),
        state: state.into(),
    }
}

/// A referral as a thing to do.
fn referral_task(call: &Call, record: &Record) -> Task {
    let clock = view::foremost(record, call.now);
    let mark = clock.as_ref().map_or("", |clock| clock.classes);
    Task {
        title: format!("Referral {}", record.number),
        path: format!("/referrals/{}", record.id),
        note: format!("{}, {}", record.force_name, record.inspection_title),
        due: clock.map_or_else(|| record.state.title().to_owned(), |clock| clock.words),
        mark,
    }
}

/// A day that is due, as seen today.
fn due_in_words(due: Date, today: Date) -> String {
    let days = (due - today).get_days();
    match days {
        0 => "Due today".into(),
        1 => "Due tomorrow".into(),
        2..=13 => format!("Due in {days} days, {}", day_in_words(due)),
        14.. => format!("Due {}", day_in_words(due)),
        -1 => "Late by 1 day".into(),
        _ => format!("Late by {} days", -days),
    }
}

#[cfg(test)]
mod tests;
