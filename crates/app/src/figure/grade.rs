//! How the cases were graded: in all, below good, and by kind of case.

use super::input::{DrawnCase, Grades};
use super::protect::{Guarded, Known, published};
use super::sheet::Sheet;
use super::statement::Cross;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use throughline_domain::framework::{Category, Framework};
use throughline_reports::chart::{Chart, Grade as ChartGrade, GradeBar, GradeBars};
use throughline_reports::figure::{Figure, Form};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};
use throughline_stats::Level;
use throughline_stats::disclosure::{Suppressed, Table as Counts};
use throughline_stats::estimate::{Estimate, Stratum, proportion, stratified};

/// The anchor of the chart of grades by kind of case.
pub(super) const CHART: &str = "grades-by-category";

/// Every figure, table and chart about grades.
pub(super) fn figures(sheet: &mut Sheet<'_>) -> Result<()> {
    let grades = &sheet.inputs.grades;
    let graded = grades.graded().count() as u64;
    sheet.count_from(
        "the force’s case list",
        "cases-listed",
        "Cases on the force’s list",
        grades.listed_in_all(),
        "Every case in scope that the force gave us, less those it withdrew.",
    )?;
    let drawn = grades.drawn.len() as u64;
    sheet.count(
        "cases-drawn",
        "Cases drawn",
        drawn,
        None,
        "The cases of the draw, with those of the reserve that took a place.",
    )?;
    sheet.count(
        "cases-graded",
        "Cases read and graded",
        graded,
        Some(drawn),
        "Cases with a final grade, out of those drawn.",
    )?;
    let by_grade = totals(sheet, graded)?;
    sheet.tables.push(grade_table(sheet, &by_grade));
    let below = sheet.share(
        "below-good",
        "Cases graded below good",
        below_good(grades, sheet.framework),
        &weights_in_words(grades, sheet.framework),
    )?;
    by_category(sheet, &below)
}

fn totals(sheet: &mut Sheet<'_>, graded: u64) -> Result<Vec<Figure>> {
    let framework = sheet.framework;
    let grade_of = |code: &str| {
        sheet
            .inputs
            .grades
            .graded()
            .filter(|(_, grade)| *grade == code)
            .count() as u64
    };
    let counts: Vec<u64> = framework.grades.iter().map(|g| grade_of(&g.code)).collect();
    let mut figures = Vec::new();
    for (grade, value) in framework.grades.iter().zip(counts) {
        let label = format!("Cases graded {}", grade.label.to_lowercase());
        let key = format!("grade-{}", grade.code);
        figures.push(sheet.count(
            &key,
            &label,
            value,
            Some(graded),
            "Counted, of all cases graded.",
        )?);
    }
    Ok(figures)
}

fn grade_table(sheet: &Sheet<'_>, by_grade: &[Figure]) -> Table {
    let framework = sheet.framework;
    let graded = sheet.inputs.grades.graded().count() as u64;
    let mut rows: Vec<Row> = framework
        .grades
        .iter()
        .zip(by_grade)
        .map(|(grade, figure)| {
            Row::part(vec![
                Cell::text(&grade.label),
                Cell::figure(figure, Form::Value),
                Cell::text(&grade.description),
            ])
        })
        .collect();
    rows.push(Row::total(vec![
        Cell::text("All cases read"),
        Cell::Count(graded),
        Cell::Blank,
    ]));
    Table {
        id: "grades".into(),
        caption: "How the cases were graded".into(),
        columns: vec![
            Column::new("Grade", ColumnKind::Text, "The grade, best first"),
            Column::new("Cases", ColumnKind::Count, "Cases whose final grade it is"),
            Column::new(
                "What the grade means",
                ColumnKind::Text,
                "The framework’s definition",
            ),
        ],
        rows,
        additive: Additive::Down,
        notes: Vec::new(),
        source: sheet.source(),
    }
}

/// The share of the list graded below good: each stratum counts by its size in the list.
///
/// # Errors
/// Why there is none, as the end of a sentence.
pub(super) fn below_good(grades: &Grades, framework: &Framework) -> Result<Estimate, String> {
    if grades.graded().next().is_none() {
        return Err("no case has been graded yet".into());
    }
    let strata: Vec<Stratum> = strata(grades, framework).into_values().collect();
    if strata.iter().any(|stratum| stratum.n == 0) {
        return Err("one kind of case has no graded case yet".into());
    }
    stratified(&strata, Level::NINETY_FIVE)
        .map(|estimate| estimate.with_design(DESIGN))
        .map_err(|error| error.to_string())
}

/// How the cases of every round are chosen.
const DESIGN: &str = "by chance within each kind of case, each kind in proportion to the list";

/// For how many cases of the list each case read stands.
pub(super) fn weights_in_words(grades: &Grades, framework: &Framework) -> String {
    let strata = strata(grades, framework);
    let weights = strata
        .values()
        .filter(|stratum| stratum.n > 0)
        .map(|stratum| stratum.population as f64 / stratum.n as f64);
    let (least, most) = weights.fold((f64::INFINITY, 0.0_f64), |(least, most), weight| {
        (least.min(weight), most.max(weight))
    });
    if least > most {
        return String::new();
    }
    let shared = "for the listed cases of its kind, shared among those of it that were read";
    match (format!("{least:.1}"), format!("{most:.1}")) {
        (least, most) if least == most => format!("{shared}: {least} cases"),
        (least, most) => format!("{shared}: from {least} to {most} cases"),
    }
}

fn strata<'g>(grades: &'g Grades, framework: &Framework) -> BTreeMap<&'g str, Stratum> {
    let mut drawn: BTreeMap<&str, Vec<&DrawnCase>> = BTreeMap::new();
    for case in &grades.drawn {
        drawn.entry(&case.stratum).or_default().push(case);
    }
    drawn
        .into_iter()
        .map(|(name, cases)| {
            let graded: Vec<&str> = cases.iter().filter_map(|c| c.grade.as_deref()).collect();
            let below = graded
                .iter()
                .filter(|g| is_below_good(framework, g))
                .count();
            let stratum = Stratum {
                population: grades
                    .listed_in(name)
                    .unwrap_or_else(|| size_from_chances(&cases)),
                n: graded.len() as u64,
                k: below as u64,
            };
            (name, stratum)
        })
        .collect()
}

/// The size of a stratum that is no category: each case drawn stands for as many as its
/// chance of being drawn says.
fn size_from_chances(cases: &[&DrawnCase]) -> u64 {
    let size: f64 = cases
        .iter()
        .filter(|case| case.inclusion_probability > 0.0)
        .map(|case| 1.0 / case.inclusion_probability)
        .sum();
    (size.round() as u64).max(cases.len() as u64)
}

fn is_below_good(framework: &Framework, code: &str) -> bool {
    framework
        .find_grade(code)
        .is_some_and(|grade| grade.below_good)
}

/// One kind of case with its count of each grade.
struct ByCategory<'f> {
    category: &'f Category,
    counts: Vec<u64>,
}

fn by_category(sheet: &mut Sheet<'_>, all: &Figure) -> Result<()> {
    let framework = sheet.framework;
    let rows = count_by_category(&sheet.inputs.grades, framework);
    let Ok(counts) = Counts::new(rows.iter().map(|row| row.counts.clone()).collect()) else {
        return Ok(());
    };
    let guarded = sheet.protect(&counts, &cross(framework, &rows), Known::ColumnTotals)?;
    let hidden = &guarded.suppressed;
    let shares = rows
        .iter()
        .zip(&hidden.rows)
        .map(|(row, cells)| {
            let shown = cells.iter().all(|cell| cell.shown().is_some());
            category_share(sheet, row, shown, &guarded)
        })
        .collect::<Result<Vec<_>>>()?;
    let chart = bars(sheet, &rows, hidden);
    sheet.charts.push(Chart::GradeBars(chart));
    let table = category_table(sheet, &rows, &guarded, &shares, all);
    sheet.tables.push(table);
    Ok(())
}

fn cross<'f>(framework: &'f Framework, rows: &[ByCategory<'f>]) -> Cross<'f> {
    Cross {
        what: (CHART, "Grades by kind of case"),
        rows: rows
            .iter()
            .map(|row| (row.category.code.as_str(), row.category.title.as_str()))
            .collect(),
        all_rows: framework
            .categories
            .iter()
            .map(|category| category.code.as_str())
            .collect(),
        columns: framework
            .grades
            .iter()
            .map(|grade| (grade.code.as_str(), grade.label.as_str()))
            .collect(),
    }
}

fn count_by_category<'f>(grades: &Grades, framework: &'f Framework) -> Vec<ByCategory<'f>> {
    framework
        .categories
        .iter()
        .map(|category| {
            let count = |code: &str| {
                grades
                    .graded()
                    .filter(|(case, grade)| case.category == category.code && *grade == code)
                    .count() as u64
            };
            ByCategory {
                category,
                counts: framework.grades.iter().map(|g| count(&g.code)).collect(),
            }
        })
        .filter(|row| row.counts.iter().any(|&n| n > 0))
        .collect()
}

/// The share below good of one kind of case. Withheld where any of its grades is, since it
/// would tell what they are.
fn category_share(
    sheet: &mut Sheet<'_>,
    row: &ByCategory<'_>,
    shown: bool,
    guarded: &Guarded,
) -> Result<Figure> {
    let key = format!("below-good-{}", row.category.code);
    let label = format!("Graded below good: {}", row.category.title);
    if !shown {
        return sheet.withhold(&key, &label, &guarded.withheld);
    }
    let n: u64 = row.counts.iter().sum();
    let k: u64 = sheet
        .framework
        .grades
        .iter()
        .zip(&row.counts)
        .filter(|(grade, _)| grade.below_good)
        .map(|(_, n)| n)
        .sum();
    let listed = sheet.inputs.grades.listed_in(&row.category.code);
    let population = listed.filter(|&all| all >= n);
    let estimate = proportion(k, n, population, Level::NINETY_FIVE);
    let estimate =
        estimate.map(|estimate| estimate.with_design("by chance from the cases of that kind"));
    let estimate = estimate.map_err(|error| error.to_string());
    sheet.share(&key, &label, estimate, "")
}

fn bars(sheet: &Sheet<'_>, rows: &[ByCategory<'_>], hidden: &Suppressed) -> GradeBars {
    let mut bars: Vec<GradeBar> = rows
        .iter()
        .zip(hidden.rows.iter().zip(&hidden.row_totals))
        .map(|(row, (cells, total))| GradeBar {
            label: row.category.title.clone(),
            counts: cells.iter().map(|&cell| published(cell)).collect(),
            total: published(*total),
            is_sum: false,
        })
        .collect();
    bars.push(GradeBar {
        label: "All cases read".into(),
        counts: hidden
            .column_totals
            .iter()
            .map(|&cell| published(cell))
            .collect(),
        total: published(hidden.total),
        is_sum: true,
    });
    GradeBars {
        id: CHART.into(),
        caption: "Grades by kind of case".into(),
        category: "Kind of case".into(),
        grades: sheet
            .framework
            .grades
            .iter()
            .map(|grade| ChartGrade {
                name: grade.label.clone(),
                short: grade.short.clone(),
            })
            .collect(),
        bars,
        source: sheet.source(),
    }
}

fn category_table(
    sheet: &Sheet<'_>,
    rows: &[ByCategory<'_>],
    guarded: &Guarded,
    shares: &[Figure],
    all: &Figure,
) -> Table {
    let row = |name: Cell, read: Cell, share: &Figure| {
        vec![
            name,
            read,
            Cell::figure(share, Form::Count),
            Cell::figure(share, Form::Interval),
        ]
    };
    let mut lines: Vec<Row> = rows
        .iter()
        .zip(&guarded.suppressed.row_totals)
        .zip(shares)
        .map(|((line, &read), share)| {
            Row::part(row(
                Cell::text(&line.category.title),
                published(read),
                share,
            ))
        })
        .collect();
    lines.push(Row::total(row(
        Cell::text("All cases"),
        published(guarded.suppressed.total),
        all,
    )));
    let weighed = "The last row weighs each kind of case by its number on the force’s list, so it is not the simple average of those read.";
    let notes = [weighed.to_owned()]
        .into_iter()
        .chain(guarded.withheld.note())
        .collect();
    Table {
        id: "below-good-by-category".into(),
        caption: "Graded below good, by kind of case".into(),
        columns: vec![
            Column::new("Kind of case", ColumnKind::Text, "The framework’s category"),
            Column::new("Read", ColumnKind::Count, "Cases read and graded").being(Part::Neither),
            Column::new(
                "Below good",
                ColumnKind::Figure,
                "How many of those read were graded below good",
            ),
            Column::new(
                "Share of all on the list",
                ColumnKind::Figure,
                "The estimated share of all cases of that kind on the list, with its 95 % interval",
            ),
        ],
        rows: lines,
        additive: Additive::Down,
        notes,
        source: sheet.source(),
    }
}

/// A fault in the program: the framework of an inspection must be known.
pub(super) fn unknown_framework(id: &str) -> Error {
    Error::Internal(format!("the framework {id} is not known to this program"))
}
