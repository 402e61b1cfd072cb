use super::*;
use crate::framework::find;
use crate::testing::World;
use axum::http::StatusCode;

fn framework() -> &'static Framework {
    find("child-protection-2016@1").expect("a framework")
}

fn pairs(same: usize, differing: usize) -> Vec<(String, String)> {
    let grades = ["good", "requires-improvement", "inadequate"];
    let pair = |first: &str, second: &str| (first.to_owned(), second.to_owned());
    (0..same)
        .map(|n| pair(grades[n % 3], grades[n % 3]))
        .chain((0..differing).map(|n| pair(grades[n % 2], grades[n % 2 + 1])))
        .collect()
}

#[test]
fn readers_who_agree_open_the_gate() {
    let found = Agreement::of(framework(), 380, &pairs(36, 2));
    assert_eq!((found.read_twice, found.same), (38, 36));
    assert_eq!(found.shut_because(), None);
    let all = found.coefficients.expect("coefficients");
    assert!((all.percent.value - 36.0 / 38.0).abs() < 1e-12);
    assert!(all.ac1.value < all.percent.value && all.ac2.value > all.ac1.value);
    assert_eq!(found.crossed.iter().flatten().sum::<u64>(), 38);
}

#[test]
fn readers_who_differ_shut_it_and_are_told_to_recalibrate() {
    let found = Agreement::of(framework(), 380, &pairs(30, 8));
    let why = found.shut_because().expect("shut");
    assert!(why.contains("recalibrate on common cases"), "{why}");
}

#[test]
fn enough_second_readings_must_be_in_before_anything_is_said() {
    let found = Agreement::of(framework(), 380, &pairs(6, 0));
    let why = found.shut_because().expect("shut");
    assert!(
        why.contains("6 cases were read twice and 20 are needed"),
        "{why}"
    );
}

#[test]
fn round_too_small_for_the_gate_says_so_and_is_not_held_up() {
    let found = Agreement::of(framework(), 60, &pairs(5, 1));
    assert_eq!(
        found.standing,
        Standing::TooSmall {
            expected: 6,
            needed: 20
        }
    );
    assert_eq!(found.shut_because(), None);
    assert!(found.in_words().contains("without that assurance"));
}

#[test]
fn reader_is_spoken_of_only_from_enough_shared_cases() {
    let row = |reader: &str, case: i64, grade: &str| GivenGrade {
        reader_id: reader.into(),
        name: format!("The {reader}"),
        inspection_id: "one".into(),
        reference: format!("CP-{case}"),
        grade: grade.into(),
        submitted_at: crate::store::Text(
            Timestamp::from_second(1_770_000_000 + case * 86_400).expect("a time"),
        ),
    };
    let mut rows = Vec::new();
    for case in 0..24 {
        let (mild, severe) = match case % 4 {
            0 => ("requires-improvement", "requires-improvement"),
            1 => ("requires-improvement", "inadequate"),
            _ => ("good", "requires-improvement"),
        };
        rows.push(row("mild", case, mild));
        rows.push(row("severe", case, severe));
    }
    rows.push(row("new", 0, "inadequate"));
    rows.push(row("alone", 30, "good"));
    let found = readers(framework(), &rows).expect("profiles");
    let of = |name: &str| {
        found
            .iter()
            .find(|one| one.profile.reader == name)
            .expect("a reader")
    };
    let severe = of("severe").profile.severity.expect("enough cases");
    assert!(severe.value < 0.0 && severe.p_adjusted < 0.05, "{severe:?}");
    assert_eq!(of("new").profile.severity, None);
    assert_eq!(
        (of("alone").profile.shared, of("alone").profile.severity),
        (0, None)
    );
}

#[tokio::test]
async fn lead_sees_agreement_and_what_to_do_and_inspectors_do_not() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    world.read_twice(&id, 18, 12).await;
    let path = format!("/inspections/{id}/agreement");
    let page = world.browser("lead").await.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let body = page.text();
    for words in [
        "Gate shut",
        "Cases read twice, blind</dt><dd>30",
        "Cohen’s kappa",
        "Recalibrate",
        "The second",
    ] {
        assert!(body.contains(words), "{words}: {body}");
    }
    for name in ["inspector", "liaison", "reader"] {
        let refused = world.browser(name).await.get(&path).await;
        assert_ne!(refused.status, StatusCode::OK, "{name}");
    }
}
