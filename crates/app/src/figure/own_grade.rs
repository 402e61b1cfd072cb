//! The gap between the force's own grades and the inspectors' on the same cases.

use super::Passage;
use super::protect::{Guarded, Known, published};
use super::sheet::Sheet;
use super::statement::Cross;
use crate::error::{Error, Result};
use throughline_domain::framework::Framework;
use throughline_reports::document::{Block, Inline, NoteTone};
use throughline_reports::figure::{Form, Measure};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};
use throughline_stats::Level;
use throughline_stats::compare::{Paired, mcnemar, paired_difference};
use throughline_stats::disclosure::{Cell as Hidden, Place, Table as Counts};

/// What the table is called in a key, and read as.
const TABLE: (&str, &str) = (
    "own-grades-by-grade",
    "The force’s own grades beside the inspectors’",
);

/// Cases by the force's own grade and the inspectors', each in the order of the scale.
struct Pairs {
    counts: Vec<Vec<u64>>,
    /// For each grade of the scale whether it is good or better.
    good: Vec<bool>,
}

/// How the force graded its own handling of the cases read. Nothing where no case has its grade.
pub(super) fn figures(sheet: &mut Sheet<'_>) -> Result<()> {
    let pairs = Pairs::of(sheet);
    let n = pairs.count(|_, _| true);
    if n == 0 {
        return Ok(());
    }
    if n < u64::from(sheet.framework.disclosure_threshold) {
        say(sheet, vec![Inline::text(TOO_FEW)]);
        return Ok(());
    }
    counts(sheet, &pairs, n)?;
    gap(sheet, pairs.by_good())?;
    let counts = Counts::new(pairs.counts.clone())
        .map_err(|error| Error::Internal(format!("own grades: {error}")))?;
    let cross = cross(sheet.framework);
    let guarded = sheet.guard_beside(&counts, &cross, Known::ColumnTotals, pairs.sums());
    let cells = (counts.rows() + 1) * (counts.columns() + 1);
    sheet.tell_withheld(TABLE, &guarded.withheld, cells as u64)?;
    let table = table(sheet, &guarded);
    sheet.tables.push(table);
    say(sheet, direction());
    Ok(())
}

const TOO_FEW: &str = "The force had graded so few of the cases read that nothing is said of how its grades and the inspectors’ compare: a child could be recognised.";

impl Pairs {
    fn of(sheet: &Sheet<'_>) -> Self {
        let grades = &sheet.framework.grades;
        let place = |code: &str| grades.iter().position(|grade| grade.code == code);
        let mut counts = vec![vec![0; grades.len()]; grades.len()];
        for (case, grade) in sheet.inputs.grades.graded() {
            let own = case.own_grade.as_deref().and_then(place);
            if let (Some(own), Some(grade)) = (own, place(grade)) {
                counts[own][grade] += 1;
            }
        }
        Pairs {
            counts,
            good: grades.iter().map(|grade| !grade.below_good).collect(),
        }
    }

    /// The places of the table whose own grade and inspectors' grade are as wanted.
    fn places(&self, wanted: impl Fn(usize, usize) -> bool) -> Vec<Place> {
        let all =
            (0..self.good.len()).flat_map(|own| (0..self.good.len()).map(move |it| (own, it)));
        all.filter(|&(own, it)| wanted(own, it))
            .map(|(own, it)| Place {
                row: Some(own),
                column: Some(it),
            })
            .collect()
    }

    fn count(&self, wanted: impl Fn(usize, usize) -> bool) -> u64 {
        let counted = self.places(wanted).into_iter().filter_map(|place| {
            let row = self.counts.get(place.row?)?;
            row.get(place.column?).copied()
        });
        counted.sum()
    }

    /// Good or better by the force, and by the inspectors.
    fn by_good(&self) -> Paired {
        let both =
            |own: bool, it: bool| self.count(|a, b| self.good[a] == own && self.good[b] == it);
        Paired {
            both: both(true, true),
            only_first: both(true, false),
            only_second: both(false, true),
            neither: both(false, false),
        }
    }

    /// The sums of cells that stand in the report in any case: the direction of the differences, and
    /// the four numbers behind the gap.
    fn sums(&self) -> Vec<Vec<Place>> {
        let good =
            |own: bool, it: bool| self.places(|a, b| self.good[a] == own && self.good[b] == it);
        vec![
            self.places(|own, it| own < it),
            self.places(|own, it| own == it),
            self.places(|own, it| own > it),
            good(true, true),
            good(true, false),
            good(false, true),
            good(false, false),
        ]
    }
}

fn counts(sheet: &mut Sheet<'_>, pairs: &Pairs, n: u64) -> Result<()> {
    let graded = sheet.inputs.grades.graded().count() as u64;
    sheet.count(
        "own-grades",
        "Cases read that the force had graded itself",
        n,
        Some(graded),
        "Cases of the sample with a final grade for which the force’s list gives its own grade of its handling.",
    )?;
    let by_good = pairs.by_good();
    for (key, label, value, words) in [
        (
            "own-good",
            "Graded good or better by the force itself",
            by_good.first(),
            "By the force’s own grade, of the cases read that have one.",
        ),
        (
            "inspected-good",
            "Of the same cases, graded good or better by inspectors",
            by_good.second(),
            "By the inspectors’ final grade, of the cases read that have the force’s own grade.",
        ),
        (
            "own-higher",
            "Graded higher by the force than by inspectors",
            pairs.count(|own, it| own < it),
            "Cases whose own grade is better than the inspectors’, of those that have both.",
        ),
        (
            "own-same",
            "Graded alike by the force and by inspectors",
            pairs.count(|own, it| own == it),
            "Cases whose own grade is the inspectors’, of those that have both.",
        ),
        (
            "own-lower",
            "Graded lower by the force than by inspectors",
            pairs.count(|own, it| own > it),
            "Cases whose own grade is worse than the inspectors’, of those that have both.",
        ),
    ] {
        sheet.count(key, label, value, Some(n), words)?;
    }
    Ok(())
}

/// By how much the force's share of good or better lies above the inspectors'.
fn gap(sheet: &mut Sheet<'_>, pairs: Paired) -> Result<()> {
    let interval = paired_difference(pairs, Level::NINETY_FIVE)
        .map_err(|error| Error::Internal(format!("own grades: {error}")))?;
    let p_value = mcnemar(pairs.only_first, pairs.only_second).exact_p;
    let share = |k: u64| k as f64 / pairs.n() as f64;
    let measure = Measure::Difference {
        from: "the inspectors’ grades".into(),
        to: "the force’s own grades of the same cases".into(),
        value: share(pairs.first()) - share(pairs.second()),
        lower: interval.lower,
        upper: interval.upper,
        p_value,
        verdict: verdict(pairs, p_value).into(),
    };
    sheet.add(
        "own-gap",
        "Good or better by the force’s own grades, less by the inspectors’",
        measure,
        "paired difference with Newcombe’s interval (1998, method 10); p by McNemar’s exact test",
        "How much larger the share of good or better is by the force’s own grades than by the inspectors’, in the cases read that have both. Each case counts once, so that it speaks for these cases and not for the list.",
    )?;
    Ok(())
}

fn verdict(pairs: Paired, p_value: f64) -> &'static str {
    match pairs.only_first > pairs.only_second {
        _ if p_value >= Level::NINETY_FIVE.alpha() => "no more than chance would bring",
        true => "the force graded its own handling more kindly, by more than chance would bring",
        false => "the force graded its own handling more harshly, by more than chance would bring",
    }
}

fn cross(framework: &Framework) -> Cross<'_> {
    let grades = || framework.grades.iter();
    Cross {
        what: TABLE,
        rows: grades()
            .map(|grade| (grade.code.as_str(), grade.label.as_str()))
            .collect(),
        all_rows: grades().map(|grade| grade.code.as_str()).collect(),
        columns: grades()
            .map(|grade| (grade.code.as_str(), grade.label.as_str()))
            .collect(),
    }
}

fn table(sheet: &Sheet<'_>, guarded: &Guarded) -> Table {
    let hidden = &guarded.suppressed;
    let line = |name: &str, cells: &[Hidden], total: Hidden| {
        let mut line = vec![Cell::text(name)];
        line.extend(cells.iter().map(|&cell| published(cell)));
        line.push(published(total));
        line
    };
    let grades = &sheet.framework.grades;
    let mut rows: Vec<Row> = grades
        .iter()
        .zip(hidden.rows.iter().zip(&hidden.row_totals))
        .map(|(grade, (cells, &total))| Row::part(line(&grade.label, cells, total)))
        .collect();
    rows.push(Row::total(line("All", &hidden.column_totals, hidden.total)));
    let mut columns = vec![Column::new(
        "The force’s own grade",
        ColumnKind::Text,
        "How the force graded its own handling of the case",
    )];
    columns.extend(grades.iter().map(|grade| {
        let name = format!("Inspectors: {}", grade.label.to_lowercase());
        Column::new(name, ColumnKind::Count, "Cases with that final grade").being(Part::Part)
    }));
    columns.push(
        Column::new("All", ColumnKind::Count, "Cases with that own grade").being(Part::Total),
    );
    Table {
        id: TABLE.0.into(),
        caption: TABLE.1.into(),
        columns,
        rows,
        additive: Additive::Both,
        notes: guarded.withheld.note().into_iter().collect(),
        source: sheet.source(),
    }
}

fn direction() -> Vec<Inline> {
    let figure = |key: &str| Inline::Figure {
        key: key.into(),
        form: Form::Count,
    };
    vec![
        Inline::text("The force graded its own handling higher than the inspectors did in "),
        figure("own-higher"),
        Inline::text(" cases, alike in "),
        figure("own-same"),
        Inline::text(", and lower in "),
        figure("own-lower"),
        Inline::text("."),
    ]
}

fn say(sheet: &mut Sheet<'_>, inlines: Vec<Inline>) {
    sheet.passages.push(Passage {
        id: "own-grades".into(),
        blocks: vec![Block::Note {
            id: "own-grades-in-words".into(),
            tone: NoteTone::Aside,
            inlines,
        }],
    });
}

#[cfg(test)]
mod tests;
