//! One piece of the log: its inner cases checked, its first and last kept because they may go on
//! before or after it.

use super::{Batch, Fragment, OutOfOrder, Worker, case};
use crate::block::Block;

/// How many events are checked at once, if there are so many: few enough to stay in the processor's
/// own memory.
const BATCH: usize = 1 << 12;

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

    /// Checks the cases of a block between its first and its last, some at a time.
    fn check_inner(
        &mut self,
        block: &Block,
        last: usize,
        worker: &mut Worker,
    ) -> Result<(), OutOfOrder> {
        let references = (0..=last).map(|place| case(block, place).0);
        if !references.is_sorted_by(|a, b| a < b) {
            return Err(OutOfOrder);
        }
        let mut begin = 1;
        while begin < last {
            let enough = case(block, begin).1.start + BATCH;
            let rest = &block.cases[begin..last];
            let count = rest.partition_point(|case| (case.events_end as usize) < enough) + 1;
            let end = last.min(begin + count);
            let cases = (begin..end).map(|place| case(block, place));
            worker.check(block, cases, &mut self.batch);
            begin = end;
        }
        Ok(())
    }
}
