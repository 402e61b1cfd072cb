//! A file that appears whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file being written under a temporary name beside its own. Only its owner may read it.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    directory: PathBuf,
    writer: BufWriter<NamedTempFile>,
}

impl NewFile {
    /// Begins a file, which must not exist yet.
    ///
    /// # Errors
    /// When it exists, or its directory cannot be written to.
    pub fn create(path: &Path) -> io::Result<Self> {
        if path.try_exists()? {
            return Err(named(path, "it exists already: choose another name"));
        }
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let file = NamedTempFile::new_in(&directory).map_err(|error| named(path, error))?;
        Ok(NewFile {
            path: path.to_owned(),
            directory,
            writer: BufWriter::with_capacity(1 << 18, file),
        })
    }

    /// Ends the file: from now on it has its name, and outlives a power cut.
    ///
    /// # Errors
    /// When the disk refuses, or somebody made a file of that name meanwhile.
    pub fn finish(self) -> io::Result<()> {
        let file = self
            .writer
            .into_inner()
            .map_err(|error| error.into_error())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(&self.path)
            .map_err(|error| named(&self.path, error.error))?;
        File::open(&self.directory)?.sync_all()
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn named(path: &Path, why: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("{} cannot be written: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_that_is_not_finished_leaves_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("copy");
        let mut file = NewFile::create(&path).expect("a file");
        file.write_all(b"half").expect("written");
        drop(file);
        assert_eq!(directory.path().read_dir().expect("a directory").count(), 0);
    }

    #[test]
    fn file_that_exists_is_left_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("copy");
        let mut file = NewFile::create(&path).expect("a file");
        file.write_all(b"whole").expect("written");
        file.finish().expect("finished");
        let refused = NewFile::create(&path).expect_err("it exists");
        assert!(refused.to_string().contains("exists already"));
        assert_eq!(std::fs::read(&path).expect("a file"), b"whole");
    }
}
