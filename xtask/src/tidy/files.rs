//! What a file may be called, and how large it may be.

use std::fs;

use super::File;
use crate::checkout;

const SIZE_MAX_BYTES: u64 = 1024 * 1024;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = [
    "common", "helper", "helpers", "manager", "misc", "service", "util", "utils",
];

pub fn check(files: &[File]) -> Vec<String> {
    files.iter().flat_map(faults_of).collect()
}

fn faults_of(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    let size = fs::metadata(checkout::root().join(&file.path)).map_or(0, |found| found.len());
    if size > SIZE_MAX_BYTES {
        faults.push(format!(
            "{}: {size} bytes; a tracked file has at most {SIZE_MAX_BYTES}: generate it, or make it smaller",
            file.name()
        ));
    }
    if !file.has_extension("rs") {
        return faults;
    }
    let stem = file
        .path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    if stem == "mod" {
        faults.push(format!(
            "{}: call it after its folder, and put it beside",
            file.name()
        ));
    }
    if EMPTY_NAMES.contains(&stem) {
        faults.push(format!(
            "{}: `{stem}` does not say what is inside",
            file.name()
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn empty_names_and_mod_files_are_refused_in_code_only() {
        assert_eq!(check(&[file("crates/a/src/utils.rs", "")]).len(), 1);
        assert_eq!(check(&[file("crates/a/src/b/mod.rs", "")]).len(), 1);
        assert!(
            check(&[
                file("crates/a/src/referral.rs", ""),
                file("docs/common.md", "")
            ])
            .is_empty()
        );
    }
}
