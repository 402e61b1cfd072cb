//! The force's actions, what was said of them, and their evidence in the database.

use crate::store::{Text, Value, insert_many};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};
use throughline_domain::access::Actor;
use throughline_domain::id::{ActionId, EvidenceId, ForceId, RecommendationId, UserId};
use throughline_domain::plan::{ActionAdded, EvidenceAdded, ProgressRecorded, State};

/// Something the force undertakes.
#[derive(Debug, Clone, FromRow)]
pub struct PlanAction {
    /// Its id.
    pub id: Text<ActionId>,
    /// Under which recommendation.
    pub recommendation_id: Text<RecommendationId>,
    /// What is undertaken.
    pub title: String,
    /// Who in the force does it.
    pub owner: String,
    /// By when.
    pub due_on: Text<Date>,
    /// How far it has come.
    pub state: Text<State>,
    /// When it was added.
    pub added_at: Text<Timestamp>,
    /// When it was done.
    pub done_on: Option<Text<Date>>,
    /// How often progress was recorded.
    pub entries: i64,
    /// How many files of evidence it has.
    pub evidence: i64,
    /// The recommendation's number.
    pub number: i64,
}

const COLUMNS: &str = "SELECT plan_action.id, plan_action.recommendation_id, plan_action.title, plan_action.owner,
    plan_action.due_on, plan_action.state, plan_action.added_at, plan_action.done_on,
    (SELECT COUNT(*) FROM plan_action_entry entry WHERE entry.action_id = plan_action.id) AS entries,
    (SELECT COUNT(*) FROM evidence WHERE evidence.action_id = plan_action.id) AS evidence,
    recommendation.number
  FROM plan_action JOIN recommendation ON recommendation.id = plan_action.recommendation_id";

pub(super) async fn find(
    connection: &mut AnyConnection,
    id: &ActionId,
) -> sqlx::Result<Option<PlanAction>> {
    let sql = format!("{COLUMNS} WHERE plan_action.id = $1");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(id.as_str())
        .fetch_optional(connection)
        .await
}

pub(super) async fn list(
    pool: &AnyPool,
    recommendation: &RecommendationId,
) -> sqlx::Result<Vec<PlanAction>> {
    let sql = format!(
        "{COLUMNS} WHERE plan_action.recommendation_id = $1 ORDER BY plan_action.due_on, plan_action.added_at, plan_action.id"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(recommendation.as_str())
        .fetch_all(pool)
        .await
}

/// What a force undertook and has not done, by due day.
pub(super) async fn list_undone_of_force(
    pool: &AnyPool,
    force: &ForceId,
) -> sqlx::Result<Vec<PlanAction>> {
    let sql = format!(
        "{COLUMNS} WHERE plan_action.force_id = $1 AND plan_action.state <> 'done' ORDER BY plan_action.due_on, plan_action.id"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(force.as_str())
        .fetch_all(pool)
        .await
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    added: &ActionAdded,
    force: &ForceId,
    by: &UserId,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO plan_action (id, recommendation_id, force_id, title, owner, due_on, state, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'planned', $7, $8)",
    )
    .bind(added.action.as_str())
    .bind(added.recommendation.as_str())
    .bind(force.as_str())
    .bind(added.title.as_str())
    .bind(added.owner.as_str())
    .bind(Text(added.due_on))
    .bind(by.as_str())
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn record(
    connection: &mut AnyConnection,
    recorded: &ProgressRecorded,
    actor: &Actor,
    now: Timestamp,
    today: Date,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO plan_action_entry (action_id, number, at, state, detail, lateness, account_id, actor, role)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(recorded.action.as_str())
    .bind(recorded.number)
    .bind(Text(now))
    .bind(recorded.state.code())
    .bind(recorded.detail.as_str())
    .bind(recorded.lateness.as_deref())
    .bind(actor.user.as_ref().map(UserId::as_str))
    .bind(actor.recorded_name())
    .bind(actor.role.code())
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE plan_action SET state = $2, done_on = $3 WHERE id = $1")
        .bind(recorded.action.as_str())
        .bind(recorded.state.code())
        .bind((recorded.state == State::Done).then(|| today.to_string()))
        .execute(connection)
        .await?;
    Ok(())
}

/// What was said of an action.
#[derive(Debug, Clone, FromRow)]
pub struct Progress {
    /// Counts within the action: 1, 2 …
    pub number: i64,
    /// When.
    pub at: Text<Timestamp>,
    /// How far it had come.
    pub state: Text<State>,
    /// What was done.
    pub detail: String,
    /// Why it was late, where it was.
    pub lateness: Option<String>,
    /// Who said it.
    pub actor: String,
}

/// Newest first.
pub(super) async fn progress(pool: &AnyPool, action: &ActionId) -> sqlx::Result<Vec<Progress>> {
    sqlx::query_as(
        "SELECT number, at, state, detail, lateness, actor FROM plan_action_entry
         WHERE action_id = $1 ORDER BY number DESC",
    )
    .bind(action.as_str())
    .fetch_all(pool)
    .await
}

/// A file that shows what was done.
#[derive(Debug, Clone, FromRow)]
pub struct Evidence {
    /// Its id.
    pub id: Text<EvidenceId>,
    /// For which action.
    pub action_id: Text<ActionId>,
    /// Its name, made safe.
    pub file_name: String,
    /// Its type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 of its content, in hexadecimal.
    pub digest: String,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added_at: Text<Timestamp>,
}

const EVIDENCE: &str = "SELECT evidence.id, evidence.action_id, evidence.file_name, evidence.media_type, evidence.size,
    evidence.digest, account.name AS added_by, evidence.added_at
  FROM evidence JOIN account ON account.id = evidence.added_by";

pub(super) async fn find_evidence(
    pool: &AnyPool,
    id: &EvidenceId,
) -> sqlx::Result<Option<Evidence>> {
    let sql = format!("{EVIDENCE} WHERE evidence.id = $1");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(id.as_str())
        .fetch_optional(pool)
        .await
}

pub(super) async fn list_evidence(
    pool: &AnyPool,
    action: &ActionId,
) -> sqlx::Result<Vec<Evidence>> {
    let sql =
        format!("{EVIDENCE} WHERE evidence.action_id = $1 ORDER BY evidence.added_at, evidence.id");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(action.as_str())
        .fetch_all(pool)
        .await
}

pub(super) async fn has_digest(
    connection: &mut AnyConnection,
    action: &ActionId,
    digest: &str,
) -> sqlx::Result<bool> {
    let there: Option<String> =
        sqlx::query_scalar("SELECT id FROM evidence WHERE action_id = $1 AND digest = $2")
            .bind(action.as_str())
            .bind(digest)
            .fetch_optional(connection)
            .await?;
    Ok(there.is_some())
}

/// How many bytes each stored part holds: a multiple of three, so that the parts' base 64 has
/// no padding between them.
const PART_BYTES: usize = 384 * 1024;

pub(super) async fn insert_evidence(
    connection: &mut AnyConnection,
    added: &EvidenceAdded,
    by: &UserId,
    now: Timestamp,
    bytes: &[u8],
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO evidence (id, action_id, file_name, media_type, size, digest, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(added.evidence.as_str())
    .bind(added.action.as_str())
    .bind(added.file_name.as_str())
    .bind(added.media_type.as_str())
    .bind(added.size)
    .bind(added.digest.as_str())
    .bind(by.as_str())
    .bind(Text(now))
    .execute(&mut *connection)
    .await?;
    let parts: Vec<Vec<Value>> = (0..)
        .zip(bytes.chunks(PART_BYTES))
        .map(|(number, part)| {
            vec![
                added.evidence.as_str().into(),
                Value::Whole(number),
                STANDARD.encode(part).into(),
            ]
        })
        .collect();
    let head = "INSERT INTO evidence_part (evidence_id, number, data)";
    insert_many(connection, head, &parts).await
}

/// The stored bytes, or `None` when a part is no base 64.
pub(super) async fn evidence_bytes(
    pool: &AnyPool,
    id: &EvidenceId,
) -> sqlx::Result<Option<Vec<u8>>> {
    let parts: Vec<String> =
        sqlx::query_scalar("SELECT data FROM evidence_part WHERE evidence_id = $1 ORDER BY number")
            .bind(id.as_str())
            .fetch_all(pool)
            .await?;
    let mut bytes = Vec::new();
    for part in parts {
        match STANDARD.decode(part) {
            Ok(part) => bytes.extend(part),
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(bytes))
}
