//! Where something is unsure, or clocks start again and stop: each activation claims its answers,
//! in three-valued logic.

use super::super::super::plan::{ResponseForm, Rule};
use super::super::super::timeline::Hit;
use super::super::super::truth::{Truth, before, by};
use super::super::activation::{first_of_count, of_trigger};
use super::super::deadline::{Deadline, Scratch};
use super::super::look::{Look, any, first};
use super::super::{Found, Judgement};
use crate::event::When;
use crate::verdict::{Doubt, Lapse, Outcome};

pub(super) fn judge(
    rule: &Rule,
    form: &ResponseForm,
    look: &Look,
    scratch: &mut Scratch,
    to: &mut Found,
) {
    scratch.prepare(form, look);
    let triggers = look.hits(form.trigger.pattern).len();
    let claims = (0..triggers).filter_map(|place| Claim::of(rule, form, look, scratch, place));
    if form.one_each {
        let claims: Vec<Claim> = claims.collect();
        judge_each(&claims, to);
    } else {
        for claim in claims {
            to.push(claim.event, claim.judge(|_| Truth::SURE));
        }
    }
}

/// Activations have their turns in order; what one surely takes is not free for the later ones.
fn judge_each(claims: &[Claim], to: &mut Found) {
    let mut taken: Vec<Option<u32>> = vec![None; claims.len()];
    for (place, claim) in claims.iter().enumerate() {
        let free = |answer: Hit| is_free(claims, &taken, place, answer);
        let (finding, takes) = (claim.judge(free), claim.takes(free));
        to.push(claim.event, finding);
        taken[place] = takes;
    }
}

/// Whether an answer is not taken by another claim when this one has its turn.
fn is_free(claims: &[Claim], taken: &[Option<u32>], place: usize, answer: Hit) -> Truth {
    let me = &claims[place];
    let mut unsure = Truth::SURE;
    for (other, rival) in claims.iter().enumerate() {
        match taken[other] {
            Some(takes) if takes == answer.place => return Truth::NO,
            Some(_) => {}
            None if other == place || place < other && me.comes_before(rival) => {}
            None if rival.answered_by(answer).is_no() => {}
            None => unsure = Truth::unsure(Doubt::OrderWithinDay),
        }
    }
    unsure
}

/// An activation that wants an answer.
struct Claim<'a> {
    form: &'a ResponseForm,
    look: &'a Look<'a>,
    event: u32,
    truth: Truth,
    due: Deadline,
    begin: When,
}

impl<'a> Claim<'a> {
    /// The claim of the event at a place of the trigger's list, if the standard applies to it.
    fn of(
        rule: &Rule,
        form: &'a ResponseForm,
        look: &'a Look<'a>,
        scratch: &mut Scratch,
        place: usize,
    ) -> Option<Self> {
        let activation = of_trigger(rule, form.trigger, Some(&form.clock), look, place);
        if activation.truth.is_no() {
            return None;
        }
        let event = look.hits(form.trigger.pattern)[place].place;
        let when = look.when(event);
        let sure = activation.truth.is_sure();
        let limit = activation.limit.filter(|_| sure);
        let due = limit.and_then(|limit| scratch.deadline(form, look, event, limit));
        let truth = match due {
            None if sure => Truth::unsure(Doubt::NoCalendar),
            _ => activation.truth,
        };
        let begin = match (form.from_first, sure) {
            (false, _) => when,
            (true, true) => first_of_count(form.trigger, look, place),
            (true, false) => When {
                earliest: i64::MIN,
                ..when
            },
        };
        Some(Self {
            form,
            look,
            event,
            truth,
            due: due.unwrap_or(unknown(when)),
            begin,
        })
    }

    fn judge(&self, free: impl Fn(Hit) -> Truth) -> Judgement {
        if let Some(doubt) = self.truth.doubt() {
            return Judgement::cannot_tell(doubt);
        }
        let (met, answer) = first(self.answers(), |hit| self.answered_by(hit).and(free(hit)));
        if met.is_sure() {
            return self.found(Outcome::Met, answer);
        }
        let (excused, excuse) = first(self.excuses(), |hit| self.excused_by(hit, &free));
        if excused.is_sure() {
            return self.found(Outcome::Excused, excuse);
        }
        if !self.due.counted {
            return self.found(Outcome::CannotTell(Doubt::NoCalendar), None);
        }
        if !self.due.is_over(self.look) {
            return self.found(Outcome::Pending, None);
        }
        if let Some(doubt) = met.or(excused).doubt() {
            return self.found(Outcome::CannotTell(doubt), None);
        }
        match self.first_late(&free) {
            None => self.found(Outcome::Missed(Lapse::Never), None),
            late => self.found(Outcome::Missed(Lapse::Late), late),
        }
    }

    fn found(&self, outcome: Outcome, deciding: Option<u32>) -> Judgement {
        Judgement {
            outcome,
            deciding,
            due: self.due.shown(),
        }
    }

    /// Expected events that may lie in the window.
    fn answers(&self) -> impl DoubleEndedIterator<Item = Hit> + use<'a> {
        let expected = self.look.hits(self.form.expected);
        (self.look).between(expected, self.begin.earliest, self.due.when.latest)
    }

    /// Excuses that may lie in the window.
    fn excuses(&self) -> impl Iterator<Item = Hit> + use<'a> {
        let (look, begin, due) = (self.look, self.begin, self.due);
        let unless = self.form.unless.map(|unless| look.hits(unless));
        (unless.into_iter())
            .flat_map(move |hits| look.between(hits, begin.earliest, due.when.latest))
    }

    /// An expected event in the window, and no excuse in the window before it.
    fn answered_by(&self, answer: Hit) -> Truth {
        let truth = self.holds(answer);
        if truth.is_no() {
            return truth;
        }
        let excused_before = |excuse: Hit| {
            self.holds(excuse)
                .and(self.look.before(excuse.place, answer.place))
        };
        truth.and(any(self.excuses(), excused_before).not())
    }

    /// An excuse in the window, and no expected event in the window at or before it.
    fn excused_by(&self, excuse: Hit, free: impl Fn(Hit) -> Truth) -> Truth {
        let truth = self.holds(excuse);
        if truth.is_no() {
            return truth;
        }
        let answered = |answer: Hit| {
            let truth = self
                .holds(answer)
                .and(self.look.before(excuse.place, answer.place).not());
            if truth.is_no() {
                return truth;
            }
            truth.and(free(answer))
        };
        truth.and(any(self.answers(), answered).not())
    }

    /// Whether an event lies in the window and has the key in common.
    fn holds(&self, hit: Hit) -> Truth {
        if hit.place == self.event {
            return Truth::NO;
        }
        let when = self.look.when(hit.place);
        let begins = if self.form.or_at_once {
            before(when, self.begin).not()
        } else {
            before(self.begin, when)
        };
        hit.truth
            .and(begins)
            .and((self.look.timelines).same(self.form.same, self.event, hit.place))
            .and(by(when, self.due.when))
    }

    fn first_late(&self, free: impl Fn(Hit) -> Truth) -> Option<u32> {
        let due = self.due.when.latest;
        let expected = self.look.hits(self.form.expected);
        let late = |hit: Hit| {
            hit.truth
                .and((self.look.timelines).same(self.form.same, self.event, hit.place))
                .and(Truth::of(due < self.look.when(hit.place).earliest))
                .and(free(hit))
        };
        first(self.look.between(expected, due, i64::MAX), late).1
    }

    /// The answer that it surely takes: the first, if that is surely one, surely free, and surely
    /// first.
    fn takes(&self, free: impl Fn(Hit) -> Truth) -> Option<u32> {
        let meets = |hit: Hit| {
            let truth = self.answered_by(hit);
            if truth.is_no() {
                truth
            } else {
                truth.and(free(hit))
            }
        };
        if !self.truth.is_sure() {
            return None;
        }
        let mut answers = self.answers().filter(|hit| !meets(*hit).is_no());
        let first = answers.next()?;
        let is_first = answers.all(|hit| self.look.comes_first(first.place, hit.place));
        (meets(first).is_sure() && is_first).then_some(first.place)
    }

    /// Whether its turn surely comes before that of one that is later in order.
    fn comes_before(&self, later: &Claim) -> bool {
        self.look.comes_first(self.event, later.event)
    }
}

/// A deadline of which nothing is known but that it is not before the event.
fn unknown(when: When) -> Deadline {
    Deadline {
        when: When {
            earliest: when.earliest,
            latest: i64::MAX,
        },
        counted: false,
    }
}
