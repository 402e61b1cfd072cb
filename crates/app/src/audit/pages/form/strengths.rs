//! The page of what was done well.

use super::super::Frame;
use super::{Fields, Refused, after_save, conflict, open_to_write, try_save, unless_passed_on};
use crate::audit::draft::{self, Draft};
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Posted, Visit};
use askama::Template;
use throughline_domain::audit::{Part, Step, Strength, StrengthsPart, field};
use throughline_domain::id::AuditId;

#[derive(Template)]
#[template(path = "audit/strengths.html")]
struct StrengthsPage {
    page: Page,
    frame: Frame,
    rows: Vec<StrengthView>,
    refused: Option<Refused>,
}

struct StrengthView {
    number: usize,
    detail: String,
    passage: String,
    missing: Option<String>,
}

fn strengths_page(
    visit: &Visit,
    draft: &Draft,
    strengths: &[Strength],
    refused: Option<Refused>,
) -> StrengthsPage {
    let progress = draft.progress();
    let missing = |number| {
        let name = field::strength("detail", number);
        let mut all = progress.iter().flat_map(|step| &step.missing);
        all.find(|one| one.step == Step::Strengths && one.field == name)
            .map(|one| one.message.clone())
    };
    let blank = Strength {
        detail: String::new(),
        passage: String::new(),
    };
    StrengthsPage {
        page: visit.page("Strengths"),
        frame: Frame::new(&visit.call, draft, Some(&Step::Strengths)),
        rows: (1..)
            .zip(strengths.iter().chain([&blank]))
            .map(|(number, one)| StrengthView {
                number,
                detail: one.detail.clone(),
                passage: one.passage.clone(),
                missing: missing(number),
            })
            .collect(),
        refused,
    }
}

pub(in crate::audit::pages) async fn ask(visit: Visit, At(id): At<AuditId>) -> PageResult {
    match open_to_write(&visit, &id).await? {
        Ok(draft) => render(&strengths_page(
            &visit,
            &draft,
            &draft.content.strengths,
            None,
        )),
        Err(elsewhere) => Ok(elsewhere),
    }
}

fn typed(fields: &Fields) -> Vec<Strength> {
    (1..)
        .take_while(|&number| fields.find(&field::strength("detail", number)).is_some())
        .map(|number| Strength {
            detail: fields.text(&field::strength("detail", number)),
            passage: fields.text(&field::strength("passage", number)),
        })
        .filter(|one| !(one.detail.is_empty() && one.passage.is_empty()))
        .collect()
}

pub(in crate::audit::pages) async fn save(
    visit: Visit,
    At(id): At<AuditId>,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> PageResult {
    let fields = Fields(fields);
    let saved = save_typed(&visit, &id, &fields).await;
    unless_passed_on(&visit, &id, &fields, saved).await
}

async fn save_typed(visit: &Visit, id: &AuditId, fields: &Fields) -> PageResult {
    let strengths = typed(fields);
    let part = Part::Strengths(StrengthsPart {
        strengths: strengths.clone(),
    });
    let saved = try_save(visit, id, fields, part).await?;
    let draft = draft::open(&visit.call, id).await?;
    match saved {
        Ok(()) => Ok(after_save(&draft, &Step::Strengths, fields.get("go"))),
        Err(why) => {
            let refused = Refused {
                why,
                meanwhile: meanwhile(&draft.content.strengths),
            };
            conflict(render(&strengths_page(
                visit,
                &draft,
                &strengths,
                Some(refused),
            )))
        }
    }
}

fn meanwhile(stored: &[Strength]) -> Vec<(String, String)> {
    (1..)
        .zip(stored)
        .map(|(number, one): (usize, _)| {
            (
                format!("Strength {number}"),
                format!("{} {}", one.detail, one.passage).trim().to_owned(),
            )
        })
        .collect()
}
