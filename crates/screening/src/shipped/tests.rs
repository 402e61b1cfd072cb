use super::*;

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
