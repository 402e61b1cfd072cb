//! The rows of `events.csv`.

use super::row::push_reference;
use crate::calendar::Calendar;
use crate::case::SimulatedCase;
use crate::event::Event;
use crate::text::{push_day, push_hex, push_time};

pub(super) const HEADER: &str =
    "case_reference,child_key,suspect_key,event_time,recorded_at,activity,risk,agency,outcome\n";

/// Appends every event of a case.
pub(super) fn push(out: &mut Vec<u8>, calendar: &Calendar, case: &SimulatedCase) {
    let mut keys = Vec::with_capacity(40);
    push_reference(&mut keys, case.reference);
    keys.extend_from_slice(b",C-");
    push_hex(&mut keys, case.child_key.0);
    keys.push(b',');
    for event in &case.events {
        out.extend_from_slice(&keys);
        push_event(out, calendar, event);
    }
}

fn push_event(out: &mut Vec<u8>, calendar: &Calendar, event: &Event) {
    if let Some(suspect) = event.suspect_key {
        out.extend_from_slice(b"S-");
        push_hex(out, suspect.0);
    }
    out.push(b',');
    if event.date_only {
        push_day(out, i64::from(event.day));
    } else {
        push_time(out, event.at, calendar.offset_at(event.at));
    }
    out.push(b',');
    push_time(
        out,
        event.recorded_at,
        calendar.offset_at(event.recorded_at),
    );
    let codes = [
        Some(event.activity.code()),
        event.risk.map(|risk| risk.code()),
        event.agency.map(|agency| agency.code()),
        event.outcome.map(|outcome| outcome.code()),
    ];
    for code in codes {
        out.push(b',');
        out.extend_from_slice(code.unwrap_or_default().as_bytes());
    }
    out.push(b'\n');
}
