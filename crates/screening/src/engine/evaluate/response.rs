//! When something happens, something else within a time.

mod claim;

use super::super::plan::{ResponseForm, Rule};
use super::super::timeline::Hit;
use super::activation::{all_plain, of_plain_trigger};
use super::deadline::{Deadline, Scratch};
use super::look::Look;
use super::{Found, Judgement};
use crate::event::When;
use crate::verdict::{Lapse, Outcome};

pub(super) fn judge(
    rule: &Rule,
    form: &ResponseForm,
    look: &Look,
    scratch: &mut Scratch,
    to: &mut Found,
) {
    if !is_plain(form, look) {
        return claim::judge(rule, form, look, scratch, to);
    }
    if form.one_each {
        let so_far = to.verdicts.len();
        if judge_each(rule, form, look, to).is_none() {
            to.verdicts.truncate(so_far);
            claim::judge(rule, form, look, scratch, to);
        }
    } else {
        judge_plain(rule, form, look, to);
    }
}

fn is_plain(form: &ResponseForm, look: &Look) -> bool {
    form.same.is_none()
        && form
            .resets
            .iter()
            .all(|(again, _)| look.hits(*again).is_empty())
        && form
            .pause
            .is_none_or(|(stop, _)| look.hits(stop).is_empty())
        && all_plain(look, [form.trigger.pattern, form.expected])
        && form.unless.is_none_or(|unless| look.is_plain(unless))
}

/// One finger on the answers, one on the excuses.
fn judge_plain(rule: &Rule, form: &ResponseForm, look: &Look, to: &mut Found) {
    let expected = look.hits(form.expected);
    let excuses = look.maybe_hits(form.unless);
    let (mut answer, mut excuse) = (0, 0);
    for (place, hit) in look.hits(form.trigger.pattern).iter().enumerate() {
        let (activation, first) =
            of_plain_trigger(rule, form.trigger, Some(&form.clock), look, place);
        let due = activation
            .limit
            .map(|limit| look.deadline(look.at(*hit), limit));
        let finding = match (activation.truth.doubt(), due) {
            _ if activation.truth.is_no() => continue,
            (Some(doubt), _) => Judgement::cannot_tell(doubt),
            (None, Some(Ok(due))) => {
                let begin = if form.from_first {
                    first
                } else {
                    look.at(*hit)
                };
                let after = |at: i64| at > begin || (form.or_at_once && at == begin);
                let next = next_after(expected, look, &mut answer, hit.place, after);
                let unless = next_after(excuses, look, &mut excuse, hit.place, after);
                decide(look, due, next, unless)
            }
            (None, _) => Judgement::cannot_tell(crate::verdict::Doubt::NoCalendar),
        };
        to.push(hit.place, finding);
    }
}

/// The first of a list that comes after the beginning of a window and is not the event itself.
fn next_after(
    list: &[Hit],
    look: &Look,
    finger: &mut usize,
    event: u32,
    after: impl Fn(i64) -> bool,
) -> Option<Hit> {
    while *finger < list.len() && !after(look.at(list[*finger])) {
        *finger += 1;
    }
    list[*finger..]
        .iter()
        .copied()
        .find(|hit| hit.place != event)
}

/// What follows from the first answer and the first excuse after the beginning of the window.
fn decide(look: &Look, due: i64, answer: Option<Hit>, excuse: Option<Hit>) -> Judgement {
    let in_window = |hit: &Hit| look.at(*hit) <= due;
    let excuse = excuse.filter(in_window);
    let first_is_excuse = match (answer, excuse) {
        (Some(answer), Some(excuse)) => look.at(excuse) < look.at(answer),
        (None, Some(_)) => true,
        (_, None) => false,
    };
    let over = due < look.plan.as_of;
    let (outcome, deciding) = match answer {
        _ if first_is_excuse => (Outcome::Excused, excuse),
        Some(hit) if in_window(&hit) => (Outcome::Met, answer),
        _ if !over => (Outcome::Pending, None),
        Some(_) => (Outcome::Missed(Lapse::Late), answer),
        None => (Outcome::Missed(Lapse::Never), None),
    };
    Judgement {
        outcome,
        deciding: deciding.map(|hit| hit.place),
        due: Deadline::counted(When::at(due)).shown(),
    }
}

/// As [`judge_plain`] where each trigger needs an answer of its own; nothing where an activation is
/// unsure, for then so is what it takes.
fn judge_each(rule: &Rule, form: &ResponseForm, look: &Look, to: &mut Found) -> Option<()> {
    let expected = look.hits(form.expected);
    let excuses = look.maybe_hits(form.unless);
    let (mut answer, mut excuse) = (0, 0);
    let mut taken = vec![false; expected.len()];
    for (place, hit) in look.hits(form.trigger.pattern).iter().enumerate() {
        let (activation, first) =
            of_plain_trigger(rule, form.trigger, Some(&form.clock), look, place);
        if activation.truth.is_no() {
            continue;
        }
        let limit = activation.limit.filter(|_| activation.truth.is_sure())?;
        let due = look.deadline(look.at(*hit), limit).ok()?;
        let begin = if form.from_first {
            first
        } else {
            look.at(*hit)
        };
        let after = |at: i64| at > begin || (form.or_at_once && at == begin);
        while answer < expected.len() && (taken[answer] || !after(look.at(expected[answer]))) {
            answer += 1;
        }
        let free = |place: &usize| !taken[*place] && expected[*place].place != hit.place;
        let next = (answer..expected.len()).find(free);
        let unless = next_after(excuses, look, &mut excuse, hit.place, after);
        let finding = decide(look, due, next.map(|next| expected[next]), unless);
        if let (Outcome::Met, Some(next)) = (finding.outcome, next) {
            taken[next] = true;
        }
        to.push(hit.place, finding);
    }
    Some(())
}
