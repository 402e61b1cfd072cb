//! The checkout that the chores work on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;

/// The root of the repository.
pub fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Every file of the project, as paths from its root: those under version control and
/// those that would be at the next commit.
pub fn files() -> Result<Vec<PathBuf>, String> {
    let mut git = Command::new("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let listing = process::output(&mut git)?;
    let mut files: Vec<PathBuf> = listing
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .filter(|path| root().join(path).is_file())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// Reads a file of the project; one that is not text is `None`.
pub fn text(path: &Path) -> Result<Option<String>, String> {
    let bytes = fs::read(root().join(path))
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(String::from_utf8(bytes).ok())
}
