//! Parts are checked by whichever thread is free, and put together in order.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{Batch, Fragment, OutOfOrder, Part, Sink, Worker};
use crate::block::Block;

/// How many parts, for each thread, may be ahead of the one that is awaited.
const AHEAD: u64 = 4;

/// Puts parts together.
pub(super) struct Coordinator<'a, 'p, S: Sink> {
    state: Mutex<State<'a, 'p, S>>,
    moved: Condvar,
    ahead: u64,
}

struct State<'a, 'p, S: Sink> {
    /// The part that is awaited.
    next: u64,
    waiting: BTreeMap<u64, Part>,
    /// The last case so far; it may go on.
    current: Option<Fragment>,
    worker: Worker<'p>,
    sink: &'a mut S,
    /// Whether all stop: for this error, or because a thread has panicked.
    stopped: bool,
    error: Option<S::Error>,
}

impl<'a, 'p, S> Coordinator<'a, 'p, S>
where
    S: Sink,
    S::Error: From<OutOfOrder>,
{
    pub(super) fn new(worker: Worker<'p>, sink: &'a mut S, threads: usize) -> Self {
        Self {
            state: Mutex::new(State {
                next: 0,
                waiting: BTreeMap::new(),
                current: None,
                worker,
                sink,
                stopped: false,
                error: None,
            }),
            moved: Condvar::new(),
            ahead: AHEAD * threads as u64,
        }
    }

    /// Takes parts and checks them until there are no more.
    pub(super) fn work<B>(
        &self,
        source: &Mutex<impl Iterator<Item = (usize, B)>>,
        worker: &mut Worker,
    ) where
        B: IntoIterator<Item = Result<Block, S::Error>>,
    {
        let stopper = Stopper(self);
        while let Some((number, blocks)) = take(source) {
            let number = number as u64;
            if !self.await_turn(number) {
                break;
            }
            let part = make(blocks, worker);
            self.deliver(number, part);
        }
        std::mem::forget(stopper);
    }

    /// Waits until a part is not too far ahead; false if all stop.
    fn await_turn(&self, number: u64) -> bool {
        let mut state = self.lock();
        while !state.stopped && number >= state.next + self.ahead {
            state = self
                .moved
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        !state.stopped
    }

    fn deliver(&self, number: u64, part: Result<Part, S::Error>) {
        let mut state = self.lock();
        match part {
            Err(error) => state.stop(error),
            Ok(part) => {
                state.waiting.insert(number, part);
                if let Err(error) = state.advance() {
                    state.stop(error);
                }
            }
        }
        self.moved.notify_all();
    }

    /// Ends the last case, and gives what was counted of those that lay across parts.
    pub(super) fn finish(self) -> Result<Worker<'p>, S::Error> {
        let mut state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        match state.error.take() {
            Some(error) => Err(error),
            None => {
                state.end_current()?;
                Ok(state.worker)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<'a, 'p, S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take<T>(source: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    source.lock().unwrap_or_else(PoisonError::into_inner).next()
}

fn make<B, E>(blocks: B, worker: &mut Worker) -> Result<Part, E>
where
    B: IntoIterator<Item = Result<Block, E>>,
    E: From<OutOfOrder>,
{
    let mut part = Part::default();
    for block in blocks {
        part.add(&block?, worker)?;
    }
    Ok(part)
}

impl<S> State<'_, '_, S>
where
    S: Sink,
    S::Error: From<OutOfOrder>,
{
    fn stop(&mut self, error: S::Error) {
        self.stopped = true;
        self.error.get_or_insert(error);
    }

    /// Puts together the parts that have come in order.
    fn advance(&mut self) -> Result<(), S::Error> {
        while !self.stopped
            && let Some(part) = self.waiting.remove(&self.next)
        {
            self.next += 1;
            self.put(part)?;
        }
        Ok(())
    }

    fn put(&mut self, part: Part) -> Result<(), S::Error> {
        let Some(head) = part.head else {
            return Ok(());
        };
        match &mut self.current {
            Some(current) if head.reference < current.reference => return Err(OutOfOrder.into()),
            Some(current) if head.reference == current.reference => current.append(&head),
            _ => {
                self.end_current()?;
                self.current = Some(head);
            }
        }
        if let Some(tail) = part.tail {
            self.end_current()?;
            give(self.sink, &part.batch)?;
            self.current = Some(tail);
        }
        Ok(())
    }

    fn end_current(&mut self) -> Result<(), S::Error> {
        let Some(current) = self.current.take() else {
            return Ok(());
        };
        let mut batch = Batch::default();
        self.worker.check_fragment(&current, &mut batch);
        give(self.sink, &batch)
    }
}

fn give<S: Sink>(sink: &mut S, batch: &Batch) -> Result<(), S::Error> {
    (batch.cases()).try_for_each(|(reference, findings)| sink.case(reference, findings))
}

/// Stops all if a thread panics, lest the others wait for what it would have delivered.
struct Stopper<'c, 'a, 'p, S: Sink>(&'c Coordinator<'a, 'p, S>);

impl<S: Sink> Drop for Stopper<'_, '_, '_, S> {
    fn drop(&mut self) {
        let mut state = (self.0.state.lock()).unwrap_or_else(PoisonError::into_inner);
        state.stopped = true;
        drop(state);
        self.0.moved.notify_all();
    }
}
