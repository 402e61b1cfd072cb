//! Corrections of published reports in the database.

use super::NewPublication;
use crate::error::{Error, Result};
use crate::figure::FigureSet;
use crate::report::text::WrittenSection;
use crate::store::Text;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};
use throughline_domain::id::{ReportId, UserId};

/// A correction that waits for approval.
#[derive(Debug, Clone, FromRow)]
pub struct PendingCorrection {
    /// Counts the corrections of the report.
    pub number: i64,
    /// What was wrong and what it says now.
    pub why: String,
    sections: String,
    frozen: Option<String>,
    /// Who wrote it.
    pub proposed_by: Text<UserId>,
    /// Their name.
    pub proposed_by_name: String,
    /// When.
    pub proposed_at: Text<Timestamp>,
}

impl PendingCorrection {
    /// The corrected text.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn sections(&self) -> Result<Vec<WrittenSection>> {
        read(&self.sections)
    }

    /// Whether the figures were computed again for it.
    pub fn has_new_figures(&self) -> bool {
        self.frozen.is_some()
    }

    /// The figures that were computed again for it, if they were.
    ///
    /// # Errors
    /// When what is stored is damaged.
    pub fn figures(&self) -> Result<Option<FigureSet>> {
        self.frozen.as_deref().map(read).transpose()
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Internal(format!("a correction: {error}")))
}

pub(in crate::report) async fn pending_correction(
    connection: &mut AnyConnection,
    report: &ReportId,
) -> sqlx::Result<Option<PendingCorrection>> {
    sqlx::query_as(
        "SELECT number, why, sections, frozen, proposed_by, account.name AS proposed_by_name, proposed_at
         FROM report_correction JOIN account ON account.id = proposed_by
         WHERE report_id = $1 AND version IS NULL AND withdrawn_at IS NULL ORDER BY number",
    )
    .bind(report.as_str())
    .fetch_optional(connection)
    .await
}

pub(in crate::report) async fn next_correction(
    connection: &mut AnyConnection,
    report: &ReportId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COALESCE(MAX(number), 0) + 1 FROM report_correction WHERE report_id = $1",
    )
    .bind(report.as_str())
    .fetch_one(connection)
    .await
}

/// A correction to be kept until it is approved.
pub(in crate::report) struct NewCorrection<'a> {
    pub report: &'a ReportId,
    pub number: i64,
    pub why: &'a str,
    pub sections: &'a str,
    pub frozen: Option<&'a str>,
    pub by: &'a UserId,
    pub now: Timestamp,
}

pub(in crate::report) async fn insert_correction(
    connection: &mut AnyConnection,
    new: &NewCorrection<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_correction (report_id, number, why, sections, frozen, proposed_by, proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.report.as_str())
    .bind(new.number)
    .bind(new.why)
    .bind(new.sections)
    .bind(new.frozen)
    .bind(new.by.as_str())
    .bind(Text(new.now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::report) async fn mark_correction_published(
    connection: &mut AnyConnection,
    published: &NewPublication<'_>,
    number: i64,
    approver: &UserId,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE report_correction SET version = $3, approved_by = $4, approved_at = $5
         WHERE report_id = $1 AND number = $2",
    )
    .bind(published.report.as_str())
    .bind(number)
    .bind(published.version)
    .bind(approver.as_str())
    .bind(Text(published.now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::report) async fn mark_correction_withdrawn(
    connection: &mut AnyConnection,
    report: &ReportId,
    number: i64,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE report_correction SET withdrawn_at = $3 WHERE report_id = $1 AND number = $2",
    )
    .bind(report.as_str())
    .bind(number)
    .bind(Text(now))
    .execute(connection)
    .await?;
    Ok(())
}
