//! Bringing the tables up to date: all of it or none.

use super::{Engine, Store};
use sqlx::AnyConnection;
use sqlx::migrate::{Migration, Migrator};

/// The migrations, in order. Each is one SQL text for both databases.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Why the tables could not be brought up to date. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum MigrationFault {
    /// The database refused a step.
    #[error(
        "migration {version} ({description}) failed and nothing was changed: {source}. \
         Restore a backup or mend what it names, then start again"
    )]
    Refused {
        /// Which migration.
        version: i64,
        /// What it does.
        description: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// A migration that was applied differs from the one in this program.
    #[error(
        "migration {0} of this database is not the one in this program: \
         the database was made by another version"
    )]
    Changed(i64),
    /// The database is older than the program, and what was asked does not change that.
    #[error(
        "this database was made by an earlier version (migration {0}), and a program of that version may \
         be running on it: use that version here, or stop it and start `throughline serve` of this one, \
         which brings the database up to date"
    )]
    Older(i64),
    /// The database is newer than the program.
    #[error("this database was made by a newer version (migration {0}): run that version")]
    Newer(i64),
    /// The database does not answer.
    #[error("the tables cannot be brought up to date: {0}")]
    Store(#[from] sqlx::Error),
}

/// Applies what is missing, in one transaction.
///
/// # Errors
/// When a step fails; nothing is changed then.
pub async fn migrate(store: &Store) -> Result<(), MigrationFault> {
    apply(store, MIGRATIONS.iter().collect()).await
}

/// Makes the tables of a database that has none; holds every other one to this program's
/// migrations and changes nothing.
///
/// # Errors
/// When the database is older, newer or another.
pub async fn make_or_check(store: &Store) -> Result<(), MigrationFault> {
    let mut transaction = store.begin_bare().await?;
    let applied = applied(&mut transaction).await?;
    transaction.rollback().await?;
    let wanted: Vec<&Migration> = MIGRATIONS.iter().collect();
    check_history(&applied, &wanted)?;
    match applied.last() {
        None => migrate(store).await,
        Some((version, _)) if applied.len() < wanted.len() => Err(MigrationFault::Older(*version)),
        Some(_) => Ok(()),
    }
}

async fn applied(connection: &mut AnyConnection) -> sqlx::Result<Vec<(i64, String)>> {
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS schema_version
         (version BIGINT PRIMARY KEY, checksum TEXT NOT NULL)",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_as("SELECT version, checksum FROM schema_version ORDER BY version")
        .fetch_all(connection)
        .await
}

pub(super) async fn apply(store: &Store, wanted: Vec<&Migration>) -> Result<(), MigrationFault> {
    let mut transaction = store.begin_bare().await?;
    if store.engine() == Engine::Postgres {
        // Two processes starting together: the second waits here and then finds the work done.
        sqlx::query("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7470)) AS waited")
            .execute(&mut *transaction)
            .await?;
    }
    let applied = applied(&mut transaction).await?;
    check_history(&applied, &wanted)?;
    for migration in wanted.into_iter().skip(applied.len()) {
        let refused = |source| MigrationFault::Refused {
            version: migration.version,
            description: migration.description.to_string(),
            source,
        };
        sqlx::raw_sql(migration.sql.clone())
            .execute(&mut *transaction)
            .await
            .map_err(refused)?;
        sqlx::query("INSERT INTO schema_version (version, checksum) VALUES ($1, $2)")
            .bind(migration.version)
            .bind(hex::encode(&migration.checksum))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn check_history(applied: &[(i64, String)], wanted: &[&Migration]) -> Result<(), MigrationFault> {
    for (position, (version, checksum)) in applied.iter().enumerate() {
        match wanted.get(position) {
            None => return Err(MigrationFault::Newer(*version)),
            Some(migration)
                if migration.version != *version
                    || hex::encode(&migration.checksum) != *checksum =>
            {
                return Err(MigrationFault::Changed(*version));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
