//! Sorted events on disk, and their merging.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use super::packing::Packing;
use super::{CHUNK, Ranked};
use crate::read::chunk::Chunk;

/// Sorted events in a file without a name, which is gone with the program however it ends. For each
/// case: the length of its reference, the reference, the number of its events, the events packed.
pub(super) struct Run {
    file: File,
    pub bytes: u64,
}

impl Run {
    pub fn write(ranked: &Ranked, folder: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        let mut out = BufWriter::new(zstd::Encoder::new(file, 1)?);
        for case in 0..ranked.cases.len() {
            let (reference, events) = (ranked.reference(case), ranked.events(case));
            out.write_all(&(reference.len() as u32).to_le_bytes())?;
            out.write_all(reference.as_bytes())?;
            out.write_all(&(events.len() as u32).to_le_bytes())?;
            for place in events {
                out.write_all(ranked.held.packed(*place, ranked.packing.width()))?;
            }
        }
        let encoder = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        let mut file = encoder.finish()?;
        let bytes = file.stream_position()?;
        file.rewind()?;
        Ok(Self { file, bytes })
    }
}

/// Runs that are merged.
pub(in crate::read) struct Merge {
    packing: Packing,
    inputs: Vec<Input>,
    /// The next case of each run.
    heads: BinaryHeap<Reverse<(String, usize)>>,
}

type Input = BufReader<zstd::Decoder<'static, BufReader<File>>>;

impl Merge {
    pub(super) fn begin(runs: Vec<Run>, packing: Packing) -> io::Result<Self> {
        let mut merge = Self {
            packing,
            inputs: Vec::new(),
            heads: BinaryHeap::new(),
        };
        for (place, run) in runs.into_iter().enumerate() {
            let decoder = zstd::Decoder::new(run.file)?;
            merge
                .inputs
                .push(BufReader::with_capacity(1 << 16, decoder));
            merge.read_head(place)?;
        }
        Ok(merge)
    }

    fn read_head(&mut self, run: usize) -> io::Result<()> {
        let input = &mut self.inputs[run];
        let mut length = [0; 4];
        if input.read(&mut length[..1])? == 0 {
            return Ok(());
        }
        input.read_exact(&mut length[1..])?;
        let mut reference = vec![0; u32::from_le_bytes(length) as usize];
        input.read_exact(&mut reference)?;
        let reference = String::from_utf8(reference).map_err(io::Error::other)?;
        self.heads.push(Reverse((reference, run)));
        Ok(())
    }

    /// The next cases; none after the last.
    pub fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        let mut chunk = self.packing.chunk();
        let mut packed = Vec::new();
        while let Some(Reverse((reference, run))) = self.heads.pop() {
            let mut count = [0; 4];
            self.inputs[run].read_exact(&mut count)?;
            packed.resize(self.packing.width(), 0);
            for _ in 0..u32::from_le_bytes(count) {
                self.inputs[run].read_exact(&mut packed)?;
                self.packing.unpack(&packed, &mut chunk);
            }
            chunk.close_case(&reference);
            self.read_head(run)?;
            let goes_on =
                matches!(self.heads.peek(), Some(Reverse((next, _))) if *next == reference);
            if chunk.block.len() >= CHUNK && !goes_on {
                break;
            }
        }
        Ok((!chunk.block.is_empty()).then_some(chunk))
    }
}
