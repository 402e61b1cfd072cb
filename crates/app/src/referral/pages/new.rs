//! Raising a referral.

use super::{Options, pair};
use crate::error::{Error, Fault, Result};
use crate::inspection::{self, Inspection};
use crate::referral::{self, Draft, EVERYBODY};
use crate::web::confirmation::CHANGE;
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Confirmation, Page, PageResult, Posted, Visit, moment};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::calendar::Period;
use throughline_domain::id::{AuditId, InspectionId, ReferralId};
use throughline_domain::referral::{WITHDRAW_MINUTES, limit};

#[derive(Template)]
#[template(path = "referral/new.html")]
struct NewPage {
    page: Page,
    inspection: Inspection,
    reasons: Vec<(String, String, String)>,
    recipients: Options,
    limits: Vec<(&'static str, String)>,
    from_audit: bool,
    form: DraftForm,
    faults: Vec<Fault>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DraftForm {
    audit: String,
    reference: String,
    reason: String,
    risk: String,
    addressed_to: String,
    /// Says that the sender was asked, and means it.
    confirmed: String,
}

impl DraftForm {
    fn entered(&self) -> Draft {
        Draft {
            audit: self.audit.clone(),
            reference: self.reference.clone(),
            reason: self.reason.clone(),
            risk: self.risk.clone(),
            addressed_to: self.addressed_to.clone(),
        }
    }
}

const CONFIRMED: &str = "yes";

async fn new_page(
    visit: &Visit,
    id: &InspectionId,
    mut form: DraftForm,
    faults: Vec<Fault>,
) -> Result<NewPage> {
    let call = &visit.call;
    let (inspection, leave) = inspection::load_for(call, id, Action::RaiseReferral).await?;
    let audit: Option<AuditId> = form.audit.parse().ok();
    if let Some(audit) = &audit {
        form.reference = referral::case_of_audit(call, id, audit).await?;
    }
    if !form.reference.is_empty() {
        call.record_read(&leave, format!("case/{id}/{}", form.reference))
            .await?;
    }
    let framework = referral::framework_of(&inspection.framework)?;
    let reasons = framework.referral.reasons.iter();
    let recipients = referral::recipients(call, &inspection).await?;
    let everybody = format!("Everybody who answers for {}", inspection.force_name);
    let mut to = vec![pair(EVERYBODY, everybody)];
    to.extend(recipients.iter().map(|each| {
        pair(
            each.id.as_str(),
            format!("{}, {}", each.name, each.role.title()),
        )
    }));
    if form.addressed_to.is_empty() && faults.is_empty() {
        EVERYBODY.clone_into(&mut form.addressed_to);
    }
    Ok(NewPage {
        page: visit.page("Send a case straight back").with_faults(&faults),
        reasons: reasons
            .map(|each| {
                (
                    each.code.clone(),
                    each.title.clone(),
                    each.description.clone(),
                )
            })
            .collect(),
        recipients: to,
        limits: limits(visit, &inspection)?,
        inspection,
        from_audit: audit.is_some(),
        form,
        faults,
    })
}

/// When each clock will run out, if the case is sent back now.
fn limits(visit: &Visit, inspection: &Inspection) -> Result<Vec<(&'static str, String)>> {
    let clocks = &referral::framework_of(&inspection.framework)?
        .referral
        .clocks;
    let nation = referral::store::nation(&inspection.nation);
    let each = [
        ("Acknowledge it", Period::Hours(clocks.acknowledge_hours)),
        (
            "Take a first protective step",
            Period::Hours(clocks.protective_step_hours),
        ),
        ("Answer in full", clocks.answer),
    ];
    each.into_iter()
        .map(|(words, period)| {
            let until = limit(period, visit.call.now, nation)
                .map_err(|fault| Error::Refused(fault.to_string()))?;
            Ok((words, moment::in_words(until)))
        })
        .collect()
}

pub(super) async fn ask(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(form): Query<DraftForm>,
) -> PageResult {
    render(&new_page(&visit, &id, form, Vec::new()).await?)
}

pub(super) async fn raise(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<DraftForm>,
) -> PageResult {
    let done = match form.confirmed.as_str() {
        CONFIRMED => referral::raise(&visit.call, &id, &form.entered())
            .await
            .map(|referral| raised(&referral)),
        CHANGE => return render(&new_page(&visit, &id, form, Vec::new()).await?),
        _ => confirmation(&visit, &id, &form).await,
    };
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&new_page(&visit, &id, form, faults).await?)
        }
    }
}

fn raised(referral: &ReferralId) -> Response {
    redirect_saying(
        &format!("/referrals/{referral}"),
        "The case is sent back. The force can see it now and its clocks run.",
    )
}

/// What follows when the case is sent back, and whether to send it.
async fn confirmation(visit: &Visit, id: &InspectionId, form: &DraftForm) -> PageResult {
    let call = &visit.call;
    let (inspection, leave) = inspection::load_for(call, id, Action::RaiseReferral).await?;
    let new = referral::foresee(call, &inspection, &form.entered()).await?;
    call.record_read(&leave, format!("case/{id}/{}", new.reference))
        .await?;
    let framework = referral::framework_of(&inspection.framework)?;
    let reason = framework.find_referral_reason(&new.reason);
    let limits = limits(visit, &inspection)?
        .into_iter()
        .map(|(what, until)| format!("{what} by {until}."));
    let force = &inspection.force_name;
    let page = Confirmation::new(
        visit.page("You are about to send a case straight back"),
        format!("{force}, {}", inspection.title),
        format!("/inspections/{id}/referrals/new"),
        "Send it back now".into(),
        format!("/inspections/{id}"),
    )
    .for_risk()
    .saying("The case", new.reference)
    .saying("Why", reason.map_or_else(|| new.reason.clone(), |reason| reason.title.clone()))
    .saying("In your words", new.risk)
    .saying("To whom", new.addressed_to)
    .saying("Who sees it", format!("Everybody who answers for {force}, at once: these words and the case’s reference, never the audit."))
    .listing("Which clocks start", limits.collect())
    .saying(
        "If it was a mistake",
        format!("It can be withdrawn within {WITHDRAW_MINUTES} minutes, until the force acknowledges it. It stays on record."),
    );
    let fields = [
        ("audit", &form.audit),
        ("reference", &form.reference),
        ("reason", &form.reason),
        ("risk", &form.risk),
        ("addressed_to", &form.addressed_to),
    ];
    let page = fields
        .into_iter()
        .fold(page, |page, (field, value)| page.carrying(field, value));
    render(&page.confirmed_by(CONFIRMED))
}
