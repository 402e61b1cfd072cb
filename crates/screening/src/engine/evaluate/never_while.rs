//! Something never happens while something stands open.

use super::super::plan::{NeverWhileForm, Rule};
use super::super::timeline::Hit;
use super::activation::{all_plain, of};
use super::look::{Look, any, first};
use super::{Found, Judgement};
use crate::verdict::{Lapse, Outcome};

pub(super) fn judge(rule: &Rule, form: &NeverWhileForm, look: &Look, to: &mut Found) {
    let mut open = Open::default();
    let plain = is_plain(form, look);
    for hit in look.hits(form.forbidden) {
        let truth = of(rule, look, *hit);
        let finding = match truth.doubt() {
            _ if truth.is_no() => continue,
            Some(doubt) => Judgement::cannot_tell(doubt),
            None if plain => found(open.first_at(form, look, look.at(*hit))),
            None => weigh(form, look, hit.place),
        };
        to.push(hit.place, finding);
    }
}

fn is_plain(form: &NeverWhileForm, look: &Look) -> bool {
    let keyed = |hit: &Hit| {
        form.same
            .is_none_or(|key| look.timelines.hash(key, hit.place) != 0)
    };
    all_plain(look, [form.forbidden, form.opened, form.closed])
        && look.hits(form.opened).iter().all(keyed)
        && look.hits(form.closed).iter().all(keyed)
}

fn found(stands_open: Option<u32>) -> Judgement {
    match stands_open {
        None => Judgement::of(Outcome::Met),
        open => Judgement {
            deciding: open,
            ..Judgement::of(Outcome::Missed(Lapse::Unmatched))
        },
    }
}

/// The first opening that may still be open, and when it closes. One that closed before an event
/// has closed before all later ones.
#[derive(Default)]
struct Open {
    opening: usize,
    closed_at: Option<i64>,
}

impl Open {
    fn first_at(&mut self, form: &NeverWhileForm, look: &Look, at: i64) -> Option<u32> {
        let opened = look.hits(form.opened);
        while let Some(opening) = opened.get(self.opening) {
            if look.at(*opening) >= at {
                return None;
            }
            let closed_at = *self
                .closed_at
                .get_or_insert_with(|| closing_of(form, look, *opening));
            if closed_at >= at {
                return Some(opening.place);
            }
            self.opening += 1;
            self.closed_at = None;
        }
        None
    }
}

/// When an opening is closed, [`i64::MAX`] if never.
fn closing_of(form: &NeverWhileForm, look: &Look, opening: Hit) -> i64 {
    let closed = look.hits(form.closed);
    let at = look.at(opening);
    let after = closed.partition_point(|hit| look.at(*hit) <= at);
    let same = |hit: &&Hit| {
        (look.timelines)
            .same(form.same, opening.place, hit.place)
            .is_sure()
    };
    let closing = closed[after..].iter().find(same);
    closing.map_or(i64::MAX, |hit| look.at(*hit))
}

fn weigh(form: &NeverWhileForm, look: &Look, forbidden: u32) -> Judgement {
    let end = look.when(forbidden).latest;
    let closed = look.hits(form.closed);
    let closes = |opening: Hit| {
        let from = look.when(opening.place).earliest;
        any(look.between(closed, from, end), |closing| {
            closing
                .truth
                .and((look.timelines).same(form.same, opening.place, closing.place))
                .and(look.before(opening.place, closing.place))
                .and(look.before(closing.place, forbidden))
        })
    };
    let stands_open = |opening: Hit| {
        let opened = opening.truth.and(look.before(opening.place, forbidden));
        if opened.is_no() {
            return opened;
        }
        opened.and(closes(opening).not())
    };
    let opened = look.between(look.hits(form.opened), i64::MIN, end);
    let (truth, opening) = first(opened, stands_open);
    match truth.doubt() {
        Some(doubt) => Judgement::cannot_tell(doubt),
        None => found(opening),
    }
}
