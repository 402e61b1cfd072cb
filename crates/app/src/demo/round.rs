//! One round of the story, from its opening to the readings.

use super::case::{Cases, Wanted};
use super::people::{Police, Who};
use super::reading::{self, Agenda, Course, Deed, Reading};
use super::story::Story;
use crate::app::Call;
use crate::audit;
use crate::case_list::{self, Imported};
use crate::error::{Error, Result};
use crate::inspection::{self, NewInspection};
use crate::round::{self, NewRound};
use crate::sample::{self, SampledCase, opening};
use crate::screening;
use jiff::SignedDuration;
use throughline_domain::case_list::InspectedPeriod;
use throughline_domain::framework::Framework;
use throughline_domain::id::{InspectionId, UserId};
use throughline_domain::sample::State;

/// The framework of every round: the one whose scale the published record uses.
const FRAMEWORK: &str = "child-protection-2016@1";

/// What a round is to be. Days are counted back from today.
#[derive(Debug, Clone)]
pub struct RoundPlan {
    /// Of which force.
    pub police: Police,
    /// The round before it; none for an inspection.
    pub after: Option<InspectionId>,
    /// Its title.
    pub title: String,
    /// Who leads it and writes its report.
    pub lead: Who,
    /// Who approves the report.
    pub approves: Who,
    /// Who reads.
    pub readers: Vec<Who>,
    /// Who answers for the force.
    pub answers: Who,
    /// The day from which the force’s cases are counted.
    pub first_day: i64,
    /// First and last day of the period inspected.
    pub period: (i64, i64),
    /// How far its share below good lies from that of the first inspection.
    pub shift: f64,
    /// The day on which the case list comes.
    pub listed: i64,
    /// How many cases are drawn.
    pub size: u64,
    /// How many days the reading takes.
    pub reading_days: i64,
    /// Whether every case is checked against the standards before the draw.
    pub screened: bool,
}

/// A round on its way.
#[derive(Debug)]
pub struct Round {
    /// What it is to be.
    pub plan: RoundPlan,
    /// The inspection.
    pub id: InspectionId,
    /// Its framework.
    pub framework: &'static Framework,
    /// Its cases, with the truth about them.
    pub cases: Cases,
    /// Its readings, once they are assigned.
    pub readings: Vec<Reading>,
    /// What is still to be done in it.
    pub agenda: Agenda,
}

impl Round {
    /// The day so many days after the case list came, counted back from today.
    pub fn after_list(&self, days: i64) -> i64 {
        self.plan.listed - days
    }

    /// The day on which the reading was over, counted back from today.
    pub fn read(&self) -> i64 {
        self.after_list(self.plan.reading_days + 3)
    }

    /// The day on which its report is written, when what was sent back has been answered.
    pub fn written(&self) -> i64 {
        self.read() - 20
    }
}

/// Opens a round, takes its case list in, draws, and replaces what cannot be read.
pub async fn prepare(story: &mut Story<'_>, plan: RoundPlan) -> Result<Round> {
    story
        .progress
        .stage(&format!("{}: {}", plan.police.name(), plan.title));
    let cases = simulate(story, &plan)?;
    let id = open(story, &plan).await?;
    let framework = crate::framework::find(FRAMEWORK)
        .ok_or_else(|| Error::Internal(format!("{FRAMEWORK} is not shipped")))?;
    let round = Round {
        plan,
        id,
        framework,
        cases,
        readings: Vec::new(),
        agenda: Agenda::default(),
    };
    story.made.inspections += 1;
    import(story, &round).await?;
    if round.plan.screened {
        screen(story, &round).await?;
    }
    draw(story, &round).await?;
    Ok(round)
}

fn simulate(story: &Story<'_>, plan: &RoundPlan) -> Result<Cases> {
    let (first, last) = plan.period;
    let period = InspectedPeriod::new(story.day(first), story.day(last))
        .map_err(|error| Error::Internal(error.to_string()))?;
    let wanted = Wanted {
        police: plan.police,
        first_day: story.day(plan.first_day),
        period,
        shift: plan.shift,
        timelines: plan.screened,
    };
    Cases::simulate(&wanted, &story.scale, story.seed)
}

async fn open(story: &mut Story<'_>, plan: &RoundPlan) -> Result<InspectionId> {
    let call = story.call(plan.lead, story.on(plan.listed + 6, "09:10"));
    let fieldwork_from = story.day(plan.listed - 2).to_string();
    let fieldwork_to = story.day(plan.listed - 4 - plan.reading_days).to_string();
    if let Some(before) = &plan.after {
        let new = NewRound {
            kind: "quarterly-update".into(),
            title: plan.title.clone(),
            framework: FRAMEWORK.into(),
            fieldwork_from,
            fieldwork_to,
        };
        let id = round::open(&call, before, &new).await?;
        inspection::announce(&call, &id).await?;
        return Ok(id);
    }
    let new = NewInspection {
        force: story.people.force(plan.police),
        framework: FRAMEWORK.into(),
        title: plan.title.clone(),
        fieldwork_from,
        fieldwork_to,
    };
    let id = inspection::open(&call, &new).await?;
    for &who in plan.readers.iter().chain([&plan.approves]) {
        inspection::join(&call, &id, &user(story, who)?).await?;
    }
    inspection::announce(&call, &id).await?;
    Ok(id)
}

/// The account of somebody.
pub fn user(story: &Story<'_>, who: Who) -> Result<UserId> {
    let user = story.people.actor(who).user;
    user.ok_or_else(|| Error::Internal(format!("{} has no account", who.name())))
}

async fn import(story: &mut Story<'_>, round: &Round) -> Result<()> {
    let file = format!(
        "{}-cases-{}.csv",
        round.plan.police.code(),
        round.cases.period.last()
    );
    let list = round.cases.list(file);
    let call = story.call(round.plan.readers[0], story.on(round.plan.listed, "10:05"));
    let imported = case_list::import_rows(&call, &round.id, &list).await?;
    if let Imported::As(_, counts) = imported {
        story.made.cases += usize::try_from(counts.cases).unwrap_or(usize::MAX);
    }
    Ok(())
}

/// What happened in every case comes with the list, and the lead has it checked.
async fn screen(story: &mut Story<'_>, round: &Round) -> Result<()> {
    story.progress.stage("Every case against the standards");
    let file = format!("{}-events.csv", round.plan.police.code());
    let events = round.cases.events().into_bytes();
    let call = story.call(round.plan.readers[0], story.on(round.plan.listed, "11:20"));
    screening::import::import_bytes(&call, &round.id, &file, &events).await?;
    let call = story.call(round.plan.lead, story.on(round.plan.listed, "15:40"));
    let known_to = screening::find_import(&call, &round.id).await?;
    let last = round.cases.period.last();
    let as_of = known_to.map_or(last, |import| import.known_to.0.min(last));
    let as_of = as_of.to_string();
    screening::run::run(&call, &round.id, as_of.as_str()).await?;
    Ok(())
}

/// A small round has a small minimum in each category.
fn minimum(size: u64) -> u64 {
    if size >= 100 { 4 } else { 1 }
}

async fn draw(story: &mut Story<'_>, round: &Round) -> Result<()> {
    let size = round.plan.size;
    let call = story.call(round.plan.lead, story.on(round.after_list(1), "09:30"));
    opening::open(&call, &round.id, size, minimum(size), 3).await?;
    let liaison = story.call(round.plan.answers, story.on(round.after_list(1), "11:05"));
    opening::contribute(&liaison, &round.id, None).await?;
    let call = story.call(round.plan.lead, story.on(round.after_list(1), "11:30"));
    opening::draw(&call, &round.id, None).await?;
    let drawn = drawn(&call, &round.id).await?;
    story.made.drawn += drawn.len();
    let reasons: &[&str] = match size {
        100.. => &["no-child-involved", "same-case-twice", "file-not-found"],
        _ => &["wrong-category"],
    };
    let call = story.call(
        round.plan.readers[0],
        story.on(round.after_list(1), "14:20"),
    );
    for (case, reason) in drawn.iter().step_by(7).zip(reasons) {
        sample::replace(&call, &round.id, &case.reference, reason).await?;
    }
    Ok(())
}

/// The cases that are to be read.
pub async fn drawn(call: &Call, id: &InspectionId) -> Result<Vec<SampledCase>> {
    let mut cases = sample::read_cases(call, id, 0, 0).await?;
    cases.retain(|case| case.state.0 == State::Drawn);
    Ok(cases)
}

/// Gives every case to a reader, and a share of them to a second.
pub async fn assign(story: &mut Story<'_>, round: &mut Round, days: i64) -> Result<()> {
    let call = story.call(round.plan.lead, story.on(round.after_list(days), "11:00"));
    let readers: Vec<UserId> = round
        .plan
        .readers
        .iter()
        .map(|&who| user(story, who))
        .collect::<Result<_>>()?;
    audit::assign_evenly(&call, &round.id, &readers).await?;
    audit::assign_second_readings(&call, &round.id, &readers).await?;
    round.readings = reading::readings(story, &call, round).await?;
    Ok(())
}

/// Reads every case of a finished round; what may still be a risk goes straight back.
pub async fn read_all(story: &mut Story<'_>, round: &mut Round) -> Result<()> {
    assign(story, round, 2).await?;
    let begun = story.on(round.after_list(3), "09:00");
    let minutes = (round.plan.reading_days - 1) * 24 * 60;
    let all = i64::try_from(round.readings.len()).unwrap_or(1).max(1);
    let mut agenda = Agenda::default();
    for (place, reading) in round.readings.iter().enumerate() {
        let share = i64::try_from(place).unwrap_or(0) * minutes / all;
        let at = begun + SignedDuration::from_mins(share);
        agenda.add(at, Deed::Audit(place));
        let case = round.cases.load(&reading.reference)?;
        if case.truth.still_at_risk && !reading.second {
            let course = match story.dice.between(1, 5) {
                1 => Course::AcceptedAtSecond,
                _ => Course::Accepted,
            };
            agenda.send_back(story, at + SignedDuration::from_mins(25), place, course);
        }
    }
    round.agenda = agenda;
    let read = story.on(round.read(), "15:00");
    reading::act(story, round, read).await?;
    reading::settle(story, round, read).await
}

/// What was sent back is answered, until the report is written.
pub async fn wait_for_answers(story: &mut Story<'_>, round: &mut Round) -> Result<()> {
    let written = story.on(round.written(), "09:00");
    reading::act(story, round, written).await
}
