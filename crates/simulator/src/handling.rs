//! How well a case was handled: its grade, what was not met and why, which standards were broken.

use crate::category::Category;
use crate::chance::Chance;
use crate::criterion::{CRITERIA, Criterion, Stage};
use crate::situation::Situation;
use crate::standard::{STANDARDS, Standard};
use crate::truth::{Answer, Cause, FiveGrade, Grade};

/// Of the cases below good, the share that is inadequate: 61 of 125 in the only quarter of the
/// 2016 inspection for which the split was published, a little less here.
const INADEQUATE: f64 = 0.45;
/// Of the inadequate cases, and of those that require improvement, the share in which a child may
/// still be at risk. Together they give 38 of 278 cases below good, the 2016 finding.
const AT_RISK: (f64, f64) = (0.25, 0.044);
/// How often a failing that a timeline can show does show in it; the rest only a reader finds.
const SHOWS_IN_TIMELINE: f64 = 0.75;

/// How a case was handled.
#[derive(Clone, Debug)]
pub(crate) struct Handling {
    pub(crate) grade: Grade,
    pub(crate) five_grade: FiveGrade,
    pub(crate) still_at_risk: bool,
    pub(crate) answers: [Answer; CRITERIA],
    pub(crate) qualities: [u8; Stage::ALL.len()],
    pub(crate) broken: [bool; STANDARDS],
}

impl Handling {
    /// Draws how a case was handled in an area, where this share of the cases is below good.
    pub(crate) fn draw(
        situation: &Situation,
        area: usize,
        below_good: f64,
        chance: &mut Chance,
    ) -> Self {
        let withheld = situation.discussions_withheld && situation.referred_before_at.is_some();
        let grade = draw_grade(below_good, withheld, chance);
        let mut answers = ask(situation);
        for criterion in draw_failings(grade, situation, withheld, chance) {
            answers[criterion as usize] = Answer::NotMet(draw_cause(criterion, area, chance));
        }
        let mut broken = draw_broken(&answers, situation, chance);
        broken[Standard::DiscussionAfterSecondReferral as usize] = withheld;
        let at_risk = match grade {
            Grade::Good => 0.0,
            Grade::RequiresImprovement => AT_RISK.1,
            Grade::Inadequate => AT_RISK.0,
        };
        Self {
            grade,
            five_grade: draw_five_grade(grade, chance),
            still_at_risk: chance.happens(at_risk),
            qualities: draw_qualities(&answers, chance),
            answers,
            broken,
        }
    }

    pub(crate) fn breaks(&self, standard: Standard) -> bool {
        self.broken[standard as usize]
    }
}

fn draw_grade(below_good: f64, withheld: bool, chance: &mut Chance) -> Grade {
    let (below, inadequate) = (chance.happens(below_good), chance.happens(INADEQUATE));
    match (below || withheld, inadequate) {
        (false, _) => Grade::Good,
        (true, false) => Grade::RequiresImprovement,
        (true, true) => Grade::Inadequate,
    }
}

fn draw_five_grade(grade: Grade, chance: &mut Chance) -> FiveGrade {
    let upper = chance.share();
    match grade {
        Grade::Good if upper < 0.1 => FiveGrade::Outstanding,
        Grade::Good => FiveGrade::Good,
        Grade::RequiresImprovement if upper < 0.4 => FiveGrade::Adequate,
        Grade::RequiresImprovement => FiveGrade::RequiresImprovement,
        Grade::Inadequate => FiveGrade::Inadequate,
    }
}

/// Which questions arise at all; all of those are met until something fails.
fn ask(situation: &Situation) -> [Answer; CRITERIA] {
    let mut answers = [Answer::NotApplicable; CRITERIA];
    for criterion in Criterion::ALL {
        if weight_of(*criterion, situation) > 0.0 {
            answers[*criterion as usize] = Answer::Met;
        }
    }
    answers
}

fn weight_of(criterion: Criterion, situation: &Situation) -> f64 {
    let arises = match criterion {
        Criterion::CrimeRecorded => situation.crime,
        Criterion::MissingAtRisk => situation.missing_episodes > 0,
        Criterion::BreachesActedOn => situation.offender_breach,
        Criterion::PostChargeMove => situation.bail_refused,
        _ => true,
    };
    if arises {
        criterion.weight_in(situation.category)
    } else {
        0.0
    }
}

fn draw_failings(
    grade: Grade,
    situation: &Situation,
    withheld: bool,
    chance: &mut Chance,
) -> Vec<Criterion> {
    let count = match grade {
        Grade::Good => 0,
        Grade::RequiresImprovement => 1 + chance.weighted(&[0.25, 0.35, 0.25, 0.15]),
        Grade::Inadequate => 3 + chance.weighted(&[0.2, 0.25, 0.25, 0.15, 0.1, 0.05]),
    };
    let mut weights = [0.0; CRITERIA];
    for criterion in Criterion::ALL {
        weights[*criterion as usize] = weight_of(*criterion, situation);
    }
    let mut failings = Vec::with_capacity(count);
    if withheld {
        failings.push(Criterion::StrategyDiscussion);
        weights[Criterion::StrategyDiscussion as usize] = 0.0;
    }
    while failings.len() < count && weights.iter().any(|weight| *weight > 0.0) {
        let place = chance.weighted(&weights);
        if weights[place] > 0.0 {
            failings.push(Criterion::ALL[place]);
            weights[place] = 0.0;
        }
    }
    failings
}

/// Each area leans to one cause; missing supervision is first of all a matter of leadership.
fn draw_cause(criterion: Criterion, area: usize, chance: &mut Chance) -> Cause {
    let mut weights = [0.20, 0.30, 0.25, 0.25];
    weights[area % Cause::ALL.len()] *= 2.0;
    if criterion == Criterion::Supervision {
        weights[Cause::Leadership as usize] += 0.4;
    }
    Cause::ALL[chance.weighted(&weights)]
}

fn draw_broken(
    answers: &[Answer; CRITERIA],
    situation: &Situation,
    chance: &mut Chance,
) -> [bool; STANDARDS] {
    let mut broken = [false; STANDARDS];
    for criterion in Criterion::ALL {
        let failed = matches!(answers[*criterion as usize], Answer::NotMet(_));
        if failed
            && chance.happens(SHOWS_IN_TIMELINE)
            && let Some(standard) = draw_standard(*criterion, situation, chance)
        {
            broken[standard as usize] = true;
        }
    }
    broken
}

fn draw_standard(
    criterion: Criterion,
    situation: &Situation,
    chance: &mut Chance,
) -> Option<Standard> {
    let candidates = || {
        Standard::ALL
            .iter()
            .copied()
            .filter(|standard| standard.criterion() == criterion && situation.can_break(*standard))
    };
    let count = candidates().count();
    if count == 0 {
        return None;
    }
    candidates().nth(chance.index(count))
}

fn draw_qualities(answers: &[Answer; CRITERIA], chance: &mut Chance) -> [u8; Stage::ALL.len()] {
    let mut qualities = [0; Stage::ALL.len()];
    for stage in Stage::ALL {
        qualities[*stage as usize] = chance.between(80, 96) as u8;
    }
    for criterion in Criterion::ALL {
        if matches!(answers[*criterion as usize], Answer::NotMet(_)) {
            let quality = &mut qualities[criterion.stage() as usize];
            *quality = quality.saturating_sub(chance.between(14, 26) as u8);
        }
    }
    qualities
}

/// The share below good in an area, for a category, this many quarters after the first.
pub(crate) fn share_below_good(area_share: f64, change: f64, category: Category) -> f64 {
    (area_share + change + category.below_good_shift()).clamp(0.02, 0.98)
}
