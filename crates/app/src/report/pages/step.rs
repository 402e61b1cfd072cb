//! The steps of a report that need a button or a short form.

use super::super::{self as report, Briefed, Report, Seen, store};
use super::{confirm, in_london};
use crate::error::{Error, Fault, Faults, Result};
use crate::inspection;
use crate::web::confirmation::CHANGE;
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit};
use askama::Template;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::calendar::london;
use throughline_domain::id::{ReportId, UserId};

#[derive(Deserialize)]
pub(super) struct Empty {}

fn back_saying(id: &ReportId, said: &str) -> PageResult {
    Ok(redirect_saying(&format!("/reports/{id}"), said))
}

/// What the page that asked for the decision showed.
#[derive(Default, Deserialize)]
pub(super) struct SeenForm {
    #[serde(default)]
    revision: i64,
    #[serde(default)]
    freeze: i64,
}

impl SeenForm {
    /// What was seen, where the form says it: both numbers begin with one.
    pub(super) fn given(&self) -> Option<Seen> {
        (self.revision > 0 && self.freeze > 0).then(|| self.seen())
    }

    fn seen(&self) -> Seen {
        Seen {
            revision: self.revision,
            freeze: self.freeze,
        }
    }
}

pub(super) async fn send(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(form): Posted<SeenForm>,
) -> PageResult {
    let sent = report::send_for_accuracy_check(&visit.call, &id, form.seen()).await;
    sent.map_err(to_be_mended)?;
    back_saying(&id, "The draft is with the force for its accuracy check.")
}

pub(super) async fn approve(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(form): Posted<SeenForm>,
) -> PageResult {
    let approved = report::approve(&visit.call, &id, form.seen()).await;
    approved.map_err(to_be_mended)?;
    back_saying(
        &id,
        "The report is approved. Next: the time of its publication.",
    )
}

pub(super) async fn finish_check(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    report::finish_check(&visit.call, &id).await?;
    back_saying(&id, "The inspectorate knows that your check is done.")
}

/// A fault in the text, where no form on the page can show it at its field.
pub(super) fn to_be_mended(error: Error) -> Error {
    match error {
        Error::Invalid(_) => Error::Refused(format!("The text must be mended first: {error}")),
        other => other,
    }
}

#[derive(Template)]
#[template(path = "report/briefing.html")]
struct BriefingPage {
    page: Page,
    report: Report,
    briefed: Vec<Briefed>,
    briefable: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl BriefingPage {
    fn when(&self, at: &Timestamp) -> String {
        in_london(at)
    }
}

async fn briefing_page(visit: &Visit, id: &ReportId, faults: Vec<Fault>) -> Result<BriefingPage> {
    let (found, _leave) = report::load_for(&visit.call, id, Action::BriefReader).await?;
    Ok(BriefingPage {
        page: visit.page("Briefing list").with_faults(&faults),
        briefed: store::briefed(visit.call.reader(), id).await?,
        briefable: store::list_briefable(visit.call.reader(), id).await?,
        report: found,
        faults,
    })
}

pub(super) async fn briefing(visit: Visit, At(id): At<ReportId>) -> PageResult {
    render(&briefing_page(&visit, &id, Vec::new()).await?)
}

#[derive(Deserialize)]
pub(super) struct BriefForm {
    #[serde(default)]
    account: String,
}

pub(super) async fn brief(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(form): Posted<BriefForm>,
) -> PageResult {
    let (_, _leave) = report::load_for(&visit.call, &id, Action::BriefReader).await?;
    let briefed = match form.account.parse::<UserId>() {
        Ok(account) => report::brief(&visit.call, &id, &account).await,
        Err(_) => Err(Error::invalid("account", "Choose a reader")),
    };
    match briefed {
        Ok(()) => Ok(redirect_saying(
            &format!("/reports/{id}/briefing"),
            "They may read the draft, under embargo.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&briefing_page(&visit, &id, faults).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "report/approver.html")]
struct ApproverPage {
    page: Page,
    report: Report,
    ready: Vec<String>,
    outside: Vec<(String, String)>,
    faults: Vec<Fault>,
}

async fn approver_page(visit: &Visit, id: &ReportId, faults: Vec<Fault>) -> Result<ApproverPage> {
    let (found, _leave) = report::load_for(&visit.call, id, Action::ManageTeam).await?;
    let approvers = report::approvers(&visit.call, &found).await?;
    Ok(ApproverPage {
        page: visit.page("Who approves it").with_faults(&faults),
        ready: approvers.ready.into_iter().map(|one| one.name).collect(),
        outside: approvers
            .outside
            .into_iter()
            .map(|one| (one.id.to_string(), one.name))
            .collect(),
        report: found,
        faults,
    })
}

pub(super) async fn approver(visit: Visit, At(id): At<ReportId>) -> PageResult {
    render(&approver_page(&visit, &id, Vec::new()).await?)
}

/// Puts a lead inspector on the team, who can then read the draft and approve it.
pub(super) async fn name_approver(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(form): Posted<BriefForm>,
) -> PageResult {
    let page = approver_page(&visit, &id, Vec::new()).await?;
    let chosen = page.outside.iter().find(|(id, _)| *id == form.account);
    let (Some((_, name)), Ok(user)) = (chosen, form.account.parse::<UserId>()) else {
        let fault = Error::invalid("account", "Choose a lead inspector").into_faults()?;
        return render_faulty(&approver_page(&visit, &id, fault).await?);
    };
    inspection::join(&visit.call, &page.report.inspection_id, &user).await?;
    back_saying(
        &id,
        &format!("{name} is on the team, reads the draft and can approve it."),
    )
}

#[derive(Template)]
#[template(path = "report/publication.html")]
struct PublicationPage {
    page: Page,
    report: Report,
    form: TimeForm,
    faults: Vec<Fault>,
}

#[derive(Default, Deserialize)]
pub(super) struct TimeForm {
    #[serde(default)]
    day: String,
    #[serde(default)]
    time: String,
    /// What somebody agreed to: see [`confirm::confirms`].
    #[serde(default)]
    confirmed: String,
}

async fn publication_page(
    visit: &Visit,
    id: &ReportId,
    form: TimeForm,
    faults: Vec<Fault>,
) -> Result<PublicationPage> {
    let (found, _leave) = report::load_for(&visit.call, id, Action::PublishReport).await?;
    Ok(PublicationPage {
        page: visit.page("Time of publication").with_faults(&faults),
        report: found,
        form,
        faults,
    })
}

pub(super) async fn publication(visit: Visit, At(id): At<ReportId>) -> PageResult {
    let form = TimeForm {
        day: String::new(),
        time: "00:01".into(),
        confirmed: String::new(),
    };
    render(&publication_page(&visit, &id, form, Vec::new()).await?)
}

fn moment(form: &TimeForm) -> Result<Timestamp> {
    let mut faults = Faults::default();
    let day: Option<Date> = faults.parsed("day", &form.day, "Enter a day, such as 2026-06-02");
    let time: Option<Time> = faults.parsed(
        "time",
        &format!("{}:00", form.time.trim()),
        "Enter a time, such as 00:01",
    );
    faults.none()?;
    let (Some(day), Some(time)) = (day, time) else {
        return Err(Error::Internal("a checked form lost a value".into()));
    };
    day.to_datetime(time)
        .to_zoned_datetime(london().clone())
        .map(|moment| moment.timestamp())
        .map_err(|_| Error::invalid("day", "Enter a day that the calendar holds"))
}

pub(super) async fn schedule(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(form): Posted<TimeForm>,
) -> PageResult {
    let (found, _leave) = report::load_for(&visit.call, &id, Action::PublishReport).await?;
    if form.confirmed == CHANGE {
        return render(&publication_page(&visit, &id, form, Vec::new()).await?);
    }
    let at = match moment(&form) {
        Ok(at) => at,
        Err(error) => {
            let faults = error.into_faults()?;
            return render_faulty(&publication_page(&visit, &id, form, faults).await?);
        }
    };
    if form.confirmed != confirm::confirms(at, visit.call.now) {
        let fields = [("day", form.day.as_str()), ("time", form.time.as_str())];
        return confirm::publication(&visit, &found, at, fields).await;
    }
    let set = report::schedule(&visit.call, &id, at).await;
    set.map_err(to_be_mended)?;
    if at > visit.call.now {
        back_saying(
            &id,
            &format!("It is published by itself on {}.", in_london(&at)),
        )
    } else {
        back_saying(&id, "The report is public.")
    }
}
