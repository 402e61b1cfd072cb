//! What a reader writes: answers, failings, strengths and grades, complete or not.

use super::Answer;
use crate::access::Refusal;
use crate::framework::Framework;
use crate::id::FailingId;
use serde::Serialize;
use std::collections::BTreeMap;

/// The answer to one criterion, as far as it is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The criterion's code.
    pub criterion: String,
    /// The answer, once there is one.
    pub answer: Option<Answer>,
    /// Why, in the reader's words; needed for every "not met".
    pub reason: String,
}

/// A criterion not met, with its cause and the passage that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failing {
    /// Its id; none until it is first saved.
    pub id: Option<FailingId>,
    /// The criterion's code.
    pub criterion: String,
    /// The cause's code; empty while a draft has none.
    pub cause: String,
    /// Where in the file it shows: a page, an entry, a date.
    pub passage: String,
    /// What was not done.
    pub detail: String,
}

impl Failing {
    fn is_empty(&self) -> bool {
        self.cause.is_empty() && self.passage.is_empty() && self.detail.is_empty()
    }
}

/// Something done well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Strength {
    /// What.
    pub detail: String,
    /// Where in the file it shows.
    pub passage: String,
}

/// A whole audit, complete or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// By criterion.
    pub answers: BTreeMap<String, Answered>,
    /// In the order they were written within each criterion.
    pub failings: Vec<Failing>,
    /// In the order they were written.
    pub strengths: Vec<Strength>,
    /// By topic, the grade's code.
    pub topic_grades: BTreeMap<String, String>,
    /// The overall grade's code.
    pub grade: Option<String>,
    /// Why that grade.
    pub grade_reason: String,
}

/// What one page of the form holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// One topic.
    Topic(TopicPart),
    /// The strengths.
    Strengths(StrengthsPart),
    /// The grades.
    Grades(GradesPart),
}

/// The answers and failings of one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicPart {
    /// The topic's code.
    pub topic: String,
    /// The answers, at most one to a criterion.
    pub answers: Vec<Answered>,
    /// The failings; those without any text are left out when it is saved.
    pub failings: Vec<Failing>,
}

/// The strengths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StrengthsPart {
    /// Each; those without any text are left out when it is saved.
    pub strengths: Vec<Strength>,
}

/// The grades.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GradesPart {
    /// By topic, the grade's code.
    pub topic_grades: BTreeMap<String, String>,
    /// The overall grade's code.
    pub grade: Option<String>,
    /// Why that grade.
    pub grade_reason: String,
}

impl Part {
    /// The part without empty rows and surrounding space, held to the framework's codes.
    ///
    /// # Errors
    /// When a code is not one of the framework's for that category: no form of ours sends it.
    pub fn checked(self, framework: &Framework, category: &str) -> Result<Self, Refusal> {
        match self {
            Part::Topic(part) => part.checked(framework, category).map(Part::Topic),
            Part::Strengths(mut part) => {
                for strength in &mut part.strengths {
                    strength.detail = strength.detail.trim().to_owned();
                    strength.passage = strength.passage.trim().to_owned();
                }
                part.strengths
                    .retain(|one| !(one.detail.is_empty() && one.passage.is_empty()));
                Ok(Part::Strengths(part))
            }
            Part::Grades(part) => part.checked(framework).map(Part::Grades),
        }
    }
}

fn unknown(kind: &str, code: &str) -> Refusal {
    Refusal::not_now(format!(
        "The framework of this inspection knows no {kind} {code:?} for this case."
    ))
}

impl TopicPart {
    fn checked(mut self, framework: &Framework, category: &str) -> Result<Self, Refusal> {
        let asked: Vec<&str> = framework
            .criteria_for(category)
            .into_iter()
            .filter(|(topic, _)| topic.code == self.topic)
            .map(|(_, criterion)| criterion.code.as_str())
            .collect();
        if asked.is_empty() {
            return Err(unknown("topic", &self.topic));
        }
        for answered in &mut self.answers {
            if !asked.contains(&answered.criterion.as_str()) {
                return Err(unknown("criterion", &answered.criterion));
            }
            answered.reason = answered.reason.trim().to_owned();
        }
        self.answers
            .retain(|one| one.answer.is_some() || !one.reason.is_empty());
        for failing in &mut self.failings {
            if !asked.contains(&failing.criterion.as_str()) {
                return Err(unknown("criterion", &failing.criterion));
            }
            if !failing.cause.is_empty() && framework.find_cause(&failing.cause).is_none() {
                return Err(unknown("cause", &failing.cause));
            }
            failing.passage = failing.passage.trim().to_owned();
            failing.detail = failing.detail.trim().to_owned();
        }
        self.failings.retain(|failing| !failing.is_empty());
        Ok(self)
    }
}

impl GradesPart {
    fn checked(mut self, framework: &Framework) -> Result<Self, Refusal> {
        for (topic, grade) in &self.topic_grades {
            if !framework
                .find_topic(topic)
                .is_some_and(|topic| topic.graded)
            {
                return Err(unknown("graded topic", topic));
            }
            if framework.find_grade(grade).is_none() {
                return Err(unknown("grade", grade));
            }
        }
        if let Some(grade) = &self.grade
            && framework.find_grade(grade).is_none()
        {
            return Err(unknown("grade", grade));
        }
        self.grade_reason = self.grade_reason.trim().to_owned();
        Ok(self)
    }
}

impl Content {
    /// The content with one page of the form replaced.
    #[must_use]
    pub fn with(mut self, part: &Part) -> Self {
        match part {
            Part::Topic(part) => {
                let prefix = format!("{}.", part.topic);
                self.answers.retain(|code, _| !code.starts_with(&prefix));
                self.failings
                    .retain(|failing| !failing.criterion.starts_with(&prefix));
                for answered in &part.answers {
                    self.answers
                        .insert(answered.criterion.clone(), answered.clone());
                }
                self.failings.extend(part.failings.iter().cloned());
            }
            Part::Strengths(part) => self.strengths.clone_from(&part.strengths),
            Part::Grades(part) => {
                self.topic_grades.clone_from(&part.topic_grades);
                self.grade.clone_from(&part.grade);
                self.grade_reason.clone_from(&part.grade_reason);
            }
        }
        self
    }

    /// The failings of one criterion, in order.
    pub fn failings_of<'a>(&'a self, criterion: &'a str) -> impl Iterator<Item = &'a Failing> {
        self.failings
            .iter()
            .filter(move |failing| failing.criterion == criterion)
    }

    /// The answer to a criterion, once there is one.
    #[must_use]
    pub fn answer_to(&self, criterion: &str) -> Option<Answer> {
        self.answers.get(criterion).and_then(|one| one.answer)
    }
}
