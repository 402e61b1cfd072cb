//! Taking a pick back.

use crate::case_list::framework_of;
use crate::error::{Fault, Result};
use crate::inspection::Inspection;
use crate::sample::{PickedCase, picking};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Routes, Visit, moment};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(
            "/inspections/{inspection}/sample/undo-pick",
            Action::PickCase,
            ask,
        )
        .post(
            "/inspections/{inspection}/sample/undo-pick",
            Action::PickCase,
            undo,
        )
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UndoForm {
    reference: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "sample/undo_pick.html")]
struct UndoPage {
    page: Page,
    inspection: Inspection,
    case: PickedCase,
    category: String,
    form: UndoForm,
    faults: Vec<Fault>,
}

async fn undo_page(
    visit: &Visit,
    id: &InspectionId,
    form: UndoForm,
    faults: Vec<Fault>,
) -> Result<UndoPage> {
    let (inspection, case) = picking::read_picked(&visit.call, id, &form.reference).await?;
    Ok(UndoPage {
        page: visit.page("Take the pick back").with_faults(&faults),
        category: framework_of(&inspection)?.category_title(&case.category),
        inspection,
        case,
        form,
        faults,
    })
}

async fn ask(visit: Visit, At(id): At<InspectionId>, Query(form): Query<UndoForm>) -> PageResult {
    render(&undo_page(&visit, &id, form, Vec::new()).await?)
}

async fn undo(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<UndoForm>,
) -> PageResult {
    match picking::undo_pick(&visit.call, &id, &form.reference, &form.reason).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/inspections/{id}/sample"),
            &format!(
                "{} is picked no more. Nobody has to read it.",
                form.reference
            ),
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&undo_page(&visit, &id, form, faults).await?)
        }
    }
}
