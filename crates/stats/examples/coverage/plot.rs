//! The study as a picture: one line for each interval, one dot for each truth.

use super::{Coverage, TRUTHS};
use std::fmt::Write;

const LEFT: f64 = 560.0;
const WIDE: f64 = 400.0;
const STEP: f64 = 22.0;
const TOP: f64 = 64.0;
const LEAST: f64 = 0.90;

/// From light to dark by the truth.
const COLOURS: [&str; 5] = ["#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#084594"];

/// The picture, as SVG.
pub fn draw(coverages: &[Coverage]) -> String {
    let lines: Vec<&[Coverage]> = coverages
        .chunk_by(|a, b| (a.design, a.interval) == (b.design, b.interval))
        .collect();
    let bottom = TOP + STEP * lines.len() as f64;
    let (width, height) = (LEFT + WIDE + 30.0, bottom + 30.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n\
         <title>How often 95 % intervals hold the truth</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <rect x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{}\" fill=\"#e8f3e8\"/>\n",
        at(0.94),
        at(0.97) - at(0.94),
        bottom - TOP
    );
    key(&mut svg);
    axis(&mut svg, bottom);
    for (line, number) in lines.iter().zip(0..) {
        let y = TOP + STEP * (f64::from(number) + 0.5);
        let _ = writeln!(
            svg,
            "<text x=\"8\" y=\"{:.1}\">{}: {}{}</text>",
            y + 4.0,
            line[0].design,
            line[0].interval,
            if line[0].at_least { " (≥ 95 %)" } else { "" }
        );
        for (one, colour) in line.iter().zip(COLOURS) {
            let share = one.covered as f64 / one.samples as f64;
            let _ = writeln!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\" stroke=\"#222\" \
                 stroke-width=\"0.5\"/>",
                at(share)
            );
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn at(share: f64) -> f64 {
    LEFT + WIDE * ((share.max(LEAST) - LEAST) / (1.0 - LEAST))
}

fn key(svg: &mut String) {
    let _ = writeln!(
        svg,
        "<text x=\"8\" y=\"20\" font-size=\"14\">How often 95 % intervals hold the truth</text>\n\
         <text x=\"8\" y=\"40\">shaded: 94 to 97 %; dots by the share in the population:</text>"
    );
    for ((truth, colour), number) in TRUTHS.iter().zip(COLOURS).zip(0..) {
        let x = LEFT + 60.0 * f64::from(number);
        let _ = writeln!(
            svg,
            "<circle cx=\"{x}\" cy=\"36\" r=\"4\" fill=\"{colour}\" stroke=\"#222\" stroke-width=\"0.5\"/>\
             <text x=\"{}\" y=\"40\">{:.0} %</text>",
            x + 8.0,
            truth * 100.0
        );
    }
}

fn axis(svg: &mut String, bottom: f64) {
    for percent in (90..=100).step_by(2) {
        let x = at(f64::from(percent) / 100.0);
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" y1=\"{TOP}\" x2=\"{x}\" y2=\"{bottom}\" stroke=\"#ccc\"/>\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{percent} %</text>",
            bottom + 18.0
        );
    }
    let x = at(0.95);
    let _ = writeln!(
        svg,
        "<line x1=\"{x}\" y1=\"{TOP}\" x2=\"{x}\" y2=\"{bottom}\" stroke=\"#222\"/>"
    );
}
