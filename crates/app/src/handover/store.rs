//! What is open between a force and the inspectorate, read for its handover.

use crate::store::Text;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyPool, FromRow};
use throughline_domain::id::{ForceId, InspectionId, ReferralId, ReportId, UserId};

pub(super) async fn is_on_a_team_at(
    pool: &AnyPool,
    force: &ForceId,
    user: &UserId,
) -> sqlx::Result<bool> {
    let teams: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM team_member JOIN inspection ON inspection.id = team_member.inspection_id
         WHERE inspection.force_id = $1 AND team_member.account_id = $2",
    )
    .bind(force.as_str())
    .bind(user.as_str())
    .fetch_one(pool)
    .await?;
    Ok(teams > 0)
}

/// A case sent straight back whose answer is not accepted yet: its number and clocks only.
#[derive(Debug, Clone, FromRow)]
pub(super) struct OpenReferral {
    pub(super) id: Text<ReferralId>,
    pub(super) number: i64,
    pub(super) state: String,
    pub(super) raised_at: Text<Timestamp>,
    pub(super) acknowledge_by: Text<Timestamp>,
    pub(super) protect_by: Text<Timestamp>,
    pub(super) answer_by: Text<Timestamp>,
    pub(super) acknowledged_at: Option<Text<Timestamp>>,
    pub(super) protected_at: Option<Text<Timestamp>>,
    pub(super) answered_at: Option<Text<Timestamp>>,
}

pub(super) async fn open_referrals(
    pool: &AnyPool,
    force: &ForceId,
) -> sqlx::Result<Vec<OpenReferral>> {
    sqlx::query_as(
        "SELECT id, number, state, raised_at, acknowledge_by, protect_by, answer_by, acknowledged_at, protected_at, answered_at
         FROM referral WHERE force_id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL ORDER BY raised_at, id",
    )
    .bind(force.as_str())
    .fetch_all(pool)
    .await
}

/// An inspection whose report is not published yet, with its report where there is one.
#[derive(Debug, Clone, FromRow)]
pub(super) struct AwaitedReport {
    pub(super) inspection_id: Text<InspectionId>,
    pub(super) title: String,
    pub(super) fieldwork_to: Text<Date>,
    pub(super) opened_at: Text<Timestamp>,
    pub(super) report_id: Option<Text<ReportId>>,
    pub(super) state: Option<String>,
    pub(super) accuracy_sent_at: Option<Text<Timestamp>>,
    pub(super) accuracy_due_on: Option<Text<Date>>,
}

pub(super) async fn awaited_reports(
    pool: &AnyPool,
    force: &ForceId,
    served_only: bool,
) -> sqlx::Result<Vec<AwaitedReport>> {
    sqlx::query_as(
        "SELECT inspection.id AS inspection_id, inspection.title, inspection.fieldwork_to, inspection.opened_at,
           report.id AS report_id, report.state, report.accuracy_sent_at, report.accuracy_due_on
         FROM inspection LEFT JOIN report ON report.inspection_id = inspection.id
         WHERE inspection.force_id = $1 AND (report.id IS NULL OR report.published_at IS NULL)
           AND ($2 = 0 OR EXISTS (SELECT 1 FROM served WHERE served.thing = 'inspection/' || inspection.id
             AND served.force_id = inspection.force_id))
         ORDER BY inspection.opened_at, inspection.id, report.begun_at, report.id",
    )
    .bind(force.as_str())
    .bind(i64::from(served_only))
    .fetch_all(pool)
    .await
}
