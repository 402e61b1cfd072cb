//! What a corrected file changes in the timelines that are in.

use super::KeptEvent;

/// What is other than before, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// Events that are new.
    pub added: u64,
    /// Events that are gone.
    pub gone: u64,
    /// Cases with either.
    pub cases: u64,
}

impl Change {
    /// From the events of a case before to those now.
    pub fn of_case(before: &[KeptEvent], now: &[KeptEvent]) -> Self {
        let (mut before, mut now): (Vec<_>, Vec<_>) =
            (before.iter().collect(), now.iter().collect());
        before.sort();
        now.sort();
        let (mut old, mut new) = (before.iter().peekable(), now.iter().peekable());
        let (mut added, mut gone) = (0, 0);
        while let (Some(left), Some(right)) = (old.peek(), new.peek()) {
            let order = left.cmp(right);
            if order.is_le() {
                old.next();
                gone += u64::from(order.is_lt());
            }
            if order.is_ge() {
                new.next();
                added += u64::from(order.is_gt());
            }
        }
        added += new.count() as u64;
        gone += old.count() as u64;
        Change {
            added,
            gone,
            cases: u64::from(added + gone > 0),
        }
    }

    /// Counts another's.
    pub fn add(&mut self, other: Change) {
        self.added += other.added;
        self.gone += other.gone;
        self.cases += other.cases;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(codes: &[&str]) -> Vec<KeptEvent> {
        let event = |code: &&str| KeptEvent {
            activity: (*code).to_owned(),
            time: "2025-03-03".into(),
            recorded_at: None,
            values: std::collections::BTreeMap::new(),
        };
        codes.iter().map(event).collect()
    }

    #[test]
    fn events_are_counted_as_new_or_gone_however_often_and_in_whatever_order() {
        let change = |before: &[&str], now: &[&str]| {
            let change = Change::of_case(&events(before), &events(now));
            (change.added, change.gone, change.cases)
        };
        assert_eq!(change(&["A", "B"], &["B", "A"]), (0, 0, 0));
        assert_eq!(change(&["A", "B"], &["A", "C", "D"]), (2, 1, 1));
        assert_eq!(change(&["A", "A"], &["A"]), (0, 1, 1));
        assert_eq!(change(&[], &["A", "A"]), (2, 0, 1));
    }
}
