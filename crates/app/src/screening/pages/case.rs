//! One case: its timeline to scale, its verdicts with their proof, and what can be done at once.

use crate::case_list::framework_of;
use crate::error::{Error, Fault, Result};
use crate::sample::picking;
use crate::screening::timeline::{Moment, clock};
use crate::screening::verdict::{KeptEvidence, second};
use crate::screening::{self, CaseTimeline, Found, KeptEvent, KeptStandard, KeptVerdict};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, moment};
use askama::Template;
use axum::extract::Query;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::collections::HashMap;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::id::InspectionId;
use throughline_domain::referral::span_in_words;
use throughline_domain::sample::PickReason;
use throughline_reports::chart::{self, Chart, TimelineEvent, TimelineStandard, TimelineWindow};
use throughline_screening::standard::Library;

/// What the activities are called.
struct Words(HashMap<String, String>);

impl Words {
    fn new() -> Self {
        let activities = Library::shipped().vocabulary.activities.iter();
        let words = activities.filter_map(|activity| {
            let words = activity.phrases.first()?;
            Some((activity.code.clone(), words.clone()))
        });
        Words(words.collect())
    }

    fn of(&self, code: &str) -> String {
        match code {
            "" => "something that the standards do not know".to_owned(),
            code => self.0.get(code).cloned().unwrap_or_else(|| code.to_owned()),
        }
    }
}

/// An event as a row of the table.
struct EventRow {
    number: usize,
    when: String,
    what: String,
    code: String,
    recorded: String,
    values: String,
}

fn when(time: Moment) -> String {
    match time {
        Moment::Day(day) => format!("{}, time not known", moment::day_in_words(day)),
        Moment::Instant(instant) => moment::in_words(instant),
    }
}

/// An event with its number in the table, when it may have been, and when it was if that is surely
/// known.
struct Placed<'e> {
    number: usize,
    from: Timestamp,
    to: Timestamp,
    time: Option<Moment>,
    event: &'e KeptEvent,
}

/// The events of a case, numbered from 1.
fn placed<'e>(reference: &str, events: &'e [KeptEvent]) -> Result<Vec<Placed<'e>>> {
    let numbered = (1..).zip(events).map(|(number, event)| {
        let time = &event.time;
        let when = clock().read_written(time).ok_or_else(|| {
            Error::Internal(format!(
                "the timeline of case {reference}: event {number} has the time {time:?}, which cannot be read"
            ))
        })?;
        Ok(Placed {
            number,
            from: second(when.earliest),
            to: second(when.latest),
            time: time.parse().ok(),
            event,
        })
    });
    numbered.collect()
}

fn event_row(placed: &Placed<'_>, words: &Words) -> EventRow {
    let event = placed.event;
    let values = event.values.iter();
    let shown = values.filter(|(column, _)| !column.ends_with("_key"));
    let values: Vec<String> = shown
        .map(|(column, value)| format!("{column} {value}"))
        .collect();
    EventRow {
        number: placed.number,
        when: match (placed.time, event.time.as_str()) {
            (Some(time), _) => when(time),
            (None, "any") => "Not known: the row is faulty".into(),
            (None, unsure) => unsure.to_owned(),
        },
        what: words.of(&event.activity),
        code: event.activity.clone(),
        recorded: event.recorded_at.map_or_else(String::new, moment::in_words),
        values: values.join(", "),
    }
}

/// A verdict as a row of the table.
struct VerdictView {
    number: usize,
    code: String,
    title: String,
    sentence: String,
    found: Found,
    began: String,
    due: String,
    decided: String,
}

fn evidence(evidence: &KeptEvidence, words: &Words) -> String {
    let what = match evidence.activity.as_str() {
        "" => "an event that the standards do not know".to_owned(),
        code => words.of(code),
    };
    let when = match evidence.is_a_day() {
        true => format!(
            "{}, time not known",
            moment::day_in_words(crate::app::london_day(evidence.from))
        ),
        false => moment::in_words(evidence.from),
    };
    format!("{what}, {when}")
}

fn verdict_view(
    (place, verdict): (usize, &KeptVerdict),
    standards: &HashMap<&str, &KeptStandard>,
    words: &Words,
) -> VerdictView {
    let standard = standards.get(verdict.standard.as_str());
    let decided = verdict.deciding.as_ref();
    let late = match (verdict.found, verdict.due, decided) {
        (Found::Late, Some(due), Some(decided)) => {
            let late = decided.from.duration_since(due);
            format!(", {} too late", span_in_words(late))
        }
        _ => String::new(),
    };
    VerdictView {
        number: place + 1,
        code: verdict.standard.clone(),
        title: standard.map_or_else(String::new, |one| one.title.clone()),
        sentence: standard.map_or_else(String::new, |one| one.sentence.clone()),
        found: verdict.found,
        began: evidence(&verdict.activating, words),
        due: verdict.due.map_or_else(String::new, moment::in_words),
        decided: decided.map_or_else(String::new, |one| format!("{}{late}", evidence(one, words))),
    }
}

/// A length of time around which a drawing has its margins.
struct Range {
    from: Timestamp,
    to: Timestamp,
}

impl Range {
    fn around(moments: impl Iterator<Item = Timestamp>) -> Option<Self> {
        let (mut from, mut to) = (None::<Timestamp>, None::<Timestamp>);
        for moment in moments {
            from = Some(from.map_or(moment, |one| one.min(moment)));
            to = Some(to.map_or(moment, |one| one.max(moment)));
        }
        let (from, to) = (from?, to?);
        let margin = (to.as_second() - from.as_second()) / 25;
        let margin = SignedDuration::from_secs(margin.max(3_600));
        Some(Range {
            from: from.checked_sub(margin).unwrap_or(from),
            to: to.checked_add(margin).unwrap_or(to),
        })
    }

    fn holds(&self, moment: Timestamp) -> bool {
        (self.from..=self.to).contains(&moment)
    }
}

fn moments(verdict: &KeptVerdict) -> impl Iterator<Item = Timestamp> {
    let decided = verdict.deciding.as_ref().map(|one| one.from);
    [Some(verdict.activating.from), verdict.due, decided]
        .into_iter()
        .flatten()
}

/// The case to scale: all of it, or one verdict enlarged.
fn drawing(
    case: &CaseTimeline,
    events: &[Placed<'_>],
    standards: &[KeptStandard],
    known_to: Timestamp,
    look: Option<&KeptVerdict>,
    words: &Words,
) -> Option<String> {
    let timed = || events.iter().filter(|one| one.time.is_some());
    let range = match look {
        Some(verdict) => Range::around(moments(verdict)),
        None => Range::around(
            timed().map(|one| one.from).chain(
                case.verdicts
                    .iter()
                    .flat_map(moments)
                    .filter(|at| *at <= known_to),
            ),
        ),
    }?;
    let shown = |verdict: &&KeptVerdict| look.is_none_or(|one| one == *verdict);
    let timeline = chart::CaseTimeline {
        id: "case-timeline".into(),
        caption: format!("Case {} to scale", case.case.reference),
        known_to: Some(known_to),
        events: timed()
            .filter(|one| range.holds(one.from))
            .map(|one| TimelineEvent {
                number: one.number,
                label: words.of(&one.event.activity),
                from: one.from,
                to: one.to,
            })
            .collect(),
        standards: standards
            .iter()
            .filter_map(|standard| {
                let of_it = case
                    .verdicts
                    .iter()
                    .filter(|one| one.standard == standard.id);
                let windows: Vec<_> = of_it.filter(shown).map(window).collect();
                (!windows.is_empty()).then(|| TimelineStandard {
                    code: standard.id.clone(),
                    title: standard.title.clone(),
                    windows,
                })
            })
            .collect(),
        from: range.from,
        to: range.to,
        source: None,
    };
    Some(Chart::CaseTimeline(timeline).svg())
}

fn window(verdict: &KeptVerdict) -> TimelineWindow {
    use chart::WindowOutcome::{CannotTell, Excused, Met, Missed, Pending};
    TimelineWindow {
        from: verdict.activating.from,
        due: verdict.due,
        decided: verdict.deciding.as_ref().map(|one| one.from),
        outcome: match verdict.found {
            Found::Met => Met,
            Found::Excused => Excused,
            Found::Pending => Pending,
            found if found.is_missed() => Missed,
            _ => CannotTell,
        },
    }
}

#[derive(Template)]
#[template(path = "screening/case.html")]
struct CasePage {
    page: Page,
    reference: String,
    category: String,
    case: CaseTimeline,
    svg: Option<String>,
    enlarged: Option<VerdictView>,
    verdicts: Vec<VerdictView>,
    missed: usize,
    events: Vec<EventRow>,
    reasons: Vec<(String, String)>,
    /// Why the case cannot be picked; none where it can.
    not_pickable: Option<String>,
    is_team: bool,
    may_give: bool,
    faults: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CaseQuery {
    look: String,
}

async fn case_page(
    visit: &Visit,
    id: &InspectionId,
    reference: &str,
    look: &str,
    faults: Vec<Fault>,
) -> Result<CasePage> {
    let case = screening::read_case(&visit.call, id, reference).await?;
    let events = placed(reference, &case.events)?;
    let standards = case.screening.standards()?;
    let words = Words::new();
    let by_code = standards.iter().map(|one| (one.id.as_str(), one)).collect();
    let place = look.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    let close = place.and_then(|place| Some((place, case.verdicts.get(place)?)));
    let known_to = screening::standards::calendar()
        .end_of(case.screening.as_of.0)
        .map_err(|fault| Error::Internal(fault.to_string()))?;
    let close_verdict = close.map(|(_, verdict)| verdict);
    let svg = drawing(
        &case,
        &events,
        &standards,
        second(known_to),
        close_verdict,
        &words,
    );
    let mut verdicts: Vec<VerdictView> = case
        .verdicts
        .iter()
        .enumerate()
        .map(|one| verdict_view(one, &by_code, &words))
        .collect();
    verdicts.sort_by_key(|one| (!one.found.is_missed(), !one.found.is_pending()));
    Ok(CasePage {
        page: visit.page(format!("Case {reference}")).with_faults(&faults),
        category: framework_of(&case.inspection)?.category_title(&case.case.category),
        enlarged: close.map(|one| verdict_view(one, &by_code, &words)),
        missed: verdicts.iter().filter(|one| one.found.is_missed()).count(),
        verdicts,
        events: events.iter().map(|one| event_row(one, &words)).collect(),
        reasons: PickReason::ALL
            .iter()
            .map(|reason| (reason.code().to_owned(), reason.title().to_owned()))
            .collect(),
        not_pickable: case.choice.may_be_picked().err().map(|why| why.to_string()),
        is_team: visit.call.actor.role.is_inspecting(),
        may_give: allowed(visit.call.actor.role, Action::AssignAudit, Relation::Team),
        reference: reference.to_owned(),
        svg,
        case,
        faults,
    })
}

pub(super) async fn show(
    visit: Visit,
    At((id, reference)): At<(InspectionId, String)>,
    Query(query): Query<CaseQuery>,
) -> PageResult {
    render(&case_page(&visit, &id, &reference, &query.look, Vec::new()).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PickForm {
    reason: String,
}

pub(super) async fn pick(
    visit: Visit,
    At((id, reference)): At<(InspectionId, String)>,
    Posted(form): Posted<PickForm>,
) -> PageResult {
    match picking::pick(&visit.call, &id, &reference, &form.reason).await {
        Ok(()) => {
            let said = format!(
                "Case {reference} is picked, to be read beside the sample. It never enters an estimate."
            );
            let page = format!("/inspections/{id}/screening/cases/{reference}");
            Ok(redirect_saying(&page, &said))
        }
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&case_page(&visit, &id, &reference, "", faults).await?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(activity: &str, time: &str) -> KeptEvent {
        KeptEvent {
            activity: activity.into(),
            time: time.into(),
            recorded_at: None,
            values: Default::default(),
        }
    }

    #[test]
    fn event_keeps_its_number_and_its_own_time() {
        let events = [
            event("REFERRAL_RECEIVED", "2025-03-03"),
            event("CHILD_SEEN", "2025-03-04T09:00:00Z"),
        ];
        let placed = placed("CP-1", &events).expect("two events");
        let rows: Vec<_> = placed
            .iter()
            .map(|one| {
                let row = event_row(one, &Words::new());
                (row.number, row.code, row.when)
            })
            .collect();
        assert_eq!(
            rows,
            [
                (
                    1,
                    "REFERRAL_RECEIVED".into(),
                    "3 March 2025, time not known".into()
                ),
                (2, "CHILD_SEEN".into(), "4 March 2025, 09:00".to_owned())
            ]
        );
    }

    #[test]
    fn time_that_cannot_be_read_is_named_and_shifts_nothing() {
        let events = [
            event("REFERRAL_RECEIVED", "the 3rd"),
            event("CHILD_SEEN", "2025-03-04T09:00:00Z"),
        ];
        let fault = placed("CP-1", &events).err().expect("a fault").to_string();
        assert!(
            fault.contains("event 1") && fault.contains("the 3rd"),
            "{fault}"
        );
    }
}
