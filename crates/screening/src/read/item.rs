//! Pieces of a log, in its order, each of which any thread can decode.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::bounded::Bounded;
use super::chunk::Chunk;
use super::csv::Layout;
use super::error::ReadError;
use super::file::{FileKind, InputFile, Sources, open_text};
use super::ocel;
use super::parquet::{Group, ParquetFile};
use super::row::Rows;
use super::setting::{Progress, Setting};
use super::text::{Part, Texts};
use super::xes::Xes;

/// Into how many parts we divide what a file may have if it must be held in memory whole.
const HELD_WHOLE: u64 = 4;

/// A piece of a log.
pub(super) enum Item {
    Part(Arc<Layout>, u32, Option<Part>),
    Group(Group),
    Decoded(Option<Chunk>),
}

/// The file that is being read.
enum Open<'s> {
    Texts(Texts, Arc<Layout>),
    Parquet(Arc<ParquetFile>, usize),
    Xes(Box<Xes<'s>>),
    Decoded(std::vec::IntoIter<Chunk>),
}

/// All pieces, one after the other.
pub(super) struct Items<'s> {
    setting: &'s Setting<'s>,
    files: &'s [InputFile],
    next_file: usize,
    open: Option<Open<'s>>,
    /// What was found in logs that are decoded here, not by the threads.
    pub rows: Rows<'s>,
}

impl<'s> Items<'s> {
    pub fn new(sources: &'s Sources, setting: &'s Setting<'s>) -> Self {
        Self {
            setting,
            files: &sources.files,
            next_file: 0,
            open: None,
            rows: Rows::new(setting),
        }
    }

    /// The next piece.
    pub fn next(&mut self) -> Result<Option<Item>, ReadError> {
        loop {
            let stop = self.setting.stop;
            if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                return Err(ReadError::Stopped);
            }
            if self.open.is_none() && !self.open_next()? {
                return Ok(None);
            }
            if let Some(item) = self.next_of_file()? {
                return Ok(Some(item));
            }
            self.open = None;
        }
    }

    fn next_of_file(&mut self) -> Result<Option<Item>, ReadError> {
        let file = self.next_file as u32 - 1;
        Ok(match &mut self.open {
            Some(Open::Texts(texts, layout)) => texts
                .next_part()?
                .map(|part| Item::Part(Arc::clone(layout), file, Some(part))),
            Some(Open::Parquet(parquet, next)) if *next < parquet.groups() => {
                self.setting
                    .tell(Progress::Bytes(parquet.group_bytes(*next)));
                *next += 1;
                Some(Item::Group(Group::new(Arc::clone(parquet), *next - 1)))
            }
            Some(Open::Xes(xes)) => {
                let chunk = xes.next_chunk(&mut self.rows)?;
                chunk.map(|chunk| Item::Decoded(Some(chunk)))
            }
            Some(Open::Decoded(chunks)) => chunks.next().map(|chunk| Item::Decoded(Some(chunk))),
            _ => None,
        })
    }

    fn open_next(&mut self) -> Result<bool, ReadError> {
        let Some(InputFile { path, kind }) = self.files.get(self.next_file) else {
            return Ok(false);
        };
        let file = self.next_file as u32;
        self.next_file += 1;
        let setting = self.setting;
        if *kind == FileKind::Parquet {
            let parquet = ParquetFile::open(path, file, setting)?;
            parquet
                .unused()
                .for_each(|name| self.rows.note_unused(name));
            self.open = Some(Open::Parquet(Arc::new(parquet), 0));
            return Ok(true);
        }
        let most = match kind {
            FileKind::OcelJson | FileKind::OcelXml => setting.bytes_max / HELD_WHOLE,
            _ => setting.bytes_max,
        };
        let input = Bounded::new(open_text(path, setting.progress.clone())?, most);
        let input: Box<dyn Read + Send> = Box::new(input);
        self.open = Some(match kind {
            FileKind::Xes => Open::Xes(Box::new(Xes::begin(input, path, file, setting))),
            FileKind::OcelJson => {
                let chunks = ocel::read_json(input, path, file, setting, &mut self.rows)?;
                Open::Decoded(chunks.into_iter())
            }
            FileKind::OcelXml => {
                let chunks = ocel::read_xml(input, path, file, setting, &mut self.rows)?;
                Open::Decoded(chunks.into_iter())
            }
            _ => {
                let texts = Texts::begin(input, path)?;
                let layout = Layout::of(&texts, setting, path)?;
                for place in layout.unused() {
                    self.rows.note_unused(&texts.header[place]);
                }
                Open::Texts(texts, Arc::new(layout))
            }
        });
        Ok(true)
    }
}

impl Item {
    /// Adds the next of its events to a chunk; false if there are no more.
    pub fn decode_next(
        &mut self,
        setting: &Setting,
        rows: &mut Rows,
        chunk: &mut Chunk,
    ) -> Result<bool, ReadError> {
        Ok(match self {
            Item::Group(group) => return group.decode_next(setting, rows, chunk),
            Item::Part(layout, file, part) => match part.take() {
                Some(part) => {
                    layout.read(&part, *file, rows, chunk);
                    true
                }
                None => false,
            },
            Item::Decoded(decoded) => match decoded.take() {
                Some(decoded) => {
                    *chunk = decoded;
                    true
                }
                None => false,
            },
        })
    }
}
