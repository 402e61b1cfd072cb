//! The rounds of a series beside each other: each share below good with its interval, and
//! whether a change is more than chance. Rounds on another scale are not joined.

use super::Passage;
use super::grade::{below_good, weights_in_words};
use super::input::Grades;
use super::sheet::{Sheet, share_of};
use crate::error::Result;
use crate::framework;
use crate::inspection::Inspection;
use crate::wording::sentence;
use throughline_domain::framework::Framework;
use throughline_domain::inspection::Kind;
use throughline_reports::chart::{Chart, Dot, DotGroup, IntervalDots};
use throughline_reports::document::{Block, Inline, NoteTone};
use throughline_reports::figure::{Figure, Measure};
use throughline_stats::Level;
use throughline_stats::compare::{EstimatedShare, ShareChange, shares_changed};

/// The anchor of the chart of rounds.
pub(super) const CHART: &str = "rounds";

/// One round with its share below good.
#[derive(Debug, Clone)]
pub struct Round {
    /// The round.
    pub inspection: Inspection,
    /// Its share below good, or why there is none.
    pub measure: Measure,
    /// The same with how it was made.
    pub figure: Figure,
    framework: &'static Framework,
}

/// What has changed between two rounds.
#[derive(Debug, Clone)]
pub struct Change {
    /// Since which round, in words.
    pub since: String,
    /// The comparison, or why the two cannot be compared.
    pub comparison: Result<ShareChange, String>,
}

impl Change {
    /// What changed and whether it is more than chance, or why that cannot be said.
    pub fn in_words(&self) -> String {
        match &self.comparison {
            Ok(comparison) => comparison.verdict_in_words(),
            Err(why) => format!("These rounds cannot be compared: {why}."),
        }
    }
}

impl Round {
    /// A round with its share below good, as it was published or as it is now.
    pub(super) fn new(inspection: Inspection, figure: Figure) -> Option<Self> {
        let framework = framework::find(&inspection.framework)?;
        Some(Round {
            inspection,
            measure: figure.measure.clone(),
            figure,
            framework,
        })
    }

    /// The round as it is named beside others: `Quarterly update, May 2026`.
    pub fn name(&self) -> String {
        let month = self.inspection.fieldwork_to.0.strftime("%B %Y");
        format!("{}, {month}", self.inspection.kind.title())
    }

    /// The same, short enough for the margin of a chart.
    fn short_name(&self) -> String {
        let day = self.inspection.fieldwork_to.0;
        match self.inspection.kind.0 {
            Kind::Inspection => day.strftime("Inspection, %b %Y").to_string(),
            Kind::QuarterlyUpdate => day.strftime("Update, %b %Y").to_string(),
            Kind::Review => day.strftime("Review, %b %Y").to_string(),
            Kind::ReInspection => day.strftime("Re-inspection, %Y").to_string(),
        }
    }

    fn is_comparable_with(&self, other: &Round) -> bool {
        self.framework.scale() == other.framework.scale()
            && self.framework.programme == other.framework.programme
    }

    fn why_apart(&self, other: &Round) -> String {
        if self.framework.scale() == other.framework.scale() {
            return format!(
                "they were inspected under different programmes, {} and {}",
                other.framework.title, self.framework.title
            );
        }
        format!(
            "they were graded on different scales, {} and then {}",
            other.framework.scale(),
            self.framework.scale()
        )
    }

    /// What has changed in this round since another.
    pub fn change_since(&self, earlier: &Round) -> Change {
        let comparison = if self.is_comparable_with(earlier) {
            compared(&earlier.measure, &self.measure)
        } else {
            Err(self.why_apart(earlier))
        };
        Change {
            since: earlier.name(),
            comparison,
        }
    }
}

/// The share below good of these grades, or why there is none.
pub(super) fn share_below_good(grades: &Grades, framework: &Framework) -> Figure {
    share_of(
        grades,
        framework,
        "Cases graded below good, as the audits stand now",
        below_good(grades, framework),
        &weights_in_words(grades, framework),
    )
}

/// Compares the shares as they are shown, weights and all.
fn compared(earlier: &Measure, later: &Measure) -> Result<ShareChange, String> {
    let known = |measure: &Measure, which: &str| {
        estimated(measure).ok_or_else(|| format!("{which} has no share below good"))
    };
    let earlier = known(earlier, "the earlier round")?;
    let later = known(later, "this round")?;
    shares_changed(earlier, later, Level::NINETY_FIVE).map_err(|error| error.to_string())
}

/// A share as it was estimated, where there is one.
pub fn estimated(measure: &Measure) -> Option<EstimatedShare> {
    match *measure {
        Measure::Proportion {
            k,
            n,
            value,
            lower,
            upper,
            ..
        } => Some(EstimatedShare {
            value,
            lower,
            upper,
            k,
            n,
        }),
        _ => None,
    }
}

/// The chart of the rounds, in groups that may be compared.
pub(super) fn chart(rounds: &[Round], key_of: &dyn Fn(&Round) -> Option<String>) -> IntervalDots {
    let mut groups: Vec<DotGroup> = Vec::new();
    for (place, round) in rounds.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| &rounds[before]);
        let dot = Dot {
            label: round.short_name(),
            key: key_of(round),
            measure: round.measure.clone(),
        };
        match (before, groups.last_mut()) {
            (Some(before), Some(group)) if round.is_comparable_with(before) => {
                group.dots.push(dot);
            }
            _ => groups.push(DotGroup {
                heading: format!("Graded {}", round.framework.scale()),
                apart_because: before.map(|before| sentence(&round.why_apart(before))),
                dots: vec![dot],
            }),
        }
    }
    if let [only] = groups.as_mut_slice() {
        only.heading = String::new();
    }
    IntervalDots {
        id: CHART.into(),
        caption: "Share of cases below good, round by round".into(),
        category: "Round".into(),
        scale: "Share of cases below good".into(),
        groups,
        source: Some("the cases drawn at random and read in each round".into()),
    }
}

/// For a follow-up: the earlier rounds as figures, the chart, and what has changed.
pub(super) fn figures(sheet: &mut Sheet<'_>, rounds: &[Round]) -> Result<()> {
    let Some((current, earlier)) = rounds.split_last() else {
        return Ok(());
    };
    for round in earlier {
        let key = key(round);
        let label = format!("Below good, {}", round.name());
        let words = format!(
            "The same share, as that round’s report has it (as its audits stand now, where it has none), under {}.",
            round.framework.id
        );
        sheet.add(
            &key,
            &label,
            round.measure.clone(),
            "as in that round",
            &words,
        )?;
    }
    let mut notes = Vec::new();
    if let Some(previous) = earlier.last() {
        let change = current.change_since(previous);
        notes.extend(record(sheet, "change-since-previous", current, &change)?);
    }
    if let (Some(first), true) = (earlier.first(), earlier.len() > 1) {
        let change = current.change_since(first);
        notes.extend(record(sheet, "change-since-first", current, &change)?);
    }
    if !earlier.is_empty() {
        let number = current.inspection.round;
        let key_of = |round: &Round| {
            Some(if round.inspection.round == number {
                "below-good".into()
            } else {
                key(round)
            })
        };
        sheet
            .charts
            .push(Chart::IntervalDots(chart(rounds, &key_of)));
    }
    sheet.passages.push(Passage {
        id: "changes".into(),
        blocks: notes,
    });
    Ok(())
}

fn key(round: &Round) -> String {
    format!("below-good-round-{}", round.inspection.round)
}

fn record(
    sheet: &mut Sheet<'_>,
    key: &str,
    current: &Round,
    change: &Change,
) -> Result<Option<Block>> {
    let label = format!("Change since {}", change.since);
    let measure = match &change.comparison {
        Ok(comparison) => Measure::Difference {
            from: change.since.clone(),
            to: current.name(),
            value: comparison.change,
            lower: comparison.lower,
            upper: comparison.upper,
            p_value: comparison.p,
            verdict: comparison.verdict_in_words(),
        },
        Err(why) => Measure::Unknown { why: why.clone() },
    };
    let words = "The two shares below good as each round’s report has them, each estimated from its stratified sample.";
    sheet.add(
        key,
        &label,
        measure,
        "the two rounds’ own intervals joined (Zou and Donner’s square-and-add method); p from the same interval",
        words,
    )?;
    Ok(Some(Block::Note {
        id: format!("{key}-in-words"),
        tone: NoteTone::Aside,
        inlines: vec![Inline::text(format!(
            "Since {}: {}",
            change.since,
            change.in_words()
        ))],
    }))
}
