//! A comparison in plain English.

use super::Comparison;
use crate::Level;
use crate::estimate::percent;

impl Comparison {
    /// What changed and whether it is more than chance, in plain words.
    pub fn verdict_in_words(&self) -> String {
        format!("{} {} {}", self.movement(), self.range(), self.verdict())
    }

    fn movement(&self) -> String {
        movement(
            (self.earlier.share(), self.earlier.k, self.earlier.n),
            (self.later.share(), self.later.k, self.later.n),
        )
    }

    fn range(&self) -> String {
        range(self.lower, self.upper, self.level)
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

/// From one share to another, each with how many of how many cases.
pub(super) fn movement(from: (f64, u64, u64), to: (f64, u64, u64)) -> String {
    format!(
        "From {} to {}: {}.",
        side(from),
        side(to),
        points(to.0 - from.0)
    )
}

/// A share with the cases behind it. A weighted share is not simply their fraction, and says so.
fn side((share, k, n): (f64, u64, u64)) -> String {
    let is_fraction = (share * n as f64 - k as f64).abs() < 1e-6;
    if is_fraction {
        format!("{} ({k} of {n})", percent(share))
    } else {
        format!("{} (weighted; {k} of {n} read)", percent(share))
    }
}

pub(super) fn range(lower: f64, upper: f64, level: Level) -> String {
    format!(
        "The true change lies between {} and {}, with {} confidence.",
        points(lower),
        points(upper),
        format_args!("{} %", (level.value() * 1000.0).round() / 10.0)
    )
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
