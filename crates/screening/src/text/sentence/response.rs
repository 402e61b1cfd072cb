//! What must, or must not, follow something.

use super::{Read, Sentence};
use crate::standard::{
    Elapsed, Limit, Limits, NotWithin, Pattern, Response, Rule, Sharing, Trigger,
};
use crate::vocabulary::AttributeId;

/// What may be said after the limit.
struct Clauses {
    unless: Option<Pattern>,
    resets: Vec<(Pattern, Option<Limit>)>,
    pause: Option<(Pattern, Pattern)>,
    sharing: Sharing,
}

impl Sentence<'_> {
    /// `[when] a missing child returns, a return interview within 72 hours`,
    /// `[after] bail refused, no interview within 24 hours`
    pub(super) fn response(&mut self) -> Read<Rule> {
        let trigger = self.trigger()?;
        self.expect(",")?;
        if self.take("no") {
            return self.not_within(trigger);
        }
        let has_condition = |trigger: &Trigger| {
            let last = trigger.pattern.any_of.last();
            last.is_some_and(|event| !event.conditions.is_empty())
        };
        let expected = self.pattern().map_err(|mut fault| {
            if has_condition(&trigger) && fault.advice.is_none() {
                fault.advice = Some("values are joined by `or`; a comma ends them");
            }
            fault
        })?;
        let same = self.same()?;
        let place = self.start();
        let from_first = self.take("after the first of them and");
        if from_first && trigger.nth.is_none() {
            return Err(self.unsound(
                place,
                "`the first of them` needs a count: say `when the 2nd …`, or leave this out",
            ));
        }
        let or_at_once = !from_first && self.take("at once or");
        let limits = self.due()?;
        let clauses = self.clauses(&limits)?;
        Ok(Rule::Response(Response {
            from_first,
            or_at_once,
            gap: false,
            ..told(trigger, expected, same, limits, clauses)
        }))
    }

    /// `[no more than] 28 days from a referral or a review to the next review or closure`
    pub(super) fn gap(&mut self) -> Read<Rule> {
        let limits = self.limits()?;
        self.expect("from")?;
        let trigger = self.trigger()?;
        self.expect("to the next")?;
        let expected = self.pattern()?;
        let same = self.same()?;
        let clauses = self.clauses(&limits)?;
        Ok(Rule::Response(told(
            trigger, expected, same, limits, clauses,
        )))
    }

    /// `[after bail refused, no] interview within 24 hours`
    fn not_within(&mut self, trigger: Trigger) -> Read<Rule> {
        Ok(Rule::NotWithin(NotWithin {
            trigger,
            forbidden: self.pattern()?,
            same: self.same()?,
            limits: self.due()?,
        }))
    }

    /// `[measure from] a referral to the next sight of the child`
    pub(super) fn elapsed(&mut self) -> Read<Rule> {
        let trigger = self.trigger()?;
        self.expect("to the next")?;
        Ok(Rule::Elapsed(Elapsed {
            trigger,
            until: self.pattern()?,
            same: self.same()?,
        }))
    }

    fn clauses(&mut self, limits: &Limits) -> Read<Clauses> {
        let mut clauses = Clauses {
            unless: None,
            resets: Vec::new(),
            pause: None,
            sharing: Sharing::OneForAll,
        };
        let mut paused_at = 0;
        loop {
            let comma = self.take(",");
            let place = self.start();
            if self.take("unless") {
                let excuse = self.pattern()?;
                let _ = self.take("within that time") || self.take("in that time");
                self.once(place, clauses.unless.replace(excuse).is_some())?;
            } else if self.take("starting again at") {
                clauses.resets.push(self.reset()?);
            } else if self.take("not counting from") {
                let stops = self.pattern()?;
                self.expect("until")?;
                let goes_on = self.pattern()?;
                self.once(place, clauses.pause.replace((stops, goes_on)).is_some())?;
                paused_at = place;
            } else if self.take("each with its own") {
                self.once(place, clauses.sharing == Sharing::OneEach)?;
                clauses.sharing = Sharing::OneEach;
            } else if comma {
                return Err(self.lost());
            } else {
                break;
            }
        }
        let others = clauses.resets.iter().filter_map(|(_, limit)| *limit);
        let mut all = counted(limits).into_iter().chain(others);
        if clauses.pause.is_some() && all.any(|limit| !limit.unit.is_elapsed()) {
            return Err(self.unsound(
                paused_at,
                "only elapsed time can stand still: give every limit in minutes, hours or days, or leave `not counting` out",
            ));
        }
        Ok(clauses)
    }

    /// `[starting again at] a visit with 31 days`
    fn reset(&mut self) -> Read<(Pattern, Option<Limit>)> {
        let pattern = self.pattern()?;
        let limit = match self.take("with") {
            true => Some(self.limit()?),
            false => None,
        };
        Ok((pattern, limit))
    }

    fn once(&self, place: usize, said_before: bool) -> Read<()> {
        if said_before {
            return Err(self.unsound(place, "this is said twice; join both with `or`"));
        }
        Ok(())
    }
}

fn told(
    trigger: Trigger,
    expected: Pattern,
    same: Option<AttributeId>,
    limits: Limits,
    clauses: Clauses,
) -> Response {
    Response {
        trigger,
        expected,
        same,
        from_first: false,
        or_at_once: false,
        limits,
        unless: clauses.unless,
        resets: clauses.resets,
        pause: clauses.pause,
        sharing: clauses.sharing,
        gap: true,
    }
}

fn counted(limits: &Limits) -> Vec<Limit> {
    match limits {
        Limits::One(limit) => vec![*limit],
        Limits::ByValue { limits, .. } => limits.iter().map(|(_, limit)| *limit).collect(),
    }
}
