//! The register of recommendations, and the history of each.

use super::super::public::PublicVisit;
use super::super::register::{self, Entry, Filter, Step};
use super::super::round::day_in_words;
use super::super::{Release, list_reports_of};
use crate::error::Result;
use crate::web::{At, Page, PageResult, Paging, Routes};
use askama::Template;
use axum::extract::Query;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::RecommendationId;

/// The routes of the register.
pub fn routes() -> Routes {
    Routes::new()
        .get("/published/recommendations", Action::ReadPublished, list)
        .get(
            "/published/recommendations/{recommendation}",
            Action::ReadPublished,
            show,
        )
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    force: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    overdue: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "published/register.html")]
struct RegisterPage {
    page: Page,
    filter: Filter,
    forces: Vec<(String, String)>,
    statuses: Vec<(String, String)>,
    entries: Vec<Entry>,
    paging: Paging,
}

impl RegisterPage {
    fn is_filtered(&self) -> bool {
        self.filter.overdue || !self.filter.force.is_empty() || !self.filter.status.is_empty()
    }
}

fn words(day: &Date) -> String {
    day_in_words(*day)
}

async fn list(visit: PublicVisit, Query(asked): Query<Asked>) -> PageResult {
    let filter = Filter {
        force: asked.force,
        status: asked.status,
        overdue: asked.overdue == "yes",
    };
    let total = register::count(visit.call(), &filter).await?;
    let paging = Paging::of(&asked.page, total, query_of(&filter)?);
    let forces = register::list_forces(visit.call()).await?;
    visit.show(&RegisterPage {
        page: visit.page("Register of recommendations"),
        forces,
        statuses: register::statuses(),
        entries: register::search(visit.call(), &filter, paging.limit_and_offset()).await?,
        filter,
        paging,
    })
}

fn query_of(filter: &Filter) -> Result<String> {
    let mut pairs = Vec::new();
    if !filter.force.is_empty() {
        pairs.push(("force", filter.force.as_str()));
    }
    if !filter.status.is_empty() {
        pairs.push(("status", filter.status.as_str()));
    }
    if filter.overdue {
        pairs.push(("overdue", "yes"));
    }
    serde_html_form::to_string(pairs)
        .map_err(|error| crate::error::Error::Internal(error.to_string()))
}

#[derive(Template)]
#[template(path = "published/recommendation.html")]
struct RecommendationPage {
    page: Page,
    entry: Entry,
    steps: Vec<Step>,
    reports: Vec<Release>,
}

async fn show(visit: PublicVisit, At(id): At<RecommendationId>) -> PageResult {
    let (entry, mut steps) = register::load(visit.call(), &id).await?;
    steps.reverse();
    let reports = list_reports_of(visit.call(), &entry.inspection).await?;
    visit.show(&RecommendationPage {
        page: visit.page(format!(
            "Recommendation {} to {}",
            entry.number, entry.force_name
        )),
        entry,
        steps,
        reports,
    })
}
