//! The handover: everything open for a force, since when, and who owes what.
//!
//! It is a page for a chief on their first day, so it names no case: referrals appear by
//! their number and clocks, and lead to where those who may can open them.

pub mod pages;
pub mod store;

use crate::app::{Call, london_day};
use crate::error::Result;
use crate::force::{self, Force};
use crate::recommendation::clock::{Clock, ClockStanding, days_between, in_words};
use crate::{plan, recommendation};
use jiff::civil::Date;
use store::{AwaitedReport, OpenReferral};
use throughline_domain::access::{Action, Relation};
use throughline_domain::recommendation::Standing;

/// Who must act next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owes {
    /// The force.
    Force,
    /// The inspectorate.
    Inspectorate,
}

/// Something open.
#[derive(Debug, Clone)]
pub struct Item {
    /// What it is, in a line.
    pub what: String,
    /// How it stands, or what is awaited.
    pub stands: String,
    /// Where it leads.
    pub path: Option<String>,
    /// The day from which it has been open.
    pub since: Date,
    /// For how many days.
    pub age_days: i64,
    /// Its clock, where one runs.
    pub clock: Option<Clock>,
}

/// What somebody owes of one kind, run-out clocks first.
#[derive(Debug, Clone)]
pub struct Duty {
    /// The kind: `Cases sent straight back`.
    pub title: &'static str,
    /// Who owes it.
    pub owes: Owes,
    /// What is open.
    pub items: Vec<Item>,
}

impl Duty {
    fn new(title: &'static str, owes: Owes, mut items: Vec<Item>) -> Self {
        let rank = |item: &Item| match &item.clock {
            Some(clock) => clock.standing,
            None => ClockStanding::Running,
        };
        items.sort_by(|a, b| rank(a).cmp(&rank(b)).then(a.since.cmp(&b.since)));
        Duty { title, owes, items }
    }

    /// How many of them have a clock that ran out.
    pub fn run_out(&self) -> usize {
        self.items
            .iter()
            .filter(|item| item.clock.as_ref().is_some_and(Clock::has_run_out))
            .count()
    }

    /// The longest that one of them has been open, in days.
    pub fn oldest_days(&self) -> i64 {
        self.items
            .iter()
            .map(|item| item.age_days)
            .max()
            .unwrap_or(0)
    }
}

/// Everything open for a force.
#[derive(Debug)]
pub struct Handover {
    /// The force.
    pub force: Force,
    /// The day it was drawn up.
    pub on: Date,
    /// What is owed, the force's duties first; kinds with nothing open are here too.
    pub duties: Vec<Duty>,
}

impl Handover {
    /// The duties of one side.
    pub fn of(&self, owes: &Owes) -> Vec<&Duty> {
        self.duties
            .iter()
            .filter(|duty| duty.owes == *owes)
            .collect()
    }

    /// How much one side owes.
    pub fn open(&self, owes: &Owes) -> usize {
        self.of(owes).iter().map(|duty| duty.items.len()).sum()
    }

    /// On how much of that a clock has run out.
    pub fn run_out(&self, owes: &Owes) -> usize {
        self.of(owes).iter().map(|duty| duty.run_out()).sum()
    }
}

/// Draws up the handover of a force, for its own people and for any team that inspects it.
///
/// # Errors
/// [`crate::error::Error::NotFound`] for everybody else.
pub async fn draw_up(call: &Call, code: &str) -> Result<Handover> {
    let force = force::load(call, code).await?;
    let relation = relation(call, &force).await?;
    let _leave = call.permit(Action::ReadHandover, relation)?;
    let today = call.today();
    let pool = call.reader();
    let referrals = store::open_referrals(pool, &force.id).await?;
    let team = relation == Relation::Team;
    let reports = store::awaited_reports(pool, &force.id, !team).await?;
    let of_referrals = |owes| -> Vec<Item> {
        let mine = referrals.iter().filter(|r| owes_next(r) == owes);
        mine.map(|r| referral_item(r, call)).collect()
    };
    let duties = vec![
        Duty::new(
            "Cases sent straight back",
            Owes::Force,
            of_referrals(Owes::Force),
        ),
        Duty::new(
            "Recommendations not complete",
            Owes::Force,
            recommendation_items(call, &force).await?,
        ),
        Duty::new(
            "Plans not begun",
            Owes::Force,
            unplanned_items(call, &force).await?,
        ),
        Duty::new(
            "Late actions of the plan",
            Owes::Force,
            late_items(call, &force).await?,
        ),
        Duty::new(
            "Accuracy checks",
            Owes::Force,
            accuracy_items(&reports, today),
        ),
        Duty::new(
            "Answers to decide on",
            Owes::Inspectorate,
            of_referrals(Owes::Inspectorate),
        ),
        Duty::new(
            "Reports not published",
            Owes::Inspectorate,
            report_items(&reports, today, team),
        ),
    ];
    Ok(Handover {
        force,
        on: today,
        duties,
    })
}

async fn relation(call: &Call, force: &Force) -> Result<Relation> {
    if let Some(user) = &call.actor.user
        && call.actor.role.is_inspecting()
        && store::is_on_a_team_at(call.reader(), &force.id, user).await?
    {
        return Ok(Relation::Team);
    }
    if call.actor.is_of(&force.id) {
        return Ok(Relation::Served);
    }
    Ok(Relation::Stranger)
}

/// An answered referral waits for the inspectorate; every other one for the force.
fn owes_next(referral: &OpenReferral) -> Owes {
    if referral.state == "answered" {
        Owes::Inspectorate
    } else {
        Owes::Force
    }
}

fn referral_item(referral: &OpenReferral, call: &Call) -> Item {
    let since = london_day(referral.raised_at.0);
    Item {
        what: format!("Referral {}", referral.number),
        stands: match referral.state.as_str() {
            "raised" => "Raised, not acknowledged".into(),
            "acknowledged" => "Acknowledged, not answered".into(),
            "answered" => "Answered, not decided on".into(),
            "refused" => "Answer not accepted; a further answer is owed".into(),
            "escalated" => "Escalated".into(),
            other => other.into(),
        },
        path: Some(format!("/referrals/{}", referral.id)),
        since,
        age_days: days_between(since, call.today()),
        clock: referral_clock(referral, call),
    }
}

/// The clock of a referral that runs out first, of those nothing has stopped.
fn referral_clock(referral: &OpenReferral, call: &Call) -> Option<Clock> {
    let again = referral.state == "refused";
    let running = [
        (
            "Acknowledgement",
            referral.acknowledge_by,
            referral.acknowledged_at.is_none(),
        ),
        (
            "Protective step",
            referral.protect_by,
            referral.protected_at.is_none(),
        ),
        (
            "Answer",
            referral.answer_by,
            referral.answered_at.is_none() || again,
        ),
    ];
    running
        .into_iter()
        .filter(|(_, _, runs)| *runs)
        .min_by_key(|(_, by, _)| by.0)
        .map(|(noun, by, _)| Clock::until(noun, by.0, call.now))
}

async fn recommendation_items(call: &Call, force: &Force) -> Result<Vec<Item>> {
    let today = call.today();
    let published = recommendation::published_to(call.reader(), &force.id).await?;
    let open = published
        .into_iter()
        .filter(|r| r.standing() == Standing::Open);
    Ok(open
        .map(|r| {
            let since = r.published_on.map_or(today, |day| day.0);
            Item {
                what: format!(
                    "{}. {}",
                    r.number,
                    recommendation::pages::first_words(&r.detail)
                ),
                stands: match r.last_day {
                    Some(day) => format!("{}, last entry {}", r.status_title(), in_words(day.0)),
                    None => r.status_title(),
                },
                path: Some(format!("/recommendations/{}", r.id)),
                since,
                age_days: days_between(since, today),
                clock: recommendation::pages::clock(&r, today),
            }
        })
        .collect())
}

async fn unplanned_items(call: &Call, force: &Force) -> Result<Vec<Item>> {
    let today = call.today();
    let published = recommendation::published_to(call.reader(), &force.id).await?;
    let mut items = Vec::new();
    for r in published {
        if r.standing() != Standing::Open || r.actions > 0 {
            continue;
        }
        let since = r.published_on.map_or(today, |day| day.0);
        items.push(Item {
            what: format!("Plan for recommendation {}", r.number),
            stands: "No action yet".into(),
            path: Some(format!("/recommendations/{}/plan", r.id)),
            since,
            age_days: days_between(since, today),
            clock: plan::clock(&r, today)?,
        });
    }
    Ok(items)
}

async fn late_items(call: &Call, force: &Force) -> Result<Vec<Item>> {
    let today = call.today();
    let late = plan::late_of_force(call.reader(), &force.id, today).await?;
    Ok(late
        .into_iter()
        .map(|line| {
            let since = london_day(line.action.added_at.0);
            Item {
                what: line.action.title.clone(),
                stands: format!(
                    "{}, for recommendation {}; {}",
                    line.action.state.title(),
                    line.action.number,
                    line.action.owner
                ),
                path: Some(format!("/actions/{}", line.action.id)),
                since,
                age_days: days_between(since, today),
                clock: Some(line.clock),
            }
        })
        .collect())
}

fn accuracy_items(reports: &[AwaitedReport], today: Date) -> Vec<Item> {
    let served = reports
        .iter()
        .filter(|r| r.state.as_deref() == Some("accuracy-check"));
    served
        .map(|report| {
            let since = report.accuracy_sent_at.map_or(today, |at| london_day(at.0));
            Item {
                what: report.title.clone(),
                stands: "The draft waits for the force’s comments".into(),
                path: report.report_id.as_ref().map(|id| format!("/reports/{id}")),
                since,
                age_days: days_between(since, today),
                clock: report
                    .accuracy_due_on
                    .map(|due| Clock::until_day("", due.0, today).capitalised()),
            }
        })
        .collect()
}

/// The force is not told how far a draft has come before it is served.
fn report_items(reports: &[AwaitedReport], today: Date, team: bool) -> Vec<Item> {
    let item = |report: &AwaitedReport| {
        let since = london_day(report.opened_at.0);
        let stands = match report.state.as_deref() {
            Some("accuracy-check") => "In its accuracy check",
            Some("approved") => "Approved, not published",
            Some(_) if team => "A draft is being written",
            None if team => "Not begun",
            _ => "Not served yet",
        };
        Item {
            what: report.title.clone(),
            stands: format!(
                "{stands}; field work to {}",
                in_words(report.fieldwork_to.0)
            ),
            path: team.then(|| format!("/inspections/{}", report.inspection_id)),
            since,
            age_days: days_between(since, today),
            clock: None,
        }
    };
    reports.iter().map(item).collect()
}

#[cfg(test)]
mod tests;
