//! Where the pieces of an ordered log meet: a case may begin in one and end in another.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};

use super::chunk::Chunk;

/// The last case of each piece, until the next takes it.
#[derive(Default)]
pub(super) struct Seams {
    tails: Mutex<BTreeMap<u64, Option<Chunk>>>,
    left: Condvar,
}

impl Seams {
    /// Takes the last case of a piece, as soon as it is known; none if the piece failed.
    pub fn take(&self, piece: u64) -> Option<Chunk> {
        let mut tails = self.tails.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(tail) = tails.remove(&piece) {
                return tail;
            }
            tails = self
                .left
                .wait(tails)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether the last case of a piece can be taken without waiting.
    pub fn has(&self, piece: u64) -> bool {
        let tails = self.tails.lock().unwrap_or_else(PoisonError::into_inner);
        tails.contains_key(&piece)
    }

    fn leave(&self, piece: u64, tail: Option<Chunk>) {
        let mut tails = self.tails.lock().unwrap_or_else(PoisonError::into_inner);
        tails.insert(piece, tail);
        self.left.notify_all();
    }

    /// What a piece must leave its last case to. Dropped before, it says that the piece failed.
    pub fn duty(&self, piece: u64) -> Duty<'_> {
        Duty {
            seams: self,
            piece,
            done: false,
        }
    }
}

/// The duty of a piece to leave its last case to the next.
pub(super) struct Duty<'s> {
    seams: &'s Seams,
    piece: u64,
    done: bool,
}

impl Duty<'_> {
    pub fn leave(mut self, tail: Chunk) {
        self.done = true;
        self.seams.leave(self.piece, Some(tail));
    }
}

impl Drop for Duty<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.seams.leave(self.piece, None);
        }
    }
}
