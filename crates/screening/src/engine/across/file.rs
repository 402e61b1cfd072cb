//! What a shard leaves behind, as a file.
//!
//! A line that names the format; the length and text of a JSON header with the counts; the worst
//! findings on things; what was put aside for each key, in chunks; and a hash of all that, so that
//! a cut or altered file is not taken for whole. Numbers are little-endian.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_128;

use super::{CHUNK, Chunk, Projection};
use crate::block::{Block, CaseSpan};
use crate::engine::counter::Thing;
use crate::engine::facts::{CaseFacts, Labels};
use crate::engine::plan::{OtherPlan, Plan, PlanMark};
use crate::engine::screen::Shard;
use crate::engine::tally::Tally;
use crate::event::When;
use crate::verdict::Outcome;

const MAGIC: &[u8] = b"throughline shard 2\n";

/// Why a shard's file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ShardFileError {
    /// The file cannot be read.
    #[error("the file of a shard cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("this is no file of a shard of this version")]
    NotAShard,
    /// It was cut or altered.
    #[error("the file of a shard is damaged; screen that shard again")]
    Damaged,
    /// It was made with other standards or for another day.
    #[error(transparent)]
    OtherPlan(#[from] OtherPlan),
}

#[derive(Serialize, Deserialize)]
struct Header {
    plan: PlanMark,
    tally: Tally,
    labels: Labels,
    things: usize,
    chunks: Vec<usize>,
}

pub(in crate::engine) fn write(shard: &Shard, plan: &Plan, to: &mut impl Write) -> io::Result<()> {
    let header = Header {
        plan: plan.mark(),
        tally: shard.tally.clone(),
        labels: shard.labels.clone(),
        things: shard.things.len(),
        chunks: shard.projections.iter().map(|p| p.chunks.len()).collect(),
    };
    let mut out = Out {
        to,
        hash: XxHash3_128::new(),
    };
    out.bytes(MAGIC)?;
    let header = serde_json::to_vec(&header).map_err(io::Error::other)?;
    out.sized(&header)?;
    for thing in &shard.things {
        out.thing(thing)?;
    }
    for chunk in shard.projections.iter().flat_map(|p| &p.chunks) {
        out.chunk(chunk)?;
    }
    let hash = out.hash.finish_128();
    to.write_all(&hash.to_le_bytes())
}

/// Writes and hashes.
struct Out<'a, W> {
    to: &'a mut W,
    hash: XxHash3_128,
}

impl<W: Write> Out<'_, W> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.write(bytes);
        self.to.write_all(bytes)
    }

    fn sized(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes(&(bytes.len() as u64).to_le_bytes())?;
        self.bytes(bytes)
    }

    fn column<const SIZE: usize>(
        &mut self,
        values: impl ExactSizeIterator<Item = [u8; SIZE]>,
    ) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(values.len() * SIZE);
        values.for_each(|value| bytes.extend_from_slice(&value));
        self.sized(&bytes)
    }

    fn thing(&mut self, thing: &Thing) -> io::Result<()> {
        self.bytes(&thing.standard.to_le_bytes())?;
        self.bytes(&thing.key.to_le_bytes())?;
        self.bytes(&[thing.outcome.place() as u8])?;
        self.bytes(&thing.when.earliest.to_le_bytes())?;
        self.bytes(&thing.when.latest.to_le_bytes())?;
        self.bytes(&thing.facts.area.to_le_bytes())?;
        self.bytes(&thing.facts.category.to_le_bytes())?;
        self.column(thing.classes.iter().map(|class| class.to_le_bytes()))
    }

    fn chunk(&mut self, chunk: &Chunk) -> io::Result<()> {
        let block = &chunk.block;
        self.sized(block.references.as_bytes())?;
        self.column(block.cases.iter().map(|c| c.reference_end.to_le_bytes()))?;
        self.column(block.cases.iter().map(|c| c.events_end.to_le_bytes()))?;
        self.column(chunk.facts.iter().map(|f| f.area.to_le_bytes()))?;
        self.column(chunk.facts.iter().map(|f| f.category.to_le_bytes()))?;
        self.column(block.activities.iter().map(|a| a.to_le_bytes()))?;
        self.column(block.earliest.iter().map(|t| t.to_le_bytes()))?;
        self.column(block.latest.iter().map(|t| t.to_le_bytes()))?;
        self.bytes(&(block.classes.len() as u64).to_le_bytes())?;
        for column in &block.classes {
            self.column(column.iter().map(|class| class.to_le_bytes()))?;
        }
        self.bytes(&(block.hashes.len() as u64).to_le_bytes())?;
        for column in &block.hashes {
            self.column(column.iter().map(|hash| hash.to_le_bytes()))?;
        }
        Ok(())
    }
}

pub(in crate::engine) fn read(plan: &Plan, from: &mut impl Read) -> Result<Shard, ShardFileError> {
    let mut from = In {
        from,
        hash: XxHash3_128::new(),
    };
    let magic: [u8; MAGIC.len()] = from.bytes().map_err(|_| ShardFileError::NotAShard)?;
    if magic != *MAGIC {
        return Err(ShardFileError::NotAShard);
    }
    let header: Header =
        serde_json::from_slice(&from.sized()?).map_err(|_| ShardFileError::Damaged)?;
    plan.check(&header.plan)?;
    let things = (0..header.things)
        .map(|_| from.thing())
        .collect::<Result<_, _>>()?;
    let mut projections = Vec::new();
    for chunks in header.chunks {
        let chunks = (0..chunks)
            .map(|_| from.chunk(plan.attribute_count()))
            .collect::<Result<_, _>>()?;
        projections.push(Projection { chunks });
    }
    let found = from.hash.finish_128();
    if from.bytes::<16>()? != found.to_le_bytes() {
        return Err(ShardFileError::Damaged);
    }
    Ok(Shard {
        tally: header.tally,
        labels: header.labels,
        projections,
        things,
    })
}

/// Reads and hashes.
struct In<'a, R> {
    from: &'a mut R,
    hash: XxHash3_128,
}

impl<R: Read> In<'_, R> {
    fn bytes<const SIZE: usize>(&mut self) -> Result<[u8; SIZE], ShardFileError> {
        let mut bytes = [0; SIZE];
        self.from.read_exact(&mut bytes).map_err(cut)?;
        self.hash.write(&bytes);
        Ok(bytes)
    }

    fn sized(&mut self) -> Result<Vec<u8>, ShardFileError> {
        let length = u64::from_le_bytes(self.bytes()?);
        let mut bytes = Vec::new();
        self.from.take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != length {
            return Err(ShardFileError::Damaged);
        }
        self.hash.write(&bytes);
        Ok(bytes)
    }

    fn column<const SIZE: usize, T>(
        &mut self,
        value: impl Fn([u8; SIZE]) -> T,
    ) -> Result<Vec<T>, ShardFileError> {
        let bytes = self.sized()?;
        let (values, rest) = bytes.as_chunks::<SIZE>();
        if rest.is_empty() {
            Ok(values.iter().map(|bytes| value(*bytes)).collect())
        } else {
            Err(ShardFileError::Damaged)
        }
    }

    fn thing(&mut self) -> Result<Thing, ShardFileError> {
        Ok(Thing {
            standard: u16::from_le_bytes(self.bytes()?),
            key: u128::from_le_bytes(self.bytes()?),
            outcome: find_outcome(self.bytes::<1>()?[0]).ok_or(ShardFileError::Damaged)?,
            when: When {
                earliest: i64::from_le_bytes(self.bytes()?),
                latest: i64::from_le_bytes(self.bytes()?),
            },
            facts: CaseFacts {
                area: u16::from_le_bytes(self.bytes()?),
                category: u16::from_le_bytes(self.bytes()?),
            },
            classes: self.column(u16::from_le_bytes)?.into(),
        })
    }

    fn chunk(&mut self, attributes: usize) -> Result<Chunk, ShardFileError> {
        let references = String::from_utf8(self.sized()?).map_err(|_| ShardFileError::Damaged)?;
        let reference_ends = self.column(u32::from_le_bytes)?;
        let events_ends = self.column(u32::from_le_bytes)?;
        let cases = (reference_ends.iter().zip(&events_ends))
            .map(|(reference_end, events_end)| CaseSpan {
                reference_end: *reference_end,
                events_end: *events_end,
            })
            .collect();
        let areas = self.column(u16::from_le_bytes)?;
        let categories = self.column(u16::from_le_bytes)?;
        let facts = (areas.into_iter().zip(categories))
            .map(|(area, category)| CaseFacts { area, category })
            .collect();
        let chunk = Chunk {
            block: Block {
                references,
                cases,
                activities: self.column(u16::from_le_bytes)?,
                earliest: self.column(i64::from_le_bytes)?,
                latest: self.column(i64::from_le_bytes)?,
                classes: self.columns(attributes, u16::from_le_bytes)?,
                hashes: self.columns(attributes, u128::from_le_bytes)?,
                recorded: Vec::new(),
            },
            facts,
        };
        if chunk.is_sound(reference_ends.len() == events_ends.len()) {
            Ok(chunk)
        } else {
            Err(ShardFileError::Damaged)
        }
    }

    fn columns<const SIZE: usize, T>(
        &mut self,
        attributes: usize,
        value: impl Fn([u8; SIZE]) -> T,
    ) -> Result<Vec<Vec<T>>, ShardFileError> {
        if u64::from_le_bytes(self.bytes()?) != attributes as u64 {
            return Err(ShardFileError::Damaged);
        }
        (0..attributes).map(|_| self.column(&value)).collect()
    }
}

impl Chunk {
    /// Whether its columns fit each other.
    fn is_sound(&self, ends_fit: bool) -> bool {
        let block = &self.block;
        let len = block.len();
        let cases = &block.cases;
        let ordered = cases.windows(2).all(|pair| {
            pair[0].events_end < pair[1].events_end
                && pair[0].reference_end <= pair[1].reference_end
        });
        let inside = (cases.iter()).all(|case| {
            block
                .references
                .is_char_boundary(case.reference_end as usize)
        });
        let covers = cases.last().is_some_and(|c| c.events_end as usize == len);
        let times = block.earliest.len() == len && block.latest.len() == len;
        let full = |column: usize| column == 0 || column == len;
        ends_fit
            && len <= CHUNK
            && self.facts.len() == cases.len()
            && ordered
            && inside
            && covers
            && times
            && block.classes.iter().all(|column| full(column.len()))
            && block.hashes.iter().all(|column| full(column.len()))
    }
}

fn cut(error: io::Error) -> ShardFileError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ShardFileError::Damaged,
        _ => ShardFileError::Io(error),
    }
}

fn find_outcome(code: u8) -> Option<Outcome> {
    Outcome::ALL.get(usize::from(code)).copied()
}
