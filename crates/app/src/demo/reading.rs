//! The reading of a round's cases, and what becomes of those sent straight back: every deed
//! at its time, in the order of time.

use super::case::Reader;
use super::people::Who;
use super::round::Round;
use super::story::Story;
use super::words;
use crate::app::Call;
use crate::audit::{self, assignment, moderation};
use crate::error::{Error, Result};
use crate::referral;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use throughline_domain::audit::{Content, Reading as Number, TopicPart};
use throughline_domain::id::{AuditId, ReferralId};
use throughline_domain::referral::{Answer, AnswerAction, Found, FurtherRisk, Outcome};

/// One reading of a case.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The audit.
    pub audit: AuditId,
    /// The case.
    pub reference: String,
    /// Its reader.
    pub reader: Who,
    /// Whether it is the second.
    pub second: bool,
    /// Whether the reader grades it otherwise than the truth.
    pub differs: bool,
}

/// Something done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A reading is written and submitted.
    Audit(usize),
    /// A reading is begun.
    Draft(usize),
    /// The case of a reading is sent back; the first number is the referral's.
    Raise(usize, usize),
    /// The force acknowledges a referral.
    Acknowledge(usize),
    /// The force records a step that protects the child.
    Protect(usize),
    /// The force answers.
    Answer(usize),
    /// The inspectorate refuses the answer.
    Refuse(usize),
    /// The inspectorate accepts it.
    Accept(usize),
    /// The inspectorate takes the referral back.
    Withdraw(usize),
    /// The clock tells the ladder what is past its limit.
    Tell,
}

/// Deeds with their times.
#[derive(Debug, Default)]
pub struct Agenda {
    deeds: BTreeMap<(Timestamp, usize), Deed>,
    entered: usize,
    referrals: usize,
    raised: BTreeMap<usize, ReferralId>,
}

/// What becomes of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Answered, and the answer is accepted.
    Accepted,
    /// The first answer is refused, the second accepted.
    AcceptedAtSecond,
    /// Nobody has acknowledged it.
    Raised,
    /// Acknowledged and a first step taken; the answer is owed.
    Acknowledged,
    /// Answered; the inspectorate decides.
    Answered,
    /// The answer was refused.
    Refused,
    /// Raised by mistake.
    Withdrawn,
}

impl Course {
    /// The steps, each with the hours since the one before at the least and at the most.
    fn steps(self) -> &'static [(Step, i64, i64)] {
        use Step::{Accept, Acknowledge, Answer, Protect, Refuse, Withdraw};
        const ANSWERED: [(Step, i64, i64); 5] = [
            (Acknowledge, 0, 4),
            (Protect, 2, 18),
            (Answer, 60, 190),
            (Refuse, 20, 60),
            (Answer, 48, 96),
        ];
        match self {
            Course::Raised => &[],
            Course::Withdrawn => &[(Withdraw, 0, 0)],
            Course::Acknowledged => ANSWERED.split_at(2).0,
            Course::Answered => ANSWERED.split_at(3).0,
            Course::Refused => ANSWERED.split_at(4).0,
            Course::Accepted => &[ANSWERED[0], ANSWERED[1], ANSWERED[2], (Accept, 20, 60)],
            Course::AcceptedAtSecond => &[
                ANSWERED[0],
                ANSWERED[1],
                ANSWERED[2],
                ANSWERED[3],
                ANSWERED[4],
                (Accept, 20, 60),
            ],
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Acknowledge,
    Protect,
    Answer,
    Refuse,
    Accept,
    Withdraw,
}

impl Agenda {
    /// Enters a deed.
    pub fn add(&mut self, at: Timestamp, deed: Deed) {
        self.deeds.insert((at, self.entered), deed);
        self.entered += 1;
    }

    /// Whether a deed is on it.
    pub fn has(&self, deed: Deed) -> bool {
        self.deeds.values().any(|known| *known == deed)
    }

    /// Sends the case of a reading back at a time, with all that follows until now.
    pub fn send_back(
        &mut self,
        story: &mut Story<'_>,
        at: Timestamp,
        reading: usize,
        course: Course,
    ) {
        let referral = self.referrals;
        self.referrals += 1;
        self.add(at, Deed::Raise(referral, reading));
        let mut at = at;
        for &(step, least, most) in course.steps() {
            let minutes = match step {
                // There are a few minutes to take a referral back.
                Step::Withdraw => story.dice.between(4, 12),
                _ => story.dice.between(least * 60 + 10, most * 60 + 40),
            };
            at += SignedDuration::from_mins(minutes);
            let deed = match step {
                Step::Acknowledge => Deed::Acknowledge(referral),
                Step::Protect => Deed::Protect(referral),
                Step::Answer => Deed::Answer(referral),
                Step::Refuse => Deed::Refuse(referral),
                Step::Accept => Deed::Accept(referral),
                Step::Withdraw => Deed::Withdraw(referral),
            };
            self.add(at.min(story.now), deed);
        }
    }
}

/// The readings of a round, as its lead sees them when they are assigned.
pub async fn readings(story: &mut Story<'_>, call: &Call, round: &Round) -> Result<Vec<Reading>> {
    const AT_ONCE: u64 = 50;
    let mut readings = Vec::new();
    for page in 0.. {
        let filter = assignment::ProgressFilter {
            part: (page * AT_ONCE, AT_ONCE),
            ..assignment::ProgressFilter::default()
        };
        let shown = assignment::progress(call, &round.id, &filter).await?;
        if shown.rows.is_empty() {
            break;
        }
        for row in shown.rows {
            let Some(audit) = row.audit else { continue };
            let reader = Who::ALL
                .into_iter()
                .find(|who| who.name() == audit.reader)
                .ok_or_else(|| Error::Internal(format!("{} reads nothing", audit.reader)))?;
            let second = audit.reading == Number::Second;
            readings.push(Reading {
                audit: audit.id,
                reference: row.reference,
                reader,
                second,
                differs: second && story.dice.one_in(24),
            });
        }
    }
    Ok(readings)
}

/// Does what is on the agenda of a round until a time; the rest stays on it.
pub async fn act(story: &mut Story<'_>, round: &mut Round, until: Timestamp) -> Result<()> {
    let later = round.agenda.deeds.split_off(&(until, usize::MAX));
    let due = std::mem::replace(&mut round.agenda.deeds, later);
    let bar = story.progress.bar(due.len());
    for ((at, _), deed) in due {
        do_one(story, round, at, deed).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

async fn do_one(story: &mut Story<'_>, round: &mut Round, at: Timestamp, deed: Deed) -> Result<()> {
    if let Deed::Raise(number, reading) = deed {
        let id = raise(story, round, at, reading).await?;
        round.agenda.raised.insert(number, id);
        return Ok(());
    }
    let raised = &round.agenda.raised;
    let known = |number: usize| {
        let found = raised.get(&number);
        found.ok_or_else(|| Error::Internal("a referral is answered before it is raised".into()))
    };
    let force = story.call(round.plan.answers, at);
    let lead = story.call(round.plan.lead, at);
    match deed {
        Deed::Audit(reading) => write(story, round, at, reading).await,
        Deed::Draft(reading) => begin(story, round, at, reading).await,
        Deed::Raise(..) => Ok(()),
        Deed::Acknowledge(number) => referral::acknowledge(&force, known(number)?).await,
        Deed::Protect(number) => {
            let done = words::protection(&mut story.dice);
            let earlier = at - SignedDuration::from_mins(story.dice.between(5, 90));
            referral::record_protective_step(&force, known(number)?, done, Some(earlier)).await
        }
        Deed::Answer(number) => {
            let answer = answer(story, at);
            referral::answer(&force, known(number)?, answer).await
        }
        Deed::Refuse(number) => {
            let why = words::refusal(&mut story.dice);
            referral::refuse(&lead, known(number)?, why).await
        }
        Deed::Accept(number) => {
            let remark = "The answer says what protects the child, and when it was done.";
            referral::accept(&lead, known(number)?, remark).await
        }
        Deed::Withdraw(number) => {
            let why = "The case had been sent back by another reader the same morning.";
            referral::withdraw(&lead, known(number)?, why).await
        }
        Deed::Tell => referral::escalate_overdue(&story.app, at).await.map(drop),
    }
}

fn reading_of(round: &Round, reading: usize) -> Result<&Reading> {
    let found = round.readings.get(reading);
    found.ok_or_else(|| Error::Internal("there is no such reading".into()))
}

fn content(story: &mut Story<'_>, round: &Round, reading: &Reading) -> Result<Content> {
    let reader = Reader {
        framework: round.framework,
        differs: reading.differs,
    };
    Ok(reader.audit(round.cases.load(&reading.reference)?, &mut story.dice))
}

async fn write(story: &mut Story<'_>, round: &Round, at: Timestamp, reading: usize) -> Result<()> {
    let reading = reading_of(round, reading)?;
    let content = content(story, round, reading)?;
    let call = story.call(reading.reader, at);
    audit::complete(&call, &reading.audit, &content).await?;
    story.made.audits += 1;
    Ok(())
}

/// Fills in the first two topics.
async fn begin(story: &mut Story<'_>, round: &Round, at: Timestamp, reading: usize) -> Result<()> {
    let reading = reading_of(round, reading)?;
    let content = content(story, round, reading)?;
    let call = story.call(reading.reader, at);
    let draft = audit::open(&call, &reading.audit).await?;
    let mut revision = draft.loaded.audit.revision;
    let topics = round.framework.criteria_for(&draft.loaded.audit.category);
    let mut topics: Vec<&str> = topics
        .iter()
        .map(|(topic, _)| topic.code.as_str())
        .collect();
    topics.dedup();
    for topic in topics.into_iter().take(2) {
        let part = part(&content, topic);
        revision = audit::save_topic(&call, &reading.audit, revision, part).await?;
    }
    Ok(())
}

fn part(content: &Content, topic: &str) -> TopicPart {
    let prefix = format!("{topic}.");
    let answers = content.answers.values();
    let failings = content.failings.iter();
    TopicPart {
        topic: topic.into(),
        answers: answers
            .filter(|one| one.criterion.starts_with(&prefix))
            .cloned()
            .collect(),
        failings: failings
            .filter(|one| one.criterion.starts_with(&prefix))
            .cloned()
            .collect(),
    }
}

async fn raise(
    story: &mut Story<'_>,
    round: &Round,
    at: Timestamp,
    reading: usize,
) -> Result<ReferralId> {
    let reading = reading_of(round, reading)?;
    let draft = referral::Draft {
        audit: reading.audit.to_string(),
        reference: String::new(),
        reason: story.dice.pick(&words::REFERRAL_REASONS).into(),
        risk: words::risk(&mut story.dice).into(),
        addressed_to: referral::EVERYBODY.into(),
    };
    story.made.referrals += 1;
    referral::raise(&story.call(reading.reader, at), &round.id, &draft).await
}

fn answer(story: &mut Story<'_>, at: Timestamp) -> Answer {
    let dice = &mut story.dice;
    let found = match dice.between(1, 6) {
        1 => Found::AlreadyHandled,
        2 => Found::NoFurtherRisk,
        _ => Found::RiskConfirmed,
    };
    let further = dice.one_in(6);
    let outcome = match dice.between(1, 8) {
        1 => Outcome::Charged,
        2 => Outcome::Cautioned,
        3 | 4 => Outcome::NotYetKnown,
        _ => Outcome::Nobody,
    };
    let on = crate::app::london_day(at).saturating_add(jiff::Span::new().days(dice.between(1, 21)));
    Answer {
        found,
        found_detail: words::found(dice).into(),
        protected: words::protection(dice).into(),
        protected_at: at - SignedDuration::from_hours(dice.between(30, 50)),
        further_risk: if further {
            FurtherRisk::Yes
        } else {
            FurtherRisk::No
        },
        further_detail: if further {
            "Another child of the household has no record of having been seen. A visit was made the same day.".into()
        } else {
            String::new()
        },
        outcome,
        actions: vec![AnswerAction {
            what: words::further_action(dice).into(),
            on,
        }],
    }
}

/// Settles every pair of readings that differ: the first stands.
pub async fn settle(story: &mut Story<'_>, round: &Round, at: Timestamp) -> Result<()> {
    let call = story.call(round.plan.lead, at);
    let (_, waiting) = moderation::queue(&call, &round.id).await?;
    for moderation::Waiting { audit: first, .. } in waiting {
        let decision = moderation::Decision {
            grade: first.grade.clone().unwrap_or_default(),
            reason: "The entries named by the first reader bear the grade; the second reader agreed on reading them together.".into(),
            standing: first.id.to_string(),
        };
        audit::moderate(&call, &first.id, &decision).await?;
    }
    Ok(())
}
