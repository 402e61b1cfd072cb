//! From a simulated force to a case list, and from the truth about a case to an audit.

use super::Scale;
use super::dice::Dice;
use super::people::Police;
use super::words;
use crate::case_list::AcceptedList;
use crate::error::{Error, Result};
use jiff::civil::Date;
use jiff::{Span, Unit};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use throughline_domain::audit::{self, Answered, Content, Failing, Strength};
use throughline_domain::case_list::{CaseRow, DeclaredTotals, InspectedPeriod, Mapping};
use throughline_domain::framework::Framework;
use throughline_simulator::{
    Answer, Criterion, Event, EventTime, Force, Grade, Parameters, SimulatedCase, Stage,
};

/// The cases of a force that were opened in a period.
#[derive(Debug)]
pub struct Cases {
    /// The period.
    pub period: InspectedPeriod,
    by_reference: HashMap<String, SimulatedCase>,
    rows: Vec<CaseRow>,
}

/// Which cases.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Whose.
    pub police: Police,
    /// The day from which the force's cases are counted.
    pub first_day: Date,
    /// The period inspected.
    pub period: InspectedPeriod,
    /// How far the share below good lies from that of the first inspection.
    pub shift: f64,
    /// Whether what happened in them is simulated too.
    pub timelines: bool,
}

impl Cases {
    /// Simulates them. A case keeps its reference whichever period is asked for.
    pub fn simulate(wanted: &Wanted, scale: &Scale, seed: u64) -> Result<Self> {
        let a_day = scale.cases_a_day(wanted.police);
        let parameters = parameters(wanted, a_day, seed)?;
        let before = days_between(wanted.first_day, wanted.period.first())?;
        let force = Force::new(&parameters).map_err(impossible)?;
        let numbers = before.saturating_sub(1) * a_day..parameters.cases;
        let cases: Vec<SimulatedCase> = force
            .cases_between(numbers)
            .filter(|case| wanted.period.contains(case.opened_on))
            .collect();
        Ok(Cases {
            period: wanted.period,
            rows: cases.iter().map(row).collect(),
            by_reference: cases
                .into_iter()
                .map(|case| (case.reference.to_string(), case))
                .collect(),
        })
    }

    /// As the force hands them over, with the totals that it declares.
    pub fn list(&self, file_name: String) -> AcceptedList {
        AcceptedList {
            file_name,
            digest: hex::encode(Sha256::digest(csv(&self.rows).as_bytes())),
            mapping: Mapping {
                reference: Some(0),
                category: Some(1),
                area: Some(2),
                opened: Some(3),
                closed: Some(4),
                own_grade: Some(5),
                ..Mapping::default()
            },
            period: self.period,
            declared: declared(&self.rows),
            rows: self.rows.clone(),
        }
    }

    /// What happened in them, as the force hands it over.
    pub fn events(&self) -> String {
        let mut text = String::from(EVENT_HEADINGS);
        for row in &self.rows {
            let Some(case) = self.by_reference.get(&row.reference) else {
                continue;
            };
            for event in &case.events {
                let _ = writeln!(text, "{}", event_row(case, event));
            }
        }
        text
    }

    /// A case by its reference.
    pub fn load(&self, reference: &str) -> Result<&SimulatedCase> {
        self.by_reference
            .get(reference)
            .ok_or_else(|| Error::Internal(format!("{reference} was not simulated")))
    }
}

fn parameters(wanted: &Wanted, a_day: u64, seed: u64) -> Result<Parameters> {
    let days = days_between(wanted.first_day, wanted.period.last())? + 1;
    let mut parameters = Parameters::default_force(days * a_day, seed);
    parameters.first_day = wanted.first_day;
    parameters.last_day = wanted.period.last();
    parameters.force_code = wanted.police.code().to_uppercase();
    parameters.trend_per_quarter = 0.0;
    parameters.timelines = wanted.timelines;
    if wanted.police == Police::Sudmark {
        parameters.areas.truncate(4);
    }
    for area in &mut parameters.areas {
        area.below_good = (area.below_good + wanted.shift).clamp(0.05, 0.95);
    }
    Ok(parameters)
}

fn days_between(first: Date, last: Date) -> Result<u64> {
    let span = first.until((Unit::Day, last)).map_err(impossible)?;
    u64::try_from(span.get_days()).map_err(impossible)
}

fn impossible(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("the demonstration’s force: {error}"))
}

fn row(case: &SimulatedCase) -> CaseRow {
    CaseRow {
        reference: case.reference.to_string(),
        category: case.category.code().into(),
        area: case.area.to_string(),
        opened: case.opened_on,
        closed: case.closed_on,
        own_grade: case.own_grade().map(|grade| grade.code().into()),
    }
}

const EVENT_HEADINGS: &str =
    "case_reference,child_key,suspect_key,event_time,recorded_at,activity,risk,agency,outcome\n";

fn event_row(case: &SimulatedCase, event: &Event) -> String {
    let when = match event.time() {
        EventTime::Moment(instant) => instant.to_string(),
        EventTime::Day(day) => day.to_string(),
    };
    let suspect = event.suspect_key.map(|key| key.to_string());
    let cells = [
        case.reference.to_string(),
        case.child_key.to_string(),
        suspect.unwrap_or_default(),
        when,
        event.recorded_at().to_string(),
        event.activity.code().to_owned(),
        event.risk.map_or("", |risk| risk.code()).to_owned(),
        event.agency.map_or("", |agency| agency.code()).to_owned(),
        event
            .outcome
            .map_or("", |outcome| outcome.code())
            .to_owned(),
    ];
    cells.join(",")
}

fn csv(rows: &[CaseRow]) -> String {
    let mut text = String::from("reference,category,area,opened,closed,own_grade\n");
    for row in rows {
        let closed = row.closed.map(|day| day.to_string()).unwrap_or_default();
        let _ = writeln!(
            text,
            "{},{},{},{},{closed},{}",
            row.reference,
            row.category,
            row.area,
            row.opened,
            row.own_grade.as_deref().unwrap_or_default()
        );
    }
    text
}

fn declared(rows: &[CaseRow]) -> DeclaredTotals {
    let (mut by_category, mut by_area) = (BTreeMap::new(), BTreeMap::new());
    for row in rows {
        *by_category.entry(row.category.clone()).or_insert(0) += 1;
        *by_area.entry(row.area.clone()).or_insert(0) += 1;
    }
    DeclaredTotals {
        cases: Some(rows.len() as u64),
        by_category,
        by_area,
        by_month: BTreeMap::new(),
    }
}

/// What a reader finds in a case.
#[derive(Debug)]
pub struct Reader<'f> {
    /// The framework that asks.
    pub framework: &'f Framework,
    /// Whether this reader grades it one step away from the truth.
    pub differs: bool,
}

impl Reader<'_> {
    /// The whole audit of a case.
    pub fn audit(&self, case: &SimulatedCase, dice: &mut Dice) -> Content {
        let mut content = Content::default();
        for (topic, criterion) in self.framework.criteria_for(case.category.code()) {
            let answer = Criterion::find_by_code(&criterion.code)
                .map_or(Answer::NotApplicable, |known| case.truth.answer(known));
            self.answer(&mut content, case, &criterion.code, answer, dice);
            if topic.graded
                && let Some(grade) = topic_grade(case, &topic.code, &content)
            {
                content
                    .topic_grades
                    .insert(topic.code.clone(), grade.into());
            }
        }
        let grade = self.grade(case.truth.grade);
        if grade == Grade::Good && dice.one_in(2) {
            content.strengths.push(Strength {
                detail: words::strength(dice).into(),
                passage: passage(case, dice),
            });
        }
        content.grade = Some(grade.code().into());
        content.grade_reason = words::grade_reason(grade.code(), dice).into();
        content
    }

    fn answer(
        &self,
        content: &mut Content,
        case: &SimulatedCase,
        criterion: &str,
        answer: Answer,
        dice: &mut Dice,
    ) {
        let mut reason = "";
        let answer = match answer {
            Answer::NotApplicable => audit::Answer::NotApplicable,
            Answer::Met if dice.one_in(40) => audit::Answer::CannotTell,
            Answer::Met => audit::Answer::Met,
            Answer::NotMet(cause) => {
                let (why, detail) = words::failing(criterion);
                reason = why;
                content.failings.push(Failing {
                    id: None,
                    criterion: criterion.into(),
                    cause: cause.code().into(),
                    passage: passage(case, dice),
                    detail: detail.into(),
                });
                audit::Answer::NotMet
            }
        };
        let answered = Answered {
            criterion: criterion.into(),
            answer: Some(answer),
            reason: reason.into(),
        };
        content.answers.insert(criterion.into(), answered);
    }

    fn grade(&self, truth: Grade) -> Grade {
        match (truth, self.differs) {
            (truth, false) => truth,
            (Grade::Good | Grade::Inadequate, true) => Grade::RequiresImprovement,
            (Grade::RequiresImprovement, true) => Grade::Inadequate,
        }
    }
}

/// The grade of a topic, by its answers so far; none while nothing in it applied.
fn topic_grade(case: &SimulatedCase, topic: &str, content: &Content) -> Option<&'static str> {
    let prefix = format!("{topic}.");
    let answers = content
        .answers
        .range(prefix.clone()..)
        .take_while(|(code, _)| code.starts_with(&prefix));
    let applied = answers
        .filter(|(_, one)| one.answer != Some(audit::Answer::NotApplicable))
        .count();
    let failed = content
        .failings
        .iter()
        .filter(|failing| failing.criterion.starts_with(&prefix))
        .count();
    let quality = Stage::find_by_code(topic).map_or(0, |stage| case.truth.quality(stage));
    let grade = match failed {
        _ if applied == 0 => return None,
        0 => Grade::Good,
        _ if case.truth.grade == Grade::Inadequate && quality < 65 => Grade::Inadequate,
        _ => Grade::RequiresImprovement,
    };
    Some(grade.code())
}

/// A place in the file: `Entry 12, 3 March`.
fn passage(case: &SimulatedCase, dice: &mut Dice) -> String {
    let day = case
        .opened_on
        .saturating_add(Span::new().days(dice.between(0, 40)));
    format!("Entry {}, {}", dice.between(2, 60), day.strftime("%-d %B"))
}
