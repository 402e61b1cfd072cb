//! How long it takes from one thing to another.

use super::super::plan::{ElapsedForm, Rule};
use super::super::timeline::Hit;
use super::super::truth::before;
use super::activation::{all_plain, of_plain_trigger, of_trigger};
use super::look::Look;
use super::{Found, Judgement};
use crate::event::When;
use crate::verdict::Outcome;

pub(super) fn judge(rule: &Rule, form: &ElapsedForm, look: &Look, to: &mut Found) {
    if form.same.is_none() && all_plain(look, [form.trigger.pattern, form.until]) {
        judge_plain(rule, form, look, to);
    } else {
        judge_unsure(rule, form, look, to);
    }
}

fn judge_plain(rule: &Rule, form: &ElapsedForm, look: &Look, to: &mut Found) {
    let until = look.hits(form.until);
    let mut next = 0;
    for (place, hit) in look.hits(form.trigger.pattern).iter().enumerate() {
        let (activation, _) = of_plain_trigger(rule, form.trigger, None, look, place);
        let at = look.at(*hit);
        while next < until.len() && look.at(until[next]) <= at {
            next += 1;
        }
        let finding = match activation.truth.doubt() {
            _ if activation.truth.is_no() => continue,
            Some(doubt) => Judgement::cannot_tell(doubt),
            None => match until.get(next) {
                Some(end) => met(*end),
                None => Judgement::of(Outcome::Pending),
            },
        };
        to.push(hit.place, finding);
    }
}

fn met(end: Hit) -> Judgement {
    Judgement {
        deciding: Some(end.place),
        ..Judgement::of(Outcome::Met)
    }
}

fn judge_unsure(rule: &Rule, form: &ElapsedForm, look: &Look, to: &mut Found) {
    for (place, hit) in look.hits(form.trigger.pattern).iter().enumerate() {
        let activation = of_trigger(rule, form.trigger, None, look, place);
        let finding = match activation.truth.doubt() {
            _ if activation.truth.is_no() => continue,
            Some(doubt) => Judgement::cannot_tell(doubt),
            None => measure(form, look, hit.place),
        };
        to.push(hit.place, finding);
    }
}

fn measure(form: &ElapsedForm, look: &Look, trigger: u32) -> Judgement {
    let until = look.hits(form.until);
    let follows = |hit: Hit| {
        hit.truth
            .and(look.timelines.same(form.same, trigger, hit.place))
            .and(look.before(trigger, hit.place))
    };
    let from = look.when(trigger).earliest;
    let first = (look.between(until, from, i64::MAX)).find(|hit| follows(*hit).is_sure());
    let end = first.map_or(When::ANY, |hit| look.when(hit.place));
    let is_later = |hit: &Hit| before(end, look.when(hit.place)).is_sure();
    let unsure = (look.between(until, from, end.latest))
        .filter(|hit| !is_later(hit))
        .find_map(|hit| follows(hit).doubt());
    match (unsure, first) {
        (Some(doubt), _) => Judgement::cannot_tell(doubt),
        (None, Some(first)) => met(first),
        (None, None) => Judgement::of(Outcome::Pending),
    }
}
