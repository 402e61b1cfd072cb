//! Bounds on what is read, so that a small file that expands without end, or a text without an
//! end, does not fill the memory.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes one element of an XML file may have.
const ELEMENT_MAX: usize = 16 << 20;

/// An input of at most so many bytes; more are an error.
pub(super) struct Bounded<R> {
    input: R,
    left: u64,
    most: u64,
}

impl<R: Read> Bounded<R> {
    pub fn new(input: R, most: u64) -> Self {
        Self {
            input,
            left: most,
            most,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.input.read(buffer)?;
        match self.left.checked_sub(got as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(too_large(self.most))),
        }
        Ok(got)
    }
}

/// What is said of a file that is larger than it may be.
pub(super) fn too_large(most: u64) -> String {
    format!(
        "expanded it has more than {} MB; leave out the columns that are not needed, or divide it",
        most >> 20
    )
}

/// An input of which only so much is given until the allowance is renewed.
pub(super) struct Metered {
    input: Box<dyn Read + Send>,
    left: Arc<AtomicUsize>,
}

/// What may still be read of a [`Metered`] input.
pub(super) struct Allowance(Arc<AtomicUsize>);

impl Metered {
    pub fn new(input: Box<dyn Read + Send>) -> (Self, Allowance) {
        let left = Arc::new(AtomicUsize::new(ELEMENT_MAX));
        let allowance = Allowance(Arc::clone(&left));
        (Self { input, left }, allowance)
    }
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 && !buffer.is_empty() {
            let problem = format!("an element has more than {} MB", ELEMENT_MAX >> 20);
            return Err(io::Error::other(problem));
        }
        let most = buffer.len().min(left);
        let got = self.input.read(&mut buffer[..most])?;
        self.left.store(left - got, Ordering::Relaxed);
        Ok(got)
    }
}

impl Allowance {
    /// Allows another element.
    pub fn renew(&self) {
        self.0.store(ELEMENT_MAX, Ordering::Relaxed);
    }
}
