//! One case to scale: what happened when, and how long each standard gave for what.
//!
//! Every state has its own shape and its own word; colour only helps.

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::svg::{ACCENT, Anchor, INK, MUTED, PAPER, RULE, SMALL, Scene, WIDTH, width_of};
use crate::table::{Additive, Cell, Column, ColumnKind, Row, Table};

/// The timeline of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseTimeline {
    /// Anchor.
    pub id: String,
    /// What the chart shows.
    pub caption: String,
    /// The first moment drawn.
    pub from: Timestamp,
    /// The last moment drawn.
    pub to: Timestamp,
    /// Up to when anything is known, if that is drawn.
    pub known_to: Option<Timestamp>,
    /// What happened, in order.
    pub events: Vec<TimelineEvent>,
    /// What each standard gave time for.
    pub standards: Vec<TimelineStandard>,
    /// Where the facts come from.
    pub source: Option<String>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineEvent {
    /// Its number in the table.
    pub number: usize,
    /// What.
    pub label: String,
    /// The first moment at which it may have happened.
    pub from: Timestamp,
    /// The last; the same where the time is known.
    pub to: Timestamp,
}

/// A standard with each time that it applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineStandard {
    /// Its identifier.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// Each time that it applied, in order.
    pub windows: Vec<TimelineWindow>,
}

/// The time that a standard gave, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineWindow {
    /// When it began to run.
    pub from: Timestamp,
    /// When it ended, where it ends.
    pub due: Option<Timestamp>,
    /// When what decided happened, if anything did.
    pub decided: Option<Timestamp>,
    /// What came of it.
    pub outcome: WindowOutcome,
}

/// What came of a standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WindowOutcome {
    /// It was kept.
    Met,
    /// It was missed.
    Missed,
    /// It still runs.
    Pending,
    /// It need not be kept.
    Excused,
    /// Nobody can tell.
    CannotTell,
}

impl WindowOutcome {
    /// In one word or two.
    pub fn words(self) -> &'static str {
        match self {
            WindowOutcome::Met => "met",
            WindowOutcome::Missed => "missed",
            WindowOutcome::Pending => "pending",
            WindowOutcome::Excused => "excused",
            WindowOutcome::CannotTell => "cannot tell",
        }
    }
}

const LEFT: f64 = 8.0;
const RIGHT: f64 = 712.0;
const LABEL: f64 = 17.0;
const LANES_MAX: usize = 14;
const LANE: f64 = 22.0;
const BAR: f64 = 8.0;

/// Moments to places on the paper.
struct Scale {
    from: f64,
    unit: f64,
}

impl Scale {
    fn new(from: Timestamp, to: Timestamp) -> Self {
        let from = from.as_second() as f64;
        let length = (to.as_second() as f64 - from).max(1.0);
        Scale {
            from,
            unit: (RIGHT - LEFT) / length,
        }
    }

    /// Where a moment stands; at the edge where it lies beyond.
    fn x(&self, moment: Timestamp) -> f64 {
        let place = LEFT + (moment.as_second() as f64 - self.from) * self.unit;
        place.clamp(LEFT, RIGHT)
    }
}

fn london() -> TimeZone {
    TimeZoneDatabase::bundled()
        .get("Europe/London")
        .expect("the built-in time zone rules hold Europe/London")
}

/// A moment as it stands in the table.
fn in_words(moment: Timestamp) -> String {
    let there = moment.to_zoned_datetime(london());
    there.strftime("%-d %B %Y, %H:%M").to_string()
}

impl TimelineEvent {
    fn when(&self) -> String {
        match self.from == self.to {
            true => in_words(self.from),
            false => {
                let there = self.from.to_zoned_datetime(london());
                there.strftime("%-d %B %Y, time not known").to_string()
            }
        }
    }
}

impl CaseTimeline {
    pub(super) fn description(&self) -> String {
        let standards = self.standards.iter().map(|standard| {
            let each: Vec<_> = (standard.windows.iter())
                .map(|window| {
                    let due = window
                        .due
                        .map_or_else(String::new, |due| format!(", due {}", in_words(due)));
                    format!(
                        "{} from {}{due}",
                        window.outcome.words(),
                        in_words(window.from)
                    )
                })
                .collect();
            format!("{}: {}.", standard.title, each.join("; "))
        });
        let events = format!(
            "{} events from {} to {}.",
            self.events.len(),
            in_words(self.from),
            in_words(self.to)
        );
        std::iter::once(events)
            .chain(standards)
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(super) fn table(&self) -> Table {
        let text = |title, meaning| Column::new(title, ColumnKind::Text, meaning);
        let columns = vec![
            text("When", "When it happened, in London time"),
            text("What", "What happened, or which standard began to run"),
            text("Due", "By when the standard gave time"),
            text("Outcome", "What came of the standard"),
        ];
        let row = |when: String, what: &str, due: String, outcome: &str| Row {
            part: Default::default(),
            cells: vec![
                Cell::text(when),
                Cell::text(what),
                Cell::text(due),
                Cell::text(outcome),
            ],
        };
        let events = self.events.iter();
        let mut rows: Vec<_> = events
            .map(|event| {
                (
                    event.from,
                    row(event.when(), &event.label, String::new(), ""),
                )
            })
            .collect();
        for standard in &self.standards {
            rows.extend(standard.windows.iter().map(|window| {
                let due = window.due.map_or_else(String::new, in_words);
                let outcome = window.outcome.words();
                let words = row(in_words(window.from), &standard.title, due, outcome);
                (window.from, words)
            }));
        }
        rows.sort_by_key(|(when, _)| *when);
        Table {
            id: format!("{}-table", self.id),
            caption: self.caption.clone(),
            columns,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            additive: Additive::No,
            notes: Vec::new(),
            source: self.source.clone(),
        }
    }

    pub(super) fn scene(&self) -> Scene {
        let mut scene = Scene::new(&self.id, &self.caption, self.description());
        let scale = Scale::new(self.from, self.to);
        let labels = place_labels(&self.events, &scale);
        let lanes = labels.iter().map(|label| label.lane + 1).max().unwrap_or(0);
        let axis = 14.0 + lanes as f64 * LABEL + 12.0;
        let rows = self.rows(&scale, axis + 44.0);
        let bottom = rows.last().map_or(axis + 40.0, |row| row.bottom);
        self.draw_ticks(&mut scene, &scale, axis, bottom);
        self.draw_known_to(&mut scene, &scale, axis, bottom);
        draw_events(&mut scene, &labels, axis);
        for row in &rows {
            row.draw(&mut scene, &scale);
        }
        scene.set_height(bottom + 8.0);
        scene
    }

    fn rows<'t>(&'t self, scale: &Scale, top: f64) -> Vec<StandardRow<'t>> {
        let mut top = top;
        let rows = self.standards.iter().map(|standard| {
            let row = StandardRow::new(standard, scale, top);
            top = row.bottom;
            row
        });
        rows.collect()
    }

    fn draw_ticks(&self, scene: &mut Scene, scale: &Scale, axis: f64, bottom: f64) {
        let mut free = f64::MIN;
        for (moment, words) in ticks(self.from, self.to) {
            let x = scale.x(moment);
            scene.line((x, axis - 4.0), (x, bottom), RULE, 1.0);
            let half = width_of(&words, SMALL) / 2.0;
            let middle = x.clamp(half, WIDTH - half);
            if middle - half >= free {
                scene
                    .text((middle, axis + 22.0), words)
                    .set(SMALL, Anchor::Middle, MUTED);
                free = middle + half + 10.0;
            }
        }
        scene.line((LEFT, axis), (RIGHT, axis), INK, 2.0);
    }

    fn draw_known_to(&self, scene: &mut Scene, scale: &Scale, axis: f64, bottom: f64) {
        let Some(known_to) = self.known_to.filter(|at| *at > self.from && *at <= self.to) else {
            return;
        };
        let x = scale.x(known_to);
        scene.dashed_line((x, axis - 10.0), (x, bottom), INK);
    }
}

/// An event with its words, in a lane above the axis where they are free of others; with its number
/// alone, or with no words, where there is no room. The table has them.
struct Label<'t> {
    event: &'t TimelineEvent,
    words: String,
    x: f64,
    end: f64,
    lane: usize,
    to_the_left: bool,
}

fn place_labels<'t>(events: &'t [TimelineEvent], scale: &Scale) -> Vec<Label<'t>> {
    let mut free: Vec<f64> = Vec::new();
    let mut labels: Vec<Label<'t>> = Vec::new();
    for event in events {
        let (x, end) = (scale.x(event.from), scale.x(event.to));
        let full = format!("{} {}", event.number, event.label);
        let width = |words: &str| width_of(words, SMALL) + 14.0;
        let span = |words: &str| match x + width(words) > WIDTH {
            true => (x - width(words), x + 4.0),
            false => (x - 4.0, x + width(words)),
        };
        let fits = |free: &[f64], words: &str| {
            let (begin, _) = span(words);
            let lane = free.iter().position(|end| *end <= begin);
            lane.or_else(|| (free.len() < LANES_MAX).then_some(free.len()))
        };
        let short = event.number.to_string();
        let room = [full, short].into_iter().find_map(|words| {
            let lane = fits(&free, &words)?;
            Some((words, lane))
        });
        if let Some((words, lane)) = &room {
            let (_, reach) = span(words);
            if *lane == free.len() {
                free.push(reach);
            } else {
                free[*lane] = reach;
            }
        }
        let (words, lane) = room.unwrap_or_default();
        labels.push(Label {
            to_the_left: x + width(&words) > WIDTH,
            event,
            words,
            x,
            end,
            lane,
        });
    }
    labels
}

fn draw_events(scene: &mut Scene, labels: &[Label<'_>], axis: f64) {
    for label in labels {
        let y = axis - 14.0 - label.lane as f64 * LABEL;
        scene.line((label.x, y - 8.0), (label.x, axis), MUTED, 1.0);
    }
    for label in labels.iter().filter(|label| !label.words.is_empty()) {
        let y = axis - 14.0 - label.lane as f64 * LABEL;
        let width = width_of(&label.words, SMALL) + 5.0;
        let (x, anchor, begin) = match label.to_the_left {
            true => (label.x - 4.0, Anchor::End, label.x - 4.0 - width),
            false => (label.x + 4.0, Anchor::Start, label.x + 2.0),
        };
        scene.rect((begin, y - 12.0), (width, 15.0), PAPER, "none");
        scene.text((x, y), &label.words).set(SMALL, anchor, INK);
    }
    for label in labels {
        if label.event.from == label.event.to {
            scene.circle((label.x, axis), 4.5, INK);
        } else {
            let width = (label.end - label.x).max(7.0);
            scene.rect((label.x, axis - 4.0), (width, 8.0), PAPER, INK);
        }
    }
}

/// A standard's row: its name, and its windows in lanes.
struct StandardRow<'t> {
    standard: &'t TimelineStandard,
    lanes: Vec<usize>,
    top: f64,
    bottom: f64,
}

impl<'t> StandardRow<'t> {
    fn new(standard: &'t TimelineStandard, scale: &Scale, top: f64) -> Self {
        let mut free: Vec<f64> = Vec::new();
        let mut lanes = Vec::new();
        for window in &standard.windows {
            let (begin, reach) = window.reach(scale);
            let lane = free
                .iter()
                .position(|end| *end <= begin)
                .unwrap_or(free.len());
            if lane == free.len() {
                free.push(reach);
            } else {
                free[lane] = reach;
            }
            lanes.push(lane);
        }
        StandardRow {
            standard,
            lanes,
            top,
            bottom: top + 26.0 + free.len().max(1) as f64 * LANE + 8.0,
        }
    }

    fn draw(&self, scene: &mut Scene, scale: &Scale) {
        let name = format!("{}  {}", self.standard.code, self.standard.title);
        let width = width_of(&name, SMALL) + 6.0;
        scene.rect((LEFT - 4.0, self.top + 2.0), (width, 18.0), PAPER, "none");
        scene
            .text((LEFT, self.top + 16.0), name)
            .set(SMALL, Anchor::Start, INK)
            .bold();
        for (window, lane) in self.standard.windows.iter().zip(&self.lanes) {
            window.draw(scene, scale, self.top + 36.0 + *lane as f64 * LANE);
        }
    }
}

impl TimelineWindow {
    /// Where the mark at its end stands.
    fn end(&self) -> Timestamp {
        match (self.outcome, self.decided, self.due) {
            (_, Some(decided), _) => decided,
            (_, None, Some(due)) => due,
            (_, None, None) => self.from,
        }
    }

    fn words(&self) -> &'static str {
        self.outcome.words()
    }

    /// From where to where it takes up paper.
    fn reach(&self, scale: &Scale) -> (f64, f64) {
        let due = self.due.map_or(0.0, |due| scale.x(due));
        let end = scale.x(self.end()).max(due).max(scale.x(self.from) + 6.0);
        let words = width_of(self.words(), SMALL) + 18.0;
        match end + words > WIDTH {
            true => (scale.x(self.from) - words - 8.0, end + 6.0),
            false => (scale.x(self.from) - 6.0, end + words),
        }
    }

    fn draw(&self, scene: &mut Scene, scale: &Scale, y: f64) {
        let from = scale.x(self.from);
        let end = scale.x(self.end());
        let due = self.due.map(|due| scale.x(due));
        let top = y - BAR / 2.0;
        if let Some(due) = due {
            scene.rect((from, top), ((due - from).max(2.0), BAR), "#e9f0f6", ACCENT);
        }
        match self.outcome {
            WindowOutcome::Met => {
                scene.rect((from, top), ((end - from).max(2.0), BAR), ACCENT, ACCENT);
            }
            WindowOutcome::Missed => {
                let late = due.unwrap_or(from);
                if end > late {
                    scene.dashed_line((late, y), (end, y), INK);
                }
            }
            WindowOutcome::Pending | WindowOutcome::Excused | WindowOutcome::CannotTell => {}
        }
        if let Some(due) = due {
            scene.line((due, top - 4.0), (due, top + BAR + 4.0), INK, 2.5);
        }
        self.outcome.draw_mark(scene, end, y);
        self.write_words(scene, scale, y);
    }

    fn write_words(&self, scene: &mut Scene, scale: &Scale, y: f64) {
        let due = self.due.map_or(0.0, |due| scale.x(due));
        let end = scale.x(self.end()).max(due);
        let width = width_of(self.words(), SMALL) + 18.0;
        let (x, anchor) = match end + width > WIDTH {
            true => (scale.x(self.from) - 10.0, Anchor::End),
            false => (end + 10.0, Anchor::Start),
        };
        scene
            .text((x, y + 4.5), self.words())
            .set(SMALL, anchor, INK);
    }
}

impl WindowOutcome {
    /// A full circle, a cross in a square, an empty circle, a stroke, a question mark.
    fn draw_mark(self, scene: &mut Scene, x: f64, y: f64) {
        match self {
            WindowOutcome::Met => scene.circle((x, y), 6.0, ACCENT),
            WindowOutcome::Missed => {
                scene.rect((x - 6.5, y - 6.5), (13.0, 13.0), INK, INK);
                scene.line((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), PAPER, 2.5);
                scene.line((x - 4.0, y + 4.0), (x + 4.0, y - 4.0), PAPER, 2.5);
            }
            WindowOutcome::Pending => {
                scene.circle((x, y), 6.5, ACCENT);
                scene.circle((x, y), 4.0, PAPER);
            }
            WindowOutcome::Excused => {
                scene.rect((x - 6.5, y - 6.5), (13.0, 13.0), PAPER, MUTED);
                scene.line((x - 4.0, y), (x + 4.0, y), MUTED, 2.5);
            }
            WindowOutcome::CannotTell => {
                scene.circle((x, y), 7.5, MUTED);
                scene
                    .text((x, y + 4.5), "?")
                    .set(SMALL, Anchor::Middle, PAPER)
                    .bold();
            }
        }
    }
}

/// The most ticks that an axis has.
const TICKS_MAX: i64 = 9;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Round moments in London between two, with their words.
fn ticks(from: Timestamp, to: Timestamp) -> Vec<(Timestamp, String)> {
    let length = to.as_second() - from.as_second();
    let steps: [(i64, Span, &str); 9] = [
        (HOUR, 1.hour(), "%-d %b, %H:%M"),
        (6 * HOUR, 6.hours(), "%-d %b, %H:%M"),
        (DAY, 1.day(), "%-d %b %Y"),
        (3 * DAY, 3.days(), "%-d %b %Y"),
        (7 * DAY, 7.days(), "%-d %b %Y"),
        (31 * DAY, 1.month(), "%b %Y"),
        (92 * DAY, 3.months(), "%b %Y"),
        (366 * DAY, 1.year(), "%Y"),
        (3_653 * DAY, 10.years(), "%Y"),
    ];
    let fitting = steps
        .iter()
        .find(|(seconds, ..)| length / seconds <= TICKS_MAX);
    let (seconds, step, format) = fitting.unwrap_or(&steps[8]);
    let first = beginning(from.to_zoned_datetime(london()).date(), *seconds);
    let mut ticks = Vec::new();
    let mut next = first.to_zoned_datetime(london()).ok();
    while let Some(moment) = next.filter(|moment| moment.timestamp() <= to) {
        if moment.timestamp() >= from {
            ticks.push((moment.timestamp(), moment.strftime(format).to_string()));
        }
        next = moment.checked_add(*step).ok();
    }
    ticks
}

/// The day from which steps of that length are counted.
fn beginning(day: Date, seconds: i64) -> Date {
    match seconds {
        ..=DAY => day,
        d if d <= 7 * DAY => day,
        d if d <= 31 * DAY => day.first_of_month(),
        _ => day.first_of_year(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Chart;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn event(number: usize, label: &str, when: &str) -> TimelineEvent {
        TimelineEvent {
            number,
            label: label.into(),
            from: at(when),
            to: at(when),
        }
    }

    fn example() -> CaseTimeline {
        let window = |from, due, decided: Option<&str>, outcome| TimelineWindow {
            from: at(from),
            due: Some(at(due)),
            decided: decided.map(at),
            outcome,
        };
        CaseTimeline {
            id: "case".into(),
            caption: "The case to scale".into(),
            from: at("2025-01-01T00:00:00Z"),
            to: at("2025-03-01T00:00:00Z"),
            known_to: Some(at("2025-02-20T00:00:00Z")),
            events: vec![
                event(1, "referral received", "2025-01-01T10:00:00Z"),
                event(2, "child seen", "2025-01-04T10:00:00Z"),
            ],
            standards: vec![TimelineStandard {
                code: "S1".into(),
                title: "Seen within 24 hours".into(),
                windows: vec![
                    window(
                        "2025-01-01T10:00:00Z",
                        "2025-01-02T10:00:00Z",
                        Some("2025-01-04T10:00:00Z"),
                        WindowOutcome::Missed,
                    ),
                    window(
                        "2025-01-02T10:00:00Z",
                        "2025-02-28T10:00:00Z",
                        None,
                        WindowOutcome::Pending,
                    ),
                ],
            }],
            source: None,
        }
    }

    #[test]
    fn every_outcome_is_said_in_words_beside_its_shape() {
        let svg = Chart::CaseTimeline(example()).svg();
        for words in ["missed", "pending", "1 referral received", "Jan 2025"] {
            assert!(svg.contains(words), "{words} is not in {svg}");
        }
    }

    #[test]
    fn a_place_on_the_paper_is_in_proportion_to_the_time() {
        let scale = Scale::new(at("2025-01-01T00:00:00Z"), at("2025-01-11T00:00:00Z"));
        let middle = scale.x(at("2025-01-06T00:00:00Z"));
        assert!((middle - (LEFT + RIGHT) / 2.0).abs() < 1e-9);
        assert!((scale.x(at("2026-01-01T00:00:00Z")) - RIGHT).abs() < 1e-9);
    }

    #[test]
    fn windows_at_the_same_time_lie_in_lanes_of_their_own() {
        let timeline = example();
        let scale = Scale::new(timeline.from, timeline.to);
        let row = StandardRow::new(&timeline.standards[0], &scale, 0.0);
        assert_eq!(row.lanes, [0, 1]);
    }

    #[test]
    fn there_are_a_handful_of_ticks_whatever_the_length() {
        let from = at("2025-01-01T00:00:00Z");
        for days in [1, 2, 7, 20, 45, 90, 400, 3_000] {
            let to = from + jiff::SignedDuration::from_hours(days * 24);
            let count = ticks(from, to).len();
            assert!((1..=11).contains(&count), "{count} ticks in {days} days");
        }
    }

    #[test]
    fn words_of_many_events_at_once_never_stand_over_each_other() {
        let mut timeline = example();
        timeline.events = (1..=40)
            .map(|number| {
                event(
                    number,
                    "case is reviewed by a supervisor",
                    "2025-01-09T10:00:00Z",
                )
            })
            .collect();
        let svg = Chart::CaseTimeline(timeline).svg();
        assert!(svg.contains(">1 case is reviewed"), "the first has words");
        assert!(!svg.contains(">40<"), "for the last there is no room");
        assert!(svg.matches("<circle").count() >= 40, "each has its place");
    }
}
