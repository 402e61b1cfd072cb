//! `cargo xtask regenerate`: the documents that the program writes about itself.
//!
//! Each comes from the code that it describes, so that it cannot say anything else; with
//! `--check` a document that has fallen behind fails.

use std::fs;
use std::process::Command;

use crate::{checkout, process};

const MEND: &str = "cargo xtask regenerate";
const DIFFERENCES_SHOWN_MAX: usize = 5;

/// What `throughline generate NAME` prints, and the file that holds it.
const DOCUMENTS: [(&str, &str); 3] = [
    ("commands", "docs/commands.md"),
    ("access-table", "docs/access.md"),
    ("openapi", "docs/openapi.json"),
];

/// Writes every document, and says which have changed.
pub fn write() -> Result<(), String> {
    process::run(&mut process::build())?;
    for (name, path) in DOCUMENTS {
        let fresh = generate(name)?;
        let file = checkout::root().join(path);
        if fs::read_to_string(&file).is_ok_and(|current| current == fresh) {
            println!("{path} is as it should be");
            continue;
        }
        fs::write(&file, fresh).map_err(|error| format!("cannot write {path}: {error}"))?;
        println!("{path} written");
    }
    Ok(())
}

/// Fails when a document differs from what the program would write now.
pub fn check() -> Result<(), String> {
    process::run(&mut process::build())?;
    let mut stale = Vec::new();
    for (name, path) in DOCUMENTS {
        let fresh = generate(name)?;
        let current = fs::read_to_string(checkout::root().join(path))
            .map_err(|error| format!("cannot read {path}: {error}; run `{MEND}`"))?;
        let differences = differences(&current, &fresh);
        if !differences.is_empty() {
            stale.push(format!(
                "{path} is out of date:\n{}",
                differences.join("\n")
            ));
        }
    }
    if stale.is_empty() {
        println!("the {} generated documents are up to date", DOCUMENTS.len());
        Ok(())
    } else {
        Err(format!("{}\nrun `{MEND}`", stale.join("\n\n")))
    }
}

fn generate(name: &str) -> Result<String, String> {
    process::output(Command::new(process::program()).args(["generate", name]))
}

/// The first few lines in which two texts differ, as `LINE: - old` and `LINE: + new`.
fn differences(current: &str, fresh: &str) -> Vec<String> {
    let mut shown = Vec::new();
    let mut old_lines = current.lines();
    let mut new_lines = fresh.lines();
    for number in 1.. {
        let (old, new) = (old_lines.next(), new_lines.next());
        if old.is_none() && new.is_none() {
            break;
        }
        if old == new {
            continue;
        }
        if shown.len() >= DIFFERENCES_SHOWN_MAX * 2 {
            shown.push("  … and more".to_owned());
            break;
        }
        shown.extend(old.map(|line| format!("  {number}: - {line}")));
        shown.extend(new.map(|line| format!("  {number}: + {line}")));
    }
    if shown.is_empty() && current != fresh {
        shown.push("  the line endings, or the end of the last line".to_owned());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_do_not_differ() {
        assert!(differences("a\nb\n", "a\nb\n").is_empty());
    }

    #[test]
    fn a_changed_and_an_added_line_are_both_shown() {
        assert_eq!(
            differences("a\nb\n", "a\nc\nd\n"),
            ["  2: - b", "  2: + c", "  3: + d"]
        );
    }

    #[test]
    fn a_missing_last_newline_is_a_difference() {
        assert_eq!(differences("a\n", "a").len(), 1);
    }

    #[test]
    fn a_long_difference_is_cut_and_says_so() {
        let fresh: String = (0..100).map(|number| format!("{number}\n")).collect();
        let shown = differences("", &fresh);
        assert_eq!(shown.last().map(String::as_str), Some("  … and more"));
        assert!(shown.len() <= DIFFERENCES_SHOWN_MAX * 2 + 2);
    }
}
