//! What a refutation says.

use super::library::{check, end_of, events, library, study};
use crate::definition::prove;
use crate::random::calendar;
use crate::verdict::Lapse::Late;
use crate::verdict::Outcome::{Met, Missed};
use crate::verdict::Verdict;

const LOG: &str = "2026-03-02T09:00 MISSING_RETURNED
    2026-03-03T09:00 CHILD_SEEN
    2026-03-05T10:00 RETURN_INTERVIEW";

/// What is said against the verdict of S2 on the log, changed.
fn said_against(change: impl Fn(&mut Verdict)) -> String {
    let s2 = study("S2");
    let mut claimed = check(&s2, "2026-03-31", LOG)[0];
    let prove = |claimed: &Verdict| {
        let as_of = end_of("2026-03-31");
        prove(&s2, calendar(), as_of, &events(LOG), claimed)
    };
    assert_eq!((claimed.outcome, prove(&claimed)), (Missed(Late), Ok(())));
    change(&mut claimed);
    prove(&claimed).expect_err("it was changed").to_string()
}

#[test]
fn it_names_the_event_that_comes_too_late() {
    assert_eq!(
        said_against(|claimed| {
            claimed.outcome = Met;
            claimed.deciding = Some(2);
        }),
        "S2 is not met at MISSING_RETURNED at 2026-03-02T09:00:00Z (event 0), but missed (too \
         late): RETURN_INTERVIEW at 2026-03-05T10:00:00Z (event 2) comes after the deadline, due \
         by 2026-03-05T09:00:00Z"
    );
}

#[test]
fn it_says_why_other_evidence_is_none() {
    assert_eq!(
        said_against(|claimed| claimed.deciding = Some(1)),
        "S2 is missed (too late) at MISSING_RETURNED at 2026-03-02T09:00:00Z (event 0), but on \
         other evidence: CHILD_SEEN at 2026-03-03T09:00:00Z (event 1) is not what the standard \
         speaks of there; RETURN_INTERVIEW at 2026-03-05T10:00:00Z (event 2) decides, due by \
         2026-03-05T09:00:00Z"
    );
}

#[test]
fn it_says_what_does_not_activate_and_what_is_not_there() {
    assert_eq!(
        said_against(|claimed| claimed.activating = 1),
        "S2 does not apply to CHILD_SEEN at 2026-03-03T09:00:00Z (event 1): it is not what \
         activates it, or not while it was in force"
    );
    assert_eq!(
        said_against(|claimed| claimed.activating = 7),
        "the timeline has no event at place 7; it has 3"
    );
    assert_eq!(
        said_against(|claimed| claimed.standard = 1),
        "the library has no standard at place 1; it has 1"
    );
    assert_eq!(
        said_against(|claimed| claimed.due = None),
        "S2 is missed (too late) at MISSING_RETURNED at 2026-03-02T09:00:00Z (event 0), but is \
         due by 2026-03-05T09:00:00Z, not at no known time"
    );
}

#[test]
fn a_standard_that_is_switched_off_proves_nothing() {
    let mut s2 = study("S2");
    let claimed = check(&s2, "2026-03-31", LOG)[0];
    s2.standards[0].switched_off = Some("its source is gone".to_owned());
    let library = library(s2.standards);
    let proof = prove(
        &library,
        calendar(),
        end_of("2026-03-31"),
        &events(LOG),
        &claimed,
    );
    assert_eq!(
        proof.map_err(|refutation| refutation.to_string()),
        Err("S2 is switched off: its source is gone".to_owned())
    );
}
