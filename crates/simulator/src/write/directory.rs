//! The directory written to: all files or none.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::write_bytes;
use crate::error::SimulateError;

/// A directory with files under way. Dropped before [`OutputDirectory::commit`], it takes away
/// whatever it had begun.
pub(super) struct OutputDirectory {
    path: PathBuf,
    made_here: bool,
    begun: Vec<&'static str>,
}

/// A file under its temporary name.
pub(super) struct PartFile {
    pub(super) file: File,
    pub(super) path: PathBuf,
}

impl PartFile {
    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), SimulateError> {
        write_bytes(&self.file, &self.path, bytes)
    }
}

impl OutputDirectory {
    pub(super) fn open(path: &Path) -> Result<Self, SimulateError> {
        let made_here = !path.exists();
        fs::create_dir_all(path).map_err(failed_at(path))?;
        Ok(Self {
            path: path.to_owned(),
            made_here,
            begun: Vec::new(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a file, if nothing but a file stands where it will be.
    pub(super) fn begin(&mut self, name: &'static str) -> Result<PartFile, SimulateError> {
        let target = self.path.join(name);
        if target.is_dir() {
            let source = io::Error::new(io::ErrorKind::IsADirectory, "a directory has this name");
            return Err(SimulateError::Write {
                path: target,
                source,
            });
        }
        let path = self.part(name);
        let file = File::create(&path).map_err(failed_at(&path))?;
        self.begun.push(name);
        Ok(PartFile { file, path })
    }

    /// Gives every file its own name.
    pub(super) fn commit(mut self) -> Result<Vec<PathBuf>, SimulateError> {
        let mut files = Vec::new();
        while let Some(name) = self.begun.last() {
            let target = self.path.join(name);
            fs::rename(self.part(name), &target).map_err(failed_at(&target))?;
            files.push(target);
            self.begun.pop();
        }
        self.made_here = false;
        files.sort();
        Ok(files)
    }

    fn part(&self, name: &str) -> PathBuf {
        self.path.join(format!(".{name}.part"))
    }
}

impl Drop for OutputDirectory {
    /// What cannot be taken away has been reported already: the same trouble brought us here.
    fn drop(&mut self) {
        for name in &self.begun {
            let _ = fs::remove_file(self.part(name));
        }
        if self.made_here {
            let _ = fs::remove_dir(&self.path);
        }
    }
}

fn failed_at(path: &Path) -> impl FnOnce(io::Error) -> SimulateError + '_ {
    |source| SimulateError::Write {
        path: path.to_owned(),
        source,
    }
}
