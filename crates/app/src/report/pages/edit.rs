//! Writing the text of a report, and correcting it after publication.

use super::super::{self as report, Correction, Report, WrittenSection};
use crate::error::{Fault, Result};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, redirect};
use askama::Template;
use axum::response::Response;
use std::collections::BTreeMap;
use throughline_domain::access::Action;
use throughline_domain::id::ReportId;
use throughline_reports::figure::{Figure, Figures, Form, Measure};

/// The fields of the form: each section has two, named by its anchor.
type Fields = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "report/edit.html")]
struct EditPage {
    page: Page,
    report: Report,
    sections: Vec<WrittenSection>,
    figures: Figures,
    revision: i64,
    /// The reason, where a published report is corrected.
    why: Option<String>,
    with_new_figures: bool,
    faults: Vec<Fault>,
}

impl EditPage {
    /// The ways in which a figure can be referred to, with what each prints.
    fn references(&self, figure: &Figure) -> Vec<(String, String)> {
        let forms = match figure.measure {
            Measure::Unknown { .. } | Measure::Suppressed { .. } => &Form::ALL[..1],
            _ => &Form::ALL[..],
        };
        forms
            .iter()
            .filter_map(|&form| {
                let printed = figure.print(form)?;
                let reference = match form {
                    Form::Value => format!("{{{}}}", figure.key),
                    other => format!("{{{}:{}}}", figure.key, other.word()),
                };
                Some((reference, printed.text))
            })
            .collect()
    }

    fn rows(&self, section: &WrittenSection) -> usize {
        (section.text.len() / 75 + section.text.lines().count() + 2).clamp(5, 24)
    }
}

async fn edit_page(
    visit: &Visit,
    id: &ReportId,
    action: Action,
    fields: Option<&Fields>,
    faults: Vec<Fault>,
) -> Result<EditPage> {
    let (found, _leave) = report::load_for(&visit.call, id, action).await?;
    let mut sections = report::sections(&visit.call, id).await?;
    let mut revision = found.revision;
    if let Some(fields) = fields {
        sections = overlaid(sections, fields);
        revision = revision_of(fields);
    }
    let correcting = action == Action::CorrectReport;
    let field = |name: &str| fields.and_then(|fields| fields.get(name)).cloned();
    Ok(EditPage {
        page: visit
            .page(if correcting {
                "Correct the report"
            } else {
                "Write the report"
            })
            .with_faults(&faults),
        figures: report::figures(&visit.call, id).await?.figures,
        why: correcting.then(|| field("why").unwrap_or_default()),
        with_new_figures: field("with_new_figures").is_some(),
        report: found,
        sections,
        revision,
        faults,
    })
}

/// The sections with the words that were sent.
fn overlaid(mut sections: Vec<WrittenSection>, fields: &Fields) -> Vec<WrittenSection> {
    for section in &mut sections {
        if let Some(heading) = fields.get(&section.heading_field()) {
            section.heading = heading.trim().to_owned();
        }
        if let Some(text) = fields.get(&section.text_field()) {
            section.text = text.replace("\r\n", "\n");
        }
    }
    sections
}

fn revision_of(fields: &Fields) -> i64 {
    fields
        .get("revision")
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

pub(super) async fn ask(visit: Visit, At(id): At<ReportId>) -> PageResult {
    render(&edit_page(&visit, &id, Action::WriteReport, None, Vec::new()).await?)
}

pub(super) async fn save(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(fields): Posted<Fields>,
) -> PageResult {
    let sections = overlaid(report::sections(&visit.call, &id).await?, &fields);
    match report::save(&visit.call, &id, revision_of(&fields), &sections).await {
        Ok(revision) => Ok(redirect_saying(
            &format!("/reports/{id}"),
            &format!("The text is saved as revision {revision}."),
        )),
        Err(crate::error::Error::Conflict(why)) => {
            let faults = vec![Fault {
                field: "report".into(),
                message: why,
            }];
            render_faulty(
                &edit_page(&visit, &id, Action::WriteReport, Some(&fields), faults).await?,
            )
        }
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(
                &edit_page(&visit, &id, Action::WriteReport, Some(&fields), faults).await?,
            )
        }
    }
}

pub(super) async fn ask_correction(visit: Visit, At(id): At<ReportId>) -> PageResult {
    render(&edit_page(&visit, &id, Action::CorrectReport, None, Vec::new()).await?)
}

pub(super) async fn correct(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(fields): Posted<Fields>,
) -> PageResult {
    let (_, _leave) = report::load_for(&visit.call, &id, Action::CorrectReport).await?;
    let correction = Correction {
        revision: revision_of(&fields),
        why: fields.get("why").cloned().unwrap_or_default(),
        sections: overlaid(report::sections(&visit.call, &id).await?, &fields),
        with_new_figures: fields.contains_key("with_new_figures"),
    };
    match propose(&visit, &id, correction).await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let faults = error.into_faults()?;
            let action = Action::CorrectReport;
            render_faulty(&edit_page(&visit, &id, action, Some(&fields), faults).await?)
        }
    }
}

/// With new figures it is worked out in the background, and its page says how that ended.
async fn propose(visit: &Visit, id: &ReportId, correction: Correction) -> Result<Response> {
    if correction.with_new_figures {
        let job = report::start_correction(&visit.call, id, correction).await?;
        return Ok(redirect(&format!("/reports/{id}/correcting?job={job}")));
    }
    report::propose_correction(&visit.call, id, &correction).await?;
    Ok(redirect_saying(
        &format!("/reports/{id}/correction"),
        "The correction waits for approval by a lead inspector who did not write it.",
    ))
}
