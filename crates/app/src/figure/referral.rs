//! The cases sent straight back: how many, how far they have come, and how fast.

use super::input::ReferralTimes;
use super::sheet::Sheet;
use crate::error::Result;
use throughline_reports::figure::{Figure, Form, Measure};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};
use throughline_stats::estimate::{Unit, median};
use throughline_stats::{Level, StatsError};

/// Counts and times of the referrals.
pub(super) fn figures(sheet: &mut Sheet<'_>) -> Result<()> {
    let referrals = &sheet.inputs.referrals;
    let raised = referrals.len() as u64;
    let now = sheet.now.to_string();
    let having = |has: &dyn Fn(&ReferralTimes) -> bool| {
        referrals.iter().filter(|referral| has(referral)).count() as u64
    };
    let counts = [
        (
            "referrals-acknowledged",
            "Acknowledged by the force",
            having(&|r| r.acknowledged_at.is_some()),
        ),
        (
            "referrals-answered",
            "Answered by the force",
            having(&|r| r.answered_at.is_some()),
        ),
        (
            "referrals-accepted",
            "Answer accepted by the inspectorate",
            having(&|r| r.accepted_at.is_some()),
        ),
        (
            "referrals-past-limit",
            "Open past a limit",
            having(&|r| r.is_past_limit(&now)),
        ),
    ];
    let mut shown = vec![sheet.count(
        "referrals-raised",
        "Cases sent straight back",
        raised,
        None,
        "Cases in which a child may still have been at risk, sent to the force at once.",
    )?];
    for (key, label, value) in counts {
        shown.push(sheet.count(
            key,
            label,
            value,
            Some(raised),
            "Counted, of the cases sent straight back.",
        )?);
    }
    shown.push(time(
        sheet,
        "time-to-acknowledge",
        "Median time until the force acknowledged",
        &|r| r.hours_until(r.acknowledged_at.as_ref()),
    )?);
    shown.push(time(
        sheet,
        "time-to-protect",
        "Median time until the first step that protects the child",
        &|r| r.hours_until(r.protected_at.as_ref()),
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
    hours: &dyn Fn(&ReferralTimes) -> Option<f64>,
) -> Result<Figure> {
    let times: Vec<f64> = sheet.inputs.referrals.iter().filter_map(hours).collect();
    let raised = sheet.inputs.referrals.len();
    let measure = match median(&times, Unit::Hours, Level::NINETY_FIVE) {
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
        "The middle one of {} times, of {raised} cases sent back; the range holds whatever the times look like.",
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
