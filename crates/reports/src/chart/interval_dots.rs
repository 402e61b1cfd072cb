//! Shares with their intervals, round by round. Rounds that cannot be compared stand apart,
//! with the reason between them, and nothing joins one dot to another.

use serde::{Deserialize, Serialize};

use super::svg::{ACCENT, Anchor, INK, MUTED, RULE, SMALL, Scene, TEXT, WIDTH, wrap};
use crate::figure::{Form, Measure};
use crate::table::{Additive, Cell, Column, ColumnKind, Row, Table};

/// Shares with their intervals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntervalDots {
    /// Anchor.
    pub id: String,
    /// What the chart shows.
    pub caption: String,
    /// What the dots are: "Round".
    pub category: String,
    /// What the scale measures: "Share of cases graded below good".
    pub scale: String,
    /// The dots, in groups within which they may be compared.
    pub groups: Vec<DotGroup>,
    /// Where the numbers come from.
    pub source: Option<String>,
}

/// Dots that may be compared with each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DotGroup {
    /// Heading of the group, perhaps empty: "Graded on three grades".
    pub heading: String,
    /// Why it cannot be compared with the group before, as a whole sentence.
    pub apart_because: Option<String>,
    /// The dots, from the top.
    pub dots: Vec<Dot>,
}

/// One dot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dot {
    /// What it stands for.
    pub label: String,
    /// The key of its figure in the document, where it has one.
    pub key: Option<String>,
    /// Its number: a proportion, or why there is none.
    pub measure: Measure,
}

const PLOT_LEFT: f64 = 160.0;
const LABEL_WIDTH: f64 = PLOT_LEFT - 10.0;
const PLOT_WIDTH: f64 = 330.0;
const VALUE_LEFT: f64 = 512.0;
const ROW: f64 = 32.0;

fn x_of(share: f64) -> f64 {
    PLOT_LEFT + PLOT_WIDTH * share.clamp(0.0, 1.0)
}

impl Dot {
    /// Whether the share is not simply the fraction of the cases counted.
    fn is_weighted(&self) -> bool {
        match self.measure {
            Measure::Proportion { k, n, value, .. } => (value * n as f64 - k as f64).abs() > 1e-6,
            _ => false,
        }
    }

    fn cell(&self) -> Cell {
        let key = self.key.clone();
        match (&self.measure, key) {
            (measure, Some(key)) => Cell::Figure {
                key,
                form: self.form(),
                measure: measure.clone(),
            },
            (Measure::Suppressed { why }, None) => Cell::Suppressed(why.clone()),
            (Measure::Unknown { why }, None) => Cell::Unknown(why.clone()),
            (measure, None) => Cell::text(measure.print_in_full().text),
        }
    }

    /// The interval, where the measure has one.
    fn form(&self) -> Form {
        if self.measure.print(Form::Interval).is_some() {
            Form::Interval
        } else {
            Form::Value
        }
    }
}

impl IntervalDots {
    pub(super) fn why_empty(&self) -> Option<&'static str> {
        let mut dots = self.groups.iter().flat_map(|group| &group.dots);
        let is_drawn = |dot: &Dot| matches!(dot.measure, Measure::Proportion { .. });
        if dots.any(is_drawn) {
            return None;
        }
        Some("None can be drawn: no share is known.")
    }

    pub(super) fn description(&self) -> String {
        let mut words = vec![format!("{}.", self.scale)];
        for group in &self.groups {
            words.extend(
                group
                    .apart_because
                    .iter()
                    .map(|why| format!("Not comparable with what stands before: {why}")),
            );
            let dots = group
                .dots
                .iter()
                .map(|dot| format!("{}: {}.", dot.label, dot.measure.print_in_full().spoken()));
            words.extend(dots);
        }
        words.join(" ")
    }

    pub(super) fn table(&self) -> Table {
        let columns = vec![
            Column::new(
                &self.category,
                ColumnKind::Text,
                format!("{} that the row describes", self.category),
            ),
            Column::new(
                "Of those read",
                ColumnKind::Figure,
                "How many of the cases read",
            ),
            Column::new(
                "Share (interval)",
                ColumnKind::Figure,
                format!("{}, with its confidence interval", self.scale),
            ),
            Column::new(
                "Comparable with",
                ColumnKind::Text,
                "Rows with the same words here may be compared; others may not, for the reason given below the table",
            ),
        ];
        let rows = self.groups.iter().enumerate().flat_map(|(number, group)| {
            let comparable = group.comparable(number, self.groups.len());
            group.dots.iter().map(move |dot| row(dot, &comparable))
        });
        Table {
            id: format!("{}-table", self.id),
            caption: self.caption.clone(),
            columns,
            rows: rows.collect(),
            additive: Additive::No,
            notes: self.reasons(),
            source: self.source.clone(),
        }
    }

    /// Why each group cannot be compared with those before it, and what a weighted share is.
    fn reasons(&self) -> Vec<String> {
        let reason = |group: &DotGroup| {
            let why = group.apart_because.as_ref()?;
            Some(format!(
                "'{}' is not comparable with the rows before. {why}",
                group.heading
            ))
        };
        let mut reasons: Vec<String> = self.groups.iter().filter_map(reason).collect();
        let mut dots = self.groups.iter().flat_map(|group| &group.dots);
        if dots.any(Dot::is_weighted) {
            reasons.push("The share is the figure for all cases on the list: each kind of case weighs as much as it does there, so it need not be the plain fraction of those read.".into());
        }
        reasons
    }

    pub(super) fn scene(&self) -> Scene {
        let mut scene = Scene::new(&self.id, &self.caption, self.description());
        scene
            .text((PLOT_LEFT, 14.0), &self.scale)
            .set(SMALL, Anchor::Start, MUTED);
        scene
            .text((VALUE_LEFT, 14.0), "Share (interval)")
            .set(SMALL, Anchor::Start, MUTED);
        let mut y = 26.0;
        for group in &self.groups {
            y = draw_group(&mut scene, group, y);
        }
        draw_scale(&mut scene, y);
        scene.set_height(y + 28.0);
        scene
    }
}

impl DotGroup {
    /// The words that rows which may be compared have in common.
    fn comparable(&self, number: usize, groups: usize) -> String {
        match self.heading.as_str() {
            "" if groups == 1 => "All rows".to_owned(),
            "" => format!("Group {}", number + 1),
            heading => heading.to_owned(),
        }
    }
}

fn row(dot: &Dot, comparable: &str) -> Row {
    let parts = match dot.measure.print(Form::Count) {
        Some(_) if dot.key.is_some() => Cell::Figure {
            key: dot.key.clone().unwrap_or_default(),
            form: Form::Count,
            measure: dot.measure.clone(),
        },
        Some(printed) => Cell::text(printed.text),
        None => Cell::Blank,
    };
    Row {
        part: Default::default(),
        cells: vec![
            Cell::text(&dot.label),
            parts,
            dot.cell(),
            Cell::text(comparable),
        ],
    }
}

fn draw_group(scene: &mut Scene, group: &DotGroup, mut y: f64) -> f64 {
    if let Some(why) = &group.apart_because {
        y = draw_reason(scene, why, y);
    }
    if !group.heading.is_empty() {
        scene.text((0.0, y + 20.0), &group.heading).bold();
        y += 30.0;
    }
    let bottom = y + group.dots.len() as f64 * ROW;
    for quarter in 0..=4 {
        let x = x_of(f64::from(quarter) / 4.0);
        scene.line((x, y), (x, bottom), RULE, 1.0);
    }
    for dot in &group.dots {
        draw_dot(scene, dot, y + ROW / 2.0);
        y += ROW;
    }
    y
}

/// The reason that keeps two groups apart, between two dashed lines.
fn draw_reason(scene: &mut Scene, why: &str, y: f64) -> f64 {
    let lines = wrap(
        &format!("Not comparable with the rows above. {why}"),
        SMALL,
        WIDTH,
    );
    let top = y + 14.0;
    let bottom = top + lines.len() as f64 * 18.0 + 12.0;
    scene.dashed_line((0.0, top), (WIDTH, top), MUTED);
    for (number, line) in lines.iter().enumerate() {
        scene
            .text((0.0, top + 20.0 + number as f64 * 18.0), line)
            .set(SMALL, Anchor::Start, INK);
    }
    scene.dashed_line((0.0, bottom), (WIDTH, bottom), MUTED);
    bottom + 12.0
}

fn draw_dot(scene: &mut Scene, dot: &Dot, y: f64) {
    draw_label(scene, &dot.label, y);
    if let Measure::Proportion {
        value,
        lower,
        upper,
        ..
    } = dot.measure
    {
        let (left, right) = (x_of(lower), x_of(upper));
        scene.line((left, y), (right, y), ACCENT, 2.5);
        for end in [left, right] {
            scene.line((end, y - 6.0), (end, y + 6.0), ACCENT, 2.0);
        }
        scene.circle((x_of(value), y), 6.0, ACCENT);
        scene
            .text((VALUE_LEFT, y + 5.0), dot.measure.print_in_full().text)
            .set(TEXT, Anchor::Start, INK);
    } else {
        scene
            .text((VALUE_LEFT, y + 5.0), dot.measure.print_in_full().text)
            .set(TEXT, Anchor::Start, MUTED);
    }
}

/// The label beside its dot, in two lesser lines where one would reach into the plot.
fn draw_label(scene: &mut Scene, label: &str, y: f64) {
    if wrap(label, TEXT, LABEL_WIDTH).len() <= 1 {
        scene
            .text((0.0, y + 5.0), label)
            .set(TEXT, Anchor::Start, INK);
        return;
    }
    let lines = wrap(label, SMALL, LABEL_WIDTH);
    let top = y + 5.0 - 7.5 * (lines.len() as f64 - 1.0);
    for (number, line) in lines.iter().enumerate() {
        scene
            .text((0.0, top + 15.0 * number as f64), line)
            .set(SMALL, Anchor::Start, INK);
    }
}

fn draw_scale(scene: &mut Scene, y: f64) {
    scene.line((PLOT_LEFT, y), (PLOT_LEFT + PLOT_WIDTH, y), MUTED, 1.0);
    for quarter in 0..=4 {
        let x = x_of(f64::from(quarter) / 4.0);
        let label = format!("{}\u{a0}%", quarter * 25);
        scene
            .text((x, y + 19.0), label)
            .set(SMALL, Anchor::Middle, MUTED);
    }
}
