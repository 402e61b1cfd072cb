//! One piece of the log: its inner cases checked, its first and last kept because they may go on
//! before or after it.

use super::{Batch, Fragment, OutOfOrder, Worker, case};
use crate::block::Block;

/// What a thread made of a piece of the log.
#[derive(Default)]
pub(super) struct Part {
    /// The first case; it may have begun before.
    pub(super) head: Option<Fragment>,
    /// The findings on the cases between.
    pub(super) batch: Batch,
    /// The last case, if it is another; it may go on after.
    pub(super) tail: Option<Fragment>,
}

impl Part {
    /// Takes the cases of a block that follows those so far.
    pub(super) fn add(&mut self, block: &Block, worker: &mut Worker) -> Result<(), OutOfOrder> {
        let Some(last) = block.cases.len().checked_sub(1) else {
            return Ok(());
        };
        self.go_on(Fragment::of(block, 0), worker)?;
        if last > 0 {
            self.end_tail(worker);
            self.check_inner(block, last, worker)?;
            self.tail = Some(Fragment::of(block, last));
        }
        Ok(())
    }

    /// Goes on with the case so far, or ends it and begins another.
    fn go_on(&mut self, fragment: Fragment, worker: &mut Worker) -> Result<(), OutOfOrder> {
        let Some(current) = self.tail.as_mut().or(self.head.as_mut()) else {
            self.head = Some(fragment);
            return Ok(());
        };
        match fragment.reference.cmp(&current.reference) {
            std::cmp::Ordering::Less => return Err(OutOfOrder),
            std::cmp::Ordering::Equal => current.append(&fragment),
            std::cmp::Ordering::Greater => {
                self.end_tail(worker);
                self.tail = Some(fragment);
            }
        }
        Ok(())
    }

    fn end_tail(&mut self, worker: &mut Worker) {
        if let Some(tail) = self.tail.take() {
            worker.check_fragment(&tail, &mut self.batch);
        }
    }

    /// Checks the cases of a block between its first and its last.
    fn check_inner(
        &mut self,
        block: &Block,
        last: usize,
        worker: &mut Worker,
    ) -> Result<(), OutOfOrder> {
        let mut before = case(block, 0).0;
        for place in 1..=last {
            let (reference, span) = case(block, place);
            if reference <= before {
                return Err(OutOfOrder);
            }
            before = reference;
            if place < last {
                worker.check(reference, block, span, &mut self.batch);
            }
        }
        Ok(())
    }
}
