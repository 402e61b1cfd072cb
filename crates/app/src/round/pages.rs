//! The series side by side, opening the next round, and progress on the recommendations.

use super::{Judged, NewRound};
use crate::error::{Fault, Result};
use crate::figure::{self, Change, Round};
use crate::framework;
use crate::inspection::line::{Stop, line};
use crate::inspection::{self, Inspection};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Routes, Visit};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::framework::Progress;
use throughline_domain::id::{InspectionId, RecommendationId};
use throughline_domain::inspection::Kind;
use throughline_reports::chart::Chart;
use throughline_reports::figure::{Form, Measure};
use throughline_reports::html::{made, render_table};

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get(
            "/inspections/{inspection}/rounds",
            Action::ReadRound,
            rounds,
        )
        .get(
            "/inspections/{inspection}/rounds/next",
            Action::OpenRound,
            ask,
        )
        .post(
            "/inspections/{inspection}/rounds/next",
            Action::OpenRound,
            open,
        )
        .get(
            "/inspections/{inspection}/progress",
            Action::JudgeProgress,
            progress,
        )
        .post(
            "/inspections/{inspection}/progress",
            Action::JudgeProgress,
            judge,
        )
}

#[derive(Template)]
#[template(path = "round/list.html")]
struct RoundsPage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    rounds: Vec<Round>,
    changes: Vec<Change>,
    svg: String,
    table: String,
    may_open: bool,
}

impl RoundsPage {
    fn classes(&self, round: &Round) -> &'static str {
        if round.inspection.id == self.inspection.id {
            "tl-line__stop tl-line__stop--current"
        } else {
            "tl-line__stop tl-line__stop--done"
        }
    }

    fn share(&self, round: &Round) -> String {
        match (&round.measure, round.measure.print(Form::Value)) {
            (Measure::Proportion { .. }, Some(share)) => format!("{} below good", share.text),
            _ => "not graded yet".into(),
        }
    }

    /// How the share of a round was made, question by question.
    fn made(&self, round: &Round) -> String {
        made(&round.figure)
    }

    fn is_follow_up(&self) -> bool {
        self.inspection.round > 0
    }
}

async fn rounds(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let (inspection, rounds) = super::series(&visit.call, &id).await?;
    let chart = Chart::IntervalDots(figure::chart_of_rounds(&rounds));
    let is_last = rounds
        .last()
        .is_some_and(|last| last.inspection.id == inspection.id);
    let role = visit.call.actor.role;
    render(&RoundsPage {
        page: visit.page("Rounds"),
        line: line(&visit.call, &inspection).await?,
        changes: changes(&rounds, &inspection),
        svg: chart.svg(),
        table: render_table(&chart.table()),
        may_open: is_last && allowed(role, Action::OpenRound, Relation::Team),
        inspection,
        rounds,
    })
}

/// What has changed in this round since the one before, and since the first.
fn changes(rounds: &[Round], inspection: &Inspection) -> Vec<Change> {
    let Some(place) = rounds
        .iter()
        .position(|round| round.inspection.id == inspection.id)
    else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    if place > 0 {
        changes.push(rounds[place].change_since(&rounds[place - 1]));
    }
    if place > 1 {
        changes.push(rounds[place].change_since(&rounds[0]));
    }
    changes
}

#[derive(Template)]
#[template(path = "round/next.html")]
struct NextPage {
    page: Page,
    inspection: Inspection,
    form: RoundForm,
    kinds: Vec<(String, String)>,
    frameworks: Vec<(String, String)>,
    faults: Vec<Fault>,
}

#[derive(Default, Deserialize)]
struct RoundForm {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    framework: String,
    #[serde(default)]
    fieldwork_from: String,
    #[serde(default)]
    fieldwork_to: String,
}

async fn next_page(
    visit: &Visit,
    id: &InspectionId,
    form: RoundForm,
    faults: Vec<Fault>,
) -> Result<NextPage> {
    let (inspection, _) = inspection::load_for(&visit.call, id, Action::OpenRound).await?;
    Ok(NextPage {
        page: visit.page("Open the next round").with_faults(&faults),
        inspection,
        form,
        kinds: Kind::ALL
            .into_iter()
            .filter(|kind| *kind != Kind::Inspection)
            .map(|kind| (kind.code().to_owned(), kind.title().to_owned()))
            .collect(),
        frameworks: framework::all()
            .iter()
            .map(|f| (f.id.to_string(), f.title.clone()))
            .collect(),
        faults,
    })
}

async fn ask(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let mut page = next_page(&visit, &id, RoundForm::default(), Vec::new()).await?;
    page.form.kind = Kind::QuarterlyUpdate.code().into();
    page.form.framework = page.inspection.framework.clone();
    render(&page)
}

async fn open(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<RoundForm>,
) -> PageResult {
    let new = NewRound {
        kind: form.kind.clone(),
        title: form.title.clone(),
        framework: form.framework.clone(),
        fieldwork_from: form.fieldwork_from.clone(),
        fieldwork_to: form.fieldwork_to.clone(),
    };
    match super::open(&visit.call, &id, &new).await {
        Ok(opened) => Ok(redirect_saying(
            &format!("/inspections/{opened}/rounds"),
            "The round is open, with the same team. Next: its case list.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&next_page(&visit, &id, form, faults).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "round/progress.html")]
struct ProgressPage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    judged: Vec<Judged>,
    scale: &'static [Progress],
}

impl ProgressPage {
    fn words(&self, code: &Option<String>) -> String {
        let code = code.as_deref().unwrap_or_default();
        let found = self.scale.iter().find(|progress| progress.code == code);
        found.map_or(code, |progress| &progress.title).to_owned()
    }

    fn waiting(&self) -> usize {
        self.judged
            .iter()
            .filter(|judged| judged.judgement.is_none())
            .count()
    }
}

#[derive(Template)]
#[template(path = "round/judge.html")]
struct JudgePage {
    page: Page,
    inspection: Inspection,
    judged: Judged,
    scale: Vec<(String, String)>,
    form: JudgeForm,
    faults: Vec<Fault>,
}

#[derive(Default, Deserialize)]
struct JudgeForm {
    #[serde(default)]
    recommendation: String,
    #[serde(default)]
    judgement: String,
    #[serde(default)]
    rests_on: String,
}

#[derive(Deserialize)]
struct Which {
    recommendation: Option<RecommendationId>,
}

fn scale(inspection: &Inspection) -> &'static [Progress] {
    framework::find(&inspection.framework).map_or(&[], |framework| &framework.progress)
}

async fn progress(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(which): Query<Which>,
) -> PageResult {
    if let Some(recommendation) = which.recommendation {
        let (_, judged) = super::judgements(&visit.call, &id).await?;
        let before = judged.iter().find(|judged| judged.id.0 == recommendation);
        let form = JudgeForm {
            recommendation: recommendation.to_string(),
            judgement: before
                .and_then(|judged| judged.judgement.clone())
                .unwrap_or_default(),
            rests_on: before
                .and_then(|judged| judged.rests_on.clone())
                .unwrap_or_default(),
        };
        return render(&judge_page(&visit, &id, form, Vec::new()).await?);
    }
    let (inspection, judged) = super::judgements(&visit.call, &id).await?;
    render(&ProgressPage {
        page: visit.page("Progress on the recommendations"),
        line: line(&visit.call, &inspection).await?,
        scale: scale(&inspection),
        inspection,
        judged,
    })
}

async fn judge_page(
    visit: &Visit,
    id: &InspectionId,
    form: JudgeForm,
    faults: Vec<Fault>,
) -> Result<JudgePage> {
    let (inspection, judged) = super::judgements(&visit.call, id).await?;
    let judged = judged
        .into_iter()
        .find(|judged| judged.id.to_string() == form.recommendation);
    let judged = judged.ok_or(crate::error::Error::NotFound)?;
    Ok(JudgePage {
        page: visit
            .page(format!("Recommendation {}", judged.number))
            .with_faults(&faults),
        scale: scale(&inspection)
            .iter()
            .map(|p| (p.code.clone(), format!("{}. {}", p.title, p.description)))
            .collect(),
        inspection,
        judged,
        form,
        faults,
    })
}

async fn judge(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<JudgeForm>,
) -> PageResult {
    let (_, _leave) = inspection::load_for(&visit.call, &id, Action::JudgeProgress).await?;
    let recommendation = form
        .recommendation
        .parse()
        .map_err(|_| crate::error::Error::NotFound)?;
    let done = super::judge(
        &visit.call,
        &id,
        &recommendation,
        &form.judgement,
        &form.rests_on,
    )
    .await;
    match done {
        Ok(()) => Ok(redirect_saying(
            &format!("/inspections/{id}/progress"),
            "The judgement is recorded.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&judge_page(&visit, &id, form, faults).await?)
        }
    }
}
