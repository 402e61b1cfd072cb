//! `cargo xtask bench`: the measurements under `crates/*/benches/`, built for release.
//!
//! Each is a program that prints its own table.

use std::path::{Path, PathBuf};

use crate::{checkout, process};

/// Runs the bench of this name, or all of them.
pub fn run(wanted: Option<&str>) -> Result<(), String> {
    let names = names_of_benches(&checkout::files()?);
    let chosen: Vec<&String> = names
        .iter()
        .filter(|name| wanted.is_none_or(|wanted| *name == wanted))
        .collect();
    if chosen.is_empty() {
        return Err(match wanted {
            Some(name) => format!(
                "there is no bench `{name}`; there are: {}",
                names.join(", ")
            ),
            None => "there are no benches under crates/*/benches/".to_owned(),
        });
    }
    for name in chosen {
        println!("\n── {name}");
        // The whole workspace, so that every bench is built with the same dependencies.
        process::run(process::cargo().args(["bench", "--quiet", "--workspace", "--bench", name]))?;
    }
    Ok(())
}

fn names_of_benches(files: &[PathBuf]) -> Vec<String> {
    let mut names: Vec<String> = files.iter().filter_map(|file| bench_name(file)).collect();
    names.sort();
    names.dedup();
    names
}

/// The bench's name, for a path like `crates/journal/benches/append.rs` or, of more than one file,
/// `crates/screening/benches/screening/main.rs`.
fn bench_name(file: &Path) -> Option<String> {
    let parts: Vec<&str> = file.iter().filter_map(|part| part.to_str()).collect();
    match parts.as_slice() {
        ["crates", _, "benches", file] => file.strip_suffix(".rs").map(str::to_owned),
        ["crates", _, "benches", name, "main.rs"] => Some((*name).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_is_a_file_under_benches_or_a_folder_with_a_main_file() {
        let names = names_of_benches(&[
            PathBuf::from("crates/journal/benches/append.rs"),
            PathBuf::from("crates/journal/benches/data/a.csv"),
            PathBuf::from("crates/screening/benches/evaluation/main.rs"),
            PathBuf::from("crates/screening/benches/evaluation/simulated.rs"),
            PathBuf::from("crates/journal/src/append.rs"),
        ]);
        assert_eq!(names, ["append", "evaluation"]);
    }
}
