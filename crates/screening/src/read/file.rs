//! Which files there are to read, and what they hold.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::ReadError;
use super::setting::Progress;
use super::text::Counted;

/// What a file holds, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Text,
    Parquet,
    Xes,
    OcelJson,
    OcelXml,
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InputFile {
    pub path: PathBuf,
    pub kind: FileKind,
}

/// The files of a log, in the order in which they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    pub(super) files: Vec<InputFile>,
    skipped: Vec<PathBuf>,
    bytes: u64,
}

impl Sources {
    /// The files at these paths. A folder stands for all the files in it and in its folders, by
    /// name, whose names say that they hold events.
    ///
    /// # Errors
    ///
    /// Where a path does not exist, a file's name does not say what it holds, or a folder holds no
    /// file of events.
    pub fn find(paths: &[impl AsRef<Path>]) -> Result<Self, ReadError> {
        let mut sources = Self {
            files: Vec::new(),
            skipped: Vec::new(),
            bytes: 0,
        };
        for path in paths.iter().map(AsRef::as_ref) {
            let data = fs::metadata(path).map_err(ReadError::io(path))?;
            if data.is_dir() {
                let before = sources.files.len();
                sources.add_folder(path)?;
                if sources.files.len() == before {
                    return Err(ReadError::Nothing {
                        path: path.to_owned(),
                    });
                }
            } else if kind_of(path).is_none() {
                return Err(ReadError::UnknownKind {
                    path: path.to_owned(),
                });
            } else {
                sources.add(path.to_owned(), data.len());
            }
        }
        Ok(sources)
    }

    /// The paths of the files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Files of the folders that are not read, because their names do not say that they hold
    /// events.
    pub fn skipped(&self) -> &[PathBuf] {
        &self.skipped
    }

    /// How long the files are together, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn add_folder(&mut self, folder: &Path) -> Result<(), ReadError> {
        let mut paths = fs::read_dir(folder)
            .and_then(|entries| {
                entries
                    .map(|entry| entry.map(|entry| entry.path()))
                    .collect::<Result<Vec<_>, _>>()
            })
            .map_err(ReadError::io(folder))?;
        paths.sort();
        for path in paths {
            let data = fs::metadata(&path).map_err(ReadError::io(&path))?;
            if data.is_dir() {
                self.add_folder(&path)?;
            } else if kind_of(&path).is_some() {
                self.add(path, data.len());
            } else {
                self.skipped.push(path);
            }
        }
        Ok(())
    }

    fn add(&mut self, path: PathBuf, bytes: u64) {
        if let Some(kind) = kind_of(&path) {
            self.files.push(InputFile { path, kind });
            self.bytes += bytes;
        }
    }
}

fn kind_of(path: &Path) -> Option<FileKind> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    if name.starts_with('.') {
        return None;
    }
    let plain = [".gz", ".zst"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending));
    let kind = match plain.unwrap_or(&name).rsplit_once('.')?.1 {
        "csv" | "tsv" => FileKind::Text,
        "xes" => FileKind::Xes,
        "json" | "jsonocel" => FileKind::OcelJson,
        "xmlocel" => FileKind::OcelXml,
        "parquet" if plain.is_none() => FileKind::Parquet,
        _ => return None,
    };
    Some(kind)
}

/// Opens a text, expanding it if its name says that it is compressed. `progress` hears how many
/// bytes of the file were read.
pub(super) fn open_text(
    path: &Path,
    progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
) -> Result<Box<dyn Read + Send>, ReadError> {
    let inner = File::open(path).map_err(ReadError::io(path))?;
    let count = move |bytes| {
        if let Some(told) = &progress {
            told(Progress::Bytes(bytes));
        }
    };
    let file = Counted { inner, count };
    let ending = path.extension().and_then(|ending| ending.to_str());
    Ok(match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Some("zst") => Box::new(zstd::Decoder::new(file).map_err(ReadError::io(path))?),
        _ => Box::new(file),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stand_for_their_files_and_say_what_they_skip() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "b.csv.gz",
            "a.parquet",
            "README.txt",
            ".events.csv",
            "c.parquet.gz",
        ] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let sources = Sources::find(&[folder.path()]).unwrap();
        let names: Vec<_> = sources.paths().filter_map(Path::file_name).collect();
        assert_eq!(names, ["a.parquet", "b.csv.gz"]);
        assert_eq!(sources.skipped().len(), 3);
        assert_eq!(sources.bytes(), 2);
        assert!(Sources::find(&[folder.path().join("README.txt")]).is_err());
        assert!(Sources::find(&[folder.path().join("none.csv")]).is_err());
    }

    #[test]
    fn a_file_of_no_known_kind_says_what_to_make_of_it() {
        let folder = tempfile::tempdir().unwrap();
        for (name, words) in [
            ("log.sqlite", "write_ocel2_json"),
            ("log.xml", "call it .xes or .xmlocel"),
            ("log.XLSX", "save it as CSV UTF-8"),
            ("log.arrows", "screen --stream"),
            ("log.txt", "must end in .csv"),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, "x").unwrap();
            let error = Sources::find(&[&path]).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
