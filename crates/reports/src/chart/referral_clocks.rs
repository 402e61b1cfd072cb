//! The clocks of referrals: hours used on each against its limit.

use serde::{Deserialize, Serialize};

use super::svg::{ACCENT, Anchor, INK, MUTED, PAPER, RISK, SMALL, Scene, TEXT, wrap};
use crate::figure::hours_of;
use crate::table::{Additive, Cell, Column, ColumnKind, Row, Table};

/// Clocks, each against its own limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReferralClocks {
    /// Anchor.
    pub id: String,
    /// What the chart shows.
    pub caption: String,
    /// The clocks, from the top.
    pub clocks: Vec<Clock>,
    /// Where the numbers come from.
    pub source: Option<String>,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Whose clock it is: the referral's pseudonymous reference.
    pub label: String,
    /// What is waited for: "Acknowledge".
    pub step: String,
    /// Hours used.
    pub used_hours: f64,
    /// Hours allowed.
    pub limit_hours: f64,
    /// Whether the step was taken, so that the clock stands.
    pub stopped: bool,
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockState {
    /// The step was taken in time.
    Met,
    /// The step is awaited, and there is time left.
    Running,
    /// The step was taken after the limit.
    Late,
    /// The limit has passed and the step is still awaited.
    RunOut,
}

impl ClockState {
    /// The state in words.
    pub fn words(self) -> &'static str {
        match self {
            ClockState::Met => "In time",
            ClockState::Running => "Running",
            ClockState::Late => "Late",
            ClockState::RunOut => "Run out",
        }
    }

    fn is_over(self) -> bool {
        matches!(self, ClockState::Late | ClockState::RunOut)
    }
}

impl Clock {
    /// Where the clock stands.
    pub fn state(&self) -> ClockState {
        match (self.used_hours > self.limit_hours, self.stopped) {
            (false, true) => ClockState::Met,
            (false, false) => ClockState::Running,
            (true, true) => ClockState::Late,
            (true, false) => ClockState::RunOut,
        }
    }

    /// Hours used as a share of the limit.
    fn share(&self) -> f64 {
        if self.limit_hours > 0.0 {
            (self.used_hours / self.limit_hours).max(0.0)
        } else {
            SHARE_MAX
        }
    }

    fn sentence(&self) -> String {
        format!("{}, {}", self.state().words(), self.amount())
    }

    fn amount(&self) -> String {
        hours_of(self.used_hours, self.limit_hours)
    }
}

const PLOT_LEFT: f64 = 176.0;
const PLOT_WIDTH: f64 = 310.0;
const VALUE_LEFT: f64 = 506.0;
const ROW: f64 = 40.0;
const BAR: f64 = 18.0;

/// Bars are drawn up to this many times their limit; the words beside them tell the rest.
const SHARE_MAX: f64 = 2.5;

impl ReferralClocks {
    pub(super) fn description(&self) -> String {
        let clocks = self.clocks.iter().map(|clock| {
            format!(
                "{}, {}: {}.",
                clock.label,
                clock.step.to_lowercase(),
                clock.sentence()
            )
        });
        clocks.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn table(&self) -> Table {
        let columns = vec![
            Column::new(
                "Referral",
                ColumnKind::Text,
                "Pseudonymous reference of the referral",
            ),
            Column::new(
                "Waiting for",
                ColumnKind::Text,
                "The step that stops the clock",
            ),
            Column::new(
                "Used",
                ColumnKind::Hours,
                "Hours from raising the referral to the step, or to the day of the figures",
            ),
            Column::new("Limit", ColumnKind::Hours, "Hours allowed by the framework"),
            Column::new(
                "State",
                ColumnKind::Text,
                "In time, running, late (taken after the limit) or run out (still awaited)",
            ),
        ];
        let rows = self.clocks.iter().map(|clock| Row {
            part: Default::default(),
            cells: vec![
                Cell::text(&clock.label),
                Cell::text(&clock.step),
                Cell::Hours(clock.used_hours),
                Cell::Hours(clock.limit_hours),
                Cell::text(clock.state().words()),
            ],
        });
        Table {
            id: format!("{}-table", self.id),
            caption: self.caption.clone(),
            columns,
            rows: rows.collect(),
            additive: Additive::No,
            notes: Vec::new(),
            source: self.source.clone(),
        }
    }

    pub(super) fn scene(&self) -> Scene {
        let mut scene = Scene::new(&self.id, &self.caption, self.description());
        let longest = self
            .clocks
            .iter()
            .map(Clock::share)
            .fold(1.2, f64::max)
            .min(SHARE_MAX);
        let unit = PLOT_WIDTH / longest;
        let bottom = 28.0 + self.clocks.len() as f64 * ROW;
        let limit = PLOT_LEFT + unit;
        scene
            .text((limit, 14.0), "limit")
            .set(SMALL, Anchor::Middle, INK)
            .bold();
        for (number, clock) in self.clocks.iter().enumerate() {
            draw_clock(&mut scene, clock, 28.0 + number as f64 * ROW, unit);
        }
        scene.line((PLOT_LEFT, 22.0), (PLOT_LEFT, bottom), MUTED, 1.0);
        scene.line((limit, 20.0), (limit, bottom), INK, 2.0);
        scene.set_height(bottom + 6.0);
        scene
    }
}

fn draw_clock(scene: &mut Scene, clock: &Clock, y: f64, unit: f64) {
    let middle = y + ROW / 2.0;
    let label = wrap(&clock.label, TEXT, PLOT_LEFT - 30.0);
    scene.text(
        (0.0, middle - 3.0),
        label.first().cloned().unwrap_or_default(),
    );
    scene
        .text((0.0, middle + 13.0), &clock.step)
        .set(SMALL, Anchor::Start, MUTED);
    draw_bar(scene, clock, middle - BAR / 2.0, unit);
    let over = clock.state().is_over();
    if over {
        draw_alert(scene, middle);
    }
    let left = VALUE_LEFT + 26.0;
    scene
        .text((left, middle - 3.0), clock.state().words())
        .set(TEXT, Anchor::Start, if over { RISK } else { INK })
        .bold();
    scene
        .text((left, middle + 13.0), clock.amount())
        .set(SMALL, Anchor::Start, INK);
}

fn draw_bar(scene: &mut Scene, clock: &Clock, top: f64, unit: f64) {
    let used = clock.share().min(SHARE_MAX);
    let within = used.min(1.0) * unit;
    let fill = if clock.stopped { ACCENT } else { "#a3c0da" };
    scene.rect((PLOT_LEFT, top), (within, BAR), fill, ACCENT);
    if clock.state().is_over() {
        scene.rect(
            (PLOT_LEFT + unit, top),
            ((used - 1.0).max(0.01) * unit, BAR),
            RISK,
            RISK,
        );
    }
    if clock.share() > SHARE_MAX {
        let end = PLOT_LEFT + SHARE_MAX * unit;
        scene.line(
            (end - 12.0, top - 3.0),
            (end - 20.0, top + BAR + 3.0),
            PAPER,
            4.0,
        );
    }
}

/// A triangle with a stroke in it: the shape that goes with red.
fn draw_alert(scene: &mut Scene, middle: f64) {
    let (left, top) = (VALUE_LEFT, middle - 17.0);
    scene.polygon(
        vec![
            (left + 9.0, top),
            (left + 18.0, top + 16.0),
            (left, top + 16.0),
        ],
        RISK,
    );
    scene
        .text((left + 9.0, top + 14.0), "!")
        .set(12.0, Anchor::Middle, PAPER)
        .bold();
}
