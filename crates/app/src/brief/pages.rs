//! The brief as a page and as a PDF.

use super::{Brief, paper};
use crate::error::Error;
use crate::published::public::{PDF, PublicVisit};
use crate::published::round::day_in_words;
use crate::web::{At, Page, PageResult, Routes};
use askama::Template;
use sha2::{Digest, Sha256};
use throughline_domain::access::Action;
use throughline_reports::pdf::render_brief;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get(
            "/published/forces/{force}/brief",
            Action::ReadPublished,
            show,
        )
        .get(
            "/published/forces/{force}/brief.pdf",
            Action::ReadPublished,
            pdf,
        )
}

#[derive(Template)]
#[template(path = "brief/show.html")]
struct BriefPage {
    page: Page,
    brief: Brief,
    made: String,
}

async fn show(visit: PublicVisit, At(force): At<String>) -> PageResult {
    let brief = super::load(visit.call(), &force).await?;
    visit.show(&BriefPage {
        page: visit.page(format!("Brief: {}", brief.profile.name)),
        made: day_in_words(brief.today),
        brief,
    })
}

async fn pdf(visit: PublicVisit, At(force): At<String>) -> PageResult {
    let brief = super::load(visit.call(), &force).await?;
    let document = paper::document(&brief);
    let text = serde_json::to_vec(&document).map_err(|error| Error::Internal(error.to_string()))?;
    let key = format!("brief/{}", hex::encode(Sha256::digest(text)));
    let bytes = visit
        .call()
        .app
        .shelf
        .pdf(key, document, render_brief)
        .await?;
    visit.open_file(
        PDF,
        &format!("brief-{}-{}.pdf", brief.profile.slug, brief.today),
        bytes.to_vec(),
    )
}
