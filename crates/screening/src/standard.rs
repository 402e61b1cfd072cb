//! What a handling standard says, as data. Text becomes this, and the checkers run on it.
//!
//! # What each form means
//!
//! A timeline is a set of events of one key: a case, or a child across cases. An event `e` took
//! place at one instant in `[e.earliest, e.latest]`: the same instant where the time is recorded,
//! a whole day in the library's zone where only the day is, and anywhere at all where its time is
//! faulty. So statements about time have three values, **sure**, **unsure** and **no**:
//!
//! - `before(a, b)` is sure where `a.latest < b.earliest`, no where `a.earliest >= b.latest`, and
//!   else unsure. Two events at the same recorded instant are not before each other, and no event
//!   is before itself or answers itself, however wide its time. `after(a, b)` is `before(a, b)` read
//!   from the other end: `b` comes after `a`.
//! - `by(e, D)`, for a deadline in `[D.earliest, D.latest]`, is sure where `e.latest <= D.earliest`,
//!   no where `e.earliest > D.latest`, and else unsure.
//! - `matches(e, P)` is sure, no, or unsure where a value that the pattern asks for is missing.
//!   An event of an activity that the vocabulary does not know matches every pattern that is awaited
//!   (expected, required, closing, ending a measure) unsurely, and no other; one whose time is faulty
//!   has the times (-∞, ∞). `same(a, b)` is unsure where either lacks the key.
//! - *and* is the least of its parts, *or* the greatest, *not* turns sure and no around
//!   (`no < unsure < sure`): Kleene's strong logic.
//! - What is unsure has a reason: of a pattern, a limit by value or a key that a value is missing, or
//!   of a pattern that the activity is unknown (*faulty row*); of times the *order within a day*, or
//!   *faulty row* where one of them is faulty; *no calendar* where a length of time cannot be
//!   counted. An unsure *and* or *or* has the greatest reason, in the order of
//!   [`Doubt`](crate::verdict::Doubt), of its unsure parts, and so has the verdict.
//!
//! Every activation gets one verdict. Only events known at the as-of day count: those whose
//! earliest instant is before the as-of instant `A`, the first instant after that day. A verdict
//! other than pending never changes when `A` advances on an unchanged log, but that *never* may
//! become *late*. A verdict other than pending and *cannot tell* is the verdict whatever the unknown
//! times and missing values are, in the same manner.
//!
//! An activation whose pattern, value or limit is unsure, whose time is faulty, which may not have
//! taken place while the standard was in force, or whose deadline cannot be counted is *cannot
//! tell*, whatever follows.
//!
//! Events are in the order of their earliest instant, latest instant, activity, and row. The
//! deciding event is the first in this order for which, surely, what the form asks of it holds, but
//! the last for [`Precedence`] and [`Since`]. It and a due time are given where a form speaks of one.
//! The due time is `D`, and none where `D.latest` is not known.
//!
//! The rest of the meaning stands with each form.

mod limit;
mod pattern;
mod recording;

pub use limit::{Limit, Limits, Unit};
pub use pattern::{Condition, EventTest, Nth, Pattern, Test, Trigger};

use jiff::civil::Date;

use crate::vocabulary::{AttributeId, Vocabulary};

/// A file of standards.
#[derive(Clone, Debug, PartialEq)]
pub struct Library {
    /// What it is called.
    pub title: String,
    /// Its version; every verdict names it.
    pub version: String,
    /// The time zone in which days begin and end, as in the IANA database.
    pub zone: String,
    /// The words it uses of a log.
    pub vocabulary: Vocabulary,
    /// The standards, in the order of the file. Their identifiers are unique.
    pub standards: Vec<Standard>,
}

/// The nations whose law a standard may be.
pub const NATIONS: [&str; 2] = ["England", "Wales"];

/// A handling standard.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// Its identifier: letters, digits, `-` and `.`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The law or guidance that it rests on, with addresses.
    pub sources: Vec<String>,
    /// Whose law it is, of [`NATIONS`]. Empty: everywhere.
    pub nations: Vec<String>,
    /// Only activations from this day on count.
    pub in_force_from: Option<Date>,
    /// Only activations up to and including this day count.
    pub in_force_to: Option<Date>,
    /// What is counted.
    pub counts: Counting,
    /// The criterion or category of failing that it bears on.
    pub bears_on: Option<String>,
    /// Why it is switched off; it is switched on where there is no reason.
    pub switched_off: Option<String>,
    /// Whose events are looked at together.
    pub key: Key,
    /// What it says.
    pub rule: Rule,
    /// The line of the file on which it begins, from 1.
    pub line: u32,
}

/// What a standard's rate is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Each time that it applies.
    EachActivation,
    /// Each case in which it applies; the case's verdict is the worst of its activations'.
    EachCase,
    /// Each person or thing for which it applies, in the same manner.
    Each(AttributeId),
}

/// Whose events are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Those of one case.
    Case,
    /// Those that have this attribute's value in common, across cases: `for each child`. The
    /// verdict belongs to the case of the activating event. An event that lacks the attribute is on
    /// no timeline; where it would activate the standard, its verdict is *cannot tell* (missing
    /// value).
    Attribute(AttributeId),
}

/// What a standard says.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// When something happens, something else within a time.
    Response(Response),
    /// Nothing happens without something else in the time before.
    Precedence(Precedence),
    /// Nothing happens without something else since the last of something.
    Since(Since),
    /// Something never happens while something stands open.
    NeverWhile(NeverWhile),
    /// Something happens at most so many times.
    AtMost(AtMost),
    /// When something happens, something else does not happen within a time.
    NotWithin(NotWithin),
    /// How long it takes from one thing to another; no limit.
    Elapsed(Elapsed),
}

impl Rule {
    /// The events that each get a verdict.
    pub fn activating(&self) -> &Pattern {
        match self {
            Rule::Response(response) => &response.trigger.pattern,
            Rule::Precedence(precedence) => &precedence.activation,
            Rule::Since(since) => &since.activation,
            Rule::NeverWhile(never_while) => &never_while.forbidden,
            Rule::AtMost(at_most) => &at_most.counted,
            Rule::NotWithin(not_within) => &not_within.trigger.pattern,
            Rule::Elapsed(elapsed) => &elapsed.trigger.pattern,
        }
    }
}

/// `when a referral received with risk H, a child seen within 24 hours unless a case transferred`.
///
/// For an activation `t` the deadline is `D = [deadline(t.earliest), deadline(t.latest)]`. An event
/// `e` is *in the window* where `matches(e) and same(t, e) and after(t, e) and by(e, D)`; with
/// [`or_at_once`](Self::or_at_once) `after(t, e)` gives way to `not before(e, t)`; with
/// [`from_first`](Self::from_first) the window begins after the first of the events that make the
/// trigger's count instead.
///
/// - *Met* where, surely, an expected event is in the window and no excuse in the window is before
///   it.
/// - *Excused* where, surely, an excuse is in the window and no expected event in the window is at
///   or before it.
/// - Else, where both are surely not so: *missed* if `D.latest < A` (late if an expected event comes
///   surely after the deadline, else never), else *pending*.
/// - Else *cannot tell* if `D.latest < A`, else *pending*.
///
/// **From the first**: it took place at the earliest at the `n - 1`th latest of the earliest
/// instants of the events that surely make the count `n`, and at the latest at the `n - 1`th latest
/// of the latest instants of those that may, but not after `t.latest`.
///
/// **Resets** (`starting again at`): from `D`, for each event `r` that matches, in order of its
/// earliest, then latest instant, then of the place of its pattern in the list:
/// `matches(r) and same(t, r) and after(t, r) and by(r, D)` is no: nothing changes. It is sure, and
/// `r.earliest` is not before the latest instant of any earlier `r` of which it was not no: `D`
/// becomes the deadline counted from `r`. Else `D` becomes the hull of both, where `r` counts as
/// taking place in `[max(r.earliest, t.earliest), min(r.latest, D.latest)]`. Where the deadline
/// counted from `r` cannot be counted it is `[r.earliest, ∞)`, and a verdict that is neither met nor
/// excused is *cannot tell* (no calendar).
///
/// **Pauses** (`not counting from P until Q`), in elapsed time only: the clock does not run in the
/// time from any `P` until the next `Q` after it, whether it began before or after `t`; `same(t, P)`
/// and `same(t, Q)` hold too. `D.earliest` is where the limit has run out from `t.earliest` if it
/// stands from `P.latest`, of each sure `P`, until the first `Q.earliest` of those that surely or
/// unsurely come after `P` (not at all if that is before); `D.latest` is where it has run out from
/// `t.latest` if it stands from `P.earliest`, of each sure or unsure `P`, until the first `Q.latest`
/// of those that surely come after `P`. A pause without end leaves no `D.latest`, and a verdict that
/// is neither met nor excused pending.
///
/// **Each with its own** ([`Sharing::OneEach`]): an expected event counts, above, only while it is
/// *free*. Activations have their turns in order. In its turn, an activation surely takes the first
/// of the events that surely or unsurely meet it, if that one surely meets it and surely comes
/// first: of two, the one that is earlier in order surely comes first where it is before the other,
/// or both are at one recorded instant. An event is not free for those whose turn comes later than
/// that of an activation that surely takes it. It is unsurely free for an activation where another
/// may be met by it (by an activation that is *cannot tell*, any expected event with the key after
/// it), unless that other surely comes later or has in its turn surely taken one.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// What starts the clock.
    pub trigger: Trigger,
    /// What must follow.
    pub expected: Pattern,
    /// The key that both must have in common.
    pub same: Option<AttributeId>,
    /// Whether the window begins after the first event of the trigger's count.
    pub from_first: bool,
    /// Whether what happens at the same instant as the trigger counts as following it.
    pub or_at_once: bool,
    /// By when.
    pub limits: Limits,
    /// What makes it unnecessary.
    pub unless: Option<Pattern>,
    /// What starts the clock again, with the limit counted from there where it is another.
    pub resets: Vec<(Pattern, Option<Limit>)>,
    /// What stops the clock, and what lets it run again.
    pub pause: Option<(Pattern, Pattern)>,
    /// Whether one event may answer several triggers.
    pub sharing: Sharing,
    /// Whether the text speaks of the longest gap: `no more than 28 days from … to the next …`.
    /// The meaning is the same. In this form neither `from_first` nor `or_at_once` can be said.
    pub gap: bool,
}

/// Whether one event may answer several triggers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// It answers all in whose window it lies.
    OneForAll,
    /// Each trigger needs its own.
    OneEach,
}

/// `a conference needs a strategy discussion in the 15 working days before`.
///
/// For an activation `c` the window begins at `B = [back(c.earliest), back(c.latest)]`. *Met* where,
/// surely, a required event `s` has `same(c, s) and before(s, c) and s not before B`; *missed*
/// (never) where surely not; else *cannot tell*.
#[derive(Clone, Debug, PartialEq)]
pub struct Precedence {
    /// What needs something before it.
    pub activation: Pattern,
    /// What it needs.
    pub required: Pattern,
    /// The key that both must have in common.
    pub same: Option<AttributeId>,
    /// How long before at most; at any time before where there is none.
    pub within: Option<Limit>,
}

/// `a plan agreed needs a risk assessed since the last referral received or reopened`.
///
/// *Met* where, surely, a required `s` is before the activation `c` and every `y` of the boundary
/// that is before `c` is before `s`; *missed* (never) where surely not; else *cannot tell*.
#[derive(Clone, Debug, PartialEq)]
pub struct Since {
    /// What needs something before it.
    pub activation: Pattern,
    /// What it needs.
    pub required: Pattern,
    /// What makes it needed anew.
    pub boundary: Pattern,
    /// The key that all must have in common.
    pub same: Option<AttributeId>,
}

/// `no case closed while a suspect identified has no suspect interviewed for the same suspect`.
///
/// The activation is the forbidden `f`. *Met* where, surely, for every opening `o` that is before
/// `f` a closing `c` has `same(o, c) and before(o, c) and before(c, f)`; *missed* (unmatched) where
/// surely not; else *cannot tell*.
#[derive(Clone, Debug, PartialEq)]
pub struct NeverWhile {
    /// What must not happen.
    pub forbidden: Pattern,
    /// What opens.
    pub opened: Pattern,
    /// What closes it.
    pub closed: Pattern,
    /// The key that opening and closing must have in common.
    pub same: Option<AttributeId>,
}

/// `at most 3 allocated`, `at most 2 missing reported in 90 days`.
///
/// Each counted event `e` is an activation. Its number is one more than the count of other counted
/// events that come first and, with a period, are not before `e` less the period. `o` surely comes
/// first where `o.latest < e.earliest`, surely not where `e.latest < o.earliest`, else unsurely; but
/// where these two are one instant, in the order of activities; and if they are of one activity,
/// both at that recorded instant and both surely match, in the order of rows, of which it does not
/// matter what it is. *Missed* (too many) where the number surely exceeds the limit, *met* where it
/// surely does not, else *cannot tell*.
#[derive(Clone, Debug, PartialEq)]
pub struct AtMost {
    /// How many.
    pub count: u32,
    /// Of what.
    pub counted: Pattern,
    /// In which period, in elapsed or civil time; over the whole timeline where there is none.
    pub within: Option<Limit>,
}

/// `after bail refused, no interview within 24 hours`.
///
/// *Missed* (forbidden) where, surely, a forbidden event is in the window (as of a [`Response`]);
/// *met* where surely none is and `D.latest < A`; *cannot tell* where it is unsure and
/// `D.latest < A`; else *pending*. An unknown activity is not taken for a forbidden one.
#[derive(Clone, Debug, PartialEq)]
pub struct NotWithin {
    /// What starts the clock.
    pub trigger: Trigger,
    /// What must not follow.
    pub forbidden: Pattern,
    /// The key that both must have in common.
    pub same: Option<AttributeId>,
    /// For how long.
    pub limits: Limits,
}

/// `measure from a referral received to the next child seen`.
///
/// *Met*, with the time taken, where an awaited event is surely after the trigger; the first of them
/// ends the measure. *Cannot tell* where another is unsurely after it and not surely later than that
/// one, or some are unsurely after it and none surely, for the reason of the first of these (so that
/// it stays the reason); *pending* where none is after it at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Elapsed {
    /// What starts the measure.
    pub trigger: Trigger,
    /// What ends it.
    pub until: Pattern,
    /// The key that both must have in common.
    pub same: Option<AttributeId>,
}
