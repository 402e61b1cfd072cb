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

/// The blocks of a piece, each decoded when it is asked for if that is possible.
pub struct Blocks<'r, 's> {
    reading: &'r Reading<'s>,
    under_way: UnderWay<'r, 's>,
    /// Decoded blocks, the next one last.
    ready: Vec<Block>,
}

enum UnderWay<'r, 's> {
    Content(Box<Content<'r>>),
    Ordered(Box<Ordered<'r, 's>>),
    Ended,
}

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

impl<'r, 's> IntoIterator for Piece<'r, 's> {
    type Item = Result<Block, ReadError>;
    type IntoIter = Blocks<'r, 's>;

    fn into_iter(self) -> Blocks<'r, 's> {
        let reading = self.reading;
        let under_way = match self.content {
            Content::Item(item, place, duty) => {
                UnderWay::Ordered(Box::new(Ordered::begin(reading, item, place, duty)))
            }
            content => UnderWay::Content(Box::new(content)),
        };
        Blocks {
            reading,
            under_way,
            ready: Vec::new(),
        }
    }
}

impl Iterator for Blocks<'_, '_> {
    type Item = Result<Block, ReadError>;

    fn next(&mut self) -> Option<Result<Block, ReadError>> {
        loop {
            if let Some(block) = self.ready.pop() {
                return Some(Ok(block));
            }
            match self.decode().transpose()? {
                Ok(chunks) => {
                    self.ready = self.reading.settle(chunks);
                    self.ready.reverse();
                }
                Err(error) => {
                    self.under_way = UnderWay::Ended;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl Blocks<'_, '_> {
    /// The next whole cases; none after the last.
    fn decode(&mut self) -> Result<Option<Vec<Chunk>>, ReadError> {
        if let UnderWay::Ordered(ordered) = &mut self.under_way {
            return ordered.next();
        }
        let UnderWay::Content(content) = std::mem::replace(&mut self.under_way, UnderWay::Ended)
        else {
            return Ok(None);
        };
        let chunk = match *content {
            Content::Failed(error) => return Err(error),
            Content::Item(..) => return Ok(None),
            Content::Whole(chunk) => chunk,
            Content::Last(piece) => self.reading.tail_of(piece)?,
            Content::Cases(ranked, cases) => {
                let mut chunk = Chunk::new(&self.reading.setting.wants);
                ranked.gather(cases, &mut chunk);
                chunk
            }
        };
        Ok(Some(vec![chunk]))
    }
}

/// An item of an ordered log while it becomes whole cases. Its first case may go on from the item
/// before, which another thread may not have decoded yet: until it has, nothing can be given away.
struct Ordered<'r, 's> {
    reading: &'r Reading<'s>,
    item: Item,
    place: u64,
    /// None when it is fulfilled.
    duty: Option<Duty<'r>>,
    rows: Rows<'s>,
    /// The last case so far, which may go on.
    last: Chunk,
    /// Whole cases that were not given away yet.
    whole: Vec<Chunk>,
    /// Whether the first case was joined with the item before.
    joined: bool,
}

impl<'r, 's> Ordered<'r, 's> {
    fn begin(reading: &'r Reading<'s>, item: Item, place: u64, duty: Duty<'r>) -> Self {
        let setting = reading.setting;
        Self {
            reading,
            item,
            place,
            duty: Some(duty),
            rows: Rows::new(setting),
            last: Chunk::new(&setting.wants),
            whole: Vec::new(),
            joined: false,
        }
    }

    /// The next whole cases; none after the last.
    fn next(&mut self) -> Result<Option<Vec<Chunk>>, ReadError> {
        if self.duty.is_none() {
            return Ok(None);
        }
        let setting = self.reading.setting;
        while self
            .item
            .decode_next(setting, &mut self.rows, &mut self.last)?
        {
            if !self.last.is_ascending() {
                return Err(self.reading.out_of_order());
            }
            if self.last.block.cases.len() > 1 {
                let last = self.last.split_last(&setting.wants);
                self.whole.push(std::mem::replace(&mut self.last, last));
                if self.joined || self.is_tail_known() {
                    return self.take_whole().map(Some);
                }
            }
        }
        self.end().map(Some)
    }

    /// Whether the last case of the item before can be had without waiting.
    fn is_tail_known(&self) -> bool {
        (self.place.checked_sub(1)).is_none_or(|before| self.reading.has_tail_of(before))
    }

    fn tail_before(&self) -> Result<Chunk, ReadError> {
        match self.place.checked_sub(1) {
            Some(before) => self.reading.tail_of(before),
            None => Ok(Chunk::default()),
        }
    }

    /// The whole cases so far, and before the first that of the item before.
    fn take_whole(&mut self) -> Result<Vec<Chunk>, ReadError> {
        let mut whole = std::mem::take(&mut self.whole);
        let Some(first) = whole.first_mut().filter(|_| !self.joined) else {
            return Ok(whole);
        };
        let head = first.split_first(&self.reading.setting.wants);
        let (done, begin) = go_on(self.reading, self.tail_before()?, head)?;
        self.joined = true;
        Ok(done.into_iter().chain([begin]).chain(whole).collect())
    }

    /// All events are decoded: the last case is left to the next item, before this one waits for
    /// that of the item before.
    fn end(&mut self) -> Result<Vec<Chunk>, ReadError> {
        let setting = self.reading.setting;
        let rows = std::mem::replace(&mut self.rows, Rows::new(setting));
        self.reading.absorb(rows);
        let Some(duty) = self.duty.take() else {
            return Ok(Vec::new());
        };
        let last = std::mem::take(&mut self.last);
        if self.joined || !self.whole.is_empty() {
            duty.leave(last);
            return self.take_whole();
        }
        let (done, tail) = go_on(self.reading, self.tail_before()?, last)?;
        duty.leave(tail);
        Ok(done.into_iter().collect())
    }
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
