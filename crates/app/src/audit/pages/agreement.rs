//! How well the readers of a round agree, and what follows.

use super::super::agreement::{self as operation, Agreement, Coefficients, Round, SHARED_MIN};
use crate::inspection::line::{Stop, line};
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Visit};
use askama::Template;
use throughline_domain::id::InspectionId;
use throughline_reports::figure::{coefficient, percent};
use throughline_stats::agreement::{Coefficient, Tested};

#[derive(Template)]
#[template(path = "audit/agreement.html")]
struct AgreementPage {
    page: Page,
    line: Vec<Stop>,
    round: Round,
    measures: Vec<MeasureRow>,
    readers: Vec<ReaderRow>,
}

/// One measure of agreement.
struct MeasureRow {
    name: &'static str,
    value: String,
    interval: String,
    meaning: &'static str,
}

/// One reader, in words.
struct ReaderRow {
    name: String,
    shared: u64,
    severity: String,
    drift: String,
}

impl AgreementPage {
    fn agreement(&self) -> &Agreement {
        &self.round.agreement
    }

    fn is_shut(&self) -> bool {
        self.round.agreement.shut_because().is_some()
    }

    fn asked(&self) -> String {
        let gate = &self.round.agreement.gate;
        format!(
            "The programme asks that more than {} of second readings come to the same grade, and that this is at least {} likely to hold beyond the cases read twice, of which there must be {} or more.",
            short(gate.threshold),
            short(gate.confidence),
            gate.cases_min
        )
    }

    fn shared_min(&self) -> u64 {
        SHARED_MIN
    }

    fn crossed(&self) -> Vec<(&str, &Vec<u64>)> {
        let labels = self.round.framework.grades.iter();
        labels
            .map(|grade| grade.label.as_str())
            .zip(&self.round.agreement.crossed)
            .collect()
    }

    fn no_readers(&self) -> &str {
        self.round.readers.as_ref().err().map_or("", String::as_str)
    }
}

/// A whole percentage.
fn short(share: f64) -> String {
    percent(share).replacen(".0", "", 1)
}

pub(super) async fn show(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let round = operation::of_round(&visit.call, &id).await?;
    let readers = round.readers.as_deref().unwrap_or_default();
    render(&AgreementPage {
        page: visit.page("Agreement between readers"),
        line: line(&visit.call, &round.inspection).await?,
        measures: round
            .agreement
            .coefficients
            .map_or_else(Vec::new, |all| measures(&round.agreement, &all)),
        readers: readers.iter().map(reader_row).collect(),
        round,
    })
}

fn measures(agreement: &Agreement, all: &Coefficients) -> Vec<MeasureRow> {
    let row = |name, meaning, found: &Coefficient, print: fn(f64) -> String| MeasureRow {
        name,
        value: print(found.value),
        interval: match (found.lower, found.upper) {
            (Some(lower), Some(upper)) => format!("{} to {}", print(lower), print(upper)),
            _ => "–".into(),
        },
        meaning,
    };
    let mut rows = vec![
        alike(agreement),
        row(
            "Gwet’s AC1",
            "Alike or not, less what chance would give. Steady where most cases have one grade.",
            &all.ac1,
            coefficient,
        ),
        row(
            "Gwet’s AC2",
            "The same, with grades near each other counting in part.",
            &all.ac2,
            coefficient,
        ),
    ];
    rows.extend(all.kappa.as_ref().map(|kappa| {
        row("Cohen’s kappa", "Alike or not, less what each reader’s habits would give. Falls towards nought where nearly all cases have one grade.", kappa, coefficient)
    }));
    rows
}

/// The share graded alike, with the interval that the report prints.
fn alike(agreement: &Agreement) -> MeasureRow {
    let share = agreement.share().ok();
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    MeasureRow {
        name: "Percent agreement",
        value: or_dash(share.as_ref().map(|share| percent(share.value))),
        interval: or_dash(
            share
                .as_ref()
                .map(|share| format!("{} to {}", percent(share.lower), percent(share.upper))),
        ),
        meaning: "Cases graded alike. The gate is asked of this.",
    }
}

fn reader_row(reader: &operation::Reader) -> ReaderRow {
    let profile = &reader.profile;
    ReaderRow {
        name: reader.name.clone(),
        shared: profile.shared,
        severity: in_words(
            profile.severity,
            "more severe than the others",
            "more lenient than the others",
        ),
        drift: in_words(profile.drift, "growing more severe", "growing more lenient"),
    }
}

/// A tested number with its interval and what it comes to; silence where there is too little.
fn in_words(found: Option<Tested>, below: &str, above: &str) -> String {
    let Some(found) = found else {
        return "too few to say".into();
    };
    let verdict = match (found.p_adjusted < 0.05, found.value < 0.0) {
        (false, _) => "no more than chance would bring",
        (true, true) => below,
        (true, false) => above,
    };
    format!(
        "{} ({} to {}): {verdict}",
        coefficient(found.value),
        coefficient(found.interval.lower),
        coefficient(found.interval.upper)
    )
}
