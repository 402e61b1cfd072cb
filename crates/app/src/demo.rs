//! The demonstration: two fictional forces over two years, told through the program's own
//! operations, each at its time in the past. Nothing in it happened to anybody.
//!
//! The story in short: Sudmark is inspected. Norhaven is inspected, plans, is followed up twice
//! (no clear change, then one beyond chance), and is being followed up a third time while
//! Sudmark checks a draft. Everybody who signs in has something to do.

pub mod cli;

mod aftermath;
mod case;
mod dice;
mod paper;
mod people;
mod present;
mod progress;
mod reading;
mod round;
mod story;
mod words;

pub use people::{PASSWORD, Who};
pub use progress::Progress;
pub use story::Made;

use crate::app::App;
use crate::error::Result;
use crate::{journal, published_record};
use aftermath::Asked;
use dice::Dice;
use jiff::Timestamp;
use people::{People, Police};
use round::{Round, RoundPlan};
use std::sync::Arc;
use story::Story;
use throughline_domain::access::Actor;
use throughline_domain::id::InspectionId;
use words::{CONCERNS, LATER_CONCERNS};

/// How much of everything there is.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Cases that each force opens on a day: Norhaven, Sudmark.
    pub cases_a_day: [u64; 2],
    /// Cases drawn in Norhaven's inspection and its three follow-ups.
    pub norhaven: [u64; 4],
    /// Cases drawn in Sudmark's inspection and its follow-up.
    pub sudmark: [u64; 2],
}

impl Scale {
    /// What `throughline demo` shows: the first sample is as large as that of the inspection
    /// of the Metropolitan Police in 2016.
    pub fn full() -> Self {
        Scale {
            cases_a_day: [17, 6],
            norhaven: [374, 120, 160, 60],
            sudmark: [60, 40],
        }
    }

    /// As little as the whole story needs.
    pub fn small() -> Self {
        Scale {
            cases_a_day: [4, 4],
            norhaven: [36, 24, 24, 36],
            sudmark: [18, 18],
        }
    }

    fn cases_a_day(&self, police: Police) -> u64 {
        match police {
            Police::Norhaven => self.cases_a_day[0],
            Police::Sudmark => self.cases_a_day[1],
        }
    }
}

/// The beginning of the story, in days before now.
const BEGINNING: i64 = 640;

/// Fills an empty database with the whole story as it stands now.
///
/// # Errors
/// When an operation refuses, which would be a fault of the program, or the database fails.
pub async fn fill(
    app: &Arc<App>,
    now: Timestamp,
    seed: u64,
    scale: Scale,
    progress: &Progress,
) -> Result<Made> {
    let mut story = begin(app, now, seed, scale, progress).await?;
    let sudmark = sudmark_inspected(&mut story).await?;
    let (norhaven, asked) = norhaven_inspected(&mut story).await?;
    let first = first_follow_up(&mut story, norhaven, &asked).await?;
    let second = second_follow_up(&mut story, first, &asked).await?;
    present::tell(&mut story, sudmark, second).await?;
    let reader = app.call(Actor::operator(), now);
    story.made.entries = journal::head(&reader).await?.size();
    Ok(story.made)
}

async fn begin<'p>(
    app: &Arc<App>,
    now: Timestamp,
    seed: u64,
    scale: Scale,
    progress: &'p Progress,
) -> Result<Story<'p>> {
    progress.stage("Forces, accounts and the published record");
    let beginning = now - jiff::SignedDuration::from_hours(24 * BEGINNING);
    let mut story = Story {
        people: People::add(app, beginning).await?,
        app: Arc::clone(app),
        scale,
        seed,
        dice: Dice::new(seed),
        made: Made::default(),
        progress,
        now,
    };
    let operator = app.call(Actor::operator(), story.on(BEGINNING - 1, "10:00"));
    let text = throughline_domain::published::shipped_text();
    let imported = published_record::import(&operator, text, "published-inspections.csv").await?;
    story.made.published = imported.rows;
    Ok(story)
}

/// A small finished inspection of the other force.
async fn sudmark_inspected(story: &mut Story<'_>) -> Result<InspectionId> {
    let plan = RoundPlan {
        title: "Child protection inspection".into(),
        period: (880, 680),
        listed: 590,
        size: story.scale.sudmark[0],
        shift: -0.12,
        ..of_sudmark(None)
    };
    let mut round = round::prepare(story, plan).await?;
    round::read_all(story, &mut round).await?;
    let asked = aftermath::conclude(story, &round, &CONCERNS[3..5]).await?;
    round::wait_for_answers(story, &mut round).await?;
    let published = report(story, &round, paper::OF_INSPECTION).await?;
    let news = ["being-progressed", "complete"].into_iter();
    for (one, status) in asked.iter().zip(news) {
        let detail = "The force has shown its records of the last three months.";
        aftermath::record(story, one, published - 85, status, detail).await?;
    }
    Ok(round.id)
}

/// What is the same in every round of Sudmark.
fn of_sudmark(after: Option<InspectionId>) -> RoundPlan {
    RoundPlan {
        police: Police::Sudmark,
        after,
        title: String::new(),
        lead: Who::Larch,
        approves: Who::Oak,
        readers: vec![Who::Birch, Who::Cedar],
        answers: Who::Juniper,
        first_day: 880,
        period: (0, 0),
        shift: 0.0,
        listed: 0,
        size: 0,
        reading_days: 6,
        screened: false,
    }
}

/// What is the same in every round of Norhaven.
fn of_norhaven(after: Option<InspectionId>) -> RoundPlan {
    RoundPlan {
        police: Police::Norhaven,
        after,
        title: String::new(),
        lead: Who::Oak,
        approves: Who::Larch,
        readers: vec![Who::Alder, Who::Birch, Who::Cedar],
        answers: Who::Hazel,
        first_day: 700,
        period: (0, 0),
        shift: 0.0,
        listed: 0,
        size: 0,
        reading_days: 9,
        screened: false,
    }
}

/// The inspection of Norhaven, and the force's plan.
async fn norhaven_inspected(story: &mut Story<'_>) -> Result<(InspectionId, Vec<Asked>)> {
    let plan = RoundPlan {
        title: "Child protection inspection".into(),
        period: (700, 460),
        listed: 430,
        size: story.scale.norhaven[0],
        reading_days: 20,
        ..of_norhaven(None)
    };
    let mut round = round::prepare(story, plan).await?;
    round::read_all(story, &mut round).await?;
    let asked = aftermath::conclude(story, &round, &CONCERNS).await?;
    round::wait_for_answers(story, &mut round).await?;
    let published = report(story, &round, paper::OF_INSPECTION).await?;
    let actions = aftermath::plan(story, &asked, published).await?;
    aftermath::report_progress(story, &actions, published).await?;
    Ok((round.id, asked))
}

/// Writes a report and publishes it; returns the day, counted back from today.
async fn report(story: &mut Story<'_>, round: &Round, words: &str) -> Result<i64> {
    let written = round.written();
    let id = paper::write(story, round, written, words).await?;
    paper::publish(story, round, &id, written - 1).await?;
    Ok(written - 15)
}

/// The first follow-up finds no clear change.
async fn first_follow_up(
    story: &mut Story<'_>,
    after: InspectionId,
    asked: &[Asked],
) -> Result<InspectionId> {
    let plan = RoundPlan {
        title: "First quarterly update".into(),
        period: (380, 291),
        listed: 262,
        size: story.scale.norhaven[1],
        shift: -0.01,
        ..of_norhaven(Some(after))
    };
    let mut round = round::prepare(story, plan).await?;
    round::read_all(story, &mut round).await?;
    let judgements = ["some-progress", "some-progress", "no-progress"];
    aftermath::judge(story, &round, asked, &judgements).await?;
    round::wait_for_answers(story, &mut round).await?;
    let published = report(story, &round, paper::OF_NO_CHANGE).await?;
    for one in asked {
        let status = "Work is under way; the cases of the first update do not show it yet.";
        aftermath::record(story, one, published - 2, "being-progressed", status).await?;
    }
    Ok(round.id)
}

/// The second finds a change beyond chance, closes two recommendations and makes another.
async fn second_follow_up(
    story: &mut Story<'_>,
    after: InspectionId,
    asked: &[Asked],
) -> Result<InspectionId> {
    let plan = RoundPlan {
        title: "Second quarterly update".into(),
        period: (270, 181),
        listed: 150,
        size: story.scale.norhaven[2],
        shift: -0.22,
        screened: true,
        ..of_norhaven(Some(after))
    };
    let mut round = round::prepare(story, plan).await?;
    round::read_all(story, &mut round).await?;
    let judgements = [
        "complete",
        "good-progress",
        "some-progress",
        "complete",
        "good-progress",
    ];
    aftermath::judge(story, &round, asked, &judgements).await?;
    let more = aftermath::conclude(story, &round, &LATER_CONCERNS).await?;
    round::wait_for_answers(story, &mut round).await?;
    let published = report(story, &round, paper::OF_CHANGE).await?;
    for one in asked.iter().step_by(3).take(2) {
        let status = "Every file read in the second update shows it.";
        aftermath::record(story, one, published - 2, "complete", status).await?;
    }
    for one in &more {
        aftermath::undertake(story, one, published - 14, -60).await?;
    }
    Ok(round.id)
}

#[cfg(test)]
mod tests;
