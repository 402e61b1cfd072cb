//! Files that arrive: put aside on the disk where only their owner may open them, and taken away
//! as soon as they have been read.

use sha2::{Digest, Sha256};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use tempfile::TempPath;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What the names of the files begin with.
const PREFIX: &str = "arriving-";

/// Where files that arrive are put aside.
#[derive(Debug, Clone)]
pub struct Arrivals(PathBuf);

impl Arrivals {
    /// In that folder, which is made when it is needed.
    pub fn in_folder(folder: PathBuf) -> Self {
        Arrivals(folder)
    }

    /// The folder, which only its owner may open.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self) -> io::Result<&Path> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(&self.0)?;
        Ok(&self.0)
    }

    /// Takes away what a program that was stopped had put aside.
    ///
    /// # Errors
    /// When the folder cannot be read, or a file in it cannot be taken away.
    pub fn clear(&self) -> io::Result<()> {
        if !self.0.is_dir() {
            return Ok(());
        }
        for entry in std::fs::read_dir(&self.0)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Begins a file with the name that it has where it comes from.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(&self, name: &str) -> io::Result<Arriving> {
        let file = tempfile::Builder::new()
            .prefix(PREFIX)
            .suffix(&ending(name))
            .tempfile_in(self.folder()?)?;
        let (file, path) = file.into_parts();
        Ok(Arriving {
            name: name.to_owned(),
            file: tokio::fs::File::from_std(file),
            path,
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    /// Puts aside what is in memory.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<Arrived> {
        let mut arriving = self.begin(name)?;
        arriving.push(bytes).await?;
        arriving.finish().await
    }
}

/// The end of a name, which says what the file holds: `.csv`, `.csv.gz`.
fn ending(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let parts: Vec<&str> = name.split('.').skip(1).collect();
    let packed = parts
        .last()
        .is_some_and(|last| ["gz", "zst"].contains(last));
    let kept = if packed { 2 } else { 1 };
    parts[parts.len().saturating_sub(kept)..]
        .iter()
        .filter(|part| part.chars().all(|c| c.is_ascii_alphanumeric()))
        .map(|part| format!(".{part}"))
        .collect()
}

/// A file under way. Dropped, it is gone.
#[derive(Debug)]
pub struct Arriving {
    name: String,
    file: tokio::fs::File,
    path: TempPath,
    digest: Sha256,
    bytes: u64,
}

impl Arriving {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub async fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).await
    }

    /// The whole file.
    ///
    /// # Errors
    /// When the last bytes cannot be written.
    pub async fn finish(mut self) -> io::Result<Arrived> {
        self.file.flush().await?;
        Ok(Arrived {
            name: self.name,
            digest: hex::encode(self.digest.finalize()),
            bytes: self.bytes,
            place: Place::Aside(self.path),
        })
    }
}

/// A file that is there. Dropped, it is taken away, unless it lay there before.
#[derive(Debug)]
pub struct Arrived {
    /// The name that it has where it comes from.
    pub name: String,
    /// SHA-256 of what is in it, in hexadecimal.
    pub digest: String,
    /// How long it is.
    pub bytes: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Aside(TempPath),
    There(PathBuf),
}

impl Arrived {
    /// A file on this machine: read where it lies, and left there.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn at(path: &Path) -> io::Result<Self> {
        let mut file = tokio::fs::File::open(path).await?;
        let (mut digest, mut bytes) = (Sha256::new(), 0);
        let mut buffer = vec![0; 1 << 16];
        loop {
            let got = file.read(&mut buffer).await?;
            if got == 0 {
                break;
            }
            digest.update(&buffer[..got]);
            bytes += got as u64;
        }
        let name = path.file_name().unwrap_or(path.as_os_str());
        Ok(Arrived {
            name: name.to_string_lossy().into_owned(),
            digest: hex::encode(digest.finalize()),
            bytes,
            place: Place::There(path.to_owned()),
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        match &self.place {
            Place::Aside(path) => path,
            Place::There(path) => path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn a_file_lies_where_only_its_owner_opens_it_and_is_gone_when_it_was_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let arrivals = Arrivals::in_folder(folder.path().join("arriving"));
        let file = arrivals.keep("../Events 1.CSV.gz", b"abc").await;
        let file = file.expect("a file");
        let path = file.path().to_owned();
        assert!(path.to_string_lossy().ends_with(".csv.gz"), "{path:?}");
        assert!(path.starts_with(folder.path()));
        let mode = |path: &Path| std::fs::metadata(path).expect("it").permissions().mode() & 0o777;
        assert_eq!(
            (mode(&path), mode(arrivals.folder().expect("it"))),
            (0o600, 0o700)
        );
        let read = Arrived::at(&path).await.expect("the same");
        assert_eq!((&read.digest, read.bytes), (&file.digest, 3));
        drop(read);
        assert!(path.exists());
        drop(file);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn what_a_stopped_program_left_is_taken_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let arrivals = Arrivals::in_folder(folder.path().to_owned());
        std::fs::write(folder.path().join("arriving-x.csv"), "x").expect("written");
        std::fs::write(folder.path().join("other"), "x").expect("written");
        arrivals.clear().expect("cleared");
        assert!(!folder.path().join("arriving-x.csv").exists());
        assert!(folder.path().join("other").exists());
    }
}
