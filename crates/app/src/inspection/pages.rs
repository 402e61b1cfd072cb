//! The list of inspections, opening one, and its own page.

use super::{Inspection, NewInspection, TeamMember};
use crate::error::{Fault, Result};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Confirmation, Page, PageResult, Posted, Routes, Visit};
use crate::{force, framework};
use askama::Template;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::id::{InspectionId, UserId};

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/inspections", Action::ReadInspection, list)
        .get("/inspections/new", Action::OpenInspection, ask)
        .post("/inspections/new", Action::OpenInspection, open)
        .get(
            "/inspections/{inspection}/announce",
            Action::AnnounceInspection,
            ask_announcement,
        )
        .post(
            "/inspections/{inspection}/announce",
            Action::AnnounceInspection,
            announce,
        )
        .get("/inspections/{inspection}/team", Action::ManageTeam, team)
        .post("/inspections/{inspection}/team", Action::ManageTeam, join)
        .post(
            "/inspections/{inspection}/team/{account}/leave",
            Action::ManageTeam,
            leave,
        )
}

#[derive(Template)]
#[template(path = "inspection/list.html")]
struct ListPage {
    page: Page,
    inspections: Vec<Inspection>,
    may_open: bool,
}

async fn list(visit: Visit) -> PageResult {
    render(&ListPage {
        page: visit.page("Inspections"),
        inspections: super::list(&visit.call).await?,
        may_open: allowed(
            visit.call.actor.role,
            Action::OpenInspection,
            Relation::Open,
        ),
    })
}

#[derive(Template)]
#[template(path = "inspection/new.html")]
struct NewPage {
    page: Page,
    form: OpenForm,
    forces: Vec<(String, String)>,
    frameworks: Vec<(String, String)>,
    faults: Vec<Fault>,
}

#[derive(Default, Deserialize)]
struct OpenForm {
    #[serde(default)]
    force: String,
    #[serde(default)]
    framework: String,
    title: String,
    fieldwork_from: String,
    fieldwork_to: String,
}

async fn new_page(visit: &Visit, form: OpenForm, faults: Vec<Fault>) -> Result<NewPage> {
    let _leave = visit.call.permit(Action::OpenInspection, Relation::Open)?;
    let forces = force::list(&visit.call).await?;
    Ok(NewPage {
        page: visit.page("Open an inspection").with_faults(&faults),
        form,
        forces: forces
            .into_iter()
            .map(|force| (force.id.to_string(), force.name))
            .collect(),
        frameworks: framework::all()
            .iter()
            .map(|f| (f.id.to_string(), f.title.clone()))
            .collect(),
        faults,
    })
}

async fn ask(visit: Visit) -> PageResult {
    render(&new_page(&visit, OpenForm::default(), Vec::new()).await?)
}

async fn open(visit: Visit, Posted(form): Posted<OpenForm>) -> PageResult {
    let new = NewInspection {
        force: form.force.clone(),
        framework: form.framework.clone(),
        title: form.title.clone(),
        fieldwork_from: form.fieldwork_from.clone(),
        fieldwork_to: form.fieldwork_to.clone(),
    };
    match super::open(&visit.call, &new).await {
        Ok(id) => Ok(redirect_saying(
            &format!("/inspections/{id}"),
            "The inspection is open. Next: the case list.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&new_page(&visit, form, faults).await?)
        }
    }
}

async fn ask_announcement(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let (inspection, _) = super::load_for(&visit.call, &id, Action::AnnounceInspection).await?;
    let force = &inspection.force_name;
    let page = Confirmation::new(
        visit.page(format!(
            "You are about to announce this inspection to {force}"
        )),
        inspection.title.clone(),
        format!("/inspections/{id}/announce"),
        "Announce it to the force".into(),
        format!("/inspections/{id}"),
    );
    render(
        &page
            .saying(
                "Who sees it",
                format!("Everybody who answers for {force}, from now on: that there is an inspection, its days and its framework. It cannot be hidden again."),
            )
            .saying(
                "What they do not see",
                "The case list, the sample, the audits, the findings and the draft. Each of these the force sees only when it is sent to it, or never.",
            )
            .saying("Which clocks start", "None."),
    )
}

async fn announce(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    super::announce(&visit.call, &id).await?;
    Ok(redirect_saying(
        &format!("/inspections/{id}"),
        "The force sees the inspection now.",
    ))
}

#[derive(Template)]
#[template(path = "inspection/team.html")]
struct TeamPage {
    page: Page,
    inspection: Inspection,
    team: Vec<TeamMember>,
    joinable: Vec<(String, String)>,
    faults: Vec<Fault>,
}

async fn team_page(visit: &Visit, id: &InspectionId, faults: Vec<Fault>) -> Result<TeamPage> {
    let (inspection, _) = super::load_for(&visit.call, id, Action::ManageTeam).await?;
    let joinable = super::list_joinable(&visit.call, &inspection).await?;
    Ok(TeamPage {
        page: visit.page("Team").with_faults(&faults),
        team: super::team(&visit.call, &inspection).await?,
        joinable: joinable
            .into_iter()
            .map(|person| (person.id.to_string(), person.name))
            .collect(),
        inspection,
        faults,
    })
}

async fn team(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&team_page(&visit, &id, Vec::new()).await?)
}

#[derive(Deserialize)]
struct JoinForm {
    #[serde(default)]
    account: String,
}

async fn join(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<JoinForm>,
) -> PageResult {
    let joined = match form.account.parse::<UserId>() {
        Ok(account) => super::join(&visit.call, &id, &account).await,
        Err(_) => Err(crate::error::Error::invalid(
            "account",
            "Choose an inspector",
        )),
    };
    match joined {
        Ok(()) => Ok(redirect_saying(
            &format!("/inspections/{id}/team"),
            "They are on the team.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&team_page(&visit, &id, faults).await?)
        }
    }
}

#[derive(Deserialize)]
struct Empty {}

async fn leave(
    visit: Visit,
    At((id, account)): At<(InspectionId, UserId)>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    super::leave(&visit.call, &id, &account).await?;
    Ok(redirect_saying(
        &format!("/inspections/{id}/team"),
        "They are off the team.",
    ))
}
