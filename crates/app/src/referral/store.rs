//! Referrals in the database.

use super::Filter;
use crate::app::Call;
use crate::store::Text;
use jiff::Timestamp;
use sqlx::any::Any;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Executor, FromRow};
use throughline_domain::access::Role;
use throughline_domain::calendar::Nation;
use throughline_domain::id::{AuditId, ForceId, InspectionId, ReferralId};
use throughline_domain::referral::{CaseReferred, Clock, ClockName, Referral, State, Told};

type Moment = Text<Timestamp>;

/// A referral with what a page says of it.
#[derive(Debug, Clone, FromRow)]
pub struct Record {
    /// Its id.
    pub id: Text<ReferralId>,
    /// The inspection.
    pub inspection_id: Text<InspectionId>,
    /// That inspection's title.
    pub inspection_title: String,
    /// The framework it is made under.
    pub framework: String,
    /// The force on which it was served.
    pub force_id: Text<ForceId>,
    /// That force's name.
    pub force_name: String,
    /// That force's nation.
    pub nation: String,
    /// The audit in which the risk was seen. Never shown to the force.
    pub audit_id: Option<Text<AuditId>>,
    /// The case.
    pub reference: String,
    /// Its number within the inspection.
    pub number: i64,
    /// The framework's code of the reason.
    pub risk_reason: String,
    /// The risk, in administrative words.
    pub risk: String,
    /// To whom it was sent.
    pub addressed_to: String,
    /// Where it stands.
    pub state: Text<State>,
    /// When it was raised.
    pub raised_at: Moment,
    acknowledge_by: Moment,
    protect_by: Moment,
    answer_from: Moment,
    answer_by: Moment,
    acknowledged_at: Option<Moment>,
    protected_at: Option<Moment>,
    answered_at: Option<Moment>,
    first_answered_at: Option<Moment>,
    accepted_at: Option<Moment>,
    withdrawn_at: Option<Moment>,
    rungs_told: i64,
    escalated_to: Option<String>,
}

const COLUMNS: &str = "SELECT referral.id, inspection_id, inspection.title AS inspection_title, framework,
    referral.force_id, force.name AS force_name, force.nation, audit_id, reference, number, risk_reason, risk,
    addressed_to, state, raised_at, acknowledge_by, protect_by, answer_from, answer_by, acknowledged_at,
    protected_at, answered_at, first_answered_at, accepted_at, withdrawn_at, rungs_told, escalated_to
    FROM referral JOIN inspection ON inspection.id = inspection_id JOIN force ON force.id = referral.force_id";

impl Record {
    /// The referral itself.
    pub fn referral(&self) -> Referral {
        let moment = |column: &Option<Moment>| column.as_ref().map(|text| text.0);
        Referral {
            id: self.id.0.clone(),
            inspection: self.inspection_id.0.clone(),
            state: self.state.0,
            raised_at: self.raised_at.0,
            acknowledge_by: self.acknowledge_by.0,
            protect_by: self.protect_by.0,
            answer_from: self.answer_from.0,
            answer_by: self.answer_by.0,
            acknowledged_at: moment(&self.acknowledged_at),
            protected_at: moment(&self.protected_at),
            answered_at: moment(&self.answered_at),
            first_answered_at: moment(&self.first_answered_at),
            accepted_at: moment(&self.accepted_at),
            withdrawn_at: moment(&self.withdrawn_at),
            rungs_told: u32::try_from(self.rungs_told).unwrap_or(u32::MAX),
        }
    }

    /// The clock to look at first: the soonest that still runs.
    pub fn foremost_clock(&self, now: Timestamp) -> Option<Clock> {
        let clocks = self.referral().clocks(now).into_iter();
        let running = clocks.filter(|clock| clock.stopped_at.is_none());
        running.min_by_key(|clock| clock.limit)
    }

    /// The role last told of it, as a page says it.
    pub fn escalated_to(&self) -> Option<&'static str> {
        let role: Role = self.escalated_to.as_ref()?.parse().ok()?;
        Some(role.title())
    }

    /// Whose working days count.
    pub fn nation(&self) -> Nation {
        nation(&self.nation)
    }
}

/// The nation of a force's code.
pub(super) fn nation(code: &str) -> Nation {
    match code {
        "wales" => Nation::Wales,
        _ => Nation::England,
    }
}

pub(super) async fn find<'e>(
    database: impl Executor<'e, Database = Any>,
    id: &ReferralId,
) -> sqlx::Result<Option<Record>> {
    sqlx::query_as(AssertSqlSafe(format!("{COLUMNS} WHERE referral.id = $1")))
        .bind(id.as_str())
        .fetch_optional(database)
        .await
}

/// Whose referrals: the inspections of a team member, or the force's.
fn scope(of_force: bool) -> &'static str {
    if of_force {
        "referral.force_id = $1"
    } else {
        "inspection_id IN (SELECT inspection_id FROM team_member WHERE account_id = $1)
         AND (referral.raised_by = $1 OR (inspection_id, reference) NOT IN
           (SELECT audit.inspection_id, audit.reference FROM audit
            WHERE audit.reader_id = $1 AND audit.state <> 'submitted'))"
    }
}

/// Whether somebody is still to read the case of a referral that another raised.
pub(super) async fn is_still_to_be_read_by(
    pool: &AnyPool,
    id: &ReferralId,
    user: &str,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT audit.id FROM referral JOIN audit ON audit.inspection_id = referral.inspection_id
           AND audit.reference = referral.reference
         WHERE referral.id = $1 AND audit.reader_id = $2 AND audit.state <> 'submitted'
           AND referral.raised_by <> $2 ORDER BY audit.id LIMIT 1",
    )
    .bind(id.as_str())
    .bind(user)
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

const MATCHES: &str = "($2 = '' OR inspection_id = $2)
    AND ($4 = '' OR state = $4 OR ($4 = 'past-limit' AND next_limit < $3)
      OR ($4 = 'open' AND accepted_at IS NULL AND withdrawn_at IS NULL))";

/// What has passed its limit first, then by the next limit, then what waits for a decision,
/// then what is closed, newest first.
const URGENT_FIRST: &str = "ORDER BY CASE WHEN next_limit IS NOT NULL THEN 0
      WHEN accepted_at IS NULL AND withdrawn_at IS NULL THEN 1 ELSE 2 END,
    next_limit, raised_at DESC, referral.id";

pub(super) async fn count(
    pool: &AnyPool,
    whose: &Whose,
    filter: &Filter,
    now: Timestamp,
) -> sqlx::Result<i64> {
    let scope = scope(whose.of_force);
    sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT COUNT(*) FROM referral WHERE {scope} AND {MATCHES}"
    )))
    .bind(whose.id.as_str())
    .bind(filter.inspection.as_str())
    .bind(now.to_string())
    .bind(filter.state.as_str())
    .fetch_one(pool)
    .await
}

pub(super) async fn list(
    pool: &AnyPool,
    whose: &Whose,
    filter: &Filter,
    now: Timestamp,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Record>> {
    let scope = scope(whose.of_force);
    sqlx::query_as(AssertSqlSafe(format!(
        "{COLUMNS} WHERE referral.id IN (SELECT referral.id FROM referral
           WHERE {scope} AND {MATCHES} {URGENT_FIRST} LIMIT $5 OFFSET $6) {URGENT_FIRST}"
    )))
    .bind(whose.id.as_str())
    .bind(filter.inspection.as_str())
    .bind(now.to_string())
    .bind(filter.state.as_str())
    .bind(limit)
    .bind(offset)
    .fetch_all(pool)
    .await
}

/// Whose referrals are listed.
#[derive(Debug)]
pub(super) struct Whose {
    /// The force's or the team member's id.
    pub id: String,
    /// Whether it is a force's.
    pub of_force: bool,
}

/// Those with a clock past its limit, longest first.
pub(super) async fn list_overdue(
    pool: &AnyPool,
    now: Timestamp,
) -> sqlx::Result<Vec<Text<ReferralId>>> {
    sqlx::query_scalar("SELECT id FROM referral WHERE next_limit < $1 ORDER BY next_limit, id")
        .bind(now.to_string())
        .fetch_all(pool)
        .await
}

/// An entry as it is stored.
#[derive(Debug, FromRow)]
pub(super) struct EntryRow {
    pub at: Moment,
    pub actor: String,
    pub role: Text<Role>,
    pub kind: String,
    pub content: String,
}

pub(super) async fn history(pool: &AnyPool, id: &ReferralId) -> sqlx::Result<Vec<EntryRow>> {
    sqlx::query_as(
        "SELECT at, actor, role, kind, content FROM referral_entry WHERE referral_id = $1 ORDER BY number",
    )
    .bind(id.as_str())
    .fetch_all(pool)
    .await
}

/// A person of the force, to whom a referral can be sent.
#[derive(Debug, Clone, FromRow)]
pub struct Recipient {
    /// Their account.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Text<Role>,
}

pub(super) async fn recipients(pool: &AnyPool, force: &ForceId) -> sqlx::Result<Vec<Recipient>> {
    sqlx::query_as(
        "SELECT id, name, role FROM account WHERE force_id = $1 AND closed_at IS NULL ORDER BY role DESC, name",
    )
    .bind(force.as_str())
    .fetch_all(pool)
    .await
}

/// The case that an audit of this inspection is about.
pub(super) async fn case_of_audit(
    pool: &AnyPool,
    inspection: &InspectionId,
    audit: &AuditId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT reference FROM audit WHERE id = $1 AND inspection_id = $2")
        .bind(audit.as_str())
        .bind(inspection.as_str())
        .fetch_optional(pool)
        .await
}

pub(super) async fn case_exists(
    pool: &AnyPool,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT reference FROM case_record WHERE inspection_id = $1 AND reference = $2 AND withdrawn_at IS NULL",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

/// The number of an open referral of the case for the same reason.
pub(super) async fn find_open(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    reference: &str,
    reason: &str,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "SELECT number FROM referral WHERE inspection_id = $1 AND reference = $2 AND risk_reason = $3
         AND accepted_at IS NULL AND withdrawn_at IS NULL ORDER BY number LIMIT 1",
    )
    .bind(inspection.as_str())
    .bind(reference)
    .bind(reason)
    .fetch_optional(connection)
    .await
}

pub(super) async fn next_number(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<i64> {
    let last: i64 = sqlx::query_scalar(
        "SELECT COALESCE(MAX(number), 0) FROM referral WHERE inspection_id = $1",
    )
    .bind(inspection.as_str())
    .fetch_one(connection)
    .await?;
    Ok(last + 1)
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    referral: &Referral,
    event: &CaseReferred,
    force: &ForceId,
    raised_by: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO referral (id, inspection_id, force_id, audit_id, reference, number, risk_reason, risk,
         addressed_to, state, raised_by, raised_at, acknowledge_by, protect_by, answer_from, answer_by,
         first_answer_by, next_limit, rungs_told)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $12, $15, $15, $16, 0)",
    )
    .bind(referral.id.as_str())
    .bind(referral.inspection.as_str())
    .bind(force.as_str())
    .bind(event.audit.as_ref().map(|audit| audit.as_str().to_owned()))
    .bind(event.reference.as_str())
    .bind(event.number)
    .bind(event.reason.as_str())
    .bind(event.risk.as_str())
    .bind(event.addressed_to.as_str())
    .bind(referral.state.code())
    .bind(raised_by)
    .bind(Text(referral.raised_at))
    .bind(Text(referral.acknowledge_by))
    .bind(Text(referral.protect_by))
    .bind(Text(referral.answer_by))
    .bind(text(referral.next_limit()))
    .execute(connection)
    .await?;
    Ok(())
}

fn text(moment: Option<Timestamp>) -> Option<String> {
    moment.map(|moment| moment.to_string())
}

/// Writes how the referral stands after a step.
pub(super) async fn save(connection: &mut AnyConnection, referral: &Referral) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE referral SET state = $2, answer_from = $3, answer_by = $4, acknowledged_at = $5, protected_at = $6,
         answered_at = $7, first_answered_at = $8, accepted_at = $9, withdrawn_at = $10, next_limit = $11,
         rungs_told = $12 WHERE id = $1",
    )
    .bind(referral.id.as_str())
    .bind(referral.state.code())
    .bind(Text(referral.answer_from))
    .bind(Text(referral.answer_by))
    .bind(text(referral.acknowledged_at))
    .bind(text(referral.protected_at))
    .bind(text(referral.answered_at))
    .bind(text(referral.first_answered_at))
    .bind(text(referral.accepted_at))
    .bind(text(referral.withdrawn_at))
    .bind(text(referral.next_limit()))
    .bind(i64::from(referral.rungs_told))
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds to the history what was said.
pub(super) async fn add_entry(
    connection: &mut AnyConnection,
    call: &Call,
    referral: &ReferralId,
    kind: &str,
    content: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO referral_entry (referral_id, number, at, account_id, actor, role, kind, content)
         VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM referral_entry WHERE referral_id = $1),
           $2, $3, $4, $5, $6, $7)",
    )
    .bind(referral.as_str())
    .bind(Text(call.now))
    .bind(call.actor.user.as_ref().map(|user| user.as_str().to_owned()))
    .bind(call.actor.recorded_name())
    .bind(call.actor.role.code())
    .bind(kind)
    .bind(content)
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes who was told last.
pub(super) async fn escalated(
    connection: &mut AnyConnection,
    referral: &ReferralId,
    to: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE referral SET escalated_to = $2, escalated_at = $3 WHERE id = $1")
        .bind(referral.as_str())
        .bind(to)
        .bind(Text(now))
        .execute(connection)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct ToldRow {
    clock: Text<ClockName>,
    limit_at: Moment,
    rung: i64,
}

/// The rungs that were told.
pub(super) async fn told<'e>(
    database: impl Executor<'e, Database = Any>,
    referral: &ReferralId,
) -> sqlx::Result<Vec<Told>> {
    let rows: Vec<ToldRow> = sqlx::query_as(
        "SELECT clock, limit_at, rung FROM referral_told WHERE referral_id = $1
         ORDER BY clock, limit_at, rung",
    )
    .bind(referral.as_str())
    .fetch_all(database)
    .await?;
    let told = rows.into_iter().map(|row| Told {
        clock: row.clock.0,
        limit: row.limit_at.0,
        rung: u32::try_from(row.rung).unwrap_or(u32::MAX),
    });
    Ok(told.collect())
}

/// Notes that a rung was told.
pub(super) async fn insert_told(
    connection: &mut AnyConnection,
    referral: &ReferralId,
    told: &Told,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO referral_told (referral_id, clock, limit_at, rung, told_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(referral.as_str())
    .bind(told.clock.code())
    .bind(Text(told.limit))
    .bind(i64::from(told.rung))
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}
