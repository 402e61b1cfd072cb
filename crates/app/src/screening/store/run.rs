//! Screenings and what they found in each case, in the database.

use super::user;
use crate::app::Call;
use crate::error::{Error, Result};
use crate::screening::run::Screened;
use crate::screening::standards::KeptStandard;
use crate::screening::verdict::KeptVerdict;
use crate::store::{Text, Value, insert_many, json, whole};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, AnyPool, FromRow};
use throughline_domain::id::{ForceId, InspectionId, ScreeningId};
use throughline_screening::engine::Tally;

/// A check of every case.
#[derive(Debug, Clone, FromRow)]
pub struct Screening {
    /// Which.
    pub id: Text<ScreeningId>,
    /// Its number, from 1.
    pub number: i64,
    /// The last day of which the timelines were taken to know.
    pub as_of: Text<Date>,
    /// The day at whose end it was known; none where all is taken that the timelines hold.
    pub known_at: Option<Text<Date>>,
    /// Of the cases of which version of the case list.
    pub case_list_version: i64,
    case_list_now: i64,
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
    /// The version of the case list that stands now, where it is newer than that whose cases were
    /// checked: some may have gone from it, and others come.
    pub fn newer_list(&self) -> Option<i64> {
        (self.case_list_now > self.case_list_version).then_some(self.case_list_now)
    }

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

/// A case of the list as a screening takes it.
#[derive(Debug, Clone, FromRow)]
pub struct ListedCase {
    /// The case.
    pub reference: String,
    /// What it is about.
    pub category: String,
    /// Who handled it.
    pub area: String,
    /// When it was opened.
    pub opened_on: Text<Date>,
    /// When it was closed.
    pub closed_on: Option<Text<Date>>,
    with_timeline: i64,
}

impl ListedCase {
    /// Whether anything is known of what happened in it.
    pub fn has_timeline(&self) -> bool {
        self.with_timeline > 0
    }

    /// Whether it was open at the end of a day.
    pub fn is_open_on(&self, day: Date) -> bool {
        self.opened_on.0 <= day && self.closed_on.is_none_or(|closed| closed.0 > day)
    }
}

/// The cases of the present list, each with whether it has a timeline in that version.
pub(in crate::screening) async fn listed_cases(
    pool: &AnyPool,
    inspection: &InspectionId,
    timelines: i64,
) -> sqlx::Result<Vec<ListedCase>> {
    sqlx::query_as(
        "SELECT case_record.reference, category, area, opened_on, closed_on,
           CASE WHEN timeline.reference IS NULL THEN 0 ELSE 1 END AS with_timeline
         FROM case_record LEFT JOIN timeline ON timeline.inspection_id = case_record.inspection_id
           AND timeline.reference = case_record.reference AND timeline.version = $2
         WHERE case_record.inspection_id = $1 AND withdrawn_at IS NULL
         ORDER BY case_record.reference",
    )
    .bind(inspection.as_str())
    .bind(timelines)
    .fetch_all(pool)
    .await
}

pub(in crate::screening) async fn next_number(
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

pub(in crate::screening) async fn insert_screening(
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
        optional(event.known_at),
        Value::Whole(i64::from(event.case_list)),
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
    let head = "INSERT INTO screening (id, inspection_id, number, as_of, known_at, case_list_version,
        timelines_version, standards_version, library, standards_digest, input_digest, standards, tally,
        case_count, event_count, without_timeline, missing_count, run_by, run_at)";
    Ok(insert_many(connection, head, &[row]).await?)
}

pub(super) fn optional(text: Option<impl ToString>) -> Value {
    text.map_or(Value::Missing, |text| Value::Text(text.to_string()))
}

/// The newest screenings of an inspection, so many, the newest first; of those that a force was
/// shown, where one is named.
pub(in crate::screening) async fn screenings(
    pool: &AnyPool,
    inspection: &InspectionId,
    many: i64,
    shown_to: Option<&ForceId>,
) -> sqlx::Result<Vec<Screening>> {
    sqlx::query_as(
        "SELECT screening.id, number, as_of, known_at, case_list_version,
           (SELECT COALESCE(MAX(version), 0) FROM case_list
              WHERE case_list.inspection_id = screening.inspection_id) AS case_list_now,
           timelines_version, standards_version, library, standards_digest, input_digest, standards,
           tally, case_count, event_count, without_timeline, missing_count,
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

/// All verdicts on a case; none where no standard applied to it.
pub(in crate::screening) async fn verdicts_of(
    pool: &AnyPool,
    screening: &ScreeningId,
    reference: &str,
) -> Result<Vec<KeptVerdict>> {
    let kept: Option<(String, String)> = sqlx::query_as(
        "SELECT verdicts, verdicts_across FROM screening_case
         WHERE screening_id = $1 AND reference = $2",
    )
    .bind(screening.as_str())
    .bind(reference)
    .fetch_optional(pool)
    .await?;
    match kept {
        Some((within, across)) => read_verdicts(reference, [&within, &across]),
        None => Ok(Vec::new()),
    }
}

/// The verdicts of a case as its row has them: what its own timeline proves, and what hangs on
/// those of other cases too.
pub(super) fn read_verdicts(reference: &str, kept: [&str; 2]) -> Result<Vec<KeptVerdict>> {
    let mut verdicts = Vec::new();
    for text in kept {
        let read: Vec<KeptVerdict> = serde_json::from_str(text).map_err(|fault| {
            Error::Internal(format!(
                "the verdicts of case {reference} are damaged: {fault}"
            ))
        })?;
        verdicts.extend(read);
    }
    Ok(verdicts)
}
