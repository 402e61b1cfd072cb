//! The sections that a report begins with: paragraphs that already refer to the figures, for
//! the inspectors to make their own.

use super::text::WrittenSection;
use crate::figure::FigureSet;
use crate::inspection::Inspection;
use throughline_domain::framework::Framework;
use throughline_reports::figure::Measure;

/// The sections of a new report.
pub(super) fn compose(
    inspection: &Inspection,
    framework: &Framework,
    set: &FigureSet,
) -> Vec<WrittenSection> {
    let mut sections = vec![
        section("summary", "Summary", summary(inspection, set), &[]),
        section(
            "method",
            "What we looked at, and how",
            method(set),
            &["agreement", "cases-left-out-by-reason"],
        ),
        section(
            "results",
            "How the cases were handled",
            results(),
            &["grades"],
        ),
        section(
            "categories",
            "By kind of case",
            categories(),
            &["grades-by-category", "below-good-by-category"],
        ),
        section(
            "standards",
            "Every case against the handling standards",
            standards(set),
            &[
                "screening",
                "standards-by-case",
                "standards-missed",
                "standards-since-last-round",
            ],
        ),
        section(
            "own-grades",
            "The force’s own view of these cases",
            own_grades(set),
            &["own-grades", "own-grades-by-grade"],
        ),
        section(
            "failings",
            "What went wrong, and why",
            failings(),
            &["failings-by-cause"],
        ),
        section(
            "straight-back",
            "Cases sent straight back",
            sent_back(set),
            &["sent-back"],
        ),
        section("findings", "What we found", found(), &["findings"]),
        section(
            "recommendations",
            "What we recommend",
            recommend(),
            &["recommendations", "recommendations-by-limit"],
        ),
    ];
    if inspection.round > 0 {
        let shows = ["rounds", "changes", "judgements"];
        sections.insert(
            1,
            section(
                "progress",
                "Progress since the last round",
                progress(),
                &shows,
            ),
        );
    }
    sections.push(section(
        "next-steps",
        "What happens next",
        next_steps(framework),
        &[],
    ));
    sections
}

fn section(id: &str, heading: &str, text: String, shows: &[&str]) -> WrittenSection {
    WrittenSection {
        id: id.into(),
        heading: heading.into(),
        text,
        shows: shows.iter().map(|&id| id.to_owned()).collect(),
    }
}

/// Whether the figure of that key counts anything.
fn any(set: &FigureSet, key: &str) -> bool {
    let figure = set.figures.find(key);
    figure.is_some_and(|figure| matches!(figure.measure, Measure::Count { value: 1.., .. }))
}

fn summary(inspection: &Inspection, set: &FigureSet) -> String {
    let sent_back = if any(set, "referrals-raised") {
        "In {referrals-raised} of the cases a child might still have been at risk. Each went straight back to the force."
    } else {
        "No case read so far showed that a child might still be at risk."
    };
    let follow_up = if inspection.round > 0 {
        "\n\nWe asked the same questions as in the earlier rounds, of new cases. What has changed, and whether it is more than chance, stands under the next heading."
    } else {
        ""
    };
    format!(
        "We examined how {} handled the cases of children it was asked to protect. We read {{cases-graded}} cases and graded each.\n\n\
         Of the cases read, {{below-good:count}} were graded below good. Weighed by the force’s own list, that speaks for {{below-good:interval}} of all its cases in the period.\n\n\
         {sent_back}{follow_up}",
        inspection.force_name
    )
}

fn method(set: &FigureSet) -> String {
    let mut text = String::from(
        "The force gave us a list of every case in scope, {cases-listed} in all, under references that name nobody. From the list {cases-drawn} were drawn at random, kind by kind. Anyone who is given the recorded seed can draw them again and will get the same.\n\n\
         One reader answered the framework’s questions for each case from its file, and graded it. Where something was not met, the reader said why and showed where in the file.",
    );
    if any(set, "second-readings") {
        text.push_str("\n\n{second-readings} cases were read again by somebody who did not know the first grade. Of these second readings, {second-agreement:interval} came to the same grade. With what chance alone would give taken off, agreement is {agreement-ac1:interval} by Gwet’s coefficient and {agreement-kappa:interval} by Cohen’s kappa.");
    }
    if any(set, "cases-left-out") {
        text.push_str("\n\n{cases-left-out} drawn cases were not read, for the reasons below.");
    }
    text
}

fn results() -> String {
    "Each case has one grade. The grades below add up to all the cases read.".into()
}

fn categories() -> String {
    "The bars show the cases read of each kind. The table says what they tell of all cases of that kind, with the range within which the true share most likely lies. Where so few cases were read that a child could be recognised, the numbers are withheld.".into()
}

/// Without words where no case was screened, so that the section does not stand.
fn standards(set: &FigureSet) -> String {
    if !any(set, "cases-checked") {
        return String::new();
    }
    "The grades come from a sample of cases that people read. The timelines tell of every case whether what had to be done was done, and in time. We checked {cases-checked:count} cases on the list against each handling standard that their timelines can show.".into()
}

/// Without words where the force graded none of the cases read.
fn own_grades(set: &FigureSet) -> String {
    if !any(set, "own-grades") {
        return String::new();
    }
    "A force that knows how it handles its cases can mend it by itself. Its list says of {own-grades:count} of the cases read how it had graded them; no inspector saw that before grading. By its own grades {own-good:count} were good or better, by the inspectors’ {inspected-good:count} of the same cases. The gap is {own-gap:interval}.".into()
}

fn failings() -> String {
    "In the cases read we recorded {failings} failings. Each is something that should have been done and was not, and each is put down to one cause.".into()
}

fn sent_back(set: &FigureSet) -> String {
    if !any(set, "referrals-raised") {
        return "Where a case shows that a child may still be at risk, it goes straight back to the force, at once. No case read so far showed that.".into();
    }
    "Where a case showed that a child might still be at risk, we did not wait for the end of the inspection. Cases sent straight back in all: {referrals-raised}. The force has answered {referrals-answered:count}, and we have accepted its answer in {referrals-accepted:count}."
        .into()
}

fn found() -> String {
    "Findings in all: {findings}. Each rests on failings in the cases read.".into()
}

fn recommend() -> String {
    "Recommendations in all: {recommendations}. Each says who must act and by when, counted from the day this report is published.".into()
}

fn progress() -> String {
    "The share of cases below good stands beside the earlier rounds, each with its range. Whether it has really moved is said below in words.".into()
}

fn next_steps(framework: &Framework) -> String {
    let limits = &framework.time_limits;
    format!(
        "The force owes an action plan within {} of publication. The local policing body publishes its comments within {} of publication.\n\n\
         We come back with new cases, and report again whether the figures have moved.",
        excused(&limits.force_action_plan.to_string()),
        excused(&limits.local_policing_body_comments.to_string())
    )
}

/// The text with each number marked as one that is no figure of the inspection.
fn excused(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        if word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty() {
            format!("{{number:{word}}}")
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
