//! The directory written to: all files or none.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::WriteError;

/// A directory with files under way. Dropped before [`commit`](Self::commit), it takes away
/// whatever it had begun.
pub struct OutputDirectory {
    path: PathBuf,
    made_here: bool,
    begun: Vec<String>,
}

/// A file under its temporary name.
pub type PartFile = BufWriter<File>;

impl OutputDirectory {
    /// Makes the directory if there is none.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn open(path: &Path) -> Result<Self, WriteError> {
        let made_here = !path.exists();
        fs::create_dir_all(path).map_err(failed_at(path))?;
        Ok(Self {
            path: path.to_owned(),
            made_here,
            begun: Vec::new(),
        })
    }

    /// Begins a file, if nothing but a file stands where it will be.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn begin(&mut self, name: &str) -> Result<PartFile, WriteError> {
        let target = self.path.join(name);
        if target.is_dir() {
            let source = io::Error::new(io::ErrorKind::IsADirectory, "a directory has this name");
            return Err(failed_at(&target)(source));
        }
        let part = self.part(name);
        let file = File::create(&part).map_err(failed_at(&part))?;
        self.begun.push(name.to_owned());
        Ok(BufWriter::with_capacity(1 << 16, file))
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives every file its own name; each must be flushed. Returns where they are.
    ///
    /// # Errors
    ///
    /// Where one cannot be renamed.
    pub fn commit(mut self) -> Result<Vec<PathBuf>, WriteError> {
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

fn failed_at(path: &Path) -> impl FnOnce(io::Error) -> WriteError + '_ {
    |source| WriteError {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn files_are_there_when_all_are_complete_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let mut directory = OutputDirectory::open(&out).unwrap();
        directory.begin("a").unwrap().write_all(b"x").unwrap();
        drop(directory);
        assert!(!out.exists());
        let mut directory = OutputDirectory::open(&out).unwrap();
        directory.begin("a").unwrap().write_all(b"x").unwrap();
        assert!(!out.join("a").exists());
        assert_eq!(directory.commit().unwrap(), [out.join("a")]);
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    }
}
