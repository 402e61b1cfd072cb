//! The rows of the case list and of the truth. Every value is a code, a number or a date, so that
//! none needs quoting.

use crate::calendar::epoch_day;
use crate::case::{CaseReference, SimulatedCase};
use crate::criterion::Stage;
use crate::standard::{Standard, Verdict};
use crate::text::{push_day, push_number};
use crate::truth::Answer;

/// Columns of `case-list.csv` and of the sheet.
pub(super) const CASE_COLUMNS: [&str; 6] = [
    "reference",
    "category",
    "area",
    "opened",
    "closed",
    "own_grade",
];
pub(super) const CASE_HEADER: &str = "reference,category,area,opened,closed,own_grade\n";

/// Columns of `truth.csv`.
pub(super) fn truth_header() -> String {
    let mut header = String::from(
        "reference,grade,five_grade,still_at_risk,not_met,not_applicable,standards_missed,\
         standards_pending",
    );
    for stage in Stage::ALL {
        header.push_str(",quality_");
        header.push_str(&stage.code().replace('-', "_"));
    }
    header.push('\n');
    header
}

pub(super) fn push_reference(out: &mut Vec<u8>, reference: CaseReference) {
    out.extend_from_slice(b"CP-");
    push_number(out, reference.year as u64, 4);
    out.push(b'-');
    push_number(out, reference.number, usize::from(reference.digits));
}

pub(super) fn push_case(out: &mut Vec<u8>, case: &SimulatedCase) {
    push_reference(out, case.reference);
    for code in [case.category.code(), &case.area] {
        out.push(b',');
        out.extend_from_slice(code.as_bytes());
    }
    out.push(b',');
    push_day(out, epoch_day(case.opened_on));
    out.push(b',');
    if let Some(day) = case.closed_on {
        push_day(out, epoch_day(day));
    }
    out.push(b',');
    if let Some(grade) = case.own_grade() {
        out.extend_from_slice(grade.code().as_bytes());
    }
    out.push(b'\n');
}

pub(super) fn push_truth(out: &mut Vec<u8>, case: &SimulatedCase) {
    let truth = &case.truth;
    push_reference(out, case.reference);
    let at_risk = if truth.still_at_risk { "yes" } else { "no" };
    for code in [truth.grade.code(), truth.five_grade.code(), at_risk] {
        out.push(b',');
        out.extend_from_slice(code.as_bytes());
    }
    let failings = truth.failings();
    push_list(
        out,
        failings.map(|(criterion, cause)| [criterion.code(), "=", cause.code()]),
    );
    let unasked = truth
        .answers()
        .filter(|(_, answer)| *answer == Answer::NotApplicable);
    push_list(out, unasked.map(|(criterion, _)| [criterion.code()]));
    push_list(
        out,
        truth
            .missed()
            .map(|(standard, lapse)| missed(standard, lapse.code())),
    );
    let pending = Standard::ALL
        .iter()
        .filter(|s| truth.verdict(**s) == Verdict::Pending);
    push_list(out, pending.map(|standard| [standard.code()]));
    for stage in Stage::ALL {
        out.push(b',');
        push_number(out, u64::from(truth.quality(*stage)), 1);
    }
    out.push(b'\n');
}

fn missed(standard: Standard, lapse: &'static str) -> [&'static str; 5] {
    [standard.code(), ":", lapse, ":", standard.expected().code()]
}

/// Appends a comma and a list, its items parted by semicolons.
fn push_list<const PARTS: usize>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = [&'static str; PARTS]>,
) {
    out.push(b',');
    for (place, item) in items.enumerate() {
        if place > 0 {
            out.push(b';');
        }
        item.iter()
            .for_each(|part| out.extend_from_slice(part.as_bytes()));
    }
}
