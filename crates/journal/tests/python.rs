//! The Python verifier and this crate agree on what verifies.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use throughline_journal::note::SigningKey;
use throughline_journal::{Checkpoint, Entry, Frontier, Hash};

const ENTRIES: u64 = 13;
const WITHOUT: u64 = 5;

fn entry(seq: u64) -> Entry {
    Entry {
        seq,
        at: format!("2024-03-01T09:{seq:02}:00.25Z"),
        actor: format!("inspector-{seq}\n"),
        role: "lead inspector — Nord/Süd".to_owned(),
        action: "case-referred".to_owned(),
        subject: "case/C-0017".to_owned(),
        reason: [
            None,
            Some(String::new()),
            Some("\"at\u{0}risk\"".to_owned()),
        ][seq as usize % 3]
            .clone(),
        salt: format!("{:032x}", u128::from(seq) << 90),
        change: format!(r#"{{"grade": "{seq}", "note": "é"}}"#),
    }
}

fn line(seq: u64) -> Value {
    let entry = entry(seq);
    let commitment = entry.commitment().expect("a good salt");
    let leaf = entry.leaf_with(&commitment).to_string();
    let mut line = json!({
        "seq": seq, "at": entry.at, "actor": entry.actor, "role": entry.role,
        "action": entry.action, "subject": entry.subject, "reason": entry.reason,
        "salt": entry.salt, "change": entry.change, "leaf": leaf,
    });
    if seq == WITHOUT {
        line["reason"] = Value::Null;
        line["salt"] = Value::Null;
        line["change"] = Value::Null;
        line["commitment"] = commitment.to_string().into();
    }
    line
}

fn lines() -> Vec<Value> {
    (1..=ENTRIES).map(line).collect()
}

fn frontier(count: u64) -> Frontier {
    let leaf = |seq| entry(seq).leaf().expect("a good salt");
    Frontier::of(&(1..=count).map(leaf).collect::<Vec<Hash>>())
}

fn key() -> SigningKey {
    SigningKey::from_seed("journal.example", &[42; 32]).expect("a good name")
}

fn signed(size: u64, root: Hash) -> String {
    let origin = key().name().to_owned();
    Checkpoint { origin, size, root }
        .sign(&key())
        .expect("its own key")
}

struct Desk {
    folder: TempDir,
}

impl Desk {
    /// Nothing where there is no Python.
    fn with_python() -> Option<Self> {
        let found = Command::new("python3").arg("--version").output();
        if !found.is_ok_and(|output| output.status.success()) {
            eprintln!("python3 is not installed: its verifier is not tested here");
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        Some(Self { folder })
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a writable folder");
        path
    }

    /// Exit status and what was printed.
    fn verify(&self, lines: &[Value], checkpoint: Option<&str>) -> (Option<i32>, String) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let mut command = Command::new("python3");
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("verify.py"));
        command.arg(self.write("export.jsonl", &text));
        if let Some(note) = checkpoint {
            command
                .arg("--checkpoint")
                .arg(self.write("checkpoint", note));
            command.args(["--key", &key().vkey()]);
        }
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().expect("python3 starts");
        let printed = [stdout, stderr].concat();
        (
            status.code(),
            String::from_utf8_lossy(&printed).into_owned(),
        )
    }

    fn expect_fault(&self, lines: &[Value], checkpoint: Option<&str>, part: &str) {
        let (status, printed) = self.verify(lines, checkpoint);
        assert_eq!(status, Some(1), "{printed}");
        assert!(printed.contains(part), "{printed}");
    }
}

#[test]
fn python_finds_the_same_root_and_believes_our_checkpoint() {
    let Some(desk) = Desk::with_python() else {
        return;
    };
    let verifies = format!(
        "verifies: 13 entries, 1 of them without their change, root {}",
        frontier(13).root()
    );
    for count in [0, 6, 8, 13] {
        let note = signed(count, frontier(count).root());
        let (status, printed) = desk.verify(&lines(), Some(&note));
        assert_eq!(status, Some(0), "{printed}");
        assert_eq!(printed.trim_end(), verifies);
    }
    let (status, printed) = desk.verify(&lines(), None);
    assert_eq!(status, Some(0), "{printed}");
    assert!(printed.contains("no checkpoint was given"), "{printed}");
}

#[test]
fn python_names_the_entry_that_was_tampered_with() {
    let Some(desk) = Desk::with_python() else {
        return;
    };
    for field in [
        "at", "actor", "role", "action", "subject", "reason", "change",
    ] {
        let mut altered = lines();
        altered[6][field] = "other".into();
        desk.expect_fault(&altered, None, "entry 7 was altered");
    }
    let mut unreadable = lines();
    unreadable[6]["salt"] = "00".into();
    desk.expect_fault(&unreadable, None, "entry 7 cannot be read");
    let mut removed = lines();
    removed.remove(2);
    desk.expect_fault(
        &removed,
        None,
        "entry 3 is missing or out of order: entry 4",
    );
}

#[test]
fn python_refuses_a_journal_that_an_earlier_checkpoint_contradicts() {
    let Some(desk) = Desk::with_python() else {
        return;
    };
    let other = signed(8, frontier(7).root());
    desk.expect_fault(
        &lines(),
        Some(&other),
        "history was rewritten: the first 8 entries",
    );
    let nothing = signed(0, frontier(7).root());
    desk.expect_fault(
        &lines(),
        Some(&nothing),
        "history was rewritten: the first 0 entries",
    );
    let later = signed(13, frontier(13).root());
    desk.expect_fault(&lines()[..12], Some(&later), "the journal was rewound");
}

#[test]
fn python_refuses_a_forged_checkpoint() {
    let Some(desk) = Desk::with_python() else {
        return;
    };
    let forged = signed(8, frontier(8).root()).replace("\n8\n", "\n9\n");
    desk.expect_fault(&lines(), Some(&forged), "forged");
    let impostor = SigningKey::from_seed("journal.example", &[1; 32]).expect("a good name");
    let text = format!("journal.example\n8\n{}\n", frontier(8).root().to_base64());
    let note = impostor.sign(&text).expect("a good text");
    desk.expect_fault(&lines(), Some(&note), "not signed by this key");
}
