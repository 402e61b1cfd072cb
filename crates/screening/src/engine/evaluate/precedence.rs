//! Nothing happens without something else in the time before.

use super::super::plan::{PrecedenceForm, Rule};
use super::super::timeline::Hit;
use super::super::truth::{Truth, before};
use super::activation::{all_plain, of};
use super::look::{Look, first};
use super::{Found, Judgement};
use crate::event::When;
use crate::verdict::{Doubt, Lapse, Outcome};

pub(super) fn judge(rule: &Rule, form: &PrecedenceForm, look: &Look, to: &mut Found) {
    let plain = form.same.is_none() && all_plain(look, [form.activation, form.required]);
    let mut next = 0;
    for hit in look.hits(form.activation) {
        let truth = of(rule, look, *hit);
        let finding = match truth.doubt() {
            _ if truth.is_no() => continue,
            Some(doubt) => Judgement::cannot_tell(doubt),
            None if plain => judge_plain(form, look, look.at(*hit), &mut next),
            None => weigh(form, look, hit.place),
        };
        to.push(hit.place, finding);
    }
}

/// The finding of a truth, with the event that makes it sure.
pub(super) fn found(truth: Truth, deciding: Option<u32>) -> Judgement {
    let outcome = match truth.doubt() {
        Some(doubt) => Outcome::CannotTell(doubt),
        None if truth.is_sure() => Outcome::Met,
        None => Outcome::Missed(Lapse::Never),
    };
    Judgement {
        deciding,
        ..Judgement::of(outcome)
    }
}

/// `next` is the first required event that does not come before the activation.
fn judge_plain(form: &PrecedenceForm, look: &Look, at: i64, next: &mut usize) -> Judgement {
    let begin = match form.within.map(|limit| look.back(at, limit)) {
        None => i64::MIN,
        Some(Ok(begin)) => begin,
        Some(Err(_)) => return Judgement::cannot_tell(Doubt::NoCalendar),
    };
    let required = look.hits(form.required);
    while *next < required.len() && look.at(required[*next]) < at {
        *next += 1;
    }
    let last = next.checked_sub(1).map(|last| required[last]);
    let deciding = last.filter(|hit| look.at(*hit) >= begin);
    found(Truth::of(deciding.is_some()), deciding.map(|hit| hit.place))
}

fn weigh(form: &PrecedenceForm, look: &Look, activation: u32) -> Judgement {
    let when = look.when(activation);
    let begin = match form.within.map(|limit| look.back_from(when, limit)) {
        None => When::at(i64::MIN),
        Some(Ok(begin)) => begin,
        Some(Err(_)) => return Judgement::cannot_tell(Doubt::NoCalendar),
    };
    let meets = |hit: Hit| {
        hit.truth
            .and(look.timelines.same(form.same, activation, hit.place))
            .and(look.before(hit.place, activation))
            .and(before(look.when(hit.place), begin).not())
    };
    let required = look.between(look.hits(form.required), begin.earliest, when.latest);
    let (truth, deciding) = first(required.rev(), meets);
    found(truth, deciding)
}
