//! The study as Markdown.

use super::{Alarm, Coverage, TRUTHS};
use std::fmt::Write;

/// Both tables, and what falls outside what is wanted.
pub fn write(coverages: &[Coverage], alarms: &[Alarm]) -> String {
    let mut text = intervals(coverages);
    let _ = writeln!(text, "### Tests where nothing has changed\n");
    let _ = writeln!(
        text,
        "Share of samples in which a test at 5 % alarms, by the share that all rounds have.\n"
    );
    let _ = write!(text, "| test | design |");
    heads(&mut text, 2, None);
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

fn heads(text: &mut String, before: usize, last: Option<&str>) {
    for truth in TRUTHS {
        let _ = write!(text, " {:.0} % |", truth * 100.0);
    }
    if let Some(last) = last {
        let _ = write!(text, " {last} |");
    }
    let _ = write!(text, "\n|{}", "---|".repeat(before));
    let _ = write!(text, "{}", "---:|".repeat(TRUTHS.len()));
    let _ = writeln!(text, "{}", if last.is_some() { "---|" } else { "" });
}

/// Both kinds of interval, each with its table and what falls outside what is wanted.
fn intervals(coverages: &[Coverage]) -> String {
    let (promising, near): (Vec<&Coverage>, Vec<&Coverage>) =
        coverages.iter().partition(|one| one.at_least);
    format!(
        "### Intervals\n\nShare of samples whose 95 % interval holds the truth, by the share around which \
         the population was made (areas and stations differ from it); in brackets the mean width in points. \
         {}\n\n\
         #### Those that promise about 95 %\n\n{}\n{}\n\
         #### Those that promise at least 95 %\n\n{}\n{}\n",
        refusals(coverages),
        table(&near, None),
        longer(&near),
        table(&promising, Some("why at least")),
        shorter(&promising)
    )
}

fn refusals(coverages: &[Coverage]) -> String {
    let refused: u64 = coverages.iter().map(|one| one.refused).sum();
    let samples: u64 = coverages.iter().map(|one| one.samples).sum();
    format!(
        "{refused} of {samples} samples gave no interval, such as one in which no case of the category was \
         read; they count as not covered."
    )
}

fn rows<'a>(coverages: &'a [&Coverage]) -> impl Iterator<Item = &'a [&'a Coverage]> {
    coverages.chunk_by(|a, b| (a.design, a.interval) == (b.design, b.interval))
}

fn table(coverages: &[&Coverage], reason: Option<&str>) -> String {
    let mut text = "| design | interval |".to_owned();
    heads(&mut text, 2, reason);
    for row in rows(coverages) {
        let _ = write!(text, "| {} | {} |", row[0].design, row[0].interval);
        for one in row {
            let cell = marked(rate(one), is_outside(one));
            let width = one.width / (one.samples - one.refused).max(1) as f64;
            let _ = match one.truth > 1.0 {
                true => write!(text, " {cell} ({width:.0} h) |"),
                false => write!(text, " {cell} ({:.1}) |", width * 100.0),
            };
        }
        text.push_str(&" |".repeat(TRUTHS.len() - row.len()));
        if reason.is_some() {
            let _ = write!(text, " {} |", row[0].reason);
        }
        text.push('\n');
    }
    text
}

fn rate(one: &Coverage) -> f64 {
    one.covered as f64 / one.samples as f64
}

/// Two standard errors of a share found in so many samples.
fn margin(share: f64, samples: u64) -> f64 {
    2.0 * (share * (1.0 - share) / samples as f64).sqrt()
}

/// What promises it must cover at least 95 % of the time, other intervals from 94 to 97 %.
fn is_outside(one: &Coverage) -> bool {
    match one.at_least {
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

/// How many figures lie outside 94 to 97 %, and for each row of those above why.
fn longer(near: &[&Coverage]) -> String {
    let low = near.iter().filter(|one| rate(one) < 0.94).count();
    let high = near.iter().filter(|one| rate(one) > 0.97).count();
    let least = near.iter().map(|one| rate(one)).fold(1.0, f64::min);
    let mut text = format!(
        "Of {} figures {} lie from 94 to 97 %, {low} below (the lowest of all is {:.1} %) and {high} above \
         (bold). Above, intervals are longer than need be:\n\n",
        near.len(),
        near.len() - low - high,
        least * 100.0
    );
    for row in rows(near) {
        let above: Vec<String> = row
            .iter()
            .filter(|one| rate(one) > 0.97)
            .map(|one| format!("{:.1} %", rate(one) * 100.0))
            .collect();
        if !above.is_empty() {
            let _ = writeln!(
                text,
                "- {}, {} ({}): {}.",
                row[0].design,
                row[0].interval,
                above.join(", "),
                row[0].reason
            );
        }
    }
    text
}

fn shorter(promising: &[&Coverage]) -> String {
    let low = promising.iter().filter(|one| is_outside(one)).count();
    let least = promising.iter().map(|one| rate(one)).fold(1.0, f64::min);
    let fewest = promising.iter().map(|one| one.samples).min().unwrap_or(1);
    format!(
        "{low} of {} figures are below 95 % by more than chance (bold); the lowest is {:.1} %, and from {fewest} \
         samples 95 % shows as {:.1} to {:.1} %.\n",
        promising.len(),
        least * 100.0,
        (0.95 - margin(0.95, fewest)) * 100.0,
        (0.95 + margin(0.95, fewest)) * 100.0
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
