use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use throughline_reports::document::DocumentFault;
use throughline_reports::figure::NO_BREAK;
use throughline_reports::pdf::{self, PdfFault};
use throughline_reports::table::Cell;
use throughline_reports::{document::Block, html};

use crate::sample;

fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// What a tool prints about a PDF, or nothing where it is not installed, which is said aloud.
fn printed_by(tool: &str, arguments: &[&str], path: &Path) -> Option<String> {
    let to_screen: &[&str] = if tool == "pdftotext" { &["-"] } else { &[] };
    let Ok(output) = Command::new(tool)
        .args(arguments)
        .arg(path)
        .args(to_screen)
        .output()
    else {
        eprintln!("skipped: {tool} is not installed, so its judgement of the PDF is missing");
        return None;
    };
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{tool} refuses the PDF: {words}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(words)
}

#[test]
fn the_pdf_satisfies_pdf_ua_and_says_so() {
    let bytes = pdf::render(&sample::document()).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.starts_with("%PDF-1."));
    assert!(
        text.contains("<pdfuaid:part>1</pdfuaid:part>"),
        "the metadata claims PDF/UA-1"
    );
    assert!(text.contains("en-GB"), "the language is given");
}

#[test]
fn the_same_document_makes_the_same_bytes() {
    let document = sample::document();
    assert!(pdf::render(&document).unwrap() == pdf::render(&document).unwrap());
}

#[test]
fn the_pdf_is_whole_and_its_structure_can_be_read_aloud() {
    let path = written("sample.pdf", &pdf::render(&sample::document()).unwrap());
    if let Some(words) = printed_by("qpdf", &["--check"], &path) {
        assert!(
            words.contains("No syntax or stream encoding errors"),
            "{words}"
        );
    }
    if let Some(structure) = printed_by("pdfinfo", &["-struct-text"], &path) {
        for tag in [
            "Document", "H1", "H2", "P ", "L ", "LI", "Table", "TR", "TH", "TD", "Figure",
            "Caption", "TOC",
        ] {
            assert!(structure.contains(tag), "no {tag} in the structure");
        }
        assert!(structure.contains("What has changed"));
    }
    if let Some(facts) = printed_by("pdfinfo", &[], &path) {
        assert!(
            facts.contains("How Northmarch Police protects children"),
            "{facts}"
        );
        assert!(facts.contains("Tagged:          yes"), "{facts}");
    }
}

#[test]
fn every_figure_reads_the_same_on_the_page_and_on_paper() {
    let document = sample::document();
    let page = html::render(&document);
    let path = written("figures.pdf", &pdf::render(&document).unwrap());
    let paper = printed_by("pdftotext", &["-layout", "-nopgbrk"], &path);
    let plain = |text: &str| {
        text.replace(NO_BREAK, " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    for figure in &document.figures {
        let printed = figure.measure.print_in_full().text;
        assert!(page.contains(&printed), "{} is not on the page", figure.key);
        if let Some(paper) = &paper {
            assert!(
                plain(paper).contains(&plain(&printed)),
                "{} ({printed}) is not on paper",
                figure.key
            );
        }
    }
}

#[test]
fn a_document_whose_total_is_wrong_is_refused() {
    let mut document = sample::document();
    let Block::Table(table) = &mut document.sections[1].blocks[0] else {
        panic!("not the table")
    };
    table.rows[2].cells[1] = Cell::Count(1097);
    let Err(PdfFault::Document(faults)) = pdf::render(&document) else {
        panic!("the wrong total was set")
    };
    assert!(
        faults
            .iter()
            .any(|fault| matches!(fault, DocumentFault::Sum(_)))
    );
    assert!(
        PdfFault::Document(faults)
            .to_string()
            .contains("40 + 1,056")
    );
}

#[test]
fn a_full_report_is_set_in_reasonable_time() {
    let document = sample::full_document();
    pdf::render(&sample::document()).unwrap();
    let start = Instant::now();
    let bytes = pdf::render(&document).unwrap();
    let taken = start.elapsed();
    let path = written("full.pdf", &bytes);
    let pages = printed_by("pdfinfo", &[], &path);
    eprintln!(
        "{taken:?}, {} bytes, {}",
        bytes.len(),
        pages.unwrap_or_default()
    );
    // An unoptimised build on a busy machine; the bench measures the optimised one.
    assert!(taken.as_secs() < 60, "{taken:?}");
}
