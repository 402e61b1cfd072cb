//! Where the pieces of an ordered log meet: a case may begin in one and end in another.

use std::collections::BTreeMap;

use super::chunk::Chunk;
use super::error::ReadError;

/// The first case of a piece, if it is not its only one, and the last.
struct Ends {
    head: Option<Chunk>,
    tail: Chunk,
}

/// Joins the cases that lie across pieces, in the order of the pieces.
#[derive(Default)]
pub(super) struct Seams {
    next: u64,
    waiting: BTreeMap<u64, Ends>,
    carry: Option<Chunk>,
}

impl Seams {
    /// Takes the ends of a piece; returns the cases that are whole by now, and before which piece
    /// they belong.
    pub fn join(
        &mut self,
        piece: u64,
        head: Option<Chunk>,
        tail: Chunk,
    ) -> Result<Vec<(u64, Chunk)>, ReadError> {
        self.waiting.insert(piece, Ends { head, tail });
        let mut whole = Vec::new();
        while let Some(Ends { head, tail }) = self.waiting.remove(&self.next) {
            if let Some(head) = head {
                let mut done = self.carry.take().unwrap_or_default();
                if done.block.is_empty() {
                    done = head;
                } else {
                    append(&mut done, &head)?;
                }
                whole.push((self.next, done));
                self.carry = Some(tail);
            } else if !tail.block.is_empty() {
                self.carry = match self.carry.take() {
                    Some(carry) if !carry.block.is_empty() => {
                        Some(self.pass(carry, tail, &mut whole)?)
                    }
                    _ => Some(tail),
                };
            }
            self.next += 1;
        }
        Ok(whole)
    }

    /// A piece that is part of one case goes on with the case carried, or ends it.
    fn pass(
        &self,
        mut carry: Chunk,
        tail: Chunk,
        whole: &mut Vec<(u64, Chunk)>,
    ) -> Result<Chunk, ReadError> {
        if carry.last_reference() == tail.last_reference() {
            append(&mut carry, &tail)?;
            return Ok(carry);
        }
        if carry.last_reference() > tail.last_reference() {
            return Err(ReadError::Unordered);
        }
        whole.push((self.next, carry));
        Ok(tail)
    }

    /// The last case.
    pub fn finish(self) -> Option<(u64, Chunk)> {
        let carry = self.carry.filter(|carry| !carry.block.is_empty())?;
        Some((self.next, carry))
    }
}

fn append(to: &mut Chunk, head: &Chunk) -> Result<(), ReadError> {
    to.append_case(head, 0);
    match to.is_ascending() {
        true => Ok(()),
        false => Err(ReadError::Unordered),
    }
}
