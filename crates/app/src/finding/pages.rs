//! Findings: the list, one of them, and the failings behind it as a table to choose from.

use super::matrix::{BAR, Matrix};
use super::store::Tally;
use super::{Failing, Filter, Finding, Gathered, NewFinding};
use crate::error::{Error, Fault, Result};
use crate::framework;
use crate::inspection::line::{Stop, line, plural};
use crate::inspection::{self, Inspection};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Paging, Posted, Routes, Visit};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use throughline_domain::access::Action;
use throughline_domain::finding::{Kind, Standing};
use throughline_domain::framework::Framework;
use throughline_domain::id::{FailingId, FindingId, InspectionId};

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get(
            "/inspections/{inspection}/findings",
            Action::ReadFinding,
            list,
        )
        .get(
            "/inspections/{inspection}/failings",
            Action::ReadFinding,
            failings,
        )
        .get(
            "/inspections/{inspection}/findings/new",
            Action::WriteFinding,
            ask,
        )
        .post(
            "/inspections/{inspection}/findings/new",
            Action::WriteFinding,
            write,
        )
        .get("/findings/{finding}", Action::ReadFinding, show)
        .get(
            "/findings/{finding}/change",
            Action::WriteFinding,
            ask_change,
        )
        .post("/findings/{finding}/change", Action::WriteFinding, change)
        .get("/findings/{finding}/failings", Action::WriteFinding, choose)
        .post("/findings/{finding}/failings", Action::WriteFinding, gather)
}

/// The framework that an inspection is made under.
fn framework_of(inspection: &Inspection) -> Result<&'static Framework> {
    framework::find(&inspection.framework).ok_or_else(|| {
        Error::Internal(format!(
            "the framework {} is not known",
            inspection.framework
        ))
    })
}

/// The class of a finding's kind.
pub fn kind_class(kind: &Kind) -> &'static str {
    match kind {
        Kind::CauseOfConcern => "tl-tag tl-tag--done",
        Kind::AreaForImprovement => "tl-tag",
        Kind::Finding => "tl-tag tl-tag--waiting",
    }
}

#[derive(Template)]
#[template(path = "finding/list.html")]
struct ListPage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    findings: Vec<Finding>,
    tally: Tally,
    answered: usize,
    lacking: Vec<Finding>,
}

async fn list(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let call = &visit.call;
    let (inspection, _) = inspection::load_for(call, &id, Action::ReadFinding).await?;
    let findings = super::list(call, &inspection).await?;
    render(&ListPage {
        page: visit.page("Findings"),
        line: line(call, &inspection).await?,
        answered: findings.iter().filter(|f| f.recommendations > 0).count(),
        findings,
        tally: super::store::tally(call.reader(), &id).await?,
        lacking: super::causes_without_recommendation(call.reader(), &id).await?,
        inspection,
    })
}

/// A failing in words, as the lists show it.
struct Listed {
    failing: Failing,
    criterion: String,
    cause: String,
    category: String,
    attached: bool,
}

impl Listed {
    fn new(framework: &Framework, failing: Failing, attached: bool) -> Self {
        let or_code = |title: Option<&String>, code: &str| {
            title.map_or_else(|| code.to_owned(), Clone::clone)
        };
        Listed {
            criterion: or_code(
                framework
                    .find_criterion(&failing.criterion)
                    .map(|c| &c.title),
                &failing.criterion,
            ),
            cause: or_code(
                framework.find_cause(&failing.cause).map(|c| &c.title),
                &failing.cause,
            ),
            category: or_code(
                framework.find_category(&failing.category).map(|c| &c.title),
                &failing.category,
            ),
            failing,
            attached,
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(flatten)]
    filter: Filter,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "finding/failings.html")]
struct FailingsPage {
    page: Page,
    inspection: Inspection,
    finding: Option<Finding>,
    matrix: Matrix,
    filter: Filter,
    categories: Vec<(String, String)>,
    areas: Vec<(String, String)>,
    chosen_in_words: String,
    cases: usize,
    rows: Vec<Listed>,
    paging: Paging,
}

impl FailingsPage {
    /// The address that the table's links begin with.
    fn base(&self) -> String {
        match &self.finding {
            Some(finding) => format!("/findings/{}/failings", finding.id),
            None => format!("/inspections/{}/failings", self.inspection.id),
        }
    }

    fn bar_width(&self) -> usize {
        BAR
    }
}

async fn failings(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let call = &visit.call;
    let (inspection, leave) = inspection::load_for(call, &id, Action::ReadFinding).await?;
    let all = super::failings(call, &leave, &inspection, &asked.filter, &asked.page).await?;
    let page = visit.page("Failings");
    let nothing = BTreeSet::new();
    render(&failings_page(
        page,
        inspection,
        None,
        all,
        &nothing,
        asked.filter,
    )?)
}

async fn choose(visit: Visit, At(id): At<FindingId>, Query(asked): Query<Asked>) -> PageResult {
    let call = &visit.call;
    let (finding, inspection, leave) = super::load_for(call, &id, Action::WriteFinding).await?;
    if super::standing(&finding) == Standing::Published {
        return Err(Error::Refused(
            "A published recommendation rests on this finding, so the failings behind it stay as they are.".into(),
        ));
    }
    let attached = super::attached(call, &id).await?;
    let all = super::failings(call, &leave, &inspection, &asked.filter, &asked.page).await?;
    let page = visit.page("Gather failings");
    let finding = Some(finding);
    render(&failings_page(
        page,
        inspection,
        finding,
        all,
        &attached,
        asked.filter,
    )?)
}

fn failings_page(
    page: Page,
    inspection: Inspection,
    finding: Option<Finding>,
    all: Gathered,
    attached: &BTreeSet<FailingId>,
    filter: Filter,
) -> Result<FailingsPage> {
    let framework = framework_of(&inspection)?;
    let rows = all.rows.into_iter().map(|failing| {
        let attached = attached.contains(&failing.id.0);
        Listed::new(framework, failing, attached)
    });
    Ok(FailingsPage {
        chosen_in_words: chosen_in_words(framework, &filter),
        cases: all.counts.of(&filter.criterion, &filter.cause).cases,
        rows: rows.collect(),
        categories: named_categories(framework),
        areas: all
            .areas
            .into_iter()
            .map(|area| (area.clone(), area))
            .collect(),
        matrix: Matrix::new(framework, &all.counts, &filter),
        paging: all.paging,
        page,
        inspection,
        finding,
        filter,
    })
}

fn named_categories(framework: &Framework) -> Vec<(String, String)> {
    let categories = framework.categories.iter();
    categories
        .map(|c| (c.code.clone(), c.title.clone()))
        .collect()
}

fn chosen_in_words(framework: &Framework, filter: &Filter) -> String {
    let criterion = framework
        .find_criterion(&filter.criterion)
        .map(|c| c.title.as_str());
    let cause = framework
        .find_cause(&filter.cause)
        .map(|c| c.title.to_lowercase());
    match (criterion, cause) {
        (Some(criterion), Some(cause)) => format!("{criterion}: {cause}"),
        (Some(criterion), None) => criterion.to_owned(),
        (None, Some(cause)) => format!("Put down to {cause}"),
        (None, None) => "All failings".into(),
    }
}

#[derive(Debug, Default, Deserialize)]
struct GatherForm {
    #[serde(default)]
    shown: Vec<FailingId>,
    #[serde(default)]
    failing: Vec<FailingId>,
}

async fn gather(
    visit: Visit,
    At(id): At<FindingId>,
    Query(asked): Query<Asked>,
    Posted(form): Posted<GatherForm>,
) -> PageResult {
    let ticked: BTreeSet<_> = form.failing.iter().collect();
    let cleared: Vec<FailingId> = form
        .shown
        .iter()
        .filter(|f| !ticked.contains(f))
        .cloned()
        .collect();
    let event = super::gather(&visit.call, &id, &form.failing, &cleared).await?;
    let said = format!(
        "{} attached, {} taken off.",
        plural(event.attached.len() as i64, "failing").replace("none yet", "No failing"),
        event.detached.len()
    );
    let to = format!(
        "/findings/{id}/failings?{}&page={}",
        asked.filter.query(),
        asked.page
    );
    Ok(redirect_saying(&to, &said))
}

#[derive(Template)]
#[template(path = "finding/form.html")]
struct FormPage {
    page: Page,
    inspection: Inspection,
    finding: Option<Finding>,
    form: FindingForm,
    kinds: Vec<(String, String)>,
    gathered: String,
    faults: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
struct FindingForm {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    failing: Vec<FailingId>,
}

impl FindingForm {
    fn entered(&self) -> NewFinding {
        NewFinding {
            kind: self.kind.clone(),
            title: self.title.clone(),
            detail: self.detail.clone(),
            failings: self.failing.clone(),
        }
    }
}

fn form_page(
    page: Page,
    inspection: Inspection,
    finding: Option<Finding>,
    form: FindingForm,
    faults: Vec<Fault>,
) -> FormPage {
    let kinds = Kind::ALL.into_iter();
    FormPage {
        page: page.with_faults(&faults),
        inspection,
        finding,
        kinds: kinds
            .map(|k| {
                (
                    k.code().to_owned(),
                    format!("{}. {}", k.title(), k.meaning()),
                )
            })
            .collect(),
        gathered: plural(form.failing.len() as i64, "failing"),
        form,
        faults,
    }
}

async fn ask(visit: Visit, At(id): At<InspectionId>, Query(asked): Query<Asked>) -> PageResult {
    let call = &visit.call;
    let (inspection, leave) = inspection::load_for(call, &id, Action::WriteFinding).await?;
    let chosen = match asked.filter == Filter::default() {
        true => Vec::new(),
        false => super::failing_ids(call, &leave, &inspection, &asked.filter).await?,
    };
    let form = FindingForm {
        failing: chosen,
        ..FindingForm::default()
    };
    let page = visit.page("Write a finding");
    render(&form_page(page, inspection, None, form, Vec::new()))
}

async fn write(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<FindingForm>,
) -> PageResult {
    match super::write(&visit.call, &id, &form.entered()).await {
        Ok(finding) if form.failing.is_empty() => Ok(redirect_saying(
            &format!("/findings/{finding}/failings"),
            "The finding is written. Next: the failings behind it.",
        )),
        Ok(finding) => Ok(redirect_saying(
            &format!("/findings/{finding}"),
            "The finding is written.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let (inspection, _) =
                inspection::load_for(&visit.call, &id, Action::WriteFinding).await?;
            let page = visit.page("Write a finding");
            render_faulty(&form_page(page, inspection, None, form, faults))
        }
    }
}

async fn ask_change(visit: Visit, At(id): At<FindingId>) -> PageResult {
    let (finding, inspection, _) = super::load_for(&visit.call, &id, Action::WriteFinding).await?;
    let form = FindingForm {
        kind: finding.kind.code().into(),
        title: finding.title.clone(),
        detail: finding.detail.clone(),
        failing: Vec::new(),
    };
    let page = visit.page("Change the finding");
    render(&form_page(
        page,
        inspection,
        Some(finding),
        form,
        Vec::new(),
    ))
}

async fn change(
    visit: Visit,
    At(id): At<FindingId>,
    Posted(form): Posted<FindingForm>,
) -> PageResult {
    match super::change(&visit.call, &id, &form.entered()).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/findings/{id}"),
            "The finding is changed. What it said before stays in the journal.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let (finding, inspection, _) =
                super::load_for(&visit.call, &id, Action::WriteFinding).await?;
            let page = visit.page("Change the finding");
            render_faulty(&form_page(page, inspection, Some(finding), form, faults))
        }
    }
}

/// A line of a small chart: how many failings are put down to a cause.
struct CauseLine {
    title: String,
    failings: usize,
    width: usize,
}

#[derive(Template)]
#[template(path = "finding/show.html")]
struct ShowPage {
    page: Page,
    inspection: Inspection,
    finding: Finding,
    open: bool,
    causes: Vec<CauseLine>,
    recommendations: Vec<(String, String)>,
    rows: Vec<Listed>,
    paging: Paging,
}

async fn show(visit: Visit, At(id): At<FindingId>, Query(asked): Query<Asked>) -> PageResult {
    let call = &visit.call;
    let (finding, inspection, leave) = super::load_for(call, &id, Action::ReadFinding).await?;
    let framework = framework_of(&inspection)?;
    let behind = super::failings_behind(call, &leave, &finding).await?;
    let causes = cause_lines(framework, &behind);
    let paging = Paging::new(asked.page.parse().unwrap_or(1), behind.len(), "");
    let rows = paging.rows(behind).into_iter();
    let recommendations = super::store::recommendations(call.reader(), &id).await?;
    render(&ShowPage {
        page: visit.page(finding.title.clone()),
        open: super::standing(&finding) == Standing::Open,
        causes,
        recommendations: recommendations
            .into_iter()
            .map(|(id, number, detail)| (id, format!("{number}. {detail}")))
            .collect(),
        rows: rows
            .map(|failing| Listed::new(framework, failing, true))
            .collect(),
        paging,
        inspection,
        finding,
    })
}

fn cause_lines(framework: &Framework, failings: &[Failing]) -> Vec<CauseLine> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for failing in failings {
        *counts.entry(failing.cause.as_str()).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1);
    let mut lines: Vec<CauseLine> = counts
        .into_iter()
        .map(|(code, failings)| CauseLine {
            title: framework
                .find_cause(code)
                .map_or_else(|| code.to_owned(), |c| c.title.clone()),
            failings,
            width: failings * BAR / most,
        })
        .collect();
    lines.sort_by(|a, b| b.failings.cmp(&a.failings).then(a.title.cmp(&b.title)));
    lines
}
