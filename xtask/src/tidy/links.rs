//! Paths that documents name must exist: a map that leads nowhere is worse than none.

use std::path::{Component, Path, PathBuf};

use super::File;
use crate::checkout;

/// Where a word in backticks is taken for a path of the project.
const FOLDERS: [&str; 6] = [
    "crates/",
    "docs/",
    "xtask/",
    "packaging/",
    "frameworks/",
    ".ci/",
];

pub fn check(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.has_extension("md"))
        .flat_map(|file| faults_of(file, |path| checkout::root().join(path).exists()))
        .collect()
}

fn faults_of(file: &File, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, line) in file.text.as_deref().unwrap_or_default().lines().enumerate() {
        let named = paths_in_backticks(line).chain(paths_in_links(line, &file.path));
        for path in named.filter(|path| !exists(path)) {
            faults.push(format!(
                "{}:{}: there is no {}",
                file.name(),
                index + 1,
                path.display()
            ));
        }
    }
    faults
}

fn paths_in_backticks(line: &str) -> impl Iterator<Item = PathBuf> {
    line.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)))
        // What stands for several paths is not one of them.
        .filter(|word| !word.contains(['*', '<', '{', '…', ' ']) && !has_placeholder(word))
        .map(|word| PathBuf::from(word.split(':').next().unwrap_or(word)))
}

/// Whether a part of the path is in capitals, as `docs/NAME.md` is.
fn has_placeholder(word: &str) -> bool {
    word.split(['/', '.']).any(|part| {
        part.len() > 1 && part.chars().all(|c| c.is_ascii_uppercase()) && part != "README"
    })
}

/// The targets of `[text](target)` within the project.
fn paths_in_links(line: &str, from: &Path) -> impl Iterator<Item = PathBuf> {
    let folder = from.parent().unwrap_or(Path::new("")).to_owned();
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains(':') && !target.starts_with('/'))
        .map(move |target| normalised(&folder.join(target)))
}

fn normalised(path: &Path) -> PathBuf {
    let mut parts: Vec<Component> = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if !parts.is_empty() => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn missing(path: &str, text: &str) -> Vec<String> {
        faults_of(&file(path, text), |path| {
            path == Path::new("docs/glossary.md")
        })
    }

    #[test]
    fn a_path_that_exists_passes_in_backticks_and_in_a_link() {
        assert!(
            missing(
                "README.md",
                "See `docs/glossary.md` and [words](docs/glossary.md#force)."
            )
            .is_empty()
        );
        assert!(missing("docs/decisions/a.md", "[words](../glossary.md)").is_empty());
    }

    #[test]
    fn a_path_that_does_not_exist_is_named_with_its_line() {
        assert_eq!(
            missing("README.md", "\n`crates/gone.rs:12`"),
            ["README.md:2: there is no crates/gone.rs"]
        );
        assert_eq!(
            missing("docs/a.md", "[b](b.md)"),
            ["docs/a.md:1: there is no docs/b.md"]
        );
    }

    #[test]
    fn patterns_and_outside_addresses_are_not_paths() {
        assert!(
            missing(
                "a.md",
                "`crates/*/benches`, `crates/<name>`, `docs/NAME.md`, `cargo run`"
            )
            .is_empty()
        );
        assert!(
            missing(
                "a.md",
                "[x](https://example.org/a) [y](#here) [z](/referrals)"
            )
            .is_empty()
        );
    }
}
