//! The form that a framework makes for a case: its pages, and what is missing on each.

use super::{Answer, Content};
use crate::framework::{Criterion, Framework, Topic};

/// A page of the form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The criteria of the topic with that code.
    Topic(String),
    /// What was done well.
    Strengths,
    /// The topic grades and the overall grade.
    Grades,
}

impl Step {
    /// Its name in addresses and records: `topics/initial-contact`, `strengths`, `grades`.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Step::Topic(topic) => format!("topics/{topic}"),
            Step::Strengths => "strengths".into(),
            Step::Grades => "grades".into(),
        }
    }
}

/// Something that must be mended before the audit can be submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// On which page.
    pub step: Step,
    /// In which field of the page.
    pub field: String,
    /// What to do.
    pub message: String,
}

/// How far a page has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepProgress {
    /// Which page.
    pub step: Step,
    /// Its title.
    pub title: String,
    /// How many things on it are given.
    pub given: usize,
    /// How many are asked.
    pub asked: usize,
    /// What is missing on it.
    pub missing: Vec<Missing>,
}

/// The names of the form's fields. `criterion` is a full code, `topic.criterion`.
pub mod field {
    fn short(criterion: &str) -> &str {
        criterion
            .split_once('.')
            .map_or(criterion, |(_, short)| short)
    }

    /// The answer to a criterion.
    #[must_use]
    pub fn answer(criterion: &str) -> String {
        format!("answer-{}", short(criterion))
    }

    /// The reason for that answer.
    #[must_use]
    pub fn reason(criterion: &str) -> String {
        format!("reason-{}", short(criterion))
    }

    /// A part of the criterion's failing with that number, from 1: its `failing` id, `cause`,
    /// `passage`, `detail`, or the wish to `remove` it.
    #[must_use]
    pub fn failing(part: &str, criterion: &str, number: usize) -> String {
        format!("{part}-{}-{number}", short(criterion))
    }

    /// A part of the strength with that number, from 1: its `detail` or `passage`.
    #[must_use]
    pub fn strength(part: &str, number: usize) -> String {
        format!("{part}-{number}")
    }

    /// The grade of a topic.
    #[must_use]
    pub fn topic_grade(topic: &str) -> String {
        format!("grade-{topic}")
    }
}

/// The topics asked of a case of that category, each with its criteria, in order.
fn topics<'f>(framework: &'f Framework, category: &str) -> Vec<(&'f Topic, Vec<&'f Criterion>)> {
    let mut topics: Vec<(&Topic, Vec<&Criterion>)> = Vec::new();
    for (topic, criterion) in framework.criteria_for(category) {
        match topics.last_mut() {
            Some((last, criteria)) if last.code == topic.code => criteria.push(criterion),
            _ => topics.push((topic, vec![criterion])),
        }
    }
    topics
}

/// The pages of the form for a case of that category, in order.
#[must_use]
pub fn steps(framework: &Framework, category: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = topics(framework, category)
        .into_iter()
        .map(|(topic, _)| Step::Topic(topic.code.clone()))
        .collect();
    steps.extend([Step::Strengths, Step::Grades]);
    steps
}

/// Everything that is missing, in the order of the form.
#[must_use]
pub fn missing(framework: &Framework, category: &str, content: &Content) -> Vec<Missing> {
    progress(framework, category, content)
        .into_iter()
        .flat_map(|step| step.missing)
        .collect()
}

/// How far each page has come, in the order of the form.
#[must_use]
pub fn progress(framework: &Framework, category: &str, content: &Content) -> Vec<StepProgress> {
    let topics = topics(framework, category);
    let mut all: Vec<StepProgress> = topics
        .iter()
        .map(|(topic, criteria)| topic_progress(topic, criteria, content))
        .collect();
    all.push(strengths_progress(content));
    all.push(grades_progress(&topics, content));
    all
}

fn topic_progress(topic: &Topic, criteria: &[&Criterion], content: &Content) -> StepProgress {
    let step = Step::Topic(topic.code.clone());
    let mut missing = Vec::new();
    for criterion in criteria {
        for (field, message) in missing_of_criterion(criterion, content) {
            missing.push(Missing {
                step: step.clone(),
                field,
                message,
            });
        }
    }
    let given = criteria
        .iter()
        .filter(|criterion| content.answer_to(&criterion.code).is_some());
    StepProgress {
        given: given.count(),
        asked: criteria.len(),
        title: topic.title.clone(),
        step,
        missing,
    }
}

fn missing_of_criterion(criterion: &Criterion, content: &Content) -> Vec<(String, String)> {
    let (code, title) = (&criterion.code, &criterion.title);
    let Some(answered) = content.answers.get(code).filter(|one| one.answer.is_some()) else {
        return vec![(field::answer(code), format!("Answer “{title}”"))];
    };
    let mut missing = Vec::new();
    let failings: Vec<_> = content.failings_of(code).collect();
    if answered.answer == Some(Answer::NotMet) {
        if answered.reason.is_empty() {
            missing.push((field::reason(code), format!("Say why “{title}” is not met")));
        }
        if failings.is_empty() {
            missing.push((
                field::failing("cause", code, 1),
                format!("Name a failing and its cause for “{title}”"),
            ));
        }
    } else if !failings.is_empty() {
        missing.push((
            field::answer(code),
            format!("“{title}” has a failing but is not answered “not met”: change the answer or remove the failing"),
        ));
    }
    for (number, failing) in (1..).zip(failings) {
        if failing.cause.is_empty() {
            missing.push((
                field::failing("cause", code, number),
                format!("Choose the cause of failing {number} under “{title}”"),
            ));
        }
        if failing.passage.is_empty() {
            missing.push((
                field::failing("passage", code, number),
                format!("Say where the file shows failing {number} under “{title}”"),
            ));
        }
    }
    missing
}

fn strengths_progress(content: &Content) -> StepProgress {
    let missing = (1..)
        .zip(&content.strengths)
        .filter(|(_, strength)| strength.detail.is_empty())
        .map(|(number, _)| Missing {
            step: Step::Strengths,
            field: field::strength("detail", number),
            message: format!("Say what strength {number} was, or clear its passage"),
        });
    StepProgress {
        step: Step::Strengths,
        title: "Strengths".into(),
        given: content.strengths.len(),
        asked: 0,
        missing: missing.collect(),
    }
}

/// Whether the topic needs a grade: not when nothing in it applied to the case.
fn needs_grade(topic: &Topic, criteria: &[&Criterion], content: &Content) -> bool {
    topic.graded
        && !criteria
            .iter()
            .all(|criterion| content.answer_to(&criterion.code) == Some(Answer::NotApplicable))
}

fn grades_progress(topics: &[(&Topic, Vec<&Criterion>)], content: &Content) -> StepProgress {
    let mut wanted: Vec<(String, String, bool)> = topics
        .iter()
        .filter(|(topic, criteria)| needs_grade(topic, criteria, content))
        .map(|(topic, _)| {
            (
                field::topic_grade(&topic.code),
                format!("Grade “{}”", topic.title),
                content.topic_grades.contains_key(&topic.code),
            )
        })
        .collect();
    wanted.push((
        "grade".into(),
        "Choose the overall grade".into(),
        content.grade.is_some(),
    ));
    wanted.push((
        "grade_reason".into(),
        "Say why the case has that grade".into(),
        !content.grade_reason.is_empty(),
    ));
    StepProgress {
        step: Step::Grades,
        title: "Grades".into(),
        given: wanted.iter().filter(|(_, _, given)| *given).count(),
        asked: wanted.len(),
        missing: wanted
            .into_iter()
            .filter(|(_, _, given)| !given)
            .map(|(field, message, _)| Missing {
                step: Step::Grades,
                field,
                message,
            })
            .collect(),
    }
}
