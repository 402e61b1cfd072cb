use super::{MIGRATIONS, MigrationFault, apply};
use crate::store::{OpenError, Store};
use crate::testing::new_database;
use sqlx::migrate::{Migration, MigrationType};
use sqlx::{AssertSqlSafe, SqlSafeStr};

fn migration(version: i64, sql: &'static str) -> Migration {
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    Migration::new(version, "a step".into(), MigrationType::Simple, sql, false)
}

async fn versions(store: &Store) -> Vec<i64> {
    sqlx::query_scalar("SELECT version FROM schema_version ORDER BY version")
        .fetch_all(store.reader())
        .await
        .expect("versions")
}

async fn has_table(store: &Store, name: &str) -> bool {
    sqlx::query(AssertSqlSafe(format!("SELECT * FROM {name}")))
        .fetch_all(store.reader())
        .await
        .is_ok()
}

#[tokio::test]
async fn migration_that_fails_half_way_leaves_the_database_as_it_was() {
    let (address, _directory) = new_database().await;
    let store = Store::open(&address).await.expect("a database");
    let before = versions(&store).await;
    let good = migration(
        9001,
        "CREATE TABLE good (id TEXT PRIMARY KEY); INSERT INTO good VALUES ('1')",
    );
    let bad = migration(
        9002,
        "CREATE TABLE half (id TEXT PRIMARY KEY); DELETE FROM journal_head; INSERT INTO nowhere VALUES (1)",
    );
    let wanted: Vec<&Migration> = MIGRATIONS.iter().chain([&good, &bad]).collect();
    let fault = apply(&store, wanted).await.expect_err("it fails");
    let message = fault.to_string();
    assert!(
        message.starts_with("migration 9002 (a step) failed and nothing was changed: "),
        "{message}"
    );
    assert_eq!(versions(&store).await, before);
    for table in ["good", "half"] {
        assert!(!has_table(&store, table).await, "{table} stayed");
    }
    let heads: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM journal_head")
        .fetch_one(store.reader())
        .await
        .expect("a count");
    assert_eq!(heads, 1);
    store.close().await;
    Store::open(&address)
        .await
        .expect("the program that made it still runs on it");
}

#[tokio::test]
async fn program_does_not_start_on_a_newer_database() {
    let (address, _directory) = new_database().await;
    let store = Store::open(&address).await.expect("a database");
    let newer = migration(9001, "CREATE TABLE newer (id TEXT PRIMARY KEY)");
    apply(&store, MIGRATIONS.iter().chain([&newer]).collect())
        .await
        .expect("migrated");
    store.close().await;
    let refused = Store::open(&address).await.expect_err("it is newer");
    assert!(
        matches!(refused, OpenError::Migration(MigrationFault::Newer(9001))),
        "{refused}"
    );
}

#[tokio::test]
async fn program_does_not_start_on_a_database_made_by_another_version() {
    let (address, _directory) = new_database().await;
    let store = Store::open(&address).await.expect("a database");
    let mut transaction = store.begin().await.expect("a transaction");
    sqlx::query("UPDATE schema_version SET checksum = 'another' WHERE version = 2")
        .execute(&mut *transaction)
        .await
        .expect("changed");
    transaction.commit().await.expect("committed");
    store.close().await;
    let refused = Store::open(&address).await.expect_err("it differs");
    assert!(
        matches!(refused, OpenError::Migration(MigrationFault::Changed(2))),
        "{refused}"
    );
}

#[tokio::test]
async fn two_processes_that_start_together_both_find_the_tables() {
    let (address, _directory) = new_database().await;
    let (one, other) = tokio::join!(Store::open(&address), Store::open(&address));
    let count = MIGRATIONS.iter().count();
    for store in [one.expect("a database"), other.expect("a database")] {
        assert_eq!(versions(&store).await.len(), count);
    }
}

#[tokio::test]
async fn command_beside_a_server_changes_no_database_of_another_version() {
    let (address, _directory) = new_database().await;
    Store::open_as_it_is(&address)
        .await
        .expect("one without tables is made");
    let store = Store::open_as_it_is(&address)
        .await
        .expect("one of this version is opened");
    let mut transaction = store.begin().await.expect("a transaction");
    sqlx::query("DELETE FROM schema_version WHERE version >= 10")
        .execute(&mut *transaction)
        .await
        .expect("deleted");
    transaction.commit().await.expect("committed");
    let refused = Store::open_as_it_is(&address).await.expect_err("older");
    assert!(
        refused.to_string().contains("throughline serve"),
        "{refused}"
    );
    assert_eq!(versions(&store).await.last(), Some(&9));
}

#[tokio::test]
async fn only_its_owner_may_read_the_embedded_database() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open_directory(directory.path()).await.expect("open");
    for file in std::fs::read_dir(directory.path()).expect("files") {
        let file = file.expect("a file");
        let mode = file.metadata().expect("its mode").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", file.path());
    }
    store.close().await;
}

#[tokio::test]
async fn readers_do_not_wait_for_writers_who_wait() {
    use std::time::Duration;
    let (address, _directory) = new_database().await;
    let store = Store::open(&address).await.expect("a database");
    let held = store.begin().await.expect("a transaction");
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.begin().await.is_ok() })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let read = versions(&store);
    let read = tokio::time::timeout(Duration::from_secs(10), read).await;
    assert!(read.is_ok(), "the reader waited");
    for one in &waiting {
        one.abort();
    }
    drop(held);
}

#[tokio::test]
async fn nobody_writes_without_the_journals_head() {
    let (address, _directory) = new_database().await;
    let store = Store::open(&address).await.expect("a database");
    let mut transaction = store.begin().await.expect("a transaction");
    sqlx::query("DELETE FROM journal_head")
        .execute(&mut *transaction)
        .await
        .expect("deleted");
    transaction.commit().await.expect("committed");
    let begun = store.begin().await;
    assert_eq!(
        begun.is_err(),
        store.engine() == crate::store::Engine::Postgres
    );
}
