//! How fast the journal is appended to, and checked.
//!
//! `cargo xtask bench journal`, or `cargo bench --bench journal -- ENTRIES` for another size.
//! With THROUGHLINE_BENCH_POSTGRES naming an empty PostgreSQL database, that one too.

use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};
use throughline::app::{App, Call};
use throughline::journal;
use throughline::store::{Store, Value, insert_many};
use throughline_domain::access::{Action, Actor, Relation};
use throughline_journal::{Entry, Frontier};

const ENTRIES: u64 = 1_000_000;
const APPENDED: u64 = 2_000;
const BATCH: u64 = 2_000;

#[tokio::main]
async fn main() {
    let wanted = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok());
    let entries: u64 = wanted.unwrap_or(ENTRIES);
    println!(
        "{:<12} {:<34} {:>10} {:>14}",
        "database", "what", "seconds", "entries / s"
    );
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open_directory(directory.path())
        .await
        .expect("a database");
    measure("SQLite", store, entries).await;
    if let Ok(address) = std::env::var("THROUGHLINE_BENCH_POSTGRES") {
        let store = Store::open(&address)
            .await
            .expect("the PostgreSQL database");
        measure("PostgreSQL", store, entries).await;
    }
}

async fn measure(database: &str, store: Store, entries: u64) {
    let app = App::new(store, [1; 32]);
    let call = app.call(Actor::operator(), Timestamp::UNIX_EPOCH);
    let begun = Instant::now();
    append_each(&call, APPENDED.min(entries)).await;
    row(
        database,
        "append, a transaction each",
        APPENDED.min(entries),
        begun.elapsed(),
    );
    let begun = Instant::now();
    append_in_one(&call, APPENDED.min(entries)).await;
    row(
        database,
        "append, all in one transaction",
        APPENDED.min(entries),
        begun.elapsed(),
    );
    fill(&app, entries).await;
    let begun = Instant::now();
    let mut snapshot = app.store.begin_snapshot().await.expect("a snapshot");
    let held = journal::verify(&mut snapshot, &[])
        .await
        .expect("an answer");
    let size = held.expect("it verifies").verified.size;
    row(database, "verify the whole journal", size, begun.elapsed());
}

fn row(database: &str, what: &str, entries: u64, took: Duration) {
    let rate = entries as f64 / took.as_secs_f64();
    println!(
        "{database:<12} {what:<34} {:>10.2} {rate:>14.0}",
        took.as_secs_f64()
    );
}

async fn append_each(call: &Call, count: u64) {
    let leave = call
        .permit(Action::ReadJournal, Relation::Open)
        .expect("leave");
    for number in 0..count {
        call.record_read(&leave, format!("case/{number}"))
            .await
            .expect("appended");
    }
}

async fn append_in_one(call: &Call, count: u64) {
    let leave = call
        .permit(Action::ReadJournal, Relation::Open)
        .expect("leave");
    let event = throughline_domain::custody::JournalExported {
        after_entry: 0,
        with_changes: false,
    };
    let mut operation = call.begin().await.expect("a transaction");
    for _ in 1..count {
        operation.note(&leave, &event).await.expect("appended");
    }
    operation.commit(&leave, &event).await.expect("committed");
}

/// Fills the journal up to a size, many entries at a time.
async fn fill(app: &Arc<App>, size: u64) {
    let call = app.call(Actor::operator(), Timestamp::UNIX_EPOCH);
    let mut head = journal::head(&call).await.expect("a head");
    let mut transaction = app.store.begin().await.expect("a transaction");
    while head.size() < size {
        let count = BATCH.min(size - head.size());
        let rows: Vec<Vec<Value>> = (0..count).map(|_| next_row(&mut head)).collect();
        let columns = "INSERT INTO journal_entry
            (seq, at, actor, role, action, subject, salt, change, leaf)";
        insert_many(&mut transaction, columns, &rows)
            .await
            .expect("inserted");
    }
    sqlx::query("UPDATE journal_head SET frontier = $1 WHERE id = 1")
        .bind(head.to_string())
        .execute(&mut *transaction)
        .await
        .expect("written");
    transaction.commit().await.expect("committed");
}

/// An entry of ordinary size: an answer to one criterion of an audit.
fn next_row(head: &mut Frontier) -> Vec<Value> {
    let seq = head.next_seq();
    let entry = Entry {
        seq,
        at: "2026-02-02T09:00:00Z".into(),
        actor: "The inspector (4k9xw2m8q0ab)".into(),
        role: "inspector".into(),
        action: "audit saved".into(),
        subject: format!("audit/{seq:012}"),
        reason: None,
        salt: format!("{seq:032x}"),
        change: format!(
            "{{\"audit\":\"{seq:012}\",\"criterion\":\"initial-contact.risk-spotted\",\"answer\":\"met\"}}"
        ),
    };
    let leaf = entry.leaf().expect("a leaf");
    head.append(leaf);
    let seq = i64::try_from(seq).expect("a small number");
    let mut row = vec![Value::Whole(seq)];
    row.extend(
        [
            entry.at,
            entry.actor,
            entry.role,
            entry.action,
            entry.subject,
            entry.salt,
            entry.change,
        ]
        .map(Value::Text),
    );
    row.push(leaf.to_string().into());
    row
}
