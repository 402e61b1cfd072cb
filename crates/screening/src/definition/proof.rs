//! One verdict, proved anew from the events of its case.

use jiff::Timestamp;

use super::Check;
use super::objection::Objection;
use super::timeline::{Timeline, is_faulty};
use crate::calendar::Calendar;
use crate::event::{Event, Happening, When};
use crate::standard::{Library, Standard};
use crate::verdict::{Doubt, Lapse, Outcome, Verdict};

/// Why a verdict does not hold. Events are named by activity, time (UTC) and place from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refutation {
    /// It is of no standard of the library.
    #[error("the library has no standard at place {place}; it has {known}")]
    UnknownStandard {
        /// The place that the verdict names.
        place: u16,
        /// How many standards there are.
        known: usize,
    },
    /// Its standard is switched off.
    #[error("{standard} is switched off: {reason}")]
    SwitchedOff {
        /// The standard's identifier.
        standard: String,
        /// Why it is switched off.
        reason: String,
    },
    /// It names an event that is not there.
    #[error("the timeline has no event at place {place}; it has {known}")]
    UnknownEvent {
        /// The place that the verdict names.
        place: u32,
        /// How many events there are.
        known: usize,
    },
    /// The standard does not apply to its activating event.
    #[error("{standard} does not apply to {event}: {reason}")]
    NotActivating {
        /// The standard's identifier.
        standard: String,
        /// The event that the verdict names.
        event: String,
        /// Why not.
        reason: String,
    },
    /// Another outcome follows from the events.
    #[error("{standard} is not {claimed} at {event}, but {found}: {reason}")]
    OtherOutcome {
        /// The standard's identifier.
        standard: String,
        /// The activating event.
        event: String,
        /// The outcome of the verdict.
        claimed: String,
        /// The outcome that follows.
        found: String,
        /// Which event contradicts, and how.
        reason: String,
    },
    /// The outcome holds, but another event decides.
    #[error("{standard} is {found} at {event}, but on other evidence: {reason}")]
    OtherEvidence {
        /// The standard's identifier.
        standard: String,
        /// The activating event.
        event: String,
        /// The outcome.
        found: String,
        /// Which event decides, and why the one named does not.
        reason: String,
    },
    /// The outcome holds, but the deadline is another.
    #[error("{standard} is {found} at {event}, but is due {due}, not {claimed}")]
    OtherDue {
        /// The standard's identifier.
        standard: String,
        /// The activating event.
        event: String,
        /// The outcome.
        found: String,
        /// When it is due.
        due: String,
        /// When the verdict says that it is due.
        claimed: String,
    },
}

/// Proves one verdict from the events of its timeline: those of a case or, for a standard that looks
/// across cases, those of its key. Places in the verdict are places among these events.
///
/// # Errors
///
/// A refutation that says what does not hold.
pub fn prove(
    library: &Library,
    calendar: &Calendar,
    as_of: i64,
    events: &[Event],
    claimed: &Verdict,
) -> Result<(), Refutation> {
    let standard = find_standard(library, claimed)?;
    for place in [Some(claimed.activating), claimed.deciding]
        .into_iter()
        .flatten()
    {
        if place as usize >= events.len() {
            let known = events.len();
            return Err(Refutation::UnknownEvent { place, known });
        }
    }
    let timeline = Timeline::new(calendar, as_of, events);
    let proof = Proof {
        library,
        standard,
        timeline: &timeline,
    };
    let check = Check {
        place: claimed.standard,
        standard,
    };
    let found = check.verdicts(&timeline);
    match found
        .iter()
        .find(|one| one.activating == claimed.activating)
    {
        None => Err(proof.not_activating(claimed)),
        Some(found) => proof.compare(claimed, found),
    }
}

fn find_standard<'a>(library: &'a Library, claimed: &Verdict) -> Result<&'a Standard, Refutation> {
    let found = library.standards.get(usize::from(claimed.standard));
    let standard = found.ok_or(Refutation::UnknownStandard {
        place: claimed.standard,
        known: library.standards.len(),
    })?;
    match &standard.switched_off {
        None => Ok(standard),
        Some(reason) => Err(Refutation::SwitchedOff {
            standard: standard.id.clone(),
            reason: reason.clone(),
        }),
    }
}

struct Proof<'a> {
    library: &'a Library,
    standard: &'a Standard,
    timeline: &'a Timeline<'a>,
}

impl Proof<'_> {
    fn not_activating(&self, claimed: &Verdict) -> Refutation {
        let event = claimed.activating as usize;
        let reason = if self.timeline.events().any(|known| known == event) {
            "it is not what activates it, or not while it was in force"
        } else {
            "it happened after the day up to which the log is known"
        };
        Refutation::NotActivating {
            standard: self.standard.id.clone(),
            event: self.event(event),
            reason: reason.to_owned(),
        }
    }

    fn compare(&self, claimed: &Verdict, found: &Verdict) -> Result<(), Refutation> {
        let standard = self.standard.id.clone();
        let event = self.event(claimed.activating as usize);
        let outcome = outcome(found.outcome);
        if claimed.outcome != found.outcome {
            return Err(Refutation::OtherOutcome {
                standard,
                event,
                claimed: self::outcome(claimed.outcome).to_owned(),
                found: outcome.to_owned(),
                reason: self.reason(claimed, found),
            });
        }
        if claimed.deciding != found.deciding {
            return Err(Refutation::OtherEvidence {
                standard,
                event,
                found: outcome.to_owned(),
                reason: self.reason(claimed, found),
            });
        }
        if claimed.due != found.due {
            return Err(Refutation::OtherDue {
                standard,
                event,
                found: outcome.to_owned(),
                due: due(found.due),
                claimed: due(claimed.due),
            });
        }
        Ok(())
    }

    /// What speaks against the event that was named, or which event decides instead.
    fn reason(&self, claimed: &Verdict, found: &Verdict) -> String {
        let objection = self.objection(claimed, found);
        let decides = match found.deciding {
            Some(event) if claimed.deciding == Some(event) => None,
            Some(event) => Some(format!("{} decides", self.event(event as usize))),
            None => Some("no event decides".to_owned()),
        };
        let reasons: Vec<String> = objection.into_iter().chain(decides).collect();
        match found.due {
            Some(_) => format!("{}, due {}", reasons.join("; "), due(found.due)),
            None => reasons.join("; "),
        }
    }

    fn objection(&self, claimed: &Verdict, found: &Verdict) -> Option<String> {
        let place = claimed.deciding? as usize;
        let objection = Objection {
            rule: &self.standard.rule,
            timeline: self.timeline,
            activating: claimed.activating as usize,
            due: found.due,
        };
        Some(format!("{} {}", self.event(place), objection.to(place)))
    }

    fn event(&self, place: usize) -> String {
        let code = match self.timeline.happening(place) {
            Happening::Unknown => "an unknown activity",
            Happening::Known(id) => {
                let activities = &self.library.vocabulary.activities;
                let activity = activities.get(usize::from(id.0));
                activity.map_or("an unknown activity", |activity| &activity.code)
            }
        };
        format!("{code} {} (event {place})", time(self.timeline.when(place)))
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Excused => "excused",
        Outcome::Met => "met",
        Outcome::Pending => "pending",
        Outcome::Missed(Lapse::Late) => "missed (too late)",
        Outcome::Missed(Lapse::Never) => "missed (never)",
        Outcome::Missed(Lapse::TooMany) => "missed (too many)",
        Outcome::Missed(Lapse::Unmatched) => "missed (unmatched)",
        Outcome::Missed(Lapse::Forbidden) => "missed (forbidden)",
        Outcome::CannotTell(Doubt::OrderWithinDay) => "impossible to tell (order within a day)",
        Outcome::CannotTell(Doubt::MissingValue) => "impossible to tell (a value is missing)",
        Outcome::CannotTell(Doubt::FaultyRow) => "impossible to tell (a row is faulty)",
        Outcome::CannotTell(Doubt::NoCalendar) => "impossible to tell (no calendar)",
    }
}

fn due(due: Option<When>) -> String {
    match due {
        None => "at no known time".to_owned(),
        Some(when) if when.is_exact() => format!("by {}", instant(when.latest)),
        Some(when) => format!(
            "by a time between {} and {}",
            instant(when.earliest),
            instant(when.latest)
        ),
    }
}

fn time(when: When) -> String {
    if is_faulty(when) {
        return "at an unknown time".to_owned();
    }
    if when.is_exact() {
        return format!("at {}", instant(when.latest));
    }
    let (from, to) = (instant(when.earliest), instant(when.latest));
    format!("between {from} and {to}")
}

fn instant(instant: i64) -> String {
    Timestamp::from_microsecond(instant)
        .map_or_else(|_| "an impossible time".to_owned(), |time| time.to_string())
}
