//! The first page of everybody, the landing page of the public, and an inspection's own page.

use super::hub::Hub;
use super::{Published, Task, Work};
use crate::referral::Record;
use crate::referral::view::{self, ClockView};
use crate::web::{At, Page, PageResult, Paging, Routes, Visit, redirect, render};
use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", Action::ReadPublished, land)
        .get("/about", Action::ReadPublished, about)
        .get("/accessibility", Action::ReadPublished, accessibility)
        .get("/work", Action::ReadWork, work)
        .get("/audits", Action::ReadWork, audits)
        .get("/inspections/{inspection}", Action::ReadInspection, hub)
}

#[derive(Template)]
#[template(path = "work/landing.html")]
struct LandingPage {
    page: Page,
    published: Vec<Published>,
}

async fn land(visit: Visit) -> PageResult {
    if visit.call.actor.user.is_some() {
        return Ok(redirect("/work"));
    }
    render(&LandingPage {
        page: visit.page("How children’s cases were handled"),
        published: super::latest_published(&visit.call).await?,
    })
}

#[derive(Template)]
#[template(path = "work/about.html")]
struct AboutPage {
    page: Page,
}

async fn about(visit: Visit) -> PageResult {
    render(&AboutPage {
        page: visit.page("How this service works"),
    })
}

#[derive(Template)]
#[template(path = "work/accessibility.html")]
struct AccessibilityPage {
    page: Page,
}

async fn accessibility(visit: Visit) -> PageResult {
    render(&AccessibilityPage {
        page: visit.page("Accessibility"),
    })
}

/// A referral past a limit, with the clock that says so.
struct Urgent {
    record: Record,
    clock: Option<ClockView>,
}

fn urgent(records: &[Record], now: Timestamp) -> Vec<Urgent> {
    let one = |record: &Record| Urgent {
        record: record.clone(),
        clock: view::foremost(record, now),
    };
    records.iter().map(one).collect()
}

#[derive(Template)]
#[template(path = "work/work.html")]
struct WorkPage {
    page: Page,
    work: Work,
    urgent: Vec<Urgent>,
    urgent_total: i64,
    urgent_all: &'static str,
}

async fn work(visit: Visit) -> PageResult {
    let work = super::overview(&visit.call).await?;
    render(&WorkPage {
        page: visit.page("Work"),
        urgent: urgent(&work.urgent, visit.call.now),
        urgent_total: work.urgent_total,
        urgent_all: "/referrals?state=past-limit",
        work,
    })
}

#[derive(Template)]
#[template(path = "work/audits.html")]
struct AuditsPage {
    page: Page,
    tasks: Vec<Task>,
    empty: &'static str,
    paging: Paging,
}

async fn audits(visit: Visit, Query(asked): Query<PageAsked>) -> PageResult {
    let section = super::own_audits(&visit.call).await?;
    let paging = Paging::new(asked.page.parse().unwrap_or(1), section.tasks.len(), "");
    render(&AuditsPage {
        page: visit.page(section.heading),
        tasks: paging.rows(section.tasks),
        empty: section.empty,
        paging,
    })
}

#[derive(Debug, Default, Deserialize)]
struct PageAsked {
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "work/hub.html")]
struct HubPage {
    page: Page,
    line: Vec<crate::inspection::line::Stop>,
    urgent: Vec<Urgent>,
    urgent_total: i64,
    urgent_all: String,
    hub: Hub,
}

async fn hub(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let hub = super::hub::load(&visit.call, &id).await?;
    render(&HubPage {
        page: visit.page(hub.inspection.title.clone()),
        line: hub.line.clone(),
        urgent: urgent(&hub.urgent, visit.call.now),
        urgent_total: hub.urgent_total,
        urgent_all: format!("/referrals?inspection={id}&state=past-limit"),
        hub,
    })
}
