//! The standards: those of the program, and an inspection's own, typed in as sentences.

use crate::error::{Fault, Result};
use crate::inspection::{self, Inspection};
use crate::screening::standards::{MarkedLine, marked};
use crate::screening::{self, KeptStandard, OwnStandards, Standards};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, moment};
use askama::Template;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::id::InspectionId;

#[derive(Template)]
#[template(path = "screening/own.html")]
struct OwnPage {
    page: Page,
    inspection: Inspection,
    versions: Vec<OwnStandards>,
    text: String,
    /// The inspection's own as the program understood them.
    own: Vec<KeptStandard>,
    /// Whether what is shown is not kept yet.
    tried: bool,
    shipped: Vec<(KeptStandard, Option<String>)>,
    library: String,
    may_write: bool,
    marked: Vec<MarkedLine>,
    faults: Vec<Fault>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct OwnForm {
    standards: String,
    go: String,
}

/// What stands in the field before anything is typed.
const EXAMPLE: &str = "standard N1
  title   Missing child interviewed within 24 hours of coming back
  when a missing child returns, a return interview within 24 hours
";

async fn own_page(visit: &Visit, id: &InspectionId) -> Result<OwnPage> {
    let call = &visit.call;
    let (inspection, _) = screening::load_for(call, id).await?;
    let (standards, versions) = screening::read_standards(call, id).await?;
    let library = &standards.library;
    let off = library.standards.iter().map(|one| one.switched_off.clone());
    let may_write = allowed(call.actor.role, Action::WriteStandards, Relation::Team);
    Ok(OwnPage {
        page: visit.page("Standards"),
        text: match standards.own.as_str() {
            "" if may_write => EXAMPLE.into(),
            own => own.into(),
        },
        own: standards.explain_own(),
        tried: false,
        shipped: standards
            .explain()
            .into_iter()
            .zip(off)
            .filter(|(standard, _)| !standard.own)
            .collect(),
        library: standards.name(),
        may_write,
        marked: Vec::new(),
        faults: Vec::new(),
        inspection,
        versions,
    })
}

pub(super) async fn show(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&own_page(&visit, &id).await?)
}

pub(super) async fn write(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<OwnForm>,
) -> PageResult {
    let _leave = inspection::load_for(&visit.call, &id, Action::WriteStandards).await?;
    let text = form.standards.replace("\r\n", "\n");
    let read = match form.go.as_str() {
        "keep" => match screening::write_standards(&visit.call, &id, &text).await {
            Ok(version) => {
                let said = format!(
                    "The inspection’s own standards are kept as version {version}. Check the cases against them."
                );
                let page = format!("/inspections/{id}/screening/standards");
                return Ok(redirect_saying(&page, &said));
            }
            Err(error) => Err(error),
        },
        _ => Standards::of(1, &text),
    };
    let mut page = own_page(&visit, &id).await?;
    page.text = text;
    match read {
        Ok(standards) => {
            page.own = standards.explain_own();
            page.tried = true;
            render(&page)
        }
        Err(error) => {
            page.faults = error.into_faults()?;
            page.marked = marked(&page.text);
            page.own = Vec::new();
            page.page = page.page.with_faults(&page.faults);
            render_faulty(&page)
        }
    }
}
