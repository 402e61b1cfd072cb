//! Something happens at most so many times.

use super::super::plan::{AtMostForm, Rule};
use super::activation::{Count, of};
use super::look::Look;
use super::{Found, Judgement};
use crate::verdict::{Doubt, Lapse, Outcome};

pub(super) fn judge(rule: &Rule, form: &AtMostForm, look: &Look, to: &mut Found) {
    let hits = look.hits(form.counted);
    let plain = look.is_plain(form.counted);
    for (place, hit) in hits.iter().enumerate() {
        let truth = of(rule, look, *hit);
        let finding = match truth.doubt() {
            _ if truth.is_no() => continue,
            Some(doubt) => Judgement::cannot_tell(doubt),
            None if plain => count_plain(form, look, place),
            None => count(form, look, place),
        };
        to.push(hit.place, finding);
    }
}

fn count(form: &AtMostForm, look: &Look, place: usize) -> Judgement {
    let hits = look.hits(form.counted);
    match Count::up_to(form.count, form.within, look, hits, place) {
        Err(doubt) => Judgement::cannot_tell(doubt),
        Ok(count) if count.sure >= form.count => Judgement::of(Outcome::Missed(Lapse::TooMany)),
        Ok(count) if count.possible < form.count => Judgement::of(Outcome::Met),
        Ok(count) => Judgement::cannot_tell(count.doubt),
    }
}

fn count_plain(form: &AtMostForm, look: &Look, place: usize) -> Judgement {
    let list = look.hits(form.counted);
    let begin = match form
        .within
        .map(|limit| look.back(look.at(list[place]), limit))
    {
        None => i64::MIN,
        Some(Ok(begin)) => begin,
        Some(Err(_)) => return Judgement::cannot_tell(Doubt::NoCalendar),
    };
    Judgement::of(match place.checked_sub(form.count as usize) {
        // With a count of none, every one is too many.
        Some(first) if form.count == 0 || look.at(list[first]) >= begin => {
            Outcome::Missed(Lapse::TooMany)
        }
        _ => Outcome::Met,
    })
}
