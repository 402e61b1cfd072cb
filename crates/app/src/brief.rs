//! The brief: one page on a force from published figures, for somebody who is asked this
//! afternoon.

pub mod pages;
pub mod paper;

use crate::app::Call;
use crate::error::Result;
use crate::published::profile::{self, Profile};
use crate::published::register::Entry;
use crate::published::{Round, Run, round};
use jiff::civil::Date;
use throughline_reports::figure::{Measure, count};

/// What the page says.
#[derive(Debug, Clone)]
pub struct Brief {
    /// Everything published about the force.
    pub profile: Profile,
    /// The day it was made.
    pub today: Date,
    /// The latest finding, in a sentence.
    pub finding: String,
    /// Whether it has changed by more than chance, a sentence for each comparison.
    pub changes: Vec<String>,
    /// What may not be compared, and why.
    pub apart: Vec<String>,
    /// What was sent back and what came of it.
    pub sent_back: Vec<String>,
    /// What is owed, in a sentence.
    pub owed: String,
    /// The open recommendations shown, the oldest first.
    pub open: Vec<Entry>,
    /// How many more are open.
    pub more_open: usize,
}

/// How many open recommendations fit on the page.
const OPEN_SHOWN: usize = 4;

/// The brief on a force.
///
/// # Errors
/// [`crate::error::Error::NotFound`] when nobody knows the force.
pub async fn load(call: &Call, force: &str) -> Result<Brief> {
    let profile = profile::load(call, force).await?;
    let mut open: Vec<Entry> = profile
        .recommendations
        .iter()
        .filter(|entry| entry.open)
        .cloned()
        .collect();
    open.sort_by_key(|entry| {
        (
            std::cmp::Reverse(entry.days_over),
            entry.published_on,
            entry.number,
        )
    });
    let owed = owed(&profile, &open);
    let more_open = open.len().saturating_sub(OPEN_SHOWN);
    open.truncate(OPEN_SHOWN);
    Ok(Brief {
        finding: finding(&profile),
        changes: profile.runs.iter().flat_map(changes).collect(),
        apart: profile.runs.iter().skip(1).map(apart).collect(),
        sent_back: profile
            .rounds
            .iter()
            .rev()
            .find_map(sent_back)
            .unwrap_or_else(|| {
                vec!["How many cases were sent straight back has not been published.".into()]
            }),
        owed,
        open,
        more_open,
        today: call.today(),
        profile,
    })
}

fn finding(profile: &Profile) -> String {
    let Some(round) = profile.latest_known() else {
        return match profile.rounds.last() {
            Some(round) => format!(
                "{} ({}) is published, without a figure for the cases below good.",
                round.name(),
                round.published()
            ),
            None => "Nothing has been published about this force.".into(),
        };
    };
    format!(
        "{} Graded by {}, {}, published {}.{}",
        found(round),
        round.event.graded_by.title(),
        round::lower_first(&round.name()),
        round.published(),
        if round.event.scope.code() == "child-protection" {
            ""
        } else {
            " It looked at the exploitation of children only."
        }
    )
}

/// The share of the latest round: the figure for the force, and what it rests on.
fn found(round: &Round) -> String {
    match (&round.below_good, round.counted()) {
        (Measure::Proportion { k, n, .. }, None) => format!(
            "Of all the force’s cases, {} are estimated to be below good; {} of the {} read were.",
            round.share(),
            count(*k),
            count(*n)
        ),
        _ => {
            let counted = round.counted_in_words().unwrap_or_else(|| round.share());
            format!("{counted} cases were graded below good: {}.", round.share())
        }
    }
}

fn changes(run: &Run) -> Vec<String> {
    run.said()
        .iter()
        .map(|change| format!("{}: {}", change.between, change.words))
        .collect()
}

fn apart(run: &Run) -> String {
    let labels: Vec<String> = run.rounds.iter().map(Round::label).collect();
    format!(
        "{}: not comparable with group A. {}",
        labels.join("; "),
        run.apart_because.join(" ")
    )
}

/// What a round says of the cases sent back, where it says anything.
fn sent_back(round: &Round) -> Option<Vec<String>> {
    if !round.about_sent_back.is_empty() {
        let each = round
            .about_sent_back
            .iter()
            .map(|(label, printed)| format!("{label}: {printed}."));
        return Some(
            std::iter::once(format!("From the report on the {}:", round.label_within()))
                .chain(each)
                .collect(),
        );
    }
    let sent = round.event.referred_back?;
    Some(vec![format!(
        "{}: {} of {} cases were sent straight back because a child might still be at risk. What the force answered was not published with the figures.",
        round.label(),
        count(sent),
        count(round.event.cases)
    )])
}

fn owed(profile: &Profile, open: &[Entry]) -> String {
    if profile.recommendations.is_empty() {
        return "No recommendation to this force is in the register of this service.".into();
    }
    let late = open.iter().filter(|entry| entry.is_overdue()).count();
    let oldest = open.iter().map(|entry| entry.age_days).max();
    let all = profile.recommendations.len();
    match oldest {
        None if all == 1 => "The one published recommendation is closed.".into(),
        None => format!("All {all} published recommendations are closed."),
        Some(days) => format!(
            "{} published recommendation{} open, {late} past the time limit; the oldest was made {}.",
            match open.len() {
                count if count == all && all == 1 => "The one".into(),
                count => format!("{count} of {all}"),
            },
            if all == 1 { " is" } else { "s are" },
            match days {
                0 => "today".into(),
                days => format!("{} ago", round::days(&days)),
            }
        ),
    }
}

#[cfg(test)]
mod tests;
