//! From the sections of the text to a framework, section by section in the order
//! of the file. What a single field must be is asked in `reader`; here stands what
//! must hold between fields.

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::reader::{Reader, Section, note_repeats, read_all};
use super::{
    AppliesTo, Category, Cause, Criterion, ESCALATION_ROLES, Elimination, EscalationStep,
    Framework, FrameworkFault, FrameworkId, Grade, Level, Progress, RecommendationLimit,
    ReferralClocks, ReferralReason, ReferralTerms, SecondReading, Status, TimeLimits, Topic,
};

pub(super) fn framework(file: &str, text: &str) -> Result<Framework, Vec<FrameworkFault>> {
    let reader = Reader::new(file, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let readable = reader.note_syntax(&errors);
    let root = Section::root(&reader, document.get_ref());
    let framework = if readable { whole(&root) } else { None };
    drop(root);
    let faults = reader.into_faults();
    match framework {
        Some(framework) if faults.is_empty() => Ok(framework),
        _ => Err(faults),
    }
}

/// Every part is read before any is given up, so that all faults are noted.
fn whole(root: &Section<'_>) -> Option<Framework> {
    let id = id(root);
    let title = root.text("title");
    let programme = root.code("programme");
    let in_force_from = root.day("in_force_from");
    let in_force_to = root.optional_day("in_force_to");
    note_backwards(root, in_force_from, in_force_to.flatten());
    let provenance = root.text("provenance");
    let disclosure_threshold = root.number("disclosure_threshold", 2, 1_000);
    let grades = grades(root);
    let category_sections = root.sections("category");
    let topics = topics(root, &category_sections);
    let categories = categories(&category_sections);
    let causes = causes(root);
    let referral = part(root, "referral", referral);
    let time_limits = part(root, "time_limits", time_limits);
    let progress = progress(root);
    let statuses = statuses(root);
    let eliminations = eliminations(root);
    let second_reading = part(root, "second_reading", second_reading);
    root.finish();
    Some(Framework {
        id: id?,
        title: title?,
        programme: programme?,
        in_force_from: in_force_from?,
        in_force_to: in_force_to?,
        provenance: provenance?,
        grades: grades?,
        topics: topics?,
        categories: categories?,
        causes: causes?,
        referral: referral?,
        time_limits: time_limits?,
        progress: progress?,
        statuses: statuses?,
        eliminations: eliminations?,
        disclosure_threshold: disclosure_threshold?,
        second_reading: second_reading?,
    })
}

fn part<'r, T>(
    root: &Section<'r>,
    name: &'static str,
    read: impl Fn(&Section<'r>) -> Option<T>,
) -> Option<T> {
    let section = root.section(name)?;
    let read = read(&section);
    section.finish();
    read
}

fn id(root: &Section<'_>) -> Option<FrameworkId> {
    let text = root.text("id")?;
    let id: Option<FrameworkId> = text.parse().ok();
    if id.is_none() {
        root.note(
            "id",
            format!("`{text}` does not name a framework and its version"),
            "write a name, `@` and a version from 1, such as `child-protection-2016@1`",
        );
    }
    id
}

fn note_backwards(
    root: &Section<'_>,
    from: Option<jiff::civil::Date>,
    to: Option<jiff::civil::Date>,
) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        root.note(
            "in_force_to",
            format!("{to} lies before the framework came into force on {from}"),
            "write the last day it was in force, or leave the field out while it is",
        );
    }
}

fn grades(root: &Section<'_>) -> Option<Vec<Grade>> {
    let sections = root.sections("grade");
    note_repeats(&sections, "code");
    note_repeats(&sections, "label");
    note_repeats(&sections, "short");
    note_rank_order(&sections);
    note_below_good_order(&sections);
    read_all(&sections, |grade| {
        let code = grade.code("code");
        let label = grade.text("label");
        let short = grade.text("short");
        let description = grade.text("description");
        let rank = grade.number("rank", 1, 20);
        let below_good = grade.boolean("below_good");
        Some(Grade {
            code: code?,
            label: label?,
            short: short?,
            description: description?,
            rank: rank?,
            below_good: below_good?,
        })
    })
    .filter(|grades| !grades.is_empty())
}

/// Grades stand best first, their ranks 1, 2, 3 without a gap.
fn note_rank_order(grades: &[Section<'_>]) {
    for (rank, grade) in (1_i64..).zip(grades) {
        if grade
            .peek_number("rank")
            .is_some_and(|written| written != rank)
        {
            grade.note(
                "rank",
                "the grades are not in order, best first",
                format!("put them in order and give this one `rank = {rank}`"),
            );
        }
    }
}

/// Some grades are below good and some are not, and nothing below good ranks above.
fn note_below_good_order(grades: &[Section<'_>]) {
    let answers: Vec<bool> = grades
        .iter()
        .filter_map(|g| g.peek_boolean("below_good"))
        .collect();
    let (Some(best), Some(worst)) = (grades.first(), grades.last()) else {
        return;
    };
    if answers.len() < grades.len() {
        return;
    }
    if answers[0] {
        best.note(
            "below_good",
            "the best grade is below good",
            "write `below_good = false`",
        );
    }
    if answers.iter().all(|below_good| !below_good) {
        worst.note(
            "below_good",
            "the worst grade is not below good",
            "write `below_good = true`",
        );
    }
    for (pair, grade) in answers.windows(2).zip(&grades[1..]) {
        if pair[0] && !pair[1] {
            grade.note(
                "below_good",
                "a grade worse than one below good cannot be good",
                "write `below_good = true`, or put the grades in order, best first",
            );
        }
    }
}

fn categories(sections: &[Section<'_>]) -> Option<Vec<Category>> {
    note_repeats(sections, "code");
    note_repeats(sections, "title");
    read_all(sections, |category| {
        let code = category.code("code");
        let title = category.text("title");
        Some(Category {
            code: code?,
            title: title?,
        })
    })
    .filter(|categories| !categories.is_empty())
}

fn topics(root: &Section<'_>, categories: &[Section<'_>]) -> Option<Vec<Topic>> {
    let codes: Vec<&str> = categories
        .iter()
        .filter_map(|c| c.peek_text("code"))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let sections = root.sections("topic");
    note_repeats(&sections, "code");
    note_repeats(&sections, "title");
    let topics = read_all(&sections, |section| topic(section, &codes))?;
    note_unasked(&topics, categories);
    Some(topics).filter(|topics| !topics.is_empty())
}

fn topic(section: &Section<'_>, categories: &[&str]) -> Option<Topic> {
    let code = section.code("code");
    let title = section.text("title");
    let description = section.text("description");
    let level = level(section);
    let graded = section.boolean("graded");
    let criteria = section.sections("criterion");
    note_repeats(&criteria, "code");
    let topic_code = code.clone().unwrap_or_default();
    let criteria = read_all(&criteria, |criterion_section| {
        criterion(criterion_section, &topic_code, level, categories)
    });
    Some(Topic {
        code: code?,
        title: title?,
        description: description?,
        level: level?,
        graded: graded?,
        criteria: criteria.filter(|criteria| !criteria.is_empty())?,
    })
}

fn level(section: &Section<'_>) -> Option<Level> {
    Some(
        match section.choice("level", &["case", "force"])?.as_str() {
            "force" => Level::Force,
            _ => Level::Case,
        },
    )
}

fn criterion(
    section: &Section<'_>,
    topic: &str,
    level: Option<Level>,
    categories: &[&str],
) -> Option<Criterion> {
    let code = section.code("code");
    let title = section.text("title");
    let look_for = section.text("look_for");
    let applies_to = section.all_or_codes("applies_to", categories);
    if level == Some(Level::Force) && matches!(applies_to, Some(Some(_))) {
        section.note(
            "applies_to",
            "this topic is judged of the force as a whole, not of one category of case",
            "write `applies_to = \"all\"`, or give the topic `level = \"case\"`",
        );
    }
    Some(Criterion {
        code: format!("{topic}.{}", code?),
        title: title?,
        look_for: look_for?,
        applies_to: applies_to?.map_or(AppliesTo::All, AppliesTo::Categories),
    })
}

/// A category that no case-level criterion is asked of could not be audited.
fn note_unasked(topics: &[Topic], categories: &[Section<'_>]) {
    let of_cases = || topics.iter().filter(|topic| topic.level == Level::Case);
    for category in categories {
        let Some(code) = category.peek_text("code") else {
            continue;
        };
        let mut criteria = of_cases().flat_map(|topic| &topic.criteria);
        if !criteria.any(|criterion| criterion.applies_to.includes(code)) {
            category.note(
                "code",
                format!("no criterion of a case is asked of `{code}`"),
                "name it in the `applies_to` of the criteria meant for it, or remove the category",
            );
        }
    }
}

fn causes(root: &Section<'_>) -> Option<Vec<Cause>> {
    let sections = root.sections("cause");
    note_repeats(&sections, "code");
    read_all(&sections, |cause| {
        let (code, title, description) = described(cause);
        Some(Cause {
            code: code?,
            title: title?,
            description: description?,
        })
    })
    .filter(|causes| !causes.is_empty())
}

type Described = (Option<String>, Option<String>, Option<String>);

/// The three fields that most entries begin with.
fn described(section: &Section<'_>) -> Described {
    (
        section.code("code"),
        section.text("title"),
        section.text("description"),
    )
}

fn referral(section: &Section<'_>) -> Option<ReferralTerms> {
    let reasons = section.sections("reason");
    note_repeats(&reasons, "code");
    let reasons = read_all(&reasons, |reason| {
        let (code, title, description) = described(reason);
        Some(ReferralReason {
            code: code?,
            title: title?,
            description: description?,
        })
    });
    let clocks = clocks(section);
    Some(ReferralTerms {
        reasons: reasons.filter(|reasons| !reasons.is_empty())?,
        clocks: clocks?,
    })
}

fn clocks(section: &Section<'_>) -> Option<ReferralClocks> {
    let acknowledge_hours = section.hours("acknowledge_hours");
    let protective_step_hours = section.hours("protective_step_hours");
    let answer = section.period("answer");
    if let (Some(acknowledge), Some(protect)) = (acknowledge_hours, protective_step_hours)
        && protect < acknowledge
    {
        section.note(
            "protective_step_hours",
            "the first protective step would be due before the force need have read the referral",
            format!("write {acknowledge} or more, or shorten `acknowledge_hours`"),
        );
    }
    let escalation = escalation(section);
    Some(ReferralClocks {
        acknowledge_hours: acknowledge_hours?,
        protective_step_hours: protective_step_hours?,
        answer: answer?,
        escalation: escalation?,
    })
}

fn escalation(referral: &Section<'_>) -> Option<Vec<EscalationStep>> {
    let steps = referral.sections("escalation");
    for pair in steps.windows(2) {
        let hours = |step: &Section<'_>| step.peek_number("overdue_hours");
        if let (Some(earlier), Some(later)) = (hours(&pair[0]), hours(&pair[1]))
            && later <= earlier
        {
            pair[1].note(
                "overdue_hours",
                "no later than the step before it",
                format!("put the steps in order, soonest first: here more than {earlier}"),
            );
        }
    }
    read_all(&steps, |step| {
        let overdue_hours = step.hours("overdue_hours");
        let tell = step.choice("tell", &ESCALATION_ROLES);
        Some(EscalationStep {
            overdue_hours: overdue_hours?,
            tell: tell?,
        })
    })
    .filter(|steps| !steps.is_empty())
}

fn time_limits(section: &Section<'_>) -> Option<TimeLimits> {
    let recommendations = section.sections("recommendation");
    note_repeats(&recommendations, "code");
    let recommendations = read_all(&recommendations, |limit| {
        let code = limit.code("code");
        let title = limit.text("title");
        let within = day_period(limit, "within");
        Some(RecommendationLimit {
            code: code?,
            title: title?,
            within: within?,
        })
    });
    let force_action_plan = day_period(section, "force_action_plan");
    let local_policing_body_comments = day_period(section, "local_policing_body_comments");
    let accuracy_check = day_period(section, "accuracy_check");
    let audit = day_period(section, "audit");
    Some(TimeLimits {
        recommendations: recommendations.filter(|limits| !limits.is_empty())?,
        force_action_plan: force_action_plan?,
        local_policing_body_comments: local_policing_body_comments?,
        accuracy_check: accuracy_check?,
        audit: audit?,
    })
}

/// A limit that starts on a day and so cannot be counted in hours.
fn day_period(section: &Section<'_>, name: &'static str) -> Option<crate::calendar::Period> {
    let period = section.period(name)?;
    if matches!(period, crate::calendar::Period::Hours(_)) {
        section.note(
            name,
            "counted in hours, but starts on a day, which has no hour",
            "write it in days, working days, weeks or months",
        );
        return None;
    }
    Some(period)
}

fn progress(root: &Section<'_>) -> Option<Vec<Progress>> {
    let sections = root.sections("progress");
    note_repeats(&sections, "code");
    note_nothing_ends(
        &sections,
        "closes",
        true,
        "no judgement on progress closes a recommendation",
    );
    read_all(&sections, |progress| {
        let (code, title, description) = described(progress);
        let closes = progress.boolean("closes");
        Some(Progress {
            code: code?,
            title: title?,
            description: description?,
            closes: closes?,
        })
    })
    .filter(|progress| !progress.is_empty())
}

fn statuses(root: &Section<'_>) -> Option<Vec<Status>> {
    let sections = root.sections("status");
    note_repeats(&sections, "code");
    note_nothing_ends(
        &sections,
        "open",
        false,
        "every status leaves a recommendation open",
    );
    read_all(&sections, |status| {
        let code = status.code("code");
        let title = status.text("title");
        let open = status.boolean("open");
        Some(Status {
            code: code?,
            title: title?,
            open: open?,
        })
    })
    .filter(|statuses| !statuses.is_empty())
}

/// At least one entry must be the end of the road, or nothing could ever be finished.
fn note_nothing_ends(sections: &[Section<'_>], name: &'static str, end: bool, problem: &str) {
    let answers: Vec<_> = sections
        .iter()
        .map(|section| section.peek_boolean(name))
        .collect();
    let none_ends = answers.iter().all(|answer| *answer == Some(!end));
    if let Some(last) = sections.last()
        && none_ends
    {
        let mend = format!("write `{name} = {end}` for the one that ends it");
        last.note(name, problem, mend);
    }
}

fn eliminations(root: &Section<'_>) -> Option<Vec<Elimination>> {
    let sections = root.sections("elimination");
    note_repeats(&sections, "code");
    read_all(&sections, |reason| {
        let (code, title, description) = described(reason);
        let replaced = reason.boolean("replaced");
        Some(Elimination {
            code: code?,
            title: title?,
            description: description?,
            replaced: replaced?,
        })
    })
    .filter(|reasons| !reasons.is_empty())
}

fn second_reading(section: &Section<'_>) -> Option<SecondReading> {
    let share_percent = section.percent("share_percent");
    let agreement_percent = section.percent("agreement_percent");
    let likelihood_percent = section.number("likelihood_percent", 50, 99);
    let cases_min = section.number("cases_min", 2, 10_000);
    Some(SecondReading {
        share_percent: share_percent?,
        agreement_percent: agreement_percent?,
        likelihood_percent: likelihood_percent?,
        cases_min: cases_min?,
    })
}
