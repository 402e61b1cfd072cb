//! A recommendation's time as a line: published, what was recorded, what was due, today.

use super::clock::{days, days_between, in_words};
use super::{Entry, Recommendation};
use crate::inspection::line::thousands;
use jiff::civil::Date;
use throughline_domain::recommendation::Standing;

/// Where the line begins and ends in the drawing.
const LEFT: i64 = 12;
const RIGHT: i64 = 888;

/// The drawing.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// What it shows, for those who do not see it.
    pub said: String,
    /// Where the time that has passed ends.
    pub passed_to: i64,
    /// Where the time past the limit begins, when it has run out.
    pub over_from: Option<i64>,
    /// Limits, above the line.
    pub limits: Vec<Mark>,
    /// Entries of the history, on the line.
    pub entries: Vec<Dot>,
    /// The day of publication and today, below the line.
    pub ends: Vec<Mark>,
}

/// A day with its words.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Where.
    pub x: i64,
    /// On what height its words stand, so that two do not run into each other.
    pub y: i64,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// Its words.
    pub words: String,
}

/// An entry.
#[derive(Debug, Clone)]
pub struct Dot {
    /// Where.
    pub x: i64,
    /// Whether it is a status; a comment is drawn hollow.
    pub status: bool,
}

struct Scale {
    from: Date,
    length: i64,
}

impl Scale {
    fn x(&self, day: Date) -> i64 {
        LEFT + days_between(self.from, day).clamp(0, self.length) * (RIGHT - LEFT) / self.length
    }
}

/// The line of a published recommendation. `plan_due` is the last day for the force's plan.
pub fn timeline(
    recommendation: &Recommendation,
    history: &[Entry],
    plan_due: Date,
    today: Date,
) -> Option<Timeline> {
    let from = recommendation.published_on?.0;
    let due = recommendation.due_on?.0;
    let last = history.first().map_or(from, |entry| entry.day.0);
    let closed = recommendation.standing() == Standing::Closed;
    let stop = if closed { last } else { today };
    let end = stop.max(due).max(plan_due).max(last);
    let scale = Scale {
        from,
        length: days_between(from, end).max(1),
    };
    let over = !closed && due < today;
    Some(Timeline {
        said: said(recommendation, due, stop, over),
        passed_to: scale.x(stop),
        over_from: over.then(|| scale.x(due)),
        limits: limits(&scale, due, plan_due),
        entries: history
            .iter()
            .map(|entry| Dot {
                x: scale.x(entry.day.0),
                status: entry.kind == "status",
            })
            .collect(),
        ends: ends(&scale, from, stop, closed),
    })
}

fn said(recommendation: &Recommendation, due: Date, stop: Date, over: bool) -> String {
    let from = recommendation.published_on.map_or(due, |day| day.0);
    let mut said = format!(
        "Published {}, due {}; {} have passed.",
        in_words(from),
        in_words(due),
        days(days_between(from, stop))
    );
    if over {
        said.push_str(&format!(
            " The limit ran out {} ago.",
            days(days_between(due, stop))
        ));
    }
    said
}

fn anchor(x: i64) -> &'static str {
    match x {
        ..170 => "start",
        170..730 => "middle",
        _ => "end",
    }
}

fn limits(scale: &Scale, due: Date, plan_due: Date) -> Vec<Mark> {
    let mut marks = vec![
        (scale.x(due), format!("due {}", in_words(due))),
        (
            scale.x(plan_due),
            format!("plan due {}", in_words(plan_due)),
        ),
    ];
    marks.sort();
    marks
        .into_iter()
        .zip([16, 36])
        .map(|((x, words), y)| Mark {
            x,
            y,
            anchor: anchor(x),
            words,
        })
        .collect()
}

fn ends(scale: &Scale, from: Date, stop: Date, closed: bool) -> Vec<Mark> {
    let x = scale.x(stop);
    let words = if closed {
        format!("closed {}", in_words(stop))
    } else {
        format!("today, day {}", thousands(days_between(from, stop) + 1))
    };
    vec![
        Mark {
            x: scale.x(from),
            y: 112,
            anchor: "start",
            words: format!("published {}", in_words(from)),
        },
        Mark {
            x,
            y: if x < 280 { 132 } else { 112 },
            anchor: anchor(x),
            words,
        },
    ]
}
