//! The public pages: the front page, forces, comparison, and how to check the record.

mod data;
mod register;
mod report;

use super::collection::{self, Collection};
use super::league::Group;
use super::profile::{self, ForceEntry, Profile};
use super::public::{PLAIN, PublicVisit};
use super::round::{Round, day_in_words, kind_in_words};
use super::{Release, register as entries};
use crate::web::{At, Page, PageResult, Routes};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use std::sync::Arc;
use throughline_domain::access::Action;
use throughline_reports::chart::{Chart, Dot, DotGroup, IntervalDots};
use throughline_reports::figure::count;

/// The feature's routes. None needs anybody to sign in.
pub fn routes() -> Routes {
    Routes::new()
        .get("/published", Action::ReadPublished, front)
        .get("/published/forces/{force}", Action::ReadPublished, force)
        .get("/published/compare", Action::ReadPublished, compare)
        .get("/published/check", Action::ReadPublished, check)
        .get("/published/verify.py", Action::ReadPublished, verifier)
        .and(report::routes())
        .and(register::routes())
        .and(data::routes())
}

/// A report, as lists name it.
struct ReportLine {
    release: Release,
    published: String,
    kind: String,
}

fn report_lines(releases: Vec<Release>) -> Vec<ReportLine> {
    let line = |release: Release| ReportLine {
        published: day_in_words(crate::app::london_day(release.first_published_at.0)),
        kind: kind_in_words(&release),
        release,
    };
    releases.into_iter().map(line).collect()
}

const REPORTS_ON_FRONT: usize = 6;

#[derive(Template)]
#[template(path = "published/front.html")]
struct FrontPage {
    page: Page,
    query: String,
    reports: Vec<ReportLine>,
    more_reports: usize,
    forces: Vec<ForceEntry>,
    open: i64,
    overdue: i64,
    recommendations: i64,
    record_rows: usize,
    record_cases: String,
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    all: String,
}

async fn front(visit: PublicVisit, Query(search): Query<Search>) -> PageResult {
    let query = search.q.trim().to_owned();
    let wanted = query.to_lowercase();
    let published = collection::load(visit.call()).await?;
    let mut forces = published.forces.clone();
    forces.retain(|force| force.name.to_lowercase().contains(&wanted));
    let mut reports = published.releases.clone();
    reports.retain(|report| {
        report.force_name.to_lowercase().contains(&wanted)
            || report.title.to_lowercase().contains(&wanted)
    });
    let shown = match search.all.as_str() {
        "" => REPORTS_ON_FRONT,
        _ => reports.len(),
    };
    let more_reports = reports.len().saturating_sub(shown);
    reports.truncate(shown);
    let register = entries::tally(visit.call()).await?;
    let title = if query.is_empty() {
        "Published".to_owned()
    } else {
        format!("Published: {query}")
    };
    visit.show(&FrontPage {
        page: visit.page(title),
        reports: report_lines(reports),
        more_reports,
        forces,
        open: register.open,
        overdue: register.overdue,
        recommendations: register.recommendations,
        record_rows: published.record.len(),
        record_cases: count(published.record.iter().map(|row| row.cases).sum()),
        query,
    })
}

/// A stop on a force's line of rounds.
struct Stop {
    name: String,
    when: String,
    share: String,
    letter: char,
    anchor: String,
    /// Whether it is of another group than the first.
    apart: bool,
    /// Whether the next round is of another group, so that no line leads there.
    gap: bool,
}

fn stops(profile: &Profile) -> Vec<Stop> {
    let letter = |round: &Round| profile.run_of(round).map_or('?', |run| run.letter);
    let rounds = &profile.rounds;
    rounds
        .iter()
        .enumerate()
        .map(|(place, round)| Stop {
            name: round.name(),
            when: round.published(),
            share: match &round.below_good {
                throughline_reports::figure::Measure::Proportion { value, .. } => {
                    format!(
                        "{} below good",
                        throughline_reports::figure::percent(*value)
                    )
                }
                other => format!("below good {}", other.print_in_full().text),
            },
            letter: letter(round),
            anchor: round.anchor(),
            apart: letter(round) != 'A',
            gap: rounds
                .get(place + 1)
                .is_some_and(|next| letter(next) != letter(round)),
        })
        .collect()
}

/// The chart of a force's rounds: each group apart, with the reason between.
pub fn chart(profile: &Profile) -> Chart {
    Chart::IntervalDots(IntervalDots {
        id: "rounds-chart".into(),
        caption: format!("Share of cases graded below good, {}", profile.name),
        category: "Round".into(),
        scale: "Share of cases graded below good".into(),
        groups: profile
            .runs
            .iter()
            .map(|run| DotGroup {
                heading: match profile.runs.len() {
                    1 => String::new(),
                    _ => run.short_title(),
                },
                apart_because: run.why(),
                dots: run
                    .rounds
                    .iter()
                    .map(|round| Dot {
                        label: round.label(),
                        key: None,
                        measure: round.below_good.clone(),
                    })
                    .collect(),
            })
            .collect(),
        source: None,
    })
}

#[derive(Template)]
#[template(path = "published/force.html")]
struct ForcePage {
    page: Page,
    profile: Profile,
    stops: Vec<Stop>,
    chart: Option<Chart>,
    reports: Vec<ReportLine>,
    open: usize,
    overdue: usize,
}

async fn force(visit: PublicVisit, At(force): At<String>) -> PageResult {
    let profile = profile::load(visit.call(), &force).await?;
    visit.show(&ForcePage {
        page: visit.page(&profile.name),
        stops: stops(&profile),
        chart: (!profile.rounds.is_empty()).then(|| chart(&profile)),
        reports: report_lines(profile.reports.clone()),
        open: profile.recommendations.iter().filter(|r| r.open).count(),
        overdue: profile
            .recommendations
            .iter()
            .filter(|r| r.is_overdue())
            .count(),
        profile,
    })
}

#[derive(Template)]
#[template(path = "published/compare.html")]
struct ComparePage {
    page: Page,
    published: Arc<Collection>,
}

/// Forces of one origin: graded in reports published here, or found in the published record.
struct Part<'a> {
    heading: &'static str,
    words: &'static str,
    groups: Vec<&'a Group>,
}

impl ComparePage {
    fn has_weighted_share(&self) -> bool {
        let groups = &self.published.league.groups;
        let mut places = groups.iter().flat_map(|group| &group.places);
        places.any(|place| place.round.is_weighted())
    }

    /// What is published here and what the record holds are never set in one table.
    fn parts(&self) -> Vec<Part<'_>> {
        let league = &self.published.league;
        let (heading, words) = match self.page.notice {
            Some(_) => (
                "Invented forces of this demonstration",
                "These forces do not exist, and no case of theirs is real. Their reports were made by this service.",
            ),
            None => (
                "Reports published here",
                "Forces whose cases were graded in this service.",
            ),
        };
        let here = Part {
            heading,
            words,
            groups: league.groups_of(true),
        };
        let record = Part {
            heading: "The published record of earlier inspections",
            words: "Real forces, as inspectorates published their figures; the source of each is beside it.",
            groups: league.groups_of(false),
        };
        let mut parts = vec![here, record];
        parts.retain(|part| !part.groups.is_empty());
        parts
    }
}

async fn compare(visit: PublicVisit) -> PageResult {
    visit.show(&ComparePage {
        page: visit.page("Compare forces"),
        published: collection::load(visit.call()).await?,
    })
}

#[derive(Template)]
#[template(path = "published/check.html")]
struct CheckPage {
    page: Page,
}

/// The program with which somebody outside checks an export of the journal.
async fn verifier(visit: PublicVisit) -> PageResult {
    visit.file(PLAIN, "verify.py", throughline_journal::VERIFIER.into())
}

async fn check(visit: PublicVisit) -> PageResult {
    visit.show(&CheckPage {
        page: visit.page("Check the record yourself"),
    })
}
