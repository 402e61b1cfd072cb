//! The marks of a chart, and the one template that sets them as SVG.
//!
//! Only presentation attributes and classes are used: pages forbid inline style. The same
//! text stands in the page and in the PDF.

use askama::Template;

/// Text, near black.
pub(super) const INK: &str = "#0b0c0c";
/// Text of lesser weight; 7.0:1 on white.
pub(super) const MUTED: &str = "#505a5f";
/// The one accent; 10.2:1 on white.
pub(super) const ACCENT: &str = "#12436d";
/// A child at risk, a clock run out, and nothing else; 7.0:1 on white.
pub(super) const RISK: &str = "#b3001b";
/// Hairlines that only guide the eye.
pub(super) const RULE: &str = "#b1b4b6";
/// Paper.
pub(super) const PAPER: &str = "#ffffff";

/// Width of every chart, in the units of its view box.
pub(super) const WIDTH: f64 = 720.0;
/// Size of text.
pub(super) const TEXT: f64 = 15.0;
/// Size of lesser text.
pub(super) const SMALL: f64 = 13.5;

/// Everything that is drawn.
#[derive(Template)]
#[template(path = "chart.svg")]
pub(super) struct Scene {
    id: String,
    title: String,
    description: String,
    height: f64,
    marks: Vec<Mark>,
}

/// One thing drawn.
pub(super) enum Mark {
    Rect {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        fill: &'static str,
        stroke: &'static str,
    },
    Line {
        x1: f64,
        y1: f64,
        x2: f64,
        y2: f64,
        stroke: &'static str,
        width: f64,
        dashed: bool,
    },
    Circle {
        x: f64,
        y: f64,
        radius: f64,
        fill: &'static str,
    },
    Polygon {
        points: Vec<(f64, f64)>,
        fill: &'static str,
    },
    Text {
        x: f64,
        y: f64,
        size: f64,
        anchor: Anchor,
        bold: bool,
        fill: &'static str,
        text: String,
    },
}

#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn word(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

impl Scene {
    pub fn new(id: &str, title: &str, description: String) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description,
            height: 0.0,
            marks: Vec::new(),
        }
    }

    /// The finished SVG, as tall as its content.
    pub fn svg(self) -> String {
        self.render().expect("a template without fallible parts")
    }

    pub fn set_height(&mut self, height: f64) {
        self.height = height;
    }

    pub fn rect(
        &mut self,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        fill: &'static str,
        stroke: &'static str,
    ) {
        self.marks.push(Mark::Rect {
            x,
            y,
            width,
            height,
            fill,
            stroke,
        });
    }

    pub fn line(
        &mut self,
        (x1, y1): (f64, f64),
        (x2, y2): (f64, f64),
        stroke: &'static str,
        width: f64,
    ) {
        self.marks.push(Mark::Line {
            x1,
            y1,
            x2,
            y2,
            stroke,
            width,
            dashed: false,
        });
    }

    pub fn dashed_line(
        &mut self,
        (x1, y1): (f64, f64),
        (x2, y2): (f64, f64),
        stroke: &'static str,
    ) {
        self.marks.push(Mark::Line {
            x1,
            y1,
            x2,
            y2,
            stroke,
            width: 1.5,
            dashed: true,
        });
    }

    pub fn circle(&mut self, (x, y): (f64, f64), radius: f64, fill: &'static str) {
        self.marks.push(Mark::Circle { x, y, radius, fill });
    }

    pub fn polygon(&mut self, points: Vec<(f64, f64)>, fill: &'static str) {
        self.marks.push(Mark::Polygon { points, fill });
    }

    pub fn text(&mut self, at: (f64, f64), text: impl Into<String>) -> &mut Self {
        let (x, y) = at;
        self.marks.push(Mark::Text {
            x,
            y,
            size: TEXT,
            anchor: Anchor::Start,
            bold: false,
            fill: INK,
            text: text.into(),
        });
        self
    }

    /// Changes the text last written.
    pub fn set(&mut self, to_size: f64, to_anchor: Anchor, to_fill: &'static str) -> &mut Self {
        if let Some(Mark::Text {
            size, anchor, fill, ..
        }) = self.marks.last_mut()
        {
            (*size, *anchor, *fill) = (to_size, to_anchor, to_fill);
        }
        self
    }

    /// Makes the text last written bold.
    pub fn bold(&mut self) {
        if let Some(Mark::Text { bold, .. }) = self.marks.last_mut() {
            *bold = true;
        }
    }
}

/// A coordinate to a tenth, so that charts are the same to the byte on every machine.
fn px(value: &f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    format!("{}", if tenths == 0.0 { 0.0 } else { tenths })
}

fn outline(points: &[(f64, f64)]) -> String {
    points
        .iter()
        .map(|(x, y)| format!("{},{}", px(x), px(y)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A generous estimate of how wide text is set.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.54
}

/// Text broken into lines that fit a width.
pub(super) fn wrap(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width_of(line, size) + width_of(word, size) + size * 0.3 <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
