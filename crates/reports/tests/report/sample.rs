//! A report of an invented force. Every number is invented.

use throughline_reports::chart::{
    Chart, Clock, Dot, DotGroup, Grade, GradeBar, GradeBars, IntervalDots, ReferralClocks,
};
use throughline_reports::document::{
    Block, Correction, Document, Inline, NoteTone, Section, Status,
};
use throughline_reports::figure::{Basis, Figure, Figures, Form, Measure};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};

const SOURCE: &str = "audits of the 374 cases drawn for round 1, final grades after moderation";

pub fn basis() -> Basis {
    Basis {
        sample: "374 cases drawn from the force's list of 9,410".into(),
        method: "stratified estimate with a Wilson interval".into(),
        in_words: "Each case was read by one inspector and its overall grade settled by moderation; the figure is the share of the cases read".into(),
        population: Some(9410),
        design: String::new(),
        weights: String::new(),
        left_out: String::new(),
        withheld: String::new(),
        seed: Some("northmarch-2026-r1".into()),
        framework: "child protection 2016.1".into(),
standards: String::new(),
        computed_at: "2026-09-01T09:00:00Z".into(),
        inputs_digest: "sha256:5f1c8a52".into(),
    }
}

pub fn proportion(k: u64, n: u64, lower: f64, upper: f64) -> Measure {
    Measure::Proportion {
        k,
        n,
        value: k as f64 / n as f64,
        lower,
        upper,
        level: 0.95,
    }
}

pub fn figures() -> Figures {
    let count = |value, of| Measure::Count { value, of };
    let list = [
        (
            "below-good",
            "Cases graded below good",
            proportion(278, 374, 0.6968, 0.7851),
        ),
        (
            "referred",
            "Cases sent back to the force because a child might still be at risk",
            count(38, Some(374)),
        ),
        (
            "acknowledged-late",
            "Referrals acknowledged after the limit",
            count(1204, None),
        ),
        (
            "to-protect",
            "Time from raising a referral to the first protective step",
            Measure::Duration {
                median_hours: 31.0,
                lower: 24.5,
                upper: 52.0,
                n: 36,
            },
        ),
        (
            "change",
            "Change in cases graded below good since the round before",
            Measure::Difference {
                from: "round 1".into(),
                to: "round 2".into(),
                value: -0.061,
                lower: -0.13,
                upper: 0.008,
                p_value: 0.083,
                verdict: "no more than chance would bring".into(),
            },
        ),
        (
            "charged",
            "Referrals after which someone was charged",
            Measure::Suppressed {
                why: "so few children could be recognised".into(),
            },
        ),
        (
            "return-interviews",
            "Children interviewed after going missing",
            Measure::Unknown {
                why: "the force kept no record of them".into(),
            },
        ),
        (
            "round-0",
            "Below good, the force's own audit",
            proportion(61, 200, 0.2454, 0.3721),
        ),
        (
            "round-2",
            "Below good, round 2",
            proportion(131, 192, 0.6134, 0.7439),
        ),
    ];
    let mut figures = Figures::new();
    for (key, label, measure) in list {
        figures
            .add(Figure {
                key: key.into(),
                label: label.into(),
                measure,
                basis: basis(),
            })
            .unwrap();
    }
    figures
}

pub const SUMMARY: &str = "\
The force does not yet protect children well enough. Of the cases that we read,
{below-good:count} were below good: {below-good:interval}.

We sent {referred} cases straight back, because a child might still be at risk. The force
took a protective step within {to-protect:interval} of our raising the referral. {acknowledged-late}
acknowledgements came after the limit of {number:24} hours.

## What has changed

Since the round before, the share below good has moved by {change:interval}: no more than chance
would bring. Under section 47 of the Children Act 1989 the force must act at once; on 12 March 2026
it accepted recommendations 3, 4 and 7.

- Someone was charged after {charged} of the referrals.
- Children interviewed after going missing: {return-interviews}.
- <b>Nothing</b> but references & words is interpreted; #let x = y is only text, and so is $x$.
";

pub fn grade_bars() -> Chart {
    let grades = [
        ("Good", "G"),
        ("Requires improvement", "RI"),
        ("Inadequate", "I"),
    ];
    let bar = |label: &str, counts: [u64; 3], is_sum| GradeBar {
        label: label.into(),
        counts: counts.map(Cell::Count).to_vec(),
        total: Cell::Count(counts.iter().sum()),
        is_sum,
    };
    Chart::GradeBars(GradeBars {
        id: "grades-by-kind".into(),
        caption: "Grades by kind of case, round 1".into(),
        category: "Kind of case".into(),
        grades: grades
            .map(|(name, short)| Grade {
                name: name.into(),
                short: short.into(),
            })
            .to_vec(),
        bars: vec![
            bar("Immediate protection", [41, 38, 12], false),
            bar("Missing and absent", [9, 44, 37], false),
            bar("Sexual exploitation", [7, 31, 52], false),
            bar("Police detention", [4, 18, 2], false),
            bar("Managing registered offenders", [35, 10, 34], false),
            bar("All kinds", [96, 141, 137], true),
        ],
        source: Some(SOURCE.into()),
    })
}

pub fn five_grade_bars() -> Chart {
    let grades = [
        ("Outstanding", "O"),
        ("Good", "G"),
        ("Adequate", "A"),
        ("Requires improvement", "RI"),
        ("Inadequate", "I"),
    ];
    let bar = |label: &str, counts: Vec<Cell>, total| GradeBar {
        label: label.into(),
        counts,
        total,
        is_sum: false,
    };
    Chart::GradeBars(GradeBars {
        id: "topics".into(),
        caption: "Grades by topic, round 2".into(),
        category: "Topic".into(),
        grades: grades
            .map(|(name, short)| Grade {
                name: name.into(),
                short: short.into(),
            })
            .to_vec(),
        bars: vec![
            bar(
                "Working with safeguarding partners",
                [2, 40, 58, 71, 21].map(Cell::Count).to_vec(),
                Cell::Count(192),
            ),
            bar(
                "Responding to children at risk",
                [0, 22, 39, 80, 51].map(Cell::Count).to_vec(),
                Cell::Count(192),
            ),
            bar(
                "Children in custody",
                vec![
                    Cell::Count(0),
                    Cell::Count(4),
                    Cell::Suppressed("so few".into()),
                    Cell::Count(9),
                    Cell::Suppressed("so few".into()),
                ],
                Cell::Count(18),
            ),
        ],
        source: Some(SOURCE.into()),
    })
}

pub fn interval_dots(figures: &Figures) -> Chart {
    let dot = |label: &str, key: &str| Dot {
        label: label.into(),
        key: Some(key.into()),
        measure: figures.find(key).unwrap().measure.clone(),
    };
    Chart::IntervalDots(IntervalDots {
        id: "rounds".into(),
        caption: "Cases graded below good, round by round".into(),
        category: "Round".into(),
        scale: "Share of cases graded below good".into(),
        groups: vec![
            DotGroup { heading: "The force's own audit".into(), apart_because: None, dots: vec![dot("Autumn 2025", "round-0")] },
            DotGroup {
                heading: "Graded by inspectors".into(),
                apart_because: Some("The earlier cases were chosen and graded by the force itself; these were drawn at random and graded by inspectors.".into()),
                dots: vec![
                    dot("Round 1, 2026", "below-good"),
                    dot("Round 2, 2026", "round-2"),
                    Dot { label: "Round 3, 2027".into(), key: None, measure: Measure::Unknown { why: "not yet held".into() } },
                ],
            },
        ],
        source: None,
    })
}

pub fn referral_clocks() -> Chart {
    let clock = |label: &str, step: &str, used_hours, limit_hours, stopped| Clock {
        label: label.into(),
        step: step.into(),
        used_hours,
        limit_hours,
        stopped,
    };
    Chart::ReferralClocks(ReferralClocks {
        id: "clocks".into(),
        caption: "Referral clocks on 1 September 2026".into(),
        clocks: vec![
            clock("R-0007", "Full answer", 190.0, 120.0, false),
            clock("R-0011", "Acknowledge", 92.0, 24.0, true),
            clock("R-0019", "First protective step", 30.0, 48.0, false),
            clock("R-0004", "Acknowledge", 3.5, 24.0, true),
            clock("R-0002", "Full answer", 118.0, 120.0, true),
        ],
        source: None,
    })
}

pub fn area_table(figures: &Figures, id: &str) -> Table {
    let count = |name: &str, part| {
        Column::new(
            name,
            ColumnKind::Count,
            format!("Cases: {}", name.to_lowercase()),
        )
        .being(part)
    };
    let row = |area: &str, good, below, share: f64, drawn: &str| {
        vec![
            Cell::text(area),
            Cell::Count(good),
            Cell::Count(below),
            Cell::Count(good + below),
            Cell::Percent(share),
            Cell::Hours(26.25),
            Cell::Date(drawn.into()),
        ]
    };
    let mut total = row("Whole force", 1096, 278, 0.0, "2026-05-03");
    total[4] = Cell::figure(figures.find("below-good").unwrap(), Form::Value);
    Table {
        id: id.into(),
        caption: "Cases by area".into(),
        columns: vec![
            Column::new("Area", ColumnKind::Text, "Area of the force"),
            count("Good", Part::Part),
            count("Below good", Part::Part),
            count("All", Part::Total),
            Column::new(
                "Below good, share",
                ColumnKind::Percent,
                "Share of the cases read that were below good",
            ),
            Column::new(
                "Time to protect",
                ColumnKind::Hours,
                "Median hours to the first protective step",
            ),
            Column::new("Drawn on", ColumnKind::Date, "Day of the draw"),
        ],
        rows: vec![
            Row::part(row("=North", 40, 100, 0.71429, "2026-05-03")),
            Row::part(row("South & coast", 1056, 178, 0.76068, "2026-05-03")),
            Row::total(total),
        ],
        additive: Additive::Both,
        notes: Vec::new(),
        source: Some(SOURCE.into()),
    }
}

pub fn document() -> Document {
    let figures = figures();
    let mut summary = Section::written("summary", "Summary", SUMMARY, &figures).unwrap();
    summary.blocks.push(Block::Note {
        id: "summary-risk".into(),
        tone: NoteTone::ChildAtRisk,
        inlines: vec![Inline::text("One referral has passed its limit and is not answered. It was escalated on 2 September 2026.")],
    });
    let findings = Section {
        id: "findings".into(),
        heading: "What we found".into(),
        blocks: vec![
            Block::Table(area_table(&figures, "areas")),
            Block::Chart(grade_bars()),
            Block::Chart(five_grade_bars()),
        ],
    };
    let rounds = Section {
        id: "over-time".into(),
        heading: "Round by round".into(),
        blocks: vec![Block::Chart(interval_dots(&figures))],
    };
    let sent_back = Section {
        id: "sent-back".into(),
        heading: "Cases sent straight back".into(),
        blocks: vec![Block::Chart(referral_clocks())],
    };
    Document {
        title: "How Northmarch Police protects children".into(),
        subtitle: "Second quarterly follow-up".into(),
        reference: "NMP-2026-R2".into(),
        version: "1.1".into(),
        status: Status::Corrected,
        published_on: Some("2026-09-21".into()),
        force: "Northmarch Police (invented)".into(),
        programme: "Child protection inspection".into(),
        framework: "child protection 2016.1".into(),
        sections: vec![summary, findings, rounds, sent_back],
        figures,
        corrections: vec![Correction {
            date: "2026-10-02".into(),
            version: "1.1".into(),
            what: "The number of cases in the south was given without the coast.".into(),
        }],
    }
}

/// A report of about thirty pages with twelve tables and six charts.
pub fn full_document() -> Document {
    let mut document = document();
    for number in 1..=12 {
        let id = format!("chapter-{number}");
        let text = [SUMMARY, SUMMARY].join("\n").repeat(2);
        let mut section = Section::written(
            id.clone(),
            format!("Chapter {number}"),
            &text,
            &document.figures,
        )
        .unwrap();
        let mut table = area_table(&document.figures, &format!("areas-{number}"));
        let part = table.rows[0].clone();
        table.additive = Additive::Along;
        table.rows.splice(0..0, std::iter::repeat_n(part, 18));
        section.blocks.insert(3, Block::Table(table));
        if number % 6 == 0 {
            let Chart::GradeBars(mut chart) = grade_bars() else {
                unreachable!()
            };
            chart.id = format!("bars-{number}");
            section.blocks.push(Block::Chart(Chart::GradeBars(chart)));
        }
        document.sections.push(section);
    }
    document
}
