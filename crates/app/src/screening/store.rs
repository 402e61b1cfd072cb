//! Timelines, standards and what was found, in the database.

pub(super) mod seen;

use self::seen::{Hiding, leaving_out};
use super::run::Screened;
use super::standards::KeptStandard;
use super::timeline::Timelines;
use super::verdict::{Found, KeptVerdict, summarise};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::store::{Text, Value, insert_many, json, whole};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use throughline_domain::id::{AuditId, ForceId, InspectionId, ScreeningId};
use throughline_domain::screening::{StandardsWritten, Standing, TimelinesImported, VerdictJudged};
use throughline_screening::engine::Tally;

/// One import of timelines.
#[derive(Debug, Clone, FromRow)]
pub struct TimelineImport {
    /// Its number, from 1.
    pub version: i64,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_digest: String,
    /// Cases that have a timeline.
    pub case_count: i64,
    /// Events on them.
    pub event_count: i64,
    activities: String,
    /// The last day of which it knows.
    pub known_to: Text<Date>,
    /// Who took it in.
    pub imported_by: String,
    /// When.
    pub imported_at: Text<Timestamp>,
}

impl TimelineImport {
    /// The codes of what happened that occur in it.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn activities(&self) -> Result<BTreeSet<String>> {
        serde_json::from_str(&self.activities).map_err(|fault| Error::Internal(fault.to_string()))
    }
}

/// Versions of an inspection's own standards.
#[derive(Debug, Clone, FromRow)]
pub struct OwnStandards {
    /// Their number, from 1.
    pub version: i64,
    /// As they were typed.
    pub content: String,
    /// SHA-256 of the text.
    pub digest: String,
    /// How many there are.
    pub standard_count: i64,
    /// Who wrote them.
    pub written_by: String,
    /// When.
    pub written_at: Text<Timestamp>,
}

/// A case of the list as a screening takes it.
#[derive(Debug, Clone, FromRow)]
pub struct ListedCase {
    /// The case.
    pub reference: String,
    /// What it is about.
    pub category: String,
    /// Who handled it.
    pub area: String,
    /// When it was closed.
    pub closed_on: Option<String>,
    with_timeline: i64,
}

impl ListedCase {
    /// Whether anything is known of what happened in it.
    pub fn has_timeline(&self) -> bool {
        self.with_timeline > 0
    }
}

/// A check of every case.
#[derive(Debug, Clone, FromRow)]
pub struct Screening {
    /// Which.
    pub id: Text<ScreeningId>,
    /// Its number, from 1.
    pub number: i64,
    /// The last day of which the timelines were taken to know.
    pub as_of: Text<Date>,
    /// Of which timelines.
    pub timelines_version: i64,
    /// With which of the inspection's own standards; 0 where it has none.
    pub standards_version: i64,
    /// What the standards are called.
    pub library: String,
    /// SHA-256 of their text.
    pub standards_digest: String,
    /// SHA-256 of the timelines.
    pub input_digest: String,
    standards: String,
    tally: String,
    /// Cases that were checked.
    pub case_count: i64,
    /// Events on their timelines.
    pub event_count: i64,
    /// Cases of the list without a timeline.
    pub without_timeline: i64,
    /// Cases that missed a standard.
    pub missing_count: i64,
    /// Who had it run.
    pub run_by: String,
    /// When.
    pub run_at: Text<Timestamp>,
}

impl Screening {
    /// The standards as they were understood.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn standards(&self) -> Result<Vec<KeptStandard>> {
        serde_json::from_str(&self.standards).map_err(|fault| Error::Internal(fault.to_string()))
    }

    /// The counts.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn tally(&self) -> Result<Tally> {
        serde_json::from_str(&self.tally).map_err(|fault| Error::Internal(fault.to_string()))
    }
}

/// A case as a screening found it.
#[derive(Debug, Clone, FromRow)]
pub struct ScreenedCase {
    /// The case.
    pub reference: String,
    /// What it is about.
    pub category: String,
    /// Who handled it.
    pub area: String,
    /// When it was closed.
    pub closed_on: Option<Text<Date>>,
    verdicts: String,
    /// Standards that it missed.
    pub missed: i64,
    /// Standards that are pending in it.
    pub pending: i64,
    /// The earliest time by which something is due.
    pub next_due: Option<Text<Timestamp>>,
}

impl ScreenedCase {
    /// All its verdicts.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn verdicts(&self) -> Result<Vec<KeptVerdict>> {
        serde_json::from_str(&self.verdicts).map_err(|fault| Error::Internal(fault.to_string()))
    }
}

/// A case in a list of those that missed a standard, or in which one is pending.
#[derive(Debug, Clone, FromRow)]
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
    detail: String,
    /// How often.
    pub times: i64,
    /// By when it was or is due.
    pub due_at: Option<Text<Timestamp>>,
}

impl VerdictRow {
    /// In which way.
    pub fn words(&self) -> &'static str {
        Found::of_code(&self.detail).map_or("", Found::words)
    }
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
}

impl AtRisk {
    /// Whether it was sent straight back.
    pub fn is_sent_back(&self) -> bool {
        self.sent_back > 0
    }
}

/// The references of the present case list.
pub(super) async fn references(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<HashSet<String>> {
    let all: Vec<String> = sqlx::query_scalar(
        "SELECT reference FROM case_record WHERE inspection_id = $1 AND withdrawn_at IS NULL",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await?;
    Ok(all.into_iter().collect())
}

const IMPORT: &str =
    "SELECT version, file_name, file_digest, case_count, event_count, activities, known_to,
    account.name AS imported_by, imported_at
    FROM timeline_import JOIN account ON account.id = timeline_import.imported_by
    WHERE inspection_id = $1 ORDER BY version DESC LIMIT 1";

pub(super) async fn find_import(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Option<TimelineImport>> {
    sqlx::query_as(IMPORT)
        .bind(inspection.as_str())
        .fetch_optional(pool)
        .await
}

pub(super) async fn standing(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Standing> {
    let (timelines, standards): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COALESCE(MAX(version), 0) FROM timeline_import WHERE inspection_id = $1) AS timelines,
                (SELECT COALESCE(MAX(version), 0) FROM own_standards WHERE inspection_id = $1) AS standards",
    )
    .bind(inspection.as_str())
    .fetch_one(connection)
    .await?;
    let version = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Standing {
        timelines: (timelines > 0).then(|| version(timelines)),
        standards: version(standards),
    })
}

fn user(call: &Call) -> Result<&str> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    Ok(user.as_str())
}

/// Puts the timelines in place of those before.
pub(super) async fn replace_timelines(
    connection: &mut AnyConnection,
    call: &Call,
    event: &TimelinesImported,
    file_name: &str,
    timelines: &Timelines,
) -> Result<()> {
    let row = vec![
        event.inspection.as_str().into(),
        Value::Whole(i64::from(event.version)),
        file_name.into(),
        event.file_digest.as_str().into(),
        Value::Whole(whole(event.cases)),
        Value::Whole(whole(event.events)),
        json(&timelines.activities())?.into(),
        event.known_to.to_string().into(),
        user(call)?.into(),
        call.now.to_string().into(),
    ];
    let head =
        "INSERT INTO timeline_import (inspection_id, version, file_name, file_digest, case_count,
        event_count, activities, known_to, imported_by, imported_at)";
    insert_many(connection, head, &[row]).await?;
    sqlx::query("DELETE FROM timeline WHERE inspection_id = $1")
        .bind(event.inspection.as_str())
        .execute(&mut *connection)
        .await?;
    const AT_ONCE: usize = 2_000;
    for batch in timelines.cases.chunks(AT_ONCE) {
        let rows = batch
            .iter()
            .map(|case| {
                Ok(vec![
                    event.inspection.as_str().into(),
                    case.reference.as_str().into(),
                    case.child_key().into(),
                    json(&case.events)?.into(),
                ])
            })
            .collect::<Result<Vec<_>>>()?;
        let head = "INSERT INTO timeline (inspection_id, reference, child_key, events)";
        insert_many(connection, head, &rows).await?;
    }
    Ok(())
}

/// The events of one case, as text.
pub(super) async fn timeline(
    pool: &AnyPool,
    inspection: &InspectionId,
    reference: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT events FROM timeline WHERE inspection_id = $1 AND reference = $2")
        .bind(inspection.as_str())
        .bind(reference)
        .fetch_optional(pool)
        .await
}

/// The events of some cases, as text, by reference.
pub(super) async fn timelines(
    pool: &AnyPool,
    inspection: &InspectionId,
    references: &[&str],
) -> sqlx::Result<HashMap<String, String>> {
    let places: Vec<String> = (2..references.len() + 2).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT reference, events FROM timeline WHERE inspection_id = $1 AND reference IN ({})",
        places.join(",")
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(inspection.as_str());
    for reference in references {
        query = query.bind(*reference);
    }
    let rows: Vec<(String, String)> = query.fetch_all(pool).await?;
    Ok(rows.into_iter().collect())
}

pub(super) async fn listed_cases(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<ListedCase>> {
    sqlx::query_as(
        "SELECT case_record.reference, category, area, closed_on,
           CASE WHEN timeline.reference IS NULL THEN 0 ELSE 1 END AS with_timeline
         FROM case_record LEFT JOIN timeline ON timeline.inspection_id = case_record.inspection_id
           AND timeline.reference = case_record.reference
         WHERE case_record.inspection_id = $1 AND withdrawn_at IS NULL
         ORDER BY case_record.reference",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

/// The versions of an inspection's own standards, newest first.
pub(super) async fn own_standards(
    pool: &AnyPool,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<OwnStandards>> {
    sqlx::query_as(
        "SELECT version, content, digest, standard_count, account.name AS written_by, written_at
         FROM own_standards JOIN account ON account.id = own_standards.written_by
         WHERE inspection_id = $1 ORDER BY version DESC",
    )
    .bind(inspection.as_str())
    .fetch_all(pool)
    .await
}

pub(super) async fn insert_standards(
    connection: &mut AnyConnection,
    call: &Call,
    event: &StandardsWritten,
    content: &str,
) -> Result<()> {
    let row = vec![
        event.inspection.as_str().into(),
        Value::Whole(i64::from(event.version)),
        content.into(),
        event.digest.as_str().into(),
        Value::Whole(whole(event.standards)),
        user(call)?.into(),
        call.now.to_string().into(),
    ];
    let head = "INSERT INTO own_standards (inspection_id, version, content, digest, standard_count, written_by, written_at)";
    Ok(insert_many(connection, head, &[row]).await?)
}

pub(super) async fn next_number(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<u32> {
    let last: i64 = sqlx::query_scalar(
        "SELECT COALESCE(MAX(number), 0) FROM screening WHERE inspection_id = $1",
    )
    .bind(inspection.as_str())
    .fetch_one(connection)
    .await?;
    Ok(u32::try_from(last + 1).unwrap_or(u32::MAX))
}

pub(super) async fn insert_screening(
    connection: &mut AnyConnection,
    call: &Call,
    screened: &Screened,
) -> Result<()> {
    let event = &screened.event;
    let row = vec![
        event.screening.as_str().into(),
        event.inspection.as_str().into(),
        Value::Whole(i64::from(event.number)),
        event.as_of.to_string().into(),
        Value::Whole(i64::from(event.timelines)),
        Value::Whole(i64::from(event.standards)),
        screened.library.as_str().into(),
        event.standards_digest.as_str().into(),
        event.input_digest.as_str().into(),
        json(&screened.standards)?.into(),
        json(&screened.tally)?.into(),
        Value::Whole(whole(screened.tally.cases)),
        Value::Whole(whole(screened.tally.events)),
        Value::Whole(whole(screened.without_timeline)),
        Value::Whole(whole(event.cases_missing)),
        user(call)?.into(),
        call.now.to_string().into(),
    ];
    let head = "INSERT INTO screening (id, inspection_id, number, as_of, timelines_version, standards_version,
        library, standards_digest, input_digest, standards, tally, case_count, event_count, without_timeline,
        missing_count, run_by, run_at)";
    insert_many(connection, head, &[row]).await?;
    insert_cases(connection, screened).await
}

async fn insert_cases(connection: &mut AnyConnection, screened: &Screened) -> Result<()> {
    const AT_ONCE: usize = 2_000;
    let id = screened.event.screening.as_str();
    for batch in screened.cases.chunks(AT_ONCE) {
        let (mut cases, mut rows) = (Vec::new(), Vec::new());
        for case in batch {
            let Some(verdicts) = screened.verdicts.get(&case.reference) else {
                continue;
            };
            cases.push(case_row(id, case, verdicts)?);
            rows.extend(verdict_rows(id, case, verdicts));
        }
        let head = "INSERT INTO screening_case (screening_id, reference, category, area, closed_on, verdicts, missed, pending, next_due)";
        insert_many(connection, head, &cases).await?;
        let head = "INSERT INTO screening_verdict (screening_id, standard, reference, outcome, detail, times, due_at)";
        insert_many(connection, head, &rows).await?;
    }
    Ok(())
}

fn optional(text: Option<impl ToString>) -> Value {
    text.map_or(Value::Missing, |text| Value::Text(text.to_string()))
}

fn case_row(screening: &str, case: &ListedCase, verdicts: &[KeptVerdict]) -> Result<Vec<Value>> {
    let summary = summarise(verdicts);
    let count = |wanted: bool| {
        summary
            .keys()
            .filter(|(_, missed)| *missed == wanted)
            .count()
    };
    let pending = summary.iter().filter(|((_, missed), _)| !missed);
    let next_due = pending.filter_map(|(_, one)| one.due).min();
    Ok(vec![
        screening.into(),
        case.reference.as_str().into(),
        case.category.as_str().into(),
        case.area.as_str().into(),
        optional(case.closed_on.as_ref()),
        json(&verdicts)?.into(),
        Value::Whole(whole(count(true) as u64)),
        Value::Whole(whole(count(false) as u64)),
        optional(next_due),
    ])
}

fn verdict_rows<'v>(
    screening: &'v str,
    case: &'v ListedCase,
    verdicts: &'v [KeptVerdict],
) -> impl Iterator<Item = Vec<Value>> + 'v {
    summarise(verdicts)
        .into_iter()
        .map(move |((standard, missed), summary)| {
            vec![
                screening.into(),
                standard.into(),
                case.reference.as_str().into(),
                if missed { "missed" } else { "pending" }.into(),
                summary.found.code().into(),
                Value::Whole(whole(summary.times)),
                optional(summary.due),
            ]
        })
}

/// The newest screenings of an inspection, so many, the newest first; of those that a force was
/// shown, where one is named.
pub(super) async fn screenings(
    pool: &AnyPool,
    inspection: &InspectionId,
    many: i64,
    shown_to: Option<&ForceId>,
) -> sqlx::Result<Vec<Screening>> {
    sqlx::query_as(
        "SELECT screening.id, number, as_of, timelines_version, standards_version, library, standards_digest,
           input_digest, standards, tally, case_count, event_count, without_timeline, missing_count,
           account.name AS run_by, run_at
         FROM screening JOIN account ON account.id = screening.run_by
         WHERE inspection_id = $1 AND ($3 = '' OR EXISTS (SELECT 1 FROM served
           WHERE thing = 'screening/' || screening.id AND force_id = $3))
         ORDER BY number DESC LIMIT $2",
    )
    .bind(inspection.as_str())
    .bind(many)
    .bind(shown_to.map_or("", ForceId::as_str))
    .fetch_all(pool)
    .await
}

pub(super) async fn screened_case(
    pool: &AnyPool,
    screening: &ScreeningId,
    reference: &str,
) -> sqlx::Result<Option<ScreenedCase>> {
    sqlx::query_as(
        "SELECT reference, category, area, closed_on, verdicts, missed, pending, next_due
         FROM screening_case WHERE screening_id = $1 AND reference = $2",
    )
    .bind(screening.as_str())
    .bind(reference)
    .fetch_optional(pool)
    .await
}

const VERDICTS: &str = "FROM screening_verdict v JOIN screening_case c
    ON c.screening_id = v.screening_id AND c.reference = v.reference WHERE v.screening_id = $1";
const MISSED: &str = "AND v.outcome = 'missed' AND v.standard = $2 AND ($3 = '' OR c.area = $3) AND ($4 = '' OR c.category = $4)";
const VERDICT_COLUMNS: &str =
    "SELECT v.reference, v.standard, c.category, c.area, c.closed_on, v.detail, v.times, v.due_at";

pub(super) async fn missed(
    pool: &AnyPool,
    screening: &ScreeningId,
    standard: &str,
    filter: &MissFilter,
    hidden: &BTreeSet<String>,
    (from, many): (u64, u64),
) -> sqlx::Result<(Vec<VerdictRow>, u64)> {
    let seen = leaving_out("v.reference", hidden, 7);
    let rows = sqlx::query_as(AssertSqlSafe(format!(
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
    Ok((rows, count.unsigned_abs()))
}

/// What is pending, the first due first.
pub(super) async fn pending(
    pool: &AnyPool,
    screening: &ScreeningId,
    hidden: &BTreeSet<String>,
    (from, many): (u64, u64),
) -> sqlx::Result<(Vec<VerdictRow>, u64)> {
    const PENDING: &str = "AND v.outcome = 'pending' AND v.due_at IS NOT NULL";
    let seen = leaving_out("v.reference", hidden, 4);
    let rows = sqlx::query_as(AssertSqlSafe(format!(
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
    Ok((rows, count.unsigned_abs()))
}

/// Standards that an open case must have missed to be at risk now.
pub const AT_RISK_MISSED_MIN: i64 = 2;

pub(super) async fn at_risk(
    pool: &AnyPool,
    inspection: &InspectionId,
    screening: &ScreeningId,
    hidden: &BTreeSet<String>,
    (from, many): (u64, u64),
) -> sqlx::Result<(Vec<AtRisk>, u64)> {
    const FROM: &str = "FROM screening_case c WHERE c.screening_id = $1 AND c.closed_on IS NULL AND c.missed >= $2";
    let seen = leaving_out("c.reference", hidden, 6);
    let rows = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT c.reference, c.category, c.area, c.missed, c.next_due,
           (SELECT COUNT(*) FROM referral r WHERE r.inspection_id = $3 AND r.reference = c.reference
              AND r.withdrawn_at IS NULL) AS sent_back
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
pub(super) async fn urgent_counts(
    pool: &AnyPool,
    screening: &ScreeningId,
    hidden: &BTreeSet<String>,
) -> sqlx::Result<(i64, i64)> {
    let seen = leaving_out("reference", hidden, 3);
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT (SELECT COUNT(*) FROM screening_verdict WHERE screening_id = $1 AND outcome = 'pending'
                   AND due_at IS NOT NULL {seen}) AS pending,
                (SELECT COUNT(*) FROM screening_case WHERE screening_id = $1 AND closed_on IS NULL
                   AND missed >= $2 {seen}) AS at_risk"
    )))
    .bind(screening.as_str())
    .bind(AT_RISK_MISSED_MIN)
    .hiding(hidden)
    .fetch_one(pool)
    .await
}

pub(super) async fn save_judgement(
    connection: &mut AnyConnection,
    now: Timestamp,
    event: &VerdictJudged,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO judged_verdict (audit_id, standard, screening_id, agrees, judged_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (audit_id, standard) DO UPDATE SET screening_id = excluded.screening_id,
           agrees = excluded.agrees, judged_at = excluded.judged_at",
    )
    .bind(event.audit.as_str())
    .bind(event.standard.as_str())
    .bind(event.screening.as_str())
    .bind(if event.agrees { "yes" } else { "no" })
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// What a reader said of the verdicts in an audit, by standard.
pub(super) async fn judgements(
    pool: &AnyPool,
    audit: &AuditId,
) -> sqlx::Result<BTreeMap<String, bool>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT standard, agrees FROM judged_verdict WHERE audit_id = $1 ORDER BY standard",
    )
    .bind(audit.as_str())
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(standard, agrees)| (standard, agrees == "yes"))
        .collect())
}

/// How many readers of an inspection agreed with a standard's verdicts, of how many.
pub(super) async fn record_of(
    pool: &AnyPool,
    inspection: &InspectionId,
    standard: &str,
) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(CASE WHEN agrees = 'yes' THEN 1 ELSE 0 END), 0) AS BIGINT) AS agreed,
           COUNT(*) AS judged
         FROM judged_verdict JOIN audit ON audit.id = judged_verdict.audit_id
         WHERE audit.inspection_id = $1 AND standard = $2",
    )
    .bind(inspection.as_str())
    .bind(standard)
    .fetch_one(pool)
    .await
}
