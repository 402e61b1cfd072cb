//! Showing the force what was found: what it will see, and the act itself.

use crate::error::{Error, Result};
use crate::screening::showing::{self, Showable};
use crate::web::page::render;
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, moment};
use askama::Template;
use serde::Deserialize;
use throughline_domain::id::{InspectionId, ScreeningId};

#[derive(Template)]
#[template(path = "screening/showing.html")]
struct ShowingPage {
    page: Page,
    all: Showable,
}

pub(super) async fn ask(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&ShowingPage {
        all: showing::load(&visit.call, &id).await?,
        page: visit.page("Show it to the force"),
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ShowForm {
    screening: String,
}

pub(super) async fn show(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<ShowForm>,
) -> PageResult {
    let screening = chosen(&form)?;
    showing::show(&visit.call, &id, &screening).await?;
    Ok(redirect_saying(
        &format!("/inspections/{id}/screening"),
        "The force sees this screening now: every standard, every case and its timeline.",
    ))
}

/// The screening that the lead had before them: none other is shown in its place.
fn chosen(form: &ShowForm) -> Result<ScreeningId> {
    form.screening.parse().map_err(|_| Error::NotFound)
}
