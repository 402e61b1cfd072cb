use super::*;
use crate::figure::{Basis, Figure, Measure};
use crate::table::{Additive, Cell, Column, ColumnKind, Row};

fn figure() -> Figure {
    let basis = Basis {
        sample: "374 cases".into(),
        method: "count".into(),
        in_words: "Cases sent back".into(),
        population: None,
        design: String::new(),
        weights: String::new(),
        left_out: String::new(),
        withheld: String::new(),
        seed: None,
        framework: "2016.1".into(),
        standards: String::new(),
        computed_at: "2016-09-01T09:00:00Z".into(),
        inputs_digest: "sha256:00".into(),
    };
    Figure {
        key: "referred".into(),
        label: "Cases sent back".into(),
        measure: Measure::Count {
            value: 38,
            of: None,
        },
        basis,
    }
}

fn document(blocks: Vec<Block>) -> Document {
    let mut figures = Figures::new();
    figures.add(figure()).unwrap();
    Document {
        title: "Report".into(),
        subtitle: String::new(),
        reference: "R".into(),
        version: "1".into(),
        status: Status::Draft,
        published_on: None,
        force: "Northmarch".into(),
        programme: "Child protection".into(),
        framework: "2016.1".into(),
        sections: vec![Section {
            id: "one".into(),
            heading: "One".into(),
            blocks,
        }],
        figures,
        corrections: Vec::new(),
    }
}

fn paragraph(id: &str, inlines: Vec<Inline>) -> Block {
    Block::Paragraph {
        id: id.into(),
        inlines,
    }
}

fn table(cells: Vec<Cell>) -> Block {
    Block::Table(Table {
        id: "t".into(),
        caption: "T".into(),
        columns: vec![Column::new("Referred", ColumnKind::Count, "")],
        rows: vec![Row::part(cells)],
        additive: Additive::No,
        notes: Vec::new(),
        source: None,
    })
}

fn faults(blocks: Vec<Block>) -> Vec<DocumentFault> {
    document(blocks).check().unwrap_err()
}

#[test]
fn a_sound_document_passes_and_survives_being_frozen() {
    let sound = document(vec![
        paragraph("p", vec![Inline::text("Words.")]),
        table(vec![Cell::figure(&figure(), Form::Value)]),
    ]);
    assert_eq!(sound.check(), Ok(()));
    let frozen = serde_json::to_string(&sound).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&frozen).unwrap(), sound);
}

#[test]
fn two_passages_cannot_share_an_anchor() {
    assert!(
        matches!(&faults(vec![paragraph("one", vec![])])[..], [DocumentFault::IdTaken { id }] if id == "one")
    );
}

#[test]
fn a_passage_cannot_take_an_anchor_of_the_page_itself() {
    for id in ["corrections", "how-figures-were-made", "figure-referred"] {
        assert!(matches!(
            &faults(vec![paragraph(id, vec![])])[..],
            [DocumentFault::IdTaken { .. }]
        ));
    }
}

#[test]
fn an_anchor_must_be_an_anchor() {
    for id in ["", "Two words", "1st", "p\"onclick"] {
        assert!(matches!(
            &faults(vec![paragraph(id, vec![])])[..],
            [DocumentFault::IdMalformed { .. }]
        ));
    }
}

#[test]
fn a_reference_to_a_missing_figure_is_refused_and_shown_in_a_draft() {
    let inline = Inline::Figure {
        key: "gone".into(),
        form: Form::Value,
    };
    let draft = document(vec![paragraph("p", vec![inline.clone()])]);
    assert!(matches!(
        &draft.check().unwrap_err()[..],
        [DocumentFault::FigureMissing { .. }]
    ));
    assert_eq!(draft.print(&inline).text, "[no figure gone:value]");
}

#[test]
fn a_cell_cannot_differ_from_its_figure() {
    let mut other = figure();
    other.measure = Measure::Count {
        value: 39,
        of: None,
    };
    assert!(matches!(
        &faults(vec![table(vec![Cell::figure(&other, Form::Value)])])[..],
        [DocumentFault::CellDiffers { row: 1, .. }]
    ));
}

#[test]
fn every_column_has_its_cell() {
    assert!(matches!(
        &faults(vec![table(vec![])])[..],
        [DocumentFault::RowWidth {
            cells: 0,
            columns: 1,
            ..
        }]
    ));
}

#[test]
fn dates_are_read_in_words() {
    assert_eq!(date_in_words("2016-05-03"), "3 May 2016");
    assert_eq!(date_in_words("spring"), "spring");
}
