use super::{Filter, export, head, history, verify};
use crate::app::App;
use crate::error::Error;
use crate::force;
use crate::store::{Engine, Store};
use crate::testing::{World, new_database};
use axum::http::StatusCode;
use std::process::Command;
use throughline_domain::access::{Action, Actor, Relation};
use throughline_journal::note::SigningKey;
use throughline_journal::{Checkpoint, Fault};

async fn verified(store: &Store, checkpoints: &[Checkpoint]) -> Result<u64, Box<super::Finding>> {
    let mut snapshot = store.begin_snapshot().await.expect("a snapshot");
    verify(&mut snapshot, checkpoints)
        .await
        .expect("an answer")
        .map(|held| held.verified.size)
}

/// Changes the database behind the program's back.
async fn tamper(world: &World, sql: &'static str) {
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    let done = sqlx::query(sql)
        .execute(&mut *transaction)
        .await
        .expect("done");
    assert_eq!(done.rows_affected(), 1, "{sql}");
    transaction.commit().await.expect("committed");
}

#[tokio::test]
async fn journal_of_ordinary_work_verifies() {
    let world = World::new().await;
    world.inspection().await;
    let size = verified(&world.app.store, &[]).await.expect("it verifies");
    assert_eq!(size, head(&world.operator()).await.expect("a head").size());
    assert!(size > 10);
}

#[tokio::test]
async fn one_changed_byte_is_found_and_its_entry_named() {
    for sql in [
        "UPDATE journal_entry SET change = REPLACE(change, 'norhaven', 'norhaveN') WHERE seq = 1",
        "UPDATE journal_entry SET at = '2026-02-02T09:00:01Z' WHERE seq = 1",
        "UPDATE journal_entry SET reason = '' WHERE seq = 1",
        "UPDATE journal_entry SET salt = 'x' WHERE seq = 1",
    ] {
        let world = World::new().await;
        tamper(&world, sql).await;
        let finding = verified(&world.app.store, &[])
            .await
            .expect_err("it was altered");
        assert_eq!(finding.fault.seq(), Some(1), "{sql}");
        let told = finding.to_string();
        assert!(
            told.contains("altered: entry 1, 2026-02-02T09:00:0"),
            "{told}"
        );
        assert!(told.contains("force added, force/"), "{told}");
        assert!(
            !told.to_lowercase().contains("norhaven"),
            "the change is shown: {told}"
        );
    }
}

#[tokio::test]
async fn every_altered_entry_is_named() {
    let world = World::new().await;
    tamper(
        &world,
        "UPDATE journal_entry SET action = 'x' WHERE seq = 3",
    )
    .await;
    tamper(
        &world,
        "UPDATE journal_entry SET action = 'y' WHERE seq = 5",
    )
    .await;
    let told = verified(&world.app.store, &[])
        .await
        .expect_err("altered")
        .to_string();
    assert!(
        told.contains("altered: entry 3,") && told.contains("altered: entry 5,"),
        "{told}"
    );
}

#[tokio::test]
async fn altered_leaf_is_told_from_an_altered_entry() {
    let world = World::new().await;
    tamper(
        &world,
        "UPDATE journal_entry SET leaf = 'none' WHERE seq = 4",
    )
    .await;
    let finding = verified(&world.app.store, &[]).await.expect_err("altered");
    assert!(
        matches!(finding.fault, Fault::LeafMismatch { seq: 4, .. }),
        "{finding}"
    );
}

#[tokio::test]
async fn removed_entry_is_missed_wherever_it_stood() {
    for (sql, seq) in [
        ("DELETE FROM journal_entry WHERE seq = 1", 1),
        ("DELETE FROM journal_entry WHERE seq = 6", 6),
        (
            "DELETE FROM journal_entry WHERE seq = (SELECT MAX(seq) FROM journal_entry)",
            11,
        ),
        ("UPDATE journal_entry SET seq = 500 WHERE seq = 6", 6),
        ("UPDATE journal_entry SET seq = 0 WHERE seq = 6", 0),
    ] {
        let world = World::new().await;
        tamper(&world, sql).await;
        let finding = verified(&world.app.store, &[])
            .await
            .expect_err("it is missing");
        assert_eq!(finding.fault.seq(), Some(seq), "{sql}: {finding}");
    }
}

#[tokio::test]
async fn rewritten_head_does_not_agree_with_the_entries() {
    let world = World::new().await;
    tamper(&world, "UPDATE journal_head SET frontier = '0'").await;
    let finding = verified(&world.app.store, &[])
        .await
        .expect_err("it was rewritten");
    assert!(
        matches!(finding.fault, Fault::HeadMismatch { .. }),
        "{finding}"
    );
}

#[tokio::test]
async fn earlier_checkpoint_holds_and_another_journals_does_not() {
    let world = World::new().await;
    let head = head(&world.operator()).await.expect("a head");
    let earlier = Checkpoint {
        origin: "a".into(),
        size: head.size(),
        root: head.root(),
    };
    world.inspection().await;
    verified(&world.app.store, std::slice::from_ref(&earlier))
        .await
        .expect("it continues the earlier one");
    let other = World::new().await;
    let finding = verified(
        &other.app.store,
        &[Checkpoint {
            size: 1,
            ..earlier.clone()
        }],
    )
    .await
    .expect_err("it is another journal");
    assert!(
        matches!(finding.fault, Fault::NotAPrefix { size: 1, .. }),
        "{finding}"
    );
    let longer = Checkpoint {
        size: 10_000,
        ..earlier
    };
    let finding = verified(&world.app.store, &[longer])
        .await
        .expect_err("it was rewound");
    assert!(matches!(finding.fault, Fault::Rewound { .. }), "{finding}");
}

#[tokio::test]
async fn two_processes_append_side_by_side_and_lose_nothing() {
    const EACH: usize = 100;
    let (address, _directory) = new_database().await;
    let mut apps = Vec::new();
    for seed in [1, 2] {
        let store = Store::open(&address).await.expect("a database");
        apps.push(App::new(store, [seed; 32]));
    }
    let now = crate::testing::BEGINNING.parse().expect("a time");
    let writers = apps.iter().cloned().map(|app| {
        tokio::spawn(async move {
            let call = app.call(Actor::operator(), now);
            let leave = call
                .permit(Action::ReadJournal, Relation::Open)
                .expect("leave");
            for number in 0..EACH {
                let subject = format!("case/{number}");
                call.record_read(&leave, subject).await.expect("appended");
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("it ran to its end");
    }
    assert_eq!(
        verified(&apps[0].store, &[]).await.expect("it verifies"),
        2 * EACH as u64
    );
    let twice = history(apps[1].store.reader(), "case/7")
        .await
        .expect("a history");
    assert_eq!(twice.len(), 2);
}

#[tokio::test]
async fn operation_that_is_dropped_leaves_neither_change_nor_entry() {
    let world = World::new().await;
    let before = head(&world.operator()).await.expect("a head");
    for committed in [false, true] {
        let call = world.operator();
        let leave = call
            .permit(Action::ManageForces, Relation::Open)
            .expect("leave");
        let mut operation = call.begin().await.expect("a transaction");
        sqlx::query("UPDATE force SET name = 'Renamed' WHERE code = 'norhaven'")
            .execute(operation.connection())
            .await
            .expect("changed");
        let event = throughline_domain::account::ForceAdded {
            force: world.force.clone(),
            code: "norhaven".into(),
            name: "Renamed".into(),
            nation: "england".into(),
        };
        operation.note(&leave, &event).await.expect("noted");
        if committed {
            operation.commit(&leave, &event).await.expect("committed");
        } else {
            drop(operation);
        }
        let name = force::load(&call, "norhaven").await.expect("a force").name;
        let size = head(&call).await.expect("a head").size();
        let expected = if committed {
            ("Renamed", before.size() + 2)
        } else {
            ("Norhaven Police", before.size())
        };
        assert_eq!((name.as_str(), size), expected);
    }
    verified(&world.app.store, &[]).await.expect("it verifies");
}

#[tokio::test]
async fn history_of_one_thing_is_in_order_and_only_its_own() {
    let world = World::new().await;
    let id = world.inspection().await;
    let subject = format!("inspection/{id}");
    let lines = history(world.app.store.reader(), &subject)
        .await
        .expect("a history");
    assert_eq!(lines[0].action, "inspection opened");
    assert!(lines.iter().all(|line| line.subject == subject));
    assert!(lines.is_sorted_by_key(|line| line.seq));
}

#[tokio::test]
async fn filters_narrow_the_page_and_pages_follow_each_other() {
    let world = World::new().await;
    world.inspection().await;
    let call = world.call("administrator");
    let filters = [
        (
            Filter {
                action: "force added".into(),
                ..Filter::default()
            },
            2,
        ),
        (
            Filter {
                subject: "force".into(),
                ..Filter::default()
            },
            2,
        ),
        (
            Filter {
                subject: format!("force/{}", world.force),
                ..Filter::default()
            },
            1,
        ),
        (
            Filter {
                actor: "the operator".into(),
                ..Filter::default()
            },
            11,
        ),
        (
            Filter {
                day: "2026-02-01".parse().ok(),
                ..Filter::default()
            },
            0,
        ),
        (
            Filter {
                subject: "for%".into(),
                ..Filter::default()
            },
            0,
        ),
    ];
    for (filter, expected) in filters {
        let lines = super::read(&call, &filter, None).await.expect("lines");
        assert_eq!(lines.len(), expected, "{filter:?}");
    }
    let all = super::read(&call, &Filter::default(), None)
        .await
        .expect("lines");
    let rest = super::read(&call, &Filter::default(), Some(all[3].seq))
        .await
        .expect("lines");
    assert_eq!(rest, all[4..]);
}

#[tokio::test]
async fn page_shows_who_did_what_and_never_the_change() {
    let world = World::new().await;
    let page = world.browser("administrator").await.get("/journal").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for words in [
        "force added",
        "The administrator",
        "signed in",
        "2 Feb 2026, 09:00:00",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("Norhaven"), "the change is shown");
    let faulty = world.browser("lead").await.get("/journal?day=soon").await;
    assert_eq!(faulty.status, StatusCode::OK);
    assert!(faulty.text().contains("Enter a day"));
    for name in ["inspector", "liaison", "reader"] {
        let answer = world.browser(name).await.get("/journal").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn export_satisfies_the_outsiders_script_and_names_itself() {
    let world = World::new().await;
    world.inspection().await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name);
    let mut lines = Vec::new();
    let count = export::export(&world.operator(), &mut lines)
        .await
        .expect("exported");
    assert_eq!(
        lines.iter().filter(|byte| **byte == b'\n').count() as u64,
        count
    );
    assert!(String::from_utf8_lossy(&lines).contains("journal exported"));
    std::fs::write(path("export"), &lines).expect("written");

    let key = SigningKey::from_seed("test/journal", &[3; 32]).expect("a key");
    let head = head(&world.operator()).await.expect("a head");
    let checkpoint = Checkpoint {
        origin: "test/journal".into(),
        size: head.size(),
        root: head.root(),
    };
    std::fs::write(path("note"), checkpoint.sign(&key).expect("signed")).expect("written");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../journal/verify.py");
    let ran = Command::new("python3")
        .arg(script)
        .arg(path("export"))
        .arg("--checkpoint")
        .arg(path("note"))
        .args(["--key", &key.vkey()])
        .output()
        .expect("python3 runs");
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success() && told.contains(&format!("{count} entries")),
        "{told}"
    );
}

#[tokio::test]
async fn latest_public_checkpoint_is_downloaded_by_anybody_and_holds_no_entry() {
    let world = World::new().await;
    let nobody = world.browser("nobody").await;
    let none = nobody.get("/published/checkpoint").await.status;
    assert_eq!(none, axum::http::StatusCode::NOT_FOUND);
    let key = SigningKey::from_seed("test/journal", &[3; 32]).expect("a key");
    let head = head(&world.operator()).await.expect("a head");
    let checkpoint = Checkpoint {
        origin: "test/journal".into(),
        size: head.size(),
        root: head.root(),
    };
    let refused = super::checkpoint::publish(&world.call("lead"), &checkpoint, &key).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let note = super::checkpoint::publish(&world.operator(), &checkpoint, &key)
        .await
        .expect("published");
    let page = nobody.get("/published/data").await.text();
    assert!(page.contains("/published/checkpoint") && page.contains("test/journal+"));
    let got = nobody.get("/published/checkpoint").await.text();
    assert_eq!(got, note);
    let opened = Checkpoint::open(&got, &key.verifying_key()).expect("it is signed");
    assert_eq!(
        verified(&world.app.store, &[opened])
            .await
            .expect("continues"),
        head.size() + 1
    );
}

#[tokio::test]
async fn nobody_but_the_operator_takes_the_whole_record_away() {
    let world = World::new().await;
    for (name, _) in World::everybody()
        .iter()
        .filter(|(name, _)| *name != "nobody")
    {
        let refused = export::export(&world.call(name), &mut Vec::new()).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{name}");
    }
}

#[tokio::test]
async fn entry_without_a_number_or_without_a_text_is_found() {
    let world = World::new().await;
    if world.app.store.engine() != Engine::Sqlite {
        return; // PostgreSQL lets nobody write such rows.
    }
    let copy = "INSERT INTO journal_entry SELECT NULL, at, actor, role, action, subject, reason,
                salt, change, leaf FROM journal_entry WHERE seq = 1";
    tamper(&world, copy).await;
    let finding = verified(&world.app.store, &[])
        .await
        .expect_err("one too many");
    assert!(
        matches!(finding.fault, Fault::OutOfOrder { seq: 0, .. }),
        "{finding}"
    );

    let world = World::new().await;
    tamper(
        &world,
        "UPDATE journal_entry SET action = X'00FF' WHERE seq = 3",
    )
    .await;
    let finding = verified(&world.app.store, &[])
        .await
        .expect_err("it was altered");
    assert_eq!(finding.fault.seq(), Some(3), "{finding}");
}
