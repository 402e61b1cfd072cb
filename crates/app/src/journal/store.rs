//! The journal in the database.

use crate::error::{Error, Result};
use crate::store::Text;
use futures_util::TryStreamExt;
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row};
use std::ops::ControlFlow;
use throughline_domain::calendar::{end_of_london_day, first_instant_of, london};
use throughline_journal::{Entry, Frontier, Hash};

/// A line of the journal: everything of an entry but its reason and its change.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Text<Timestamp>,
    /// Who, with their account's id.
    pub actor: String,
    /// The code of the role in which they acted.
    pub role: String,
    /// What was done.
    pub action: String,
    /// To what; only its kind and a digest where this person may not know it.
    pub subject: String,
    /// Whether they may not.
    #[sqlx(skip)]
    pub is_hidden: bool,
}

impl Line {
    /// Who, without their account's id.
    pub fn name(&self) -> &str {
        self.actor
            .rsplit_once(" (")
            .map_or(self.actor.as_str(), |(name, _)| name)
    }

    /// Whether somebody with an account did it, and not the operator or the clock.
    pub fn is_by_a_person(&self) -> bool {
        self.actor.ends_with(')')
    }

    /// When, by London's clock: `2 Feb 2026, 09:00:00`.
    pub fn when(&self) -> String {
        let there = self.at.to_zoned_datetime(london().clone());
        there.strftime("%-d %b %Y, %H:%M:%S").to_string()
    }

    /// The line for somebody who may not know what it is about.
    pub(super) fn hidden(self, secret: &str) -> Self {
        let digest = hex::encode(Sha256::digest(format!("{secret} {}", self.subject)));
        let kind = self.subject.split('/').next().unwrap_or_default();
        Line {
            subject: format!("{kind}, {}", &digest[..12]),
            is_hidden: true,
            ..self
        }
    }

    /// The role as a page says it.
    pub fn role_title(&self) -> &str {
        self.role
            .parse::<throughline_domain::access::Role>()
            .map_or(self.role.as_str(), |role| role.title())
    }
}

/// Which lines are wanted; an empty text wants all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// By whom, with their account's id.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what: a whole subject, or a kind such as `referral`.
    pub subject: String,
    /// On which day in London.
    pub day: Option<Date>,
}

const LINE: &str = "SELECT seq, at, actor, role, action, subject FROM journal_entry";

/// The last lines before a number that the filter wants, newest first.
pub(super) async fn page(
    pool: &AnyPool,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    let mut conditions = vec!["seq < $1"];
    let mut values = Vec::new();
    for (condition, value) in wanted(filter) {
        conditions.push(condition);
        values.push(value);
    }
    let mut sql = format!("{LINE} WHERE {}", conditions.join(" AND "));
    for number in 0..values.len() {
        sql = sql.replacen("{}", &format!("${}", number + 2), 1);
    }
    sql.push_str(&format!(" ORDER BY seq DESC LIMIT ${}", values.len() + 2));
    let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(before.unwrap_or(i64::MAX));
    for value in values {
        query = query.bind(value);
    }
    query.bind(limit).fetch_all(pool).await
}

/// Each condition with the value it compares with.
fn wanted(filter: &Filter) -> Vec<(&'static str, String)> {
    let mut wanted = Vec::new();
    if !filter.actor.is_empty() {
        wanted.push(("actor = {}", filter.actor.clone()));
    }
    if !filter.action.is_empty() {
        wanted.push(("action = {}", filter.action.clone()));
    }
    if filter.subject.contains('/') {
        wanted.push(("subject = {}", filter.subject.clone()));
    } else if !filter.subject.is_empty() {
        let kind = format!("{}/", filter.subject.replace(['%', '_'], ""));
        let first_letters = kind.chars().take(4).collect();
        wanted.push(("SUBSTR(subject, 1, 4) = {}", first_letters));
        wanted.push(("subject LIKE {}", format!("{kind}%")));
    }
    if let Some(day) = filter.day
        && let (Ok(from), Ok(to)) = (first_instant_of(day), end_of_london_day(day))
    {
        wanted.push(("at >= {}", from.to_string()));
        wanted.push(("at < {}", to.to_string()));
    }
    wanted
}

pub(super) async fn history(pool: &AnyPool, subject: &str) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "{LINE} WHERE subject = $1 ORDER BY seq"
    )))
    .bind(subject)
    .fetch_all(pool)
    .await
}

/// Everybody who ever did something, by name.
pub(super) async fn list_actors(pool: &AnyPool) -> sqlx::Result<Vec<String>> {
    distinct(pool, "actor").await
}

/// Everything that was ever done, by name.
pub(super) async fn list_actions(pool: &AnyPool) -> sqlx::Result<Vec<String>> {
    distinct(pool, "action").await
}

/// The distinct values of an indexed column: one look at the index for each, however many
/// entries there are.
async fn distinct(pool: &AnyPool, column: &'static str) -> sqlx::Result<Vec<String>> {
    let sql = format!(
        "WITH RECURSIVE known (value) AS (
           SELECT MIN({column}) FROM journal_entry
           UNION ALL
           SELECT (SELECT MIN({column}) FROM journal_entry WHERE {column} > known.value)
           FROM known WHERE known.value IS NOT NULL)
         SELECT value FROM known WHERE value IS NOT NULL ORDER BY value"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await
}

/// A secret of this journal: the first entry's salt, which no page shows. Digests of subjects
/// are made with it, so that nobody can try out references until one fits.
pub(super) async fn secret(pool: &AnyPool) -> sqlx::Result<String> {
    let salt: Option<String> =
        sqlx::query_scalar("SELECT salt FROM journal_entry ORDER BY seq LIMIT 1")
            .fetch_optional(pool)
            .await?;
    Ok(salt.unwrap_or_default())
}

/// Which statement finds the inspections of a person's teams to which a thing of a kind
/// belongs. The person is $2, the first part of the subject after its kind $1.
fn on_a_team(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "inspection" | "case" | "audits" | "moderation" | "failings" | "cases" | "referrals" => {
            "SELECT inspection_id FROM team_member WHERE inspection_id = $1 AND account_id = $2"
        }
        "audit" => {
            "SELECT audit.id FROM audit JOIN team_member ON team_member.inspection_id = audit.inspection_id
             WHERE audit.id = $1 AND account_id = $2"
        }
        "referral" => {
            "SELECT referral.id FROM referral JOIN team_member ON team_member.inspection_id = referral.inspection_id
             WHERE referral.id = $1 AND account_id = $2"
        }
        "screening" => {
            "SELECT screening.id FROM screening JOIN team_member ON team_member.inspection_id = screening.inspection_id
             WHERE screening.id = $1 AND account_id = $2"
        }
        "finding" => {
            "SELECT finding.id FROM finding JOIN team_member ON team_member.inspection_id = finding.inspection_id
             WHERE finding.id = $1 AND account_id = $2"
        }
        "report" => {
            "SELECT report.id FROM report JOIN team_member ON team_member.inspection_id = report.inspection_id
             WHERE report.id = $1 AND account_id = $2"
        }
        "recommendation" => {
            "SELECT recommendation.id FROM recommendation
             JOIN team_member ON team_member.inspection_id = recommendation.inspection_id
             WHERE recommendation.id = $1 AND account_id = $2"
        }
        "action" => {
            "SELECT plan_action.id FROM plan_action JOIN recommendation ON recommendation.id = recommendation_id
             JOIN team_member ON team_member.inspection_id = recommendation.inspection_id
             WHERE plan_action.id = $1 AND account_id = $2"
        }
        "evidence" => {
            "SELECT evidence.id FROM evidence JOIN plan_action ON plan_action.id = evidence.action_id
             JOIN recommendation ON recommendation.id = recommendation_id
             JOIN team_member ON team_member.inspection_id = recommendation.inspection_id
             WHERE evidence.id = $1 AND account_id = $2"
        }
        _ => return None,
    })
}

/// Whether a subject belongs to an inspection on whose team somebody is. What cannot be traced
/// to an inspection does not.
pub(super) async fn is_of_a_team(pool: &AnyPool, subject: &str, user: &str) -> sqlx::Result<bool> {
    let mut parts = subject.split('/');
    let (kind, id) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let Some(sql) = on_a_team(kind) else {
        return Ok(false);
    };
    let found: Option<String> = sqlx::query_scalar(sql)
        .bind(id)
        .bind(user)
        .fetch_optional(pool)
        .await?;
    Ok(found.is_some())
}

/// The head: what every append begins with.
pub(super) async fn read_head(connection: &mut AnyConnection) -> Result<Frontier> {
    let text: Option<String> = sqlx::query_scalar("SELECT frontier FROM journal_head WHERE id = 1")
        .fetch_optional(connection)
        .await?;
    let text = text.ok_or_else(|| Error::Internal("the journal's head is missing".into()))?;
    text.parse()
        .map_err(|_| Error::Internal("the journal's head is damaged: run journal verify".into()))
}

pub(super) async fn write_head(connection: &mut AnyConnection, head: &Frontier) -> Result<()> {
    sqlx::query("UPDATE journal_head SET frontier = $1 WHERE id = 1")
        .bind(head.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    entry: &Entry,
    leaf: &str,
) -> Result<()> {
    let seq =
        i64::try_from(entry.seq).map_err(|_| Error::Internal("the journal is full".into()))?;
    sqlx::query(
        "INSERT INTO journal_entry (seq, at, actor, role, action, subject, reason, salt, change, leaf)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(seq)
    .bind(entry.at.as_str())
    .bind(entry.actor.as_str())
    .bind(entry.role.as_str())
    .bind(entry.action.as_str())
    .bind(entry.subject.as_str())
    .bind(entry.reason.as_deref())
    .bind(entry.salt.as_str())
    .bind(entry.change.as_str())
    .bind(leaf)
    .execute(connection)
    .await?;
    Ok(())
}

/// How many rows the journal has, numbered or not.
pub(super) async fn count(connection: &mut AnyConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM journal_entry")
        .fetch_one(connection)
        .await
}

/// How many entries are asked for at once, so that both databases read along the index.
const PAGE: i64 = 4_000;

/// Visits the entries in order, with the leaf stored beside each, until the visitor breaks
/// off. One entry is in memory at a time, however long its change.
pub(super) async fn for_each_entry(
    connection: &mut AnyConnection,
    mut visit: impl FnMut(Entry, &Hash) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut after = i64::MIN;
    loop {
        let mut rows = sqlx::query(
            "SELECT seq, at, actor, role, action, subject, reason, salt, change, leaf
             FROM journal_entry WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch(&mut *connection);
        let mut count = 0;
        while let Some(row) = rows.try_next().await? {
            after = row.try_get(0)?;
            count += 1;
            let (entry, leaf) = stored_entry(&row)?;
            if visit(entry, &leaf)?.is_break() {
                return Ok(());
            }
        }
        if count < PAGE {
            return Ok(());
        }
    }
}

/// An entry as it stands. What is not even a text any more cannot hash to its leaf: its salt
/// is left out, so that the check names this entry and goes on.
fn stored_entry(row: &AnyRow) -> Result<(Entry, Hash)> {
    let seq: i64 = row.try_get(0)?;
    let number = u64::try_from(seq).map_err(|_| {
        Error::Refused(format!(
            "the journal does not verify: it has an entry {seq}, a number that no entry can have"
        ))
    })?;
    let texts = [1, 2, 3, 4, 5, 7, 8].map(|column| row.try_get::<String, _>(column).ok());
    let reason = row.try_get::<Option<String>, _>(6);
    let whole = texts.iter().all(Option::is_some) && reason.is_ok();
    let [at, actor, role, action, subject, salt, change] = texts.map(Option::unwrap_or_default);
    let entry = Entry {
        seq: number,
        at,
        actor,
        role,
        action,
        subject,
        reason: reason.unwrap_or_default(),
        salt: if whole { salt } else { String::new() },
        change,
    };
    // A leaf that cannot be read is no entry's leaf.
    let leaf = row.try_get::<String, _>(9).ok();
    let leaf = leaf.and_then(|leaf| leaf.parse().ok());
    Ok((entry, leaf.unwrap_or_else(|| Hash::from([0; 32]))))
}
