//! The published record in the database.

use crate::store::Text;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};
use throughline_domain::published::{Fieldwork, Grader, PartialDate, PublishedInspection, Scope};

#[derive(FromRow)]
struct Row {
    line: i64,
    force: String,
    event: String,
    scope: Text<Scope>,
    fieldwork: Option<String>,
    published_on: Option<String>,
    scale: String,
    scale_assumed: i64,
    graded_by: Text<Grader>,
    cases: i64,
    good: Option<i64>,
    middle: Option<i64>,
    inadequate: Option<i64>,
    below_good: Option<i64>,
    referred_back: Option<i64>,
    source: String,
    note: Option<String>,
}

impl Row {
    fn read(self) -> sqlx::Result<PublishedInspection> {
        Ok(PublishedInspection {
            line: number(self.line)?,
            force: self.force,
            event: self.event,
            scope: self.scope.0,
            fieldwork: parsed::<Fieldwork>(self.fieldwork)?,
            published: parsed::<PartialDate>(self.published_on)?,
            scale: self.scale,
            scale_assumed: self.scale_assumed != 0,
            graded_by: self.graded_by.0,
            cases: number(self.cases)?,
            good: self.good.map(number).transpose()?,
            middle: self.middle.map(number).transpose()?,
            inadequate: self.inadequate.map(number).transpose()?,
            below_good: self.below_good.map(number).transpose()?,
            referred_back: self.referred_back.map(number).transpose()?,
            source: self.source,
            note: self.note,
        })
    }
}

fn number(stored: i64) -> sqlx::Result<u64> {
    u64::try_from(stored).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn parsed<T>(text: Option<String>) -> sqlx::Result<Option<T>>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.map(|text| text.parse())
        .transpose()
        .map_err(|error: T::Err| sqlx::Error::Decode(error.into()))
}

/// The rows that were never withdrawn, each force's in the order of its file.
pub(super) async fn list_standing(
    connection: &mut AnyConnection,
) -> sqlx::Result<Vec<PublishedInspection>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT line, force, event, scope, fieldwork, published_on, scale, scale_assumed, graded_by, cases,
           good, middle, inadequate, below_good, referred_back, source, note
         FROM published_record WHERE withdrawn_at IS NULL ORDER BY force, line, id",
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

pub(super) async fn withdraw(
    connection: &mut AnyConnection,
    force: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE published_record SET withdrawn_at = $2 WHERE force = $1 AND withdrawn_at IS NULL",
    )
    .bind(force)
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    row: &PublishedInspection,
    random: u64,
    digest: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO published_record (id, force, event, scope, fieldwork, published_on, scale, scale_assumed,
           graded_by, cases, good, middle, inadequate, below_good, referred_back, source, note, line, file_digest, imported_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
    )
    .bind(throughline_domain::id::from_random(random))
    .bind(row.force.as_str())
    .bind(row.event.as_str())
    .bind(row.scope.code())
    .bind(row.fieldwork.map(written))
    .bind(row.published.map(|date| date.to_string()))
    .bind(row.scale.as_str())
    .bind(i64::from(row.scale_assumed))
    .bind(row.graded_by.code())
    .bind(whole(row.cases)?)
    .bind(row.good.map(whole).transpose()?)
    .bind(row.middle.map(whole).transpose()?)
    .bind(row.inadequate.map(whole).transpose()?)
    .bind(row.below_good.map(whole).transpose()?)
    .bind(row.referred_back.map(whole).transpose()?)
    .bind(row.source.as_str())
    .bind(row.note.as_deref())
    .bind(whole(row.line)?)
    .bind(digest)
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}

fn whole(count: u64) -> sqlx::Result<i64> {
    i64::try_from(count).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// As the file writes it: `2016-02/2016-05`.
fn written(fieldwork: Fieldwork) -> String {
    format!("{}/{}", fieldwork.from, fieldwork.to)
}
