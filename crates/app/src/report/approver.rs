//! Who can approve a report: a lead inspector on the team who wrote nothing in it.

use super::{Report, inspection_of, store};
use crate::app::Call;
use crate::error::Result;
use crate::inspection::{self, TeamMember};
use throughline_domain::access::Role;

/// The lead inspectors who wrote nothing in a report.
#[derive(Debug, Clone)]
pub struct Approvers {
    /// Those on the team, who can approve it.
    pub ready: Vec<TeamMember>,
    /// Those who could once they are on the team; until then they cannot see it.
    pub outside: Vec<TeamMember>,
}

/// Who can approve a report, now or once on the team.
///
/// # Errors
/// [`crate::error::Error::NotFound`] for who may not know the inspection.
pub async fn approvers(call: &Call, report: &Report) -> Result<Approvers> {
    let inspection = inspection_of(call, report).await?;
    let team = inspection::team(call, &inspection).await?;
    let others = inspection::list_joinable(call, &inspection).await?;
    Ok(Approvers {
        ready: leads_who_did_not_write(call, report, team).await?,
        outside: leads_who_did_not_write(call, report, others).await?,
    })
}

async fn leads_who_did_not_write(
    call: &Call,
    report: &Report,
    people: Vec<TeamMember>,
) -> Result<Vec<TeamMember>> {
    let mut free = Vec::new();
    for person in people {
        let is_lead = person.role.0 == Role::LeadInspector;
        if is_lead && !store::is_author(call.reader(), &report.id, &person.id.0).await? {
            free.push(person);
        }
    }
    Ok(free)
}
