//! Pieces of a log, which become blocks on the thread that takes them.

use std::ops::Range;

use super::chunk::Chunk;
use super::error::ReadError;
use super::item::Item;
use super::reading::{Order, Reading};
use super::row::Rows;
use super::seam::Duty;
use super::sorter::Ranked;
use crate::block::Block;

/// The pieces of a log, in order.
pub struct Pieces<'r, 's> {
    pub(super) reading: &'r Reading<'s>,
    pub(super) next: u64,
    pub(super) ended: bool,
}

/// A part of a log.
pub struct Piece<'r, 's> {
    reading: &'r Reading<'s>,
    content: Content<'r>,
}

enum Content<'r> {
    /// Part of an ordered log, which may begin and end in the middle of a case.
    Item(Item, u64, Duty<'r>),
    /// The case with which the last item ended.
    Last(u64),
    /// Cases in memory.
    Cases(&'r Ranked, Range<usize>),
    /// Whole cases.
    Whole(Chunk),
    Failed(ReadError),
}

/// The blocks of a piece.
pub type Blocks = std::vec::IntoIter<Result<Block, ReadError>>;

impl<'r, 's> Iterator for Pieces<'r, 's> {
    type Item = Piece<'r, 's>;

    fn next(&mut self) -> Option<Piece<'r, 's>> {
        if self.ended {
            return None;
        }
        let content = match self.content() {
            Ok(content) => content?,
            Err(error) => {
                self.ended = true;
                Content::Failed(error)
            }
        };
        Some(Piece {
            reading: self.reading,
            content,
        })
    }
}

impl<'r> Pieces<'r, '_> {
    fn content(&mut self) -> Result<Option<Content<'r>>, ReadError> {
        match &self.reading.order {
            Order::Given { items, seams } => {
                self.next += 1;
                let Some(item) = super::reading::lock(items).next()? else {
                    self.ended = true;
                    let last = self.next.checked_sub(2);
                    return Ok(last.map(Content::Last));
                };
                let place = self.next - 1;
                Ok(Some(Content::Item(item, place, seams.duty(place))))
            }
            Order::Ranked(ranked) => {
                self.reading.check_stop()?;
                let cases = ranked.next_cases(self.next as usize);
                self.next = cases.end as u64;
                Ok((!cases.is_empty()).then_some(Content::Cases(ranked, cases)))
            }
            Order::Merged(merge) => {
                self.reading.check_stop()?;
                let chunk = super::reading::lock(merge).next_chunk();
                let chunk = chunk.map_err(|source| ReadError::Spill {
                    path: self.reading.setting.spill.clone(),
                    source,
                })?;
                Ok(chunk.map(Content::Whole))
            }
        }
    }
}

impl IntoIterator for Piece<'_, '_> {
    type Item = Result<Block, ReadError>;
    type IntoIter = Blocks;

    fn into_iter(self) -> Blocks {
        let blocks = match self.blocks() {
            Ok(blocks) => blocks.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        };
        blocks.into_iter()
    }
}

impl Piece<'_, '_> {
    fn blocks(self) -> Result<Vec<Block>, ReadError> {
        let reading = self.reading;
        let chunks = match self.content {
            Content::Failed(error) => return Err(error),
            Content::Whole(chunk) => vec![chunk],
            Content::Cases(ranked, cases) => {
                let mut chunk = Chunk::new(&reading.setting.wants);
                ranked.gather(cases, &mut chunk);
                vec![chunk]
            }
            Content::Last(piece) => vec![reading.tail_of(piece)?],
            Content::Item(item, place, duty) => ordered(reading, item, place, duty)?,
        };
        Ok(reading.settle(chunks))
    }
}

/// The whole cases of an item, and the one that ends with it if it began before.
fn ordered(reading: &Reading, item: Item, place: u64, duty: Duty) -> Result<Vec<Chunk>, ReadError> {
    let setting = reading.setting;
    let mut rows = Rows::new(setting);
    let mut chunk = Chunk::new(&setting.wants);
    let mut whole = Vec::new();
    item.decode(setting, &mut rows, &mut chunk, &mut |chunk| {
        if !chunk.is_ascending() {
            return Err(reading.out_of_order());
        }
        if chunk.block.cases.len() > 1 {
            let last = chunk.split_last(&setting.wants);
            whole.push(std::mem::replace(chunk, last));
        }
        Ok(())
    })?;
    reading.absorb(rows);
    let before = |place: u64| match place.checked_sub(1) {
        Some(before) => reading.tail_of(before),
        None => Ok(Chunk::default()),
    };
    let Some(first) = whole.first_mut() else {
        let (done, tail) = go_on(reading, before(place)?, chunk)?;
        duty.leave(tail);
        return Ok(done.into_iter().collect());
    };
    duty.leave(chunk);
    let (done, begin) = go_on(reading, before(place)?, first.split_first(&setting.wants))?;
    Ok(done.into_iter().chain([begin]).chain(whole).collect())
}

/// Joins the last case of a piece with the first of the next: it goes on, or it is done.
fn go_on(
    reading: &Reading,
    mut tail: Chunk,
    head: Chunk,
) -> Result<(Option<Chunk>, Chunk), ReadError> {
    if tail.block.is_empty() {
        Ok((None, head))
    } else if head.block.is_empty() {
        Ok((None, tail))
    } else if tail.last_reference() == head.last_reference() {
        tail.append_case(&head, 0);
        Ok((None, tail))
    } else if tail.last_reference() < head.last_reference() {
        Ok((Some(tail), head))
    } else {
        Err(reading.out_of_order())
    }
}
