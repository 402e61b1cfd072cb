//! Something happens at most so many times.

use super::Finding;
use super::activation::{count, others};
use super::timeline::Timeline;
use crate::standard::AtMost;
use crate::verdict::{Lapse, Outcome};

pub(super) fn judge(rule: &AtMost, timeline: &Timeline, counted: usize) -> Finding {
    let others = match others(timeline, &rule.counted, rule.within, counted) {
        Ok(others) => others,
        Err(doubt) => return Finding::of(Outcome::CannotTell(doubt)),
    };
    let (sure, possible, doubt) = count(&others);
    let (least, greatest, most) = (1 + sure, 1 + possible, rule.count as usize);
    Finding::of(match (least > most, greatest > most) {
        (true, _) => Outcome::Missed(Lapse::TooMany),
        (false, false) => Outcome::Met,
        (false, true) => Outcome::CannotTell(doubt),
    })
}
