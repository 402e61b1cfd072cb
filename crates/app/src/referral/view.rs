//! A referral as its page draws it: the clocks, and both sides in the order they spoke.

use super::{Entry, Record};
use crate::web::moment;
use jiff::Timestamp;
use throughline_domain::access::Role;
use throughline_domain::referral::{Clock, ClockState, Said, Step};

/// The width of a clock's bar up to its limit, and of the whole drawing.
const TO_LIMIT: f64 = 150.0;
const WHOLE: f64 = 200.0;

/// A clock as a page draws it.
#[derive(Debug, Clone)]
pub struct ClockView {
    /// What it waits for.
    pub name: &'static str,
    /// How it stands.
    pub words: String,
    /// Its classes.
    pub classes: &'static str,
    /// The last moment that is in time.
    pub limit: String,
    /// The length of the bar up to the limit.
    pub used: u32,
    /// The length of the bar past the limit.
    pub past: u32,
}

impl ClockView {
    /// Draws a clock.
    pub fn new(clock: &Clock) -> Self {
        let length = (clock.share_used() * TO_LIMIT).clamp(2.0, WHOLE);
        let used = length.min(TO_LIMIT);
        ClockView {
            name: clock.name.title(),
            words: clock.in_words(),
            classes: classes(clock.state),
            limit: moment::in_words(clock.limit),
            used: whole(used),
            past: whole(length - used),
        }
    }

    /// Whether it has run out and still runs.
    pub fn has_run_out(&self) -> bool {
        self.classes.ends_with("run-out")
    }
}

/// A length of at most [`WHOLE`], in whole units of the drawing.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(length: f64) -> u32 {
    length.round() as u32
}

fn classes(state: ClockState) -> &'static str {
    match state {
        ClockState::Running => "tl-clock tl-clock--running",
        ClockState::Soon => "tl-clock tl-clock--soon",
        ClockState::RunOut => "tl-clock tl-clock--run-out",
        ClockState::StoppedInTime => "tl-clock tl-clock--stopped",
        ClockState::StoppedLate => "tl-clock tl-clock--missed-then-met",
    }
}

/// The clock of a list's row: the soonest that still runs.
pub fn foremost(record: &Record, now: Timestamp) -> Option<ClockView> {
    record
        .foremost_clock(now)
        .map(|clock| ClockView::new(&clock))
}

/// What the inspectorate said, and beside it what the force said to it.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    /// On the left.
    pub inspectorate: Vec<Entry>,
    /// On the right.
    pub force: Vec<Entry>,
}

/// The history in exchanges. A new one begins when the inspectorate speaks again after the
/// force has.
pub fn exchanges(history: Vec<Entry>) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    for entry in history {
        let of_force = entry.role.is_of_a_force();
        let begins = exchanges
            .last()
            .is_none_or(|last| !of_force && !last.force.is_empty());
        if begins {
            exchanges.push(Exchange::default());
        }
        if let Some(last) = exchanges.last_mut() {
            let side = if of_force {
                &mut last.force
            } else {
                &mut last.inspectorate
            };
            side.push(entry);
        }
    }
    exchanges
}

impl Entry {
    /// Its heading: what was done.
    pub fn heading(&self) -> String {
        match &self.said {
            Said::Raised(_) => "Sent straight back".into(),
            Said::Acknowledged(_) => "Acknowledged".into(),
            Said::Protected(event) if event.first => "First protective step".into(),
            Said::Protected(_) => "A further protective step".into(),
            Said::Answered(_) => "Answered".into(),
            Said::Accepted(_) => "Answer accepted".into(),
            Said::Refused(_) => "Answer refused".into(),
            Said::Escalated(event) => format!("Escalated to the {}", role_title(&event.to)),
            Said::Chased(_) => "Asked after it".into(),
            Said::Withdrawn(_) => "Withdrawn".into(),
        }
    }

    /// Who said it and when.
    pub fn signature(&self) -> String {
        let when = moment::in_words(self.at);
        match self.role {
            Role::Clock => format!("By the clock, {when}"),
            role => format!("{}, {}, {when}", self.actor, role.title()),
        }
    }
}

fn role_title(code: &str) -> &str {
    match code.parse::<Role>() {
        Ok(role) => role.title(),
        Err(_) => code,
    }
}

/// A step as a page offers it.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The words of its button.
    pub words: &'static str,
    /// The last part of its address.
    pub path: &'static str,
    /// Whether one press does it.
    pub at_once: bool,
    /// Whether it is what this person should do next.
    pub first: bool,
}

/// The button of a step. Accepting and refusing share one page.
pub fn offer(step: Step) -> Option<Offer> {
    let (words, path) = match step {
        Step::Acknowledge => ("Acknowledge it", "acknowledge"),
        Step::RecordProtectiveStep => ("Record a protective step", "protective-step"),
        Step::Answer => ("Answer", "answer"),
        Step::Accept => ("Decide on the answer", "decision"),
        Step::Refuse => return None,
        Step::Escalate => ("Escalate", "escalate"),
        Step::Chase => ("Note that you asked after it", "chase"),
        Step::Withdraw => ("Withdraw: raised by mistake", "withdraw"),
    };
    Some(Offer {
        words,
        path,
        at_once: step == Step::Acknowledge,
        first: matches!(step, Step::Acknowledge | Step::Answer | Step::Accept),
    })
}

/// A step as a sentence names it when it cannot be taken.
pub fn noun(step: Step) -> &'static str {
    match step {
        Step::Acknowledge => "Acknowledging",
        Step::RecordProtectiveStep => "Recording a protective step",
        Step::Answer => "Answering",
        Step::Accept | Step::Refuse => "Deciding on the answer",
        Step::Escalate => "Escalating",
        Step::Chase => "Asking after it",
        Step::Withdraw => "Withdrawing",
    }
}
