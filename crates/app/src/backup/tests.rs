use super::{restore, take};
use crate::app::{App, Call};
use crate::error::Error;
use crate::journal;
use crate::store::Store;
use crate::testing::{World, new_database};
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::sync::Arc;
use throughline_domain::access::Actor;

async fn backup_of(world: &World) -> Vec<u8> {
    let mut copy = Vec::new();
    take(&world.operator(), &mut copy).await.expect("a backup");
    copy
}

async fn empty() -> (Arc<App>, Call, Option<tempfile::TempDir>) {
    let (address, directory) = new_database().await;
    open(&address, directory).await
}

async fn open(
    address: &str,
    directory: Option<tempfile::TempDir>,
) -> (Arc<App>, Call, Option<tempfile::TempDir>) {
    let app = App::new(Store::open(address).await.expect("a database"), [9; 32]);
    let call = app.call(
        Actor::operator(),
        "2026-03-01T12:00:00Z".parse().expect("a time"),
    );
    (app, call, directory)
}

/// The lines between a backup's header and its end: every table and row.
fn body(copy: &[u8]) -> Vec<String> {
    let text = String::from_utf8(plain(copy)).expect("a text");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[1..lines.len() - 1].to_vec()
}

fn plain(copy: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    zstd::Decoder::new(copy)
        .expect("zstd")
        .read_to_end(&mut text)
        .expect("whole");
    text
}

/// The names after CREATE TABLE in the migrations.
fn tables_of_migrations() -> BTreeSet<String> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut names = BTreeSet::new();
    for file in std::fs::read_dir(directory).expect("the migrations") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        for part in text.split("CREATE TABLE ").skip(1) {
            names.insert(part.split([' ', '(']).next().unwrap_or_default().to_owned());
        }
    }
    names
}

#[tokio::test]
async fn every_table_of_the_migrations_is_copied_after_those_it_refers_to() {
    let world = World::new().await;
    let mut snapshot = world.app.store.begin_snapshot().await.expect("a snapshot");
    let tables = world.app.store.tables(&mut snapshot).await.expect("tables");
    let names: BTreeSet<String> = tables.iter().map(|table| table.name.clone()).collect();
    assert_eq!(names, tables_of_migrations());
    let place = |name: &str| tables.iter().position(|table| table.name == name);
    for (first, then) in [
        ("force", "account"),
        ("account", "session"),
        ("case_record", "sampled_case"),
    ] {
        assert!(place(first) < place(then), "{first} before {then}");
    }
    let case = tables
        .iter()
        .find(|table| table.name == "case_record")
        .expect("a table");
    assert_eq!(case.key, ["inspection_id", "reference"]);
}

#[tokio::test]
async fn restored_copy_holds_every_row_and_its_journal_verifies() {
    let world = World::new().await;
    world.audited_inspection().await;
    let copy = backup_of(&world).await;
    let (app, call, _directory) = empty().await;
    let restored = restore(&call, copy.as_slice()).await.expect("restored");
    let head = journal::head(&call).await.expect("a head");
    assert_eq!(
        head.size(),
        restored.entries + 1,
        "and that it was restored"
    );
    let mut again = Vec::new();
    take(&call, &mut again).await.expect("a backup");
    let (first, second) = (body(&copy), body(&again));
    let missing: Vec<&String> = first.iter().filter(|line| !second.contains(line)).collect();
    assert_eq!(
        missing.len(),
        1,
        "only the journal's head moved on: {missing:?}"
    );
    assert_eq!(second.len(), first.len() + 2, "restored, and copied again");
    let mut snapshot = app.store.begin_snapshot().await.expect("a snapshot");
    journal::verify(&mut snapshot, &[])
        .await
        .expect("an answer")
        .expect("it verifies");
}

#[tokio::test]
async fn copy_of_one_kind_of_database_restores_into_the_other() {
    let Ok(server) = std::env::var("THROUGHLINE_TEST_DATABASE") else {
        return;
    };
    if server == "sqlite" {
        return;
    }
    let world = World::new().await;
    world.audited_inspection().await;
    let copy = backup_of(&world).await;
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open_directory(directory.path())
        .await
        .expect("an embedded database");
    let embedded = App::new(store, [4; 32]).call(Actor::operator(), world.now());
    restore(&embedded, copy.as_slice())
        .await
        .expect("restored into SQLite");
    let mut back = Vec::new();
    take(&embedded, &mut back)
        .await
        .expect("a backup of SQLite");
    let (_app, call, _none) = empty().await;
    restore(&call, back.as_slice())
        .await
        .expect("restored into PostgreSQL");
    let sorted = |copy: &[u8]| -> BTreeSet<String> { body(copy).into_iter().collect() };
    let mut again = Vec::new();
    take(&call, &mut again).await.expect("a backup");
    let lost: Vec<String> = sorted(&copy).difference(&sorted(&again)).cloned().collect();
    assert_eq!(lost.len(), 1, "only the journal's head moved on: {lost:?}");
}

#[tokio::test]
async fn database_with_anything_in_it_is_not_restored_into() {
    let world = World::new().await;
    let copy = backup_of(&world).await;
    let refused = restore(&world.operator(), copy.as_slice()).await;
    let Err(Error::Refused(why)) = refused else {
        panic!("it was restored")
    };
    assert!(
        why.contains("not empty") && why.contains("--data a new directory"),
        "{why}"
    );
}

/// Restores a faulty copy into an empty database, which must stay empty.
async fn refused(copy: &[u8]) -> String {
    let (app, call, _directory) = empty().await;
    let Err(Error::Refused(why)) = restore(&call, copy).await else {
        panic!("it was restored");
    };
    let mut snapshot = app.store.begin_snapshot().await.expect("a snapshot");
    for table in app.store.tables(&mut snapshot).await.expect("tables") {
        let sql = format!("SELECT COUNT(*) FROM {}", table.name);
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut *snapshot)
            .await
            .expect("a count");
        let expected = i64::from(table.name == "journal_head");
        assert_eq!(rows, expected, "rows of {} after: {why}", table.name);
    }
    why
}

/// The copy with its text changed and compressed again.
fn edited(copy: &[u8], edit: impl Fn(&str) -> String) -> Vec<u8> {
    let text = String::from_utf8(plain(copy)).expect("a text");
    zstd::encode_all(Cursor::new(edit(&text)), 1).expect("compressed")
}

#[tokio::test]
async fn copy_that_was_cut_or_altered_is_refused_whole() {
    let world = World::new().await;
    let copy = backup_of(&world).await;
    let cut = refused(&copy[..copy.len() / 2]).await;
    assert!(cut.contains("damaged or cut short"), "{cut}");
    let without_end = edited(&copy, |text| {
        let lines: Vec<&str> = text.lines().collect();
        lines[..lines.len() - 1].join("\n") + "\n"
    });
    assert!(
        refused(&without_end)
            .await
            .contains("its last line is missing")
    );
    let renamed = edited(&copy, |text| {
        text.replace("Norhaven Police", "Norhaven police")
    });
    assert!(refused(&renamed).await.contains("its SHA-256"));
    let other_version = edited(&copy, |text| {
        text.replacen("\"schema\":[[1,\"", "\"schema\":[[1,\"0", 1)
    });
    assert!(
        refused(&other_version)
            .await
            .contains("another version of the program")
    );
    let not_one = refused(b"something else").await;
    assert!(not_one.contains("line 1 of the backup"), "{not_one}");
}

#[tokio::test]
async fn copy_whose_journal_was_altered_is_refused() {
    let world = World::new().await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE journal_entry SET action = 'nothing' WHERE seq = 2")
        .execute(&mut *transaction)
        .await
        .expect("altered");
    transaction.commit().await.expect("committed");
    let why = refused(&backup_of(&world).await).await;
    assert!(why.contains("altered: entry 2,"), "{why}");
}

#[tokio::test]
async fn copy_taken_while_people_work_is_of_one_moment() {
    let world = World::new().await;
    let working = {
        let call = world.operator();
        tokio::spawn(async move {
            for number in 0..40 {
                let (code, name) = (format!("force-{number}"), format!("Force {number}"));
                crate::force::add(&call, &code, &name, "wales")
                    .await
                    .expect("added");
            }
        })
    };
    let mut copies = Vec::new();
    for _ in 0..5 {
        copies.push(backup_of(&world).await);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    working.await.expect("it ran to its end");
    for copy in copies {
        let (_app, call, _directory) = empty().await;
        restore(&call, copy.as_slice())
            .await
            .expect("restored, its journal with it");
        let forces = crate::force::list(&call).await.expect("forces").len();
        let noted: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM journal_entry WHERE action = 'force added'")
                .fetch_one(call.reader())
                .await
                .expect("a count");
        assert_eq!(usize::try_from(noted), Ok(forces));
    }
}
