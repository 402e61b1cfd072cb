use jiff::civil::Date;

use super::*;
use crate::calendar::{BankHolidays, Calendar};

fn library() -> Library {
    match text::parse(ENGLAND_AND_WALES) {
        Ok(library) => library,
        Err(faults) => panic!("{faults}"),
    }
}

#[test]
fn the_shipped_library_has_the_standards_of_the_study_and_those_with_a_source() {
    let library = library();
    for id in ["S1", "S10", "H01", "H02", "H07", "H29", "H41", "H49", "L01"] {
        assert!(library.standards.iter().any(|one| one.id == id), "{id}");
    }
    assert_eq!(Library::england_and_wales(), library);
}

fn calendar() -> Calendar {
    let day = |text: &str| text.parse::<Date>().unwrap();
    let holidays = [
        "2022-01-03",
        "2022-04-15",
        "2022-04-18",
        "2022-05-02",
        "2022-06-02",
        "2022-06-03",
        "2022-08-29",
        "2022-12-26",
        "2022-12-27",
        "2025-01-01",
        "2025-04-18",
        "2025-04-21",
        "2025-05-05",
        "2025-05-26",
        "2025-08-25",
        "2025-12-25",
        "2025-12-26",
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-04",
        "2026-05-25",
        "2026-08-31",
        "2026-12-25",
        "2026-12-28",
    ];
    let holidays = BankHolidays {
        known_from: day("2025-01-01"),
        known_to: day("2026-12-31"),
        days: holidays.map(day).into(),
    };
    Calendar::new("Europe/London", &holidays).unwrap()
}

#[test]
fn every_worked_example_of_the_shipped_library_holds() {
    let library = library();
    let examples = Library::england_and_wales_examples();
    let named = |place| {
        let mut expected = examples.iter().flat_map(|example| &example.expected);
        expected.any(|one| usize::from(one.standard) == place)
    };
    for (place, standard) in library.standards.iter().enumerate() {
        assert!(named(place), "{} has no example", standard.id);
        assert!(
            !standard.sources.is_empty(),
            "{} has no source",
            standard.id
        );
    }
    let check = |example: &Example| example.check(&library, &calendar()).unwrap();
    let wrong: Vec<String> = examples
        .iter()
        .filter_map(check)
        .map(|difference| difference.to_string())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
