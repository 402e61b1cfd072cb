//! `throughline stats`, from files and from standard input.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_throughline"))
        .arg("stats")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut pipe = child.stdin.take().expect("its standard input");
    pipe.write_all(input.as_bytes()).expect("it reads");
    drop(pipe);
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn csv_from_a_file_and_json_from_standard_input_give_the_same_and_no_database() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("cases.csv"), "k,n\n15,148\n").expect("written");
    let from_file = run(folder.path(), &["interval", "--json", "cases.csv"], "");
    let from_pipe = run(
        folder.path(),
        &["interval", "--json"],
        r#"{"k": 15, "n": 148}"#,
    );
    assert!(from_file.status.success() && from_pipe.status.success());
    assert_eq!(text(&from_file.stdout), text(&from_pipe.stdout));
    let found: serde_json::Value = serde_json::from_slice(&from_file.stdout).expect("JSON");
    let upper = found[0]["wilson"]["upper"].as_f64().expect("a number");
    assert!((upper - 0.1605).abs() < 5e-5, "{upper}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("read").collect();
    assert_eq!(left.len(), 1, "nothing but the file: {left:?}");
}

#[test]
fn bad_input_ends_with_status_2_and_says_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), &["interval"], "k,n\n3,2\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(
        text(&output.stderr).starts_with("throughline: standard input, line 2: share: 3 cases"),
        "{}",
        text(&output.stderr)
    );
    let output = run(folder.path(), &["funnel", "none.csv"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("none.csv cannot be read"));
}

#[test]
fn help_shows_input_and_output() {
    let output = run(Path::new("."), &["suppress", "--help"], "");
    let help = text(&output.stdout);
    assert!(
        help.contains("cat table.csv") && help.contains("keep_secret"),
        "{help}"
    );
}
