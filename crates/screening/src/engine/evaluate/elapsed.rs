//! How long it takes from one thing to another.

use super::super::plan::{ElapsedForm, Rule};
use super::super::timeline::Hit;
use super::super::truth::{Truth, before};
use super::activation::{all_plain, of_plain_trigger, of_trigger};
use super::look::{Look, any};
use super::{Found, Judgement};
use crate::verdict::Outcome;

pub(super) fn judge(rule: &Rule, form: &ElapsedForm, look: &Look, to: &mut Found) {
    if form.same.is_none() && all_plain(look, [form.trigger.pattern, form.until]) {
        judge_plain(rule, form, look, to);
    } else {
        judge_unsure(rule, form, look, to);
    }
}

fn judge_plain(rule: &Rule, form: &ElapsedForm, look: &Look, to: &mut Found) {
    let until = &look.hits(form.until).list;
    let mut next = 0;
    for (place, hit) in look.hits(form.trigger.pattern).list.iter().enumerate() {
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
    for (place, hit) in look.hits(form.trigger.pattern).list.iter().enumerate() {
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
            .and(look.timeline.same(form.same, trigger, hit.place))
            .and(look.before(trigger, hit.place))
    };
    let from = look.when(trigger).earliest;
    let after = || look.between(until, from, i64::MAX);
    let Some(first) = after().find(|hit| follows(*hit).is_sure()) else {
        return match any(after(), follows).doubt() {
            Some(doubt) => Judgement::cannot_tell(doubt),
            None => Judgement::of(Outcome::Pending),
        };
    };
    let end = look.when(first.place);
    let may_end_it = |hit: Hit| match follows(hit) {
        Truth::SURE => Truth::NO,
        other => other.and(before(end, look.when(hit.place)).not()),
    };
    match any(look.between(until, from, end.latest), may_end_it).doubt() {
        Some(doubt) => Judgement::cannot_tell(doubt),
        None => met(first),
    }
}
