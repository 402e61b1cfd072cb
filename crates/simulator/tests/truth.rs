//! The truth is true: what it says of a case can be found in the case's timeline by someone who
//! knows only the standards, and the force as a whole is as its parameters say.

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, Weekday, date};
use jiff::{Timestamp, ToSpan};
use throughline_simulator::{
    Activity, Answer, Category, Criterion, Force, Grade, Lapse, Outcome, Parameters, Risk,
    SimulatedCase, Stage, Standard, Verdict,
};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn cases(count: u64, seed: u64) -> Vec<SimulatedCase> {
    Force::new(&Parameters::default_force(count, seed))
        .unwrap()
        .cases()
        .collect()
}

/// One case, looked at with nothing but the definitions of the standards. Deliberately slow.
struct Reader<'a> {
    case: &'a SimulatedCase,
    family: &'a [&'a SimulatedCase],
    as_of: i64,
}

type Found<'a> = (i64, &'a throughline_simulator::Event);

impl<'a> Reader<'a> {
    fn all(&self, activity: Activity) -> Vec<Found<'a>> {
        of(self.case, activity)
    }

    fn times(&self, activities: &[Activity]) -> Vec<i64> {
        let mut times: Vec<i64> = activities
            .iter()
            .flat_map(|activity| self.all(*activity).into_iter().map(|(at, _)| at))
            .collect();
        times.sort_unstable();
        times
    }

    /// Something due after `from` and by `by`.
    fn due(&self, from: i64, by: i64, answers: &[i64]) -> Verdict {
        match answers.iter().copied().filter(|at| *at > from).min() {
            Some(at) if at <= by => Verdict::Met,
            _ if by >= self.as_of => Verdict::Pending,
            Some(_) => Verdict::Missed(Lapse::Late),
            None => Verdict::Missed(Lapse::Missing),
        }
    }

    /// An answer that comes only after the same has become due again answers that.
    fn each(&self, starts: &[i64], due_by: impl Fn(i64) -> i64, answers: &[Activity]) -> Verdict {
        let answers = self.times(answers);
        greatest(starts.iter().enumerate().map(|(place, from)| {
            let next = starts.get(place + 1).copied().unwrap_or(i64::MAX);
            let own = answers
                .iter()
                .copied()
                .filter(|at| *at <= next)
                .collect::<Vec<_>>();
            self.due(*from, due_by(*from), &own)
        }))
    }

    fn check(&self, standard: Standard) -> Verdict {
        use Activity as A;
        let within = |start: A, seconds: i64, answers: &[A]| {
            self.each(&self.times(&[start]), |at| at + seconds, answers)
        };
        let ends = [A::Charged, A::Released];
        match standard {
            Standard::HighRiskChildSeen => self.high_risk_child_seen(),
            Standard::ReturnInterview => {
                within(A::MissingReturned, 72 * HOUR, &[A::ReturnInterview])
            }
            Standard::DiscussionBeforeConference => self.discussion_before_conference(),
            Standard::ReviewGap => self.review_gap(),
            Standard::SuspectsInterviewed => self.suspects_interviewed(),
            Standard::DiscussionAfterThirdMissing => self.third_missing(),
            Standard::PlanRestsOnAssessment => self.plan_rests_on_assessment(),
            Standard::RiskAssessed => self.next_working_day(A::ReferralReceived, A::RiskAssessed),
            Standard::DiscussionAfterSecondReferral => self.second_referral(),
            Standard::Allocations => self.allocations(),
            Standard::Conference => {
                let discussions: Vec<i64> = self
                    .all(A::StrategyDiscussion)
                    .into_iter()
                    .filter(|(_, event)| event.outcome == Some(Outcome::ConferenceNeeded))
                    .map(|(at, _)| at)
                    .collect();
                self.each(
                    &discussions,
                    |at| end_of_working_day(at, 15),
                    &[A::Conference],
                )
            }
            Standard::CoreGroup => {
                let conferences = self.times(&[A::Conference]);
                self.each(
                    &conferences,
                    |at| end_of_working_day(at, 10),
                    &[A::CoreGroup],
                )
            }
            Standard::ReviewConference => {
                let conferences = self.times(&[A::Conference]);
                let by = |at| start_of(day_of(at) + 3.months() + 1.day()) - 1;
                self.each(&conferences, by, &[A::ReviewConference])
            }
            Standard::S47Completed => {
                let starts = self.times(&[A::S47Started]);
                self.each(&starts, |at| end_of_working_day(at, 45), &[A::S47Completed])
            }
            Standard::PoliceProtection => within(
                A::PoliceProtectionTaken,
                72 * HOUR,
                &[A::PoliceProtectionEnded],
            ),
            Standard::FirstDetentionReview => within(
                A::DetentionAuthorised,
                6 * HOUR,
                &[A::DetentionReviewed, ends[0], ends[1]],
            ),
            Standard::LaterDetentionReviews => within(
                A::DetentionReviewed,
                9 * HOUR,
                &[A::DetentionReviewed, ends[0], ends[1]],
            ),
            Standard::DetentionWithoutCharge => within(A::DetentionAuthorised, 24 * HOUR, &ends),
            Standard::PostChargeMove => within(A::BailRefused, 24 * HOUR, &[A::MovedToCouncil]),
            Standard::AppropriateAdult => within(
                A::AppropriateAdultRequested,
                4 * HOUR,
                &[A::AppropriateAdultArrived],
            ),
            Standard::VictimInformed => {
                self.next_working_day(A::SuspectArrested, A::VictimInformed)
            }
            Standard::CrimeRecorded => within(A::CrimeReported, 24 * HOUR, &[A::CrimeRecorded]),
            Standard::OffenderRiskAssessed => {
                within(A::OffenderReleased, 15 * DAY, &[A::OffenderRiskAssessed])
            }
            Standard::OffenderVisits => self.offender_visits(),
            Standard::BreachActedOn => within(A::BreachReported, 7 * DAY, &[A::BreachActedOn]),
        }
    }

    fn next_working_day(&self, start: Activity, answer: Activity) -> Verdict {
        self.each(
            &self.times(&[start]),
            |at| end_of_working_day(at, 1),
            &[answer],
        )
    }

    fn high_risk_child_seen(&self) -> Verdict {
        let seen = self.times(&[Activity::ChildSeen]);
        let moved = self.times(&[Activity::CaseTransferred]);
        let referrals = self.all(Activity::ReferralReceived);
        let high = referrals
            .iter()
            .filter(|(_, event)| event.risk == Some(Risk::High));
        greatest(high.map(|(at, _)| {
            if moved.iter().any(|moved| moved > at && *moved <= at + DAY) {
                return Verdict::Excused;
            }
            self.due(*at, at + DAY, &seen)
        }))
    }

    fn discussion_before_conference(&self) -> Verdict {
        let discussions = self.times(&[Activity::StrategyDiscussion]);
        greatest(self.times(&[Activity::Conference]).into_iter().map(|held| {
            let kept = discussions
                .iter()
                .any(|at| *at < held && working_days_between(day_of(*at), day_of(held)) <= 15);
            if kept {
                Verdict::Met
            } else {
                Verdict::Missed(Lapse::Missing)
            }
        }))
    }

    fn review_gap(&self) -> Verdict {
        use Activity as A;
        let starts = self.times(&[A::ReferralReceived, A::Review, A::Reopened]);
        self.each(
            &starts,
            |at| at + 28 * DAY,
            &[A::ReferralReceived, A::Review, A::Reopened, A::CaseClosed],
        )
    }

    fn suspects_interviewed(&self) -> Verdict {
        let identified = self.all(Activity::SuspectIdentified);
        let interviewed = self.all(Activity::SuspectInterviewed);
        let closures = self.times(&[Activity::CaseClosed]);
        if identified.is_empty() {
            return Verdict::NotApplicable;
        }
        greatest(closures.iter().flat_map(|closed| {
            identified
                .iter()
                .filter(move |(at, _)| at < closed)
                .map(|(_, suspect)| {
                    let met = interviewed
                        .iter()
                        .any(|(at, event)| at < closed && event.suspect_key == suspect.suspect_key);
                    if met {
                        Verdict::Met
                    } else {
                        Verdict::Missed(Lapse::Missing)
                    }
                })
        }))
    }

    fn third_missing(&self) -> Verdict {
        let reports = self.times(&[Activity::MissingReported]);
        let thirds: Vec<i64> = reports
            .windows(3)
            .filter(|three| three[2] - three[0] <= 90 * DAY)
            .map(|three| three[2])
            .collect();
        self.each(&thirds, |at| at + 7 * DAY, &[Activity::StrategyDiscussion])
    }

    fn plan_rests_on_assessment(&self) -> Verdict {
        let starts = self.times(&[Activity::ReferralReceived, Activity::Reopened]);
        let assessed = self.times(&[Activity::RiskAssessed]);
        greatest(self.times(&[Activity::PlanAgreed]).into_iter().map(|plan| {
            let since = starts
                .iter()
                .copied()
                .filter(|at| *at < plan)
                .max()
                .unwrap();
            let kept = assessed.iter().any(|at| *at > since && *at < plan);
            if kept {
                Verdict::Met
            } else {
                Verdict::Missed(Lapse::Missing)
            }
        }))
    }

    fn second_referral(&self) -> Verdict {
        let at = self.times(&[Activity::ReferralReceived])[0];
        let earlier = self
            .family
            .iter()
            .map(|case| of(case, Activity::ReferralReceived)[0].0)
            .filter(|other| *other < at && at - other <= 30 * DAY)
            .max();
        let Some(earlier) = earlier else {
            return Verdict::NotApplicable;
        };
        let discussions: Vec<i64> = self
            .family
            .iter()
            .flat_map(|case| of(case, Activity::StrategyDiscussion))
            .map(|(at, _)| at)
            .collect();
        self.due(earlier, at + 7 * DAY, &discussions)
    }

    fn allocations(&self) -> Verdict {
        match self.all(Activity::Allocated).len() {
            0 => Verdict::NotApplicable,
            1..=3 => Verdict::Met,
            _ => Verdict::Missed(Lapse::TooMany),
        }
    }

    fn offender_visits(&self) -> Verdict {
        let answers = self.times(&[Activity::OffenderVisited, Activity::CaseClosed]);
        greatest(
            self.all(Activity::OffenderVisited)
                .into_iter()
                .map(|(at, visit)| {
                    let days = match visit.risk {
                        Some(Risk::VeryHigh) => 31,
                        Some(Risk::High) => 92,
                        _ => 183,
                    };
                    self.due(at, at + days * DAY, &answers)
                }),
        )
    }
}

fn of(case: &SimulatedCase, activity: Activity) -> Vec<Found<'_>> {
    case.events
        .iter()
        .filter(|event| event.activity == activity)
        .map(|event| (event.sorted_at().as_second(), event))
        .collect()
}

fn greatest(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.max().unwrap_or(Verdict::NotApplicable)
}

fn is_working_day(day: Date) -> bool {
    let holidays = [
        (1, 1),
        (4, 18),
        (4, 21),
        (5, 5),
        (5, 26),
        (8, 25),
        (12, 25),
        (12, 26),
    ];
    assert_eq!(day.year(), 2025, "the holidays above are those of 2025");
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        && !holidays.contains(&(day.month(), day.day()))
}

fn working_days_between(first: Date, last: Date) -> usize {
    first
        .series(1.day())
        .skip(1)
        .take_while(|day| *day <= last)
        .filter(|d| is_working_day(*d))
        .count()
}

fn end_of_working_day(at: i64, count: usize) -> i64 {
    let days = day_of(at)
        .series(1.day())
        .skip(1)
        .filter(|day| is_working_day(*day));
    start_of(days.into_iter().nth(count - 1).unwrap() + 1.day()) - 1
}

fn is_summer(utc: i64) -> bool {
    let change = |day: Date| {
        day.at(1, 0, 0, 0)
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .unwrap()
    };
    let (spring, autumn) = (change(date(2025, 3, 30)), change(date(2025, 10, 26)));
    (spring.timestamp().as_second()..autumn.timestamp().as_second()).contains(&utc)
}

fn day_of(at: i64) -> Date {
    let local = at + if is_summer(at) { HOUR } else { 0 };
    let utc = Timestamp::from_second(local).unwrap();
    jiff::tz::TimeZone::UTC.to_datetime(utc).date()
}

fn start_of(day: Date) -> i64 {
    let utc = day
        .to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .unwrap()
        .timestamp()
        .as_second();
    if is_summer(utc - HOUR) {
        utc - HOUR
    } else {
        utc
    }
}

#[test]
fn every_verdict_of_the_truth_is_the_one_a_slow_reader_finds() {
    let cases = cases(12_000, 3);
    let mut families: HashMap<_, Vec<&SimulatedCase>> = HashMap::new();
    for case in &cases {
        families.entry(case.child_key).or_default().push(case);
    }
    let as_of = start_of(date(2025, 10, 1));
    let mut seen = HashSet::new();
    for case in &cases {
        let reader = Reader {
            case,
            family: &families[&case.child_key],
            as_of,
        };
        for standard in Standard::ALL {
            let (found, told) = (reader.check(*standard), case.truth.verdict(*standard));
            assert_eq!(
                found, told,
                "{standard} in {}: {:#?}",
                case.reference, case.events
            );
            seen.insert((
                *standard,
                matches!(told, Verdict::Missed(_)),
                told == Verdict::Met,
            ));
        }
    }
    for standard in Standard::ALL {
        assert!(
            seen.contains(&(*standard, true, false)),
            "{standard} is never missed"
        );
        assert!(
            seen.contains(&(*standard, false, true)),
            "{standard} is never met"
        );
    }
}

#[test]
fn a_missed_standard_is_always_a_criterion_not_met() {
    for case in cases(5_000, 8) {
        for (standard, _) in case.truth.missed() {
            let answer = case.truth.answer(standard.criterion());
            assert!(
                matches!(answer, Answer::NotMet(_)),
                "{standard} in {}",
                case.reference
            );
        }
        let failings = case.truth.failings().count();
        assert_eq!(
            failings == 0,
            case.truth.grade == Grade::Good,
            "{}",
            case.reference
        );
        assert!(!(case.truth.still_at_risk && case.truth.grade == Grade::Good));
    }
}

#[test]
fn references_are_unique_and_sorted_and_events_are_sorted() {
    let cases = cases(5_000, 4);
    let references: Vec<String> = cases
        .iter()
        .map(|case| case.reference.to_string())
        .collect();
    assert!(references.is_sorted_by(|one, next| one < next));
    assert_eq!(references[4_710], "CP-2025-0004711");
    for case in &cases {
        assert!(case.events.is_sorted_by_key(|event| event.sorted_at()));
        assert!(
            case.events
                .iter()
                .all(|event| event.recorded_at() >= event.sorted_at())
        );
        assert_eq!(
            case.events.first().map(|e| e.activity),
            Some(Activity::ReferralReceived)
        );
        assert!(case.closed_on.is_none_or(|closed| closed >= case.opened_on));
        let last = case
            .events
            .last()
            .map(|event| day_of(event.sorted_at().as_second()));
        assert!(last <= Some(date(2025, 9, 30)), "{}", case.reference);
    }
}

fn share(
    cases: &[SimulatedCase],
    of: impl Fn(&SimulatedCase) -> bool,
    is: fn(&SimulatedCase) -> bool,
) -> f64 {
    let chosen: Vec<_> = cases.iter().filter(|case| of(case)).collect();
    chosen.iter().filter(|case| is(case)).count() as f64 / chosen.len() as f64
}

fn below_good(case: &SimulatedCase) -> bool {
    case.truth.grade != Grade::Good
}

fn quarter(case: &SimulatedCase) -> i8 {
    (case.opened_on.month() - 1) / 3
}

fn assert_near(found: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!(
        (found - wanted).abs() < tolerance,
        "{what}: {found} instead of {wanted}"
    );
}

#[test]
fn the_baseline_is_the_finding_of_2016_and_then_improves_slowly() {
    let cases = cases(60_000, 2);
    for (number, wanted) in [(0, 278.0 / 374.0), (1, 0.703), (2, 0.663)] {
        let found = share(&cases, |case| quarter(case) == number, below_good);
        assert_near(
            found,
            wanted,
            0.015,
            &format!("below good in quarter {number}"),
        );
    }
    let at_risk = share(
        &cases,
        |case| quarter(case) == 0,
        |case| case.truth.still_at_risk,
    );
    assert_near(at_risk, 38.0 / 374.0, 0.01, "still at risk");
}

#[test]
fn areas_and_categories_differ_and_some_areas_do_not_improve() {
    let cases = cases(60_000, 2);
    let in_area = |area: &'static str, number: i8| {
        share(
            &cases,
            move |case| &*case.area == area && quarter(case) == number,
            below_good,
        )
    };
    assert!(in_area("S2", 0) - in_area("E2", 0) > 0.12);
    assert!(
        (in_area("S2", 0) - in_area("S2", 2)).abs() < 0.05,
        "S2 does not improve"
    );
    assert!(in_area("N1", 0) - in_area("N1", 2) > 0.05, "N1 improves");
    let of = |category: Category| share(&cases, move |case| case.category == category, below_good);
    assert!(of(Category::Missing) - of(Category::S47Enquiry) > 0.1);
    for category in Category::ALL {
        assert!(
            cases.iter().any(|case| case.category == *category),
            "{category}"
        );
    }
}

#[test]
fn the_trend_is_a_parameter() {
    let mut parameters = Parameters::default_force(20_000, 2);
    parameters.trend_per_quarter = 0.0;
    let cases: Vec<_> = Force::new(&parameters).unwrap().cases().collect();
    let change = share(&cases, |case| quarter(case) == 0, below_good)
        - share(&cases, |case| quarter(case) == 2, below_good);
    assert!(change.abs() < 0.025, "{change}");
}

#[test]
fn some_children_have_several_cases() {
    let cases = cases(10_000, 6);
    let mut count: HashMap<_, usize> = HashMap::new();
    for case in &cases {
        *count.entry(case.child_key).or_default() += 1;
    }
    let several = count.values().filter(|count| **count > 1).count();
    assert!(
        (800..2_500).contains(&several),
        "{several} of {} children",
        count.len()
    );
}

#[test]
fn a_slice_is_the_same_as_in_the_whole() {
    let force = Force::new(&Parameters::default_force(3_000, 9)).unwrap();
    let whole: Vec<_> = force.cases().collect();
    assert_eq!(
        force.cases_between(2_000..2_100).collect::<Vec<_>>(),
        whole[2_000..2_100]
    );
    assert_eq!(force.cases_between(2_990..9_999).count(), 10);
}

#[test]
fn every_criterion_fails_somewhere_and_weighs_on_its_stage() {
    let cases = cases(20_000, 7);
    for criterion in Criterion::ALL {
        let failed =
            |case: &&SimulatedCase| matches!(case.truth.answer(*criterion), Answer::NotMet(_));
        let case = cases
            .iter()
            .find(failed)
            .unwrap_or_else(|| panic!("{criterion} never fails"));
        assert!(case.truth.quality(criterion.stage()) < 83);
    }
    let good = cases.iter().filter(|case| case.truth.grade == Grade::Good);
    for case in good {
        assert!(
            Stage::ALL
                .iter()
                .all(|stage| case.truth.quality(*stage) >= 80)
        );
    }
}

#[test]
fn the_smallest_forces_and_the_shortest_periods_work() {
    for count in 1..9 {
        let mut parameters = Parameters::default_force(count, 1);
        parameters.last_day = parameters.first_day;
        let force = Force::new(&parameters).unwrap();
        assert_eq!(force.cases().count() as u64, count);
        assert!(
            force
                .cases()
                .all(|case| case.opened_on == parameters.first_day)
        );
    }
}

#[test]
fn the_force_grades_itself_more_kindly_than_the_truth_and_never_more_harshly() {
    let rank = |grade: Grade| match grade {
        Grade::Good => 0,
        Grade::RequiresImprovement => 1,
        Grade::Inadequate => 2,
    };
    let pairs: Vec<(usize, usize)> = cases(5_000, 7)
        .iter()
        .filter_map(|case| Some((rank(case.own_grade()?), rank(case.truth.grade))))
        .collect();
    assert!((3_300..3_700).contains(&pairs.len()), "{}", pairs.len());
    assert!(pairs.iter().all(|(own, truth)| own <= truth));
    let kinder = pairs.iter().filter(|(own, truth)| own < truth).count();
    assert!(kinder * 3 > pairs.len(), "{kinder} of {}", pairs.len());
}
