//! The study as Markdown.

use super::{Alarm, Coverage, TRUTHS};
use std::fmt::Write;

/// Both tables, and what falls outside what is wanted.
pub fn write(coverages: &[Coverage], alarms: &[Alarm]) -> String {
    let mut text = format!("{}\n", intervals(coverages));
    let _ = writeln!(text, "{}", outside(coverages));
    let _ = writeln!(text, "### Tests where nothing has changed\n");
    let _ = writeln!(
        text,
        "Share of samples in which a test at 5 % alarms, by the share that all rounds have.\n"
    );
    let _ = write!(text, "| test | design |");
    heads(&mut text, 2);
    for rows in alarms.chunk_by(|a, b| a.test == b.test) {
        let _ = write!(text, "| {} | {} |", rows[0].test, rows[0].design);
        for one in rows {
            let rate = one.alarms as f64 / one.samples as f64;
            let _ = write!(
                text,
                " {} |",
                marked(rate, rate > 0.05 + margin(0.05, one.samples))
            );
        }
        text.push('\n');
    }
    let _ = writeln!(text, "\n{}", alarming(alarms));
    text
}

fn heads(text: &mut String, before: usize) {
    for truth in TRUTHS {
        let _ = write!(text, " {:.0} % |", truth * 100.0);
    }
    let _ = write!(text, "\n|{}", "---|".repeat(before));
    let _ = writeln!(text, "{}", "---:|".repeat(TRUTHS.len()));
}

fn intervals(coverages: &[Coverage]) -> String {
    let mut text =
        "### Intervals\n\nShare of samples whose 95 % interval holds the truth, by the share \
                    around which the population was made (areas and stations differ from it); in \
                    brackets the mean width in points.\n\n| design | interval |"
            .to_owned();
    heads(&mut text, 2);
    for rows in coverages.chunk_by(|a, b| (a.design, a.interval) == (b.design, b.interval)) {
        let _ = write!(text, "| {} | {} |", rows[0].design, name(&rows[0]));
        for one in rows {
            let cell = marked(rate(one), is_outside(one));
            let width = one.width / (one.samples - one.refused).max(1) as f64;
            let _ = match one.truth > 1.0 {
                true => write!(text, " {cell} ({width:.0} h) |"),
                false => write!(text, " {cell} ({:.1}) |", width * 100.0),
            };
        }
        text.push_str(&" |".repeat(TRUTHS.len() - rows.len()));
        text.push('\n');
    }
    text
}

fn name(one: &Coverage) -> String {
    match one.exact {
        true => format!("{} (≥ 95 %)", one.interval),
        false => one.interval.to_owned(),
    }
}

fn rate(one: &Coverage) -> f64 {
    one.covered as f64 / one.samples as f64
}

/// Two standard errors of a share found in so many samples.
fn margin(share: f64, samples: u64) -> f64 {
    2.0 * (share * (1.0 - share) / samples as f64).sqrt()
}

/// Exact intervals must cover at least 95 % of the time, others from 94 to 97 %.
fn is_outside(one: &Coverage) -> bool {
    match one.exact {
        true => rate(one) < 0.95 - margin(0.95, one.samples),
        false => !(0.94..=0.97).contains(&rate(one)),
    }
}

fn marked(share: f64, outside: bool) -> String {
    match outside {
        true => format!("**{:.1} %**", share * 100.0),
        false => format!("{:.1} %", share * 100.0),
    }
}

fn outside(coverages: &[Coverage]) -> String {
    let out: Vec<&Coverage> = coverages.iter().filter(|one| is_outside(one)).collect();
    let low = out.iter().filter(|one| rate(one) < 0.95).count();
    let refused: u64 = coverages.iter().map(|one| one.refused).sum();
    let samples: u64 = coverages.iter().map(|one| one.samples).sum();
    let least = coverages.iter().map(rate).fold(1.0, f64::min);
    format!(
        "{} of {} figures lie outside what is wanted (bold: exact intervals below 95 %, others outside \
         94 to 97 %): {low} too low and {} too high, that is with intervals wider than need be. The lowest is \
         {:.1} %. {refused} of {samples} samples gave no interval, such as one in which no case of the \
         category was read; they count as not covered.\n",
        out.len(),
        coverages.len(),
        out.len() - low,
        least * 100.0,
    )
}

fn alarming(alarms: &[Alarm]) -> String {
    let rate = |one: &Alarm| one.alarms as f64 / one.samples as f64;
    let most = alarms.iter().map(rate).fold(0.0, f64::max);
    let over: Vec<String> = alarms
        .iter()
        .filter(|one| rate(one) > 0.05 + margin(0.05, one.samples))
        .map(|one| {
            format!(
                "{} at {:.0} % ({:.1} %)",
                one.test,
                one.truth * 100.0,
                rate(one) * 100.0
            )
        })
        .collect();
    let over = match over.is_empty() {
        true => "none is above 5 % by more than chance".to_owned(),
        false => format!("above 5 % by more than chance (bold): {}", over.join(", ")),
    };
    format!("The highest rate is {:.1} %; {over}.", most * 100.0)
}
