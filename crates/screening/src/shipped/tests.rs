use super::*;
use crate::random;

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
    let calendar = random::calendar();
    let check = |example: &Example| example.check(&library, calendar).unwrap();
    let wrong: Vec<String> = examples
        .iter()
        .filter_map(check)
        .map(|difference| difference.to_string())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The blocks of a document that hold standards, each with the line on which it begins.
fn blocks(document: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in (1..).zip(document.lines()) {
        match (&mut open, line) {
            (None, "```standards") => open = Some((number, String::new())),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, block)), _) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

#[test]
fn every_worked_timeline_of_the_reference_holds() {
    let reference = include_str!("../../../../docs/standards.md");
    let head = &ENGLAND_AND_WALES[..ENGLAND_AND_WALES.find("\nstandard ").unwrap()];
    let calendar = random::calendar();
    let blocks = blocks(reference);
    assert!(blocks.len() > 20, "{} blocks", blocks.len());
    let mut wrong = Vec::new();
    for (line, block) in blocks {
        let text = match block.starts_with("library") {
            true => block,
            false => format!("{head}\n{block}"),
        };
        let reading = text::read(&text).unwrap_or_else(|faults| panic!("line {line}: {faults}"));
        assert!(
            !reading.examples.is_empty(),
            "line {line} has no worked timeline"
        );
        for example in &reading.examples {
            let found = example.check(&reading.library, calendar).unwrap();
            wrong.extend(found.map(|difference| format!("block of line {line}: {difference}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
