//! `cargo xtask tidy`: the checks on the tree that no compiler makes.
//!
//! Each check looks at the whole project and returns its faults, as `where: what and how
//! to mend it`. The mirror printed at the end only shows; it fails nothing.

mod decisions;
mod files;
mod links;
mod mirror;
mod words;

use std::path::PathBuf;

use crate::checkout;

/// A file of the project, with its text where it has one.
pub struct File {
    pub path: PathBuf,
    pub text: Option<String>,
}

impl File {
    fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    fn has_extension(&self, extension: &str) -> bool {
        self.path
            .extension()
            .is_some_and(|found| found == extension)
    }
}

/// Runs every check and prints the mirror.
pub fn run() -> Result<(), String> {
    let files = load_files()?;
    let checks = [files::check, words::check, links::check, decisions::check];
    let faults: Vec<String> = checks.iter().flat_map(|check| check(&files)).collect();
    println!("{}", mirror::describe(&files));
    if faults.is_empty() {
        println!("{} files are tidy", files.len());
        Ok(())
    } else {
        Err(format!(
            "{}\n{} faults in the tree",
            faults.join("\n"),
            faults.len()
        ))
    }
}

fn load_files() -> Result<Vec<File>, String> {
    let paths = checkout::files()?;
    paths
        .into_iter()
        .map(|path| {
            let text = checkout::text(&path)?;
            Ok(File { path, text })
        })
        .collect()
}

#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File {
        path: PathBuf::from(path),
        text: Some(text.to_owned()),
    }
}
