//! `cargo xtask bench`: the measurements under `crates/*/benches/`, built for release.
//!
//! Each is a program that prints its own table.

use std::path::Path;

use crate::{checkout, process};

struct Bench {
    package: String,
    name: String,
}

/// Runs the bench of this name, or all of them.
pub fn run(wanted: Option<&str>) -> Result<(), String> {
    let benches = find_benches(&checkout::files()?)?;
    let names: Vec<&str> = benches.iter().map(|bench| bench.name.as_str()).collect();
    let chosen: Vec<&Bench> = benches
        .iter()
        .filter(|bench| wanted.is_none_or(|name| bench.name == name))
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
    for bench in chosen {
        println!("\n{} ({})", bench.name, bench.package);
        process::run(
            process::cargo()
                .args(["bench", "--quiet", "--package", &bench.package])
                .args(["--bench", &bench.name]),
        )?;
    }
    Ok(())
}

fn find_benches(files: &[std::path::PathBuf]) -> Result<Vec<Bench>, String> {
    let mut benches = Vec::new();
    for file in files {
        let Some((crate_dir, name)) = bench_of(file) else {
            continue;
        };
        benches.push(Bench {
            package: package_name(&crate_dir)?,
            name,
        });
    }
    Ok(benches)
}

/// The crate's folder and the bench's name, for a path like `crates/journal/benches/append.rs`.
fn bench_of(file: &Path) -> Option<(String, String)> {
    let parts: Vec<&str> = file.iter().filter_map(|part| part.to_str()).collect();
    match parts.as_slice() {
        ["crates", crate_name, "benches", name] => Some((
            format!("crates/{crate_name}"),
            name.strip_suffix(".rs")?.to_owned(),
        )),
        _ => None,
    }
}

fn package_name(crate_dir: &str) -> Result<String, String> {
    let manifest = Path::new(crate_dir).join("Cargo.toml");
    let text = checkout::text(&manifest)?.unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("{} names no package", manifest.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_is_a_file_directly_under_benches() {
        assert_eq!(
            bench_of(Path::new("crates/journal/benches/append.rs")),
            Some(("crates/journal".to_owned(), "append".to_owned()))
        );
        assert_eq!(
            bench_of(Path::new("crates/journal/benches/data/a.csv")),
            None
        );
        assert_eq!(bench_of(Path::new("crates/journal/src/append.rs")), None);
    }

    #[test]
    fn a_crate_is_benched_under_the_name_of_its_package() {
        assert_eq!(package_name("crates/app"), Ok("throughline".to_owned()));
    }
}
