//! Accounts and sessions in the database.

use crate::store::{Store, Text};
use jiff::Timestamp;
use sqlx::{AnyConnection, AnyPool, FromRow};
use throughline_domain::access::{Actor, Role};
use throughline_domain::account::AccountAdded;
use throughline_domain::id::{ForceId, UserId};

/// Somebody who signs in.
#[derive(Debug, Clone, FromRow)]
pub struct Account {
    /// Their id.
    pub id: Text<UserId>,
    /// What they sign in with.
    pub email: String,
    /// Their name, as others see it.
    pub name: String,
    /// In what role they act.
    pub role: Text<RoleCode>,
    /// Of which force, for the force's own people.
    pub force_id: Option<Text<ForceId>>,
    /// That force's name.
    pub force_name: Option<String>,
    pub(super) password_hash: String,
    /// When it was closed.
    pub closed_at: Option<Text<Timestamp>>,
}

/// A role as its code.
#[derive(Debug, Clone, Copy)]
pub struct RoleCode(pub Role);

impl std::str::FromStr for RoleCode {
    type Err = String;
    fn from_str(code: &str) -> Result<Self, String> {
        code.parse().map(RoleCode)
    }
}

impl Account {
    /// The account as somebody who acts.
    pub fn actor(&self) -> Actor {
        Actor {
            user: Some(self.id.0.clone()),
            name: self.name.clone(),
            role: self.role.0.0,
            force: self.force_id.as_ref().map(|id| id.0.clone()),
            by_operator: false,
        }
    }

    /// Its role.
    pub fn role(&self) -> Role {
        self.role.0.0
    }
}

const COLUMNS: &str =
    "SELECT account.id, email, account.name, role, force_id, force.name AS force_name,
    password_hash, closed_at FROM account LEFT JOIN force ON force.id = account.force_id";

pub(super) async fn list(pool: &AnyPool) -> sqlx::Result<Vec<Account>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} ORDER BY account.name"
    )))
    .fetch_all(pool)
    .await
}

pub(super) async fn find_by_email(pool: &AnyPool, email: &str) -> sqlx::Result<Option<Account>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE email = $1")))
        .bind(email)
        .fetch_optional(pool)
        .await
}

pub(super) async fn is_taken(connection: &mut AnyConnection, email: &str) -> sqlx::Result<bool> {
    let taken: Option<String> = sqlx::query_scalar("SELECT id FROM account WHERE email = $1")
        .bind(email)
        .fetch_optional(connection)
        .await?;
    Ok(taken.is_some())
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    added: &AccountAdded,
    hash: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO account (id, email, name, role, force_id, password_hash, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(added.account.as_str())
    .bind(added.email.as_str())
    .bind(added.name.as_str())
    .bind(added.role.code())
    .bind(added.force.as_ref().map(ForceId::as_str))
    .bind(hash)
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn close(
    connection: &mut AnyConnection,
    account: &UserId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE account SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL")
        .bind(account.as_str())
        .bind(Text(now))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn find_password(
    pool: &AnyPool,
    account: &UserId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT password_hash FROM account WHERE id = $1")
        .bind(account.as_str())
        .fetch_optional(pool)
        .await
}

pub(super) async fn set_password(
    connection: &mut AnyConnection,
    account: &UserId,
    hash: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE account SET password_hash = $2, password_chosen_at = $3 WHERE id = $1")
        .bind(account.as_str())
        .bind(hash)
        .bind(Text(now))
        .execute(connection)
        .await?;
    Ok(())
}

/// A session with whose it is.
#[derive(Debug, FromRow)]
pub struct Session {
    account_id: Text<UserId>,
    name: String,
    role: Text<RoleCode>,
    force_id: Option<Text<ForceId>>,
    pub(super) form_token: String,
    pub(super) password_chosen_at: Option<Text<Timestamp>>,
    pub(super) started_at: Text<Timestamp>,
    pub(super) last_seen_at: Text<Timestamp>,
}

impl Session {
    pub(super) fn actor(&self) -> Actor {
        Actor {
            user: Some(self.account_id.0.clone()),
            name: self.name.clone(),
            role: self.role.0.0,
            force: self.force_id.as_ref().map(|id| id.0.clone()),
            by_operator: false,
        }
    }
}

pub(super) async fn find_session(pool: &AnyPool, digest: &str) -> sqlx::Result<Option<Session>> {
    sqlx::query_as(
        "SELECT account_id, name, role, force_id, form_token, password_chosen_at, started_at, last_seen_at
         FROM session JOIN account ON account.id = account_id
         WHERE token_digest = $1 AND closed_at IS NULL",
    )
    .bind(digest)
    .fetch_optional(pool)
    .await
}

/// A session as its own person sees it.
#[derive(Debug, Clone, FromRow)]
pub struct OwnSession {
    pub(super) token_digest: String,
    /// When they signed in.
    pub started_at: Text<Timestamp>,
    /// When it was last used, to the minute.
    pub last_seen_at: Text<Timestamp>,
}

/// The sessions that have not ended, last used first.
pub(super) async fn list_sessions(
    pool: &AnyPool,
    account: &UserId,
    started_after: Timestamp,
    seen_after: Timestamp,
) -> sqlx::Result<Vec<OwnSession>> {
    sqlx::query_as(
        "SELECT token_digest, started_at, last_seen_at FROM session
         WHERE account_id = $1 AND started_at >= $2 AND last_seen_at >= $3
         ORDER BY last_seen_at DESC, started_at DESC, token_digest",
    )
    .bind(account.as_str())
    .bind(Text(started_after))
    .bind(Text(seen_after))
    .fetch_all(pool)
    .await
}

/// Ends every session of an account but one, and returns how many those were.
pub(super) async fn end_other_sessions(
    connection: &mut AnyConnection,
    account: &UserId,
    kept: &str,
) -> sqlx::Result<u64> {
    let done = sqlx::query("DELETE FROM session WHERE account_id = $1 AND token_digest <> $2")
        .bind(account.as_str())
        .bind(kept)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

pub(super) async fn insert_session(
    connection: &mut AnyConnection,
    digest: &str,
    account: &UserId,
    form_token: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO session (token_digest, account_id, form_token, started_at, last_seen_at)
         VALUES ($1, $2, $3, $4, $4)",
    )
    .bind(digest)
    .bind(account.as_str())
    .bind(form_token)
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Being seen is no change that anybody need answer for, so it has no event.
pub(super) async fn touch_session(store: &Store, digest: &str, now: Timestamp) -> sqlx::Result<()> {
    let mut transaction = store.begin().await?;
    sqlx::query("UPDATE session SET last_seen_at = $2 WHERE token_digest = $1")
        .bind(digest)
        .bind(Text(now))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

pub(super) async fn end_session(connection: &mut AnyConnection, digest: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM session WHERE token_digest = $1")
        .bind(digest)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn end_sessions(
    connection: &mut AnyConnection,
    account: &UserId,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM session WHERE account_id = $1")
        .bind(account.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn end_old_sessions(
    connection: &mut AnyConnection,
    before: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM session WHERE started_at < $1")
        .bind(Text(before))
        .execute(connection)
        .await?;
    Ok(())
}

/// Strikes out the tries that no longer count.
pub(super) async fn forget_tries(
    connection: &mut AnyConnection,
    before: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_try WHERE at <= $1")
        .bind(Text(before))
        .execute(connection)
        .await?;
    Ok(())
}

/// The tries that count: as somebody's, and from the network address.
pub(super) async fn count_tries(
    connection: &mut AnyConnection,
    counted_as: &str,
    address: &str,
) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT
           (SELECT COUNT(*) FROM sign_in_try WHERE counted_as = $1),
           (SELECT COUNT(*) FROM sign_in_try WHERE address = $2)",
    )
    .bind(counted_as)
    .bind(address)
    .fetch_one(connection)
    .await
}

pub(super) async fn add_try(
    connection: &mut AnyConnection,
    id: &str,
    counted_as: &str,
    address: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO sign_in_try (id, counted_as, address, at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(counted_as)
        .bind(address)
        .bind(Text(now))
        .execute(connection)
        .await?;
    Ok(())
}

/// Strikes out a try: the password was right.
pub(super) async fn forget_try(connection: &mut AnyConnection, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_try WHERE id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether somebody has signed in from a browser since then.
pub(super) async fn is_known_browser(
    pool: &AnyPool,
    account: &UserId,
    digest: &str,
    since: Timestamp,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT seen_at FROM known_browser
         WHERE account_id = $1 AND token_digest = $2 AND seen_at > $3",
    )
    .bind(account.as_str())
    .bind(digest)
    .bind(Text(since))
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

pub(super) async fn know_browser(
    connection: &mut AnyConnection,
    account: &UserId,
    digest: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO known_browser (account_id, token_digest, seen_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, token_digest) DO UPDATE SET seen_at = excluded.seen_at",
    )
    .bind(account.as_str())
    .bind(digest)
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn forget_browsers(
    connection: &mut AnyConnection,
    before: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM known_browser WHERE seen_at <= $1")
        .bind(Text(before))
        .execute(connection)
        .await?;
    Ok(())
}
