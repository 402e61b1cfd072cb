//! Grades by category, as bars that each make up a whole.

use serde::{Deserialize, Serialize};

use super::svg::{ACCENT, Anchor, INK, MUTED, PAPER, SMALL, Scene, TEXT, WIDTH, width_of, wrap};
use crate::figure::count;
use crate::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};

/// Grades by category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradeBars {
    /// Anchor.
    pub id: String,
    /// What the chart shows.
    pub caption: String,
    /// What the bars are: "Kind of case".
    pub category: String,
    /// The grades, best first.
    pub grades: Vec<Grade>,
    /// The bars, from the top.
    pub bars: Vec<GradeBar>,
    /// Where the numbers come from.
    pub source: Option<String>,
}

/// One grade of the scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// Its name: "Requires improvement".
    pub name: String,
    /// The letters that stand for it on a bar: "RI".
    pub short: String,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradeBar {
    /// What it stands for.
    pub label: String,
    /// How many cases had each grade, in the order of the grades.
    pub counts: Vec<Cell>,
    /// How many there were altogether.
    pub total: Cell,
    /// Whether it is the sum of the bars above it.
    pub is_sum: bool,
}

const BAR_LEFT: f64 = 206.0;
const BAR_WIDTH: f64 = 440.0;
const BAR_HEIGHT: f64 = 30.0;

/// Fill and text of each step from best to worst; every bar is outlined in the accent, so
/// that the lightest step is bounded as clearly as the darkest.
const STEPS: [(&str, &str); 5] = [
    ("#d6e2ee", INK),
    ("#a3c0da", INK),
    ("#6a97c1", INK),
    ("#3a6a9c", PAPER),
    (ACCENT, PAPER),
];

fn step(place: usize, of: usize) -> (&'static str, &'static str) {
    match of {
        0 | 1 => STEPS[4],
        _ => STEPS[(place * 4 + (of - 1) / 2) / (of - 1)],
    }
}

fn known(cell: &Cell) -> Option<u64> {
    match cell {
        Cell::Count(value) => Some(*value),
        Cell::Figure {
            measure: crate::figure::Measure::Count { value, .. },
            ..
        } => Some(*value),
        _ => None,
    }
}

impl GradeBar {
    /// The counts, unless one of them is withheld or unknown.
    fn known_counts(&self) -> Option<Vec<u64>> {
        self.counts.iter().map(known).collect()
    }

    fn written_out(&self, grades: &[Grade]) -> String {
        let parts: Vec<String> = grades
            .iter()
            .zip(&self.counts)
            .map(|(grade, cell)| format!("{} {}", grade.short, cell.print().text))
            .collect();
        parts.join(", ")
    }
}

impl GradeBars {
    /// A bar for the sum alone says no more than the table of grades.
    pub(super) fn why_empty(&self) -> Option<&'static str> {
        let is_drawn = |bar: &GradeBar| {
            let counts = bar.known_counts();
            !bar.is_sum && counts.is_some_and(|counts| counts.iter().any(|&count| count > 0))
        };
        if self.bars.iter().any(is_drawn) {
            return None;
        }
        Some(
            "None can be drawn: there are no cases, or so few of each kind that the numbers are withheld.",
        )
    }

    pub(super) fn description(&self) -> String {
        let bars = self.bars.iter().map(|bar| {
            let parts: Vec<String> = self
                .grades
                .iter()
                .zip(&bar.counts)
                .map(|(grade, cell)| {
                    format!("{} {}", cell.print().spoken(), grade.name.to_lowercase())
                })
                .collect();
            format!(
                "{}: {}, of {}.",
                bar.label,
                parts.join(", "),
                bar.total.print().spoken()
            )
        });
        bars.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn table(&self) -> Table {
        let mut columns = vec![Column::new(
            &self.category,
            ColumnKind::Text,
            format!("{} that the row counts", self.category),
        )];
        columns.extend(self.grades.iter().map(|grade| {
            Column::new(
                &grade.name,
                ColumnKind::Count,
                format!("Cases graded {}", grade.name.to_lowercase()),
            )
            .being(Part::Part)
        }));
        columns.push(
            Column::new(
                "All",
                ColumnKind::Count,
                "Cases graded, the sum of the grades before",
            )
            .being(Part::Total),
        );
        let summed = self.bars.last().is_some_and(|bar| bar.is_sum);
        Table {
            id: format!("{}-table", self.id),
            caption: self.caption.clone(),
            columns,
            rows: self.bars.iter().map(row).collect(),
            additive: if summed {
                Additive::Both
            } else {
                Additive::Along
            },
            notes: Vec::new(),
            source: self.source.clone(),
        }
    }

    pub(super) fn scene(&self) -> Scene {
        let mut scene = Scene::new(&self.id, &self.caption, self.description());
        let mut y = self.draw_key(&mut scene);
        for bar in &self.bars {
            y = self.draw_bar(&mut scene, bar, y);
        }
        scene.set_height(y);
        scene
    }

    /// The grades with their letters, above the bars.
    fn draw_key(&self, scene: &mut Scene) -> f64 {
        let (mut x, mut y) = (0.0, 4.0);
        for (place, grade) in self.grades.iter().enumerate() {
            let (fill, ink) = step(place, self.grades.len());
            let swatch = width_of(&grade.short, SMALL) + 16.0;
            let width = swatch + 8.0 + width_of(&grade.name, SMALL) + 20.0;
            if x > 0.0 && x + width > WIDTH - 40.0 {
                (x, y) = (0.0, y + 28.0);
            }
            scene.rect((x + 0.5, y + 0.5), (swatch, 20.0), fill, ACCENT);
            scene
                .text((x + swatch / 2.0 + 0.5, y + 15.5), &grade.short)
                .set(SMALL, Anchor::Middle, ink)
                .bold();
            scene
                .text((x + swatch + 8.0, y + 15.5), &grade.name)
                .set(SMALL, Anchor::Start, INK);
            x += width;
        }
        scene
            .text((WIDTH, y + 15.5), "All")
            .set(SMALL, Anchor::End, MUTED);
        y + 42.0
    }

    fn draw_bar(&self, scene: &mut Scene, bar: &GradeBar, mut y: f64) -> f64 {
        if bar.is_sum {
            scene.line((0.0, y - 1.0), (WIDTH, y - 1.0), ACCENT, 1.5);
            y += 11.0;
        }
        let lines = wrap(&bar.label, TEXT, BAR_LEFT - 14.0);
        let first = y + 20.0 - (lines.len().min(2) as f64 - 1.0) * 8.5;
        for (number, line) in lines.iter().enumerate() {
            scene.text((0.0, first + number as f64 * 17.0), line);
            if bar.is_sum {
                scene.bold();
            }
        }
        let total = bar.total.print().text;
        scene
            .text((WIDTH, y + 20.0), total)
            .set(TEXT, Anchor::End, INK)
            .bold();
        let crowded = self.draw_segments(scene, bar, y);
        let mut bottom = y + BAR_HEIGHT;
        if crowded {
            scene
                .text((BAR_LEFT, bottom + 15.0), bar.written_out(&self.grades))
                .set(SMALL, Anchor::Start, MUTED);
            bottom += 18.0;
        }
        bottom.max(first + lines.len() as f64 * 17.0 - 12.0) + 13.0
    }

    /// Draws the parts of a bar; true if one is too narrow for its label.
    fn draw_segments(&self, scene: &mut Scene, bar: &GradeBar, y: f64) -> bool {
        let counts = bar.known_counts().unwrap_or_default();
        let total: u64 = counts
            .iter()
            .fold(0, |sum, value| sum.saturating_add(*value));
        if total == 0 {
            scene.rect(
                (BAR_LEFT, y + 0.5),
                (BAR_WIDTH, BAR_HEIGHT - 1.0),
                PAPER,
                MUTED,
            );
            let why = if bar.known_counts().is_some() {
                "no cases"
            } else {
                "not drawn: some numbers are withheld or not known"
            };
            scene
                .text((BAR_LEFT + 10.0, y + 20.0), why)
                .set(SMALL, Anchor::Start, MUTED);
            return true;
        }
        let (mut x, mut crowded) = (BAR_LEFT, false);
        for (place, value) in counts.iter().enumerate().filter(|(_, value)| **value > 0) {
            let width = BAR_WIDTH * *value as f64 / total as f64;
            let (fill, ink) = step(place, self.grades.len());
            scene.rect((x, y + 0.5), (width, BAR_HEIGHT - 1.0), fill, ACCENT);
            let letters = self.grades.get(place).map_or("", |grade| &grade.short);
            let label = format!("{letters} {}", count(*value));
            if width_of(&label, SMALL) + 6.0 <= width {
                scene
                    .text((x + width / 2.0, y + 20.0), label)
                    .set(SMALL, Anchor::Middle, ink);
            } else {
                crowded = true;
            }
            x += width;
        }
        crowded
    }
}

fn row(bar: &GradeBar) -> Row {
    let mut cells = vec![Cell::text(&bar.label)];
    cells.extend(bar.counts.iter().cloned());
    cells.push(bar.total.clone());
    if bar.is_sum {
        Row::total(cells)
    } else {
        Row::part(cells)
    }
}
