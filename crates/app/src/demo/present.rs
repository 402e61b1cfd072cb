//! The present: what is under way in both forces, so that everybody has something to do.

use super::paper;
use super::people::Who;
use super::reading::{self, Agenda, Course, Deed};
use super::round::{self, Round, RoundPlan};
use super::story::Story;
use super::{of_norhaven, of_sudmark};
use crate::audit;
use crate::error::Result;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use throughline_domain::audit::Reading as Number;
use throughline_domain::id::{InspectionId, ReportId};
use throughline_simulator::Grade;

/// What the lead adds to the summary of the round that is being read.
const OF_THE_PRESENT: &str = "The reading is not over. What stands here rests on the cases graded so far, \
    and the figures are frozen again before the draft is sent.";

/// Tells what is under way.
pub async fn tell(
    story: &mut Story<'_>,
    sudmark: InspectionId,
    norhaven: InspectionId,
) -> Result<()> {
    let (sudmark, draft) = sudmark_drafted(story, sudmark).await?;
    let mut round = norhaven_read(story, norhaven).await?;
    let sent = story.on(4, "09:00");
    reading::act(story, &mut round, sent).await?;
    paper::send(story, &sudmark, &draft, 4).await?;
    paper::brief(story, &sudmark, &draft, 3).await?;
    let now = story.now;
    reading::act(story, &mut round, now).await?;
    paper::write(story, &round, 0, OF_THE_PRESENT).await?;
    Ok(())
}

/// Sudmark's follow-up is read, and its report drafted.
async fn sudmark_drafted(story: &mut Story<'_>, after: InspectionId) -> Result<(Round, ReportId)> {
    let plan = RoundPlan {
        title: "First quarterly update".into(),
        period: (200, 101),
        listed: 62,
        size: story.scale.sudmark[1],
        shift: -0.16,
        ..of_sudmark(Some(after))
    };
    let mut round = round::prepare(story, plan).await?;
    round::read_all(story, &mut round).await?;
    round::wait_for_answers(story, &mut round).await?;
    let written = round.written();
    let draft = paper::write(story, &round, written, paper::OF_NO_CHANGE).await?;
    Ok((round, draft))
}

/// Norhaven's third follow-up: drawn, assigned, and its reading under way.
async fn norhaven_read(story: &mut Story<'_>, after: InspectionId) -> Result<Round> {
    let plan = RoundPlan {
        title: "Third quarterly update".into(),
        period: (140, 51),
        listed: 24,
        size: story.scale.norhaven[3],
        shift: -0.20,
        screened: true,
        ..of_norhaven(Some(after))
    };
    let mut round = round::prepare(story, plan).await?;
    let late = assign_early(story, &round).await?;
    // Ten working days ago on most days of the year: due today.
    round::assign(story, &mut round, 10).await?;
    for reading in &mut round.readings {
        reading.differs = false;
    }
    let fates = fates(&mut round, &late);
    let mut agenda = Agenda::default();
    send_back(story, &round, &fates, &mut agenda)?;
    spread(story, &fates, &mut agenda);
    round.agenda = agenda;
    Ok(round)
}

/// Three cases go to Alder a week before the others, and are late by now.
async fn assign_early(story: &Story<'_>, round: &Round) -> Result<Vec<String>> {
    let lead = story.call(Who::Oak, story.on(round.after_list(3), "11:00"));
    let drawn = round::drawn(&lead, &round.id).await?;
    let alder = round::user(story, Who::Alder)?;
    let mut early = Vec::new();
    for case in drawn.into_iter().take(3) {
        audit::assign(&lead, &round.id, &case.reference, &alder, Number::First).await?;
        early.push(case.reference);
    }
    Ok(early)
}

/// What has become of a reading by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Submitted,
    Begun,
    Untouched,
}

/// Alder has most to do. One pair of readings differs and waits to be settled; another agrees.
fn fates(round: &mut Round, late: &[String]) -> Vec<Fate> {
    let seconds: Vec<usize> = places(round, |reading| reading.second);
    let twice: Vec<String> = seconds
        .iter()
        .filter(|&&place| !late.contains(&round.readings[place].reference))
        .take(2)
        .map(|&place| round.readings[place].reference.clone())
        .collect();
    let mut count: BTreeMap<Who, usize> = BTreeMap::new();
    let mut fates = Vec::with_capacity(round.readings.len());
    for reading in &mut round.readings {
        let place = count.entry(reading.reader).or_default();
        *place += 1;
        let read_twice = twice.contains(&reading.reference);
        reading.differs = reading.second && twice.first() == Some(&reading.reference);
        fates.push(match (reading.reader, *place % 5) {
            _ if read_twice => Fate::Submitted,
            _ if late.first() == Some(&reading.reference) => Fate::Begun,
            _ if reading.second || late.contains(&reading.reference) => Fate::Untouched,
            (Who::Alder, 0 | 1) => Fate::Submitted,
            (Who::Alder, 2) => Fate::Begun,
            (Who::Alder, _) => Fate::Untouched,
            (_, 0..=3) => Fate::Submitted,
            (_, _) => Fate::Begun,
        });
    }
    fates
}

fn places(round: &Round, wanted: impl Fn(&reading::Reading) -> bool) -> Vec<usize> {
    let readings = round.readings.iter().enumerate();
    readings
        .filter(|(_, reading)| wanted(reading))
        .map(|(place, _)| place)
        .collect()
}

/// The cases sent back in this round: hours ago, and what became of each. One nobody has
/// acknowledged; one has only just been raised.
const SENT_BACK: [(i64, Course); 7] = [
    (300, Course::Accepted),
    (290, Course::Refused),
    (228, Course::Answered),
    (150, Course::Withdrawn),
    (74, Course::Raised),
    (50, Course::Acknowledged),
    (1, Course::Raised),
];

fn send_back(
    story: &mut Story<'_>,
    round: &Round,
    fates: &[Fate],
    agenda: &mut Agenda,
) -> Result<()> {
    let mut grave = Vec::new();
    for (place, reading) in round.readings.iter().enumerate() {
        let case = round.cases.load(&reading.reference)?;
        let below_good = case.truth.grade != Grade::Good;
        if below_good && !reading.second && fates[place] == Fate::Submitted {
            grave.push(place);
        }
    }
    for (place, (hours, course)) in grave.into_iter().zip(SENT_BACK) {
        let at = story.minutes_ago(hours * 60 + 20);
        agenda.add(at - SignedDuration::from_mins(15), Deed::Audit(place));
        agenda.send_back(story, at, place, course);
        if (hours, course) == (74, Course::Raised) {
            for later in [5, 9, 29] {
                agenda.add(at + SignedDuration::from_hours(later), Deed::Tell);
            }
        }
    }
    Ok(())
}

/// Everything else that was read or begun, spread over the last twelve days.
fn spread(story: &Story<'_>, fates: &[Fate], agenda: &mut Agenda) {
    let all = i64::try_from(fates.len()).unwrap_or(1).max(1);
    let at = |place: usize| -> Timestamp {
        let share = i64::try_from(place).unwrap_or(0) * 12 * 24 * 60 / all;
        story.minutes_ago(13 * 24 * 60 - share)
    };
    for (place, fate) in fates.iter().enumerate() {
        match fate {
            Fate::Submitted if !agenda.has(Deed::Audit(place)) => {
                agenda.add(at(place), Deed::Audit(place));
            }
            Fate::Begun => agenda.add(at(place), Deed::Draft(place)),
            Fate::Submitted | Fate::Untouched => {}
        }
    }
}
