//! The handover's page.

use super::{Handover, Owes};
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Routes, Visit};
use askama::Template;
use throughline_domain::access::Action;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new().get("/handover/{force}", Action::ReadHandover, show)
}

#[derive(Template)]
#[template(path = "handover/show.html")]
struct ShowPage {
    page: Page,
    handover: Handover,
    sides: [(&'static str, Owes); 2],
}

impl ShowPage {
    fn open(&self) -> usize {
        self.sides
            .iter()
            .map(|(_, owes)| self.handover.open(owes))
            .sum()
    }

    fn run_out(&self) -> usize {
        self.sides
            .iter()
            .map(|(_, owes)| self.handover.run_out(owes))
            .sum()
    }
}

async fn show(visit: Visit, At(code): At<String>) -> PageResult {
    let handover = super::draw_up(&visit.call, &code).await?;
    render(&ShowPage {
        page: visit.page(format!("Handover of {}", handover.force.name)),
        handover,
        sides: [
            ("The force owes", Owes::Force),
            ("The inspectorate owes", Owes::Inspectorate),
        ],
    })
}
