//! The newest screening beside the one before it.

use super::CountRow;
use crate::error::{Error, Result};
use crate::inspection::Inspection;
use crate::screening::{self, KeptStandard, Screening};
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Visit, moment};
use askama::Template;
use jiff::civil::Date;
use throughline_domain::id::InspectionId;

/// One standard in both.
struct Pair {
    title: String,
    code: String,
    path: String,
    before: Option<CountRow>,
    now: Option<CountRow>,
    /// Why the two cannot be set side by side; empty where they can.
    apart: &'static str,
}

#[derive(Template)]
#[template(path = "screening/compare.html")]
struct ComparePage {
    page: Page,
    inspection: Inspection,
    before: Screening,
    now: Screening,
    pairs: Vec<Pair>,
    /// How far both rest on the same.
    inputs: String,
}

fn row(screening: &Screening, standard: &KeptStandard) -> Result<Option<CountRow>> {
    let tally = screening.tally()?;
    let found = tally.find_standard(&standard.id);
    Ok(found.map(|found| CountRow::new(standard.title.clone(), found.counted())))
}

fn pair(
    id: &InspectionId,
    (before, now): (&Screening, &Screening),
    (was, is): (Option<&KeptStandard>, Option<&KeptStandard>),
) -> Result<Option<Pair>> {
    let Some(either) = is.or(was) else {
        return Ok(None);
    };
    let apart = match (was, is) {
        (Some(was), Some(is)) if was.meaning != is.meaning => {
            "It means something else now, so its figures are not set side by side"
        }
        (Some(was), Some(is)) if was.unrecorded || is.unrecorded => {
            "The timelines of one of them never record what it awaits"
        }
        (None, _) => "It was not checked before",
        (_, None) => "It is not checked any more",
        _ => "",
    };
    let keep = |one: Option<&KeptStandard>, screening| match (one, apart) {
        (Some(one), "") => row(screening, one),
        _ => Ok(None),
    };
    Ok(Some(Pair {
        title: either.title.clone(),
        code: either.id.clone(),
        path: format!("/inspections/{id}/screening/standards/{}", either.id),
        before: keep(was, before)?,
        now: keep(is, now)?,
        apart,
    }))
}

/// By which day things had to be entered to count; none where all counts.
fn entered(screening: &Screening) -> Option<Date> {
    screening.known_at.as_ref().map(|day| day.0)
}

/// How far both rest on the same.
fn inputs(before: &Screening, now: &Screening) -> String {
    let timelines = match (
        before.input_digest == now.input_digest,
        entered(before) == entered(now),
    ) {
        (true, true) => "Both checked the same timelines.",
        (true, false) => {
            "Both checked the same timelines, but not what had been entered in them by the same day: a difference may lie in what was entered later."
        }
        (false, _) => {
            "They checked different timelines: a difference may lie in what was handed over."
        }
    };
    let (was, is) = (before.case_list_version, now.case_list_version);
    match was == is {
        true => timelines.to_owned(),
        false => format!(
            "{timelines} Their case lists differ: version {was} then and version {is} now, so a difference may lie in cases that came in or went."
        ),
    }
}

pub(super) async fn show(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let (inspection, newest) = screening::read_newest(&visit.call, &id, 2).await?;
    let mut newest = newest.into_iter();
    let (Some(now), Some(before)) = (newest.next(), newest.next()) else {
        return Err(Error::NotFound);
    };
    let (was, is) = (before.standards()?, now.standards()?);
    let find = |all: &'_ [KeptStandard], code: &str| all.iter().position(|one| one.id == code);
    let mut codes: Vec<&str> = is.iter().map(|one| one.id.as_str()).collect();
    codes.extend(
        was.iter()
            .map(|one| one.id.as_str())
            .filter(|code| find(&is, code).is_none()),
    );
    let mut pairs = Vec::new();
    for code in codes {
        let both = (
            find(&was, code).map(|place| &was[place]),
            find(&is, code).map(|place| &is[place]),
        );
        pairs.extend(pair(&id, (&before, &now), both)?);
    }
    render(&ComparePage {
        page: visit.page("Against the screening before"),
        inputs: inputs(&before, &now),
        inspection,
        before,
        now,
        pairs,
    })
}
