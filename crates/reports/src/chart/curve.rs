//! What more cases would buy: lines over the number of cases read, with the number planned marked.
//!
//! It stands on the page where a sample is planned, and in no report.

use super::svg::{ACCENT, Anchor, INK, MUTED, RULE, SMALL, Scene, WIDTH};
use crate::figure::{count, percent};
use crate::table::{Additive, Cell, Column, ColumnKind, Row, Table};

/// Lines over the number of cases read.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Anchor of the chart.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// What the upward scale is: `Percentage points`.
    pub scale: String,
    /// The top of the upward scale, as a fraction.
    pub top: f64,
    /// The number of cases planned.
    pub planned: u64,
    /// The lines, each over the same numbers of cases.
    pub lines: Vec<CurveLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveLine {
    /// What it is, in a few words.
    pub name: String,
    /// Cases read, and the value there as a fraction; no value where there is none.
    pub points: Vec<(u64, Option<f64>)>,
}

const LEFT: f64 = 56.0;
const RIGHT: f64 = WIDTH - 16.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 290.0;

impl Curve {
    /// What a person sees who looks at it, in words.
    pub fn description(&self) -> String {
        let lines = self.lines.iter().map(|line| {
            let first = line.points.iter().find_map(|&(n, value)| Some((n, value?)));
            let last = line
                .points
                .iter()
                .rev()
                .find_map(|&(n, value)| Some((n, value?)));
            match (first, last) {
                (Some(first), Some(last)) => format!(
                    "{}: from {} with {} cases to {} with {}.",
                    line.name,
                    percent(first.1),
                    count(first.0),
                    percent(last.1),
                    count(last.0)
                ),
                _ => format!("{}: no value.", line.name),
            }
        });
        lines.collect::<Vec<_>>().join(" ")
    }

    /// The same numbers as a table.
    pub fn table(&self) -> Table {
        let sizes = self.lines.first().map_or(&[][..], |line| &line.points[..]);
        let mut columns = vec![Column::new(
            "Cases read",
            ColumnKind::Count,
            "How many cases are read",
        )];
        columns.extend(
            self.lines
                .iter()
                .map(|line| Column::new(&line.name, ColumnKind::Percent, &self.scale)),
        );
        let rows = sizes.iter().enumerate().map(|(place, &(n, _))| {
            let values = self.lines.iter().map(|line| match line.points.get(place) {
                Some(&(_, Some(value))) => Cell::Percent(value),
                _ => Cell::Blank,
            });
            Row {
                part: Default::default(),
                cells: [Cell::Count(n)].into_iter().chain(values).collect(),
            }
        });
        Table {
            id: format!("{}-table", self.id),
            caption: self.caption.clone(),
            rows: rows.collect(),
            columns,
            additive: Additive::No,
            notes: Vec::new(),
            source: None,
        }
    }

    /// The chart as SVG, complete in itself.
    pub fn svg(&self) -> String {
        let mut scene = Scene::new(&self.id, &self.caption, self.description());
        scene
            .text((0.0, 16.0), &self.scale)
            .set(SMALL, Anchor::Start, MUTED);
        self.draw_axes(&mut scene);
        let (x, _) = self.at(self.planned, 0.0);
        scene.dashed_line((x, TOP), (x, BOTTOM), INK);
        let planned = format!("planned: {}", count(self.planned));
        let anchor = if x > WIDTH * 0.75 {
            Anchor::End
        } else {
            Anchor::Start
        };
        let beside = if x > WIDTH * 0.75 { x - 5.0 } else { x + 5.0 };
        scene
            .text((beside, TOP + 10.0), planned)
            .set(SMALL, anchor, INK);
        for (number, line) in self.lines.iter().enumerate() {
            self.draw_line(&mut scene, line, number);
        }
        scene
            .text((RIGHT, BOTTOM + 40.0), "Cases read")
            .set(SMALL, Anchor::End, MUTED);
        scene.set_height(BOTTOM + 48.0);
        scene.svg()
    }

    /// The end of the scale across, so that a quarter of it is a whole number.
    fn most(&self) -> u64 {
        let sizes = self.lines.iter().flat_map(|line| &line.points);
        let most = sizes.map(|point| point.0).max().unwrap_or(1);
        most.max(self.planned).max(1).div_ceil(4) * 4
    }

    fn at(&self, n: u64, value: f64) -> (f64, f64) {
        let across = n as f64 / self.most() as f64;
        let up = (value / self.top).clamp(0.0, 1.0);
        (LEFT + (RIGHT - LEFT) * across, BOTTOM - (BOTTOM - TOP) * up)
    }

    fn draw_axes(&self, scene: &mut Scene) {
        for quarter in 0..=4 {
            let value = self.top * f64::from(quarter) / 4.0;
            let (_, y) = self.at(0, value);
            scene.line((LEFT, y), (RIGHT, y), RULE, 1.0);
            let label = percent(value).replacen(".0", "", 1);
            scene
                .text((LEFT - 6.0, y + 5.0), label)
                .set(SMALL, Anchor::End, MUTED);
        }
        for quarter in 1..=4 {
            let n = self.most() * quarter / 4;
            let (x, _) = self.at(n, 0.0);
            let anchor = if quarter == 4 {
                Anchor::End
            } else {
                Anchor::Middle
            };
            scene
                .text((x, BOTTOM + 20.0), count(n))
                .set(SMALL, anchor, MUTED);
        }
    }

    /// A line; every second one with a ring at each point, so that they differ without colour.
    fn draw_line(&self, scene: &mut Scene, line: &CurveLine, number: usize) {
        let places: Vec<(f64, f64)> = line
            .points
            .iter()
            .filter_map(|&(n, value)| Some(self.at(n, value?)))
            .collect();
        for pair in places.windows(2) {
            scene.line(pair[0], pair[1], ACCENT, 2.0);
        }
        for &(x, y) in places.iter().filter(|_| number % 2 == 1) {
            scene.circle((x, y), 4.0, ACCENT);
        }
        // A falling line has room above its beginning, a rising one above its end.
        let (Some(&first), Some(&last)) = (places.first(), places.last()) else {
            return;
        };
        let (at, anchor) = match last.1 > first.1 {
            true => (first, Anchor::Start),
            false => (last, Anchor::End),
        };
        scene
            .text((at.0, at.1 - 10.0), &line.name)
            .set(SMALL, anchor, INK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve() -> Curve {
        Curve {
            id: "plan".into(),
            caption: "What more cases would tell".into(),
            scale: "Percentage points".into(),
            top: 0.2,
            planned: 100,
            lines: vec![CurveLine {
                name: "Known to within".into(),
                points: vec![(50, Some(0.14)), (100, Some(0.1)), (400, None)],
            }],
        }
    }

    #[test]
    fn curve_says_in_words_and_in_its_table_what_it_draws() {
        let curve = curve();
        let svg = curve.svg();
        assert!(
            svg.contains("planned: 100") && svg.contains("Known to within"),
            "{svg}"
        );
        assert!(
            curve
                .description()
                .contains("from 14.0\u{a0}% with 50 cases")
        );
        let table = curve.table();
        assert_eq!(table.rows.len(), 3);
        assert_eq!(table.rows[2].cells[1], Cell::Blank);
    }
}
