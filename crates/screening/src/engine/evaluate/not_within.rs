//! When something happens, something else does not happen within a time.

use super::super::plan::{LimitId, NotWithinForm, Rule};
use super::super::timeline::Hit;
use super::super::truth::by;
use super::activation::{all_plain, of_plain_trigger, of_trigger};
use super::deadline::Deadline;
use super::look::{Look, first};
use super::{Found, Judgement};
use crate::event::When;
use crate::verdict::{Doubt, Lapse, Outcome};

pub(super) fn judge(rule: &Rule, form: &NotWithinForm, look: &Look, to: &mut Found) {
    let plain = form.same.is_none() && all_plain(look, [form.trigger.pattern, form.forbidden]);
    let clock = Some(&form.clock);
    let mut next = 0;
    for (place, hit) in look.hits(form.trigger.pattern).iter().enumerate() {
        let activation = match plain {
            true => of_plain_trigger(rule, form.trigger, clock, look, place).0,
            false => of_trigger(rule, form.trigger, clock, look, place),
        };
        let truth = activation.truth;
        let due = activation
            .limit
            .and_then(|limit| deadline(look, *hit, limit));
        let finding = match (truth.doubt(), due) {
            _ if truth.is_no() => continue,
            (Some(doubt), _) => Judgement::cannot_tell(doubt),
            (None, None) => Judgement::cannot_tell(Doubt::NoCalendar),
            (None, Some(due)) if plain => {
                found(first_after(form, look, *hit, due, &mut next), due, look)
            }
            (None, Some(due)) => weigh(form, look, hit.place, due),
        };
        to.push(hit.place, finding);
    }
}

fn deadline(look: &Look, hit: Hit, limit: LimitId) -> Option<Deadline> {
    let When { earliest, latest } = look.when(hit.place);
    let early = look.deadline(earliest, limit).ok()?;
    let late = match latest == earliest {
        true => early,
        false => look.deadline(latest, limit).ok()?,
    };
    Some(Deadline::counted(When {
        earliest: early,
        latest: late,
    }))
}

fn found(forbidden: Option<u32>, due: Deadline, look: &Look) -> Judgement {
    let outcome = match forbidden {
        Some(_) => Outcome::Missed(Lapse::Forbidden),
        None if due.is_over(look) => Outcome::Met,
        None => Outcome::Pending,
    };
    Judgement {
        outcome,
        deciding: forbidden,
        due: due.shown(),
    }
}

fn first_after(
    form: &NotWithinForm,
    look: &Look,
    hit: Hit,
    due: Deadline,
    next: &mut usize,
) -> Option<u32> {
    let forbidden = look.hits(form.forbidden);
    let at = look.at(hit);
    while *next < forbidden.len() && look.at(forbidden[*next]) <= at {
        *next += 1;
    }
    let following = forbidden.get(*next)?;
    (look.at(*following) <= due.when.latest).then_some(following.place)
}

fn weigh(form: &NotWithinForm, look: &Look, event: u32, due: Deadline) -> Judgement {
    let forbidden = |hit: Hit| {
        hit.truth
            .and(look.before(event, hit.place))
            .and(look.timelines.same(form.same, event, hit.place))
            .and(by(look.when(hit.place), due.when))
    };
    let from = look.when(event).earliest;
    let window = look.between(look.hits(form.forbidden), from, due.when.latest);
    let (truth, deciding) = first(window, forbidden);
    match truth.doubt() {
        Some(doubt) if due.is_over(look) => Judgement {
            due: due.shown(),
            ..Judgement::cannot_tell(doubt)
        },
        Some(_) => Judgement {
            due: due.shown(),
            ..Judgement::of(Outcome::Pending)
        },
        None => found(deciding, due, look),
    }
}
