//! Across forces: the latest round of each that may be set beside the others, and whether the
//! data say that one stands apart. Most often they do not, and then that is what is said.

use super::collection::History;
use super::profile::ForceEntry;
use super::round::{Round, Run};
use askama::Template;
use std::collections::BTreeMap;
use throughline_domain::published::{PublishedInspection, comparable};
use throughline_reports::figure::{count, percent};
use throughline_stats::Level;
use throughline_stats::adjust::{Adjustment, adjust};
use throughline_stats::compare::{Counted, fisher_exact};
use throughline_stats::funnel::{Funnel, Standing, funnel, limits};

/// A force's latest round in a group.
#[derive(Debug, Clone)]
pub struct Place {
    /// The force's name in addresses.
    pub slug: String,
    /// The force.
    pub force: String,
    /// The round.
    pub round: Round,
    /// Where it stands among the others, where that can be said.
    pub standing: Option<Standing>,
}

impl Place {
    /// Where it stands, in words.
    pub fn standing(&self) -> &'static str {
        match self.standing {
            Some(Standing::Above) => {
                "Above the limits: more cases below good than chance would bring"
            }
            Some(Standing::Below) => {
                "Below the limits: fewer cases below good than chance would bring"
            }
            Some(Standing::Within) => "Within the limits of chance",
            None => "Alone in its group",
        }
    }
}

/// Forces whose latest rounds may be set beside each other.
#[derive(Debug, Clone)]
pub struct Group {
    /// `A`, `B` …
    pub letter: char,
    /// Whether the rounds are of reports published here, and not of the published record.
    pub published_here: bool,
    /// What they have in common.
    pub heading: String,
    /// The forces, the largest share first.
    pub places: Vec<Place>,
    /// The drawing, where there are two or more.
    pub funnel: Option<FunnelPlot>,
    /// What the figures say of who is worst, in a sentence.
    pub verdict: String,
}

/// A force that has no share below good to compare.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// Its name in addresses.
    pub slug: String,
    /// The force.
    pub force: String,
    /// Its latest round.
    pub round: String,
    /// Why it is not compared.
    pub why: String,
}

impl League {
    /// The groups of reports published here, or those of the published record.
    pub fn groups_of(&self, published_here: bool) -> Vec<&Group> {
        let wanted = |group: &&Group| group.published_here == published_here;
        self.groups.iter().filter(wanted).collect()
    }
}

/// The comparison.
#[derive(Debug, Clone, Default)]
pub struct League {
    /// The groups; forces in different groups may not be compared.
    pub groups: Vec<Group>,
    /// The forces with nothing to compare.
    pub left_out: Vec<LeftOut>,
}

/// Compares the latest round of every force.
pub(super) fn compare(forces: &[ForceEntry], histories: &BTreeMap<String, History>) -> League {
    let mut places: Vec<Place> = Vec::new();
    let mut left_out = Vec::new();
    for force in forces {
        let Some(history) = histories.get(&force.name) else {
            continue;
        };
        let latest = history.runs.iter().filter_map(|run| latest(force, run));
        let known: Vec<Place> = latest.collect();
        if known.is_empty()
            && let Some(round) = history.rounds.last()
        {
            left_out.push(LeftOut {
                slug: force.slug.clone(),
                force: force.name.clone(),
                round: round.label(),
                why: why_unknown(round),
            });
        }
        places.extend(known);
    }
    League {
        groups: group(places),
        left_out,
    }
}

fn latest(force: &ForceEntry, run: &Run) -> Option<Place> {
    let round = run.rounds.iter().rev().find(|round| round.is_known())?;
    Some(Place {
        slug: force.slug.clone(),
        force: force.name.clone(),
        round: round.clone(),
        standing: None,
    })
}

fn why_unknown(round: &Round) -> String {
    match (round.event.inadequate, round.cases()) {
        (Some(inadequate), Some(cases)) => format!(
            "Only the inadequate count was published ({} of {}); how many more were below good is not known.",
            count(inadequate),
            count(cases)
        ),
        _ => "How many cases were below good is not known.".into(),
    }
}

/// Two rounds of different forces may be set beside each other when nothing but the force
/// would keep them apart. A report published here is not set beside the published record: its
/// share is weighed by the whole list, and in a demonstration its force is invented.
fn fits(a: &Round, b: &Round) -> bool {
    let of_one_force = PublishedInspection {
        force: a.event.force.clone(),
        ..b.event.clone()
    };
    a.report.is_some() == b.report.is_some() && comparable(&a.event, &of_one_force).is_ok()
}

fn group(places: Vec<Place>) -> Vec<Group> {
    let mut groups: Vec<Vec<Place>> = Vec::new();
    for place in places {
        let place_fits =
            |group: &&mut Vec<Place>| group.iter().all(|other| fits(&other.round, &place.round));
        match groups.iter_mut().find(place_fits) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups.sort_by_key(|group| {
        let of_record = group[0].round.report.is_none();
        (of_record, std::cmp::Reverse(group.len()))
    });
    let lettered = groups.into_iter().zip('A'..='Z');
    lettered
        .map(|(places, letter)| weigh(places, letter))
        .collect()
}

fn weigh(mut places: Vec<Place>, letter: char) -> Group {
    places.sort_by(|a, b| {
        share_of(b)
            .total_cmp(&share_of(a))
            .then_with(|| a.force.cmp(&b.force))
    });
    let counted: Vec<Counted> = places.iter().filter_map(|p| p.round.counted()).collect();
    let all_counted = counted.len() == places.len() && counted.len() > 1;
    let placed = all_counted
        .then(|| funnel(&counted, None, Level::NINETY_FIVE).ok())
        .flatten();
    if let Some(placed) = &placed {
        for (place, position) in places.iter_mut().zip(&placed.positions) {
            place.standing = Some(position.standing);
        }
    }
    Group {
        letter,
        published_here: places[0].round.report.is_some(),
        heading: super::round::heading(&places[0].round.event),
        verdict: verdict(&places, &counted, all_counted),
        funnel: placed.map(|placed| FunnelPlot::new(&placed, &places)),
        places,
    }
}

fn share_of(place: &Place) -> f64 {
    match place.round.below_good {
        throughline_reports::figure::Measure::Proportion { value, .. } => value,
        _ => 0.0,
    }
}

/// What can be said of the largest share: only when it is larger than every other by more
/// than chance, all the comparisons taken together.
fn verdict(places: &[Place], counted: &[Counted], all_counted: bool) -> String {
    let Some(first) = places.first() else {
        return String::new();
    };
    if places.len() == 1 {
        return format!(
            "{} stands alone here: nothing published may be set beside its {}.",
            first.force,
            first.round.label_within()
        );
    }
    if !all_counted {
        return "One of these shares was estimated from a weighted sample; the intervals in the table say how far each can be relied on.".into();
    }
    let chances: Vec<f64> = counted[1..]
        .iter()
        .filter_map(|other| fisher_exact(counted[0], *other).ok())
        .collect();
    let adjusted = adjust(&chances, Adjustment::Holm).unwrap_or_default();
    let not_apart: Vec<&str> = places[1..]
        .iter()
        .zip(&adjusted)
        .filter(|(_, p)| **p > Level::NINETY_FIVE.alpha())
        .map(|(place, _)| place.force.as_str())
        .collect();
    if not_apart.is_empty() && adjusted.len() == places.len() - 1 {
        format!(
            "{} has a larger share of cases below good than every other force in this group, by more than chance would bring. The rounds are of different years, so this does not say how the forces stand today.",
            first.force
        )
    } else {
        format!(
            "These figures do not say which force is worst. {} has the largest share, but the difference from {} could be chance.",
            first.force,
            join(&not_apart)
        )
    }
}

fn join(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A funnel drawn: every force by how many cases were read and how many were below good,
/// between the limits that chance alone would seldom leave.
#[derive(Debug, Clone, Template)]
#[template(path = "published/funnel.svg")]
pub struct FunnelPlot {
    description: String,
    target: String,
    target_y: f64,
    inner: String,
    outer: String,
    dots: Vec<Dot>,
    ticks: Vec<(f64, String)>,
    shares: Vec<(f64, String)>,
}

#[derive(Debug, Clone)]
struct Dot {
    x: f64,
    y: f64,
    label: String,
    /// Where its label stands: away from the line of all, and within the drawing.
    label_y: f64,
    left: bool,
}

const LEFT: f64 = 60.0;
const RIGHT: f64 = 700.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 316.0;
const CURVE_POINTS: u64 = 60;

impl FunnelPlot {
    fn new(placed: &Funnel, places: &[Place]) -> Self {
        let most = placed
            .positions
            .iter()
            .map(|p| p.counted.n)
            .max()
            .unwrap_or(1);
        let end = (most * 5).div_ceil(4).max(20);
        let x = |n: u64| LEFT + (RIGHT - LEFT) * n as f64 / end as f64;
        let dots: Vec<(f64, f64)> = placed
            .positions
            .iter()
            .map(|position| (x(position.counted.n), y_of(position.share)))
            .collect();
        let dots = labelled(&dots, places, y_of(placed.target));
        let tick = nice_step(end);
        FunnelPlot {
            description: description(placed, places),
            target: percent(placed.target),
            target_y: y_of(placed.target),
            inner: curve(placed.target, Level::NINETY_FIVE, end, x),
            outer: Level::new(0.998).map_or_else(
                |_| String::new(),
                |level| curve(placed.target, level, end, x),
            ),
            dots,
            ticks: (0..=end / tick)
                .map(|step| (x(step * tick), count(step * tick)))
                .collect(),
            shares: (0..=4u8)
                .map(|quarter| {
                    let share = f64::from(quarter) / 4.0;
                    (y_of(share), format!("{} %", u16::from(quarter) * 25))
                })
                .collect(),
        }
    }
}

/// Room that a force's name takes beside its dot.
const LABEL_WIDTH: f64 = 190.0;
const LABEL_HEIGHT: f64 = 40.0;

/// Each dot with its label: away from the line of all, and on the left where the drawing ends
/// or another dot lies on the right.
fn labelled(dots: &[(f64, f64)], places: &[Place], target_y: f64) -> Vec<Dot> {
    let is_crowded = |x: f64, y: f64| {
        dots.iter().any(|(other_x, other_y)| {
            *other_x > x && other_x - x < LABEL_WIDTH && (other_y - y).abs() < LABEL_HEIGHT
        })
    };
    dots.iter()
        .zip(places)
        .map(|(&(x, y), place)| Dot {
            x,
            y,
            label: place.force.clone(),
            label_y: if y > target_y { y + 20.0 } else { y - 9.0 },
            left: x + LABEL_WIDTH > RIGHT || (x - LABEL_WIDTH > LEFT - 20.0 && is_crowded(x, y)),
        })
        .collect()
}

fn y_of(share: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * share.clamp(0.0, 1.0)
}

fn nice_step(end: u64) -> u64 {
    [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
        .into_iter()
        .find(|step| end / step <= 8)
        .unwrap_or(end.max(1))
}

/// The upper limit from left to right and the lower one back, as one outline.
fn curve(target: f64, level: Level, end: u64, x: impl Fn(u64) -> f64) -> String {
    let least = (end / CURVE_POINTS).max(4);
    let along: Vec<(u64, f64, f64)> = (0..=CURVE_POINTS)
        .map(|step| least + (end - least) * step / CURVE_POINTS)
        .filter_map(|n| {
            let limits = limits(n, target, level).ok()?;
            Some((n, limits.lower, limits.upper))
        })
        .collect();
    let upper = along.iter().map(|(n, _, upper)| (*n, *upper));
    let lower = along.iter().rev().map(|(n, lower, _)| (*n, *lower));
    let points: Vec<String> = upper
        .chain(lower)
        .map(|(n, share)| format!("{:.1},{:.1}", x(n), y_of(share)))
        .collect();
    points.join(" ")
}

fn description(placed: &Funnel, places: &[Place]) -> String {
    let mut words = vec![format!(
        "Share of cases below good against the number of cases read. All forces of the group together: {}.",
        percent(placed.target)
    )];
    words.extend(
        placed
            .positions
            .iter()
            .zip(places)
            .map(|(position, place)| {
                format!(
                    "{}: {} of {}. {}.",
                    place.force,
                    position.counted.k,
                    position.counted.n,
                    place.standing()
                )
            }),
    );
    words.join(" ")
}
