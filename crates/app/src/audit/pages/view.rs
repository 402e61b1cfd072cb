//! An audit's content in words, for reading and for comparing.

use throughline_domain::audit::{Answer, Content};
use throughline_domain::framework::Framework;

/// A topic as it was answered.
pub(super) struct Section {
    pub code: String,
    pub title: String,
    pub grade: Option<String>,
    pub lines: Vec<Line>,
}

/// A criterion as it was answered.
pub(super) struct Line {
    pub title: String,
    pub answer: Option<Answer>,
    pub reason: String,
    pub failings: Vec<FailingLine>,
}

impl Line {
    pub fn words(&self) -> &'static str {
        self.answer.map_or("Not answered", Answer::title)
    }

    /// The class of the answer's mark, for the template.
    pub fn mark(&self) -> &'static str {
        match self.answer {
            Some(Answer::Met) => "tl-answer tl-answer--met",
            Some(Answer::NotMet) => "tl-answer tl-answer--not-met",
            Some(Answer::NotApplicable | Answer::CannotTell) | None => "tl-answer",
        }
    }
}

/// A failing in words.
pub(super) struct FailingLine {
    pub cause: String,
    pub passage: String,
    pub detail: String,
}

pub(super) fn grade_label(framework: &Framework, code: &str) -> String {
    framework
        .find_grade(code)
        .map_or_else(|| code.to_owned(), |grade| grade.label.clone())
}

/// The topics asked of a case of that category, with what was answered.
pub(super) fn sections(framework: &Framework, category: &str, content: &Content) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut topic_before = "";
    for (topic, criterion) in framework.criteria_for(category) {
        if topic.code != topic_before {
            topic_before = &topic.code;
            let grade = content.topic_grades.get(&topic.code);
            sections.push(Section {
                code: topic.code.clone(),
                title: topic.title.clone(),
                grade: grade.map(|code| grade_label(framework, code)),
                lines: Vec::new(),
            });
        }
        if let Some(section) = sections.last_mut() {
            section
                .lines
                .push(line(framework, &criterion.code, &criterion.title, content));
        }
    }
    sections
}

fn line(framework: &Framework, code: &str, title: &str, content: &Content) -> Line {
    Line {
        title: title.to_owned(),
        answer: content.answer_to(code),
        reason: content
            .answers
            .get(code)
            .map_or_else(String::new, |one| one.reason.clone()),
        failings: content
            .failings_of(code)
            .map(|failing| FailingLine {
                cause: framework
                    .find_cause(&failing.cause)
                    .map_or_else(|| "No cause yet".into(), |cause| cause.title.clone()),
                passage: failing.passage.clone(),
                detail: failing.detail.clone(),
            })
            .collect(),
    }
}

/// A line in one paragraph, to set beside another: `Not met. Marker not read. Training, entry 3.`
pub(super) fn in_words(line: &Line) -> String {
    let mut words = vec![line.words().to_owned()];
    if !line.reason.is_empty() {
        words.push(line.reason.trim_end_matches('.').to_owned());
    }
    for failing in &line.failings {
        let parts = [&failing.cause, &failing.passage, &failing.detail];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        words.push(format!("Failing: {}", parts.join(", ")));
    }
    words.join(". ")
}
