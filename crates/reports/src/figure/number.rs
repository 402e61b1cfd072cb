//! How bare numbers are set: rounding, grouping, signs and units.

/// The space between a number and its unit, so that a line never breaks there.
pub const NO_BREAK: char = '\u{a0}';

/// The true minus sign.
const MINUS: char = '\u{2212}';

/// A whole number with a comma at each thousand: `12,480`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A fraction as a percentage to one decimal, halves away from zero: `74.3 %`.
pub fn percent(fraction: f64) -> String {
    format!("{}{NO_BREAK}%", one_decimal(fraction * 100.0))
}

/// A difference of fractions in percentage points, always signed: `+4.2`.
pub fn points(fraction: f64) -> String {
    let text = one_decimal(fraction * 100.0);
    match fraction > 0.0 && text != "0.0" {
        true => format!("+{text}"),
        false => text,
    }
}

/// A length of time, in hours up to three days and in days beyond: `31 hours`, `5.2 days`.
pub fn hours(hours: f64) -> String {
    DurationUnit::of(hours).print(hours)
}

/// Time used against a limit, both in the unit that suits the limit: `92 of 24 hours`.
pub fn hours_of(used: f64, limit: f64) -> String {
    let unit = DurationUnit::of(limit);
    format!("{} of {}", unit.number(used), unit.print(limit))
}

/// The unit in which a length of time, and its interval, are told.
#[derive(Clone, Copy)]
pub(super) enum DurationUnit {
    Hours,
    Days,
}

impl DurationUnit {
    pub(super) fn of(hours: f64) -> Self {
        if hours.abs() < 72.0 {
            Self::Hours
        } else {
            Self::Days
        }
    }

    pub(super) fn number(self, hours: f64) -> String {
        let amount = match self {
            Self::Hours => hours,
            Self::Days => hours / 24.0,
        };
        let text = one_decimal(amount);
        text.strip_suffix(".0").unwrap_or(&text).to_owned()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Hours => "hour",
            Self::Days => "day",
        }
    }

    pub(super) fn print(self, hours: f64) -> String {
        let number = self.number(hours);
        let plural = if number == "1" { "" } else { "s" };
        format!("{number}{NO_BREAK}{}{plural}", self.name())
    }
}

/// One decimal, halves away from zero as spreadsheets round, with a true minus sign.
fn one_decimal(value: f64) -> String {
    let tenths = rounded_tenths(value);
    let sign = if tenths < 0.0 {
        MINUS.to_string()
    } else {
        String::new()
    };
    format!("{sign}{:.1}", tenths.abs() / 10.0)
}

/// A coefficient of agreement with two decimals: `0.78`.
pub fn coefficient(value: f64) -> String {
    let hundredths = (value * 100.0).round();
    let sign = if hundredths < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{:.2}", hundredths.abs() / 100.0)
}

fn rounded_tenths(value: f64) -> f64 {
    // A product such as 0.2875 * 100 may fall just short of the half it stands for.
    let tenths = value * 10.0;
    let nudge = tenths.abs() * f64::EPSILON * 4.0;
    (tenths + nudge.copysign(tenths)).round()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        for (value, text) in [
            (0, "0"),
            (374, "374"),
            (1204, "1,204"),
            (20_000_000, "20,000,000"),
        ] {
            assert_eq!(count(value), text);
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(percent(0.0625), "6.3\u{a0}%");
        assert_eq!(percent(0.1235), "12.4\u{a0}%");
        assert_eq!(percent(278.0 / 374.0), "74.3\u{a0}%");
        assert_eq!(points(-0.0425), "\u{2212}4.3");
    }

    #[test]
    fn nothing_is_ever_printed_as_minus_zero() {
        assert_eq!(points(-0.0001), "0.0");
        assert_eq!(points(0.0001), "0.0");
        assert_eq!(points(0.031), "+3.1");
    }

    #[test]
    fn coefficients_have_two_decimals() {
        assert_eq!(coefficient(0.784), "0.78");
        assert_eq!(coefficient(-0.0511), "\u{2212}0.05");
        assert_eq!(coefficient(-0.001), "0.00");
    }

    #[test]
    fn long_times_are_told_in_days() {
        assert_eq!(hours(1.0), "1\u{a0}hour");
        assert_eq!(hours(31.04), "31\u{a0}hours");
        assert_eq!(hours(6.25), "6.3\u{a0}hours");
        assert_eq!(hours(124.8), "5.2\u{a0}days");
        assert_eq!(hours_of(92.0, 24.0), "92 of 24\u{a0}hours");
        assert_eq!(hours_of(190.0, 120.0), "7.9 of 5\u{a0}days");
    }
}
