//! Openings of draws in the database.

use crate::app::Call;
use crate::error::{Error, Result};
use crate::store::{Text, json};
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};
use throughline_domain::id::{CaseListId, InspectionId};
use throughline_domain::sample::{self as step, ContributionGiven, DrawOpened};
use throughline_stats::draw::{Bytes32, Plan};

/// The opening of a draw from the present case list. It never says the secret.
#[derive(Clone, FromRow)]
pub struct Opening {
    /// Of which inspection.
    pub inspection_id: Text<InspectionId>,
    /// From which version of the case list.
    pub case_list_id: Text<CaseListId>,
    /// The digest of the cases to draw from, in hexadecimal.
    pub frame_digest: String,
    plan: String,
    pub(in crate::sample) secret: String,
    /// The commitment to the secret, in hexadecimal.
    pub commitment: String,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Text<Timestamp>,
    /// Until when the force may give its part undisturbed.
    pub due_at: Text<Timestamp>,
    /// What the force gave.
    pub contribution: Option<String>,
    /// Who gave it.
    pub contributed_by: Option<String>,
    /// When.
    pub contributed_at: Option<Text<Timestamp>>,
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening")
            .field("inspection_id", &self.inspection_id)
            .field("commitment", &self.commitment)
            .finish_non_exhaustive()
    }
}

impl Opening {
    /// How many cases are drawn from what.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn plan(&self) -> Result<Plan> {
        serde_json::from_str(&self.plan).map_err(|error| Error::Internal(error.to_string()))
    }

    /// As the domain's steps take it.
    pub fn standing(&self, drawn: bool) -> step::Opening {
        step::Opening {
            inspection: self.inspection_id.0.clone(),
            due_at: self.due_at.0,
            contribution: self.contribution.clone(),
            drawn,
        }
    }
}

/// The opening of the draw from the present version of the list.
pub(in crate::sample) async fn find(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Option<Opening>> {
    sqlx::query_as(
        "SELECT draw_opening.inspection_id, case_list_id, frame_digest, plan, secret, commitment,
         opener.name AS opened_by, opened_at, due_at, contribution, giver.name AS contributed_by,
         contributed_at
         FROM draw_opening JOIN account AS opener ON opener.id = draw_opening.opened_by
         LEFT JOIN account AS giver ON giver.id = draw_opening.contributed_by
         WHERE draw_opening.inspection_id = $1 AND case_list_id = (SELECT id FROM case_list
           WHERE inspection_id = $1 ORDER BY version DESC LIMIT 1)",
    )
    .bind(inspection.as_str())
    .fetch_optional(connection)
    .await
}

pub(in crate::sample) async fn insert(
    connection: &mut AnyConnection,
    call: &Call,
    event: &DrawOpened,
    plan: &Plan,
    secret: Bytes32,
) -> Result<()> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    sqlx::query(
        "INSERT INTO draw_opening (inspection_id, case_list_id, frame_digest, plan, secret,
           commitment, opened_by, opened_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(event.inspection.as_str())
    .bind(event.case_list.as_str())
    .bind(event.frame_digest.as_str())
    .bind(json(plan)?)
    .bind(secret.to_string())
    .bind(event.commitment.as_str())
    .bind(user.as_str())
    .bind(Text(call.now))
    .bind(Text(event.due_at))
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::sample) async fn contribute(
    connection: &mut AnyConnection,
    call: &Call,
    list: &CaseListId,
    event: &ContributionGiven,
) -> Result<()> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    sqlx::query(
        "UPDATE draw_opening SET contribution = $3, contributed_by = $4, contributed_at = $5
         WHERE inspection_id = $1 AND case_list_id = $2",
    )
    .bind(event.inspection.as_str())
    .bind(list.as_str())
    .bind(event.contribution.as_str())
    .bind(user.as_str())
    .bind(Text(call.now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Draws that wait for this force's part, the first due first: the inspection with its title,
/// and until when.
pub(in crate::sample) async fn waiting_for(
    connection: &mut AnyConnection,
    force: &str,
) -> sqlx::Result<Vec<(String, String, Text<Timestamp>)>> {
    sqlx::query_as(
        "SELECT inspection.id, inspection.title, due_at FROM draw_opening
         JOIN inspection ON inspection.id = draw_opening.inspection_id
         WHERE inspection.force_id = $1 AND contribution IS NULL
         AND NOT EXISTS (SELECT 1 FROM sample WHERE sample.inspection_id = inspection.id)
         AND case_list_id = (SELECT id FROM case_list
           WHERE case_list.inspection_id = inspection.id ORDER BY version DESC LIMIT 1)
         ORDER BY due_at, inspection.id",
    )
    .bind(force)
    .fetch_all(connection)
    .await
}
