//! A round as it was published, from the record or from a report of ours, and the groups of
//! rounds that may be set beside each other.

use super::Release;
use crate::figure::estimated;
use crate::framework;
use throughline_domain::id::ReportId;
use throughline_domain::inspection::Kind;
use throughline_domain::published::{
    Fieldwork, Grader, Measure as Counts, PartialDate, PublishedInspection, Scope, trend_groups,
};
use throughline_reports::document::Document;
use throughline_reports::figure::{Figure, Form, Measure};
use throughline_stats::Level;
use throughline_stats::compare::{Counted, ShareChange, shares_changed};
use throughline_stats::interval::wilson;

/// The key under which every report holds the share of cases graded below good.
pub const BELOW_GOOD: &str = "below-good";

/// The key under which a report holds how many cases were sent straight back.
pub const SENT_BACK: &str = "referrals-raised";

/// How the keys begin under which a report holds what has changed since an earlier round.
const CHANGE: &str = "change-since-";

/// What a share in a report published here stands for, wherever one is shown beside its count.
pub const WEIGHTED: &str = "A share that a report published here estimates stands for all cases on the force’s list: each kind of case weighs as much as it does there. It is the figure for the force, and need not be the plain fraction of those read.";

/// A round as it was published.
#[derive(Debug, Clone)]
pub struct Round {
    /// What was published, in the form by which rounds are compared.
    pub event: PublishedInspection,
    /// The share graded below good with its interval, or why it is not known.
    pub below_good: Measure,
    /// How the cases below good were worked out, where they were not published as such.
    pub worked_out: Option<String>,
    /// The report, where it is published here.
    pub report: Option<ReportId>,
    /// What the report says of the cases sent back and the answers, figure by figure.
    pub about_sent_back: Vec<(String, String)>,
    /// What the report says has changed since earlier rounds.
    pub changes: Vec<Said>,
}

/// What is said of the change between two rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Which rounds.
    pub between: String,
    /// Whether the share has changed by more than chance.
    pub words: String,
}

/// What a published document says of its round: kept, since documents are long.
#[derive(Debug, Clone, Default)]
pub struct Headline {
    below_good: Option<Measure>,
    good: Option<u64>,
    middle: Option<u64>,
    inadequate: Option<u64>,
    sent_back: Option<u64>,
    about_sent_back: Vec<(String, String)>,
    changes: Vec<Said>,
}

impl Headline {
    /// Reads the figures of a document that stand for its round.
    pub fn of(document: &Document) -> Self {
        let find = |key: &str| document.figures.find(key).map(|figure| &figure.measure);
        let count = |key: &str| find(key).and_then(count_of);
        Headline {
            below_good: find(BELOW_GOOD).cloned(),
            good: count("grade-good"),
            middle: count("grade-requires-improvement"),
            inadequate: count("grade-inadequate"),
            sent_back: count(SENT_BACK),
            about_sent_back: document
                .figures
                .iter()
                .filter(|figure| figure.key.starts_with("referrals-"))
                .map(|figure| (figure.label.clone(), figure.measure.print_in_full().text))
                .collect(),
            changes: document
                .figures
                .iter()
                .filter(|figure| figure.key.starts_with(CHANGE))
                .filter_map(said)
                .collect(),
        }
    }
}

/// What a report says of a change, also where it says that two rounds cannot be compared.
fn said(figure: &Figure) -> Option<Said> {
    match &figure.measure {
        Measure::Difference {
            from, to, verdict, ..
        } => Some(Said {
            between: format!("{from} to {to}"),
            words: verdict.clone(),
        }),
        Measure::Unknown { why } => Some(Said {
            between: figure.label.clone(),
            words: format!("These rounds cannot be compared: {why}."),
        }),
        _ => None,
    }
}

fn count_of(measure: &Measure) -> Option<u64> {
    match measure {
        Measure::Count { value, .. } => Some(*value),
        Measure::Proportion { k, .. } => Some(*k),
        _ => None,
    }
}

impl Round {
    /// A round of the published record. Its interval is Wilson's, without a correction for
    /// the size of the list, which was not published.
    pub fn of_record(event: PublishedInspection) -> Self {
        let figure = event.find_figure(Counts::BelowGood);
        let worked_out = figure.as_ref().and_then(|figure| figure.worked_out.clone());
        let below_good = figure.map_or_else(
            || unknown("how many cases were below good was not published"),
            |figure| share(figure.count, figure.of),
        );
        Round {
            event,
            below_good,
            worked_out,
            report: None,
            about_sent_back: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The round that a report of ours is about.
    pub fn of_report(release: &Release, headline: &Headline) -> Self {
        let below_good = headline
            .below_good
            .clone()
            .unwrap_or_else(|| unknown("the report has no figure for it"));
        let (below, cases) = match &below_good {
            Measure::Proportion { k, n, .. } => (Some(*k), *n),
            _ => (None, 0),
        };
        let framework = framework::find(&release.framework);
        let three = framework.is_some_and(|framework| framework.grades.len() == 3);
        Round {
            event: PublishedInspection {
                line: 0,
                force: release.force_name.clone(),
                event: release.inspection_title.clone(),
                scope: Scope::ChildProtection,
                fieldwork: Some(Fieldwork {
                    from: PartialDate::Day(release.fieldwork_from.0),
                    to: PartialDate::Day(release.fieldwork_to.0),
                }),
                published: Some(PartialDate::Day(crate::app::london_day(
                    release.first_published_at.0,
                ))),
                scale: framework.map_or_else(|| release.framework.clone(), |f| f.scale()),
                scale_assumed: false,
                graded_by: Grader::Inspectors,
                cases,
                good: headline.good,
                middle: headline.middle.filter(|_| three),
                inadequate: headline.inadequate,
                below_good: below,
                referred_back: headline.sent_back,
                source: format!("/published/reports/{}", release.report_id),
                note: None,
            },
            below_good,
            worked_out: None,
            report: Some(release.report_id.0.clone()),
            about_sent_back: headline.about_sent_back.clone(),
            changes: headline.changes.clone(),
        }
    }

    /// Its name with the year: `Quarter 4 update (2018)`.
    pub fn label(&self) -> String {
        let year = self.event.published.map_or_else(
            || "date not known".to_owned(),
            |date| date.first_day().year().to_string(),
        );
        format!("{} ({year})", self.name())
    }

    /// The same within a sentence: `quarter 4 update (2018)`.
    pub fn label_within(&self) -> String {
        lower_first(&self.label())
    }

    /// Its name, as a heading begins: `Quarter 4 update`.
    pub fn name(&self) -> String {
        let mut letters = self.event.event.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    }

    /// When it was published, in words.
    pub fn published(&self) -> String {
        self.event
            .published
            .map_or_else(|| "date not known".to_owned(), date_in_words)
    }

    /// When the cases were read, in words.
    pub fn fieldwork(&self) -> String {
        self.event
            .fieldwork
            .map_or_else(|| "not known".to_owned(), fieldwork_in_words)
    }

    /// Whether its cases are counted at all.
    pub fn cases(&self) -> Option<u64> {
        Some(self.event.cases).filter(|cases| *cases > 0)
    }

    /// The share with its interval, as it is printed.
    pub fn share(&self) -> String {
        self.below_good.print_in_full().text
    }

    /// Whether the share is known.
    pub fn is_known(&self) -> bool {
        matches!(self.below_good, Measure::Proportion { .. })
    }

    /// What was counted, where the share is simply that: a weighted share is not `k` of `n`.
    pub fn counted(&self) -> Option<Counted> {
        match self.below_good {
            Measure::Proportion { k, n, value, .. }
                if n > 0 && (value - k as f64 / n as f64).abs() < 1e-9 =>
            {
                Some(Counted { k, n })
            }
            _ => None,
        }
    }

    /// Whether the share is weighed by the force's list, so that it is the figure for all its
    /// cases and not simply the fraction of those read.
    pub fn is_weighted(&self) -> bool {
        self.is_known() && self.counted().is_none()
    }

    /// How many of how many cases were below good, as it is printed: `88 of 159`.
    pub fn counted_in_words(&self) -> Option<String> {
        let printed = self.below_good.print(Form::Count)?;
        Some(printed.text)
    }

    /// An anchor on its force's page.
    pub fn anchor(&self) -> String {
        format!("round-{}", self.event.line)
    }
}

/// The text with its first letter small, as it stands within a sentence.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// A share with Wilson's 95 % interval.
pub fn share(k: u64, n: u64) -> Measure {
    match wilson(k, n, Level::NINETY_FIVE) {
        Ok(interval) => Measure::Proportion {
            k,
            n,
            value: k as f64 / n as f64,
            lower: interval.lower,
            upper: interval.upper,
            level: Level::NINETY_FIVE.value(),
        },
        Err(fault) => unknown(&fault.to_string()),
    }
}

fn unknown(why: &str) -> Measure {
    Measure::Unknown { why: why.into() }
}

/// A date as it is read: `25 November 2016`, `March 2018`, `2017`.
pub fn date_in_words(date: PartialDate) -> String {
    match date {
        PartialDate::Year(year) => year.to_string(),
        PartialDate::Month(..) => date.first_day().strftime("%B %Y").to_string(),
        PartialDate::Day(day) => day_in_words(day),
    }
}

/// A number as templates print it.
pub fn number(number: &u64) -> String {
    throughline_reports::figure::count(*number)
}

/// A length in days: `1 day`, `427 days`.
pub fn days(days: &i64) -> String {
    match days {
        1 => "1 day".into(),
        _ => format!("{days} days"),
    }
}

/// A day as templates print it.
pub fn day(day: &jiff::civil::Date) -> String {
    day_in_words(*day)
}

/// A day as it is read: `25 November 2016`.
pub fn day_in_words(day: jiff::civil::Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn fieldwork_in_words(fieldwork: Fieldwork) -> String {
    if fieldwork.from == fieldwork.to {
        date_in_words(fieldwork.from)
    } else {
        format!(
            "{} to {}",
            date_in_words(fieldwork.from),
            date_in_words(fieldwork.to)
        )
    }
}

/// What kind of round, for a report.
pub fn kind_in_words(release: &Release) -> String {
    match (release.kind.0, release.round) {
        (Kind::Inspection, _) => release.kind.title().to_owned(),
        (_, round) => format!("{}, round {round}", release.kind.title()),
    }
}

/// Rounds of one force that may be joined.
#[derive(Debug, Clone)]
pub struct Run {
    /// `A`, `B` …
    pub letter: char,
    /// What its rounds have in common, in words.
    pub heading: String,
    /// The rounds, in order of publication.
    pub rounds: Vec<Round>,
    /// Why they may not be joined with group A.
    pub apart_because: Vec<String>,
}

/// How the share moved between two rounds of a group.
#[derive(Debug, Clone)]
pub struct Change {
    /// The earlier round.
    pub from: Round,
    /// The later round.
    pub to: Round,
    /// The comparison.
    pub comparison: ShareChange,
}

impl Run {
    /// Why it stands apart, as one text.
    pub fn why(&self) -> Option<String> {
        (!self.apart_because.is_empty()).then(|| self.apart_because.join(" "))
    }

    /// Its heading in the chart, where there is one line for it.
    pub fn short_title(&self) -> String {
        let first = &self.rounds[0].event;
        format!(
            "Group {}: {}, graded by {}",
            self.letter,
            first.scope.title(),
            first.graded_by.title()
        )
    }

    /// Its heading with its letter.
    pub fn title(&self) -> String {
        format!("Group {}: {}", self.letter, self.heading)
    }

    /// What is said of how the share moved. Where the report on the latest round says it, that
    /// is what is said, word for word; else the rounds are compared in the way of the reports.
    pub fn said(&self) -> Vec<Said> {
        let reported = |round: &&Round| !round.changes.is_empty();
        if let Some(round) = self.rounds.last().filter(reported) {
            return round.changes.clone();
        }
        let changes = self.changes();
        let said = changes.iter().map(|change| Said {
            between: format!("{} to {}", change.from.label(), change.to.label()),
            words: change.comparison.verdict_in_words(),
        });
        said.collect()
    }

    /// From the round before the last to the last, and from the first to the last where that
    /// is not the same.
    pub fn changes(&self) -> Vec<Change> {
        let known: Vec<&Round> = self.rounds.iter().filter(|r| r.is_known()).collect();
        let change = |from: &Round, to: &Round| {
            let (earlier, later) = (estimated(&from.below_good)?, estimated(&to.below_good)?);
            let comparison = shares_changed(earlier, later, Level::NINETY_FIVE).ok()?;
            Some(Change {
                from: from.clone(),
                to: to.clone(),
                comparison,
            })
        };
        match known[..] {
            [] | [_] => Vec::new(),
            [first, last] => change(first, last).into_iter().collect(),
            [first, .., before, last] => [change(first, last), change(before, last)]
                .into_iter()
                .flatten()
                .collect(),
        }
    }
}

/// Divides a force's rounds into groups that may each be joined. Rounds are numbered in the
/// order given, which is that of publication.
pub fn runs(rounds: &mut [Round]) -> Vec<Run> {
    for (number, round) in (1u64..).zip(rounds.iter_mut()) {
        round.event.line = number;
    }
    let events: Vec<PublishedInspection> = rounds.iter().map(|round| round.event.clone()).collect();
    let groups = trend_groups(&events).into_iter().zip('A'..='Z');
    groups
        .map(|(group, letter)| Run {
            letter,
            heading: heading(group.events[0]),
            rounds: group
                .events
                .iter()
                .filter_map(|event| rounds.iter().find(|round| round.event.line == event.line))
                .cloned()
                .collect(),
            apart_because: group
                .apart_because
                .iter()
                .map(ToString::to_string)
                .collect(),
        })
        .collect()
}

/// What rounds that may be compared have in common.
pub fn heading(event: &PublishedInspection) -> String {
    let assumed = if event.scale_assumed {
        " (an assumed scale)"
    } else {
        ""
    };
    format!(
        "{}, graded by {} as {}{assumed}",
        event.scope.title(),
        event.graded_by.title(),
        scale_in_words(&event.scale),
    )
}

/// A scale as a sentence says it: `good, requires improvement or inadequate`.
pub fn scale_in_words(scale: &str) -> String {
    let grades: Vec<&str> = scale.split('/').collect();
    match grades.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => scale.to_owned(),
    }
}
