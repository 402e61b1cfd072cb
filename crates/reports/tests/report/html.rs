use throughline_reports::chart::Chart;
use throughline_reports::document::{Block, Status};
use throughline_reports::html;
use throughline_reports::table::Cell;

use crate::sample;

#[test]
fn the_page_is_as_it_was_last_agreed() {
    insta::assert_snapshot!("page.html", html::render(&sample::document()));
}

#[test]
fn each_chart_is_as_it_was_last_agreed() {
    let figures = sample::figures();
    for chart in [
        sample::grade_bars(),
        sample::five_grade_bars(),
        sample::interval_dots(&figures),
        sample::referral_clocks(),
    ] {
        insta::assert_snapshot!(format!("{}.svg", chart.id()), chart.svg());
    }
}

#[test]
fn a_page_has_neither_inline_style_nor_script() {
    let page = html::render(&sample::document());
    for forbidden in [
        "style=",
        "<style",
        "<script",
        "onclick",
        "javascript:",
        "<b>",
    ] {
        assert!(!page.contains(forbidden), "the page contains {forbidden}");
    }
    assert!(
        page.contains("&#60;b&#62;Nothing&#60;/b&#62;"),
        "the inspectors' words are escaped, not dropped"
    );
}

#[test]
fn every_chart_stands_with_its_table_and_is_named_for_a_screen_reader() {
    let page = html::render(&sample::document());
    let charts = page.matches("<svg ").count();
    assert_eq!(charts, 4);
    assert_eq!(
        page.matches("role=\"img\" aria-labelledby=").count(),
        charts
    );
    assert_eq!(page.matches("<details").count(), charts);
}

#[test]
fn a_withheld_number_is_spoken_with_its_reason() {
    let page = html::render(&sample::document());
    assert!(page.contains("<span aria-hidden=\"true\">c</span><span class=\"govuk-visually-hidden\">suppressed: so few children could be recognised</span>"));
}

#[test]
fn a_draft_says_that_it_is_one() {
    let mut draft = sample::document();
    draft.status = Status::Draft;
    assert!(html::render(&draft).contains("Draft. Not for publication."));
    assert!(!html::render(&sample::document()).contains("Not for publication"));
}

#[test]
fn a_chart_with_nothing_to_draw_is_a_sentence() {
    let mut document = sample::document();
    let blocks = document.sections.iter_mut().flat_map(|s| &mut s.blocks);
    let mut emptied = 0;
    for block in blocks {
        if let Block::Chart(Chart::GradeBars(chart)) = block {
            for bar in chart.bars.iter_mut().filter(|bar| !bar.is_sum) {
                bar.counts
                    .fill(Cell::Suppressed("so few could be recognised".into()));
            }
            emptied += 1;
        }
    }
    let drawn = html::render(&sample::document()).matches("<svg ").count();
    let page = html::render(&document);
    assert!(emptied > 0);
    assert_eq!(page.matches("<svg ").count(), drawn - emptied);
    assert_eq!(page.matches("None can be drawn").count(), emptied);
    assert_eq!(page.matches("<details").count(), drawn, "the numbers stay");
}
