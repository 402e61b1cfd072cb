//! A comparison in plain English.

use super::Comparison;
use crate::estimate::percent;

impl Comparison {
    /// What changed and whether it is more than chance, in plain words.
    pub fn verdict_in_words(&self) -> String {
        format!("{} {} {}", self.movement(), self.range(), self.verdict())
    }

    fn movement(&self) -> String {
        let (from, to) = (self.earlier.share(), self.later.share());
        format!(
            "From {} ({} of {}) to {} ({} of {}): {}.",
            percent(from),
            self.earlier.k,
            self.earlier.n,
            percent(to),
            self.later.k,
            self.later.n,
            points(self.change)
        )
    }

    fn range(&self) -> String {
        format!(
            "The true change lies between {} and {}, with {} confidence.",
            points(self.lower),
            points(self.upper),
            format_args!("{} %", (self.level.value() * 1000.0).round() / 10.0)
        )
    }

    fn verdict(&self) -> String {
        let p = chance(self.fisher_p);
        let leaves_out_none = self.lower > 0.0 || self.upper < 0.0;
        match (self.beyond_chance(), leaves_out_none) {
            (true, _) => format!("This is more than chance alone would explain ({p})."),
            (false, false) => format!("This could be chance ({p})."),
            (false, true) => {
                format!(
                    "This could be chance ({p}): the range just leaves out no change, but the exact test does not."
                )
            }
        }
    }
}

/// A difference of shares in percentage points: `up 15.0 points`.
fn points(change: f64) -> String {
    let size = format!("{:.1}", (change * 100.0).abs());
    match size.as_str() {
        "0.0" => "no change".into(),
        _ if change > 0.0 => format!("up {size} points"),
        _ => format!("down {size} points"),
    }
}

fn chance(p: f64) -> String {
    match p {
        p if p < 0.001 => "Fisher's exact test, p below 0.001".into(),
        p => format!("Fisher's exact test, p = {p:.3}"),
    }
}
