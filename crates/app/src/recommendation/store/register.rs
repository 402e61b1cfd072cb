//! The register as one person may see it, in the database.

use super::{COLUMNS, Recommendation, is_open};
use crate::recommendation::register::Filter;
use crate::store::Text;
use jiff::civil::Date;
use sqlx::{AnyPool, AssertSqlSafe, FromRow};
use std::collections::BTreeMap;
use throughline_domain::access::Actor;

/// What of the register somebody may see: the SQL over `$1`, and what `$1` is.
#[derive(Debug, Clone)]
pub(in crate::recommendation) struct Visible {
    condition: &'static str,
    value: String,
}

const OF_THE_FORCE: &str =
    "recommendation.force_id = $1 AND (recommendation.published_on IS NOT NULL
    OR EXISTS (SELECT 1 FROM served WHERE served.thing = 'recommendation/' || recommendation.id
       AND served.force_id = recommendation.force_id))";

const OF_THE_TEAM: &str =
    "recommendation.series_id IN (SELECT round.series_id FROM inspection round
    JOIN team_member ON team_member.inspection_id = round.id WHERE team_member.account_id = $1)";

impl Visible {
    /// What this person may see: of their force what was served or published, or of the series
    /// in which they are on a round's team.
    pub(in crate::recommendation) fn to(actor: &Actor) -> Option<Self> {
        let user = actor.user.as_ref()?;
        match &actor.force {
            Some(force) => Some(Visible {
                condition: OF_THE_FORCE,
                value: force.to_string(),
            }),
            None => actor.role.is_inspecting().then(|| Visible {
                condition: OF_THE_TEAM,
                value: user.to_string(),
            }),
        }
    }

    /// `FROM …` with everything visible.
    fn rows(&self) -> String {
        format!(
            "FROM recommendation JOIN inspection ON inspection.id = recommendation.inspection_id
             JOIN force ON force.id = recommendation.force_id WHERE {}",
            self.condition
        )
    }

    /// Everything visible with where it stands on the day `$2`, as a table.
    fn register(&self) -> String {
        let status = "(SELECT entry.status FROM recommendation_entry entry
            WHERE entry.recommendation_id = recommendation.id AND entry.kind = 'status'
            ORDER BY entry.number DESC LIMIT 1)";
        let open = is_open("inspection.framework", status);
        format!(
            "(SELECT recommendation.id, recommendation.inspection_id, recommendation.owner, recommendation.time_limit,
                recommendation.number, COALESCE(recommendation.due_on, '') AS due, force.name AS force_name,
                CASE WHEN recommendation.published_on IS NULL THEN 'draft' WHEN NOT {open} THEN 'closed'
                  WHEN recommendation.due_on < $2 THEN 'overdue' ELSE 'open' END AS stands {}) AS register",
            self.rows()
        )
    }
}

pub(in crate::recommendation) async fn count_by_standing(
    pool: &AnyPool,
    visible: &Visible,
    today: Date,
) -> sqlx::Result<Vec<(String, i64)>> {
    let sql = format!(
        "SELECT stands, COUNT(*) FROM {} GROUP BY stands ORDER BY stands",
        visible.register()
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(visible.value.as_str())
        .bind(Text(today))
        .fetch_all(pool)
        .await
}

const WANTED: &str = "($3 = '' OR inspection_id = $3)
    AND ($4 = '' OR stands = $4 OR ($4 = 'open' AND stands = 'overdue'))
    AND ($5 = '' OR owner = $5) AND ($6 = '' OR time_limit = $6)";

pub(in crate::recommendation) async fn count(
    pool: &AnyPool,
    visible: &Visible,
    today: Date,
    filter: &Filter,
) -> sqlx::Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM {} WHERE {WANTED}", visible.register());
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(visible.value.as_str())
        .bind(Text(today))
        .bind(filter.inspection.as_str())
        .bind(filter.stands.as_str())
        .bind(filter.owner.as_str())
        .bind(filter.limit.as_str())
        .fetch_one(pool)
        .await
}

/// So many of those wanted from a place on: overdue first, then open by what is due soonest,
/// then drafts, then closed. What a row says is read of these alone.
pub(in crate::recommendation) async fn page(
    pool: &AnyPool,
    visible: &Visible,
    today: Date,
    filter: &Filter,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Recommendation>> {
    let sql = format!(
        "SELECT id FROM {} WHERE {WANTED}
         ORDER BY CASE stands WHEN 'overdue' THEN 0 WHEN 'open' THEN 1 WHEN 'draft' THEN 2 ELSE 3 END,
           due, number, force_name, id LIMIT $7 OFFSET $8",
        visible.register()
    );
    let ids: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(visible.value.as_str())
        .bind(Text(today))
        .bind(filter.inspection.as_str())
        .bind(filter.stands.as_str())
        .bind(filter.owner.as_str())
        .bind(filter.limit.as_str())
        .bind(limit)
        .bind(offset)
        .fetch_all(pool)
        .await?;
    in_that_order(pool, &ids).await
}

async fn in_that_order(pool: &AnyPool, ids: &[String]) -> sqlx::Result<Vec<Recommendation>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "{COLUMNS} WHERE recommendation.id IN ({}) ORDER BY recommendation.id",
        places.join(", ")
    );
    let query = sqlx::query_as(AssertSqlSafe(sql));
    let query = ids.iter().fold(query, |query, id| query.bind(id.as_str()));
    let rows: Vec<Recommendation> = query.fetch_all(pool).await?;
    let mut rows: BTreeMap<String, Recommendation> = rows
        .into_iter()
        .map(|row| (row.id.to_string(), row))
        .collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// An inspection that makes one of those visible.
#[derive(Debug, FromRow)]
pub(in crate::recommendation) struct Maker {
    pub inspection_id: String,
    pub title: String,
    pub force_code: String,
    pub force_name: String,
}

pub(in crate::recommendation) async fn makers(
    pool: &AnyPool,
    visible: &Visible,
) -> sqlx::Result<Vec<Maker>> {
    let sql = format!(
        "SELECT DISTINCT recommendation.inspection_id, inspection.title, force.code AS force_code, force.name AS force_name
         {} ORDER BY force.name, inspection.title, recommendation.inspection_id",
        visible.rows()
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(visible.value.as_str())
        .fetch_all(pool)
        .await
}

pub(in crate::recommendation) async fn owners(
    pool: &AnyPool,
    visible: &Visible,
) -> sqlx::Result<Vec<String>> {
    let sql = format!(
        "SELECT DISTINCT recommendation.owner {} ORDER BY recommendation.owner",
        visible.rows()
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(visible.value.as_str())
        .fetch_all(pool)
        .await
}

/// The time limits, each with the framework that names it.
pub(in crate::recommendation) async fn limits(
    pool: &AnyPool,
    visible: &Visible,
) -> sqlx::Result<Vec<(String, String)>> {
    let sql = format!(
        "SELECT DISTINCT recommendation.time_limit, inspection.framework {}
         ORDER BY recommendation.time_limit, inspection.framework",
        visible.rows()
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(visible.value.as_str())
        .fetch_all(pool)
        .await
}
