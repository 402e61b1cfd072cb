//! The operator's commands.

use crate::program::{EMAIL, Place};

fn file(place: &Place, name: &str) -> String {
    place.file(name).display().to_string()
}

#[test]
fn altered_entry_is_named_and_the_status_is_1() {
    let place = Place::new();
    place.add_administrator();
    place.succeed(&["force", "add", "norhaven", "Norhaven Police"]);
    place.succeed(&["journal", "verify"]);
    place.tamper(
        "UPDATE journal_entry SET change = REPLACE(change, 'norhaven', 'nordhaven') WHERE seq = 2",
    );
    let (status, said) = place.fail(&["journal", "verify"]);
    assert_eq!(status, 1);
    assert!(
        said.contains("altered: entry 2, ") && said.contains("force added, force/"),
        "{said}"
    );
    assert!(!said.contains("nordhaven"), "{said}");
    let mut checkpoint = vec!["journal".to_owned(), "checkpoint".to_owned()];
    checkpoint.extend(place.key());
    let (status, said) = place.fail(&checkpoint);
    assert!(
        status == 1 && said.contains("entry 2"),
        "nothing is signed: {said}"
    );
}

#[test]
fn checkpoint_kept_by_others_proves_that_the_journal_goes_on() {
    let place = Place::new();
    place.add_administrator();
    let with_key = |arguments: &[&str]| -> Vec<String> {
        let own = arguments.iter().map(ToString::to_string);
        own.chain(place.key()).collect()
    };
    let public = place.succeed(&with_key(&["journal", "key", "--name", "test/journal"]));
    assert!(public.starts_with("test/journal+"), "{public}");
    let note = place.succeed(&with_key(&["journal", "checkpoint"]));
    assert!(note.starts_with("test/journal\n1\n"), "{note}");
    std::fs::write(place.file("note"), &note).expect("written");
    place.succeed(&["force", "add", "norhaven", "Norhaven Police"]);
    let (note, public) = (file(&place, "note"), public.trim().to_owned());
    let verify = [
        "journal",
        "verify",
        "--checkpoint",
        &note,
        "--public-key",
        &public,
    ];
    let told = place.succeed(&verify);
    assert!(
        told.contains("its 1 entries are the first of these"),
        "{told}"
    );
    place.succeed(&with_key(&["journal", "verify", "--checkpoint", &note]));

    let other = Place::new();
    other.add_administrator();
    let (status, said) = other.fail(&verify);
    assert_eq!(status, 1);
    assert!(said.contains("history was rewritten"), "{said}");
}

#[test]
fn backup_restores_into_an_empty_place_only() {
    let place = Place::new();
    place.add_administrator();
    let copy = file(&place, "copy");
    place.succeed(&["backup", &copy]);
    let (status, said) = place.fail(&["backup", &copy]);
    assert!(status == 1 && said.contains("exists already"), "{said}");
    let (status, said) = place.fail(&["restore", &copy]);
    assert!(status == 1 && said.contains("not empty"), "{said}");
    let other = Place::new();
    let told = other.succeed(&["restore", &copy]);
    assert!(told.contains("The journal verifies: 2 entries."), "{told}");
    assert!(other.succeed(&["account", "list"]).starts_with(EMAIL));
    other.succeed(&["journal", "verify"]);
}

#[test]
fn wrong_directory_is_said_and_not_made() {
    let directory = tempfile::tempdir().expect("a directory");
    let nowhere = directory.path().join("nowhere");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_throughline"))
        .args(["journal", "verify", "--data"])
        .arg(&nowhere)
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(!nowhere.exists());
}

#[test]
fn newer_database_stops_the_start_with_the_reason() {
    let place = Place::new();
    place.add_administrator();
    place.tamper("INSERT INTO schema_version (version, checksum) VALUES (9001, 'newer')");
    let (status, said) = place.fail(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(status, 1);
    assert!(
        said.contains("made by a newer version (migration 9001)"),
        "{said}"
    );
}

#[test]
fn account_is_added_listed_and_closed_for_a_reason() {
    let place = Place::new();
    place.succeed(&["force", "add", "norhaven", "Norhaven Police"]);
    let told = place.succeed(&[
        "account",
        "add",
        "--email",
        "chief@example.org",
        "--name",
        "The chief",
        "--role",
        "force-chief",
        "--force",
        "norhaven",
    ]);
    assert!(told.contains("shown this once: "), "{told}");
    place.succeed(&["account", "close", "chief@example.org", "--reason", "left"]);
    let listed = place.succeed(&["account", "list"]);
    assert!(
        listed.contains("force-chief\tNorhaven Police\tclosed 20"),
        "{listed}"
    );
    let (status, said) = place.fail(&["account", "close", "chief@example.org", "--reason", "left"]);
    assert!(status == 2 && said.contains("no open account"), "{said}");
    place.succeed(&["journal", "verify"]);
}
