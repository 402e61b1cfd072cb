//! The printed forms of a figure, the same in every output.

use serde::{Deserialize, Serialize};

use super::number::{DurationUnit, coefficient, count, hours, percent, points};
use super::{Measure, NO_BREAK};

/// Which side of a figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// The number alone: `74.3 %`. Written `{key}`.
    #[default]
    Value,
    /// The number with its interval: `74.3 % (69.7 % to 78.5 %)`. Written `{key:interval}`.
    Interval,
    /// The parts behind it: `278 of 374`. Written `{key:count}`.
    Count,
}

impl Form {
    /// Every form, in the order in which they are explained.
    pub const ALL: [Form; 3] = [Form::Value, Form::Interval, Form::Count];

    /// The word that follows the colon in a reference.
    pub fn word(self) -> &'static str {
        match self {
            Form::Value => "value",
            Form::Interval => "interval",
            Form::Count => "count",
        }
    }

    /// The form that a reference names, if there is one of that name.
    pub fn find(word: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.word() == word)
    }
}

/// What is set on the page, and what a screen reader says where that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// The visible text.
    pub text: String,
    /// What is spoken instead, for signs such as `c` that mean nothing when read aloud.
    pub spoken: Option<String>,
}

impl Printed {
    /// Text that reads aloud as it stands.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            spoken: None,
        }
    }

    /// The sign of a number withheld, `c`.
    pub fn suppressed(why: &str) -> Self {
        Self {
            text: "c".into(),
            spoken: Some(because("suppressed", why)),
        }
    }

    /// The words for a number nobody has.
    pub fn unknown(why: &str) -> Self {
        Self {
            text: "not known".into(),
            spoken: Some(because("not known", why)),
        }
    }

    /// What a screen reader says.
    pub fn spoken(&self) -> &str {
        self.spoken.as_deref().unwrap_or(&self.text)
    }
}

fn because(what: &str, why: &str) -> String {
    match why.trim() {
        "" => what.to_owned(),
        why => format!("{what}: {why}"),
    }
}

impl Measure {
    /// The measure in one form, or `None` where it has no such form (a plain count has no
    /// interval). A number unknown or suppressed prints alike in every form.
    pub fn print(&self, form: Form) -> Option<Printed> {
        match self {
            Measure::Unknown { why } => Some(Printed::unknown(why)),
            Measure::Suppressed { why } => Some(Printed::suppressed(why)),
            _ => self.text(form).map(Printed::plain),
        }
    }

    /// What a rate would be if none of those in which it cannot be told counted, and if all did.
    /// Nothing for other measures, and where that number is withheld.
    pub fn rate_bounds(&self) -> Option<(f64, f64)> {
        match *self {
            Measure::Rate {
                k,
                n,
                untold: Some(untold),
            } => Some((share(k, n + untold), share(k + untold, n + untold))),
            _ => None,
        }
    }

    /// The measure in the fullest form it has, for tables of figures.
    pub fn print_in_full(&self) -> Printed {
        [Form::Interval, Form::Count, Form::Value]
            .into_iter()
            .find_map(|form| self.print(form))
            .unwrap_or_else(|| Printed::unknown(""))
    }

    fn text(&self, form: Form) -> Option<String> {
        match form {
            Form::Value => self.value_text(),
            Form::Interval => Some(format!(
                "{} ({})",
                self.value_text()?,
                self.interval_text()?
            )),
            Form::Count => self.count_text(),
        }
    }

    fn value_text(&self) -> Option<String> {
        match self {
            Measure::Count { value, .. } => Some(count(*value)),
            Measure::Proportion { value, .. } => Some(percent(*value)),
            Measure::Difference { value, .. } => {
                Some(format!("{}{NO_BREAK}percentage points", points(*value)))
            }
            Measure::Duration { median_hours, .. } => Some(hours(*median_hours)),
            Measure::Coefficient { value, .. } => Some(coefficient(*value)),
            Measure::Rate { k, n, .. } => Some(percent(share(*k, *n))),
            Measure::Unknown { .. } | Measure::Suppressed { .. } => None,
        }
    }

    /// The bounds alone: `69.7 % to 78.5 %`.
    pub(crate) fn interval_text(&self) -> Option<String> {
        match self {
            Measure::Proportion { lower, upper, .. } => {
                Some(format!("{} to {}", percent(*lower), percent(*upper)))
            }
            Measure::Difference { lower, upper, .. } => {
                Some(format!("{} to {}", points(*lower), points(*upper)))
            }
            Measure::Duration {
                median_hours,
                lower,
                upper,
                ..
            } => {
                let unit = DurationUnit::of(*median_hours);
                Some(format!("{} to {}", unit.number(*lower), unit.print(*upper)))
            }
            Measure::Coefficient { lower, upper, .. } => Some(format!(
                "{} to {}",
                coefficient(*lower),
                coefficient(*upper)
            )),
            _ => None,
        }
    }

    fn count_text(&self) -> Option<String> {
        match self {
            Measure::Count {
                value,
                of: Some(of),
            } => Some(of_text(*value, *of)),
            Measure::Proportion { k, n, .. } | Measure::Rate { k, n, .. } => Some(of_text(*k, *n)),
            _ => None,
        }
    }

    /// What else should be said of it: its confidence level, its verdict, why it is missing.
    pub(super) fn remarks(&self) -> Vec<String> {
        match self {
            Measure::Proportion { level, .. } => vec![level_in_words(*level)],
            Measure::Coefficient { level, n, .. } => vec![
                format!("From {} cases that two readers read.", count(*n)),
                level_in_words(*level),
            ],
            Measure::Difference {
                from,
                to,
                p_value,
                verdict,
                ..
            } => vec![
                format!("Compared: {from} with {to}."),
                format!("Verdict: {verdict} (p = {p_value:.3})."),
            ],
            Measure::Duration { n, .. } => vec![format!("The median of {} times.", count(*n))],
            Measure::Rate { untold, .. } => rate_remarks(*untold, self.rate_bounds()),
            Measure::Unknown { why } => vec![format!("Not known: {why}.")],
            Measure::Suppressed { why } => vec![format!("Suppressed: {why}.")],
            Measure::Count { .. } => Vec::new(),
        }
    }
}

fn share(k: u64, n: u64) -> f64 {
    k as f64 / n.max(1) as f64
}

fn rate_remarks(untold: Option<u64>, bounds: Option<(f64, f64)>) -> Vec<String> {
    let mut remarks =
        vec!["Every one was counted, so no range of chance stands beside it.".to_owned()];
    match (untold, bounds) {
        (None, _) => {
            remarks.push("In how many more it cannot be told is withheld.".into());
        }
        (Some(1..), Some((least, most))) => remarks.push(format!(
            "In {} more it cannot be told: the share would be {} if none of them counted, and {} if all did.",
            count(untold.unwrap_or_default()),
            percent(least),
            percent(most)
        )),
        _ => {}
    }
    remarks
}

fn level_in_words(level: f64) -> String {
    format!(
        "The interval has a confidence level of {}.",
        percent(level).replacen(".0", "", 1)
    )
}

fn of_text(part: u64, whole: u64) -> String {
    format!("{} of {}", count(part), count(whole))
}
