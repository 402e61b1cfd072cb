//! How every case stands against the handling standards: what the newest screening found, counted
//! in all cases and not estimated from the sample, beside the sampled grades.

use super::Passage;
use super::input::{Screened, whole};
use super::protect::{Known, WHY, Withheld, published};
use super::sheet::{Origin, Sheet};
use super::statement::Cross;
use crate::error::{Error, Result};
use crate::screening::KeptStandard;
use throughline_domain::framework::Framework;
use throughline_reports::document::{Block, Inline, NoteTone, date_in_words};
use throughline_reports::figure::{Figure, Figures, Form, Measure, count, points};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};
use throughline_screening::engine::Counts;
use throughline_stats::disclosure::{Cell as Hidden, Table as Cells};

/// What can be found of a standard in a case, with what it is called and what that means.
const OUTCOMES: [(&str, &str, &str); 6] = [
    ("met", "Met", "Cases in which it was kept every time"),
    (
        "excused",
        "Excused",
        "Cases in which what would have been due need not be done",
    ),
    (
        "missed",
        "Missed",
        "Cases in which it was missed, at least once",
    ),
    (
        "pending",
        "Pending",
        "Cases in which it was neither kept nor missed yet",
    ),
    (
        "cannot-tell",
        "Cannot tell",
        "Cases of which the timeline does not tell whether it was kept",
    ),
    (
        "not-applicable",
        "Not applicable",
        "Cases in which nothing happened that it applies to",
    ),
];
const MET: usize = 0;
const MISSED: usize = 2;
const CANNOT_TELL: usize = 4;

/// A standard that was checked.
struct Checked {
    kept: KeptStandard,
    /// The key of its share missed.
    key: String,
    /// Cases by the worst that was found in each, in the order of [`OUTCOMES`].
    cases: [u64; OUTCOMES.len()],
    /// The same as it is published.
    shown: Vec<Hidden>,
    /// What the standard counts, by outcome.
    counted: Counts,
}

/// The counts of the newest screening, and how they differ from those of the round before. Nothing
/// where no case was screened.
pub(super) fn figures(sheet: &mut Sheet<'_>) -> Result<()> {
    let Some(screened) = &sheet.inputs.screened else {
        return Ok(());
    };
    let origin = origin(screened);
    let (mut checked, unrecorded) = standards(screened)?;
    let withheld = hide(sheet, screened, &mut checked)?;
    sheet.count_of_all(
        &origin,
        "cases-checked",
        "Cases whose timeline was checked against the handling standards",
        Measure::Count {
            value: origin.cases,
            of: Some(listed(screened)),
        },
        "Every case on the list that has a timeline.",
    )?;
    let rates = checked
        .iter()
        .map(|one| rate(sheet, &origin, one))
        .collect::<Result<Vec<_>>>()?;
    let mut blocks = vec![note("screening-in-words", in_words(screened))];
    sheet.tables.push(case_table(&checked, &origin, &withheld));
    sheet
        .tables
        .push(rate_table(&checked, &rates, &origin, &unrecorded));
    blocks.extend(since_last_round(sheet, &checked, &rates));
    sheet.passages.push(Passage {
        id: "screening".into(),
        blocks,
    });
    Ok(())
}

/// The shares missed that a published report shows.
pub(super) fn shares_missed(figures: &Figures) -> Vec<Figure> {
    let is_share =
        |figure: &&Figure| figure.key.starts_with(KEY) && !figure.basis.standards.is_empty();
    figures.iter().filter(is_share).cloned().collect()
}

const KEY: &str = "missed-";

/// The standards that were checked, and the titles of those of which the timelines say nothing.
fn standards(screened: &Screened) -> Result<(Vec<Checked>, Vec<String>)> {
    let tally = screened.tally()?;
    let (mut checked, mut unrecorded) = (Vec::<Checked>::new(), Vec::new());
    for kept in screened.standards()? {
        if kept.unrecorded {
            unrecorded.push(kept.title);
            continue;
        }
        let Some(found) = tally.find_standard(&kept.id) else {
            continue;
        };
        let cases = &found.cases;
        checked.push(Checked {
            key: free_key(&kept.id, &checked),
            cases: [
                cases.met,
                cases.excused,
                cases.missed(),
                cases.pending,
                cases.cannot_tell(),
                tally.not_applicable(found),
            ],
            shown: Vec::new(),
            counted: *found.counted(),
            kept,
        });
    }
    Ok((checked, unrecorded))
}

/// The key of a standard's figure: two that differ only in what no key may hold are told apart.
fn free_key(id: &str, taken: &[Checked]) -> String {
    let plain: String = id
        .chars()
        .map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    let first = format!("{KEY}{plain}");
    let more = (2..).map(|number| format!("{KEY}{plain}-{number}"));
    std::iter::once(first)
        .chain(more)
        .find(|key| taken.iter().all(|other| other.key != *key))
        .unwrap_or_default()
}

/// Hides the small counts of each standard, whose sum is the number of cases checked; says how
/// many numbers are hidden in all, and how well.
fn hide(sheet: &mut Sheet<'_>, screened: &Screened, checked: &mut [Checked]) -> Result<Withheld> {
    let mut all = Withheld::NOTHING;
    for one in checked {
        let what = format!("screening-{}-{}", screened.number, one.kept.id);
        let cross = Cross {
            what: (&what, &one.kept.title),
            rows: vec![("all", "all cases")],
            all_rows: vec!["all"],
            columns: OUTCOMES
                .iter()
                .map(|(code, name, _)| (*code, *name))
                .collect(),
        };
        let counts = Cells::new(vec![one.cases.to_vec()])
            .map_err(|error| Error::Internal(format!("{what}: {error}")))?;
        let guarded = sheet.guard(&counts, &cross, Known::Total);
        one.shown = guarded.suppressed.rows.into_iter().flatten().collect();
        let hidden = one.shown.iter().filter(|cell| cell.shown().is_none());
        all = all.and(Withheld {
            cells: hidden.count() as u64,
            ..guarded.withheld
        });
    }
    Ok(all)
}

fn is_hidden(one: &Checked, outcome: usize) -> bool {
    one.shown
        .get(outcome)
        .is_none_or(|cell| cell.shown().is_none())
}

/// The share missed of what was met or missed, by what the standard counts.
fn rate(sheet: &mut Sheet<'_>, origin: &Origin, one: &Checked) -> Result<Figure> {
    let measure = share_missed(one, sheet.framework);
    let words = format!(
        "Of those that were met or missed, how many were missed: counted in every case, {}. What is excused or pending is in neither number.",
        one.kept.counts
    );
    let label = format!("Missed: {}", one.kept.title);
    sheet.count_of_all(origin, &one.key, &label, measure, &words)
}

/// Withheld where the number of cases met or missed is, and where either number is itself small.
fn share_missed(one: &Checked, framework: &Framework) -> Measure {
    let small = |n: u64| n > 0 && n < u64::from(framework.disclosure_threshold);
    let (met, missed) = (one.counted.met, one.counted.missed());
    let untold = one.counted.cannot_tell();
    if is_hidden(one, MET) || is_hidden(one, MISSED) || small(met) || small(missed) {
        return Measure::Suppressed { why: WHY.into() };
    }
    if one.counted.decided() == 0 {
        return Measure::Unknown {
            why: "it was neither met nor missed in any case checked".into(),
        };
    }
    Measure::Rate {
        k: missed,
        n: one.counted.decided(),
        untold: (!is_hidden(one, CANNOT_TELL) && !small(untold)).then_some(untold),
    }
}

fn listed(screened: &Screened) -> u64 {
    let part = |n: i64| whole(n).unwrap_or_default();
    part(screened.case_count) + part(screened.without_timeline)
}

fn origin(screened: &Screened) -> Origin {
    let cases = whole(screened.case_count).unwrap_or_default();
    Origin {
        source: format!(
            "screening {}, as of {}, of {} cases in version {} of the timelines",
            screened.number,
            date_in_words(&screened.as_of),
            count(cases),
            screened.timelines_version
        ),
        cases,
        left_out: match whole(screened.without_timeline) {
            Some(1) => "1 case on the list without a timeline".into(),
            Some(n) if n > 0 => format!("{} cases on the list without a timeline", count(n)),
            _ => String::new(),
        },
        standards: format!(
            "{}, SHA-256 of their text {}",
            screened.library, screened.standards_digest
        ),
    }
}

/// Which screening it is, and what kind of numbers these are.
fn in_words(screened: &Screened) -> String {
    let entered = match &screened.known_at {
        Some(day) => format!(
            " Only what had been entered by the end of {} counts.",
            date_in_words(day)
        ),
        None => String::new(),
    };
    let without = whole(screened.without_timeline).unwrap_or_default();
    format!(
        "These are counts of all cases, not estimates from a sample: chance has no part in them, and no range stands beside them. Screening {} checked the {} cases on the list that have a timeline; {} have none. The timelines, in version {}, were taken to know everything up to the end of {}.{entered} They were held to {} (SHA-256 of the text: {}).",
        screened.number,
        count(whole(screened.case_count).unwrap_or_default()),
        count(without),
        screened.timelines_version,
        date_in_words(&screened.as_of),
        screened.library,
        screened.standards_digest
    )
}

fn note(id: &str, words: String) -> Block {
    Block::Note {
        id: id.into(),
        tone: NoteTone::Aside,
        inlines: vec![Inline::text(words)],
    }
}

fn case_table(checked: &[Checked], origin: &Origin, withheld: &Withheld) -> Table {
    let mut columns = vec![Column::new(
        "Standard",
        ColumnKind::Text,
        "The handling standard",
    )];
    columns.extend(
        OUTCOMES.iter().map(|(_, name, means)| {
            Column::new(*name, ColumnKind::Count, *means).being(Part::Part)
        }),
    );
    columns.push(
        Column::new("Cases", ColumnKind::Count, "All cases that were checked").being(Part::Total),
    );
    let rows = checked.iter().map(|one| {
        let mut cells = vec![Cell::text(&one.kept.title)];
        cells.extend(one.shown.iter().map(|&cell| published(cell)));
        cells.push(Cell::Count(origin.cases));
        Row {
            part: Part::Neither,
            cells,
        }
    });
    let once = "A case counts once for each standard, by the worst that was found in it, so that each row adds up to all cases checked.";
    Table {
        id: "standards-by-case".into(),
        caption: "Cases by what was found, standard by standard".into(),
        columns,
        rows: rows.collect(),
        additive: Additive::Along,
        notes: [once.to_owned()]
            .into_iter()
            .chain(withheld.note())
            .collect(),
        source: Some(origin.source.clone()),
    }
}

fn rate_table(
    checked: &[Checked],
    rates: &[Figure],
    origin: &Origin,
    unrecorded: &[String],
) -> Table {
    let rows = checked.iter().zip(rates).map(|(one, figure)| {
        let mut cells = vec![
            Cell::text(&one.kept.title),
            Cell::text(&one.kept.counts),
            Cell::figure(figure, Form::Count),
            Cell::figure(figure, Form::Value),
        ];
        cells.extend(bounds(&figure.measure));
        Row {
            part: Part::Neither,
            cells,
        }
    });
    Table {
        id: "standards-missed".into(),
        caption: "How often each handling standard was missed".into(),
        columns: vec![
            Column::new("Standard", ColumnKind::Text, "The handling standard"),
            Column::new(
                "Counted",
                ColumnKind::Text,
                "What one of the numbers is a count of",
            ),
            Column::new(
                "Missed",
                ColumnKind::Figure,
                "How many were missed, of those that were met or missed",
            ),
            Column::new(
                "Share missed",
                ColumnKind::Figure,
                "The same as a share of those that were met or missed, in all cases checked",
            ),
            Column::new(
                "At least",
                ColumnKind::Percent,
                "The share missed if every one that cannot be told had been met",
            ),
            Column::new(
                "At most",
                ColumnKind::Percent,
                "The share missed if every one that cannot be told had been missed",
            ),
        ],
        rows: rows.collect(),
        additive: Additive::No,
        notes: rate_notes(unrecorded),
        source: Some(origin.source.clone()),
    }
}

fn rate_notes(unrecorded: &[String]) -> Vec<String> {
    let mut notes = vec![
        "Where the timeline does not tell whether a standard was kept, that is in neither number of the share. The last two columns say what this can hide: the share missed if all of these had been met, and if all had been missed. This is no range of chance, for every case was checked.".to_owned(),
    ];
    if !unrecorded.is_empty() {
        notes.push(format!(
            "Not checked, since the timelines never record what they await: {}.",
            unrecorded.join("; ")
        ));
    }
    notes
}

fn bounds(measure: &Measure) -> [Cell; 2] {
    match (measure, measure.rate_bounds()) {
        (_, Some((least, most))) => [Cell::Percent(least), Cell::Percent(most)],
        (Measure::Unknown { why }, None) => {
            [Cell::Unknown(why.clone()), Cell::Unknown(why.clone())]
        }
        _ => [Cell::Suppressed(WHY.into()), Cell::Suppressed(WHY.into())],
    }
}

/// The shares missed beside those of the last round's report: compared only where both were found
/// with the very same standards.
fn since_last_round(sheet: &mut Sheet<'_>, checked: &[Checked], rates: &[Figure]) -> Option<Block> {
    let inputs = sheet.inputs;
    let before = &inputs.earlier.last()?.missed;
    let (was, is) = (before.first()?, rates.first()?);
    if was.basis.standards != is.basis.standards {
        return Some(note(
            "standards-not-compared",
            format!(
                "The shares missed are not set beside those of the last round. They were found with other standards, {}, and now with {}: a standard whose text has changed asks something else.",
                was.basis.standards, is.basis.standards
            ),
        ));
    }
    let rows = checked.iter().zip(rates).filter_map(|(one, now)| {
        let was = before.iter().find(|figure| figure.key == now.key)?;
        Some(change_row(&one.kept.title, was, now))
    });
    sheet.tables.push(change_table(rows.collect()));
    None
}

fn change_row(title: &str, was: &Figure, now: &Figure) -> Row {
    let earlier = match &was.measure {
        Measure::Suppressed { why } => Cell::Suppressed(why.clone()),
        Measure::Unknown { why } => Cell::Unknown(why.clone()),
        measure => Cell::text(printed(measure)),
    };
    Row {
        part: Part::Neither,
        cells: vec![
            Cell::text(title),
            earlier,
            Cell::figure(now, Form::Value),
            change(&was.measure, &now.measure),
        ],
    }
}

fn printed(measure: &Measure) -> String {
    let form = measure.print(Form::Value);
    form.map_or_else(String::new, |printed| printed.text)
}

fn change(was: &Measure, now: &Measure) -> Cell {
    match (was, now) {
        (Measure::Rate { k, n, .. }, Measure::Rate { k: j, n: m, .. }) => {
            let change = *j as f64 / *m as f64 - *k as f64 / *n as f64;
            Cell::text(points(change))
        }
        _ => Cell::Blank,
    }
}

fn change_table(rows: Vec<Row>) -> Table {
    Table {
        id: "standards-since-last-round".into(),
        caption: "Handling standards missed, beside the last round".into(),
        columns: vec![
            Column::new("Standard", ColumnKind::Text, "The handling standard"),
            Column::new(
                "Last round",
                ColumnKind::Figure,
                "The share missed that the last round’s report shows",
            ),
            Column::new("This round", ColumnKind::Figure, "The share missed now"),
            Column::new(
                "Change in points",
                ColumnKind::Figure,
                "This round less the last, in percentage points",
            ),
        ],
        rows,
        additive: Additive::No,
        notes: vec![
            "Both are counts of all cases under the very same standards, so that no test of chance is made. They are different cases, and what the timelines record may have changed between them.".into(),
        ],
        source: None,
    }
}

#[cfg(test)]
mod tests;
