//! Who did what, when, on what: never what it was changed to.

use super::{Filter, Line, PAGE_LINES, store};
use crate::web::page::render;
use crate::web::{Page, PageResult, Routes, Visit};
use askama::Template;
use axum::extract::Query;
use serde::{Deserialize, Serialize};
use throughline_domain::access::Action;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new().get("/journal", Action::ReadJournal, show)
}

#[derive(Clone, Default, Deserialize, Serialize)]
struct Asked {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    before: String,
}

impl Asked {
    fn is_filtered(&self) -> bool {
        [&self.actor, &self.action, &self.subject, &self.day]
            .iter()
            .any(|text| !text.trim().is_empty())
    }

    fn filter(&self) -> Filter {
        Filter {
            actor: self.actor.trim().to_owned(),
            action: self.action.trim().to_owned(),
            subject: self.subject.trim().to_owned(),
            day: self.day.trim().parse().ok(),
        }
    }

    /// A day was entered that is none, so nothing was kept to it.
    fn day_is_faulty(&self) -> bool {
        let day = self.day.trim();
        !day.is_empty() && day.parse::<jiff::civil::Date>().is_err()
    }

    fn before(&self) -> Option<i64> {
        self.before.trim().parse().ok()
    }

    fn address(&self, before: Option<i64>) -> String {
        let asked = Asked {
            before: before.map_or_else(String::new, |seq| seq.to_string()),
            ..self.clone()
        };
        format!(
            "/journal?{}",
            serde_html_form::to_string(asked).unwrap_or_default()
        )
    }
}

#[derive(Template)]
#[template(path = "journal/list.html")]
struct ListPage {
    page: Page,
    lines: Vec<Line>,
    asked: Asked,
    day_fault: bool,
    actors: Vec<String>,
    actions: Vec<String>,
    size: u64,
    root: String,
    older: Option<String>,
    newest: Option<String>,
}

impl ListPage {
    fn subject_address(subject: &str) -> String {
        let query = serde_html_form::to_string([("subject", subject)]).unwrap_or_default();
        format!("/journal?{query}")
    }
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let call = &visit.call;
    let mut lines = super::read(call, &asked.filter(), asked.before()).await?;
    let more = lines.len() as i64 > PAGE_LINES;
    lines.truncate(PAGE_LINES as usize);
    let head = super::head(call).await?;
    let older = lines.last().filter(|_| more).map(|line| line.seq);
    render(&ListPage {
        page: visit.page("Journal"),
        older: older.map(|seq| asked.address(Some(seq))),
        newest: asked.before().map(|_| asked.address(None)),
        day_fault: asked.day_is_faulty(),
        actors: store::list_actors(call.reader()).await?,
        actions: store::list_actions(call.reader()).await?,
        size: head.size(),
        root: head.root().to_base64(),
        lines,
        asked,
    })
}
