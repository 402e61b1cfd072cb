//! The cases sent straight back: how many, how far they have come, and how fast.

use super::sheet::Sheet;
use crate::error::Result;
use crate::referral::ReferralCounts;
use throughline_reports::figure::{Figure, Form, Measure};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};
use throughline_stats::estimate::{Unit, median};
use throughline_stats::{Level, StatsError};

/// Counts and times of the referrals.
pub(super) fn figures(sheet: &mut Sheet<'_>) -> Result<()> {
    let counts = ReferralCounts::of(&sheet.inputs.referrals, sheet.now);
    let raised = counts.raised as u64;
    let steps = [
        (
            "referrals-acknowledged",
            "Acknowledged by the force",
            counts.acknowledged,
        ),
        (
            "referrals-answered",
            "Answered by the force, at least once",
            counts.answered,
        ),
        (
            "referrals-accepted",
            "Answer accepted by the inspectorate",
            counts.accepted,
        ),
        (
            "referrals-past-limit",
            "Open past a limit",
            counts.open_past_limit,
        ),
    ];
    let mut shown = vec![sheet.count(
        "referrals-raised",
        "Cases sent straight back",
        raised,
        None,
        "Cases in which a child may still have been at risk, sent to the force at once. One withdrawn as a mistake does not count.",
    )?];
    for (key, label, value) in steps {
        shown.push(sheet.count(
            key,
            label,
            value as u64,
            Some(raised),
            "Counted, of the cases sent straight back.",
        )?);
    }
    shown.push(time(
        sheet,
        "time-to-acknowledge",
        "Median time until the force acknowledged",
        (&counts.hours_to_acknowledge, raised),
    )?);
    shown.push(time(
        sheet,
        "time-to-protect",
        "Median time until the first step that protects the child",
        (&counts.hours_to_protective_step, raised),
    )?);
    if raised > 0 {
        sheet.tables.push(table(&shown));
    }
    Ok(())
}

fn time(
    sheet: &mut Sheet<'_>,
    key: &str,
    label: &str,
    (times, raised): (&[f64], u64),
) -> Result<Figure> {
    let measure = match median(times, Unit::Hours, Level::NINETY_FIVE) {
        Ok(estimate) => Measure::Duration {
            median_hours: estimate.value,
            lower: estimate.lower,
            upper: estimate.upper,
            n: estimate.n,
        },
        Err(StatsError::NothingRead { .. }) => Measure::Unknown {
            why: "it has not been done in any case yet".into(),
        },
        Err(StatsError::TooFew { .. }) => Measure::Unknown {
            why: "too few times were measured to say what is typical".into(),
        },
        Err(error) => Measure::Unknown {
            why: error.to_string(),
        },
    };
    let words = format!(
        "The middle one of the times measured, which are {} of {raised} cases sent back; the range holds whatever the times look like.",
        times.len()
    );
    sheet.add(
        key,
        label,
        measure,
        "sample median with order-statistics interval",
        &words,
    )
}

fn table(shown: &[Figure]) -> Table {
    let rows = shown.iter().map(|figure| Row {
        part: Part::Neither,
        cells: vec![
            Cell::text(&figure.label),
            Cell::figure(figure, fullest(figure)),
        ],
    });
    Table {
        id: "sent-back".into(),
        caption: "Cases sent straight back to the force".into(),
        columns: vec![
            Column::new("What", ColumnKind::Text, "What is counted or timed"),
            Column::new(
                "Figure",
                ColumnKind::Figure,
                "A count, of all sent back where that is meant; or a median with its 95 % interval",
            ),
        ],
        rows: rows.collect(),
        additive: Additive::No,
        notes: Vec::new(),
        source: None,
    }
}

fn fullest(figure: &Figure) -> Form {
    [Form::Interval, Form::Count]
        .into_iter()
        .find(|&form| figure.print(form).is_some())
        .unwrap_or(Form::Value)
}
