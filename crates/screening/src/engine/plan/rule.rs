//! Rules, compiled: patterns, limits and attributes by their places.

use super::{LimitId, PatternId};

/// A standard's rule.
#[derive(Debug)]
pub(in crate::engine) struct Rule {
    /// The standard's place in the library.
    pub(in crate::engine) standard: u16,
    /// The instants between which activations count.
    pub(in crate::engine) in_force: (i64, i64),
    /// Every pattern it speaks of.
    pub(in crate::engine) patterns: Vec<PatternId>,
    /// What it says.
    pub(in crate::engine) form: Form,
}

/// What a rule says; see [`crate::standard::Rule`].
#[derive(Debug)]
pub(in crate::engine) enum Form {
    Response(ResponseForm),
    Precedence(PrecedenceForm),
    Since(SinceForm),
    NeverWhile(NeverWhileForm),
    AtMost(AtMostForm),
    NotWithin(NotWithinForm),
    Elapsed(ElapsedForm),
}

/// What activates a rule.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct TriggerForm {
    pub(in crate::engine) pattern: PatternId,
    pub(in crate::engine) nth: Option<NthForm>,
}

/// Which of the events activates it.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct NthForm {
    pub(in crate::engine) count: u32,
    pub(in crate::engine) within: Option<LimitId>,
}

/// By when.
#[derive(Debug)]
pub(in crate::engine) enum Clock {
    One(LimitId),
    /// For each class of an attribute of the trigger its limit, if it has one.
    ByClass {
        attribute: usize,
        limits: Box<[Option<LimitId>]>,
    },
}

#[derive(Debug)]
pub(in crate::engine) struct ResponseForm {
    pub(in crate::engine) trigger: TriggerForm,
    pub(in crate::engine) expected: PatternId,
    pub(in crate::engine) same: Option<usize>,
    pub(in crate::engine) from_first: bool,
    pub(in crate::engine) or_at_once: bool,
    pub(in crate::engine) clock: Clock,
    pub(in crate::engine) unless: Option<PatternId>,
    pub(in crate::engine) resets: Vec<(PatternId, Option<LimitId>)>,
    pub(in crate::engine) pause: Option<(PatternId, PatternId)>,
    pub(in crate::engine) one_each: bool,
}

#[derive(Debug)]
pub(in crate::engine) struct PrecedenceForm {
    pub(in crate::engine) activation: PatternId,
    pub(in crate::engine) required: PatternId,
    pub(in crate::engine) same: Option<usize>,
    pub(in crate::engine) within: Option<LimitId>,
}

#[derive(Debug)]
pub(in crate::engine) struct SinceForm {
    pub(in crate::engine) activation: PatternId,
    pub(in crate::engine) required: PatternId,
    pub(in crate::engine) boundary: PatternId,
    pub(in crate::engine) same: Option<usize>,
}

#[derive(Debug)]
pub(in crate::engine) struct NeverWhileForm {
    pub(in crate::engine) forbidden: PatternId,
    pub(in crate::engine) opened: PatternId,
    pub(in crate::engine) closed: PatternId,
    pub(in crate::engine) same: Option<usize>,
}

#[derive(Debug)]
pub(in crate::engine) struct AtMostForm {
    pub(in crate::engine) count: u32,
    pub(in crate::engine) counted: PatternId,
    pub(in crate::engine) within: Option<LimitId>,
}

#[derive(Debug)]
pub(in crate::engine) struct NotWithinForm {
    pub(in crate::engine) trigger: TriggerForm,
    pub(in crate::engine) forbidden: PatternId,
    pub(in crate::engine) same: Option<usize>,
    pub(in crate::engine) clock: Clock,
}

#[derive(Debug)]
pub(in crate::engine) struct ElapsedForm {
    pub(in crate::engine) trigger: TriggerForm,
    pub(in crate::engine) until: PatternId,
    pub(in crate::engine) same: Option<usize>,
}

impl Form {
    /// What activates it.
    pub(in crate::engine) fn activation(&self) -> PatternId {
        match self {
            Form::Response(form) => form.trigger.pattern,
            Form::Precedence(form) => form.activation,
            Form::Since(form) => form.activation,
            Form::NeverWhile(form) => form.forbidden,
            Form::AtMost(form) => form.counted,
            Form::NotWithin(form) => form.trigger.pattern,
            Form::Elapsed(form) => form.trigger.pattern,
        }
    }

    /// How many events of what activates it there are at least where it applies.
    pub(in crate::engine) fn least(&self) -> usize {
        let trigger = match self {
            Form::Response(form) => form.trigger,
            Form::NotWithin(form) => form.trigger,
            Form::Elapsed(form) => form.trigger,
            _ => return 1,
        };
        trigger.nth.map_or(1, |nth| nth.count.max(1) as usize)
    }

    /// Every pattern it speaks of.
    pub(in crate::engine) fn patterns(&self) -> Vec<PatternId> {
        let mut patterns = vec![self.activation()];
        match self {
            Form::Response(form) => {
                patterns.push(form.expected);
                patterns.extend(form.unless);
                patterns.extend(form.resets.iter().map(|(pattern, _)| *pattern));
                patterns.extend(form.pause.iter().flat_map(|(stop, go)| [*stop, *go]));
            }
            Form::Precedence(form) => patterns.push(form.required),
            Form::Since(form) => patterns.extend([form.required, form.boundary]),
            Form::NeverWhile(form) => patterns.extend([form.opened, form.closed]),
            Form::AtMost(_) => {}
            Form::NotWithin(form) => patterns.push(form.forbidden),
            Form::Elapsed(form) => patterns.push(form.until),
        }
        patterns
    }
}
