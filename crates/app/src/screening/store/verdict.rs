//! Lists of cases by what was found in them, in the database.

use super::seen::{Hiding, leaving_out};
use crate::error::{Error, Result};
use crate::screening::verdict::Found;
use crate::store::{Text, whole};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyPool, AssertSqlSafe, FromRow};
use std::collections::BTreeSet;
use throughline_domain::id::{InspectionId, ScreeningId};

/// A case in a list of those that missed a standard, or in which one is pending.
#[derive(Debug, Clone)]
pub struct VerdictRow {
    /// The case.
    pub reference: String,
    /// The standard.
    pub standard: String,
    /// What it is about.
    pub category: String,
    /// Who handled it.
    pub area: String,
    /// When it was closed.
    pub closed_on: Option<Text<Date>>,
    /// What was found, the worst of it.
    pub found: Found,
    /// How often.
    pub times: i64,
    /// By when it was or is due.
    pub due_at: Option<Text<Timestamp>>,
    is_withdrawn: bool,
}

impl VerdictRow {
    /// Whether the case is no longer in the case list.
    pub fn is_withdrawn(&self) -> bool {
        self.is_withdrawn
    }

    /// In which way.
    pub fn words(&self) -> &'static str {
        self.found.words()
    }
}

/// A verdict as its row has it.
#[derive(FromRow)]
struct StoredVerdict {
    reference: String,
    standard: String,
    category: String,
    area: String,
    closed_on: Option<Text<Date>>,
    detail: String,
    times: i64,
    due_at: Option<Text<Timestamp>>,
    withdrawn: i64,
}

impl StoredVerdict {
    fn read(self) -> Result<VerdictRow> {
        let found = Found::of_code(&self.detail).ok_or_else(|| {
            let (standard, reference, code) = (&self.standard, &self.reference, &self.detail);
            Error::Internal(format!(
                "what was found of {standard} in case {reference} has the unknown code {code:?}"
            ))
        })?;
        Ok(VerdictRow {
            reference: self.reference,
            standard: self.standard,
            category: self.category,
            area: self.area,
            closed_on: self.closed_on,
            found,
            times: self.times,
            due_at: self.due_at,
            is_withdrawn: self.withdrawn > 0,
        })
    }
}

fn read(rows: Vec<StoredVerdict>) -> Result<Vec<VerdictRow>> {
    rows.into_iter().map(StoredVerdict::read).collect()
}

/// Which of the cases that missed a standard.
#[derive(Debug, Clone, Default)]
pub struct MissFilter {
    /// Of this area; empty for all.
    pub area: String,
    /// Of this category; empty for all.
    pub category: String,
}

/// A case that is open and missed several standards.
#[derive(Debug, Clone, FromRow)]
pub struct AtRisk {
    /// The case.
    pub reference: String,
    /// What it is about.
    pub category: String,
    /// Who handled it.
    pub area: String,
    /// Standards that it missed.
    pub missed: i64,
    /// The earliest time by which something is due.
    pub next_due: Option<Text<Timestamp>>,
    sent_back: i64,
    withdrawn: i64,
}

impl AtRisk {
    /// Whether it is no longer in the case list, so that nothing can be done with it here.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn > 0
    }

    /// Whether it was sent straight back.
    pub fn is_sent_back(&self) -> bool {
        self.sent_back > 0
    }
}

const VERDICTS: &str = "FROM screening_verdict v JOIN screening_case c
    ON c.screening_id = v.screening_id AND c.reference = v.reference WHERE v.screening_id = $1";
const MISSED: &str = "AND v.outcome = 'missed' AND v.standard = $2 AND ($3 = '' OR c.area = $3) AND ($4 = '' OR c.category = $4)";
const VERDICT_COLUMNS: &str = "SELECT v.reference, v.standard, c.category, c.area, c.closed_on,
    v.detail, v.times, v.due_at,
    (SELECT COUNT(*) FROM case_record r JOIN screening s ON s.inspection_id = r.inspection_id
       WHERE s.id = v.screening_id AND r.reference = v.reference
         AND r.withdrawn_at IS NOT NULL) AS withdrawn";

pub(in crate::screening) async fn missed(
    pool: &AnyPool,
    screening: &ScreeningId,
    standard: &str,
    filter: &MissFilter,
    hidden: &BTreeSet<String>,
    (from, many): (u64, u64),
) -> Result<(Vec<VerdictRow>, u64)> {
    let seen = leaving_out("v.reference", hidden, 7);
    let rows: Vec<StoredVerdict> = sqlx::query_as(AssertSqlSafe(format!(
        "{VERDICT_COLUMNS} {VERDICTS} {MISSED} {seen} ORDER BY v.reference LIMIT $5 OFFSET $6"
    )))
    .bind(screening.as_str())
    .bind(standard)
    .bind(filter.area.as_str())
    .bind(filter.category.as_str())
    .bind(whole(many))
    .bind(whole(from))
    .hiding(hidden)
    .fetch_all(pool)
    .await?;
    let seen = leaving_out("v.reference", hidden, 5);
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT COUNT(*) {VERDICTS} {MISSED} {seen}"
    )))
    .bind(screening.as_str())
    .bind(standard)
    .bind(filter.area.as_str())
    .bind(filter.category.as_str())
    .hiding(hidden)
    .fetch_one(pool)
    .await?;
    Ok((read(rows)?, count.unsigned_abs()))
}

/// What is pending, the first due first.
pub(in crate::screening) async fn pending(
    pool: &AnyPool,
    screening: &ScreeningId,
    hidden: &BTreeSet<String>,
    (from, many): (u64, u64),
) -> Result<(Vec<VerdictRow>, u64)> {
    const PENDING: &str = "AND v.outcome = 'pending' AND v.due_at IS NOT NULL";
    let seen = leaving_out("v.reference", hidden, 4);
    let rows: Vec<StoredVerdict> = sqlx::query_as(AssertSqlSafe(format!(
        "{VERDICT_COLUMNS} {VERDICTS} {PENDING} {seen} ORDER BY v.due_at, v.standard, v.reference LIMIT $2 OFFSET $3"
    )))
    .bind(screening.as_str())
    .bind(whole(many))
    .bind(whole(from))
    .hiding(hidden)
    .fetch_all(pool)
    .await?;
    let seen = leaving_out("v.reference", hidden, 2);
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT COUNT(*) {VERDICTS} {PENDING} {seen}"
    )))
    .bind(screening.as_str())
    .hiding(hidden)
    .fetch_one(pool)
    .await?;
    Ok((read(rows)?, count.unsigned_abs()))
}

/// Standards that an open case must have missed to be at risk now.
pub const AT_RISK_MISSED_MIN: i64 = 2;

pub(in crate::screening) async fn at_risk(
    pool: &AnyPool,
    inspection: &InspectionId,
    screening: &ScreeningId,
    hidden: &BTreeSet<String>,
    (from, many): (u64, u64),
) -> sqlx::Result<(Vec<AtRisk>, u64)> {
    const FROM: &str =
        "FROM screening_case c WHERE c.screening_id = $1 AND c.is_open = 1 AND c.missed >= $2";
    let seen = leaving_out("c.reference", hidden, 6);
    let rows = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT c.reference, c.category, c.area, c.missed, c.next_due,
           (SELECT COUNT(*) FROM referral r WHERE r.inspection_id = $3 AND r.reference = c.reference
              AND r.withdrawn_at IS NULL) AS sent_back,
           (SELECT COUNT(*) FROM case_record r WHERE r.inspection_id = $3 AND r.reference = c.reference
              AND r.withdrawn_at IS NOT NULL) AS withdrawn
         {FROM} {seen} ORDER BY c.missed DESC, c.reference LIMIT $4 OFFSET $5"
    )))
    .bind(screening.as_str())
    .bind(AT_RISK_MISSED_MIN)
    .bind(inspection.as_str())
    .bind(whole(many))
    .bind(whole(from))
    .hiding(hidden)
    .fetch_all(pool)
    .await?;
    let seen = leaving_out("c.reference", hidden, 3);
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) {FROM} {seen}")))
        .bind(screening.as_str())
        .bind(AT_RISK_MISSED_MIN)
        .hiding(hidden)
        .fetch_one(pool)
        .await?;
    Ok((rows, count.unsigned_abs()))
}

/// How many verdicts are pending with a time, and how many cases are at risk now.
pub(in crate::screening) async fn urgent_counts(
    pool: &AnyPool,
    screening: &ScreeningId,
    hidden: &BTreeSet<String>,
) -> sqlx::Result<(i64, i64)> {
    let seen = leaving_out("reference", hidden, 3);
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT (SELECT COUNT(*) FROM screening_verdict WHERE screening_id = $1 AND outcome = 'pending'
                   AND due_at IS NOT NULL {seen}) AS pending,
                (SELECT COUNT(*) FROM screening_case WHERE screening_id = $1 AND is_open = 1
                   AND missed >= $2 {seen}) AS at_risk"
    )))
    .bind(screening.as_str())
    .bind(AT_RISK_MISSED_MIN)
    .hiding(hidden)
    .fetch_one(pool)
    .await
}
