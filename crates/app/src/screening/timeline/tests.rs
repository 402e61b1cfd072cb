//! Kept times, and events as the engine takes them.

use super::*;
use throughline_screening::standard::Library;

fn event(activity: &str, time: &str, recorded_at: Option<&str>) -> KeptEvent {
    KeptEvent {
        activity: activity.into(),
        time: time.into(),
        recorded_at: recorded_at.map(|at| at.parse().expect("a time")),
        values: BTreeMap::new(),
    }
}

#[test]
fn what_a_faulty_row_does_not_say_may_be_anything_at_any_time() {
    let kept = [
        event("", "2025-03-03", None),
        event("CHILD_SEEN", "any", None),
    ];
    let text = serde_json::to_string(&kept).expect("a text");
    let kept = parse(&text).expect("events");
    let events = as_events(&kept, &Library::shipped().vocabulary, None).expect("events");
    assert_eq!(events[0].happening, Happening::Unknown);
    assert_eq!(events[1].when, When::ANY);
    assert!("any".parse::<Moment>().is_err());
}

#[test]
fn what_was_known_before_an_instant_is_what_had_been_recorded() {
    let kept = [
        event(
            "CHILD_SEEN",
            "2025-03-01T09:00:00+00:00",
            Some("2025-03-02T09:00:00Z"),
        ),
        event(
            "CHILD_SEEN",
            "2025-03-01T09:00:00+00:00",
            Some("2025-03-04T09:00:00Z"),
        ),
        event("CHILD_SEEN", "2025-03-01T09:00:00+00:00", None),
    ];
    let before: Timestamp = "2025-03-03T00:00:00Z".parse().expect("a time");
    let vocabulary = &Library::shipped().vocabulary;
    let events = as_events(&kept, vocabulary, Some(before.as_microsecond())).expect("events");
    let sure: Vec<bool> = events.iter().map(|event| event.when.is_exact()).collect();
    assert_eq!(sure, [true, false]);
    assert_eq!(as_events(&kept, vocabulary, None).expect("events").len(), 3);
}
