//! Nothing happens without something else since the last of something.

use super::super::plan::{Rule, SinceForm};
use super::super::timeline::Hit;
use super::super::truth::Truth;
use super::activation::{all_plain, of};
use super::look::{Look, any, first};
use super::precedence::found;
use super::{Found, Judgement};

pub(super) fn judge(rule: &Rule, form: &SinceForm, look: &Look, to: &mut Found) {
    let patterns = [form.activation, form.required, form.boundary];
    let plain = form.same.is_none() && all_plain(look, patterns);
    let mut fingers = Fingers::default();
    for hit in look.hits(form.activation) {
        let truth = of(rule, look, *hit);
        let finding = match truth.doubt() {
            _ if truth.is_no() => continue,
            Some(doubt) => Judgement::cannot_tell(doubt),
            None if plain => fingers.judge(form, look, look.at(*hit)),
            None => weigh(form, look, hit.place),
        };
        to.push(hit.place, finding);
    }
}

/// How many required and boundary events come before the activation.
#[derive(Default)]
struct Fingers {
    required: usize,
    boundary: usize,
}

impl Fingers {
    fn judge(&mut self, form: &SinceForm, look: &Look, at: i64) -> Judgement {
        let required = last_before(look.hits(form.required), look, at, &mut self.required);
        let boundary = last_before(look.hits(form.boundary), look, at, &mut self.boundary);
        let since = |hit: &Hit| boundary.is_none_or(|last| look.at(last) < look.at(*hit));
        let deciding = required.filter(since);
        found(Truth::of(deciding.is_some()), deciding.map(|hit| hit.place))
    }
}

fn last_before(list: &[Hit], look: &Look, at: i64, next: &mut usize) -> Option<Hit> {
    while *next < list.len() && look.at(list[*next]) < at {
        *next += 1;
    }
    next.checked_sub(1).map(|last| list[last])
}

fn weigh(form: &SinceForm, look: &Look, activation: u32) -> Judgement {
    let end = look.when(activation).latest;
    let (required, boundary) = (look.hits(form.required), look.hits(form.boundary));
    let counts = |hit: Hit| {
        hit.truth
            .and(look.timelines.same(form.same, activation, hit.place))
            .and(look.before(hit.place, activation))
    };
    let meets = |hit: Hit| {
        let truth = counts(hit);
        if truth.is_no() {
            return truth;
        }
        let from = look.when(hit.place).earliest;
        let needed_anew = |last: Hit| counts(last).and(look.before(last.place, hit.place).not());
        truth.and(any(look.between(boundary, from, end), needed_anew).not())
    };
    // What is surely followed by a boundary cannot meet it.
    let last = look
        .between(boundary, i64::MIN, end)
        .rev()
        .find(|hit| counts(*hit).is_sure());
    let from = last.map_or(i64::MIN, |hit| look.when(hit.place).earliest);
    let (truth, deciding) = first(look.between(required, from, end).rev(), meets);
    found(truth, deciding)
}
