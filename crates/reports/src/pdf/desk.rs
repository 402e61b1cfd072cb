//! What Typst may see: its library, our fonts, and the files made from one document.

use std::collections::HashMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

/// The faces in which reports are set: Source Sans (SIL Open Font Licence).
const FACES: [&[u8]; 4] = [
    include_bytes!("../../assets/fonts/SourceSansPro-Regular.ttf"),
    include_bytes!("../../assets/fonts/SourceSansPro-It.ttf"),
    include_bytes!("../../assets/fonts/SourceSansPro-Semibold.ttf"),
    include_bytes!("../../assets/fonts/SourceSansPro-Bold.ttf"),
];

/// Parsed once. Typst's own fonts stand behind ours for rarer letters.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    FACES
        .into_iter()
        .chain(typst_assets::fonts())
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

/// The template, by its place among the files.
static TEMPLATE: LazyLock<Source> = LazyLock::new(|| {
    Source::new(
        file_id("/report.typ").expect("a plain path"),
        include_str!("report.typ").into(),
    )
});

/// A world of files in memory, and no others.
pub(super) struct Desk {
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    /// A desk with these files, each under an absolute path.
    pub fn new(files: Vec<(String, Vec<u8>)>) -> Self {
        let files = files
            .into_iter()
            .filter_map(|(path, bytes)| Some((file_id(&path)?, Bytes::new(bytes))));
        Self {
            files: files.collect(),
        }
    }
}

fn file_id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        TEMPLATE.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == TEMPLATE.id() {
            Ok(TEMPLATE.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
