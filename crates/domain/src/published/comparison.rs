//! Which published figures may stand on one line, and why others may not.

use std::fmt;

use serde::Serialize;

use super::{Grader, PublishedInspection, Scope};

/// Why two published events may not be joined in one trend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "difference", rename_all = "kebab-case")]
pub enum Difference {
    /// They are about different forces or sets of forces.
    OtherForceSet {
        /// The first one's.
        first: String,
        /// The second one's.
        second: String,
    },
    /// They grade on different scales.
    OtherScale {
        /// The first one's.
        first: String,
        /// The second one's.
        second: String,
    },
    /// The scale of one is an assumption.
    ScaleAssumed {
        /// The event whose scale is assumed.
        event: String,
    },
    /// One was graded by the force itself.
    GradedByForce {
        /// The event that the force graded.
        event: String,
    },
    /// They looked at different parts of the work.
    OtherScope {
        /// What the first looked at.
        first: Scope,
        /// What the second looked at.
        second: Scope,
    },
    /// No figure was published for both.
    NoCommonFigure {
        /// The first event.
        first: String,
        /// The second event.
        second: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::OtherForceSet { first, second } => write!(
                f,
                "One is about {first}, the other about {second}: they are not two points of one force's history."
            ),
            Difference::OtherScale { first, second } => write!(
                f,
                "They were graded on different scales ({first}; {second}), so the same word does not mean the same in both."
            ),
            Difference::ScaleAssumed { event } => write!(
                f,
                "The scale of the {event} was not published with its figures and is only assumed here."
            ),
            Difference::GradedByForce { event } => write!(
                f,
                "The {event} was graded by the force itself and the other by inspectors; \
                 a force and an inspectorate have graded the same cases very differently before."
            ),
            Difference::OtherScope { first, second } => write!(
                f,
                "One looked at {}, the other at {}, so the cases are not of the same kinds.",
                first.title(),
                second.title()
            ),
            Difference::NoCommonFigure { first, second } => write!(
                f,
                "No figure was published for both the {first} and the {second}, so there is nothing to join."
            ),
        }
    }
}

/// Whether two published events may be joined in one trend.
///
/// # Errors
/// Every reason why not.
pub fn comparable(a: &PublishedInspection, b: &PublishedInspection) -> Result<(), Vec<Difference>> {
    let mut differences = Vec::new();
    if a.force != b.force {
        let (first, second) = (a.force.clone(), b.force.clone());
        differences.push(Difference::OtherForceSet { first, second });
    }
    if a.scale != b.scale {
        let (first, second) = (a.scale.clone(), b.scale.clone());
        differences.push(Difference::OtherScale { first, second });
    }
    for assumed in [a, b].into_iter().filter(|event| event.scale_assumed) {
        let event = assumed.event.clone();
        differences.push(Difference::ScaleAssumed { event });
    }
    if a.graded_by != b.graded_by {
        let own = if a.graded_by == Grader::Force { a } else { b };
        let event = own.event.clone();
        differences.push(Difference::GradedByForce { event });
    }
    if a.scope != b.scope {
        let (first, second) = (a.scope, b.scope);
        differences.push(Difference::OtherScope { first, second });
    }
    if !share_a_figure(a, b) {
        let (first, second) = (a.event.clone(), b.event.clone());
        differences.push(Difference::NoCommonFigure { first, second });
    }
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences)
    }
}

fn share_a_figure(a: &PublishedInspection, b: &PublishedInspection) -> bool {
    let of_b = b.figures();
    a.figures()
        .iter()
        .any(|figure| of_b.iter().any(|other| other.measure == figure.measure))
}

/// Published events of one force that may be joined in one trend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrendRun<'a> {
    /// The force, or set of forces.
    pub force: &'a str,
    /// The events, in the order of the record: any two of them are comparable.
    pub events: Vec<&'a PublishedInspection>,
    /// Why they do not belong to the force's first run; empty for that run itself.
    pub apart_because: Vec<Difference>,
}

/// Divides the record into runs that may each be drawn as one trend. An event
/// joins the first run of its force in which it is comparable with every member,
/// so a run may step over an event that does not belong to it.
#[must_use]
pub fn trend_groups(record: &[PublishedInspection]) -> Vec<TrendRun<'_>> {
    let mut runs: Vec<TrendRun<'_>> = Vec::new();
    for event in record {
        let of_force = |run: &&mut TrendRun<'_>| run.force == event.force;
        let fits = |run: &TrendRun<'_>| {
            run.events
                .iter()
                .all(|other| comparable(other, event).is_ok())
        };
        if let Some(run) = runs.iter_mut().filter(of_force).find(|run| fits(run)) {
            run.events.push(event);
            continue;
        }
        let first = runs.iter().find(|run| run.force == event.force);
        let apart_because = first.map_or_else(Vec::new, |run| {
            run.events
                .iter()
                .find_map(|other| comparable(other, event).err())
                .unwrap_or_default()
        });
        runs.push(TrendRun {
            force: &event.force,
            events: vec![event],
            apart_because,
        });
    }
    runs
}
