//! Charts: where a look says more than a list. Each has its table, and neither stands alone.

use serde::{Deserialize, Serialize};

use crate::table::Table;

mod curve;
mod grade_bars;
mod interval_dots;
mod referral_clocks;
mod svg;
mod timeline;

pub use curve::{Curve, CurveLine};
pub use grade_bars::{Grade, GradeBar, GradeBars};
pub use interval_dots::{Dot, DotGroup, IntervalDots};
pub use referral_clocks::{Clock, ClockState, ReferralClocks};
pub use timeline::{CaseTimeline, TimelineEvent, TimelineStandard, TimelineWindow, WindowOutcome};

/// A chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "chart", rename_all = "kebab-case")]
pub enum Chart {
    /// Grades by category.
    GradeBars(GradeBars),
    /// Shares with their intervals, round by round.
    IntervalDots(IntervalDots),
    /// Hours used on each referral against its limit.
    ReferralClocks(ReferralClocks),
    /// One case to scale.
    CaseTimeline(CaseTimeline),
}

impl Chart {
    /// Anchor of the chart.
    pub fn id(&self) -> &str {
        match self {
            Chart::GradeBars(chart) => &chart.id,
            Chart::IntervalDots(chart) => &chart.id,
            Chart::ReferralClocks(chart) => &chart.id,
            Chart::CaseTimeline(chart) => &chart.id,
        }
    }

    /// What the chart shows.
    pub fn caption(&self) -> &str {
        match self {
            Chart::GradeBars(chart) => &chart.caption,
            Chart::IntervalDots(chart) => &chart.caption,
            Chart::ReferralClocks(chart) => &chart.caption,
            Chart::CaseTimeline(chart) => &chart.caption,
        }
    }

    /// What a person sees who looks at it, in words.
    pub fn description(&self) -> String {
        match self {
            Chart::GradeBars(chart) => chart.description(),
            Chart::IntervalDots(chart) => chart.description(),
            Chart::ReferralClocks(chart) => chart.description(),
            Chart::CaseTimeline(chart) => chart.description(),
        }
    }

    /// Why there is nothing to draw, as a sentence, where that is so. Then these words stand in
    /// place of the drawing.
    pub fn why_empty(&self) -> Option<&'static str> {
        match self {
            Chart::GradeBars(chart) => chart.why_empty(),
            Chart::IntervalDots(chart) => chart.why_empty(),
            Chart::ReferralClocks(_) | Chart::CaseTimeline(_) => None,
        }
    }

    /// The same numbers as a table; its id is the chart's followed by `-table`.
    pub fn table(&self) -> Table {
        match self {
            Chart::GradeBars(chart) => chart.table(),
            Chart::IntervalDots(chart) => chart.table(),
            Chart::ReferralClocks(chart) => chart.table(),
            Chart::CaseTimeline(chart) => chart.table(),
        }
    }

    /// The chart as SVG, complete in itself: real text, a title and a description, no style
    /// attribute and no script.
    pub fn svg(&self) -> String {
        match self {
            Chart::GradeBars(chart) => chart.scene().svg(),
            Chart::IntervalDots(chart) => chart.scene().svg(),
            Chart::ReferralClocks(chart) => chart.scene().svg(),
            Chart::CaseTimeline(chart) => chart.scene().svg(),
        }
    }
}
